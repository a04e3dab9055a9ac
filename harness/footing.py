"""The footing of a run: the seed's data, the exchange under this submission's ids, and the measured ladder."""

import csv
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from harness import checking, intake
from harness.errors import PackError
from harness.ladder import AT_ONCE, Say, find_or_measure, ladder_file
from harness.model.evidence import Evidence, Reference
from harness.model.report import Lock, Rung
from harness.model.run import RunSet
from harness.model.submission import Snapshot
from harness.packs import OpenPack
from harness.running import (
    DataSet,
    Exchange,
    Running,
    Session,
    choose_entry,
    exchange_key,
    find_or_make_data,
    kind_of,
    open_session,
    run_answer_only,
)
from harness.settings import Settings
from harness.store import RunFolder


@dataclass(frozen=True)
class Footing:
    """On what a submission is measured."""

    data: DataSet
    exchange: Exchange
    rungs: tuple[Rung, ...]

    @property
    def public(self) -> Path:
        return self.data.public


def prepare(opened: OpenPack, seed: int, session: Session) -> tuple[Rung, ...]:
    """Make what every submission on this seed shares, so that later each of them finds it: the data, and the ladder."""
    return _rungs(opened, find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, session), seed, session)


def stand(opened: OpenPack, seed: int, session: Session, snapshot: Snapshot, scratch: Path) -> Footing:
    """Make or find the data, re-key the holdout for this submission, and measure or find the ladder."""
    data = find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, session)
    rungs = _rungs(opened, data, seed, session)
    return Footing(data, _exchange(opened, data, snapshot, scratch), rungs)


def find_footing(opened: OpenPack, lock: Lock, snapshot: Snapshot, settings: Settings, scratch: Path, say: Say) -> Footing:
    """The footing of a run that is on disk. Only the pack's generator may have to run again, never the submission."""
    if (scratch / "exchange").is_dir():
        data = DataSet(settings.cache / "data" / _data_name(opened, lock.data_seed), lock.data_digest or "")
        exchange = Exchange(
            scratch / "exchange" / "public",
            scratch / "exchange" / "private" / opened.pack.data.labels,
            lock.exchange_digest or "",
        )
        return Footing(data, exchange, lock.rungs)
    place = settings.cache / "data" / _data_name(opened, lock.data_seed)
    if (place / "manifest.json").is_file():
        data = DataSet(place, lock.data_digest or "")
    else:
        with open_session(settings, opened.lock, lock.run_id, say) as session:
            data = find_or_make_data(opened.pack, opened.root, opened.data_digest, lock.data_seed, session)
    return Footing(data, _exchange(opened, data, snapshot, scratch, lock.grading_digest), lock.rungs)


def evidence_of(opened: OpenPack, snapshot: Snapshot, folder: RunFolder, runs: RunSet, footing: Footing) -> Evidence:
    """All that a check may look at."""
    declaration, problem = intake.read_declaration(folder.files, snapshot)
    return Evidence(
        snapshot=snapshot,
        files=folder.files,
        declaration=declaration,
        declaration_problem=problem,
        runs=runs,
        artifacts=folder.artifacts,
        pack=opened.pack,
        facts=opened.facts,
        brief=opened.brief_text(),
        public_columns=_columns(footing.public / opened.pack.data.train),
        reference=Reference(labels=footing.exchange.labels, rungs=footing.rungs, public=footing.public),
    )


def _exchange(
    opened: OpenPack, data: DataSet, snapshot: Snapshot, scratch: Path, grading_digest: str | None = None
) -> Exchange:
    key = exchange_key(grading_digest or opened.grading_digest, snapshot.digest)
    exchange = kind_of(opened.pack).make_exchange(opened.pack, data.root, key, scratch / "exchange")
    _lay_out_hidden_probes(opened, data, exchange)
    return exchange


def _lay_out_hidden_probes(opened: OpenPack, data: DataSet, exchange: Exchange) -> None:
    """Beside the labels, whether the generator made them for this seed or the pack ships them for every seed."""
    asked = opened.pack.steps.calls
    if asked is None or (exchange.labels.parent / asked.file).exists():
        return
    made, shipped = data.root / "private" / asked.file, opened.root / asked.file
    if made.is_file() or shipped.is_file():
        shutil.copyfile(made if made.is_file() else shipped, exchange.labels.parent / asked.file)


def _completed(opened: OpenPack, exemplar: str, data: DataSet, scratch: Path) -> Path:
    """An exemplar's files, with what it says of this seed's data filled in."""
    place = scratch / "exemplar"
    shutil.copytree(opened.exemplar(exemplar), place)
    kind_of(opened.pack).complete(opened.pack, place, data.public)
    return place


def _rungs(opened: OpenPack, data: DataSet, seed: int, session: Session) -> tuple[Rung, ...]:
    file = ladder_file(session.cache, opened.pack.id, opened.data_digest, seed, session.environment.digest)
    session = replace(session, threads=max(1, session.threads // AT_ONCE))

    def value_of(exemplar: str) -> float:
        scratch = session.folder(f"rung-{exemplar}")
        snapshot = intake.take(str(_completed(opened, exemplar, data, scratch)), scratch / "submission")
        declaration, problem = intake.read_declaration(scratch / "submission", snapshot)
        choice = choose_entry(declaration, problem, snapshot, scratch / "submission", opened.pack.entry_points)
        exchange = _exchange(opened, data, snapshot, scratch)
        running = Running(
            session, opened.pack, snapshot, scratch / "submission", choice, data.public, exchange, scratch / "artifacts"
        )
        return _value(opened, run_answer_only(running), scratch, exchange, exemplar)

    return find_or_measure(file, opened.pack.ladder, value_of, session.say)


def _value(opened: OpenPack, runs: RunSet, place: Path, exchange: Exchange, exemplar: str) -> float:
    answer = kind_of(opened.pack).answer_of(opened.pack, place / "artifacts", place / "submission")
    if not answer.is_file():
        last = runs.steps[-1] if runs.steps else None
        told = f"{last.name} {last.outcome.sentence()}: {last.stderr.text()[-400:].strip()}" if last else runs.skipped[0].reason
        raise PackError(
            f"the exemplar {exemplar!r} gave no {answer.name}; {told}",
            where=str(opened.root),
            next_step="harness pack calibrate",
        )
    return checking.metric_value(opened.pack, opened.pack.metric, answer.read_bytes(), exchange.labels, place / "artifacts")


def _data_name(opened: OpenPack, seed: int) -> str:
    return f"{opened.pack.id}-{opened.data_digest[:16]}-{seed}"


def _columns(table: Path) -> tuple[str, ...]:
    """The column names of the main public table; none where a kind of task has no such table."""
    if not table.is_file():
        return ()
    with table.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file), []))
