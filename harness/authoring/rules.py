"""The rules of a fair pack, applied to the cells of a calibration. Each says what was seen and what to change."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from harness.authoring.exemplars import base_of, expected_of
from harness.authoring.stock import CHEATS
from harness.model.authoring import Cell, Ruling
from harness.packs import OpenPack

NEIGHBOURS = 0.05
"""Share of the way from dummy to strong, by the metric itself, that at least lies between two neighbouring rungs."""
SPREAD = 0.10
"""Ladder units by which the fixed weak and reference submissions may stray from their middle over all seeds."""
NO_GAIN = 1.0
"""Points of the automatic total within which a cheat counts as having gained nothing."""
HEADROOM, TIGHT = 0.5, 0.8
BOUGHT = ("holdout_score", "table_match", "quarantine", "sql_answers", "own_tests", "review_score", "patches", "hidden_probes")
"""Checks of results and tests: a trick may not get anything from them."""


@dataclass(frozen=True)
class Table:
    """Cells by exemplar and seed."""

    opened: OpenPack
    names: tuple[str, ...]
    cells: Sequence[Cell]

    def of(self, name: str) -> list[Cell]:
        return [cell for cell in self.cells if cell.exemplar == name]

    def middle(self, name: str) -> float | None:
        totals = [cell.automatic for cell in self.of(name) if cell.automatic is not None]
        return median(totals) if totals else None


def rulings(opened: OpenPack, cells: Sequence[Cell], names: tuple[str, ...]) -> tuple[Ruling, ...]:
    table = Table(opened, names, cells)
    rules: tuple[Callable[[Table], Iterator[Ruling]], ...] = (
        _graded,
        _bands,
        _order,
        _rungs_apart,
        _rungs_alike,
        _seeds_alike,
        _weak_ends_fail,
        _cheats_gain_nothing,
        _mutants,
        _criteria_move,
        _limits,
    )
    return tuple(ruling for rule in rules for ruling in rule(table))


def _graded(table: Table) -> Iterator[Ruling]:
    failed = [cell for cell in table.cells if cell.error]
    told = "; ".join(f"{cell.exemplar} on {cell.seed}: {cell.error.splitlines()[0]}" for cell in failed[:5])
    yield Ruling(
        rule="everything is graded", ok=not failed, told=told or f"{len(table.cells)} grades", change="repair what failed"
    )


def _bands(table: Table) -> Iterator[Ruling]:
    for name in table.names:
        expected = expected_of(table.opened, name)
        if expected is None:
            continue
        low, high = expected.automatic
        outside = [cell for cell in table.of(name) if cell.automatic is not None and not low <= cell.automatic <= high]
        if expected.ladder is not None:
            first, last = expected.ladder
            outside += [cell for cell in table.of(name) if cell.ladder is not None and not first <= cell.ladder <= last]
        told = "; ".join(f"seed {cell.seed}: {_points(cell)}" for cell in outside)
        yield Ruling(
            rule=f"{name} lands in its band",
            ok=not outside,
            told=told or f"{low:g} to {high:g}: {', '.join(_points(cell) for cell in table.of(name))}",
            change=f"the generator, the rubric, or exemplars/{name}/expected.yaml",
        )


def _order(table: Table) -> Iterator[Ruling]:
    ladder = table.opened.pack.ladder
    wanted = [
        name
        for name in ("blank", "starter", ladder.dummy, ladder.naive, ladder.reference, ladder.strong)
        if name in table.names
    ]
    for seed in sorted({cell.seed for cell in table.cells}):
        at = {cell.exemplar: cell.automatic or 0.0 for cell in table.cells if cell.seed == seed}
        values = [at[name] for name in wanted]
        yield Ruling(
            rule=f"exemplars stand in order on seed {seed}",
            ok=all(below < above for below, above in itertools.pairwise(values)),
            told=", ".join(f"{name} {value:.1f}" for name, value in zip(wanted, values, strict=True)),
            change="what the weaker one is given points for, or the weights of the checks",
        )


def _rungs_apart(table: Table) -> Iterator[Ruling]:
    """By the metric: on the ladder itself neighbours are a quarter or a half apart by definition."""
    names = ("dummy", "naive", "reference", "strong")
    shares = [
        [(above - below) / (rungs[-1] - rungs[0]) for below, above in itertools.pairwise(rungs)]
        for rungs in _rungs(table).values()
    ]
    for place, (below, above) in enumerate(itertools.pairwise(names)):
        gaps = [share[place] for share in shares]
        if gaps:
            yield Ruling(
                rule=f"{above} is {100 * NEIGHBOURS:g} % of the way from dummy to strong above {below}",
                ok=min(gaps) >= NEIGHBOURS,
                told=", ".join(f"{100 * gap:.0f} %" for gap in gaps) + " by the metric",
                change="the generator: make what the better one does matter more",
            )


def _rungs(table: Table) -> dict[int, tuple[float, ...]]:
    return {cell.seed: cell.rungs for cell in table.cells if cell.rungs}


def without_itself(rungs: Sequence[float], place: int) -> float:
    """Where naive (1) or reference (2) would stand on a ladder of the other three rungs."""
    dummy, naive, reference, strong = rungs
    if place == 1:
        return 0.75 * (naive - dummy) / (reference - dummy)
    return 0.25 + 0.75 * (reference - naive) / (strong - naive)


def _rungs_alike(table: Table) -> Iterator[Ruling]:
    """Two candidates get different data and the same difficulty."""
    seeds = _rungs(table)
    for place, name in ((1, "naive"), (2, "reference")):
        places = [without_itself(rungs, place) for rungs in seeds.values()]
        if len(places) > 1:
            yield _alike(f"{name}, on a ladder of the other rungs, stands at the same place on every seed", places)


def _seeds_alike(table: Table) -> Iterator[Ruling]:
    """Fixed submissions that are no rungs themselves stay where they are, whatever the seed."""
    ladder = table.opened.pack.ladder
    rungs = (ladder.dummy, ladder.naive, ladder.reference, ladder.strong)
    for name in table.names:
        places = [cell.ladder for cell in table.of(name) if cell.ladder is not None]
        if len(places) > 1 and name not in rungs and name not in CHEATS and not base_of(table.opened, name):
            yield _alike(f"{name} stands at the same place on every seed", places)


def _alike(rule: str, places: Sequence[float]) -> Ruling:
    spread = (max(places) - min(places)) / 2
    return Ruling(
        rule=rule,
        ok=spread <= SPREAD,
        level="warning",
        told=f"ladder {', '.join(f'{place:.2f}' for place in places)}: within {spread:.2f} of its middle",
        change="the generator: seeds differ in difficulty",
    )


def _weak_ends_fail(table: Table) -> Iterator[Ruling]:
    floor = min((line.at_least for line in table.opened.rubric.lines if line.at_least > 0), default=50.0)
    for name in ("blank", "starter"):
        middle = table.middle(name)
        if name in table.names:
            yield Ruling(
                rule=f"{name} stays below the lowest line",
                ok=middle is None or middle < floor,
                told="nothing was measured" if middle is None else f"{middle:.1f}, the line is {floor:g}",
                change="what is given points for without any work",
            )


def _cheats_gain_nothing(table: Table) -> Iterator[Ruling]:
    """Nothing over the same submission without the trick, and nothing at all for result and tests."""
    for name in table.names:
        cheat = CHEATS.get(name)
        if cheat is None or cheat.twin == name or cheat.twin not in table.names:
            continue
        twins = {cell.seed: cell for cell in table.of(cheat.twin)}
        gains = [(cell.automatic or 0.0) - (twins[cell.seed].automatic or 0.0) for cell in table.of(name) if cell.seed in twins]
        bought = [check for cell in table.of(name) for check in BOUGHT if (cell.checks.get(check) or 0.0) > 0.05]
        yield Ruling(
            rule=f"{name} gains nothing over {cheat.twin}",
            ok=bool(gains) and max(gains) <= NO_GAIN and not bought,
            told="gains "
            + ", ".join(f"{gain:+.1f}" for gain in gains)
            + "".join(f"; got points for {one}" for one in set(bought)),
            change="close the hole; if the harness itself has it, report it",
        )
    at_idle, at_dummy = table.middle("idle"), table.middle(table.opened.pack.ladder.dummy)
    if at_idle is not None and at_dummy is not None:
        yield Ruling(
            rule="a program that does nothing stays below the dummy",
            ok=at_idle < at_dummy,
            told=f"{at_idle:.1f} against {at_dummy:.1f}",
            change="what is given points for without any work",
        )


def _mutants(table: Table) -> Iterator[Ruling]:
    for name in table.names:
        base = base_of(table.opened, name) if name not in CHEATS else None
        expected = expected_of(table.opened, name)
        if base is None or expected is None or base not in table.names:
            continue
        sound = {cell.seed: set(cell.findings) for cell in table.of(base)}
        wanted: set[str] = set(expected.findings)
        wrong: list[str] = []
        for cell in table.of(name):
            raised = set(cell.findings) - sound.get(cell.seed, set())
            missing, surplus = wanted - raised, raised - wanted
            told = [f"not raised {one}" for one in sorted(missing)] + [f"also raised {one}" for one in sorted(surplus)]
            wrong += [f"seed {cell.seed}: {'; '.join(told)}"] if told else []
        yield Ruling(
            rule=f"{name} raises its finding and only that",
            ok=not wrong,
            told="; ".join(wrong) or ", ".join(sorted(wanted)),
            change="the mutant, so that it has one defect, or the check that does not see it",
        )


def _criteria_move(table: Table) -> Iterator[Ruling]:
    for criterion in table.opened.rubric.criteria:
        if not criterion.automatic_share:
            continue
        values = {round(value, 3) for cell in table.cells if (value := cell.criteria.get(criterion.id)) is not None}
        yield Ruling(
            rule=f"{criterion.id} tells some exemplars from others",
            ok=len(values) > 1,
            level="warning",
            told=f"{len(values)} different values",
            change="its checks or its exemplars: what everybody gets alike decides nothing",
        )


def _limits(table: Table) -> Iterator[Ruling]:
    strong = table.of(table.opened.pack.ladder.strong)
    if strong:
        worst = max(strong, key=lambda cell: cell.step_share)
        yield Ruling(
            rule=f"{worst.exemplar} leaves headroom in every limit",
            ok=worst.step_share <= HEADROOM,
            level="error" if worst.step_share > TIGHT else "warning",
            told=f"at most {100 * worst.step_share:.0f} % of a limit, in {worst.step_worst or 'no step'}",
            change="raise the limits of that step, and tell candidates",
        )


def _points(cell: Cell) -> str:
    total = "not measured" if cell.automatic is None else f"{cell.automatic:.1f}"
    return total if cell.ladder is None else f"{total} (ladder {cell.ladder:.2f})"
