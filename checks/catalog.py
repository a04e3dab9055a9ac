"""Every check, listed where everybody can see it. Heavy libraries are imported inside the checks, never here."""

from checks.base import CheckFunction
from checks.eda import eda
from checks.holdout_score import holdout_score
from checks.imbalance import imbalance
from checks.lint import lint
from checks.own_tests import own_tests
from checks.predictions_valid import predictions_valid
from checks.runs_clean import runs_clean

STATIC: tuple[CheckFunction, ...] = (lint,)
PRACTICE: tuple[CheckFunction, ...] = (eda, imbalance)
RUN: tuple[CheckFunction, ...] = (runs_clean, own_tests, predictions_valid)
RESULT: tuple[CheckFunction, ...] = (holdout_score,)

CHECKS: tuple[CheckFunction, ...] = (*STATIC, *PRACTICE, *RUN, *RESULT)
