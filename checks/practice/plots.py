"""Figures: what they show of the data, and when a reader gets to see them."""

from checks.practice.combining import find_data, join_data, strings
from checks.practice.knowledge import look_up
from checks.practice.machine import Call, Machine
from checks.practice.values import NONE, UNKNOWN, Data, Object, Value

_ROLES = (
    "x",
    "y",
    "hue",
    "col",
    "row",
    "color",
    "names",
    "values",
    "dimensions",
    "vars",
    "x_vars",
    "y_vars",
    "facet_col",
    "by",
    "column",
)


_NO_DATA = frozenset({"ax", "order", "label", "title"})
"""What a figure is told besides what it shows."""


def plot(machine: Machine, call: Call) -> Value:
    """A plotting function of a library."""
    if call.detail == "publish":
        machine.publish_plots()
        return NONE
    if call.detail in ("figure", "chart"):
        found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
        return Object(call.name, [join_data(found)] if found else [])
    seen = drawn(machine, call, call.detail)
    return Object(call.name, [seen]) if seen is not None else Object(call.name)


def drawn(machine: Machine, call: Call, kind: str) -> Data | None:
    """Record the look that a figure gives; nothing for figures of scores, losses and predictions."""
    found = [data for one in call.args for data in find_data(one)]
    found += [data for name, one in call.params.items() if name not in _NO_DATA for data in find_data(one)]
    if not found:
        return None
    data = join_data(found) if len(found) > 1 else found[0]
    if kind == "relation" and all(one.form == "stat" and not one.by for one in found):
        kind = "values"
    if all(one.form in ("score", "curve", "weights", "history") or one.evaluations for one in found):
        return None
    if kind == "line" and data.form not in ("stat", "group", "frame", "series", "array"):
        return None
    named = frozenset(name for role in _ROLES for name in strings(call.params.get(role)))
    named |= frozenset(name for one in call.args[:3] for name in strings(one) if len(name) < 80)
    every = frozenset().union(*(one.columns for one in found if one.columns is not None))
    columns = named or every or None
    if columns is not None and named and every and any(one.form == "series" for one in found):
        columns = named | every
    if call.name.endswith(("imshow", "matshow")) and data.form in ("array", "frame", "series", "text"):
        kind = "values" if data.form in ("series", "text") else "shape"  # A picture of some rows, or of words.
    hue = frozenset(strings(call.params.get("hue")) + strings(call.params.get("color")))
    looked = data.but(columns=columns, by=data.by | hue)
    missing = any(one.form == "missing" for one in found)
    seen = machine.look("missingness" if missing else kind, looked, call.name, plotted=True)
    if machine.kind == "notebook":
        machine.show(data.but(facets=seen))
        machine.show(data)
    else:
        machine.pending_plots += sorted(data.facets)
    return data.but(form="plot", facets=seen, mask=None)


_AXES_KINDS = {
    "hist": "distribution", "boxplot": "box", "violinplot": "box", "bar": "values", "barh": "values", "scatter": "relation",
    "plot": "line", "imshow": "heat", "matshow": "heat", "pie": "values", "hexbin": "relation", "kde": "distribution",
    "map": "relation", "map_dataframe": "relation", "map_offdiag": "relation", "add_trace": "values",
    "mark_bar": "values", "mark_point": "relation", "mark_line": "time", "mark_boxplot": "box", "mark_rect": "relation",
    "vbar": "values", "quad": "distribution", "circle": "relation", "line": "time", "step": "line", "heatmap": "heat",
}  # fmt: skip


def series_plot(machine: Machine, receiver: Object, call: Call) -> Value:
    """A method of axes or of a chart."""
    kind = _AXES_KINDS.get(call.name)
    if kind is None:
        return receiver
    entry = look_up(receiver.name)
    of_chart = (entry is not None and entry.detail in ("chart", "figure")) or bool(receiver.args)
    request = Call(call.name, kind, [*call.args, *(receiver.args if of_chart else [])], call.params, call.node)
    seen = drawn(machine, request, kind)
    if seen is not None and of_chart:
        return Object(receiver.name, [seen])
    return receiver


def frame_plot(machine: Machine, data: Data, call: Call) -> Value:
    """`frame.plot(...)`, `frame.hist()`, `frame.plot.bar()`."""
    kinds = strings(call.params.get("kind")) or (strings(call.arg(0)) if call.name == "plot" else [call.name])
    kind = {
        "hist": "distribution", "kde": "distribution", "density": "distribution", "box": "box", "boxplot": "box",
        "bar": "values", "barh": "values", "pie": "values", "scatter": "relation", "hexbin": "relation",
    }.get((kinds or ["line"])[0], "line")  # fmt: skip
    if data.form == "group":
        kind = "group"
    request = Call(call.name, kind, [data, *call.args], call.params, call.node)
    seen = drawn(machine, request, kind)
    return Object("matplotlib.axes", [seen] if seen is not None else [])


def publish(machine: Machine, receiver: Object, call: Call) -> Value:
    """A figure or report is shown or saved."""
    for data in find_data(receiver):
        machine.show(data)
    machine.publish_plots()
    del call
    return UNKNOWN
