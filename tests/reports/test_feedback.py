"""A candidate's feedback in every form: nothing hostile acts, limits of the systems are kept, the verdict comes first."""

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from markdown_it import MarkdownIt
from pydantic import BaseModel

from harness.model.feedback import Contract, Feedback
from harness.model.finding import Severity
from reports.feedback import annotations, code_quality, junit, log, sarif, summary
from tests.reports.feedbacks import HOSTILE, hostile_feedback, make_feedback, make_finding

ODD_LINE_ENDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u200b\ufeff]")
OUR_BREAK = "\u200b"
"""Put by the Markdown writer behind what would become a mention or a link."""
FORMS: dict[str, Callable[[Feedback], str]] = {
    "log": log.render,
    "annotations": lambda feedback: "\n".join(annotations.render(feedback)),
    "summary": summary.render,
    "code_quality": code_quality.render,
    "junit": junit.render,
    "sarif": sarif.render,
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_carries_a_character_that_moves_or_hides(form: str, text: str) -> None:
    rendered = FORMS[form](hostile_feedback(text))

    assert ODD_LINE_ENDS.findall(rendered.replace(OUR_BREAK, "")) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_line_of_the_log_begins_with_a_candidates_text_or_is_a_command(text: str) -> None:
    """Runners look for `::` at the start of a line once blanks are gone, for `##[` anywhere, for section marks anywhere."""
    lines = log.render(hostile_feedback(text)).splitlines()

    assert not [line for line in lines if line.lstrip().startswith("::")]
    assert not [line for line in lines if "##[" in line or "##vso[" in line]
    assert not [line for line in lines if re.search(r"section_(start|end):", line)]
    assert not [line for line in lines if line.lstrip().startswith("##teamcity")]


@pytest.mark.parametrize("text", HOSTILE)
def test_annotations_are_one_command_a_line_with_the_properties_we_gave(text: str) -> None:
    """A text cannot end its command, start another, or add a property."""
    lines = annotations.render(hostile_feedback(text))

    assert len(lines) == 3
    for line in lines:
        assert line.splitlines() == [line]
        command, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]
        names = [one.split("=", 1)[0] for one in properties.split(",")]
        assert command in ("error", "warning", "notice")
        assert set(names) <= {"file", "title", "line", "endLine"}
        assert len(names) == len(set(names))
        assert "##[" not in message


@pytest.mark.parametrize("text", HOSTILE)
def test_the_summary_holds_no_active_markdown_of_a_candidates(text: str) -> None:
    """Rendered as GitHub renders it: our headings, and no link, picture or HTML."""
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(summary.render(hostile_feedback(text)))
    inner = [child for token in tokens for child in token.children or ()]
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]

    assert not [one for one in inner if one.type in ("link_open", "image", "html_inline")]
    assert not [one for one in tokens if one.type == "html_block"]
    assert not [one for one in headings if one.startswith(("Heading", "out of the fence"))]
    assert not [one for one in inner if one.type == "text" and "@everyone" in one.content]


@pytest.mark.parametrize("text", HOSTILE)
def test_machine_forms_stay_well_formed(text: str) -> None:
    feedback = hostile_feedback(text)

    Xml.fromstring(junit.render(feedback))
    assert json.loads(sarif.render(feedback))["version"] == "2.1.0"
    assert isinstance(json.loads(code_quality.render(feedback)), list)


def test_the_verdict_is_the_first_line_of_summary_and_log() -> None:
    feedback = make_feedback(bar=70, below="the public score of 62.5 is below the bar of 70")

    assert (
        summary.render(feedback)
        .splitlines()[0]
        .startswith("## Public score: 62.5 of 100; 1 of 2 checks measured; below the bar")
    )
    assert log.render(feedback).splitlines()[0].startswith("harness: Public score: 62.5 of 100; 1 of 2 checks measured")


def test_what_was_not_measured_is_never_shown_as_zero() -> None:
    feedback = make_feedback(score=None)

    row = next(line for line in summary.render(feedback).splitlines() if "Own tests" in line)
    assert "| not measured |  |" in row
    assert "not the submission's" in row
    assert "no score" in summary.render(feedback)


def test_annotations_come_heaviest_first_and_count_what_does_not_fit() -> None:
    """Ten of a kind are shown of one step; the last notice says how many more there are."""
    findings = tuple(
        make_finding(severity=severity, line=number, fingerprint=f"{severity}:{number}")
        for severity in (Severity.BLOCKER, Severity.MAJOR, Severity.MINOR)
        for number in range(1, 26)
    )

    lines = annotations.render(make_feedback(findings=findings, findings_not_listed=5))

    kinds = [line[2:].split(" ", 1)[0] for line in lines]
    assert kinds == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert lines[-1] == f"::notice title=harness::{75 - 29 + 5} more in the report"


def test_ten_of_a_kind_need_no_line_about_more() -> None:
    lines = annotations.render(make_feedback(findings=tuple(make_finding(line=number) for number in range(1, 11))))

    assert len(lines) == 10
    assert "more in the report" not in lines[-1]


def test_a_finding_in_a_notebook_points_at_the_file_and_names_the_cell() -> None:
    """A line of a cell is no line of the file."""
    feedback = make_feedback(findings=(make_finding(path="work.ipynb", cell=4, line=2),))

    (line,) = annotations.render(feedback)
    assert "file=work.ipynb" in line
    assert ",line=" not in line
    assert "::work.ipynb, cell 4, line 2: " in line
    assert json.loads(code_quality.render(feedback))[0]["location"]["lines"] == {"begin": 1}


def test_the_summary_stays_below_its_limit_and_is_cut_at_a_section() -> None:
    """GitHub drops a summary above 1 MiB whole, and says nothing."""
    findings = tuple(
        make_finding(path=f"a{number}.py", line=number, seen="ä" * 600, expected="ö" * 600, fingerprint=str(number))
        for number in range(1, 2001)
    )

    text = summary.render(make_feedback(findings=findings))

    assert 300_000 < len(text.encode("utf-8")) <= summary.MAX_BYTES
    assert text.startswith("## Public score:")
    assert re.search(r"_Cut here to fit the summary: \d+ more sections are in the report's files._\n$", text)
    assert "Do:" not in text.rsplit("_Cut here", 1)[1]


def test_a_summary_that_fits_exactly_is_not_cut() -> None:
    feedback = make_feedback(findings=(make_finding(),))

    assert "Cut here" not in summary.render(feedback)
    assert "Cut here" in summary.render(feedback, limit=700)


def test_the_log_lists_so_many_findings_and_counts_the_rest() -> None:
    text = log.render(make_feedback(findings=tuple(make_finding(line=number) for number in range(1, 101))))

    assert f"{100 - log.MOST_FINDINGS} more in the report" in text


def test_code_quality_is_what_gitlab_reads() -> None:
    findings = (make_finding(severity=Severity.BLOCKER), make_finding(path=None))

    rows = json.loads(code_quality.render(make_feedback(findings=findings)))

    assert rows == [
        {
            "description": "An import is not used.",
            "check_name": "lint.unused_import",
            "fingerprint": "ab" * 12 + ":1",
            "severity": "blocker",
            "location": {"path": "work.py", "lines": {"begin": 3}},
        }
    ]


def test_junit_tells_our_faults_as_errors_and_unmet_checks_as_failures() -> None:
    root = Xml.fromstring(junit.render(hostile_feedback("words")))
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    lost = Xml.fromstring(junit.render(make_feedback()))

    assert cases["lint"] == ["failure"]
    assert cases["docs"] == ["skipped"]
    assert [case.get("name") for case in lost.iter("testcase") if case.find("error") is not None] == ["own_tests"]


def test_sarif_carries_the_fingerprint_and_leaves_out_what_has_no_place() -> None:
    (run,) = json.loads(sarif.render(make_feedback(findings=(make_finding(), make_finding(path=None)))))["runs"]

    assert [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]] == ["ab" * 12 + ":1"]
    assert run["properties"]["withoutAPlace"] == ["lint.unused_import: An import is not used."]
    assert run["tool"]["driver"]["rules"][0]["id"] == "lint.unused_import"


SHOWN = {
    "Feedback": (
        "schema_version created harness_version pack source score bar below checks findings findings_not_listed steps skipped "
        "validation sandbox notes"
    ),
    "ShownPack": "id version title",
    "ShownSource": "digest files commit system event ref request from_fork first_push forced",
    "ShownCheck": "check title verdict score fault summary",
    "ShownFinding": "check rule severity message path cell line seen expected fix innocent confidence fingerprint",
    "ShownStep": "name target ended succeeded wall_s last_words",
    "ShownSkip": "name reason fault",
    "ShownValidation": "metric value rows how",
}
TOLD = {
    "Contract": (
        "format pack version title kind required_files answer train score id_column target entry_points metric limits checks "
        "given"
    ),
    "PublicMetric": "name settings",
    "PublicLimits": "execute tests train predict notebooks",
}


@pytest.mark.parametrize(("record", "allowed"), [(Feedback, SHOWN), (Contract, TOLD)])
def test_what_a_candidate_may_see_is_exactly_this_list(record: type[BaseModel], allowed: dict[str, str]) -> None:
    """A new field has to be written down here before it can be shown."""
    found = {one.__name__: " ".join(one.model_fields) for one in _records(record) if one.__module__ == record.__module__}

    assert found == allowed


def _records(record: type[BaseModel]) -> set[type[BaseModel]]:
    """A record and those within it."""
    found: set[type[BaseModel]] = {record}
    waiting: list[Any] = [field.annotation for field in record.model_fields.values()]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in found:
                found |= _records(kind)
        else:
            waiting += list(getattr(kind, "__args__", ()))
    return found
