"""From a name to a back end that works here. There is no unsandboxed one, and nothing falls back to a weaker place unsaid."""

from collections.abc import Callable, Iterable
from typing import Any

from harness.errors import HarnessError, SandboxError, UsageError
from sandbox.base import Backend


def _docker() -> Backend:
    from sandbox.docker import Docker

    return Docker()


def _bubblewrap() -> Backend:
    from sandbox.bubblewrap import Bubblewrap

    return Bubblewrap()


KNOWN: dict[str, Callable[[], Backend]] = {"docker": _docker, "bubblewrap": _bubblewrap}
"""In the order of preference."""


PLUGGED: dict[str, Callable[[], Backend]] = {}
"""From other distributions: used when they are named, never chosen by `auto`."""
_CONTRACT = ("doctor", "capabilities", "gaps", "hardening", "prepare", "open", "sweep")


def accept(name: str, make: Any) -> None:
    """Take in a plug-in's back end: a callable without arguments that gives one. Whether it keeps a sandbox's promises is
    for `doctor --conformance` to say."""
    if PLUGGED.get(name) is make:
        return
    if name in {"auto", "fake", *KNOWN, *PLUGGED}:
        raise HarnessError("there is a back end of this name already", expected="a name of its own")
    if not callable(make):
        raise HarnessError(f"it is {make!r:.60}", expected="a class or function that gives a back end without arguments")
    try:
        backend = make()
    except Exception as error:  # somebody else's code may raise anything
        raise HarnessError(f"making it raised {type(error).__name__}: {error}", expected="a back end") from error
    missing = [one for one in _CONTRACT if not callable(getattr(backend, one, None))]
    if missing or getattr(backend, "name", None) != name:
        lacks = f"it has no {', '.join(missing)}" if missing else f"it calls itself {getattr(backend, 'name', None)!r}"
        raise HarnessError(lacks, expected="the whole contract of sandbox.base.Backend, under its entry point's name")
    PLUGGED[name] = make


def all_backends() -> tuple[Backend, ...]:
    """Every back end, whether it works here or not; ask its doctor."""
    return tuple(make() for make in (KNOWN | PLUGGED).values())


def available() -> tuple[Backend, ...]:
    return tuple(backend for backend in all_backends() if backend.doctor().available)


def choose(name: str = "auto") -> Backend:
    """The named back end, or with `auto` the first that works. An error tells each one's reason and what to do."""
    if name == "auto":
        return first_available(make() for make in KNOWN.values())
    known = KNOWN | PLUGGED
    if name not in known:
        raise UsageError(f"there is no sandbox called {name!r}", expected=", ".join(["auto", *known]))
    return first_available([known[name]()])


def first_available(backends: Iterable[Backend]) -> Backend:
    reasons = []
    for backend in backends:
        health = backend.doctor()
        if health.available:
            return backend
        meanings = [fact.meaning for fact in health.facts if not fact.ok and fact.meaning]
        reasons.append(". ".join([f"{backend.name}: {health.reason}", *meanings]))
    raise SandboxError(
        "no sandbox works here, and nothing is run without one.\n  " + "\n  ".join(reasons),
        expected="a Docker engine that answers, or bubblewrap with unprivileged user namespaces",
        next_step="start Docker, or install the package bubblewrap of the distribution; harness doctor shows the details",
    )
