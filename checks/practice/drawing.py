"""Places of rows drawn at random, and the places that are left: splits by hand."""

from checks.practice.combining import as_data, find_data
from checks.practice.machine import Call, Machine
from checks.practice.reading_data import toy
from checks.practice.rows import Region, Rows, on_side, without
from checks.practice.splitting import shuffled
from checks.practice.values import NONE, UNKNOWN, Data, Items, Object, Value

_SHUFFLES = frozenset({"permutation", "shuffle", "permuted"})


def generator(machine: Machine, call: Call) -> Value:
    """A source of random numbers."""
    del machine
    return Object(call.name)


def generator_method(machine: Machine, call: Call) -> Value:
    if call.name in _SHUFFLES:
        return in_drawn_order(machine, call)
    if call.name in ("choice", "sample"):
        return drawn_places(machine, call)
    return toy(machine, Call(f"numpy.random.{call.name}", "", call.args, call.params, call.node))


def in_drawn_order(machine: Machine, call: Call) -> Value:
    """`permutation(rows)` gives them in another order; `shuffle(rows)` changes them where they are."""
    given = as_data(call.args[0]) if call.args else None
    if call.name.endswith("shuffle"):
        for one in find_data(call.args[0]) if call.args else []:
            one.steps = shuffled(machine, one).steps
        return NONE
    found = positions(machine, call) or given
    return shuffled(machine, found).but(mask=None) if found is not None else UNKNOWN


def shuffled_together(machine: Machine, call: Call) -> Value:
    """`shuffle(X, y)`: each in the same drawn order."""
    found = [as_data(one) for one in call.args]
    parts: list[Value] = [shuffled(machine, one).but(mask=None) if one is not None else UNKNOWN for one in found]
    return parts[0] if len(parts) == 1 else Items(parts)


def positions(machine: Machine, call: Call) -> Data | None:
    """`arange(len(frame))`, `permutation(len(frame))`: places of rows, which can be split as rows can."""
    counted = next((data for one in call.args for data in find_data(one) if data.form in ("shape", "index")), None)
    if counted is None:
        return None
    if counted.form == "index":
        return counted.but(mask=None)
    return Data(rows=_counted_here(machine), form="index", task=False)


def _counted_here(machine: Machine) -> Rows:
    return frozenset({Region(f"positions@{machine.path}:{machine.cell}:{machine.line}")})


def drawn_places(machine: Machine, call: Call) -> Value:
    """`choice(len(frame), size=n)`, `random.sample(places, n)`: some of the places; the others are what is left."""
    given = as_data(call.args[0]) if call.args else None
    if given is None or given.by or given.form not in ("shape", "index"):
        return toy(machine, call)
    rows = given.rows if given.form == "index" and given.rows else _counted_here(machine)
    name = machine.split((machine.place, len(machine.log.splits)), Data(rows=rows, task=False), "random")
    return Data(rows=on_side(rows, name, "in"), form="index", task=False)


def left_over(machine: Machine, call: Call) -> Value:
    """`setdiff1d(all, some)`, `delete(rows, some)`: what remains without these places."""
    del machine
    whole = as_data(call.arg(0, "ar1", "arr") or UNKNOWN)
    taken = as_data(call.arg(1, "ar2", "obj") or UNKNOWN)
    if whole is None:
        return UNKNOWN if taken is None else Data(rows=without(_bare(taken.rows), taken.rows), form="index", task=False)
    return whole.but(mask=None) if taken is None or taken.form != "index" else whole.but(
        rows=without(whole.rows, taken.rows), form="index" if whole.form == "shape" else whole.form, mask=None
    )  # fmt: skip


def _bare(rows: Rows) -> Rows:
    return frozenset(Region(region.origin) for region in rows)
