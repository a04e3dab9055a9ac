"""What was handed in: where it came from, what was kept of it, what was refused and why."""

from typing import Literal

from pydantic import Field

from harness.model.record import Record

RefusalKind = Literal[
    "link", "special_file", "too_large", "too_many", "too_deep", "hostile_name", "escapes", "duplicate",
    "sparse", "encrypted", "bomb", "unreadable", "nested_repository", "submodule", "lfs_pointer", "metadata",
    "cache", "environment", "changed_while_reading",
]  # fmt: skip


class Source(Record):
    """Where a submission was read from; never holds a credential."""

    kind: Literal["folder", "zip", "tar", "git"]
    name: str = Field(description="A display name, cleaned of control characters and credentials.")
    commit: str | None = Field(default=None, description="Full commit id of a git submission.")
    ref: str | None = None


class FileEntry(Record):
    """One regular file of the snapshot, by POSIX path relative to its root."""

    path: str
    size: int = Field(ge=0)
    sha256: str


class Refusal(Record):
    """Something in the submission that was left out. Listed, never followed."""

    path: str = Field(description="The entry's path, made safe to print.")
    kind: RefusalKind
    reason: str = Field(description="One plain sentence: what was seen, and what is accepted.")
    harmless: bool = Field(default=False, description="True for ordinary clutter such as caches and .git.")


class Snapshot(Record):
    """A read-only, content-hashed copy of a submission: the only thing later stages look at."""

    digest: str = Field(description="sha256 over the sorted paths and contents; the same for a folder, its zip and its commit.")
    source: Source
    files: tuple[FileEntry, ...]
    refusals: tuple[Refusal, ...] = ()
    refusals_not_listed: int = Field(default=0, ge=0, description="How many more were refused than the list holds.")
    stripped_folder: str | None = Field(default=None, description="The single top folder of an archive that was taken off.")

    @property
    def total_bytes(self) -> int:
        return sum(entry.size for entry in self.files)

    def paths(self) -> tuple[str, ...]:
        return tuple(entry.path for entry in self.files)


class DeclaredResult(Record):
    """The result that a submission claims for itself."""

    metric: str
    value: float


class CommandEntry(Record):
    """Command lines, split as a shell splits words but never given to a shell. Placeholders: {data} {out} {model}."""

    kind: Literal["command"] = "command"
    train: str | None = None
    predict: str


class FunctionEntry(Record):
    """`module:name`, called as f(train, score) with two pandas frames; returns one value for each row of score."""

    kind: Literal["function"] = "function"
    call: str = Field(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")


class NotebookEntry(Record):
    """A notebook that reads data/ and writes its predictions."""

    kind: Literal["notebook"] = "notebook"
    path: str
    writes: str = "predictions.csv"


PATH_PATTERN = r"^/[A-Za-z0-9._~/-]{0,100}$"


class ServiceEntry(Record):
    """A program that answers over HTTP at 127.0.0.1 and the port it is told. Placeholders: {port} {data} {model}.

    GET `ready` is answered with 200 once it can be asked. POST `predict` takes {"rows": [{column: value}]} and answers
    {"predictions": [number]}, one for each row, in their order.
    """

    kind: Literal["service"] = "service"
    train: str | None = None
    start: str
    ready: str = Field(default="/health", pattern=PATH_PATTERN)
    predict: str = Field(default="/predict", pattern=PATH_PATTERN)


Entry = CommandEntry | FunctionEntry | NotebookEntry | ServiceEntry


def train_command(entry: Entry) -> str | None:
    """The command line that trains a model before predictions are asked for, where there is one."""
    return entry.train if isinstance(entry, (CommandEntry, ServiceEntry)) else None


class Declaration(Record):
    """A candidate's submission.json, after strict reading."""

    pack: str | None = None
    entry: Entry | None = Field(default=None, discriminator="kind")
    declared: DeclaredResult | None = None
    minutes_spent: int | None = Field(default=None, ge=0, le=100_000)
    ai_use: str | None = None
