"""Abstract values: what an expression may stand for while the code is read."""

import ast
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from checks.practice.rows import NO_ROWS, Rows

BY_PREDICTIONS = "picked by predictions"
HOLDS = "holds"
"""The step that marks a whole frame as still holding a column that was taken from it."""


class Place(NamedTuple):
    """Where something stands: a file and line, or a notebook cell and line."""

    path: str
    cell: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to data on its way: the operation, and the rows it learned from (none if row by row)."""

    op: str
    what: str
    place: Place
    rows: Rows = NO_ROWS
    columns: frozenset[str] | None = None
    supervised: bool = False
    number: int = 0
    source: frozenset[str] = frozenset()
    """Columns that it learned from, where they differ from those that it changes."""


class Value:
    """The base of all abstract values."""

    __slots__ = ()


class Unknown(Value):
    __slots__ = ()


UNKNOWN = Unknown()


@dataclass(slots=True, eq=False)
class Const(Value):
    value: Any


NONE = Const(None)


@dataclass(slots=True, eq=False)
class Items(Value):
    """A list, tuple or set of which the elements are known; `rest` joins what else may be in it."""

    items: list[Value]
    kind: str = "list"
    rest: Value | None = None


@dataclass(slots=True, eq=False)
class Mapping(Value):
    entries: dict[Any, Value]
    rest: Value | None = None


@dataclass(slots=True, eq=False)
class Data(Value):
    """A frame, series or array; also what is computed from one."""

    rows: Rows = NO_ROWS
    steps: frozenset[Step] = frozenset()
    form: str = "frame"
    """frame, series, array, group, stat, mask, index, pivot, shape, curve, score, text, plot"""
    columns: frozenset[str] | None = None
    """Names of its columns where they are known: a selection by name."""
    absent: frozenset[str] = frozenset()
    """Columns known to have been dropped."""
    task: bool = True
    """False for toy frames and library data sets."""
    fits: frozenset[int] = frozenset()
    """The fits that made it, when it is a prediction."""
    facets: frozenset[int] = frozenset()
    """Looks at the data that this value would show if it were shown."""
    by: frozenset[str] = frozenset()
    """Columns that it is grouped by, or that a filter looked at."""
    mask: tuple[tuple[str, str], ...] | None = None
    """For a mask: the splits it makes, each with the side that it selects."""
    evaluations: frozenset[int] = frozenset()
    """The evaluations that made it, when it is a score or a threshold."""
    detail: str = ""
    owner: "Data | None" = None
    """The frame that this column was taken from: changing the column in place changes it too."""

    given: "tuple[Data, ...]" = ()
    """What went into an unknown call that this came out of: unpacked into as many names, it is taken for these in order."""

    def but(self, **changes: Any) -> "Data":
        return replace(self, **{"given": (), **changes})


@dataclass(slots=True, eq=False)
class Model(Value):
    """An estimator, transformer, sampler, search or pipeline: anything with a fit."""

    name: str
    """Dotted name of its class."""
    role: str
    detail: str
    place: Place
    params: dict[str, Value] = field(default_factory=dict)
    parts: list[tuple[str, Value]] = field(default_factory=list)
    """Steps of a pipeline, members of an ensemble, the estimator of a wrapper."""
    fits: frozenset[int] = frozenset()
    fitted: "Data | None" = None
    fitted_at: Place | None = None
    custom: "Instance | None" = None
    grids: list["Mapping"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Scope(Value):
    names: dict[str, Value]
    parent: "Scope | None" = None
    module: "Module | None" = None
    outer: frozenset[str] = frozenset()
    """Names declared global or nonlocal."""


@dataclass(slots=True, eq=False)
class Module(Value):
    """A file of the submission, as an importable module."""

    name: str
    scope: Scope
    state: str = "new"


@dataclass(slots=True, eq=False)
class Function(Value):
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    path: str
    cell: int | None
    receiver: Value | None = None
    defaults: dict[str, Value] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    owner: "Class | None" = None


@dataclass(slots=True, eq=False)
class Class(Value):
    name: str
    scope: Scope
    bases: list[Value]
    fields: list[str]
    marks: frozenset[str]
    path: str
    cell: int | None


@dataclass(slots=True, eq=False)
class Instance(Value):
    kind: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    fits: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Symbol(Value):
    """Something of a library, by its dotted name."""

    name: str


@dataclass(slots=True, eq=False)
class Object(Value):
    """What calling something of a library gave, when it is none of the others."""

    name: str
    args: list[Value] = field(default_factory=list)
    params: dict[str, Value] = field(default_factory=dict)
    attributes: dict[str, Value] = field(default_factory=dict)
    registered: list[Value] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Method(Value):
    receiver: Value
    name: str


@dataclass(slots=True, eq=False)
class Partial(Value):
    function: Value
    args: list[Value]
    params: dict[str, Value]


@dataclass(slots=True, eq=False)
class Lazy(Value):
    """A generator, or a call that waits: its body runs when it is iterated or awaited, not before."""

    node: ast.AST
    scope: Scope
    function: Function | None = None
    pending: tuple[Function, tuple[tuple[Value, ...], ...]] | None = None
    """A function and the arguments of each call that a `map` will make."""


@dataclass(slots=True, eq=False)
class Choice(Value):
    options: list[Value]
