"""Leakage."""

import re

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.read import read_details
from checks.practice.reader import Reading
from checks.practice.telling import nothing_to_read, unread
from checks.traced_leaks import Run, run_of
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity, Where
from harness.model.practice import Leak, Practice

_SEVERITY = {"material": Severity.MAJOR, "minor": Severity.MINOR, "benign": Severity.INFO}
_SCORE = {"material": 0.0, "minor": 0.7, "benign": 1.0}
_FIX = {
    "oversample_before_split": "Split first, then resample the training rows only, best inside an imblearn pipeline.",
    "oversample_before_cv": "Put the sampler into an imblearn pipeline, so that each fold resamples its own training rows.",
    "undersample_before_split": "Split first; leave the test rows as they are.",
    "undersample_test": "Leave the test rows as they are.",
    "train_as_test": "Judge the model on rows that it has not learned from.",
    "selection_on_test": "Choose on validation rows or by cross-validation, and judge once on rows kept apart.",
    "early_stopping_on_test": "Stop by validation rows taken from the training rows.",
    "target_encoding": "Learn the means from training rows only, best out of fold.",
    "selection_before_split": "Select features inside the pipeline.",
    "preprocess_before_split": "Fit it on the training rows, best inside a pipeline.",
    "encode_before_split": "Fit the encoder on the training rows, with unknown categories handled.",
    "fit_on_test": "Use transform, not fit_transform, on the test rows.",
    "identifier_feature": "Leave identifiers out of the features.",
    "seed_in_search": "Fix the seed, or average over several.",
    "label_mismatch": "Hold predictions against the labels of the same rows.",
    "target_in_features": "Leave out columns that say what the target says.",
    "post_outcome_feature": "Leave out what is known only after the outcome.",
    "temporal_overlap": "Train on earlier rows and judge on later ones.",
    "group_overlap": "Keep all rows of one entity on one side of the split.",
}
_INNOCENT = {
    "preprocess_before_split": "It may have been fitted on a constant or an external list; the effect is usually nil.",
    "post_outcome_feature": "The data dictionary may have been read as allowing it.",
    "train_as_test": "The judged rows may come from elsewhere than the code tells.",
}


@check("Leakage", group="practice", version="2")
def leakage(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether rows that a model is judged on, or the outcome itself, reached what it learned from.

    Pairs every fit with the rows it is judged on and follows what was done to both on the way: resampling, selection,
    target means, scaling, filling. Also finds judgement on fitted rows, choices made on the reported rows, and features
    that the pack knows to be outcomes. What only scales or fills is a remark, for it moves scores by nothing. It cannot
    see leaks that only the data shows, such as repeated people without a pack that says so. Where the run was traced, the
    trace may lower a suspicion to a question or raise one, and awards nothing.
    """
    del settings
    practice, reading, _ = read_details(evidence)
    empty = nothing_to_read("leakage", evidence, practice)
    if empty is not None:
        return empty
    run = run_of(evidence)
    doubted = _doubts(run, practice.leakage)
    findings = (
        *(_finding(leak, run) for leak in practice.leakage),
        *_traps_left_out(evidence, practice),
        *_too_good(reading),
        *doubted,
    )
    if not practice.models_fitted and not practice.leakage:
        if practice.unreadable:
            return unread("leakage", practice)
        return not_measured(
            "leakage", Fault.SUBMISSION, "No model is fitted on the task's data, so nothing can leak.", findings
        )
    if practice.unreadable and not any(leak.tier == "material" for leak in practice.leakage):
        return unread("leakage", practice)
    tiers = ["minor" if run.clears(leak) else leak.tier for leak in practice.leakage] + ["minor" for _ in doubted]
    score = min((_SCORE[tier] for tier in tiers), default=1.0)
    return judged("leakage", score, _summary(practice.leakage), findings)


def _doubts(run: Run, leaks: tuple[Leak, ...]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            check="leakage",
            severity=Severity.MINOR,
            rule=doubt.rule,
            message=doubt.message,
            where=doubt.where,
            fix=_FIX["oversample_before_split"],
            confidence=0.6,
            level=Level.EXECUTED,
            innocent="The resampled rows may have served for something else than what is reported.",
        )
        for doubt in run.doubts(leaks)
    )


def _summary(leaks: tuple[Leak, ...]) -> str:
    if not leaks:
        return "No leak was found between what the models learned from and what they are judged on."
    counted = [
        f"{sum(leak.tier == tier for leak in leaks)} {tier}" for tier in _SCORE if any(leak.tier == tier for leak in leaks)
    ]
    return f"Leaks found: {', '.join(counted)}; the worst: {leaks[0].why}."


def _finding(leak: Leak, run: Run) -> Finding:
    message = f"{leak.why[:1].upper()}{leak.why[1:]}."
    cleared = run.clears(leak)
    if cleared:
        message += " In the run, these rows were kept apart: a person should look."
    return Finding(
        check="leakage",
        severity=Severity.MINOR if cleared else _SEVERITY[leak.tier],
        rule=leak.kind,
        message=message,
        where=leak.where,
        fix=_FIX.get(leak.kind, ""),
        innocent=_INNOCENT.get(leak.kind, ""),
        confidence=0.4 if cleared else 0.97 if run.confirms(leak) else 0.9 if leak.tier != "minor" else 0.8,
        level=Level.CONSEQUENCE,
    )


_TOO_GOOD = re.compile(
    r"\b(?:roc[ _-]?auc|auc|average precision|f1|r2|accuracy)\b[^\n\d]{0,30}(0\.99\d*|1\.0+)\b", re.IGNORECASE
)


def _too_good(reading: Reading) -> tuple[Finding, ...]:
    """Stored outputs that claim a score hardly any honest model reaches: a question, never a verdict."""
    found = []
    for unit in reading.sources.units:
        for cell in unit.cells:
            claim = _TOO_GOOD.search(cell.output_text)
            if claim is not None:
                found.append(
                    Finding(
                        check="leakage",
                        severity=Severity.INFO,
                        rule="too_good",
                        message="A stored output claims a score that is almost too good.",
                        where=Where(path=unit.path, cell=cell.index),
                        seen=claim.group(0)[:120],
                        confidence=0.4,
                        level=Level.MENTION,
                        innocent="The task may be easy, or the score is one of the training rows.",
                    )
                )
    return tuple(found[:3])


def _traps_left_out(evidence: Evidence, practice: Practice) -> tuple[Finding, ...]:
    """Columns that the pack planted as traps, and that the code dropped before any fit."""
    used = {leak.why for leak in practice.leakage if leak.kind == "post_outcome_feature"}
    traps = evidence.facts.traps if evidence.facts is not None else ()
    dropped = {name: seen for seen in practice.dropped for name in seen.what.split(",")}
    return tuple(
        Finding(
            check="leakage",
            severity=Severity.PRAISE,
            rule="trap_left_out",
            message=f"`{trap.column}`, which is known only after the outcome, is left out.",
            where=dropped[trap.column].where,
            level=Level.CONSEQUENCE,
        )
        for trap in traps
        if trap.column in dropped and not any(f"`{trap.column}`" in why for why in used)
    )
