"""Every check, listed where everybody can see it. Heavy libraries are imported inside the checks, never here."""

from checks.base import CheckFunction
from checks.behaviour import behaviour
from checks.claims import claims
from checks.docs import docs
from checks.eda import eda
from checks.explanation import explanation
from checks.hidden_probes import hidden_probes
from checks.holdout_score import holdout_score
from checks.imbalance import imbalance
from checks.iteration import iteration
from checks.label_shuffle import label_shuffle
from checks.leakage import leakage
from checks.limitations import limitations
from checks.lint import lint
from checks.missing_values import missing_values
from checks.own_tests import own_tests
from checks.patches import patches
from checks.predictions_valid import predictions_valid
from checks.quarantine import quarantine
from checks.rebuilds import rebuilds
from checks.reproducibility import reproducibility
from checks.residue import residue
from checks.review_score import review_score
from checks.review_valid import review_valid
from checks.runs_clean import runs_clean
from checks.secrets import secrets
from checks.service import service
from checks.sql_answers import sql_answers
from checks.table_match import table_match
from checks.test_strength import test_strength
from checks.validation import validation

STATIC: tuple[CheckFunction, ...] = (lint, docs, secrets)
PRACTICE: tuple[CheckFunction, ...] = (
    eda,
    missing_values,
    imbalance,
    validation,
    leakage,
    iteration,
    explanation,
    limitations,
    residue,
)
RUN: tuple[CheckFunction, ...] = (runs_clean, reproducibility, own_tests, test_strength, predictions_valid, service)
TABLE: tuple[CheckFunction, ...] = (table_match, rebuilds, quarantine, sql_answers)
RESULT: tuple[CheckFunction, ...] = (holdout_score, behaviour, claims, label_shuffle)
REVIEW: tuple[CheckFunction, ...] = (review_valid, review_score, patches)

CHECKS: tuple[CheckFunction, ...] = (*STATIC, *PRACTICE, *RUN, *TABLE, *RESULT, *REVIEW, hidden_probes)
