"""Whether models were compared alike, and whether the final fit is what was tried."""

from checks.practice.events import Fit
from checks.practice.imbalance_facts import final_fits
from checks.practice.placing import where
from checks.practice.reader import Reading
from harness.model.practice import Seen


def compared_alike(reading: Reading) -> bool:
    """Two fits or more of different families judged by the same metric on rows of the same origin, resampled alike."""
    fits = {fit.number: fit for fit in reading.log.fits if fit.task}
    seen: dict[tuple[str, object, object], set[str]] = {}
    for one in reading.log.evaluations:
        if one.how == "predict":
            continue
        resampled = frozenset(step.place for step in one.steps if step.op == "resample")
        origins = frozenset(region.origin for region in one.rows)
        for number in one.fits:
            if number in fits:
                seen.setdefault((one.metric, origins, resampled), set()).update(fits[number].families)
    return any(len(families) >= 2 for families in seen.values())


def silent_changes(reading: Reading) -> tuple[Seen, ...]:
    """Final fits that drop the resampling under which the same kind of model was judged before."""
    final = final_fits(reading)
    fits = [fit for fit in reading.log.fits if fit.task]
    judged = {number for one in reading.log.evaluations if one.how != "predict" for number in one.fits}
    found = []
    for fit in fits:
        if fit.number not in final or _resampled(fit) or fit.number in judged:
            continue
        before = [one for one in fits if _tried_before(one, fit) and one.families == fit.families and one.number in judged]
        if before and all(_resampled(one) for one in before):
            found.append(Seen(what="the resampling that was used before is left out of the final fit", where=where(fit.place)))
    return tuple(found[:5])


def _tried_before(one: Fit, final: Fit) -> bool:
    """Earlier in the same file; of two files, the one with the judgement is the trial, whichever is read first."""
    return one.place.path != final.place.path or one.number < final.number


def _resampled(fit: Fit) -> bool:
    return any(name in ("resampling", "sampler in the pipeline") for name, _ in fit.balance)
