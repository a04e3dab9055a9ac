"""Trying: a trial's files become evidence, the checks that own the watched detectors are asked, and what they raise is kept."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.detectors.trials import Known, Trial
from checks.base import CheckSpec
from checks.registry import load
from harness.model.evidence import Evidence
from harness.model.pack import Pack
from harness.model.submission import FileEntry, Snapshot, Source


@dataclass(frozen=True)
class Tried:
    """A trial and all that its checks raised."""

    trial: Trial
    raised: frozenset[str]

    @property
    def wrong(self) -> frozenset[str]:
        """Watched detectors that did not answer as they should."""
        watched = frozenset(self.trial.watched)
        return watched - self.raised if self.trial.true else watched & self.raised


def try_all(trials: Iterable[Trial]) -> Iterator[Tried]:
    for trial in trials:
        with tempfile.TemporaryDirectory(prefix="detectors-") as folder:
            yield Tried(trial, raised_by(trial, Path(folder)))


def raised_by(trial: Trial, folder: Path) -> frozenset[str]:
    evidence = _evidence(trial, folder)
    found: set[str] = set()
    for name in sorted({watched.split(":")[0] for watched in trial.watched}):
        spec = _specs()[name]
        result = spec.function(evidence, spec.settings())
        found |= {f"{one.check}:{one.rule}" for one in result.findings}
    return frozenset(found)


@cache
def _specs() -> dict[str, CheckSpec]:
    return load()


def _evidence(trial: Trial, folder: Path) -> Evidence:
    entries = []
    for path, content in sorted(trial.files.items()):
        data = content.encode("utf-8") if isinstance(content, str) else content
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        entries.append(FileEntry(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    digest = hashlib.sha256(repr(entries).encode()).hexdigest()
    snapshot = Snapshot(digest=digest, source=Source(kind="folder", name="submission"), files=tuple(entries))
    known = trial.known
    return Evidence(
        snapshot=snapshot, files=folder, pack=_pack(known), facts=known.facts, brief=known.brief, public_columns=known.columns
    )


def _pack(known: Known) -> Pack | None:
    """A small task where something is asked that only a task can ask."""
    if not known.required:
        return None
    from tests.builders import make_pack

    pack: Pack = make_pack(required_files=list(known.required))
    return pack
