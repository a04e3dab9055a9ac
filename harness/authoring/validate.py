"""pack validate: the generator, the declared facts, leaks in the data, the scorer, and the environment, tried for real."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import checking
from harness.authoring import probes
from harness.errors import HarnessError, PackError
from harness.model.authoring import Probe
from harness.packs import OpenPack
from harness.running import DataSet, Exchange, Session, exchange_key, find_or_make_data, kind_of, open_session
from harness.settings import Settings

MOST_SECONDS = 10.0
PLAIN, CODE = (".csv", ".md", ".json", ".txt", ".parquet", ".jsonl"), (".py", ".toml")


@dataclass(frozen=True)
class Tried:
    """What the probes look at."""

    opened: OpenPack
    session: Session
    seeds: tuple[int, int]
    data: DataSet
    exchange: Exchange


def validate(opened: OpenPack, settings: Settings, say: Callable[[str], None]) -> list[Probe]:
    """Every probe's answer. A probe that cannot be tried says why, and the others go on."""
    first = opened.pack.data.demo_seed
    try:
        with open_session(settings, opened.lock, "validate", say) as session, tempfile.TemporaryDirectory() as scratch:
            found = [Probe(name="environment builds", ok=True, seen=session.environment.reference)]
            found += _generator(opened, session, (first, first + 1))
            data = find_or_make_data(opened.pack, opened.root, opened.data_digest, first, session)
            exchange = kind_of(opened.pack).make_exchange(
                opened.pack, data.root, exchange_key(opened.grading_digest, "validate"), Path(scratch) / "exchange"
            )
            tried = Tried(opened, session, (first, first + 1), data, exchange)
            for probe in _probes_of(opened):
                say(f"probing: {probe.__name__.strip('_')}")
                found += probe(tried)
            return found
    except PackError as error:
        return [Probe(name="pack can be used", ok=False, seen=str(error))]


def _probes_of(opened: OpenPack) -> tuple[Callable[[Tried], Iterator[Probe]], ...]:
    """What can be asked of a pack depends on what its candidates return."""
    if opened.pack.answer.kind == "review":
        from harness.authoring import review_probes

        return review_probes.planted, review_probes.scorer, review_probes.repairs, _metadata
    if opened.pack.answer.kind == "table":
        from harness.authoring import table_probes

        return table_probes.planted, table_probes.leaks, table_probes.scorer, _metadata
    return _facts, _leaks, _scorer


def _generator(opened: OpenPack, session: Session, seeds: tuple[int, int]) -> Iterator[Probe]:
    """Twice the same seed, once another: the same data, and different data."""
    digests, taken = [], []
    for seed in (seeds[0], seeds[0], seeds[1]):
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            fresh = Session(**{**session.__dict__, "cache": Path(folder)})
            digests.append(find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, fresh).digest)
            taken.append(time.monotonic() - start)
    yield Probe(
        name="generator is deterministic",
        ok=digests[0] == digests[1],
        seen="the same seed gave the same data" if digests[0] == digests[1] else "the same seed gave different data",
        expected="no clock, no network, no order of sets, one generator of numbers made from the seed",
    )
    yield Probe(
        name="seeds differ",
        ok=digests[0] != digests[2],
        seen="another seed gave other data" if digests[0] != digests[2] else "another seed gave the same data",
        expected="every number follows from the seed",
    )
    yield Probe(
        name="generator is quick",
        ok=min(taken) < MOST_SECONDS,
        level="warning",
        seen=f"{min(taken):.1f} s",
        expected=f"under {MOST_SECONDS:g} s: it runs for every candidate",
    )


def _facts(tried: Tried) -> Iterator[Probe]:
    yield from probes.facts(tried.opened.pack, tried.opened.facts, tried.data.root)


def _leaks(tried: Tried) -> Iterator[Probe]:
    yield from probes.leaks(tried.opened.pack, tried.opened.facts, tried.data.root)
    yield from _metadata(tried)


def _metadata(tried: Tried) -> Iterator[Probe]:
    """Nothing private may be told by what lies beside the tables."""
    strange = [
        path.name
        for path in tried.data.public.rglob("*")
        if path.is_file() and path.suffix not in (*PLAIN, *(CODE if tried.opened.pack.answer.kind == "review" else ()))
    ]
    canary = [
        path.name
        for path in tried.data.public.rglob("*")
        if path.is_file() and tried.opened.pack.canary.encode() in path.read_bytes()
    ]
    named = [
        path.name for path in tried.data.public.rglob("*") if "label" in path.name.lower() or "private" in path.name.lower()
    ]
    wrong = [*strange, *canary, *named]
    yield Probe(
        name="public files tell nothing private",
        ok=not wrong,
        seen=", ".join(sorted(set(wrong))) or "plain files only",
        expected="no label file, no canary, plain formats",
    )


def _scorer(tried: Tried) -> Iterator[Probe]:
    """Perfect, constant, shuffled, and four kinds of broken predictions."""
    pack, labels = tried.opened.pack, tried.exchange.labels
    tables = probes.prediction_tables(pack, labels)

    def value(name: str) -> float | None:
        try:
            return checking.metric_value(pack, pack.metric, tables[name], labels)
        except HarnessError:
            return None

    perfect, constant, shuffled = value("perfect"), value("constant"), value("shuffled")
    told = ", ".join(
        f"{name} {'none' if one is None else f'{one:.4f}'}"
        for name, one in (("perfect", perfect), ("constant", constant), ("shuffled", shuffled))
    )
    usable = perfect is not None and constant is not None and shuffled is not None
    yield Probe(name="scorer answers sound predictions", ok=usable, seen=told, expected="a finite number for each")
    if perfect is not None and constant is not None and shuffled is not None:
        apart = abs(perfect - constant)
        yield Probe(
            name="perfect predictions are best",
            ok=apart > 0 and abs(shuffled - constant) < apart / 2,
            seen=told,
            expected="shuffled near constant, both far from perfect",
        )
    refused = [name for name in probes.BROKEN if value(name) is None]
    yield Probe(
        name="broken predictions are refused",
        ok=set(refused) == set(probes.BROKEN),
        seen="refused: " + (", ".join(refused) or "none"),
        expected="all of " + ", ".join(probes.BROKEN),
    )


def as_json(opened: OpenPack, found: list[Probe]) -> str:
    rows = [one.model_dump(mode="json") for one in found]
    return json.dumps({"schema_version": 1, "pack": opened.pack.id, "probes": rows}, indent=1)
