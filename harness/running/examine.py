"""Examining the host's back ends: what `harness doctor` tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.model.sandbox import Control, Gap, Health
from harness.running.session import take_backends
from harness.settings import Settings


@dataclass(frozen=True)
class Examined:
    """One back end: its health, what it enforces here, and, when asked, how each behaviour of the contract went."""

    health: Health
    controls: tuple[Control, ...]
    gaps: tuple[Gap, ...]
    behaviours: Sequence[Any] = ()

    def as_data(self) -> dict[str, Any]:
        return {
            **self.health.model_dump(mode="json"),
            "controls": [one.model_dump(mode="json") for one in self.controls],
            "gaps": [one.model_dump(mode="json") for one in self.gaps],
            "behaviours": [{"name": one.name, "passed": one.passed, "detail": one.detail} for one in self.behaviours],
        }

    def as_text(self) -> str:
        head = f"{self.health.backend}: " + ("works here" if self.health.available else f"not available: {self.health.reason}")
        lines = [head]
        width = max((len(fact.name) for fact in self.health.facts), default=0)
        for fact in self.health.facts:
            lines.append(f"  {'ok ' if fact.ok else '-- '} {fact.name:<{width}}  {fact.value}")
            lines += [f"      {'':<{width}}  {fact.meaning}"] if fact.meaning and not fact.ok else []
        names = max((len(one.name) for one in self.controls), default=0)
        lines += ["  protections:"] if self.controls else []
        lines += [f"    {one.name:<{names}}  {one.state.replace('_', ' ')}  {one.detail}".rstrip() for one in self.controls]
        lines += [f"  gap: {gap.behaviour}: {gap.reason}" for gap in self.gaps]
        failed = [one for one in self.behaviours if not one.passed]
        if self.behaviours:
            lines.append(f"  contract: {len(self.behaviours) - len(failed)} of {len(self.behaviours)} behaviours hold")
            lines += [f"    not: {one.name}: {one.detail}" for one in failed]
        return "\n".join(lines)


def examine(settings: Settings, *, conformance: bool) -> list[Examined]:
    """Every back end, or the one that was named."""
    from sandbox.choose import all_backends
    from sandbox.conformance import run_conformance

    take_backends()
    examined = []
    for backend in all_backends():
        if settings.sandbox not in ("auto", backend.name):
            continue
        health = backend.doctor()
        behaviours = run_conformance(backend) if conformance and health.available else ()
        controls = backend.capabilities() if health.available else ()
        examined.append(Examined(health, controls, backend.gaps() if health.available else (), behaviours))
    return examined
