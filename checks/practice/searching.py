"""Searches over an objective function: optuna, hyperopt."""

from checks.practice.combining import find_data
from checks.practice.machine import Call, Machine
from checks.practice.rows import joined
from checks.practice.values import Data, Function, Object, Partial, Value


def study(machine: Machine, call: Call) -> Value:
    for one in [*call.args, *call.params.values()]:
        _optimise(machine, one)
    return Object(call.name, [])


def _optimise(machine: Machine, function: Value) -> None:
    """A search over an objective: its result is what the search chooses by."""
    if not isinstance(function, (Function, Partial)):
        return
    result = machine.call(machine, function, [Object("optuna.Trial")], {}, None)  # type: ignore[arg-type]
    scores = frozenset().union(*(data.evaluations for data in find_data(result)))
    rows = joined(*(data.rows for data in find_data(result)))
    machine.note("tuned", "search over an objective", Data(rows=rows))
    machine.chose("hyperparameters by search", scores, rows)
