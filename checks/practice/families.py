"""Model families: fitted on the task's data, and judged."""

from checks.practice.events import Fit
from checks.practice.placing import where
from checks.practice.reader import Reading
from harness.model.practice import Seen


def judged_fits(reading: Reading) -> frozenset[int]:
    """Fits whose model was evaluated, predicted with, cross-validated, or watched on rows kept back while it learned."""
    watched = frozenset(fit.number for fit in reading.log.fits if fit.watched)
    return watched.union(*(one.fits for one in reading.log.evaluations))


def families(reading: Reading) -> tuple[tuple[str, ...], tuple[Seen, ...]]:
    judged = judged_fits(reading)
    places: dict[str, Seen] = {}
    for fit in reading.log.fits:
        if not fit.task or fit.number not in judged:
            continue
        for family in fit.families:
            name = fit.model.name.rsplit(".", 1)[-1]
            places.setdefault(family, Seen(what=f"{family}: {name}", where=where(fit.place)))
    return tuple(sorted(places)), tuple(places[name] for name in sorted(places))


def is_baseline(fit: Fit) -> bool:
    return fit.model.detail == "baseline" or any(
        part.detail == "baseline" for _, part in fit.model.parts if hasattr(part, "detail")
    )
