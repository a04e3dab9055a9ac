"""What was seen to happen while the code was read. Facts are made from these, and from nothing else."""

from dataclasses import dataclass, field

from checks.practice.rows import Rows
from checks.practice.values import Data, Model, Place, Step


@dataclass(slots=True)
class Look:
    """A live look at data: what kind it is, at which columns, and whether a reader gets to see it."""

    number: int
    kind: str
    place: Place
    columns: frozenset[str] | None
    task: bool
    predicted: bool
    visible: bool = False
    plotted: bool = False
    bare: bool = False
    """Written as a statement of its own: meant to be looked at, whether or not anything shows it."""
    by: frozenset[str] = frozenset()
    what: str = ""


@dataclass(slots=True)
class Fit:
    """A model fitted to data. The data is kept as it was at that moment."""

    number: int
    model: Model
    place: Place
    rows: Rows
    steps: frozenset[Step]
    columns: frozenset[str] | None
    absent: frozenset[str]
    target: frozenset[str]
    task: bool
    families: tuple[str, ...]
    how: str = "fit"
    balance: tuple[tuple[str, Place], ...] = ()
    tuned: bool = False
    seeded: bool | None = None
    early_stopping_on: Rows = frozenset()
    stops_early: bool = False
    watched: bool = False
    """Fitting itself shows a score on rows kept back for it."""
    target_sources: frozenset[str] = frozenset()
    """Columns that the target was made from, one row at a time."""
    in_loop: tuple[int, ...] = ()
    holds_back: bool = False
    """Told to keep a share of its rows back and to watch itself on them."""


@dataclass(slots=True)
class Evaluation:
    """A fitted model's predictions or score on some rows."""

    number: int
    fits: frozenset[int]
    place: Place
    rows: Rows
    steps: frozenset[Step]
    how: str
    metric: str = ""
    positive: str = ""
    cv: bool = False
    splitter: str = ""
    in_loop: tuple[int, ...] = ()


@dataclass(slots=True)
class Split:
    number: int
    key: str
    place: Place
    kind: str
    """random, group, time, slice, fold"""
    stratified: bool = False
    seeded: bool | None = None
    rows: Rows = frozenset()
    task: bool = True


@dataclass(slots=True)
class Choosing:
    """A model, threshold or seed chosen by looking at evaluations."""

    place: Place
    what: str
    evaluations: frozenset[int]
    rows: Rows
    used: bool = True


@dataclass(slots=True)
class Note:
    """Anything else worth keeping, by kind: missing values handled, columns dropped, seeds, files written ..."""

    kind: str
    place: Place
    what: str = ""
    columns: frozenset[str] | None = None
    rows: Rows = frozenset()
    task: bool = True
    fits: frozenset[int] = frozenset()


@dataclass(slots=True)
class Log:
    looks: list[Look] = field(default_factory=list)
    fits: list[Fit] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    choosings: list[Choosing] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    reads: list[tuple[str, Place]] = field(default_factory=list)
    written: dict[str, Data] = field(default_factory=dict)
    bundles: dict[str, dict[str, Data]] = field(default_factory=dict)
    """Files of several named arrays."""
    models: dict[str, Model] = field(default_factory=dict)
    """Files that fitted models were saved to."""

    def show(self, numbers: frozenset[int]) -> None:
        for number in numbers:
            self.looks[number].visible = True
