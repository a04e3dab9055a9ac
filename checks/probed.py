"""Reading the further runs of predict: which row is which, and what was predicted before and after the change."""

import csv
import io
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from checks.failures import explain
from checks.predicted import STEP, NoPredictions, find_predictions
from checks.tables import LabelsError, read_labels, read_predictions
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Where
from harness.model.pack import Pack
from harness.model.run import PROBE_ROWS, SandboxLost, StepResult, TimedOut
from harness.model.text import one_line

MAX_ROWS_BYTES = 60_000_000
CLOSE = 1e-6


@dataclass(frozen=True)
class First:
    """The first run's predictions, by id."""

    values: dict[str, float]
    read: "dict[str, Probed | Unread]" = field(default_factory=dict, compare=False)
    """Further runs that were compared with it already, by the step's name."""

    @property
    def constant(self) -> bool:
        return len(set(self.values.values())) <= 1 < len(self.values)


class ProbedRow(NamedTuple):
    """One row of a further run."""

    base: str
    changed: str
    before: float
    now: float

    @property
    def same(self) -> bool:
        return close(self.before, self.now)


@dataclass(frozen=True)
class Probed:
    """A further run that could be read: every row has its prediction."""

    step: StepResult
    rows: tuple[ProbedRow, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.step.altered.columns if self.step.altered else ()

    def same_share(self) -> float:
        """Share of the rows, of those left as they were, whose prediction is what it was."""
        kept = [row.same for row in self.rows if not row.changed]
        return sum(kept) / len(kept) if kept else 1.0

    def order_kept(self) -> float:
        """Rank correlation of before and now over the rows that were left as they were."""
        rows = [row for row in self.rows if not row.changed]
        return rank_correlation([row.before for row in rows], [row.now for row in rows])

    def top_kept(self, count: int) -> float:
        """Share of the `count` highest rows of before that are still among them."""
        before = sorted(self.rows, key=lambda row: (-row.before, row.base))[:count]
        now = {row.base for row in sorted(self.rows, key=lambda row: (-row.now, row.base))[:count]}
        return sum(row.base in now for row in before) / max(1, len(before))


@dataclass(frozen=True)
class Unread:
    """A further run that gave nothing to compare with."""

    kind: Literal["absent", "failed", "invalid", "lost"]
    fault: Fault
    sentence: str
    seen: str = ""
    where: Where = Where()


def first_run(evidence: Evidence, pack: Pack) -> First | NoPredictions:
    """The predictions that everything is compared with; they have to be valid."""
    found = find_predictions(evidence, pack)
    if isinstance(found, NoPredictions):
        return found
    expected: tuple[str, ...] | None = None
    if evidence.reference is not None:
        try:
            expected = read_labels(evidence.reference.labels, pack.data.id_column, pack.data.target).ids
        except LabelsError as error:
            return NoPredictions(Fault.PACK, "labels", f"The pack's label file cannot be used: {error}.")
    table = read_predictions(found, pack.predictions, expected)
    if table.problems:
        reason = f"The first run's predictions are not valid: {table.problems[0].message}."
        return NoPredictions(Fault.SUBMISSION, "invalid", reason)
    return First(table.values)


def read_probe(evidence: Evidence, pack: Pack, first: First, kind: str) -> Probed | Unread:
    """The run that tried this alone; else the one that tried it together with others."""
    steps = [step for step in (evidence.runs.probes if evidence.runs else ()) if not step.name.endswith(".train")]
    alone = [step for step in steps if step.altered and step.altered.kinds == (kind,)]
    together = [step for step in steps if step.altered and kind in step.altered.kinds]
    if not together:
        return absent(evidence, kind)
    return read_step(evidence, pack, first, (alone or together)[0])


def read_step(evidence: Evidence, pack: Pack, first: First, step: StepResult) -> Probed | Unread:
    """One further run's rows, each with its prediction before and now. What was tried together is read once."""
    if step.name not in first.read:
        first.read[step.name] = _compared(evidence, pack, first, step)
    return first.read[step.name]


def _compared(evidence: Evidence, pack: Pack, first: First, step: StepResult) -> Probed | Unread:
    place = Where(step=step.name)
    if isinstance(step.outcome, SandboxLost):
        return Unread("lost", Fault.HARNESS, f"{step.outcome.sentence()}", where=place)
    if isinstance(step.outcome, TimedOut) and _near_its_limit(evidence, step):
        return Unread("lost", Fault.UNSUPPORTED, "ran out of its time, of which the first run had used most", where=place)
    keyed = _rows_of(evidence, step)
    data = evidence.read_artifact(step.name, pack.predictions.file, pack.predictions.max_mb * 1_000_000)
    if keyed is None:
        return Unread("lost", Fault.HARNESS, "has no account of its rows", where=place)
    if not step.outcome.succeeded or data is None:
        failure = explain(evidence, step)
        sentence = failure.sentence if not step.outcome.succeeded else "ended normally and wrote no predictions."
        if failure.fault is Fault.HARNESS and not step.outcome.succeeded:
            return Unread("lost", Fault.HARNESS, sentence, failure.seen, failure.where)
        return Unread("failed", Fault.SUBMISSION, sentence, failure.seen, failure.where)
    table = read_predictions(data, pack.predictions, {key for key, _, _ in keyed})
    if table.problems:
        problem = table.problems[0]
        return Unread("invalid", Fault.SUBMISSION, f"{problem.message}", problem.seen, Where(step=step.name, row=problem.row))
    rows = [
        ProbedRow(base, changed, first.values[base], table.values[key]) for key, base, changed in keyed if base in first.values
    ]
    if len(rows) < len(keyed):
        return Unread("lost", Fault.HARNESS, "tells of rows that the first run did not have", where=place)
    return Probed(step, tuple(rows))


def close(before: float, now: float) -> bool:
    return abs(before - now) <= CLOSE * (1 + abs(before))


def rank_correlation(before: list[float], now: list[float]) -> float:
    """Spearman's, with ties sharing their rank; 1 for fewer than two rows, and 0 where one of the two is constant."""
    import numpy as np

    if len(before) < 2:
        return 1.0
    ranks = []
    for values in (before, now):
        _, inverse, counts = np.unique(np.array(values), return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(counts) - (counts - 1) / 2)[inverse])
    one, other = (rank - rank.mean() for rank in ranks)
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale > 0 else float(before == now)


def _rows_of(evidence: Evidence, step: StepResult) -> list[tuple[str, str, str]] | None:
    data = evidence.read_artifact(step.name, PROBE_ROWS, MAX_ROWS_BYTES)
    if data is None:
        return None
    rows = list(csv.reader(io.StringIO(data.decode("utf-8", errors="replace"))))[1:]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]


def absent(evidence: Evidence, kind: str) -> Unread:
    """Why this was not tried."""
    if evidence.runs is None:
        return Unread("absent", Fault.UNSUPPORTED, "nothing was run")
    skipped = [
        one for one in evidence.runs.skipped if one.name == "probes" or kind in one.name.removeprefix("probe-").split(".")
    ]
    if skipped:
        return Unread("absent", Fault(skipped[0].fault), one_line(skipped[0].reason))
    return Unread("absent", Fault.PACK, "this pack does not try it")


def _near_its_limit(evidence: Evidence, step: StepResult) -> bool:
    first = evidence.runs.step(STEP) if evidence.runs else None
    return first is not None and first.wall_s > step.limits.wall_s / 2
