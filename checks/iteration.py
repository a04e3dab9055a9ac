"""Model iteration."""

import re

from checks.base import NoSettings, check, judged
from checks.practice.iterating import compared_alike, silent_changes
from checks.practice.prose import Passage
from checks.practice.read import read_details
from checks.practice.reader import Reading
from checks.practice.telling import nothing_to_read, unread
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Finding, Level, Measurement, Severity, Where
from harness.model.practice import Practice

MANY_TRIES = 4
SIMPLE = frozenset({"linear", "nb", "tree", "rules", "knn"})
_BASELINE = re.compile(
    r"\b(baselines?|dummy|naive|naïve|majority class|prevalence|línea base|ligne de base|referenzmodell|basislinie)\b",
    re.IGNORECASE,
)


@check("Model iteration", group="practice", version="2")
def iteration(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """How many kinds of model were fitted on the task's data, judged and compared.

    Counts families (linear, trees, bagging, boosting, neighbours, ...) whose fit and judgement are live, wherever the
    estimator comes from: a dictionary, a grid, a registry, a configuration. Ensembles, calibration, selectors, clusters
    and unused imports add none. Three families, or two with a search, compared by the same metric on the same rows, are
    full. Where nothing simple stands beside the model, neither fitted, nor computed by hand, nor spoken of, that is noted
    without points. It cannot see models that were tried and deleted.
    """
    del settings
    practice, reading, prose = read_details(evidence)
    empty = nothing_to_read("iteration", evidence, practice)
    if empty is not None:
        return empty
    score, summary = _level(practice, alike=compared_alike(reading))
    if score < 1.0 and practice.unreadable:
        return unread("iteration", practice)
    findings = tuple(
        Finding(
            check="iteration",
            severity=Severity.INFO,
            rule="family",
            where=seen.where,
            seen=seen.what,
            level=Level.CONSEQUENCE,
            message=f"A model of this family is fitted and judged: {seen.what}.",
        )
        for seen in practice.family_places
    )
    jumps = tuple(
        Finding(
            check="iteration",
            severity=Severity.MINOR,
            rule="unexplained_jump",
            where=seen.where,
            seen=seen.what,
            confidence=0.7,
            message="The final fit is not what was tried before.",
            innocent="The log may have been written at the end.",
        )
        for seen in silent_changes(reading)
    )
    alone = () if practice.unreadable or _has_something_simple(practice, reading, prose) else (_no_baseline(practice),)
    measure = Measurement(name="iteration.families", value=len(practice.families))
    return judged("iteration", score, summary, (*findings, *jumps, *alone), (measure,))


def _has_something_simple(practice: Practice, reading: Reading, prose: tuple[Passage, ...]) -> bool:
    """A dummy or a simple model, a value computed by hand and judged, or a word about one; true where nothing is fitted."""
    by_hand = any(one.how == "metric" and not one.fits for one in reading.log.evaluations)
    fitted = practice.baseline or bool(SIMPLE & set(practice.families)) or not practice.families
    return fitted or by_hand or any(_BASELINE.search(one.text) for one in prose)


def _no_baseline(practice: Practice) -> Finding:
    return Finding(
        check="iteration",
        severity=Severity.INFO,
        rule="no_baseline",
        message="Nothing simple stands beside the model: no dummy, no simple model, no value computed by hand.",
        where=practice.family_places[0].where if practice.family_places else Where(),
        seen=", ".join(practice.families),
        expected="what a constant, a rule or a simple model reaches, judged on the same rows",
        confidence=0.6,
        innocent="A baseline may have been known from elsewhere, or told in conversation.",
    )


def _level(practice: Practice, *, alike: bool) -> tuple[float, str]:
    families = practice.families
    breadth = len(families)
    listed = ", ".join(families)
    if not breadth:
        if practice.models_fitted:
            return 0.25, "A model is fitted, but of no family that is known here, or it is not judged."
        return 0.0, "No model is fitted and judged on the task's data."
    wide = breadth >= 3 or (breadth == 2 and (practice.tuned or practice.baseline or practice.honest_evaluations >= MANY_TRIES))
    if wide and alike:
        return 1.0, f"{breadth} families are fitted and compared: {listed}."
    if breadth >= 2:
        return (
            0.6,
            f"{breadth} families are fitted ({listed}), but not compared alike with a search, a baseline or a series of tries.",
        )
    if practice.tuned:
        return 0.6, f"One family is fitted and tuned: {listed}."
    return 0.3, f"One family is fitted, untuned: {listed}."
