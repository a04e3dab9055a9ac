"""Documentation: what the README claims and the files confirm, what the report has to say, what functions are told to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.defined_tests import is_test_file
from checks.docstrings import Documented, public_functions
from checks.given import Given
from checks.own_code import sources_of
from checks.practice.sources import Sources
from checks.readme import FACETS, Readme, facets_sentence, find_readme, read_readme
from checks.report_sections import Heading, read_report
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Measurement, Severity, Where
from harness.model.record import Record
from harness.model.text import one_line

ID = "docs"
REPORT = "REPORT.md"
_FULL = 4
"""So many facets of a README are all that is asked."""
_LISTED = 8


class Settings(Record):
    """What documents are asked for."""

    headings: tuple[str, ...] = Field(
        default=(
            "Summary for a non-technical reader",
            "Assumptions and questions",
            "Data findings",
            "Approach and decisions",
            "Results",
            "Limits and risks",
            "Running it in production",
            "AI use",
            "With more time",
        ),
        description="Headings of REPORT.md, where the pack requires that file.",
    )
    min_words: int = Field(default=25, ge=1, description="Own words below a heading that make it more than a heading.")
    readme_weight: float = Field(default=0.35, ge=0)
    report_weight: float = Field(default=0.3, ge=0)
    docstring_weight: float = Field(default=0.2, ge=0)
    files_weight: float = Field(default=0.15, ge=0)


@dataclass(frozen=True)
class _Part:
    """One part of the judgement; `share` is None where the part does not apply."""

    name: str
    weight: float
    share: float | None
    words: str
    findings: tuple[Finding, ...] = ()


@check("Documentation", group="static", settings=Settings)
def docs(evidence: Evidence, settings: Settings) -> CheckResult:
    """The README's claims hold, the report's headings have substance, and docstrings say more than names do.

    Words of the brief and the starter are subtracted first. A README is judged by facets that can be compared with the
    files: purpose, a command whose target exists, where data lies, results or decisions, a structure whose paths exist.
    Ticked boxes are not words. It cannot see whether a text is true, clear or kind to its reader: a person judges that.
    """
    sources = sources_of(evidence)
    given = Given(evidence.brief)
    parts = [
        _readme(evidence, sources, settings),
        _report(evidence, given, settings),
        _docstrings(sources, given, settings),
        _files(evidence, settings),
    ]
    judged_parts = [(part, part.share) for part in parts if part.share is not None and part.weight > 0]
    if not judged_parts:
        return not_measured(ID, Fault.PACK, "The pack asks for no documents.")
    total = sum(part.weight for part, _ in judged_parts)
    score = sum(part.weight * share for part, share in judged_parts) / total
    summary = "; ".join(part.words for part, _ in judged_parts)
    measurements = tuple(Measurement(name=f"docs_{part.name}", value=round(share, 4)) for part, share in judged_parts)
    return judged(
        ID, score, f"{summary[0].upper()}{summary[1:]}.", tuple(f for part in parts for f in part.findings), measurements
    )


def _readme(evidence: Evidence, sources: Sources, settings: Settings) -> _Part:
    path = find_readme(evidence)
    if path is None:
        finding = _finding(
            "no_readme", Severity.MAJOR, "The submission has no README.", Where(), fix="say what it is and how to run it"
        )
        return _Part("readme", settings.readme_weight, 0.0, "there is no README", (finding,))
    code = "\n".join(unit.source for unit in sources.units)[:2_000_000]
    readme = read_readme(evidence, path, code)
    words = f"the README has {facets_sentence(readme.facets)}"
    share = min(1.0, len(readme.facets) / _FULL)
    return _Part("readme", settings.readme_weight, share, words, tuple(_about_readme(readme, evidence)))


def _about_readme(readme: Readme, evidence: Evidence) -> Iterator[Finding]:
    if evidence.brief and readme.own_words < 20:
        seen = f"{readme.own_words} words of their own"
        yield _finding(
            "brief_repeated", Severity.MAJOR, "The README says hardly anything of its own.", Where(path=readme.path), seen=seen
        )
    for command in readme.broken_commands[:_LISTED]:
        where = Where(path=readme.path, line=command.line)
        message = "A command in the README starts something that is not there."
        expected = f"{one_line(command.what, 80)} in the submission"
        yield _finding("missing_target", Severity.MAJOR, message, where, seen=one_line(command.text, 120), expected=expected)
    for line, path in readme.missing_paths[:_LISTED]:
        where = Where(path=readme.path, line=line)
        yield _finding(
            "missing_path", Severity.MINOR, "The README names a file that is not there.", where, seen=one_line(path, 120)
        )
    if readme.other_models:
        message = "The README speaks of models that the code does not use, and of none that it does."
        where = Where(path=readme.path)
        yield _finding("names_other_model", Severity.MAJOR, message, where, seen=", ".join(readme.other_models))
    for facet in [facet for facet in FACETS if facet not in readme.facets] if len(readme.facets) < _FULL else ():
        yield _finding(
            "facet_missing", Severity.MINOR, f"The README leaves open: {facet}.", Where(path=readme.path), seen=facet
        )


def _report(evidence: Evidence, given: Given, settings: Settings) -> _Part:
    required = evidence.pack is not None and REPORT in evidence.pack.required_files
    path = next((one for one in evidence.snapshot.paths() if one.lower() == REPORT.lower()), None)
    if not required or not settings.headings:
        return _Part("report", settings.report_weight, None, "")
    if path is None:
        finding = _finding(
            "no_report", Severity.MAJOR, f"There is no {REPORT}.", Where(), fix="write it under the headings of the task"
        )
        return _Part("report", settings.report_weight, 0.0, f"there is no {REPORT}", (finding,))
    headings = read_report(evidence.read_text(path) or "", settings.headings, given, settings.min_words)
    good = sum(heading.enough for heading in headings)
    findings = tuple(_about_heading(heading, path, settings) for heading in headings if not heading.enough)
    words = f"{good} of {len(headings)} headings of {REPORT} have substance"
    return _Part("report", settings.report_weight, good / len(headings), words, findings)


def _about_heading(heading: Heading, path: str, settings: Settings) -> Finding:
    absent = heading.line is None
    message = f"The report has {'no' if absent else 'little below the'} heading {heading.title!r}."
    return _finding(
        "heading_missing" if absent else "heading_thin",
        Severity.MINOR,
        message,
        Where(path=path, line=heading.line),
        seen="" if absent else f"{heading.words} words of their own",
        expected=f"about {settings.min_words} words or more",
    )


def _docstrings(sources: Sources, given: Given, settings: Settings) -> _Part:
    units = [unit for unit in sources.units if unit.kind == "script" and not is_test_file(unit.path)]
    own = [unit for unit in units if given.containment(unit.source) < 0.9]
    functions = list(public_functions(own))
    if not functions:
        return _Part("docstrings", settings.docstring_weight, None, "")
    saying = sum(one.says for one in functions)
    findings = tuple(_about_docstrings(functions))
    words = f"{saying} of {len(functions)} public functions have a docstring that says more than their name"
    return _Part("docstrings", settings.docstring_weight, saying / len(functions), words, findings)


def _about_docstrings(functions: list[Documented]) -> Iterator[Finding]:
    silent = [one for one in functions if not one.says]
    for one in silent[:_LISTED]:
        where, name = Where(path=one.path, line=one.line), one_line(one.name, 80)
        message = f"The public function {name} has no docstring that says more than its name."
        yield _finding("docstring_missing", Severity.INFO, message, where, seen=name)
    for one in [one for one in functions if one.stray][:_LISTED]:
        where, seen = Where(path=one.path, line=one.line), one_line(", ".join(one.stray), 120)
        message = f"The docstring of {one_line(one.name, 80)} explains parameters that are not there."
        yield _finding("docstring_disagrees", Severity.MINOR, message, where, seen=seen)


def _files(evidence: Evidence, settings: Settings) -> _Part:
    wanted = evidence.pack.required_files if evidence.pack else ()
    if not wanted:
        return _Part("files", settings.files_weight, None, "")
    sizes = {entry.path.lower(): entry.size for entry in evidence.snapshot.files}
    missing = [name for name in wanted if not sizes.get(name.lower())]
    findings = tuple(
        _finding("missing_file", Severity.MAJOR, f"{name} is asked for and is not there.", Where(path=name)) for name in missing
    )
    words = f"{len(wanted) - len(missing)} of {len(wanted)} files that were asked for are there"
    return _Part("files", settings.files_weight, 1 - len(missing) / len(wanted), words, findings)


def _finding(
    rule: str, severity: Severity, message: str, where: Where, *, seen: str = "", expected: str = "", fix: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=seen,
        expected=expected,
        fix=fix,
    )
