"""Whether predictions rest on a column that is not available, or not the same, when decisions are made."""

from dataclasses import dataclass

from checks.ladder import build
from checks.measure import values_on
from checks.metrics.registry import METRICS, choose
from checks.probed import First, Probed, Unread, absent, read_step
from checks.tables import LabelsError, read_labels
from harness.errors import PackError
from harness.model.evidence import Evidence
from harness.model.pack import Pack

TOP_SHARE, TOP_LEAST = 0.02, 20


@dataclass(frozen=True)
class TrapUse:
    """What scrambling one column, or several together, did to the predictions."""

    columns: tuple[str, ...]
    run: Probed
    drop: float | None
    """Ladder units lost on the holdout; None where there is no ladder."""
    kept: float
    """Share of the highest rows that are still among them; for amounts, how far the order is kept."""
    kept_of: str

    @property
    def used(self) -> bool:
        return self.run.same_share() < 0.99

    def rests(self, drop: float, least: float) -> bool:
        """A trap that is neutral in the holdout costs nothing there, so the order of the rows is looked at as well."""
        return self.used and ((self.drop is not None and self.drop >= drop) or self.kept < least)


def trap_uses(evidence: Evidence, pack: Pack, first: First) -> tuple[TrapUse, ...] | Unread:
    """One for each column that was scrambled alone; else one for all that were scrambled together."""
    steps = [step for step in (evidence.runs.probes if evidence.runs else ()) if _is_trap(step.altered)]
    if not steps:
        return absent(evidence, "trap_scramble")
    read = [read_step(evidence, pack, first, step) for step in steps]
    alone = [one for one in read if isinstance(one, Probed) and len(one.columns) == 1]
    together = read[0]
    if isinstance(together, Unread):
        return together
    unchanged = together.same_share() >= 0.99
    chosen = [together] if unchanged or not alone else alone
    return tuple(_use(evidence, pack, first, run) for run in chosen)


def _is_trap(altered: object) -> bool:
    return "trap_scramble" in getattr(altered, "kinds", ())


def _use(evidence: Evidence, pack: Pack, first: First, run: Probed) -> TrapUse:
    drop = _drop(evidence, pack, first, run)
    if wants(pack) == "number":
        return TrapUse(run.columns, run, drop, run.order_kept(), "the order of all rows is kept")
    count = max(TOP_LEAST, round(TOP_SHARE * len(run.rows)))
    return TrapUse(run.columns, run, drop, run.top_kept(count), "the highest rows stay among them")


def wants(pack: Pack) -> str:
    """What predictions the pack's metric is meant for."""
    spec = METRICS.get(pack.metric.name)
    return spec.wants if spec is not None else "number"


def _drop(evidence: Evidence, pack: Pack, first: First, run: Probed) -> float | None:
    """How far the place on the ladder falls."""
    reference = evidence.reference
    if reference is None or not reference.rungs:
        return None
    try:
        metric = choose(pack.metric)
        ladder = build(reference.rungs, metric.spec.higher_is_better, 0.0)
        labels = read_labels(reference.labels, pack.data.id_column, pack.data.target)
        if isinstance(ladder, str):
            return None
        now = {row.base: row.now for row in run.rows}
        before, after = (values_on(labels, values, (metric,)).get(metric.spec.name) for values in (first.values, now))
    except (LabelsError, PackError, KeyError):
        return None
    return None if before is None or after is None else ladder.position(before) - ladder.position(after)
