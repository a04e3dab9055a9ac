"""Every check, listed where everybody can see it. Heavy libraries are imported inside the checks, never here."""

from checks.base import CheckFunction
from checks.holdout_score import holdout_score
from checks.predictions_valid import predictions_valid

RUN: tuple[CheckFunction, ...] = (predictions_valid,)
RESULT: tuple[CheckFunction, ...] = (holdout_score,)

CHECKS: tuple[CheckFunction, ...] = (*RUN, *RESULT)
