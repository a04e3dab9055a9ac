"""Validation."""

from checks.base import NoSettings, check, judged, not_measured
from checks.practice.read import read_practice
from checks.practice.telling import nothing_to_read, unread
from checks.traced_leaks import Run, run_of
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Severity
from harness.model.practice import Practice

_SPOILS = frozenset(
    [
        "oversample_before_split",
        "oversample_before_cv",
        "undersample_before_split",
        "undersample_test",
        "train_as_test",
        "selection_on_test",
        "temporal_overlap",
        "group_overlap",
        "target_encoding",
    ]
)


@check("Validation", group="practice", version="2")
def validation(evidence: Evidence, settings: NoSettings, /) -> CheckResult:
    """Whether a model is judged on rows that were kept apart from what it learned from.

    Counts random, grouped, ordered and sliced splits, provided test files and cross-validation, as long as a model is
    fitted on one side and judged on the other. A material leak between the sides takes most of it away; where the pack's
    rows are ordered in time, a random split does too. It cannot see whether the estimate comes true: the holdout does.
    Where the reading finds no such rows and the run's trace does, a person decides: the trace alone awards nothing.
    """
    del settings
    practice = read_practice(evidence)
    empty = nothing_to_read("validation", evidence, practice)
    if empty is not None:
        return empty
    if practice.unreadable and not practice.honest_evaluations:
        return unread("validation", practice)
    if not practice.models_fitted:
        return judged("validation", 0.0, "No model is fitted on the task's data.", (_absent("No model is fitted and judged."),))
    run = run_of(evidence)
    if not practice.honest_evaluations and (seen := run.shows_rows_kept_apart()) is not None:
        why = "The reading finds no model judged on rows kept apart, but the run shows one: a person should look."
        shown = Finding(
            check="validation", severity=Severity.INFO, rule="seen_in_the_run", message=why, where=seen, level=Level.EXECUTED
        )
        return not_measured("validation", Fault.PENDING_HUMAN, why, (shown,))
    if not practice.honest_evaluations:
        return judged("validation", 0.0, _why_none(practice), (_absent("No model is judged on rows kept apart."),))
    spoilt = [leak for leak in practice.leakage if leak.kind in _SPOILS]
    if any(leak.tier == "material" and not run.clears(leak) for leak in spoilt):
        found = Finding(
            check="validation",
            severity=Severity.MAJOR,
            rule="spoilt",
            message="The rows kept apart are not independent.",
            where=spoilt[0].where,
            seen=spoilt[0].why,
            level=Level.CONSEQUENCE,
        )
        return judged("validation", 0.25, f"Rows are kept apart, but {spoilt[0].why}.", (found, *_splits(practice, run)))
    if spoilt:
        return judged("validation", 0.75, f"Rows are kept apart, with a remark: {spoilt[0].why}.", _splits(practice, run))
    return judged("validation", 1.0, f"Models are judged on rows kept apart: {_ways(practice)}.", _splits(practice, run))


def _ways(practice: Practice) -> str:
    kinds = {seen.what for seen in practice.split_places}
    named = sorted(kinds | ({"cross-validation"} if practice.cross_validation == "clean" else set())) or ["a provided file"]
    return ", ".join(named)


def _why_none(practice: Practice) -> str:
    if any(leak.kind == "train_as_test" for leak in practice.leakage):
        return "The only judgement is on rows that the model learned from."
    return "Models are fitted, but none is judged on rows kept apart."


def _splits(practice: Practice, run: Run) -> tuple[Finding, ...]:
    level = Level.EXECUTED if run.shows_rows_kept_apart() is not None else Level.LIVE_CALL
    found = tuple(
        Finding(
            check="validation",
            severity=Severity.PRAISE,
            rule="split",
            where=seen.where,
            level=level,
            message=f"Rows are kept apart ({seen.what}).",
        )
        for seen in practice.split_places[:5]
    )
    return (*found, *_only_fitted(run))


def _only_fitted(run: Run) -> tuple[Finding, ...]:
    """The code judges on rows kept apart, and the run did nothing of the kind: a question."""
    where = run.shows_only_fitted_rows()
    if where is None:
        return ()
    return (
        Finding(
            check="validation",
            severity=Severity.MINOR,
            rule="not_seen_in_the_run",
            message="In the run, models were scored only on the rows they were fitted on.",
            where=where,
            confidence=0.6,
            level=Level.EXECUTED,
            innocent="The judgement on rows kept apart may stand in code that was not run here.",
        ),
    )


def _absent(message: str) -> Finding:
    return Finding(
        check="validation",
        severity=Severity.MAJOR,
        rule="absent",
        message=message,
        expected="a metric on rows that the model has not learned from, or cross-validation",
        fix="Split before fitting, and report the metric of the other side.",
        innocent="The judgement may have been made in code that is not part of the submission.",
    )
