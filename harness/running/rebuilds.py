"""Further builds of a table: again in the same place, after a kill, for one day alone, from input that came otherwise."""

import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from harness.model.pack import RebuildKind, Rebuilds
from harness.model.run import PROBE_ROWS, Alteration, Artifact, SkippedStep, StepResult
from harness.model.sandbox import Limits
from harness.model.submission import CommandEntry, NotebookEntry
from harness.running import jobs
from harness.running.exchange import fresh_ids, link_or_copy, read_table, write_table
from harness.running.jobs import Order
from harness.running.work import Happened, Running

KILLED_AT = 0.3
"""Share of the first build's wall time after which a build is killed."""
SHORTEST_S = 0.15


@dataclass(frozen=True)
class Altered:
    """What a further build is given: the order, and which id of it is which of the first."""

    order: Order
    ids: list[tuple[str, str]]


def rebuild_all(running: Running, entry: CommandEntry | NotebookEntry, rebuilds: Rebuilds, first: StepResult) -> Happened:
    """Every kind that suits the entry, as long as the time for them lasts."""
    results: list[StepResult] = []
    skipped: list[SkippedStep] = []
    makers: dict[RebuildKind, Callable[[], Altered | str]] = {
        "twice": lambda: _again(running, entry, None),
        "shuffled_input": lambda: _shuffled_input(running, entry, rebuilds),
        "backfill": lambda: _backfill(running, entry, rebuilds),
        "resumed": lambda: _again(running, entry, max(SHORTEST_S, KILLED_AT * first.wall_s)),
    }
    for kind in rebuilds.kinds:
        name, used = f"rebuild-{kind}", sum(step.wall_s for step in results)
        if used + first.wall_s > rebuilds.budget_s:
            reason = f"the time for further builds ({rebuilds.budget_s:g} s) was used up: {used:.0f} s"
            skipped.append(SkippedStep(name=name, reason=reason, fault="pack"))
            continue
        made = makers[kind]()
        if isinstance(made, str):
            fault = "unsupported" if isinstance(entry, NotebookEntry) else "pack"
            skipped.append(SkippedStep(name=name, reason=made, fault=fault))
            continue
        result = running.step(name, made.order, made.order.job.limits)
        noted = _note(running, name, made.ids)
        results.append(result.changed(altered=Alteration(kinds=(kind,)), artifacts=(*result.artifacts, noted)))
    return results, skipped


def _again(running: Running, entry: CommandEntry | NotebookEntry, killed_after_s: float | None) -> Altered | str:
    if isinstance(entry, NotebookEntry):
        return "a notebook runs in a new place each time"
    limits = running.pack.steps.predict
    assert limits is not None  # noqa: S101 - there was a first build
    both: Limits = limits.changed(wall_s=2 * limits.wall_s)
    order = jobs.build_again(running.place, entry, running.pack, both, running.exchange.public, killed_after_s)
    rows, at = _asked(running)
    return Altered(order, [(row[at], row[at]) for row in rows])


def _shuffled_input(running: Running, entry: CommandEntry | NotebookEntry, rebuilds: Rebuilds) -> Altered:
    """The same input in another order: rows within files, contents among names, and one file delivered once more."""
    source = _source(running, "shuffled_input")
    names = sorted(one.name for one in running.exchange.public.iterdir() if fnmatchcase(one.name, rebuilds.inputs))
    folder = running.session.folder("shuffled")
    for file in sorted(running.exchange.public.iterdir()):
        if file.name not in names and file.name != running.pack.data.score:
            link_or_copy(file, folder / file.name)
    contents = [_rows_shuffled((running.exchange.public / name).read_text("utf-8"), source) for name in names]
    source.shuffle(contents)
    for name, content in zip(names, contents, strict=True):
        (folder / name).write_text(content, "utf-8")
    if names:
        chosen = source.choice(names)
        stem, dot, ending = chosen.partition(".")
        (folder / f"{stem}_9{dot}{ending}").write_text((folder / chosen).read_text("utf-8"), "utf-8")
    rows, _ = _asked(running)
    source.shuffle(rows)
    return _with_rows(running, entry, folder, rows, source)


def _rows_shuffled(text: str, source: random.Random) -> str:
    """Lines in another order, the header first. A last line that breaks off stays where it is."""
    header, *lines = text.split("\n")
    last = lines.pop() if lines else ""
    source.shuffle(lines)
    return "\n".join([header, *lines, last])


def _backfill(running: Running, entry: CommandEntry | NotebookEntry, rebuilds: Rebuilds) -> Altered | str:
    """Only the rows asked for the busiest day."""
    rows, _ = _asked(running)
    _, header = read_table(running.exchange.public / running.pack.data.score)
    if rebuilds.day_column is None or rebuilds.day_column not in header:
        return "the pack names no column that tells the day"
    at = header.index(rebuilds.day_column)
    days = Counter(row[at][:10] for row in rows)
    day = min(days, key=lambda one: (-days[one], one))
    folder = running.session.folder("backfill")
    for file in sorted(running.exchange.public.iterdir()):
        if file.name != running.pack.data.score:
            link_or_copy(file, folder / file.name)
    return _with_rows(running, entry, folder, [row for row in rows if row[at][:10] == day], _source(running, "backfill"))


def _with_rows(
    running: Running, entry: CommandEntry | NotebookEntry, folder: Path, rows: list[list[str]], source: random.Random
) -> Altered:
    """A folder of data that asks for these rows, under new ids."""
    everything, header = read_table(running.exchange.public / running.pack.data.score)
    at = header.index(running.pack.data.id_column)
    old = [row[at] for row in rows]
    new = fresh_ids(old, source, {row[at] for row in everything})
    cells = [[*row[:at], key, *row[at + 1 :]] for row, key in zip(rows, new, strict=True)]
    write_table(folder / running.pack.data.score, header, cells)
    limits = running.pack.steps.predict
    assert limits is not None  # noqa: S101 - there was a first build
    return Altered(jobs.build(running.place, entry, running.pack, limits, folder), list(zip(new, old, strict=True)))


def _asked(running: Running) -> tuple[list[list[str]], int]:
    rows, header = read_table(running.exchange.public / running.pack.data.score)
    return rows, header.index(running.pack.data.id_column)


def _note(running: Running, name: str, ids: list[tuple[str, str]]) -> Artifact:
    """Which row of this build is which row of the first; written once the sandbox is gone."""
    place = running.artifacts / name / PROBE_ROWS
    place.parent.mkdir(parents=True, exist_ok=True)
    content = write_table(place, ["id", "base_id", "changed"], [[key, base, ""] for key, base in ids])
    return Artifact(step=name, name=PROBE_ROWS, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def _source(running: Running, name: str) -> random.Random:
    """The same draws for the same exchange, whatever ran before."""
    return random.Random(f"{running.exchange.digest}\0{name}")  # noqa: S311 - reproducible, not secret
