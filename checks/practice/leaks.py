"""Leakage: what a model learned from, held against the rows it was judged on."""

from collections.abc import Iterator
from typing import Literal

from checks.practice.events import Evaluation, Fit
from checks.practice.feature_leaks import feature_leaks
from checks.practice.placing import where
from checks.practice.reader import Reading
from checks.practice.rows import has_side, overlap
from checks.practice.selection_leaks import selection_leaks
from checks.practice.splitting import REPEATED
from checks.practice.values import Step
from harness.model.evidence import Evidence
from harness.model.practice import Leak, Tier

BENIGN = frozenset({"scale", "impute", "reduce", "vectorize", "bin", "filter"})
PRIOR_FREE = frozenset({"roc_auc_score", "roc_auc", "roc_curve", "recall_score", "recall", "predict_proba", "plot_roc_curve"})
_JUDGING = frozenset({"metric", "score"})


def leaks_of(reading: Reading, targets: frozenset[str], evidence: Evidence) -> tuple[Leak, ...]:
    """Every leak once, by kind and place, the worst first."""
    found: dict[tuple[str, object], Leak] = {}
    for leak in [
        *_pair_leaks(reading, targets),
        *_train_as_test(reading),
        *_mismatches(reading),
        *selection_leaks(reading),
        *feature_leaks(reading, evidence),
    ]:
        key = (leak.kind, str(leak.where))
        if key not in found or _rank(leak.tier) < _rank(found[key].tier):
            found[key] = leak
    return tuple(sorted(found.values(), key=lambda leak: (_rank(leak.tier), leak.kind, str(leak.where))))[:60]


def _rank(tier: str) -> int:
    return ("material", "minor", "benign").index(tier)


def _pair_leaks(reading: Reading, targets: frozenset[str]) -> Iterator[Leak]:
    fits = {fit.number: fit for fit in reading.log.fits}
    for judged in reading.log.evaluations:
        for number in judged.fits:
            fit = fits.get(number)
            if fit is None or fit.model.role in ("transformer", "sampler") or fit.model.detail == "cluster":
                continue
            if judged.cv:
                yield from _within_cv(reading, fit, judged, targets)
            elif not overlap(fit.rows, judged.rows) or learned_from_all(fit, judged):
                yield from _between(reading, fit, judged, targets)
    judged_fits = frozenset[int]().union(*(judged.fits for judged in reading.log.evaluations))
    for fit in fits.values():
        if fit.number not in judged_fits and fit.watched and not overlap(fit.early_stopping_on, fit.rows):
            # The scores shown while it learned are the only ones.
            shown = Evaluation(-1, frozenset({fit.number}), fit.place, fit.early_stopping_on, frozenset(), "own")
            yield from _between(reading, fit, shown, targets)
        if fit.tuned and fit.how == "fit":
            yield from _within_search(fit, targets)


def _between(reading: Reading, fit: Fit, judged: Evaluation, targets: frozenset[str]) -> Iterator[Leak]:
    """A model learned from some rows and was judged on others: what joins the two?"""
    for step in sorted(fit.steps | judged.steps, key=lambda one: one.number):
        if not step.rows or _of_another_round(reading, step, fit):
            continue
        of_judged, of_fitted = overlap(step.rows, judged.rows), overlap(step.rows, fit.rows)
        if _drawn_again(step):
            if of_judged and of_fitted and step in fit.steps & judged.steps:
                yield _copies(step)
        elif of_judged and of_fitted:
            leak = _early(step, targets, _metrics_of(reading, fit))
            if leak is not None:
                yield leak
        elif of_judged and step in judged.steps and step not in fit.steps:
            yield from _learned_on_test(step, fit)


def _drawn_again(step: Step) -> bool:
    """All rows drawn with replacement: what is made of them holds some rows twice."""
    return step.op == "bootstrap" and step.what.startswith("over")


def _copies(step: Step) -> Leak:
    why = "rows were drawn with replacement before they were divided, so that copies are on both sides"
    return _leak("oversample_before_split", "material", step, why)


def _of_another_round(reading: Reading, step: Step, fit: Fit) -> bool:
    """Learned for the same fit in another round of its loop, whose predictions were collected with its own."""
    if any(_alike(step, own) for own in fit.steps):
        return False
    rounds = (other for other in reading.log.fits if other.place == fit.place and other.number != fit.number)
    return any(_alike(step, own) for other in rounds for own in other.steps)


def _alike(one: Step, other: Step) -> bool:
    return (one.op, one.what, one.place, one.rows) == (other.op, other.what, other.place, other.rows)


def _metrics_of(reading: Reading, fit: Fit) -> frozenset[str]:
    return frozenset(
        name
        for one in reading.log.evaluations
        if fit.number in one.fits and one.how != "predict"
        for name in one.metric.split(",")
    )


def _early(step: Step, targets: frozenset[str], metrics: frozenset[str]) -> Leak | None:
    """Something learned from rows of both sides."""
    if step.op == "resample" and step.what == REPEATED and not step.source & targets:
        return None
    if step.op == "resample":
        return _early_resampling(step, metrics)
    if step.op == "select" and step.source and not step.source & targets:
        return None
    if step.op == "select":
        why = f"{step.what} picked features by the target on rows that are judged on"
        return _leak("selection_before_split", "minor", step, why)
    if step.op == "target_encode" or (step.op == "group_statistic" and step.source & targets):
        why = f"target means ({step.what}) were learned from rows that are judged on"
        return _leak("target_encoding", "minor", step, why, "target")
    if step.op == "encode":
        return _leak(
            "encode_before_split", "benign", step, f"{step.what} saw the categories of rows that are judged on", "other"
        )
    if step.op == "group_statistic":
        why = f"group figures ({step.what}) were learned from rows that are judged on; the effect on the score is usually small"
        return _leak("preprocess_before_split", "benign", step, why)
    if step.op in BENIGN:
        why = f"{step.what} was fitted on rows that are judged on; the effect on the score is usually nil"
        return _leak("preprocess_before_split", "benign", step, why)
    return None


def _early_resampling(step: Step, metrics: frozenset[str]) -> Leak:
    if step.what.startswith("under"):
        tier: Tier = "minor" if metrics and metrics <= PRIOR_FREE else "material"
        why = "rows of the majority were left out of the judged rows as well, which changes what the metric means"
        return _leak("undersample_before_split", tier, step, why)
    why = "copies or neighbours of judged rows are among the rows learned from"
    return _leak("oversample_before_split", "material", step, why)


def _learned_on_test(step: Step, fit: Fit) -> Iterator[Leak]:
    if step.op == "resample":
        yield _leak("undersample_test", "material", step, "the judged rows were resampled themselves", "other")
    elif step.op in BENIGN | {"encode", "select"} and any(one.op == step.op and one.what == step.what for one in fit.steps):
        yield _leak("fit_on_test", "minor", step, f"{step.what} was fitted again on the judged rows", "other")


def _within_cv(reading: Reading, fit: Fit, judged: Evaluation, targets: frozenset[str]) -> Iterator[Leak]:
    """Cross-validation splits the rows it gets: whatever learned from all of them before has seen every fold."""
    for step in sorted(fit.steps, key=lambda one: one.number):
        if not step.rows or not overlap(step.rows, judged.rows):
            continue
        if step.op == "resample" and step.what == REPEATED and not step.source & targets:
            continue
        if step.op == "resample" and not step.what.startswith("under"):
            yield _leak(
                "oversample_before_cv", "material", step, "the folds share copies or neighbours of the same rows", "overlap"
            )
        elif _harmless_in_folds(step) and _has_own_test(reading, judged):
            continue
        else:
            leak = _early(step, targets, frozenset(judged.metric.split(",")))
            if leak is not None:
                yield leak


def _harmless_in_folds(step: Step) -> bool:
    """What moves a fold's score little, or, as rows left out do, changes only what that score means."""
    return step.op in BENIGN | {"encode"} or (step.op == "resample" and step.what.startswith("under"))


def _has_own_test(reading: Reading, judged: Evaluation) -> bool:
    """Whether these rows are the training side of a split whose other side is judged on elsewhere."""
    if not has_side(judged.rows, "train", "below", "fold"):
        return False
    return any(
        not one.cv and one.how in ("metric", "score") and not overlap(one.rows, judged.rows) for one in reading.log.evaluations
    )


def _within_search(fit: Fit, targets: frozenset[str]) -> Iterator[Leak]:
    """A search cross-validates inside its training rows."""
    for step in fit.steps:
        by_target = step.what != REPEATED or step.source & targets
        if step.op == "resample" and by_target and not step.what.startswith("under") and overlap(step.rows, fit.rows):
            yield _leak(
                "oversample_before_cv", "material", step, "the search's folds share copies or neighbours of the same rows"
            )


def _train_as_test(reading: Reading) -> Iterator[Leak]:
    """A model judged only on rows that it learned from, or fitted on all rows and judged on the part kept apart."""
    clean_names = _cleanly_judged(reading)
    for fit in reading.log.fits:
        if not fit.rows or fit.how != "fit" or fit.model.role not in ("learner", "wrapper", "automl") or _describes_only(fit):
            continue
        judged = [one for one in reading.log.evaluations if fit.number in one.fits and one.how in _JUDGING and one.rows]
        if not judged or any(one.cv or not overlap(one.rows, fit.rows) for one in judged) or _watched_apart(fit):
            continue
        kept_apart = next((one for one in judged if learned_from_all(fit, one)), None)
        if kept_apart is None and (fit.model.name in clean_names or _inner_names(fit) & clean_names):
            continue
        yield Leak(
            kind="train_as_test", tier="material", group="overlap", where=where((kept_apart or judged[0]).place),
            why=f"the model fitted at {where(fit.place)} is judged only on rows not kept apart from those it learned from",
        )  # fmt: skip


def _watched_apart(fit: Fit) -> bool:
    """Its training was watched on other rows, which is a judgement too."""
    return fit.holds_back or (bool(fit.early_stopping_on) and not overlap(fit.early_stopping_on, fit.rows))


def learned_from_all(fit: Fit, judged: Evaluation) -> bool:
    """Judged on the side of a split that was to be kept apart, after learning from all the rows of before that split."""
    learned = {region.origin: region.sides for region in fit.rows} if len(fit.rows) == 1 else {}
    return bool(judged.rows) and all(
        region.origin in learned
        and learned[region.origin] < region.sides
        and any(side.side in _KEPT_APART for side in region.sides - learned[region.origin])
        for region in judged.rows
    )


_KEPT_APART = frozenset({"test", "held", "rest"})


def _mismatches(reading: Reading) -> Iterator[Leak]:
    """Predictions of some rows held against the labels of others."""
    for note in reading.log.notes:
        if note.kind == "label_mismatch":
            yield Leak(
                kind="label_mismatch", tier="minor", group="other", where=where(note.place),
                why=f"{note.what} holds predictions of some rows against labels of others",
            )  # fmt: skip


def _describes_only(fit: Fit) -> bool:
    return fit.model.detail in ("cluster", "anomaly", "columns")


def _inner_names(fit: Fit) -> frozenset[str]:
    return frozenset(part.name for _, part in fit.model.parts if hasattr(part, "name"))


def _cleanly_judged(reading: Reading) -> frozenset[str]:
    """Classes of models that are judged somewhere on rows they did not learn from."""
    fits = {fit.number: fit for fit in reading.log.fits}
    found: set[str] = set()
    for one in reading.log.evaluations:
        for number in one.fits:
            fit = fits.get(number)
            if fit is not None and one.how != "predict" and (one.cv or not overlap(one.rows, fit.rows)):
                found.add(fit.model.name)
                found |= _inner_names(fit)
    return frozenset(found)


def _leak(
    kind: str, tier: Tier, step: Step, why: str,
    group: Literal["preprocessing", "overlap", "selection", "target", "other"] = "preprocessing",
) -> Leak:  # fmt: skip
    return Leak(kind=kind, tier=tier, group=group, where=where(step.place), why=why)


def cross_validation(reading: Reading, leaks: tuple[Leak, ...]) -> Literal["none", "clean", "leaky"]:
    """Whether cross-validation was used, and whether what it was given had been spoilt."""
    used = any(one.cv for one in reading.log.evaluations) or any(fit.tuned for fit in reading.log.fits)
    used = used or any(has_side(one.rows, "held") for one in reading.log.evaluations)
    if not used:
        return "none"
    spoilt = any(leak.kind == "oversample_before_cv" for leak in leaks) or any(
        leak.tier != "benign" and leak.group in ("preprocessing", "target") and _cv_has(reading, leak) for leak in leaks
    )
    return "leaky" if spoilt else "clean"


def _cv_has(reading: Reading, leak: Leak) -> bool:
    return any(
        str(where(step.place)) == str(leak.where)
        for one in reading.log.evaluations
        if one.cv or has_side(one.rows, "held")
        for step in one.steps
    )
