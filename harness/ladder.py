"""The ladder: what the pack's own exemplars reach on one seed of data, measured once and kept in the cache."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from harness.errors import PackError
from harness.model.pack import Ladder
from harness.model.report import Rung
from harness.store import write_whole
from harness.together import together

RungName = Literal["dummy", "naive", "reference", "strong"]
Say = Callable[[str], None]
AT_ONCE = 2
"""Exemplars that run at the same time: their training rarely keeps more than one core busy."""
POSITIONS: dict[RungName, float] = {"dummy": 0.0, "naive": 0.25, "reference": 0.75, "strong": 1.0}


def ladder_file(cache: Path, pack: str, data_digest: str, seed: int, environment: str) -> Path:
    key = hashlib.sha256(f"{data_digest}\0{seed}\0{environment}".encode()).hexdigest()
    return cache / "ladders" / f"{pack}-{seed}-{key[:16]}.json"


def find_or_measure(
    file: Path, ladder: Ladder, value_of: Callable[[str], float], say: Callable[[str], None]
) -> tuple[Rung, ...]:
    """The rungs from the cache, or measured by running each exemplar once."""
    try:
        kept = json.loads(file.read_text("ascii"))
        return tuple(Rung.model_validate(one) for one in kept)
    except (FileNotFoundError, ValueError):
        pass
    say("measuring the ladder: " + ", ".join(getattr(ladder, name) for name in POSITIONS))
    values = together(value_of, [getattr(ladder, name) for name in POSITIONS], AT_ONCE)
    rungs = [Rung(name=name, position=POSITIONS[name], value=value) for name, value in zip(POSITIONS, values, strict=True)]
    _expect_order(rungs)
    write_whole(file, json.dumps([rung.model_dump(mode="json") for rung in rungs], indent=1).encode())
    return tuple(rungs)


def _expect_order(rungs: list[Rung]) -> None:
    values = [rung.value for rung in rungs]
    if values not in (sorted(values), sorted(values, reverse=True)) or len(set(values)) != len(values):
        told = ", ".join(f"{rung.name} {rung.value:.4f}" for rung in rungs)
        raise PackError(
            f"the exemplars do not stand in order on this seed: {told}",
            expected="dummy, naive, reference, strong, each better than the one before",
            next_step="harness pack calibrate",
        )
