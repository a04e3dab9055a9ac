"""Methods of frames, series and arrays."""

from collections.abc import Callable
from dataclasses import replace

from checks.practice.applying import applied, call_functions
from checks.practice.assigning import group_op, store_column
from checks.practice.combining import as_data, constant, find_data, join_data, strings, trimmed
from checks.practice.filling import clip, drop_missing, fill, rank, replace_values
from checks.practice.folding import judge
from checks.practice.grouping import ORDERED, aggregated, arranged, pivoted, told_by_name
from checks.practice.joining import merged, repeated
from checks.practice.knowledge import Entry, frame_methods
from checks.practice.library import chosen
from checks.practice.looking import profile
from checks.practice.machine import Call, Machine
from checks.practice.masks import FILLED, compared_by_method, filled_by_query, gap_mask, keeps_filled, membership, of_query
from checks.practice.models import network_fit
from checks.practice.plots import frame_plot
from checks.practice.reading_data import path_text, written
from checks.practice.rows import joined, on_side, on_sides, without
from checks.practice.selecting import columns, without_gaps
from checks.practice.splitting import frame_split, sample, unshuffled
from checks.practice.values import NONE, UNKNOWN, Const, Data, Items, Symbol, Value

_KEEP_FORMS = frozenset({"score", "curve", "weights", "history", "text", "shape"})


def call_frame_method(machine: Machine, data: Data, call: Call) -> Value:
    if call.name.startswith("plot."):
        return frame_plot(machine, data, replace(call, name=call.name[5:]))
    entry = frame_methods().get(call.name, Entry("same"))
    if call.name == "backward":
        return network_fit(machine, data)
    if data.form in _KEEP_FORMS and entry.role not in ("write", "plot", "choose", "append", "apply", "sort"):
        return data.but(facets=data.facets, mask=None)
    handler = _HANDLERS.get(entry.role, _same)
    result = handler(machine, data, call, entry)
    if constant(call.params.get("inplace")) is True and isinstance(result, Data):
        _in_place(data, result)
        return NONE
    return result


def _in_place(data: Data, result: Data) -> None:
    data.rows, data.steps, data.columns, data.absent = result.rows, result.steps, result.columns, result.absent
    if data.owner is not None:
        done = frozenset(step for step in result.steps if step.op != "some_columns")
        data.owner.steps = trimmed(data.owner.steps | done)


def _same(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if call.name == "isin":
        return membership(data, call)
    if (rearranged := arranged(machine, data, call)) is not None:
        return rearranged
    if call.name in ("select", "reindex", "get") and strings(call.arg(0)):
        names = [text for one in call.args for text in strings(one)]
        return columns(data, Items([Const(name) for name in names]))
    if call.name in ("iterrows", "itertuples", "items", "iter_rows"):
        return Items([Items([UNKNOWN, data], "tuple")] * 2) if call.name != "itertuples" else data
    if call.name in ("eq", "gt", "lt", "ge", "le", "ne", "between"):
        other = as_data(call.args[0]) if call.args else None
        if call.name in ("eq", "ne") and other is not None:
            judge(machine, data, other)
        return compared_by_method(data, call)
    if call.name in ("shift", "diff", "pct_change", "cumsum"):
        return data.but(mask=None, detail="shifted")
    if call.name in ("tolist", "to_list") and data.form in ("series", "array", "frame"):
        return data.but(form="list")
    keeps = call.name in ("to_numpy", "astype", "copy", "reset_index", "ravel", "squeeze", "tolist", "to_list")
    return data.but() if keeps else data.but(mask=None)


def _look(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if call.name == "sample":
        return sample(machine, data, call)
    if data.form in ("stat", "missing", "mask"):
        return data.but(mask=None)
    kind = entry.detail
    if data.form == "group" and kind in ("values", "numeric"):
        kind = "group"
    names = frozenset(strings(call.arg(0, "subset"))) if call.name == "value_counts" else frozenset()
    seen = machine.look(kind, data.but(columns=names or data.columns), call.name)
    if call.name in ("info", "show", "glimpse", "printSchema"):
        machine.show(data.but(facets=seen))
        return NONE
    rows = data.rows
    if call.name in ("head", "tail", "limit") and call.args:
        rows = on_side(rows, "slice1", "below" if call.name != "tail" else "above")
    keep = call.name in ("head", "tail", "limit", "first", "take", "collect", "distinct")
    form = ("frame" if data.form == "group" else data.form) if keep else "stat"
    return data.but(rows=rows, form=form, facets=data.facets | seen, detail=call.name, mask=None)


def _missing_mask(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    seen = machine.look("missingness", data, call.name)
    return data.but(form="missing", facets=data.facets | seen, mask=gap_mask(data, call.name))


def _duplicates(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    seen = machine.look("duplicates", data, call.name)
    if "drop" in call.name:
        machine.note("duplicates_dropped", call.name, data)
        machine.show(data.but(facets=seen))
        return data.but(mask=None)
    return data.but(form="stat", facets=data.facets | seen, mask=None)


def _group(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    names = frozenset(text for one in call.args for text in strings(one)) | frozenset(strings(call.params.get("by")))
    if call.name in ("rolling", "expanding", "ewm"):
        return data.but(form="group" if data.form == "group" else "window", by=data.by, mask=None)
    if call.name == "resample":
        names = frozenset({"date"})
    every = [text for one in call.args for found in find_data(one) for text in (found.columns or ())]
    return data.but(form="group", by=names | frozenset(every), mask=None)


def _stat(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if constant(call.arg(0, "axis")) in (1, "columns") and data.form in ("frame", "array", "missing", "mask"):
        if data.form == "missing" and call.name in ("any", "all"):
            return data.but(columns=None)
        return data.but(form="series", columns=None, mask=None)
    if data.form == "missing":
        return data.but(mask=None, detail=FILLED if keeps_filled(data.mask) else data.detail)
    if call.name == "item" and data.fits:  # A lone prediction, as a plain number.
        return data
    if data.form == "window":
        return data.but(form="series", mask=None, detail="shifted")
    if data.form in ("mask",):
        seen = machine.look("validity", data, call.name)
        return data.but(form="stat", facets=data.facets | seen, mask=None)
    if data.form == "stat":
        return data.but(mask=None)
    kind = "group" if data.form == "group" else "statistic"
    seen = machine.look(kind, data, call.name)
    by = data.by if data.form == "group" else frozenset()
    return data.but(form="stat", facets=data.facets | seen, by=by, detail=call.name, mask=None)


def _aggregate(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    call_functions(machine, data, call)
    if data.form != "group":
        return _stat(machine, data, call, entry)
    result = _stat(machine, data.but(columns=aggregated(call)[0] or data.columns), call, entry)
    return told_by_name(machine, result, call) if isinstance(result, Data) else result


def _transform(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if data.form != "group":
        return applied(machine, data, call, entry)
    first = call.arg(0, "func")
    named = strings(first) or ([first.name.rsplit(".", 1)[-1]] if isinstance(first, Symbol) else [])
    if named:
        step = machine.step(group_op(named[0]), f"transform {named[0]}", data.rows, data.columns, source=data.columns)
        return data.but(form="series", steps=trimmed(data.steps | {step}), by=frozenset(), mask=None, detail="shifted")
    results = call_functions(machine, data.but(form="frame"), call)
    found = [one for result in results for one in find_data(result)]
    learned = frozenset().union(*(one.steps for one in found))
    learned |= {
        machine.step(group_op(one.detail), f"transform {one.detail}", one.rows, one.columns, source=one.columns)
        for one in found
        if one.form == "stat" and one.detail
    }
    return data.but(form="series", steps=trimmed(data.steps | learned), by=frozenset(), mask=None, detail="shifted")


def _pivot(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if data.form == "stat":
        return data.but(form="pivot", mask=None)
    names = frozenset(text for one in [*call.args, *call.params.values()] for text in strings(one))
    seen = machine.look("group", data.but(columns=names or data.columns, by=names), call.name)
    table = data.but(form="pivot", facets=data.facets | seen, columns=names or data.columns, mask=None)
    return pivoted(table, call)


def _replaced(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return replace_values(machine, data, call, entry) or _same(machine, data, call, entry)


def _drop(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    first = call.params.get("columns") or call.params.get("labels") or call.arg(0) or call.params.get("index")
    names = frozenset(strings(first)) | frozenset(text for one in call.args[1:] for text in strings(one) if one is not first)
    index = as_data(first) if first is not None else None
    if index is not None and index.form == "missing" and not names:
        machine.note("missing_handled", "columns by their gaps", data)
    if index is not None and not names:
        if index.form in ("index", "frame", "array") and index.rows:
            return data.but(rows=without(data.rows, index.rows), mask=None)
    elif not names and not call.args and not call.params:
        return drop_missing(machine, data, call, entry)
    if not names:  # Which columns go is not known.
        return data.but(steps=data.steps | {machine.step("some_columns", "dropped", frozenset())}, mask=None)
    machine.note("drop_columns", ",".join(sorted(names)), data, names)
    kept = frozenset(step for step in data.steps if step.columns is None or not step.columns <= names)
    remaining = data.columns - names if data.columns is not None else None
    return data.but(absent=data.absent | names, steps=kept, columns=remaining, mask=None)


def _pop(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    names = frozenset(strings(call.arg(0)))
    column = columns(data, call.arg(0) or UNKNOWN) if names else data.but()
    data.absent = data.absent | names
    data.columns = data.columns - names if data.columns is not None else None
    return column


def _merge(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return merged(machine, data, as_data(call.arg(0, "right", "other") or UNKNOWN))


def _append(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    found = [one for arg in call.args for one in find_data(arg)]
    whole = join_data([data, *found])
    steps = trimmed(whole.steps | repeated(machine, [data, *found]))
    return whole.but(rows=joined(data.rows, *(one.rows for one in found)), form=data.form, steps=steps)


def _filter(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    text = " ".join(strings(call.arg(0)))
    mask = as_data(call.arg(0) or UNKNOWN)
    if mask is not None and mask.mask is not None:
        return data.but(rows=on_sides(data.rows, mask.mask), mask=None)
    names = frozenset(text_ for one in [call.params.get("items")] for text_ in strings(one))
    if names:
        return columns(data, Items([Const(name) for name in names]))
    if filled := filled_by_query(text):
        data = without_gaps(machine, data, filled, "rows without gaps")
    by = frozenset(key[4:] for key, side in of_query(text) if side.startswith("is "))
    return data.but(rows=on_sides(data.rows, of_query(text)), by=data.by | by, mask=None)


def _sort(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    steps = unshuffled(data)
    if data.form == "stat" and data.by and call.name == "sort_values":
        steps |= {machine.step(ORDERED, "groups by their figure", frozenset())}
    return data.but(steps=steps, mask=None)


def _profile(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return profile(machine, Call(call.name, "", [data], {}, call.node))


def _write(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if call.name == "save" and not path_text(call.arg(0)):
        return NONE
    kept = data
    if (
        call.name in ("to_csv", "to_excel")
        and constant(call.params.get("index", Const(True))) is not False
        and data.form != "stat"
    ):
        kept = data.but(steps=data.steps | {machine.step("saved_index", "index", frozenset(), frozenset({"Unnamed: 0"}))})
    written(machine, kept, call.arg(0, "path_or_buf", "path", "excel_writer", "file"))
    return data.but(form="text") if not call.args else NONE


def _insert(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    if len(call.args) >= 3:
        store_column(machine, data, frozenset(strings(call.args[1])) or None, call.args[2])
    return NONE


def _split(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return frame_split(machine, data, call)


def _choose(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return chosen(machine, data)


def _plot(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return frame_plot(machine, data, call)


def _arithmetic(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    other = as_data(call.arg(0, "other") or UNKNOWN)
    if other is not None and other.form == "stat" and data.form != "stat":
        step = machine.step("scale", "own scaling", other.rows, data.columns)
        return data.but(steps=trimmed(data.steps | other.steps | {step}), mask=None)
    return data.but(mask=None)


def _align(machine: Machine, data: Data, call: Call, entry: Entry) -> Value:
    return Items([data.but(mask=None), call.arg(0, "other") or UNKNOWN], "tuple")


Handler = Callable[[Machine, Data, Call, Entry], Value]
_HANDLERS: dict[str, Handler] = {
    "look": _look, "missing_mask": _missing_mask, "duplicates": _duplicates, "group": _group, "stat": _stat,
    "aggregate": _aggregate, "transform": _transform, "pivot": _pivot, "fill": fill, "drop_missing": drop_missing,
    "replace": _replaced, "clip": clip, "rank": rank, "drop": _drop, "pop": _pop, "apply": applied, "merge": _merge,
    "append": _append, "align": _align,
    "filter": _filter, "sort": _sort, "write": _write, "insert": _insert, "split": _split, "choose": _choose,
    "plot": _plot, "profile": _profile, "arithmetic": _arithmetic, "same": _same,
}  # fmt: skip
