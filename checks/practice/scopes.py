"""Names: finding what one stands for, setting it, and merging what two branches left behind."""

from checks.practice.combining import join
from checks.practice.knowledge import by_custom
from checks.practice.rows import Region
from checks.practice.values import NONE, Class, Const, Data, Function, Items, Mapping, Object, Scope, Symbol, Value

BUILTINS = frozenset(
    [
        "print",
        "len",
        "range",
        "enumerate",
        "zip",
        "list",
        "dict",
        "set",
        "tuple",
        "sorted",
        "sum",
        "min",
        "max",
        "abs",
        "round",
        "str",
        "int",
        "float",
        "bool",
        "open",
        "map",
        "filter",
        "any",
        "all",
        "isinstance",
        "issubclass",
        "type",
        "getattr",
        "setattr",
        "hasattr",
        "super",
        "next",
        "iter",
        "reversed",
        "exit",
        "quit",
        "eval",
        "exec",
        "vars",
        "locals",
        "globals",
        "object",
        "property",
        "staticmethod",
        "classmethod",
        "input",
        "display",
        "repr",
        "format",
        "frozenset",
        "id",
        "callable",
        "Exception",
        "ValueError",
        "KeyError",
        "ImportError",
        "ModuleNotFoundError",
        "FileNotFoundError",
        "RuntimeError",
        "TypeError",
        "StopIteration",
        "NotImplementedError",
    ]
)
_DATA_NAMES = frozenset(
    ["df", "data", "X", "y", "X_train", "X_test", "y_train", "y_test", "x", "train", "test", "features", "labels", "dataset"]
)


def look_up_name(scope: Scope, name: str) -> Value:
    found = find(scope, name)
    if found is not None:
        return found
    if name == "__name__":
        return Const("__main__")
    if name == "__file__":
        return Const("")
    if name in BUILTINS:
        return Symbol(f"builtins.{name}")
    custom = by_custom(name)
    if custom is not None:
        return Symbol(custom)
    if name in _DATA_NAMES:
        return _fragment(scope, name)
    return _unbound(scope, name)


def _unbound(scope: Scope, name: str) -> Value:
    """A name that nothing binds: unknown, but the same unknown each time."""
    root = scope
    while root.parent is not None:
        root = root.parent
    value = Object(f"unbound.{name}")
    root.names[name] = value
    return value


def _fragment(scope: Scope, name: str) -> Value:
    """A name that by custom holds data and that a fragment of code never binds: data of unknown origin."""
    root = scope
    while root.parent is not None:
        root = root.parent
    origin = "unbound"
    region = Region(origin)
    side = {"X_train": "train", "y_train": "train", "train": "train", "X_test": "test", "y_test": "test", "test": "test"}.get(
        name
    )
    if side is not None:
        region = region.on("unbound", side)
    columns = frozenset({"y"}) if name.startswith("y") else None
    value = Data(rows=frozenset({region}), columns=columns, task=False)
    root.names[name] = value
    return value


def find(scope: Scope, name: str) -> Value | None:
    at: Scope | None = scope
    while at is not None:
        if name in at.names:
            return at.names[name]
        at = at.parent
    return None


def bind(scope: Scope, name: str, value: Value) -> None:
    if name in scope.outer:
        at = scope.parent
        while at is not None:
            if name in at.names or at.parent is None:
                at.names[name] = value
                return
            at = at.parent
    scope.names[name] = value


def merge(scope: Scope, branches: list[dict[str, Value]]) -> None:
    """After branches that may each have been taken, every name stands for what any of them left."""
    if len(branches) == 1:
        scope.names.clear()
        scope.names.update(branches[0])
        return
    merged: dict[str, Value] = {}
    for names in branches:
        for name in names:
            if name not in merged:
                merged[name] = _merged([other[name] for other in branches if name in other])
    scope.names.clear()
    scope.names.update(merged)


def _merged(values: list[Value]) -> Value:
    first = values[0]
    if all(value is first for value in values):
        return first
    return join(values)


def truth(value: Value) -> bool | None:
    """Whether a value is certainly true or certainly false."""
    if isinstance(value, Const):
        try:
            return bool(value.value)
        except (TypeError, ValueError):
            return None
    if value is NONE or (isinstance(value, Symbol) and value.name.endswith("TYPE_CHECKING")):
        return False
    if isinstance(value, Items) and value.rest is None:
        return bool(value.items)
    if isinstance(value, Mapping) and value.rest is None:
        return bool(value.entries)
    if isinstance(value, (Function, Class)):
        return True
    return None
