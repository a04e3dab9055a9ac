"""What a transformer has learned: the steps that go with everything it changes, and the vectors it gives for words."""

from checks.practice.combining import trimmed
from checks.practice.machine import Machine
from checks.practice.rows import NO_ROWS
from checks.practice.values import UNKNOWN, Const, Data, Model, Step, Value


def transformers_in(model: Model, depth: int = 5) -> list[Model]:
    """The transformers that a transformer is made of: itself, or those in its steps."""
    if model.role == "transformer":
        return [model]
    if depth == 0:
        return []
    return [inner for _, part in model.parts if isinstance(part, Model) for inner in transformers_in(part, depth - 1)]


def learned_steps(machine: Machine, model: Model) -> frozenset[Step]:
    """What data carries after this transformer has changed it."""
    fitted = model.fitted
    rows = fitted.rows if fitted is not None else frozenset()
    place = model.fitted_at or model.place
    columns = fitted.columns if fitted is not None and model.detail in ("scale", "impute") else None
    steps = set()
    for inner in transformers_in(model):
        op = inner.detail
        learned = frozenset() if op == "row" else rows
        supervised = op in ("select", "target_encode") and not inner.name.endswith("VarianceThreshold")
        steps.add(machine.step(op, inner.name.rsplit(".", 1)[-1], learned, columns, supervised=supervised, place=place))
    return frozenset(steps)


def vectors_for(machine: Machine, model: Model, key: Value) -> Value:
    """`embedding[word]`: the rows of the word, in vectors that were learned from the rows that the embedding was given."""
    fitted = model.fitted
    if fitted is None:
        return UNKNOWN
    steps = learned_steps(machine, model)
    if isinstance(key, Data) and key.rows:
        return key.but(form="array", columns=None, mask=None, steps=trimmed(key.steps | steps))
    named = isinstance(key, Const) and isinstance(key.value, str)  # One of the documents, which by its name is not known.
    rows = NO_ROWS if named else fitted.rows
    return Data(rows=rows, form="array", task=fitted.task, steps=trimmed(fitted.steps | steps))
