"""Exploration of the data."""

import re

from checks.base import check, judged, not_measured
from checks.practice.executed import executed_cells
from checks.practice.placing import where
from checks.practice.prose import Passage
from checks.practice.read import read_details
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity
from harness.model.practice import Practice
from harness.model.record import Record


class EdaSettings(Record):
    """How many facets of the data full marks ask for."""

    facets: int = 5


@check("Data exploration", group="practice", settings=EdaSettings, version="2")
def eda(evidence: Evidence, settings: EdaSettings, /) -> CheckResult:
    """Whether the task's data was looked at before it was used, and shown to a reader.

    Follows live code from the files it reads to calls that show something of them: shape, gaps, duplicates, the target,
    numeric and categorical columns, outliers, relations, time and entities. Full marks need five facets, gaps or
    duplicates and the target and one relation among them, all visible. Toy data, dead code, comments and figures of
    scores do not count. It cannot see work done in another tool, nor whether a figure was understood.
    """
    practice, _, prose = read_details(evidence)
    found = practice.eda
    if found.level < 2 and practice.unreadable:
        return not_measured("eda", Fault.UNSUPPORTED, _unread(practice), _findings(practice))
    if not practice.files:
        return not_measured("eda", Fault.SUBMISSION, "There is no code to read.")
    visible = [seen for seen in found.places if seen.visible]
    ran = executed_cells(evidence)
    level = found.level
    if level == 2 and ran is not None and not _confirmed(practice, ran, settings.facets):
        level = 1
    score = {0: 0.0, 1: 0.5, 2: 1.0}[level]
    summary = f"{len(found.facets)} facets of the data are looked at, {len(visible)} of them shown: {found.why}."
    measure = Measurement(name="eda.facets", value=len(found.facets))
    return judged("eda", score, summary, (*_findings(practice), *_elsewhere(practice, prose)), (measure,))


_OTHER_TOOL = re.compile(r"\b(?:tableau|power ?bi|looker|qlik|(?-i:Excel|EXCEL)|google sheets|metabase)\b", re.IGNORECASE)


def _elsewhere(practice: Practice, prose: tuple[Passage, ...]) -> tuple[Finding, ...]:
    """Text that speaks of looking at the data in another tool: nothing is counted, but the file can be asked for."""
    if practice.eda.level == 2:
        return ()
    named = next(((one, found) for one in prose if (found := _OTHER_TOOL.search(one.text)) is not None), None)
    if named is None:
        return ()
    passage, claim = named
    return (
        Finding(
            check="eda",
            severity=Severity.INFO,
            rule="elsewhere",
            message="The text speaks of another tool; ask for the file, for nothing of it can be seen here.",
            where=where(passage.place),
            seen=_sentence_around(passage.text, claim.start()),
            level=Level.MENTION,
        ),
    )


def _confirmed(practice: Practice, ran: frozenset[tuple[str, int]], wanted: int) -> bool:
    """Whether enough of the facets stand in cells that ran in our re-execution, or in scripts."""
    held = [
        seen
        for seen in practice.eda.places
        if seen.visible and (seen.where.cell is None or (seen.where.path or "", seen.where.cell) in ran)
    ]
    return len(held) >= wanted


def _unread(practice: Practice) -> str:
    first = practice.unreadable[0]
    return f"Part of the code could not be read ({first.where or 'submission'}: {first.what}), so exploration cannot be judged."


def _findings(practice: Practice) -> tuple[Finding, ...]:
    found = []
    for seen in practice.eda.places:
        severity = Severity.PRAISE if seen.visible else Severity.INFO
        message = (
            f"{seen.what.split(':')[0].replace('_', ' ').capitalize()} is looked at{'' if seen.visible else ', but not shown'}."
        )
        found.append(
            Finding(
                check="eda",
                severity=severity,
                message=message,
                rule=f"facet_{seen.what.split(':')[0]}",
                where=seen.where,
                seen=seen.what,
                level=Level.LIVE_CALL,
            ),
        )
    if not practice.eda.facets and practice.files and not practice.unreadable:
        found.append(
            Finding(
                check="eda",
                severity=Severity.MAJOR,
                rule="absent",
                message="No live look at the task's data was found.",
                expected="shape, gaps, the target's distribution and relations, shown to a reader",
                fix="Look at the data before modelling, and keep the output.",
                innocent="Exploration may have been done outside the submission.",
            )
        )
    return tuple(found)


def _sentence_around(text: str, place: int) -> str:
    begin = max(text.rfind(".", 0, place), text.rfind("\n", 0, place)) + 1
    return re.split(r"[.\n]", text[begin : begin + 200], maxsplit=1)[0].strip()
