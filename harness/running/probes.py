"""Probes: predict, run again in fresh sandboxes on altered copies of the holdout.

What a model does when nothing that matters has changed says more than what is written about it. Several harmless changes
are tried in one run first, and one by one only when that run shows something: sound submissions cost few runs. Nothing is
judged here; the runs and the account of their rows go to the checks.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial
from math import isclose

from harness.model.pack import ProbeKind
from harness.model.run import PROBE_ROWS, Alteration, SandboxLost, SkippedStep, StepResult
from harness.model.submission import CommandEntry, NotebookEntry, ServiceEntry, train_command
from harness.running import jobs, variants
from harness.running.jobs import Order
from harness.running.probe_data import (
    Ground,
    base_draft,
    data_folder,
    new_ids,
    note_rows,
    shuffled_folder,
    source_of,
    train_columns,
)
from harness.running.variants import Alter, Draft, UnsuitableError
from harness.together import one_ahead

ANOTHER_HASH_SEED = "4242"
TOLERANCE = 1e-6


@dataclass
class Account:
    """What has been run, and how much of the time is used up."""

    results: list[StepResult] = field(default_factory=list)
    skipped: list[SkippedStep] = field(default_factory=list)

    @property
    def used_s(self) -> float:
        return sum(step.wall_s for step in self.results)


@dataclass(frozen=True)
class Trial:
    """Alterations that are tried in one run, and how to tell that the run shows nothing."""

    alters: tuple[tuple[ProbeKind, Alter], ...]
    unchanged: bool
    """Whether every prediction has to be what it was; else it is enough that there is one for each row."""

    @property
    def name(self) -> str:
        return "probe-" + ".".join(dict.fromkeys(kind for kind, _ in self.alters))


@dataclass(frozen=True)
class Given:
    """What a run is given, and which of its rows is which."""

    draft: Draft
    ids: list[str]
    order: Order


@dataclass(frozen=True)
class Prepared:
    """A trial that is ready to be run, or why this data does not allow it."""

    trial: Trial
    name: str
    given: Given | str


def run_probes(ground: Ground) -> tuple[list[StepResult], list[SkippedStep]]:
    """Every probe that suits this data and entry, as long as the time for them lasts."""
    account = Account()
    base = base_draft(ground)
    for prepared in one_ahead(_prepare(ground, base, trial, trial.name) for trial in _trials(ground)):
        _try(ground, account, base, prepared)
    if ground.probes.retrain:
        _train_again(ground, account, "retrain")
    if ground.probes.label_shuffle:
        _train_again(ground, account, "label_shuffle")
    return account.results, account.skipped


def _trials(ground: Ground) -> Iterator[Trial]:
    """What to try, the most telling first."""
    alters = dict(_alters(ground))
    wanted = _wanted(ground)
    groups: tuple[tuple[tuple[ProbeKind, ...], bool], ...] = (
        (("repeat",), True),
        (("trap_scramble",), True),
        (("row_order", "extra_column"), True),
        (("prefix",), True),
        (("batch",), True),
        (("single_row",), True),
        (("unseen_category", "blank_field", "duplicate_rows"), False),
    )
    for kinds, unchanged in groups:
        chosen = tuple((kind, alter) for kind in kinds if kind in wanted for alter in alters.get(kind, ()))
        if chosen:
            yield Trial(chosen, unchanged)


def _wanted(ground: Ground) -> tuple[ProbeKind, ...]:
    if isinstance(ground.entry, NotebookEntry):
        return ground.probes.notebook_kinds
    if ground.probes.kinds is not None:
        return ground.probes.kinds
    timed = ground.facts is not None and ground.facts.time_column is not None
    by_time: tuple[ProbeKind, ...] = ("prefix",) if timed else ("batch", "single_row")
    return (
        "repeat",
        "trap_scramble",
        "row_order",
        "extra_column",
        *by_time,
        "unseen_category",
        "blank_field",
        "duplicate_rows",
    )


def _alters(ground: Ground) -> Iterator[tuple[ProbeKind, tuple[Alter, ...]]]:
    facts, probes = ground.facts, ground.probes
    traps = tuple(trap.column for trap in facts.traps) if facts else ()
    category = probes.category_column or next(iter(facts.categorical_columns), None) if facts else probes.category_column
    train = cache(lambda: train_columns(ground, {*traps, category or ""}))
    yield "repeat", (variants.repeated,)
    yield "row_order", (variants.reordered,)
    yield "extra_column", (variants.with_spare_column,)
    yield "duplicate_rows", (variants.with_duplicates,)
    yield "batch", (variants.batch_of(probes.batch_rows, "batch"),)
    yield "single_row", (variants.batch_of(1, "single_row"),)
    if facts is not None and facts.time_column:
        yield "prefix", (variants.prefix_until(facts.time_column, probes.prefix_share),)
    if traps:
        yield "trap_scramble", tuple(variants.scrambled(trap, partial(_column, train, trap)) for trap in traps)
    if category:
        yield "unseen_category", (variants.with_unseen_category(category, partial(_column, train, category)),)
    blank = probes.blank_column or next((gap.column for gap in facts.gaps), None) if facts else probes.blank_column
    if blank:
        yield "blank_field", (variants.with_blanks(blank),)


def _column(train: Callable[[], dict[str, list[str]]], name: str) -> list[str]:
    """Read when it is needed: what comes first needs none of it."""
    return train().get(name, [])


def _try(ground: Ground, account: Account, base: Draft, prepared: Prepared) -> None:
    """One run for all; and when it shows something, one for each."""
    trial, together = prepared.trial, _run(ground, account, prepared)
    if together is None or len(trial.alters) == 1 or isinstance(together.outcome, SandboxLost):
        return
    if _shows_nothing(ground, together, trial):
        return
    for number, (kind, alter) in enumerate(trial.alters, start=1):
        alone = Trial(((kind, alter),), trial.unchanged)
        taken = {step.name for step in account.results}
        name = alone.name if alone.name not in taken else f"{alone.name}-{number}"
        _run(ground, account, _prepare(ground, base, alone, name))


def _prepare(ground: Ground, base: Draft, trial: Trial, name: str) -> Prepared:
    """Everything that a run of this trial is given."""
    source = source_of(ground, name)
    draft = base
    try:
        for _, alter in trial.alters:
            draft = alter(draft, source)
    except UnsuitableError as why:
        return Prepared(trial, name, str(why))
    same_ids = all(kind == "repeat" for kind, _ in trial.alters)
    ids = [row.base for row in draft.rows] if same_ids else new_ids(draft, source)
    data = data_folder(ground, draft, ids)
    limits = ground.pack.steps.predict or ground.first.limits
    order = jobs.predict(ground.place, ground.entry, ground.pack, limits, data, ground.model)
    return Prepared(trial, name, Given(draft, ids, _hashed_anew(order) if same_ids else order))


def _run(ground: Ground, account: Account, prepared: Prepared) -> StepResult | None:
    name, given = prepared.name, prepared.given
    if not _affordable(ground, account, name):
        return None
    if isinstance(given, str):
        account.skipped.append(SkippedStep(name=name, reason=given, fault="pack"))
        return None
    draft = given.draft
    result = ground.step(name, given.order, ", ".join(draft.columns) or None)
    noted = note_rows(ground, result, draft, given.ids)
    altered = Alteration(kinds=tuple(dict.fromkeys(draft.kinds)), columns=draft.columns)
    done: StepResult = result.changed(altered=altered, artifacts=(*result.artifacts, noted))
    account.results.append(done)
    return done


def _shows_nothing(ground: Ground, result: StepResult, trial: Trial) -> bool:
    if not result.outcome.succeeded:
        return False
    with (ground.artifacts / result.name / PROBE_ROWS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    first, now = ground.values(ground.first.name), ground.values(result.name)
    if any(row_id not in now for row_id, _, _ in rows):
        return False
    return not trial.unchanged or all(
        base_id in first and isclose(now[row_id], first[base_id], rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for row_id, base_id, _ in rows
    )


def _train_again(ground: Ground, account: Account, kind: ProbeKind) -> None:
    """Train in a fresh sandbox, with another hash seed or with shuffled labels, and predict with what came of it."""
    name = f"probe-{kind}"
    entry = ground.entry
    given, exchange, model = ground.given, ground.exchange, ground.model
    if isinstance(entry, NotebookEntry):
        reason = "a notebook trains with each run; there is no separate training to repeat"
        account.skipped.append(SkippedStep(name=name, reason=reason, fault="unsupported"))
        return
    if not _affordable(ground, account, name):
        return
    if kind == "label_shuffle":
        given, exchange = (shuffled_folder(ground, folder) for folder in (ground.given, ground.exchange))
    altered = Alteration(kinds=(kind,), columns=(ground.pack.data.target,) if kind == "label_shuffle" else ())
    command = train_command(entry)
    if command:
        limits = ground.pack.steps.train or ground.pack.steps.predict or ground.first.limits
        trained = ground.step(f"{name}.train", _hashed_anew(jobs.train(ground.place, command, limits, given)), None)
        account.results.append(trained.changed(altered=altered))
        if not trained.outcome.succeeded:
            return
        model = ground.artifacts / f"{name}.train" / "model"
        model.mkdir(parents=True, exist_ok=True)
    elif isinstance(entry, (CommandEntry, ServiceEntry)) and kind == "label_shuffle":
        reason = "the submission has no train command whose labels could be shuffled"
        account.skipped.append(SkippedStep(name=name, reason=reason, fault="unsupported"))
        return
    limits = ground.pack.steps.predict or ground.first.limits
    order = jobs.predict(ground.place, entry, ground.pack, limits, exchange, model)
    result = ground.step(name, _hashed_anew(order), None)
    base = base_draft(ground)
    noted = note_rows(ground, result, base, [row.base for row in base.rows])
    account.results.append(result.changed(altered=altered, artifacts=(*result.artifacts, noted)))


def _affordable(ground: Ground, account: Account, name: str) -> bool:
    budget = ground.probes.budget_s
    if account.used_s + ground.first.wall_s <= budget:
        return True
    reason = f"the time for probes ({budget:g} s) was used up: {account.used_s:.0f} s by {len(account.results)} of them"
    account.skipped.append(SkippedStep(name=name, reason=reason, fault="pack"))
    return False


def _hashed_anew(order: Order) -> Order:
    return replace(order, job=replace(order.job, env={**order.job.env, "PYTHONHASHSEED": ANOTHER_HASH_SEED}))
