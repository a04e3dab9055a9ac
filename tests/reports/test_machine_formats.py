"""JSON, JUnit and SARIF: what programs read."""

import json
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from harness.errors import UsageError
from harness.model.finding import Fault, Finding, Severity, Where
from harness.model.report import Report
from reports import as_json, as_junit, as_sarif
from reports.formats import RENDERERS, format_named
from tests.reports import parts
from tests.reports.builders import graded_report, make_report, not_gradable_report


def sarif(report: Report) -> dict[str, Any]:
    document = json.loads(as_sarif.render(report))
    assert [document["version"], len(document["runs"])] == ["2.1.0", 1]
    return dict(document["runs"][0])


def finding(**changes: Any) -> Finding:
    return parts.QUEUE.model_copy(update=changes)


def with_findings(*findings: Finding) -> Report:
    return make_report(checks=(parts.result("trap_scramble", "Columns", 0.1, "Seen.", *findings),))


def cases(report: Report) -> dict[tuple[str, str], Any]:
    read = JUnitXml.fromstring(as_junit.render(report).encode())
    return {(case.classname, case.name): case.result for suite in read for case in suite}


def test_every_format_has_its_name_and_file() -> None:
    assert [(one.name, one.file_name) for one in RENDERERS.values()] == [
        ("html", "report.html"),
        ("json", "report.json"),
        ("md", "report.md"),
        ("junit", "report.junit.xml"),
        ("sarif", "report.sarif"),
    ]


def test_an_unknown_format_is_answered_with_those_there_are() -> None:
    with pytest.raises(UsageError) as raised:
        format_named("pdf")

    assert "no report format 'pdf'" in str(raised.value)
    assert "html, json, md, junit, sarif" in str(raised.value)


@pytest.mark.parametrize("renderer", RENDERERS.values(), ids=lambda renderer: renderer.name)
def test_the_same_report_is_written_the_same(renderer: Any) -> None:
    assert renderer.render(make_report()) == renderer.render(make_report())
    assert renderer.render(make_report()).endswith("\n")


@pytest.mark.parametrize("report", [make_report(), graded_report(), not_gradable_report()], ids=lambda report: report.status)
def test_json_is_the_record_and_comes_back_as_it_was(report: Report) -> None:
    assert Report.model_validate_json(as_json.render(report)) == report


def test_json_never_holds_a_number_that_readers_refuse() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json.render(make_report(ladder=parts.LADDER.model_copy(update={"value": float("nan")})))


def test_a_junit_suite_is_a_criterion_and_a_case_is_a_check() -> None:
    found = cases(make_report())

    assert ("modelling.VALID", "time_split") in found
    assert ("engineering.REPRO", "clean_run") in found
    assert ("without_points", "type_hints") in found


def test_a_condition_not_met_is_a_junit_failure_with_its_summary() -> None:
    (result,) = cases(make_report())["modelling.VALID", "trap_scramble"]

    assert isinstance(result, Failure)
    assert result.message == "Scrambling queue_min lowers the result by 0.41."
    assert "fraudrank/features.py, line 41" in str(result.text)


def test_what_is_partly_met_is_no_failure() -> None:
    assert cases(make_report())["modelling.VALID", "preprocessing_order"] == []


def test_our_own_breakdown_is_an_error_and_not_a_failure() -> None:
    (result,) = cases(make_report())["modelling.HARD", "null_probe"]

    assert isinstance(result, Error)
    assert result.message == "The probe's sandbox was lost twice. Not measured: the harness's doing, not the submission's."


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.HARNESS])
def test_what_was_not_measured_for_another_reason_is_skipped(fault: Fault) -> None:
    report = make_report(checks=(parts.unmeasured("time_split", "Time", fault, "Nothing there."),))
    (result,) = cases(report)["modelling.VALID", "time_split"]

    assert isinstance(result, Skipped)


def test_a_lost_sandbox_is_an_error_of_its_step() -> None:
    found = cases(not_gradable_report())

    assert isinstance(found["run.steps", "predict"][0], Error)
    assert found["run.steps", "train"] == []


def test_an_open_rating_is_skipped_and_a_given_one_is_not() -> None:
    assert isinstance(cases(make_report())["thinking.FRAME", "rating"][0], Skipped)
    assert cases(graded_report())["thinking.FRAME", "rating"] == []
    assert ("result.SCORE", "rating") not in cases(make_report())


def test_a_must_have_below_its_floor_is_a_failure() -> None:
    scored = tuple(one.changed(floor="missed") if one.id == "VALID" else one for one in graded_report().criteria)
    found = cases(graded_report(criteria=scored))

    assert isinstance(found["modelling.VALID", "must_have"][0], Failure)
    assert found["engineering.CODE", "must_have"] == []
    assert isinstance(cases(make_report())["modelling.VALID", "must_have"][0], Skipped)


def test_junit_counts_agree_with_its_cases() -> None:
    root = Xml.fromstring(as_junit.render(not_gradable_report()))

    for element, tag in (
        (suite, kind) for suite in [root, *root.iter("testsuite")] for kind in ("failure", "error", "skipped")
    ):
        attribute = tag if tag == "skipped" else f"{tag}s"
        assert int(element.attrib[attribute]) == len(list(element.iter(tag)))
    assert int(root.attrib["tests"]) == len(list(root.iter("testcase")))


def test_sarif_holds_findings_that_ask_for_something_heaviest_first() -> None:
    results = sarif(make_report())["results"]

    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("trap_scramble.rests_on_trap", "warning"),
        ("declared_result.declared_not_reproduced", "warning"),
        ("preprocessing_order.fit_before_split", "note"),
        ("label_delay.recent_labels_unused", "note"),
    ]
    assert {one["kind"] for one in results} == {"fail"}


def test_each_sarif_result_points_at_a_rule_and_one_place() -> None:
    run = sarif(make_report())
    rules = run["tool"]["driver"]["rules"]

    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1
        region = result["locations"][0]["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert region["endColumn"] > region["startColumn"] >= 1
    for rule in rules:
        assert all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help"))


def test_a_place_in_a_notebook_is_named_by_cell_in_words() -> None:
    result = next(one for one in sarif(make_report())["results"] if one["ruleId"].startswith("preprocessing_order"))
    location = result["locations"][0]

    assert location["physicalLocation"]["artifactLocation"]["uri"] == "notebooks/explore.ipynb"
    assert location["physicalLocation"]["region"]["startLine"] == 1
    assert location["logicalLocations"] == [{"fullyQualifiedName": "cell 11, line 3"}]
    assert result["message"]["text"].startswith("cell 11, line 3: A scaler is fitted")


def test_a_fingerprint_survives_lines_moving_and_tells_two_of_a_kind_apart() -> None:
    def marks(*findings: Finding) -> list[str]:
        return [one["partialFingerprints"]["primaryLocationLineHash"] for one in sarif(with_findings(*findings))["results"]]

    here = finding(where=Where(path="fraudrank/features.py", line=41))
    moved = finding(where=Where(path="fraudrank/features.py", line=400), seen=f"   {parts.QUEUE.seen}  ")

    assert marks(here) == marks(moved)
    assert marks(here, moved) == [f"{marks(here)[0][:-2]}:1", f"{marks(here)[0][:-2]}:2"]
    assert marks(here) != marks(finding(seen="something else"))
    assert marks(here) != marks(finding(where=Where(path="README.md")))


def test_a_fingerprint_of_a_finding_that_shows_nothing_ignores_numbers_in_its_sentence() -> None:
    first, second = (
        sarif(with_findings(finding(seen="", message=f"Line {line} is long.")))["results"][0]["partialFingerprints"]
        for line in (41, 52)
    )

    assert first == second


@pytest.mark.parametrize("path", ["/close", "a/../../b"])
def test_a_listed_path_that_is_not_relative_is_no_location_either(path: str) -> None:
    files = (parts.FILES[0].model_copy(update={"path": path}),)

    assert sarif(with_findings(finding(where=Where(path=path))).model_copy(update={"files": files}))["results"] == []


@pytest.mark.parametrize("path", ["../outside.py", "/etc/hostname", "https://evil.example/x.py", "not/handed/in.py", None])
def test_a_place_outside_the_snapshot_is_never_a_location(path: str | None) -> None:
    run = sarif(with_findings(finding(where=Where(path=path, line=1))))

    assert run["results"] == []
    assert run["properties"]["withoutAPlace"] == [f"trap_scramble.rests_on_trap: {parts.QUEUE.message}"]


def test_a_path_with_signs_that_mean_something_in_an_address_is_encoded() -> None:
    name = "a b/c:d?e#f%g\\h.py"
    files = (parts.FILES[0].model_copy(update={"path": name}), parts.FILES[0].model_copy(update={"path": "x:y.py"}))
    report = with_findings(finding(where=Where(path=name)), finding(where=Where(path="x:y.py"))).model_copy(
        update={"files": files}
    )

    uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in sarif(report)["results"]]

    assert uris == ["a%20b/c%3Ad%3Fe%23f%25g%5Ch.py", "x%3Ay.py"]


def test_no_sarif_string_is_empty() -> None:
    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [text for inner in value.values() for text in strings(inner)]
        if isinstance(value, list):
            return [text for inner in value for text in strings(inner)]
        return [value] if isinstance(value, str) else []

    empty = finding(check="", message="", rule="", seen="", expected="", where=Where(path="README.md"))

    assert all(strings(sarif(with_findings(empty))))


def test_sarif_keeps_the_heaviest_of_too_many_and_counts_the_rest() -> None:
    light = [finding(severity=Severity.MINOR, seen=f"line {number}") for number in range(5_200)]
    run = sarif(with_findings(*light, finding(severity=Severity.BLOCKER)))

    assert len(run["results"]) == 5_000
    assert run["results"][0]["level"] == "error"
    assert run["properties"]["resultsLeftOut"] == 201


def test_a_link_in_a_message_is_pulled_apart() -> None:
    run = sarif(with_findings(finding(message="[click](https://evil.example)")))

    assert "](" not in run["results"][0]["message"]["text"]
