"""From a matched review to points with intervals: drawn over what was planted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from checks.bootstrap import Interval, intervals
from checks.reviewing import Matched
from harness.errors import PackError
from harness.model.pack import Metric
from harness.model.review import Planted, PlantedBug, ReviewSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from checks.metrics.base import Floats, Weighed

METRIC = "review_points"


@dataclass(frozen=True)
class Share:
    """Weight that was reached of the weight there is, over the rows of `planted`: faults first, then decoys."""

    reached: Floats
    weight: Floats

    def __call__(self, drawn: Floats) -> Floats:
        import numpy as np

        whole = drawn @ self.weight
        with np.errstate(all="ignore"):
            return np.where(whole > 0, (drawn @ self.reached) / whole, np.nan)


def settings_of(metric: Metric) -> ReviewSettings:
    if metric.name != METRIC:
        raise PackError(f"a review is measured by {METRIC!r}, not by {metric.name!r}", where="pack.yaml, metric")
    try:
        return ReviewSettings.model_validate(metric.settings)
    except ValidationError as error:
        raise PackError(str(error).splitlines()[0], where="pack.yaml, metric.settings") from error


def points(planted: Planted, matched: Matched, proved: Collection[str], settings: ReviewSettings) -> dict[str, Interval]:
    """Each measurement by its name: points, recall as a whole and by class, alarms, proof."""
    import numpy as np

    bugs, decoys = planted.bugs, planted.decoys
    alarmed = np.array([0.0] * len(bugs) + [float(one.id in matched.alarms) for one in decoys])
    is_decoy = np.array([0.0] * len(bugs) + [1.0] * len(decoys))
    recall = _share(bugs, matched.found, len(decoys))
    proof = _share(bugs, proved, len(decoys))
    alarms = Share(alarmed, is_decoy) if decoys else None

    def total(drawn: Floats) -> Floats:
        value = recall(drawn) + settings.proof_share * proof(drawn)
        return value - settings.alarm_share * alarms(drawn) if alarms else value

    wanted: dict[str, Weighed] = {METRIC: total, "recall": recall, "proof": proof}
    wanted |= {"decoy_alarms": alarms} if alarms else {}
    for severity in sorted({bug.severity for bug in bugs}, reverse=True):
        some = [bug.id for bug in bugs if bug.severity == severity]
        wanted[f"recall_severity_{severity}"] = _share(bugs, matched.found, len(decoys), some)
    for area in sorted({bug.area for bug in bugs}):
        some = [bug.id for bug in bugs if bug.area == area]
        wanted[f"recall_{area}"] = _share(bugs, matched.found, len(decoys), some)
    strata: NDArray[np.int64] = is_decoy.astype(np.int64)
    return intervals(wanted, strata)


def _share(bugs: tuple[PlantedBug, ...], reached: Collection[str], others: int, among: Collection[str] | None = None) -> Share:
    import numpy as np

    weight = np.array([float(bug.severity) if among is None or bug.id in among else 0.0 for bug in bugs] + [0.0] * others)
    hit = np.array([float(bug.id in reached) for bug in bugs] + [0.0] * others)
    return Share(weight * hit, weight)
