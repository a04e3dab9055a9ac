"""From a name to a back end that works here. There is no unsandboxed one, and nothing falls back to a weaker place unsaid."""

from collections.abc import Callable, Iterable

from harness.errors import SandboxError, UsageError
from sandbox.base import Backend


def _docker() -> Backend:
    from sandbox.docker import Docker

    return Docker()


def _bubblewrap() -> Backend:
    from sandbox.bubblewrap import Bubblewrap

    return Bubblewrap()


KNOWN: dict[str, Callable[[], Backend]] = {"docker": _docker, "bubblewrap": _bubblewrap}
"""In the order of preference."""


def all_backends() -> tuple[Backend, ...]:
    """Every back end, whether it works here or not; ask its doctor."""
    return tuple(make() for make in KNOWN.values())


def available() -> tuple[Backend, ...]:
    return tuple(backend for backend in all_backends() if backend.doctor().available)


def choose(name: str = "auto") -> Backend:
    """The named back end, or with `auto` the first that works. An error tells each one's reason and what to do."""
    if name == "auto":
        return first_available(all_backends())
    if name not in KNOWN:
        raise UsageError(f"there is no sandbox called {name!r}", expected=", ".join(["auto", *KNOWN]))
    return first_available([KNOWN[name]()])


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
