"""Figures learned from rows and put back into them: gaps filled, values cut off, binned, columns scored by the target."""

from checks.practice.combining import as_data, constant, find_data, join_data, trimmed
from checks.practice.looking import looking
from checks.practice.machine import Call, Machine
from checks.practice.values import UNKNOWN, Data, Items, Step, Value


def learned_fill(machine: Machine, stat: Data, columns: frozenset[str] | None) -> Step:
    """Gaps filled with a figure: what was learned, and from which rows."""
    return machine.step("impute", f"fill with {stat.detail or 'a statistic'}", stat.rows, columns)


def mixed(machine: Machine, call: Call) -> Data | None:
    """`where`, `clip`: values of a column, some of them put in place by a figure. None where no figure takes part."""
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    figures = [data for data in found if data.form == "stat" and data.rows]
    whole = [data for data in found if data.form in ("frame", "series", "array")]
    if not figures or not whole:
        return None
    if found[0].form != "missing":
        return bounded(machine, join_data(whole), figures).but(form="array")
    machine.note("missing_handled", call.name, whole[0])
    step = learned_fill(machine, figures[0], whole[0].columns)
    both = join_data(whole)
    return both.but(form="array", rows=whole[0].rows, steps=trimmed(both.steps | {step}), mask=None)


def bounded(machine: Machine, data: Data, bounds: list[Data]) -> Data:
    """Values cut off at bounds, or put in place by one, that were learned from rows."""
    learned = [one for one in bounds if one.form == "stat" and one.rows]
    if not learned or data.form not in ("frame", "series", "array"):
        return data.but(mask=None)
    step = machine.step("scale", f"bounds from {learned[0].detail or 'a statistic'}", learned[0].rows, data.columns)
    return data.but(steps=trimmed(data.steps | {step}), mask=None)


def binned(machine: Machine, call: Call) -> Value:
    """`cut` into a number of bins and `qcut` learn their edges from the rows; given edges are learned from nothing."""
    data = as_data(call.args[0]) if call.args else None
    bins = call.arg(1, "bins", "q")
    if data is None:
        return UNKNOWN
    by_rows = call.name.endswith("qcut") or isinstance(constant(bins), int)
    step = machine.step("bin", call.name.rsplit(".", 1)[-1], data.rows, data.columns)
    cut = data.but(steps=trimmed(data.steps | {step}) if by_rows else data.steps, mask=None)
    if constant(call.params.get("retbins")) is True:
        return Items([cut, Data(rows=data.rows, form="stat", task=data.task, detail="edges")], "tuple")
    return cut


def scores(machine: Machine, call: Call) -> Value:
    """How much each feature tells of the target: choosing features by it is a selection."""
    result = looking("relation")(machine, call)
    given = as_data(call.args[0]) if call.args else None
    if not isinstance(result, Data) or given is None or len(call.args) < 2:
        return result
    told = result.but(form="weights", detail="weights", rows=given.rows)
    return told if call.name.rsplit(".", 1)[-1].startswith("mutual") else Items([told, told.but()], "tuple")
