"""The ladder: where a metric's value stands between the exemplars that were measured on the same data."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.model.report import Rung

POSITIONS = {"dummy": 0.0, "naive": 0.25, "reference": 0.75, "strong": 1.0}


@dataclass(frozen=True)
class Ladder:
    """Four rungs from dummy to strong, each better than the one before."""

    values: tuple[float, ...]
    positions: tuple[float, ...]
    higher_is_better: bool

    @property
    def dummy(self) -> float:
        return self.values[0]

    def position(self, value: float) -> float:
        """Linear between neighbouring rungs, clipped at both ends."""
        signed = self._signed(value)
        if signed <= self._signed(self.values[0]):
            return self.positions[0]
        for (low, start), (high, end) in pairwise(zip(map(self._signed, self.values), self.positions, strict=True)):
            if signed <= high:
                return start + (end - start) * (signed - low) / (high - low)
        return self.positions[-1]

    def skill(self, value: float) -> float:
        """0 for the dummy, 1 for the strong solution; may lie outside."""
        return (value - self.values[0]) / (self.values[-1] - self.values[0])

    def _signed(self, value: float) -> float:
        return value if self.higher_is_better else -value


def build(rungs: Sequence[Rung], higher_is_better: bool, min_gap: float) -> Ladder | str:
    """The ladder, or what is wrong with the rungs in one sentence. `min_gap` is a share of the way from dummy to strong."""
    values: dict[str, float] = {rung.name: rung.value for rung in rungs}
    if len(rungs) != len(POSITIONS) or set(values) != set(POSITIONS):
        return f"the ladder needs the rungs {', '.join(POSITIONS)}, each once; it has {[rung.name for rung in rungs]}"
    ordered = [values[name] for name in POSITIONS]
    signed = ordered if higher_is_better else [-value for value in ordered]
    span = signed[-1] - signed[0]
    for (lower, below), (upper, above) in pairwise(zip(POSITIONS, signed, strict=True)):
        if not span > 0 or above - below < min_gap * span or above <= below:
            direction = "higher" if higher_is_better else "lower"
            return (
                f"the rungs {lower} ({values[lower]:.4g}) and {upper} ({values[upper]:.4g}) are out of order or too close; "
                f"{direction} is better and {min_gap:.0%} of the whole ladder must lie between neighbours"
            )
    return Ladder(tuple(ordered), tuple(POSITIONS.values()), higher_is_better)
