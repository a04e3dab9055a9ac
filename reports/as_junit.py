"""The report as JUnit XML in the dialect that pytest writes as xunit2.

A suite is a criterion, a case is a check. Failure: the condition was not met, or a must-have is below its floor. Error: the
harness or the sandbox broke down. Skipped: not measured for another reason, or a person has not rated yet. These element
names belong to the format; our own sentences keep to the wording of the report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as Xml

from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.grade import CriterionScore
from harness.model.report import Report
from harness.model.run import SandboxLost, StepResult
from reports import numbers, wording
from reports.escape import FULL, cleaned, xml_characters

MAX_TEXT = 4000


@dataclass(frozen=True)
class Case:
    """One test case; `kind` is empty when there is nothing to tell a build about."""

    suite: str
    name: str
    kind: str = ""
    message: str = ""
    text: str = ""
    seconds: float = 0.0


def render(report: Report) -> str:
    report = cleaned(report, FULL)
    pairs = (("run_id", report.run_id), ("pack", f"{report.pack.id} {report.pack.version}"), ("status", report.status))
    return document(_cases(report), report.created, (*pairs, ("advice", wording.ADVICE)))


def document(cases: Iterable[Case], timestamp: str, properties: Iterable[tuple[str, str]]) -> str:
    """Cases as XML, in suites by their names; every suite carries the properties."""
    suites: dict[str, list[Case]] = {}
    for case in _unique(cases):
        suites.setdefault(case.suite, []).append(case)
    known = tuple(properties)
    root = Xml.Element("testsuites", {"name": "harness", **_counts([case for members in suites.values() for case in members])})
    for name, members in suites.items():
        root.append(_suite(name, members, timestamp, known))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _cases(report: Report) -> Iterator[Case]:
    family = {criterion.id: criterion.family for criterion in report.rubric}
    results = {result.check: result for result in report.checks}
    for scored in report.criteria:
        suite = f"{family.get(scored.id, 'criterion')}.{scored.id}"
        yield from (_check_case(suite, results[check]) for check in scored.checks if check in results)
        yield from _criterion_cases(suite, scored)
    used = {check for scored in report.criteria for check in scored.checks}
    yield from (_check_case("without_points", result) for result in report.checks if result.check not in used)
    yield from (_step_case(step) for step in report.runs.steps)


def _check_case(suite: str, result: CheckResult) -> Case:
    text = "\n".join(_finding_lines(result))
    case = Case(suite, result.check, message=result.summary, text=text)
    if result.verdict is Verdict.NOT_MET:
        return replace(case, kind="failure")
    if result.verdict is not Verdict.NOT_MEASURED or result.fault is None:
        return case
    kind = "error" if result.fault is Fault.HARNESS else "skipped"
    return replace(case, kind=kind, message=f"{result.summary} Not measured: {wording.FAULT[result.fault]}.")


def _finding_lines(result: CheckResult) -> Iterator[str]:
    score = f", {numbers.percent(result.score)}" if result.score is not None else ""
    yield f"{result.title or result.check}: {wording.VERDICT[result.verdict]}{score}. {result.summary}"
    for finding in result.findings[: FULL.findings]:
        yield f"- {finding.message}" + (f" [{finding.where}]" if str(finding.where) else "")


def _criterion_cases(suite: str, scored: CriterionScore) -> Iterator[Case]:
    """The human part and the must-have, each a case of its own, so that an open rating never looks like a result."""
    if scored.automatic_share < 100 and scored.state != "not_applicable":
        if scored.manual is None:
            yield Case(suite, "rating", "skipped", "Still open: a person has not rated this criterion yet.")
        else:
            yield Case(suite, "rating", text="Levels given: " + ", ".join(str(level) for level in scored.levels))
    if scored.floor == "missed":
        yield Case(suite, "must_have", "failure", f"{scored.id} is a must-have of this role profile and is below level 2.")
    elif scored.floor == "open":
        yield Case(suite, "must_have", "skipped", "Still open: not all parts of this must-have are known yet.")
    elif scored.floor == "met":
        yield Case(suite, "must_have")


def _step_case(step: StepResult) -> Case:
    sentence = f"Step {step.name} {step.sentence()}."
    kind = "error" if isinstance(step.outcome, SandboxLost) else ""
    return Case("run.steps", step.name, kind, sentence, sentence, step.wall_s)


def _unique(cases: Iterable[Case]) -> Iterator[Case]:
    """Some readers drop the second of two cases that share a class and a name."""
    seen: dict[tuple[str, str], int] = {}
    for case in cases:
        count = seen[case.suite, case.name] = seen.get((case.suite, case.name), 0) + 1
        yield case if count == 1 else replace(case, name=f"{case.name} ({count})")


def _suite(name: str, cases: list[Case], timestamp: str, properties: tuple[tuple[str, str], ...]) -> Xml.Element:
    suite = Xml.Element("testsuite", {"name": xml_characters(name), **_counts(cases), "timestamp": xml_characters(timestamp)})
    listed = Xml.SubElement(suite, "properties")
    for key, value in properties:
        Xml.SubElement(listed, "property", {"name": key, "value": xml_characters(value)})
    suite.extend(_case(case) for case in cases)
    return suite


def _case(case: Case) -> Xml.Element:
    element = Xml.Element(
        "testcase",
        {"classname": xml_characters(case.suite), "name": xml_characters(case.name), "time": f"{case.seconds:.3f}"},
    )
    text = xml_characters(case.text[:MAX_TEXT])
    if case.kind:
        attributes = {"message": xml_characters(case.message)}
        if case.kind != "skipped":
            attributes["type"] = "not_met" if case.kind == "failure" else "harness"
        outcome = Xml.SubElement(element, case.kind, attributes)
        outcome.text = text
    elif text:
        Xml.SubElement(element, "system-out").text = text
    return element


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    kinds = [case.kind for case in cases]
    seconds = sum(case.seconds for case in cases)
    counts = {"tests": len(kinds), **{f"{kind}s": kinds.count(kind) for kind in ("failure", "error")}}
    return {
        **{name: str(count) for name, count in counts.items()},
        "skipped": str(kinds.count("skipped")),
        "time": f"{seconds:.3f}",
    }
