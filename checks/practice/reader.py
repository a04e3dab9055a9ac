"""Reading a submission: every entry runs in the abstract, local modules run when imported, and the log says what happened."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from checks.practice.calling import call, run_function, run_lazy
from checks.practice.combining import find_data
from checks.practice.configs import read_config
from checks.practice.entries import console_functions, entry_units, matches
from checks.practice.events import Log
from checks.practice.expressions import evaluate
from checks.practice.knowledge import look_up
from checks.practice.machine import Call, Machine, OutOfBudgetError
from checks.practice.plain_statements import Returns
from checks.practice.reading_data import read
from checks.practice.sources import Block, Sources, Unit, read_sources
from checks.practice.splitting import folds
from checks.practice.statements import run_block
from checks.practice.stores import element_of
from checks.practice.values import (
    UNKNOWN,
    Choice,
    Const,
    Data,
    Function,
    Instance,
    Items,
    Lazy,
    Mapping,
    Model,
    Module,
    Object,
    Scope,
    Value,
)
from harness.model.evidence import Evidence

RECURSION_LIMIT = 6_000
SURPRISES = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError)
"""What a statement unlike any that was thought of may raise here: it is said, and the statements after it are read."""


@dataclass(slots=True)
class Reading:
    """What a reading gave: the code as parsed, the log, and what could not be followed."""

    sources: Sources
    log: Log = field(default_factory=Log)
    entries: list[str] = field(default_factory=list)
    live: set[str] = field(default_factory=set)
    """Paths of files that ran, as entries or by import."""
    trouble: list[str] = field(default_factory=list)


def read_submission(evidence: Evidence) -> Reading:
    reading = Reading(read_sources(evidence))
    machine = _machine(evidence, reading)
    with _deep_recursion():
        entries = entry_units(evidence, reading.sources)
        for unit in entries:
            _run_entry(machine, unit, reading)
        _run_console(machine, evidence, reading)
        if _read_before_written(reading, entries) and not machine.exhausted:
            _run_again(machine, entries, reading)
    return reading


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _machine(evidence: Evidence, reading: Reading) -> Machine:
    modules: dict[str, Module] = {}

    def load(machine: Machine, dotted: str) -> Module | None:
        return _load(machine, dotted, reading, modules)

    return Machine(
        log=reading.log,
        evaluate=evaluate,
        call=call,
        run_function=run_function,
        iterate=iterate,
        load_module=load,
        read_config=lambda path, kind: read_config(evidence, path, kind),
    )


def _load(machine: Machine, dotted: str, reading: Reading, modules: dict[str, Module]) -> Module | None:
    unit = next((one for one in reading.sources.units if one.kind == "script" and _is_module(machine, one, dotted)), None)
    if unit is None:
        return None
    module = modules.get(unit.path)
    if module is None:
        scope = Scope({"__name__": Const(unit.module_name)})
        module = modules[unit.path] = Module(unit.module_name, scope)
        scope.module = module
        reading.live.add(unit.path)
        before = machine.kind
        machine.kind = "script"
        with machine.at(unit.path, None):
            for block in unit.blocks:
                _guarded(machine, block, scope, reading, unit)
        machine.kind = before
        module.state = "done"
    return module


def _is_module(machine: Machine, unit: Unit, dotted: str) -> bool:
    return unit.path != machine.path and matches(unit.module_name, dotted)


def _run_entry(machine: Machine, unit: Unit, reading: Reading) -> None:
    reading.entries.append(unit.path)
    reading.live.add(unit.path)
    scope = Scope({"__name__": Const("__main__")})
    scope.module = Module("__main__", scope)
    machine.kind = "notebook" if any(block.interactive for block in unit.blocks) else "script"
    machine.torch_fits = frozenset()
    shows_all = any("ast_node_interactivity" in block.source for block in unit.blocks)
    for block in unit.blocks:
        machine.captured = block.source.lstrip().startswith("%%capture")
        with machine.at(unit.path, block.cell):
            stopped = _guarded(machine, block, scope, reading, unit, shows_all=shows_all)
        if machine.kind == "notebook":
            machine.publish_plots()
        if stopped and machine.kind == "script":
            break
    machine.pending_plots.clear()
    machine.captured = False


def _guarded(machine: Machine, block: Block, scope: Scope, reading: Reading, unit: Unit, *, shows_all: bool = False) -> bool:
    """Run a block; running out of work or depth ends it, and is said. True when it certainly stopped the program."""
    before = (machine.nesting, machine.depth, machine.muted, len(machine.stack), len(machine.loops))
    machine.nesting = 0
    body = block.tree.body
    for number, statement in enumerate(body):
        try:
            last = number == len(body) - 1 or shows_all or block.shows_all
            if block.interactive and isinstance(statement, ast.Expr) and last:
                machine.line = statement.lineno
                _displayed(machine, statement, scope, block)
                continue
            if run_block(machine, [statement], scope, Returns()) in ("raise", "return"):
                return True
        except OutOfBudgetError:
            _say(reading, f"{unit.path} takes more work to read than is allowed")
            return True
        except (RecursionError, MemoryError):
            _say(reading, f"{unit.path} nests too deeply to be read")
        except SURPRISES as error:
            _say(reading, f"{unit.path}, line {statement.lineno} could not be followed ({type(error).__name__})")
        else:
            continue
        _restore(machine, before)
    machine.nesting = before[0]
    return False


def _restore(machine: Machine, before: tuple[int, int, int, int, int]) -> None:
    """As it was before the block, whatever the statement that failed left behind."""
    _, machine.depth, machine.muted, stack, loops = before
    machine.nesting = 0
    del machine.stack[stack:]
    del machine.loops[loops:]


def _say(reading: Reading, message: str) -> None:
    if message not in reading.trouble:
        reading.trouble.append(message)


def _displayed(machine: Machine, statement: ast.Expr, scope: Scope, block: Block) -> None:
    """The last expression of a cell is shown, unless a semicolon ends it."""
    if isinstance(statement.value, (ast.GeneratorExp, ast.Lambda, ast.Constant)):
        return
    value = machine.evaluate(machine, statement.value, scope)
    if block.source.rstrip().endswith(";"):
        return
    for data in find_data(value):
        machine.show(data)


def _run_console(machine: Machine, evidence: Evidence, reading: Reading) -> None:
    for dotted, name in console_functions(evidence):
        machine.path = ""
        module = machine.load_module(machine, dotted)
        function = module.scope.names.get(name) if module is not None else None
        if isinstance(function, Function):
            try:
                run_function(machine, function, [], {})
            except OutOfBudgetError:
                _say(reading, "a console script takes more work to read than is allowed")
            except (RecursionError, MemoryError):
                _say(reading, "a console script nests too deeply to be read")


def _read_before_written(reading: Reading, entries: list[Unit]) -> bool:
    """Whether some file was read by one script before another one wrote it."""
    from checks.practice.reading_data import same_file

    if len(entries) < 2:
        return False
    return any(same_file(path, name) for path, _ in reading.log.reads for name in reading.log.written if "*" not in path)


def _run_again(machine: Machine, entries: list[Unit], reading: Reading) -> None:
    """A second pass that knows every file written in the first one; the first pass's events are forgotten."""
    kept = dict(reading.log.written)
    fresh = Log(written=kept)
    machine.log = fresh
    machine.pending_plots.clear()
    reading.entries.clear()
    for unit in entries:
        _run_entry(machine, unit, reading)
    reading.log = fresh


def iterate(machine: Machine, value: Value) -> list[Value]:
    """The elements that a loop over a value sees: known ones each, unknown ones twice."""
    if isinstance(value, Items):
        return [*value.items, *([value.rest] if value.rest is not None else [])]
    if isinstance(value, Mapping):
        keys: list[Value] = [Const(key) for key in value.entries]
        return [*keys, *([UNKNOWN] if value.rest is not None else [])]
    if isinstance(value, Lazy):
        return run_lazy(machine, value)
    if isinstance(value, Choice):
        return [one for option in value.options[:4] for one in iterate(machine, option)]
    if isinstance(value, Data):
        return _iterate_data(machine, value)
    if isinstance(value, Const):
        return [Const(character) for character in value.value[:2]] if isinstance(value.value, str) else []
    if isinstance(value, Model):
        return [part for _, part in value.parts] or [value, value]
    if isinstance(value, Object):
        if value.name == "builtins.open":
            lines = read(machine, Call("open", "", list(value.args), {}, ast.Pass()))
            return [lines, lines]
        held = find_data(value)
        entry = look_up(value.name)
        if held and entry is not None and entry.role == "splitter":
            return machine.iterate(machine, folds(machine, value, Call("split", "", [held[0]], {}, ast.Pass())))
        return [held[0], held[0]] if held else [UNKNOWN, UNKNOWN]
    if isinstance(value, Instance):
        return [element_of(machine, value)] * 2
    return [UNKNOWN, UNKNOWN]


def _iterate_data(machine: Machine, value: Data) -> list[Value]:
    if value.form == "shape":
        names = sorted(value.columns or ())[:12]
        return [Const(name) for name in names] or [UNKNOWN, UNKNOWN]
    if value.form == "group":
        machine.look("group", value, "iteration")
        return [Items([UNKNOWN, value.but(form="frame")], "tuple")] * 2
    return [value.but(), value.but()]
