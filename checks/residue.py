"""Residue of foreign code."""

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.foreign import residues
from checks.practice.read import read_details
from checks.practice.telling import nothing_to_read
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity, Where

KINDS_FOR_A_QUESTION = 2


@check("Residue of foreign code", group="practice", version="2")
def residue(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether parts of the work belong to something else: names, results and techniques that this work does not have.

    Looks for columns of another data set, results typed in as numbers, text that claims techniques the live code does not
    use, docstrings that contradict constants, and metrics of the wrong class. One kind alone is nothing; two independent
    kinds are put to a person, who decides. It cannot see where anything came from.
    """
    del settings
    practice, reading, prose = read_details(evidence)
    empty = nothing_to_read("residue", evidence, practice)
    if empty is not None:
        return empty
    found = residues(evidence, practice, reading, prose)
    findings = tuple(
        Finding(
            check="residue",
            severity=Severity.INFO,
            rule=kind,
            where=seen.where,
            seen=seen.what,
            confidence=0.6,
            message=f"This does not fit the rest of the work: {seen.what}.",
            level=Level.MENTION,
            innocent="It may be a template or disclosed assistance.",
        )
        for kind, seen in found
    )
    kinds = sorted({kind for kind, _ in found})
    if len(kinds) >= KINDS_FOR_A_QUESTION:
        why = f"{len(kinds)} independent kinds of residue were found ({', '.join(kinds)}); a person has to look."
        return not_measured("residue", Fault.PENDING_HUMAN, why, (_question(kinds, findings[0].where), *findings))
    said = (
        "No residue of foreign code was found."
        if not kinds
        else f"One kind of residue was found ({kinds[0]}), which proves nothing."
    )
    return judged("residue", 1.0, said, findings)


def _question(kinds: list[str], where: Where) -> Finding:
    """One finding for all of them, so that a rubric can ask about it."""
    return Finding(
        check="residue",
        severity=Severity.INFO,
        rule="several_kinds",
        message=f"{len(kinds)} independent signs say that parts belong to other work: ask how they came here.",
        where=where,
        seen=", ".join(kinds).replace("_", " "),
        confidence=0.6,
        level=Level.MENTION,
        innocent="It may be a template or disclosed assistance.",
    )
