"""The missing values check."""

import pytest

from checks.base import NoSettings
from checks.missing_values import missing_values
from harness.model.facts import Dirt, Facts
from harness.model.finding import Verdict
from tests.checks.practice.pieces import CLEAN
from tests.checks.practice.submissions import submission

RATES = {"prevalence_train": (0.1, 0.2), "prevalence_holdout": (0.1, 0.2)}
LOOKED = CLEAN.replace("X = df", "print(df.isna().sum())\nX = df", 1)
FILLED = CLEAN.replace("X = df", "df['a'] = df['a'].fillna(0)\nX = df", 1)


@pytest.mark.parametrize(("code", "score"), [(CLEAN, 0.0), (LOOKED, 0.5), (FILLED, 1.0)])
def test_gaps_are_unseen_looked_at_or_dealt_with(code: str, score: float) -> None:
    assert missing_values(submission({"main.py": code}), NoSettings()).score == score


def test_looking_is_enough_where_the_pack_has_no_gaps() -> None:
    result = missing_values(submission({"main.py": LOOKED}, facts=Facts(**RATES)), NoSettings())
    assert result.verdict is Verdict.MET


def test_planted_faults_that_are_named_are_listed_without_points() -> None:
    dirt = (
        Dirt(id="cents", kind="units", what="Cents instead of euros.", signs=("cents",)),
        Dirt(id="other", kind="other", what="x", signs=("zzz",)),
    )
    evidence = submission({"main.py": LOOKED + "print('amounts in cents')\n"}, facts=Facts(**RATES, dirt=dirt))
    result = missing_values(evidence, NoSettings())
    assert {finding.rule for finding in result.findings} == {"noticed_cents", "inspected"}
    assert [measure.value for measure in result.measurements] == [0.5]
