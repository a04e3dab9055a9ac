"""How predictions behave when nothing that matters has changed."""

from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.predicted import STEP, NoPredictions
from checks.probed import First, Probed, ProbedRow, Unread, close, first_run, read_probe
from checks.trap_use import TrapUse, trap_uses, wants
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.pack import Pack
from harness.model.record import Record, Share

ID = "behaviour"
ORDER_KEPT = 0.9999


class Settings(Record):
    """What counts as unchanged."""

    unchanged: Share = Field(default=0.99, description="Share of the rows whose prediction has to stay what it was.")
    trap_drop: Share = Field(default=0.3, description="Ladder units lost, from which a result rests on a trap column.")
    trap_top: Share = Field(default=0.5, description="Or so little is kept of the highest rows, or of the order of amounts.")


@dataclass(frozen=True)
class Outcome:
    """One probe, judged: a score from 0 to 1, or None when it could not be measured, and why."""

    kind: str
    weight: float
    score: float | None
    finding: Finding | None = None
    why: str = ""
    fault: Fault = Fault.PACK


@dataclass(frozen=True)
class _Invariance:
    """A change after which predictions have to be what they were."""

    weight: float
    rule: str
    message: str
    fix: str
    innocent: str


_INVARIANCES = {
    "row_order": _Invariance(
        2.0,
        "depends_on_row_order",
        "Predictions change when the same rows come in another order, under other ids",
        "sort what needs an order by a column of the data, and leave ids out of the features",
        "Rows of one moment were told apart by their order.",
    ),
    "extra_column": _Invariance(
        1.0,
        "depends_on_extra_column",
        "Predictions change when the table has one more column, which means nothing",
        "choose columns by name",
        "All columns of the table were taken for features by design.",
    ),
    "prefix": _Invariance(
        2.0,
        "uses_later_rows",
        "Predictions for earlier rows change when later rows are cut off, so they use what was not known yet",
        "compute features from earlier rows only",
        "Totals over the whole file were taken to be known when decisions are made.",
    ),
    "batch": _Invariance(
        2.0,
        "depends_on_batch",
        "Predictions for the same rows change when they come in a smaller batch",
        "fit transformers when training, and only apply them when predicting",
        "Scores are ranks within a batch by design.",
    ),
    "single_row": _Invariance(
        1.0,
        "single_row_differs",
        "The prediction for a row that comes alone is another than within the batch",
        "fit transformers when training, and only apply them when predicting",
        "Scores are ranks within a batch by design.",
    ),
}
_ROBUSTNESS = {
    "unseen_category": ("fails_on_unseen_category", "a category occurs that was not in the training data"),
    "blank_field": ("fails_on_blank_field", "an optional field is blank"),
    "duplicate_rows": ("fails_on_duplicate_rows", "some rows occur twice under different ids"),
}


@check("Behaviour of predictions", group="result", needs=("predictions",), settings=Settings)
def behaviour(evidence: Evidence, settings: Settings) -> CheckResult:
    """Predictions stay what they were when the holdout changes in ways that do not matter.

    Predict is run again, in fresh sandboxes, on altered copies of the holdout: other order and ids, a column that means
    nothing, earlier rows alone or a small batch, an unseen category, a blank field, doubled rows, and columns that are not
    available at decision time drawn anew. Runs are compared row by row outside. It cannot see why a prediction changed,
    and predictions that never depend on their input earn nothing here, however steady they are.
    """
    pack = evidence.pack
    if pack is None:
        return not_measured(ID, Fault.UNSUPPORTED, "Without a pack there is nothing to run again.")
    first = first_run(evidence, pack)
    if isinstance(first, NoPredictions):
        return not_measured(ID, first.fault, first.reason)
    ignored = _ignores_input(evidence, pack, first)
    if ignored is not None:
        return judged(ID, 0.0, ignored.message, (ignored,))
    outcomes = [*_invariances(evidence, pack, first, settings), *_robustness(evidence, pack, first)]
    outcomes += _traps(evidence, pack, first, settings)
    return _result(outcomes)


def _result(outcomes: list[Outcome]) -> CheckResult:
    measured = [one for one in outcomes if one.score is not None]
    open_ones = [one for one in outcomes if one.score is None]
    if not measured:
        why = open_ones[0] if open_ones else Outcome("probes", 0, None, why="this pack tries none")
        return not_measured(ID, why.fault, f"No change of the holdout could be tried: {why.why.rstrip('.')}.")
    score = sum(one.weight * (one.score or 0.0) for one in measured) / sum(one.weight for one in measured)
    failed = [one for one in measured if one.score is not None and one.score < 1]
    summary = f"Of {len(measured)} changes that should not matter, {len(measured) - len(failed)} left the predictions sound"
    summary += f"; not so: {', '.join(_words(one.kind) for one in failed)}." if failed else "."
    tried = [one for one in open_ones if one.why != "this pack does not try it"]
    if tried:
        summary += f" Not measured: {', '.join(f'{_words(one.kind)} ({one.why.rstrip(chr(46))})' for one in tried[:3])}."
    findings = tuple(one.finding for one in outcomes if one.finding is not None)
    return judged(ID, score, summary, findings, (Measurement(name="probes_measured", value=len(measured)),))


def _ignores_input(evidence: Evidence, pack: Pack, first: First) -> Finding | None:
    """Constant predictions, or such as follow the place in the file and not the row."""
    message = ""
    if first.constant:
        message = "Every prediction is the same number, whatever the input."
    reordered = read_probe(evidence, pack, first, "row_order")
    if not message and isinstance(reordered, Probed) and reordered.same_share() < 0.5:
        in_order = _in_order(evidence, pack, first)
        by_place = [close(before, row.now) for before, row in zip(in_order, reordered.rows, strict=False)]
        if by_place and sum(by_place) > 0.95 * len(by_place):
            message = "Predictions follow the place of a row in the file and not what stands in it."
        elif by_place and abs(reordered.order_kept()) < max(0.05, 3 / len(by_place) ** 0.5):
            message = "Under other ids the same rows get unrelated predictions, though a repeated run gives the same ones."
    if not message:
        return None
    return _finding("ignores_input", Severity.MAJOR, message, Where(step=STEP), innocent="A deliberate baseline.")


def _in_order(evidence: Evidence, pack: Pack, first: First) -> list[float]:
    """The first run's predictions in the order of the holdout; none when a repeated run gives others."""
    repeated = read_probe(evidence, pack, first, "repeat")
    if isinstance(repeated, Unread) or repeated.same_share() < 0.99:
        return []
    return [row.before for row in repeated.rows]


def _invariances(evidence: Evidence, pack: Pack, first: First, settings: Settings) -> list[Outcome]:
    outcomes = []
    for kind, wanted in _INVARIANCES.items():
        run = read_probe(evidence, pack, first, kind)
        if isinstance(run, Unread):
            outcomes.append(_unread(kind, wanted.weight, run, wanted.rule, wanted.message))
            continue
        share, order = run.same_share(), run.order_kept()
        ranks_only = wants(pack) == "ranking" and len(run.rows) > 1 and order >= ORDER_KEPT
        if share >= settings.unchanged or ranks_only:
            outcomes.append(Outcome(kind, wanted.weight, 1.0))
            continue
        severity = Severity.MAJOR if share < 0.9 and wanted.weight > 1 else Severity.MINOR
        seen = f"{1 - share:.1%} of {_count(run)} rows changed, rank correlation {order:.3f}; {_example(run.rows)}"
        finding = _finding(
            wanted.rule, severity, f"{wanted.message}.", Where(step=run.step.name), seen, wanted.fix, wanted.innocent
        )
        outcomes.append(Outcome(kind, wanted.weight, max(0.0, min(0.8, share)) if share >= 0.9 else 0.0, finding))
    return _single_row_follows_batch(outcomes)


def _single_row_follows_batch(outcomes: list[Outcome]) -> list[Outcome]:
    """One cause is one finding: what already depends on the batch differs for a single row as well."""
    failed = {one.kind for one in outcomes if one.finding is not None}
    return [one for one in outcomes if not (one.kind == "single_row" and {"batch", "single_row"} <= failed)]


def _robustness(evidence: Evidence, pack: Pack, first: First) -> list[Outcome]:
    outcomes = []
    for kind, (rule, when) in _ROBUSTNESS.items():
        run = read_probe(evidence, pack, first, kind)
        if isinstance(run, Unread):
            outcomes.append(_unread(kind, 1.0, run, rule, f"Predicting does not work when {when}"))
            continue
        outcomes.append(_copies(run, evidence) if kind == "duplicate_rows" else Outcome(kind, 1.0, 1.0))
    return outcomes


def _copies(run: Probed, evidence: Evidence) -> Outcome:
    """Equal rows get equal predictions; where time matters, the first of two may count as history of the second."""
    timed = evidence.facts is not None and evidence.facts.time_column is not None
    copies = {row.base: row.now for row in run.rows if row.changed == "copy"}
    unequal = [row for row in run.rows if row.changed == "" and row.base in copies and not close(row.now, copies[row.base])]
    if timed or len(unequal) <= 0.01 * len(copies):
        return Outcome("duplicate_rows", 1.0, 1.0)
    row = unequal[0]
    seen = f"{len(unequal)} of {len(copies)} pairs differ; id {row.base}: {row.now:.6g} and {copies[row.base]:.6g}"
    message = "Two rows that are equal but for their id get different predictions."
    finding = _finding(
        "unequal_twins", Severity.MINOR, message, Where(step=run.step.name), seen, "leave ids out of the features"
    )
    return Outcome("duplicate_rows", 1.0, 0.0, finding)


def _traps(evidence: Evidence, pack: Pack, first: First, settings: Settings) -> list[Outcome]:
    uses = trap_uses(evidence, pack, first)
    if isinstance(uses, Unread):
        message = "Predicting does not work when a column that is not available at decision time holds other values"
        return [_unread("trap_scramble", 2.0, uses, "fails_on_trap_scramble", message)]
    return [_trap(use, settings) for use in uses]


def _trap(use: TrapUse, settings: Settings) -> Outcome:
    columns, place = ", ".join(use.columns), Where(step=use.run.step.name)
    loss = f"{use.drop:.2f} ladder units lost" if use.drop is not None else "no ladder to measure the loss"
    seen = f"{loss}; {use.kept_of} to {use.kept:.0%}; {1 - use.run.same_share():.0%} of all rows change"
    innocent = "The data dictionary may have been read as allowing it."
    if not use.used:
        message = f"Predictions do not depend on {columns}, which the data dictionary says is not to be relied on."
        return Outcome("trap_scramble", 2.0, 1.0, _finding("traps_ignored", Severity.PRAISE, message, place, seen))
    if use.rests(settings.trap_drop, settings.trap_top):
        message = f"The result rests on {columns}, which is not available, or not the same, when decisions are made."
        finding = _finding("rests_on_trap", Severity.MAJOR, message, place, seen, "leave the column out", innocent)
        return Outcome("trap_scramble", 2.0, 0.0, finding)
    message = f"Predictions use {columns}, which is not available, or not the same, when decisions are made."
    finding = _finding("uses_trap", Severity.MINOR, message, place, seen, "leave the column out", innocent)
    return Outcome("trap_scramble", 2.0, 0.5, finding)


def _unread(kind: str, weight: float, run: Unread, rule: str, message: str) -> Outcome:
    """A run that failed under a change is a finding; one that never took place is not measured."""
    if run.kind in ("absent", "lost"):
        return Outcome(kind, weight, None, why=run.sentence, fault=run.fault)
    broke = (
        message
        if kind in _ROBUSTNESS or kind == "trap_scramble"
        else f"Predicting does not work under a change: {_words(kind)}"
    )
    seen = f"{run.sentence} {run.seen}".strip()
    finding = _finding(rule if kind in _ROBUSTNESS else f"fails_on_{kind}", Severity.MAJOR, f"{broke}.", run.where, seen)
    return Outcome(kind, weight, 0.0, finding)


def _example(rows: tuple[ProbedRow, ...]) -> str:
    row = max((row for row in rows if not row.changed), key=lambda row: abs(row.now - row.before))
    return f"id {row.base}: {row.before:.6g} before, {row.now:.6g} now"


def _count(run: Probed) -> str:
    return f"{sum(not row.changed for row in run.rows):,}"


def _words(kind: str) -> str:
    return _WORDS.get(kind, kind.replace("_", " "))


_WORDS: dict[str, str] = {
    "row_order": "another row order",
    "extra_column": "one more column",
    "prefix": "later rows cut off",
    "batch": "a small batch",
    "single_row": "a single row",
    "unseen_category": "an unseen category",
    "blank_field": "a blank field",
    "duplicate_rows": "doubled rows",
    "trap_scramble": "columns that are not available at decision time",
}


def _finding(
    rule: str, severity: Severity, message: str, where: Where, seen: str = "", fix: str = "", innocent: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=where,
        seen=seen,
        expected="the same predictions, row by row" if severity in (Severity.MAJOR, Severity.MINOR) else "",
        fix=fix,
        confidence=0.9,
        level=Level.BEHAVIOUR,
        innocent=innocent,
    )
