"""What a task pack says about itself: `pack.yaml` and `facts.yaml`, as records."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from harness.model.answers import Answer, Predictions, TableColumn
from harness.model.record import Identifier, Inside, Record, Share
from harness.model.sandbox import Limits
from harness.model.submission import CommandEntry, FunctionEntry, NotebookEntry, ServiceEntry

Kind = Literal["predict", "forecast", "pipeline", "review", "debug", "policy", "evaluate", "reproduce"]
PLUGIN_KIND = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
"""A kind that a plug-in brings has a dot in its name. It returns one of the answers that there are."""
PluginKind = Annotated[str, Field(pattern=PLUGIN_KIND)]
Role = Literal["applied", "platform", "research", "data_eng", "safety", "foundation", "generalist", "analyst"]


class Effort(Record):
    """Hours told to candidates."""

    minutes: int = Field(ge=120, le=240)
    window_days: int = Field(default=7, ge=1, le=60)
    pilot: str = Field(default="not piloted", description="The pilot's median, or that there was none.")


class Brief(Record):
    """What the brief has to say about the company's situation, shown to candidates as written."""

    stage: str
    scale: str
    constraints: str


class CommandOffer(Record):
    """Command lines the harness tries when a submission names none of its own."""

    kind: Literal["command"] = "command"
    needs_file: str = Field(description="The offer applies when this file is present.")
    entry: CommandEntry


class FunctionOffer(Record):
    kind: Literal["function"] = "function"
    needs_file: str
    entry: FunctionEntry


class NotebookOffer(Record):
    """Any notebook that names the predictions file in live code is a candidate; the shallowest path comes first."""

    kind: Literal["notebook"] = "notebook"
    entry: NotebookEntry = NotebookEntry(path="*.ipynb")


class ServiceUse(Record):
    """How a service is asked. Its times are told, and weighed only where the check `service` is given limits."""

    ready_s: float = Field(default=60, gt=0, le=3600, description="From its start to its first answer of 200 at `ready`.")
    request_s: float = Field(default=30, gt=0, le=600, description="One request, from connecting to the last byte.")
    batch_rows: int = Field(default=256, ge=1, le=10_000)
    single_rows: int = Field(default=40, ge=0, le=1000, description="Rows that are also asked for one by one.")


class ServiceOffer(Record):
    """A service, started in the sandbox and asked from beside it; there is no network but its own loopback."""

    kind: Literal["service"] = "service"
    needs_file: str
    entry: ServiceEntry
    use: ServiceUse = ServiceUse()


Offer = Annotated[CommandOffer | FunctionOffer | NotebookOffer | ServiceOffer, Field(discriminator="kind")]


class Data(Record):
    """How data is made, and which file is which. The generator runs in a sandbox: (seed, profile) -> public/ + private/."""

    generator: Inside = "generate.py"
    profile: dict[str, Any] = Field(default_factory=dict)
    demo_seed: int = 20_260_101
    material: Inside | None = Field(
        default=None, description="Folder whose files the generator finds beside itself, all in one place."
    )
    train: Inside = Field(default="train.csv", description="In public/: rows with the target.")
    score: Inside = Field(default="score.csv", description="In public/: holdout rows without the target.")
    labels: Inside = Field(default="labels.csv", description="In private/: id, target, and what the metrics need beside them.")
    asked: Inside = Field(
        default="", description="For returned tables, in private/: the rows that are really asked for, in place of `score`."
    )
    shown_labels: Inside = Field(default="", description="In private/, where others are asked: what is right for those shown.")
    id_column: str = ""
    target: str = ""
    max_mb: int = Field(default=200, ge=1)


class Metric(Record):
    """A metric by its registered name, with its settings. Direction and range belong to the metric, never guessed."""

    name: str
    title: str = ""
    settings: dict[str, Any] = Field(default_factory=dict)


class Ladder(Record):
    """The exemplars whose measured results on each seed are the rungs 0, 0.25, 0.75 and 1.0."""

    dummy: Inside = "dummy"
    naive: Inside = "naive"
    reference: Inside = "reference"
    strong: Inside = "strong"


ProbeKind = Literal[
    "repeat", "row_order", "extra_column", "prefix", "batch", "single_row", "trap_scramble", "unseen_category", "blank_field",
    "duplicate_rows", "retrain", "label_shuffle",
]  # fmt: skip


class Probes(Record):
    """Further runs of predict on altered copies of the holdout, compared with the first run row by row.

    `prefix` and `batch` are two forms of one question, and only one of them is fair: rows may draw on earlier rows where
    time matters, and on no other rows where it does not.
    """

    kinds: tuple[ProbeKind, ...] | None = Field(
        default=None, description="Which; without it, those that suit the data's facts and the entry, but for the last two."
    )
    notebook_kinds: tuple[ProbeKind, ...] = Field(
        default=("repeat", "row_order", "trap_scramble"), description="For entries that run whole with each prediction."
    )
    retrain: bool = Field(default=False, description="Also train once more, and compare what the second model predicts.")
    label_shuffle: bool = Field(default=False, description="Also train on shuffled labels, after which nothing can be known.")
    budget_s: float = Field(default=240, gt=0, description="Wall time for all of them; what does not fit is told as skipped.")
    category_column: str | None = Field(default=None, description="Gets an unseen category; by default the first of the facts.")
    blank_column: str | None = Field(default=None, description="Is blanked; by default the first that has gaps by the facts.")
    prefix_share: Share = Field(default=0.6, description="Share of the holdout's rows that stay when later ones are cut.")
    batch_rows: int = Field(default=200, ge=2, description="Rows of a small batch.")


class Calls(Record):
    """Hidden probes: functions are called in a sandbox with an author's values; what they return is judged outside."""

    limits: Limits = Limits(wall_s=300)
    file: Inside = Field(
        default="probes.json", description="Calls and what is expected of them, in private/ of the data or beside pack.yaml."
    )


RebuildKind = Literal["twice", "shuffled_input", "backfill", "resumed"]


class Rebuilds(Record):
    """Further builds of a returned table, after each of which every row has to be what it was."""

    kinds: tuple[RebuildKind, ...] = ("twice", "shuffled_input", "backfill", "resumed")
    inputs: str = Field(description="Pattern of the input files; their rows and names change places, and one comes once more.")
    day_column: str | None = Field(default=None, description="Column of the asked rows; those of one day are built alone.")
    budget_s: float = Field(default=120, gt=0, description="Wall time for all of them; what does not fit is told as skipped.")


class SqlTable(Record):
    """A public CSV that becomes a table of the database."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    file: Inside
    columns: dict[str, Literal["integer", "real", "text"]] = Field(min_length=1)
    index: tuple[str, ...] = Field(default=(), description="Columns of one index, as the brief tells.")


class SqlQuestion(Record):
    """A question that one SELECT answers; the expected rows lie in private/, in the same columns."""

    file: Inside = Field(description="In the submission, such as answers/q1.sql.")
    title: str
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    expected: Inside
    most_steps: int = Field(default=20_000_000, ge=1000, description="Instructions of the database engine it may take.")


class SqlPart(Record):
    """Questions asked of a SQLite database that is made of public tables, some groups left out and the others renamed."""

    tables: tuple[SqlTable, ...] = Field(min_length=1)
    group_column: str = Field(description="Column of every table and every answer; its values are renamed for each run.")
    kept: Share = Field(default=0.7, gt=0, description="Share of the groups that are kept, so that no stored answer fits.")
    questions: tuple[SqlQuestion, ...] = Field(min_length=1)
    limits: Limits = Limits(wall_s=60, memory_mb=1024)


class Steps(Record):
    """Limits of each step. A step that is left out is not run."""

    execute: Limits | None = Field(default=None, description="Notebooks, top to bottom.")
    tests: Limits | None = Field(default=None, description="The candidate's own tests, with coverage.")
    mutants: Limits | None = Field(
        default=None, description="The candidate's own tests against small faults that are put into the code they cover."
    )
    train: Limits | None = None
    predict: Limits | None = None
    probes: Probes | None = None
    calls: Calls | None = Field(
        default=None, description="Hidden probes of functions of the submission, or of a patched repository."
    )
    rebuilds: Rebuilds | None = Field(default=None, description="For returned tables.")
    sql: SqlPart | None = Field(default=None, description="For returned tables: questions answered in SQL.")
    generate: Limits = Limits(wall_s=120, memory_mb=4096, output_mb=256)
    max_notebooks: int = Field(default=3, ge=0, le=20)


class CheckUse(Record):
    """A check that this pack asks for, with its settings."""

    check: Identifier
    settings: dict[str, Any] = Field(default_factory=dict)


class Pack(Record):
    """pack.yaml."""

    format: Literal[1]
    id: Identifier
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str
    kind: Kind | PluginKind
    roles: tuple[Role, ...] = Field(min_length=1)
    skills: tuple[str, ...] = ()
    effort: Effort
    brief: Brief
    summary: str = Field(description="Two sentences for the first lines of the report: the task and what is returned.")
    entry_points: tuple[Offer, ...] = Field(
        default=(), description="Needed by every kind whose answer is made by running code."
    )
    answer: Answer = Field(discriminator="kind", description="What comes back and is compared with what only we know.")
    data: Data
    metric: Metric
    also_shown: tuple[Metric, ...] = ()
    ladder: Ladder = Ladder()
    steps: Steps
    requirements: Inside = "requirements.lock"
    checks: tuple[CheckUse, ...] = Field(min_length=1)
    required_files: tuple[Inside, ...] = ("README.md", "REPORT.md")
    canary: str = Field(pattern=r"^[0-9a-f]{32}$", description="Stands in every private text file and in no candidate file.")

    @property
    def predictions(self) -> Predictions:
        """The answer's contract, for those who only deal with predictions."""
        if not isinstance(self.answer, Predictions):
            message = f"a pack of the kind {self.kind} returns no predictions"
            raise TypeError(message)
        return self.answer

    @property
    def service_use(self) -> ServiceUse:
        """How services are asked: as the pack's offer says, also where a submission declares one of its own."""
        return next((offer.use for offer in self.entry_points if isinstance(offer, ServiceOffer)), ServiceUse())

    @model_validator(mode="after")
    def _kind_and_answer_agree(self) -> "Pack":
        wanted = {"predict": "predictions", "forecast": "predictions", "pipeline": "table", "review": "review"}.get(self.kind)
        if "." in self.kind:
            wanted = self.answer.kind
        if wanted is None:
            message = f"packs of the kind {self.kind!r} cannot be graded yet"
            raise ValueError(message)
        if self.answer.kind != wanted:
            message = f"a pack of the kind {self.kind} has an answer of the kind {wanted}, this one has {self.answer.kind}"
            raise ValueError(message)
        needed = {"predictions": (self.data.id_column, self.data.target), "table": (self.data.id_column,)}.get(wanted, ())
        if not all(needed):
            message = "data needs id_column, and for predictions also target"
            raise ValueError(message)
        if wanted != "review" and not self.entry_points:
            message = f"a pack of the kind {self.kind} needs at least one entry point"
            raise ValueError(message)
        return self
