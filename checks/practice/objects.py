"""Methods of library objects that are neither frames nor estimators."""

from checks.practice import evaluating, reading_data, surroundings
from checks.practice.combining import find_data, join_data, unheld
from checks.practice.drawing import (
    generator_method,
)
from checks.practice.knowledge import library_of, look_up
from checks.practice.machine import Call, Machine
from checks.practice.models import fit_model, models_in
from checks.practice.plots import publish, series_plot
from checks.practice.searching import study
from checks.practice.splitting import folds
from checks.practice.values import UNKNOWN, Data, Function, Items, Method, Model, Object, Value
from checks.practice.workers import handed_over, hands_over, outcome


def object_method(machine: Machine, receiver: Object, call: Call) -> Value:
    """A method of something a library made."""
    entry = look_up(receiver.name)
    library = library_of(receiver.name)
    if entry is not None and entry.role == "splitter" and call.name == "split":
        return folds(machine, receiver, call)
    if entry is not None and entry.role == "generator":
        return generator_method(machine, call)
    given = outcome(receiver, call) or _read_from(machine, receiver, call)
    if given is not None:
        return given
    if library in _TELLING or (receiver.name == "builtins.open" and call.name in ("write", "writelines")):
        return surroundings.show(machine, call)
    if call.name == "minimize" and library == "keras":
        return Model("keras.Model", "learner", "nn", machine.place)
    if call.name in ("run", "eval") and "feed_dict" in call.params:
        return _fed(machine, call)
    if call.name in ("optimize", "minimize"):
        return study(machine, call)
    if (entry is not None and entry.role == "metric") or (call.name == "evaluate" and receiver.name.endswith("Evaluator")):
        return evaluating.metric(machine, Call(receiver.name, "", call.args, call.params, call.node))
    if call.name in _PUBLISHING:
        return publish(machine, receiver, call)
    if library in _DRAWING or (entry is not None and entry.role == "plot"):
        return series_plot(machine, receiver, call)
    return _of_unknown(machine, receiver, call)


def _of_unknown(machine: Machine, receiver: Object, call: Call) -> Value:
    """A method told by its name alone."""
    if hands_over(call):
        return handed_over(machine, call)
    if call.name in MODEL_METHODS:
        return _as_model(machine, receiver, call)
    return Object("argparse.Namespace") if call.name == "parse_args" else _any_method(machine, receiver, call)


def _fed(machine: Machine, call: Call) -> Value:
    """A computation graph that is fed: its training step learns, and anything else of it predicts."""
    found = find_data(call.params["feed_dict"])
    if not found:
        return UNKNOWN
    data = join_data(found[:1])
    learning = next((one for one in models_in(Items(list(call.args))) if one.detail == "nn"), None)
    if learning is not None:
        machine.torch_fits |= fit_model(machine, learning, data, None, {})
        return UNKNOWN
    machine.evaluated(machine.torch_fits, data, "predict", call.name)
    return data.but(form="array", fits=machine.torch_fits, columns=None, facets=frozenset(), mask=None)


_TELLING = frozenset({"logging", "loguru", "streamlit", "wandb", "mlflow", "rich"})


_DRAWING = frozenset({"matplotlib", "plotly", "seaborn", "altair", "bokeh"})


_PUBLISHING = frozenset(
    {"show", "savefig", "write_html", "write_image", "save", "to_file", "to_notebook_iframe", "show_html", "display"}
)


_FETCHES = frozenset(
    {"fetchdf", "fetch_df", "fetch_pandas_all", "fetch_arrow_table", "fetchall", "fetchmany", "to_dataframe", "read_df"}
)
"""How database clients hand over what a query found."""


def _read_from(machine: Machine, receiver: Object, call: Call) -> Value | None:
    """Reading methods: of Spark sessions, image generators and open files."""
    library = library_of(receiver.name)
    if call.name in _FETCHES or (call.name in ("df", "pl", "arrow") and library == "duckdb"):
        return reading_data.read(machine, call)
    spark = library == "pyspark" and call.name in ("csv", "parquet", "json", "table", "load", "orc", "sql")
    if spark or call.name == "flow_from_directory":
        return reading_data.read(machine, call)
    if receiver.name == "builtins.open" and call.name in ("read", "readlines", "readline"):
        opened = reading_data.read(machine, Call("open", "", list(receiver.args), {}, call.node))
        return opened.but(form="array") if isinstance(opened, Data) else opened
    return None


MODEL_METHODS = frozenset(
    ["fit", "predict", "predict_proba", "evaluate", "score", "fit_transform", "transform", "fit_resample", "partial_fit"]
)


def _as_model(machine: Machine, receiver: Object, call: Call) -> Value:
    """Something unknown that is fitted or asked to predict is taken for a model of unknown family."""
    found = [data for one in [*call.args, *call.params.values()] for data in find_data(one)]
    model = receiver.attributes.get("__model__")
    if not found or (call.name.endswith("transform") and model is None):
        return _any_method(machine, receiver, call)
    if not isinstance(model, Model):
        model = receiver.attributes["__model__"] = Model(receiver.name, "learner", "unknown", machine.place)
    return machine.call(machine, Method(model, call.name), call.args, call.params, call.node)


def _any_method(machine: Machine, receiver: Object, call: Call) -> Value:
    results = [
        machine.run_function(machine, one, [], {}) for one in [*call.args, *call.params.values()] if isinstance(one, Function)
    ]
    found = [data for one in [*call.args, *call.params.values(), *results] for data in find_data(one)]
    if found:
        whole = join_data(found).but(mask=None, given=tuple(found)) if len(found) > 1 else found[0].but(mask=None)
        return unheld(whole)
    if held := find_data(receiver):
        return held[0].but(mask=None)
    return Object(f"{receiver.name}.{call.name}", list(call.args), dict(call.params))
