"""Counting: how often each detector spoke when it had to, and when it must not. Rates carry Wilson intervals of 95 %."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.detectors.trials import Group
from bench.detectors.trying import Tried
from harness.model.report import DetectorRates

_Z = 1.959964


@dataclass
class Count:
    """How one detector did."""

    planted: int = 0
    hits: int = 0
    clean: int = 0
    alarms: int = 0

    def add(self, *, true: bool, spoke: bool) -> None:
        if true:
            self.planted += 1
            self.hits += spoke
        else:
            self.clean += 1
            self.alarms += spoke

    @property
    def rates(self) -> DetectorRates:
        return DetectorRates(
            planted=self.planted,
            hits=self.hits,
            hit_interval=wilson(self.hits, self.planted),
            clean=self.clean,
            false_alarms=self.alarms,
            alarm_interval=wilson(self.alarms, self.clean),
        )


@dataclass
class Tally:
    """Counts by detector, by check, and of whole groups of trials."""

    detectors: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    groups: dict[Group, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[Tried] = field(default_factory=list)

    @property
    def rates(self) -> dict[str, DetectorRates]:
        """Of every detector that was tried both ways, and of every check as a whole."""
        counted = {key: count for key, count in sorted(self.detectors.items()) if count.planted and count.clean}
        return {key: count.rates for key, count in counted.items()}


def count(tried: Iterable[Tried]) -> Tally:
    tally = Tally()
    missed: set[str] = set()
    for one in tried:
        if one.trial.plain in missed:
            continue
        if one.trial.group == "planted" and one.wrong:
            missed.add(one.trial.name)
        true = one.trial.true
        for watched in one.trial.watched:
            tally.detectors[watched].add(true=true, spoke=watched in one.raised)
        for check in {watched.split(":")[0] for watched in one.trial.watched}:
            own = [watched for watched in one.trial.watched if watched.startswith(f"{check}:")]
            spoke = [watched in one.raised for watched in own]
            tally.detectors[check].add(true=true, spoke=all(spoke) if true else any(spoke))
        right = tally.groups[one.trial.group]
        right[0] += not one.wrong
        right[1] += 1
        if one.wrong:
            tally.wrong.append(one)
    return tally


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The interval of 95 % for a share; everything is possible where nothing was tried."""
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    middle = share + _Z**2 / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return round(max(0.0, low), 4), round(min(1.0, high), 4)
