"""Selection on the rows that are reported: thresholds, models, seeds and stopping points."""

from collections.abc import Iterator

from checks.practice.events import Choosing, Evaluation, Fit
from checks.practice.placing import where
from checks.practice.reader import Reading
from checks.practice.rows import Rows, has_side, overlap
from checks.practice.values import Items
from harness.model.practice import Leak


def selection_leaks(reading: Reading) -> Iterator[Leak]:
    yield from _chosen(reading)
    yield from _seeds_searched(reading)
    yield from _stopped(reading)


def _chosen(reading: Reading) -> Iterator[Leak]:
    fits = {fit.number: fit for fit in reading.log.fits}
    for choosing in reading.log.choosings:
        seen = [reading.log.evaluations[number] for number in choosing.evaluations if number < len(reading.log.evaluations)]
        honest = [one for one in seen if not one.cv and one.fits and _unseen_by_its_fits(one, fits)]
        if not honest or _judged_elsewhere(reading, honest, fits):
            continue
        if all(has_side(one.rows, "held") or _from_training_rows(one.rows) for one in honest):
            continue
        yield Leak(
            kind="selection_on_test", tier="material", group="selection", where=where(choosing.place),
            why=f"{_what(choosing)} was chosen on the rows that are reported, and no other rows are judged on",
        )  # fmt: skip


def _what(choosing: Choosing) -> str:
    return {"threshold": "a threshold", "best of a loop": "the best of a loop", "best of several": "the best of several"}.get(
        choosing.what, choosing.what
    )


def _unseen_by_its_fits(one: Evaluation, fits: dict[int, Fit]) -> bool:
    return all(not overlap(fits[number].rows, one.rows) for number in one.fits if number in fits)


def _from_training_rows(rows: Rows) -> bool:
    """Validation rows: all of them come from the training side of an earlier split."""
    return bool(rows) and all(any(side.side in ("train", "fold") for side in region.sides) for region in rows)


def _judged_elsewhere(reading: Reading, chosen_on: list[Evaluation], fits: dict[int, Fit]) -> bool:
    """Whether later rows, apart from those chosen on and those learned from, are judged on as well."""
    last = min(one.number for one in chosen_on)
    rows: Rows = frozenset().union(*(one.rows for one in chosen_on))
    return any(
        one.number > last and one.how in ("metric", "score") and one.rows and not overlap(one.rows, rows)
        and _unseen_by_its_fits(one, fits) and not one.cv
        for one in reading.log.evaluations
    )  # fmt: skip


def _seeds_searched(reading: Reading) -> Iterator[Leak]:
    """A seed among the hyperparameters: the luckiest run is picked, not the best setting."""
    for fit in reading.log.fits:
        for grid in fit.model.grids:
            for key, value in grid.entries.items():
                several = isinstance(value, Items) and len(value.items) > 1
                if several and str(key).rsplit("__", 1)[-1] in ("random_state", "seed", "random_seed"):
                    yield Leak(
                        kind="seed_in_search", tier="minor", group="selection", where=where(fit.place),
                        why="the seed is searched like a hyperparameter, which picks the luckiest run",
                    )  # fmt: skip


def _stopped(reading: Reading) -> Iterator[Leak]:
    fits = {fit.number: fit for fit in reading.log.fits}
    for fit in reading.log.fits:
        watched = fit.early_stopping_on
        if not watched or not fit.stops_early or overlap(watched, fit.rows):
            continue
        reported = [one for one in reading.log.evaluations if fit.number in one.fits and one.how in ("metric", "score")]
        same = [one for one in reported if overlap(one.rows, watched)]
        other = [one for one in reported if not overlap(one.rows, watched) and _unseen_by_its_fits(one, fits)]
        later = _judged_elsewhere(reading, same, fits) if same else True
        if same and not other and not later and not all(has_side(one.rows, "held") for one in same):
            yield Leak(
                kind="early_stopping_on_test", tier="minor", group="selection", where=where(fit.place),
                why="training stopped by the score on the rows that are reported",
            )  # fmt: skip
