"""Evidence: all that a check may look at. Nothing else is read, imported, asked or measured by a check."""

from dataclasses import dataclass, field
from pathlib import Path

from harness.model.pack import Facts, Pack
from harness.model.report import Rung
from harness.model.run import Artifact, RunSet
from harness.model.submission import Declaration, Snapshot

MAX_TEXT_BYTES = 1_000_000
MAX_NOTEBOOK_BYTES = 20_000_000


@dataclass(frozen=True)
class Reference:
    """Private material for judging: read by checks after every sandbox is gone, never placed in one."""

    labels: Path
    """A CSV of the holdout's labels, keyed as the predictions are."""
    rungs: tuple[Rung, ...] = ()
    declared_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """The snapshot on disk, what running it gave, and what the pack knows. `inspect` has only the first."""

    snapshot: Snapshot
    files: Path
    """Folder that holds the snapshot's files; all of them regular, none of them links."""
    declaration: Declaration = field(default_factory=Declaration)
    declaration_problem: str = ""
    runs: RunSet | None = None
    artifacts: Path | None = None
    pack: Pack | None = None
    facts: Facts | None = None
    brief: str = ""
    """Text of the candidate's brief and starter, so that it is not counted as the candidate's own."""
    public_columns: tuple[str, ...] = ()
    reference: Reference | None = None

    def read_text(self, path: str, limit: int = MAX_TEXT_BYTES) -> str | None:
        """A snapshot file as text, undecodable bytes shown as escapes; None when it is absent or above the limit."""
        if path not in self._paths:
            return None
        file = self.files / path
        if file.stat().st_size > limit:
            return None
        return file.read_bytes().decode("utf-8", errors="backslashreplace")

    def named(self, *endings: str) -> tuple[str, ...]:
        """Snapshot paths with one of these endings, in order."""
        return tuple(path for path in self.snapshot.paths() if path.lower().endswith(endings))

    def artifact(self, step: str, name: str) -> Artifact | None:
        result = self.runs.step(step) if self.runs else None
        return next((one for one in result.artifacts if one.name == name), None) if result else None

    def read_artifact(self, step: str, name: str, limit: int) -> bytes | None:
        """An artifact's bytes; None when it is absent or above the limit."""
        artifact = self.artifact(step, name)
        if artifact is None or self.artifacts is None or artifact.size > limit:
            return None
        return (self.artifacts / artifact.path).read_bytes()

    @property
    def _paths(self) -> frozenset[str]:
        return frozenset(self.snapshot.paths())
