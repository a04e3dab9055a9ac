"""What a model learns to predict: the columns it is held in, and whether the features hold it too."""

from checks.practice.values import HOLDS, Data


def target_names(data: Data, target: Data | None) -> frozenset[str]:
    if target is not None and target.columns is not None and len(target.columns) <= 3:
        return target.columns
    return data.by if target is None and data.form == "array" else frozenset()


def made_from(data: Data, target: Data | None) -> frozenset[str]:
    """The columns that hold what the target says: those it was made from, or the target itself left among the features."""
    if target is None or target.columns is None or len(target.columns) != 1:
        return frozenset()
    if (
        data.form in ("frame", "array")
        and not data.fits
        and target.form == "series"
        and target.detail != "shifted"
        and target.columns <= (data.columns or set())
    ):
        return target.columns
    if left_in(data, target):
        return target.columns
    return frozenset(
        name for step in target.steps if step.op == "derived" and step.columns == target.columns for name in step.source
    )


def left_in(data: Data, target: Data) -> bool:
    """Whether a frame of which not all columns are named still holds the target that was taken from it."""
    if data.columns is not None or target.columns is None or any(step.op == "some_columns" for step in data.steps):
        return False
    held = target.owner is data or any(step.op == HOLDS and step.columns == target.columns for step in data.steps)
    return held and len(target.columns) == 1 and target.form == "series" and not target.columns & data.absent
