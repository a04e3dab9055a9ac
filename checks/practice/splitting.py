"""Splits: random, grouped, by time, by fold; and resampling by hand, which is the opposite of keeping rows apart."""

from checks.practice.combining import as_data, constant, find_data, trimmed
from checks.practice.machine import Call, Machine
from checks.practice.rows import Rows, on_side, restricted
from checks.practice.values import HOLDS, UNKNOWN, Const, Data, Items, Object, Step, Value


def seeded(call: Call, *names: str) -> bool:
    for name in names or ("random_state", "seed"):
        value = call.params.get(name)
        if value is not None:
            return not (isinstance(value, Const) and value.value is None)
    return False


def random_split(machine: Machine, call: Call) -> Value:
    """train_test_split: two parts of everything it is given."""
    arrays = [as_data(one) for one in call.args]
    known = [data for data in arrays if data is not None]
    if not known:
        return UNKNOWN
    fixed = call.params.get("random_state")
    number = constant(fixed) if fixed is not None else None
    same = (known[0].rows, str(constant(call.params.get("test_size", UNKNOWN))), number, len(known))
    key: object = same if isinstance(number, int) else (machine.place, machine.loop_number, len(machine.log.splits))
    shuffled = constant(call.params.get("shuffle", Const(True)))
    stratify = call.params.get("stratify")
    stratified = stratify is not None and not (isinstance(stratify, Const) and not stratify.value)
    kind = "random" if shuffled is not False else "slice"
    name = machine.split(("random", key), known[0], kind, stratified=stratified, seeded=seeded(call) or shuffled is False)
    if call.name.endswith("train_valid_test_split"):
        sides: tuple[str, ...] = ("piece train", "piece valid", "piece test")
    else:
        sides = ("train", "test")
    parts: list[Value] = []
    for data in (_with_what_it_holds(machine, one, known) for one in arrays):
        for side in sides:
            parts.append(_part(data, name, side) if data is not None else UNKNOWN)
    return Items(parts)


def _with_what_it_holds(machine: Machine, data: Data | None, others: list[Data]) -> Data | None:
    """A whole frame that is split beside one of its own columns: each part still holds that column."""
    if data is None or data.columns is not None or data.form != "frame":
        return data
    taken = [
        one for one in others if one.owner is data and one.form == "series" and one.columns and not one.columns & data.absent
    ]
    return data.but(steps=data.steps | {machine.step(HOLDS, "a column", frozenset(), one.columns) for one in taken})


def _part(data: Data, split: str, side: str) -> Data:
    return data.but(rows=on_side(data.rows, split, side), mask=None)


def frame_split(machine: Machine, data: Data, call: Call) -> Value:
    """randomSplit of a Spark frame."""
    name = machine.split((machine.place, len(machine.log.splits)), data, "random", seeded=len(call.args) > 1 or seeded(call))
    weights = call.arg(0, "weights")
    count = len(weights.items) if isinstance(weights, Items) else 2
    sides = ("train", "test") if count == 2 else tuple(f"piece {number}" for number in range(count))
    return Items([_part(data, name, side) for side in sides])


def slice_split(machine: Machine, call: Call) -> Value:
    data = as_data(call.args[0]) if call.args else None
    if data is None:
        return UNKNOWN
    points = call.arg(1)
    count = len(points.items) + 1 if isinstance(points, Items) else 3
    name = machine.split((machine.place, len(machine.log.splits)), data, "slice")
    return Items([_part(data, name, f"piece {number}") for number in range(min(count, 6))])


def folds(machine: Machine, splitter: Object, call: Call) -> Value:
    """Two rounds of a splitter, each with its own pair of index arrays."""
    data = as_data(call.args[0]) if call.args else None
    if data is None:
        return Items([Items([UNKNOWN, UNKNOWN], "tuple")] * 2)
    kind = fold_kind(splitter.name)
    rounds: list[Value] = []
    for number in range(2):
        key = (machine.place, data.rows, number, len(machine.stack))
        name = machine.split(
            key, data, kind, stratified="Stratified" in splitter.name, seeded="random_state" in splitter.params
        )
        base = data.but(form="index", steps=frozenset(), columns=None, mask=None)
        sides = ("fold", "held")
        rounds.append(Items([base.but(rows=on_side(data.rows, name, side)) for side in sides], "tuple"))
    return Items(rounds)


def fold_kind(name: str) -> str:
    last = name.rsplit(".", 1)[-1]
    if "Group" in last or "PGroups" in last:
        return "group"
    return "time" if "TimeSeries" in last else "fold"


def shuffled(machine: Machine, data: Data) -> Data:
    """The same rows in a drawn order: cut by place, they are parted at random."""
    return data.but(steps=trimmed(unshuffled(data) | {machine.step("shuffle", "shuffled", frozenset())}))


def unshuffled(data: Data) -> frozenset[Step]:
    return frozenset(step for step in data.steps if step.op != "shuffle")


def sample(machine: Machine, data: Data, call: Call) -> Data:
    """`frame.sample`: a shuffle, a part to train on, or rows drawn to balance classes."""
    share = constant(call.params.get("frac", call.params.get("fraction", UNKNOWN)))
    if share == 1 or share == 1.0:
        return shuffled(machine, data).but(facets=frozenset(), mask=None)
    replace = constant(call.params.get("replace", Const(False))) is True
    grouped_share = data.form == "group" and share is not None and not replace
    if (data.by or replace) and not grouped_share:
        return drawn(machine, data, "sample", over=replace)
    name = machine.split((machine.place, len(machine.log.splits)), data, "random", seeded=seeded(call))
    seen = machine.look("shape", data, "sample") if isinstance(share, type(None)) else frozenset()
    form = "frame" if data.form == "group" else data.form
    return data.but(rows=on_side(data.rows, name, "train"), form=form, facets=data.facets | seen, mask=None)


def drawn(machine: Machine, data: Data, what: str, *, over: bool) -> Data:
    """Rows of one class drawn again, or fewer of them."""
    by_class = bool(data.by) or data.form == "group"
    op = "resample" if by_class else "bootstrap"
    step = machine.step(op, f"{'over' if over else 'under'} {what}", data.rows, None, source=data.by)
    # Rows of no one class: those that were not drawn can be told from them.
    rows = data.rows if by_class else on_side(data.rows, f"drawn@{machine.path}:{machine.cell}:{machine.line}", "in")
    return data.but(rows=rows, steps=trimmed(data.steps | {step}), mask=None, detail="resampled")


REPEATED = "over repeats"


def copied(machine: Machine, data: Data, counts: Data) -> Data:
    """Each row as often as a column says: oversampling where that column speaks of the target."""
    told = counts.by or counts.columns or frozenset()
    step = machine.step("resample", REPEATED, data.rows, None, source=told)
    return data.but(steps=trimmed(data.steps | {step}), mask=None) if told else data.but(mask=None)


def resample(machine: Machine, call: Call) -> Value:
    """sklearn.utils.resample."""
    found = [data for one in call.args for data in find_data(one)]
    if not found:
        return UNKNOWN
    over = constant(call.params.get("replace", Const(True))) is not False
    parts: list[Value] = [drawn(machine, data, "resample", over=over) for data in found]
    return parts[0] if len(parts) == 1 else Items(parts)


def by_index(data: Data, index: Data) -> Rows:
    return restricted(data.rows, index.rows)
