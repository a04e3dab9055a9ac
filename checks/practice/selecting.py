"""Subscripts: columns, rows, masks and slices of frames; elements of lists and mappings."""

import ast

from checks.practice.assigning import steps_within
from checks.practice.combining import join_data, strings, trimmed, unheld
from checks.practice.machine import Machine
from checks.practice.masks import FEW_GAPS, keeps_filled
from checks.practice.rows import on_side, on_sides, restricted
from checks.practice.values import BY_PREDICTIONS, Const, Data, Items, Mapping, Scope, Step, Unknown, Value

CORRELATED = "corr with"
"""Correlations of every column with one of them: columns picked by these are picked by that column."""
COLUMNS_KEPT = "columns with few gaps"


def part_of_data(machine: Machine, base: Data, key: ast.expr, scope: Scope) -> Value:
    if isinstance(key, ast.Slice):
        return _sliced(machine, base, key, scope)
    if isinstance(key, ast.Tuple) and len(key.elts) == 2:
        rows = part_of_data(machine, base, key.elts[0], scope)
        return _columns_part(machine, rows, key.elts[1], scope) if isinstance(rows, Data) else rows
    return select(machine, base, machine.evaluate(machine, key, scope))


def _columns_part(machine: Machine, rows: Data, key: ast.expr, scope: Scope) -> Value:
    if isinstance(key, ast.Slice):
        machine.evaluate(machine, key, scope)
        bounded = key.lower is not None or key.upper is not None
        if not bounded:
            return rows.but(columns=None)
        left = machine.step("some_columns", "columns by place", frozenset())
        return rows.but(columns=None, steps=trimmed(rows.steps | {left}))
    names = machine.evaluate(machine, key, scope)
    if isinstance(names, Data) and names.detail == FEW_GAPS:
        return _with_few_gaps(machine, rows).but(mask=None)
    if strings(names):
        return columns(rows, names)
    if isinstance(names, Data) and (_by_model(names) or names.detail == CORRELATED):
        return _by_data(machine, rows, names)
    if isinstance(names, Const):
        return rows.but(form="series")
    return unheld(rows)


def columns(base: Data, names: Value) -> Data:
    """Columns by name; a single name gives a series."""
    wanted = frozenset(strings(names))
    part = next((word for word in ("train", "test", "val") for name in wanted if word in name.lower()), None)
    if base.form == "parts":
        rows = on_side(base.rows, "given parts", f"piece {part}") if part is not None else base.rows
        return base.but(rows=rows, form="frame", columns=None if part is not None else wanted)
    single = isinstance(names, Const)
    if base.form == "group":
        return base.but(columns=wanted)
    form = (
        base.form
        if base.form in ("stat", "score", "pivot", "curve", "missing", "history")
        else ("series" if single else "frame")
    )
    return base.but(form=form, columns=wanted, steps=steps_within(base.steps, wanted), mask=None, owner=base)


def select(machine: Machine, base: Data, key: Value) -> Data:
    """`frame[key]` for a key that is already a value."""
    if strings(key) and not isinstance(key, Mapping):
        if base.form == "stat" and base.detail == "corr":
            against = frozenset(strings(key))
            seen = machine.look("relation", base.but(columns=against | {"every other"}), "corr")
            return base.but(facets=base.facets | seen, detail=CORRELATED, columns=against)
        return columns(base, key)
    if isinstance(key, Data) and not _names_a_column(base, key):
        return _by_data(machine, base, key)
    if isinstance(key, Items) and key.kind == "tuple" and len(key.items) == 2:
        rows = select(machine, base, key.items[0])
        return select(machine, rows, key.items[1])
    if base.form == "shape" and base.detail == "columns":
        return base.but(facets=frozenset())
    places = [one for one in key.items if isinstance(one, Data) and one.form == "index"] if isinstance(key, Items) else []
    if places:
        return _by_data(machine, base, join_data(places))
    if base.form in ("stat", "score", "shape", "text", "curve"):
        return base
    owner = base if base.form == "frame" else base.owner
    if isinstance(key, Unknown) and base.form == "frame":  # Some columns, or some rows: which is not known.
        base = base.but(steps=trimmed(base.steps | {machine.step("some_columns", "columns by a key not known", frozenset())}))
    found = base.but(mask=None, owner=owner)
    return found if isinstance(key, Const) else unheld(found)


def _names_a_column(base: Data, key: Data) -> bool:
    """Whether a key came out of a loop over a frame, which gives the names of its columns."""
    return base.form == key.form == "frame" and key.mask is None and bool(key.rows & base.rows)


def _by_data(machine: Machine, base: Data, key: Data) -> Data:
    facets = base.facets | key.facets
    if key.detail == CORRELATED and base.form == "stat":
        return base.but(facets=facets, detail=CORRELATED, columns=key.columns, mask=None)
    if key.detail == CORRELATED and base.form == "frame":
        return base.but(steps=trimmed(base.steps | {_by_correlation(machine, key)}), facets=facets, mask=None, columns=None)
    if key.detail == FEW_GAPS and base.form in ("frame", "shape", "missing"):
        return _with_few_gaps(machine, base).but(facets=facets, mask=None)
    if base.form == "shape" and _by_model(key):
        picked = frozenset({_selection(machine, key)})
        return base.but(detail="support", fits=frozenset(), steps=picked, facets=frozenset())
    if _by_model(key) and not base.fits and base.form in ("frame", "array"):
        step = next((step for step in key.steps if step.op == "select"), None) or _selection(machine, key)
        return base.but(steps=base.steps | {step}, facets=facets, mask=None, columns=None)
    if key.fits and not base.fits and key.form in ("array", "series") and base.form in ("series", "array"):
        made = machine.evaluated(key.fits, key, "own", "own metric")
        return base.but(form="score", fits=key.fits, evaluations=made, facets=frozenset(), mask=None)
    if key.form == "mask" or key.mask is not None:
        return _masked(machine, base, key)
    if key.form == "index":
        drawn = frozenset(step for step in key.steps if step.op in ("resample", "bootstrap"))
        return base.but(rows=restricted(base.rows, key.rows), facets=facets, mask=None, steps=base.steps | drawn)
    if key.form == "choice" or key.evaluations:
        return base.but(form="choice" if base.form == "curve" else base.form, evaluations=base.evaluations | key.evaluations)
    if key.form == "shape":
        return unheld(base.but(mask=None))
    if key.form == "missing":
        return base.but(facets=facets, by=base.by, mask=None)
    found = base.but(facets=facets, mask=None)
    return found if key.form in ("series", "array") else unheld(found)


def _masked(machine: Machine, base: Data, key: Data) -> Data:
    """Some of the rows: gaps picked out are looked at; a single column picked by predictions speaks of the model."""
    by = base.by | key.by if key.detail.startswith("is ") else base.by
    facets = base.facets | key.facets if key.form == "missing" else base.facets
    if key.form == "missing" and keeps_filled(key.mask) and base.form in ("frame", "array", "series"):
        base = without_gaps(machine, base, key.columns, "rows without gaps")
    single = base.form in ("series", "array") and base.columns is not None and len(base.columns) == 1
    fits = base.fits | key.fits if single else base.fits
    detail = BY_PREDICTIONS if key.fits and not base.fits else base.detail
    return base.but(
        rows=on_sides(base.rows, key.mask), by=by, facets=facets, fits=fits, mask=None, detail=detail,
        evaluations=base.evaluations | key.evaluations,
    )  # fmt: skip


def without_gaps(machine: Machine, base: Data, names: frozenset[str] | None, what: str) -> Data:
    """The rows or columns that hold a value: the others are left out."""
    step = machine.step("drop_missing", what, frozenset(), names if what == COLUMNS_KEPT else None, source=names)
    machine.note("missing_handled", what, base, names)
    return base.but(steps=trimmed(base.steps | {step}))


def _with_few_gaps(machine: Machine, base: Data) -> Data:
    """The columns, or the names of columns, that have few gaps."""
    if base.form != "frame":
        return base.but(detail=FEW_GAPS)
    return without_gaps(machine, base, None, COLUMNS_KEPT).but(columns=None)


def _by_model(key: Data) -> bool:
    """Whether a key comes from what a model or a selector found: its weights, or the features it supports."""
    return key.detail == "support" or (key.form in ("weights", "mask") and key.detail == "weights")


def _selection(machine: Machine, key: Data) -> Step:
    return machine.step("select", "features picked by a fitted model", key.rows, None, supervised=True)


def _by_correlation(machine: Machine, key: Data) -> Step:
    what = "columns picked by their correlation"
    return machine.step("select", what, key.rows, None, supervised=True, source=key.columns)


def _sliced(machine: Machine, base: Data, key: ast.Slice, scope: Scope) -> Data:
    low, high = (_bound(machine, part, scope) for part in (key.lower, key.upper))
    if low is None and high is None and key.step is None:
        return base.but(mask=None)
    if base.form in ("shape", "stat", "text", "score", "curve", "missing", "weights"):
        return base
    if base.by and low is None and base.form != "group":
        step = machine.step("resample", "under slice", base.rows, source=base.by)
        return base.but(steps=base.steps | {step}, mask=None)
    if key.step is not None:
        return _every_so_many(machine, base, key, low, scope)
    depth = 1 + max((sum(side.split.startswith("slice") for side in region.sides) for region in base.rows), default=0)
    if low is not None and high is not None and (high.startswith("len(") or high.endswith(".shape[0]")):
        high = None
    if low is not None and high is not None:
        side = f"piece {low}:{high}"
    else:
        side = f"below {high}" if high is not None else f"above {low}"
    if any(step.op == "shuffle" for step in base.steps):
        split = machine.split(("shuffled slice", base.rows, machine.path), base, "random")
        return base.but(rows=on_side(base.rows, split, side), detail=split, mask=None)
    split = machine.split(("slice", base.rows, machine.path), base, "slice") if side[:5] in ("below", "above") else "slice"
    return base.but(rows=on_side(base.rows, f"slice{depth}", side), detail=split, mask=None)


def _every_so_many(machine: Machine, base: Data, key: ast.Slice, low: str | None, scope: Scope) -> Data:
    """`rows[::2]`, `rows[1::2]`: every second row, from the first or from the second."""
    step = _bound(machine, key.step, scope)
    if step is None or step.startswith(("-", "1")):
        return base.but(mask=None)
    return base.but(rows=on_side(base.rows, f"stride {step}", f"is {low or 0}"), mask=None)


def _bound(machine: Machine, node: ast.expr | None, scope: Scope) -> str | None:
    if node is None:
        return None
    value = machine.evaluate(machine, node, scope)
    if isinstance(value, Const) and value.value in (0, None):
        return None
    try:
        return ast.unparse(node)[:80]
    except (RecursionError, ValueError):
        return "bound"
