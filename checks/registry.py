"""Verifies every check of the catalog once, so that a mistake in one is met at start and not in the middle of a grading."""

import inspect
from collections.abc import Iterable
from typing import Any, get_args

from checks.base import CheckFunction, CheckSpec, Need, spec_of
from harness.errors import HarnessError
from harness.model.record import Record

_PARAMETERS = ("evidence", "settings")


class CatalogError(HarnessError):
    """A check breaks the contract of checks/base.py."""


_PLUGGED: list[CheckFunction] = []


def load() -> dict[str, CheckSpec]:
    """Every check by its id, in the catalog's order, plug-ins last. Each call hands out a dictionary of its own."""
    from checks.catalog import CHECKS

    return verify((*CHECKS, *_PLUGGED))


def accept(name: str, function: Any) -> None:
    """Take in a plug-in's check, once it keeps the contract and its name is free."""
    if function in _PLUGGED:
        return
    if not callable(function):
        raise _broken(name, f"it is {function!r:.60}", "a function marked with @check(...)", "mark a function")
    specs = verify((*_PLUGGED, function))
    if name not in specs or specs[name].function is not function:
        raise _broken(
            name, f"its check is called {list(specs)[-1]!r}", "an entry point named as its check", "rename one of them"
        )
    if name in load():
        raise _broken(name, "there is a check of this name already", "a name of its own", "rename it")
    _PLUGGED.append(function)


def verify(functions: Iterable[CheckFunction]) -> dict[str, CheckSpec]:
    """The specs of these checks; raises CatalogError for the first one that breaks the contract."""
    specs: dict[str, CheckSpec] = {}
    for function in functions:
        spec = _verified(function)
        if spec.id in specs:
            raise _broken(spec.id, "two checks have this id", "ids that occur once", "rename one of the two modules")
        specs[spec.id] = spec
    return specs


def _verified(function: CheckFunction) -> CheckSpec:
    name = getattr(function, "__name__", repr(function))
    spec = spec_of(function)
    if spec is None:
        raise _broken(name, "it is not marked", "a function marked with @check(...)", "add the mark from checks/base.py")
    if spec.function is not function:
        raise _broken(name, "its mark belongs to another function", "one mark on one function", "mark the function itself")
    if name != spec.id:
        raise _broken(
            name, f"its module is {spec.id!r}", "a function named as its module", f"rename the function to {spec.id!r}"
        )
    _verify_signature(spec)
    _verify_sentence(spec)
    _verify_needs(spec)
    _verify_settings(spec)
    return spec


def _verify_signature(spec: CheckSpec) -> None:
    seen = tuple(inspect.signature(spec.function).parameters)
    if seen != _PARAMETERS:
        raise _broken(spec.id, f"its parameters are {seen}", f"exactly {_PARAMETERS}", "change the signature")


def _verify_sentence(spec: CheckSpec) -> None:
    if not (spec.sentence.endswith(".") and " " in spec.sentence and spec.sentence[0].isupper()):
        raise _broken(
            spec.id,
            f"its docstring begins with {spec.sentence!r}",
            "a first line that is one sentence, starting with a capital and ending in a full stop",
            "write what the check looks at; the report shows that line",
        )
    if not spec.title.strip():
        raise _broken(spec.id, "it has no title", "a short title", "pass a title to @check")


def _verify_needs(spec: CheckSpec) -> None:
    known = get_args(Need)
    unknown = [need for need in spec.needs if need not in known]
    if unknown:
        raise _broken(spec.id, f"it needs {unknown}", f"some of {known}", "correct `needs` in its mark")


def _verify_settings(spec: CheckSpec) -> None:
    settings = spec.settings
    if not (inspect.isclass(settings) and issubclass(settings, Record)):
        raise _broken(spec.id, f"its settings are {settings!r}", "a Record class", "derive the settings from Record")
    if not settings.model_config.get("frozen"):
        raise _broken(spec.id, "its settings can be changed", "a frozen Record", "do not unfreeze the settings")
    required = [name for name, field in settings.model_fields.items() if field.is_required()]
    if required:
        raise _broken(spec.id, f"its settings {required} have no default", "a default for each", "give each a default")


def _broken(check: str, seen: str, expected: str, next_step: str) -> CatalogError:
    return CatalogError(f"check {check!r}: {seen}", where="checks/catalog.py", expected=expected, next_step=next_step)
