"""Where data comes from and goes to: reads, toy frames, frames built by hand, files written and read again."""

import posixpath
from fnmatch import fnmatchcase

from checks.practice.combining import as_data, constant, find_data, join_data, strings, trimmed
from checks.practice.machine import Call, Machine
from checks.practice.rows import Region, on_side
from checks.practice.values import NONE, UNKNOWN, Const, Data, Items, Mapping, Model, Object, Value


def path_text(value: Value | None) -> str:
    """A file's path as far as it is known, normalised; empty when nothing of it is."""
    if isinstance(value, Object) and value.args:
        return path_text(value.args[0])
    if isinstance(value, Const) and isinstance(value.value, str):
        path = value.value.replace("\\", "/")
        if "://" in path:
            return path
        parts = [part for part in posixpath.normpath(path).split("/") if part not in ("..", ".", "")]
        return "/".join(parts)
    return ""


def same_file(one: str, other: str) -> bool:
    """Whether two paths may name one file: equal, one the end of the other, or one a pattern of the other."""
    if one == other:
        return True
    if one.endswith("/" + other) or other.endswith("/" + one):
        return True
    last_one, last_other = posixpath.basename(one), posixpath.basename(other)
    if "*" in last_one and last_one.strip("*"):
        return fnmatchcase(last_other, last_one)
    if "*" in last_other and last_other.strip("*"):
        return fnmatchcase(last_one, last_other)
    return "*" in one + other and last_one == last_other


_OF_PARTS = frozenset({"datasets.load_dataset", "datasets.load_from_disk", "numpy.load", "scipy.io.loadmat", "h5py.File"})
"""Readers whose result may hold several sets of rows under names such as train and test."""


def read(machine: Machine, call: Call) -> Value:
    first = call.arg(0, "filepath_or_buffer", "path", "io", "source", "file", "fname", "sql")
    if isinstance(first, Data):
        return first.but(form="frame", columns=None)
    if (
        isinstance(first, Object)
        and first.name.endswith(("StringIO", "BytesIO"))
        and all(isinstance(one, Const) for one in first.args)
    ):
        return toy(machine, call)
    path = path_text(first)
    if path in machine.log.bundles:
        return Mapping({name: data.but() for name, data in machine.log.bundles[path].items()})
    known = _written(machine, path)
    if known is not None:
        if "index_col" in call.params:
            return known.but(steps=frozenset(step for step in known.steps if step.op != "saved_index"))
        return known
    origin = f"file:{path}" if path.strip("*/") else f"expr:{call.names[0] if call.names else ''}@{machine.path}"
    machine.log.reads.append((path or origin, machine.place))
    value = Data(rows=frozenset({Region(origin)}), task=True)
    if call.name in _OF_PARTS:
        value.form = "parts"
    names = constant_names(call.params.get("usecols") or call.params.get("names"))
    if names and call.params.get("index_col") is None:
        value.columns = names
    return value


def constant_names(value: Value | None) -> frozenset[str] | None:
    found = strings(value)
    return frozenset(found) if found and isinstance(value, Items) else None


def _written(machine: Machine, path: str) -> Data | None:
    if not path.strip("*/"):
        return None
    for name, data in machine.log.written.items():
        if same_file(name, path):
            return data.but(form="frame", facets=frozenset(), mask=None)
    return None


def written(machine: Machine, value: Value, target: Value | None) -> None:
    """Data saved to a file: whoever reads that file gets the data with its history."""
    path = path_text(target)
    data = as_data(value)
    if data is None:
        return
    machine.show(data)
    if path and not machine.muted and len(machine.log.written) < 200:
        machine.log.written[path] = data.but()
    if data.fits and data.form not in ("score", "weights", "history", "curve"):
        machine.note("predictions_written", path, data)


DRAWN = "drawn numbers"


def toy(machine: Machine, call: Call) -> Value:
    """A library data set or random numbers: data, but not the task's."""
    drawn_from = [
        data for one in call.args[:1] for data in find_data(one) if data.form in ("index", "frame", "array") and data.by
    ]
    if drawn_from and call.name.endswith("choice"):
        step = machine.step("resample", "under choice", drawn_from[0].rows)
        return drawn_from[0].but(steps=trimmed(drawn_from[0].steps | {step}), mask=None)
    origin = f"toy:{call.name}@{machine.path}:{machine.cell}:{machine.line}"
    value = Data(rows=frozenset({Region(origin)}), task=False)
    last = call.name.rsplit(".", 1)[-1]
    if last == "load_data":
        sides = (value.but(rows=on_side(value.rows, origin, side)) for side in ("train", "test"))
        return Items([Items([side.but(), side.but(columns=frozenset({"target"}))], "tuple") for side in sides], "tuple")
    if call.name.startswith("numpy.random."):
        value = value.but(detail=DRAWN)
    library = last.startswith("make_")
    if library or constant(call.params.get("return_X_y")) is True:
        target = value.but(columns=frozenset({"target"}), form="series")
        return Items([value, target], "tuple")
    return value


def frame(machine: Machine, call: Call) -> Value:
    """A frame or array made from other values."""
    first = call.arg(0, "data")
    every = [*call.args, *call.params.values()]
    # What it holds says whose rows they are: an index and names of columns are only labels of them.
    found = (find_data(first) if first is not None else []) or [data for one in every for data in find_data(one)]
    names = constant_names(call.params.get("columns") or call.arg(2))
    if isinstance(first, Mapping):
        names = frozenset(str(key) for key in first.entries)
    told = [data for data in found if data.form == "weights"]
    if told and all(data.form in ("weights", "shape") for data in found):
        found = told[:1]
    if found:
        joined = join_data(found) if len(found) > 1 else found[0]
        if joined.form == "mask" and len(found) == 1:
            return joined.but()
        form = joined.form if joined.form in ("score", "stat", "weights", "missing", "curve", "text", "history") else "frame"
        by = joined.by if len(found) == 1 else frozenset()
        return joined.but(form=form, columns=names or (joined.columns if len(found) == 1 else None), mask=None, by=by)
    if isinstance(first, Object) and not first.name.startswith(("builtins.object", "stop")):
        origin = f"made:{first.name}@{machine.path}:{machine.line}"
        return Data(rows=frozenset({Region(origin)}), task=True, columns=names)
    if first is None:
        return Data(task=False, columns=names)
    origin = f"literal:{machine.path}:{machine.cell}:{machine.line}"
    return Data(rows=frozenset({Region(origin)}), task=False, columns=names)


def array(machine: Machine, call: Call) -> Value:
    found = [data for one in call.args for data in find_data(one)]
    if found:
        joined = join_data(found) if len(found) > 1 else found[0]
        return joined.but(form="array" if joined.form in ("frame", "series") else joined.form)
    first = call.arg(0)
    if isinstance(first, Items) and first.items and all(isinstance(one, (Const, Items)) for one in first.items):
        origin = f"literal:{machine.path}:{machine.cell}:{machine.line}"
        return Data(rows=frozenset({Region(origin)}), task=False, form="array")
    return first if first is not None else UNKNOWN


def zeros(machine: Machine, call: Call) -> Value:
    """An array that is filled later: it takes the rows of what is stored in it."""
    del machine, call
    return Data(task=False, form="filled")


def parse(machine: Machine, call: Call) -> Value:
    """A configuration file read by JSON, YAML or TOML: its values, when the file is in the submission."""
    first = call.arg(0)
    path = path_text(first)
    if isinstance(first, Data):
        path = next((region.origin[5:] for region in first.rows if region.origin.startswith("file:")), "")
    if path:
        kind = call.name.split(".", 1)[0]
        value = machine.read_config(path, kind)
        if not isinstance(value, type(UNKNOWN)):
            return value
    return first if isinstance(first, Data) else Object(call.name, list(call.args[:1]))


def text(machine: Machine, call: Call) -> Value:
    return Object(call.name, list(call.args[:1]))


def dump(machine: Machine, call: Call) -> Value:
    """A model or other object saved: joblib, pickle."""
    for one in [*call.args, *call.params.values()]:
        if isinstance(one, Model):
            machine.note("model_saved", one.name, Data(fits=one.fits))
            path = path_text(call.arg(1, "filename", "file"))
            if path and not machine.muted and len(machine.log.models) < 50:
                machine.log.models[path] = one
        elif isinstance(one, Data) and not call.name.startswith(("joblib.", "pickle.", "cPickle.", "dill.")):
            machine.show(one)
    return NONE


def write(machine: Machine, call: Call) -> Value:
    target = call.arg(0)
    value = call.arg(1) if isinstance(target, Const) else call.arg(0)
    place = target if isinstance(target, Const) else call.arg(1)
    for one in call.args:
        for data in find_data(one):
            machine.show(data)
    if value is not None:
        written(machine, value, place)
    if "savez" in call.name and not machine.muted and len(machine.log.bundles) < 50:
        named = {**{f"arr_{number}": one for number, one in enumerate(call.args[1:])}, **call.params}
        machine.log.bundles[path_text(target)] = {name: kept for name, one in named.items() if (kept := as_data(one))}
    return NONE


def load(machine: Machine, call: Call) -> Value:
    """joblib or pickle: a saved frame or model comes back with its history; anything else is unknown."""
    path = path_text(call.arg(0))
    model = next((one for name, one in machine.log.models.items() if same_file(name, path)), None) if path.strip("*/") else None
    if model is not None:
        return model
    known = _written(machine, path)
    return known if known is not None else Object(call.name, list(call.args[:1]))
