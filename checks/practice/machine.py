"""The state of one reading: where it is, what it has spent, what it has seen. The parts that read hang on it as hooks."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from checks.practice.events import Choosing, Evaluation, Fit, Log, Look, Note, Split
from checks.practice.rows import Rows
from checks.practice.values import BY_PREDICTIONS, UNKNOWN, Data, Function, Module, Place, Scope, Step, Value

BUDGET = 400_000
MAX_DEPTH = 8
MAX_NESTING = 60
MAX_EVENTS = 6_000


class OutOfBudgetError(Exception):
    """The code takes more work to read than is allowed."""


@dataclass(slots=True)
class Call:
    """A call of something of a library, with its arguments read."""

    name: str
    detail: str
    args: list[Value]
    params: dict[str, Value]
    node: ast.AST
    receiver: Value | None = None
    names: tuple[str, ...] = ()
    """Texts of the arguments, to tell one unknown file from another."""

    def arg(self, position: int, *names: str) -> Value | None:
        for name in names:
            if name in self.params:
                return self.params[name]
        return self.args[position] if 0 <= position < len(self.args) else None


def _unset(*_: object) -> Value:
    raise NotImplementedError("the machine is used before its hooks are set")


@dataclass(slots=True)
class Machine:
    """One reading of one submission."""

    log: Log = field(default_factory=Log)
    evaluate: Callable[["Machine", ast.expr, Scope], Value] = _unset
    call: Callable[["Machine", Value, list[Value], dict[str, Value], ast.AST], Value] = _unset
    run_function: Callable[["Machine", Function, list[Value], dict[str, Value]], Value] = _unset
    iterate: Callable[["Machine", Value], list[Value]] = field(default=lambda _machine, _value: [])
    load_module: Callable[["Machine", str], Module | None] = field(default=lambda _machine, _name: None)
    read_config: Callable[[str, str], Value] = field(default=lambda _path, _kind: UNKNOWN)
    budget: int = BUDGET
    path: str = ""
    cell: int | None = None
    line: int = 1
    kind: str = "script"
    muted: int = 0
    depth: int = 0
    nesting: int = 0
    stack: list[ast.AST] = field(default_factory=list)
    loops: list[int] = field(default_factory=list)
    loop_number: int = 0
    step_number: int = 0
    split_keys: dict[object, str] = field(default_factory=dict)
    pending_plots: list[int] = field(default_factory=list)
    torch_fits: frozenset[int] = frozenset()
    only_predicts: int = 0
    """Inside a block in which networks do not learn."""
    captured: bool = False
    """In a cell whose output is thrown away."""
    exhausted: bool = False
    generators: dict[ast.AST, bool] = field(default_factory=dict)
    """Which functions are generators, so that each body is searched once."""

    @property
    def place(self) -> Place:
        return Place(self.path, self.cell, self.line)

    def spend(self, amount: int = 1) -> None:
        self.budget -= amount
        if self.budget < 0:
            self.exhausted = True
            raise OutOfBudgetError

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.muted += 1
        try:
            yield
        finally:
            self.muted -= 1

    @contextmanager
    def at(self, path: str, cell: int | None) -> Iterator[None]:
        before = (self.path, self.cell, self.line)
        self.path, self.cell = path, cell
        try:
            yield
        finally:
            self.path, self.cell, self.line = before

    def _full(self, events: list[object]) -> bool:
        return self.muted > 0 or len(events) >= MAX_EVENTS

    def look(self, kind: str, data: Data, what: str = "", *, plotted: bool = False, visible: bool = False) -> frozenset[int]:
        """Record a look at data; gives the number that lets it be marked as seen later."""
        of_model = data.form in ("score", "curve", "weights", "history") or data.detail == BY_PREDICTIONS
        predicted = bool(data.fits) or bool(data.evaluations) or of_model
        if self.muted or len(self.log.looks) >= MAX_EVENTS:
            return frozenset()
        number = len(self.log.looks)
        self.log.looks.append(
            Look(number, kind, self.place, data.columns, data.task, predicted, visible, plotted, by=data.by, what=what)
        )
        if plotted:
            self.pending_plots.append(number)
        return frozenset({number})

    def fitted(self, fit: Fit) -> int:
        if self._full(self.log.fits):  # type: ignore[arg-type]
            return -1
        self.log.fits.append(fit)
        return fit.number

    def next_fit(self) -> int:
        return len(self.log.fits)

    def evaluated(self, fits: frozenset[int], data: Data, how: str, metric: str = "", **extra: object) -> frozenset[int]:
        if self._full(self.log.evaluations):  # type: ignore[arg-type]
            return frozenset()
        number = len(self.log.evaluations)
        known = frozenset(fit for fit in fits if fit >= 0)
        self.log.evaluations.append(
            Evaluation(number, known, self.place, data.rows, data.steps, how, metric, in_loop=tuple(self.loops), **extra)  # type: ignore[arg-type]
        )
        return frozenset({number})

    def note(self, kind: str, what: str = "", data: Data | None = None, columns: frozenset[str] | None = None) -> None:
        if self._full(self.log.notes):  # type: ignore[arg-type]
            return
        rows: Rows = data.rows if data is not None else frozenset()
        task = data.task if data is not None else True
        named = columns if columns is not None else (data.columns if data is not None else None)
        fits = data.fits if data is not None else frozenset()
        self.log.notes.append(Note(kind, self.place, what, named, rows, task, fits))

    def chose(self, what: str, evaluations: frozenset[int], rows: Rows) -> None:
        if evaluations and not self._full(self.log.choosings):  # type: ignore[arg-type]
            self.log.choosings.append(Choosing(self.place, what, evaluations, rows))

    def split(self, key: object, data: Data | None, kind: str, *, stratified: bool = False, seeded: bool | None = None) -> str:
        """The name of a split: the same for the same split of the same rows, a new one otherwise."""
        name = self.split_keys.get(key)
        if name is None:
            name = f"split{len(self.split_keys)}"
            self.split_keys[key] = name
        if not self._full(self.log.splits):  # type: ignore[arg-type]
            rows = data.rows if data is not None else frozenset()
            task = data.task if data is not None else True
            number = len(self.log.splits)
            self.log.splits.append(Split(number, name, self.place, kind, stratified, seeded, rows, task))
        return name

    def step(
        self, op: str, what: str, rows: Rows, columns: frozenset[str] | None = None, *, supervised: bool = False,
        place: Place | None = None, source: frozenset[str] | None = None,
    ) -> Step:  # fmt: skip
        self.step_number += 1
        number = self.step_number
        return Step(op, what, place or self.place, rows, columns, supervised, number, source or frozenset())

    def show(self, value: Data) -> None:
        """A reader gets to see this value."""
        if not self.muted and not self.captured:
            self.log.show(value.facets)

    def glance(self, value: Data) -> None:
        """A value stands as a statement of its own."""
        if not self.muted:
            for number in value.facets:
                self.log.looks[number].bare = True

    def publish_plots(self) -> None:
        """Figures drawn so far were shown or saved."""
        if not self.muted and not self.captured:
            self.log.show(frozenset(self.pending_plots))
            self.pending_plots.clear()
