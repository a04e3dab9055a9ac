"""Behaviour judged for real: probes, faults and traces of two submissions in real sandboxes."""

from pathlib import Path
from typing import Any

import pytest

from harness.model.finding import CheckResult, Verdict
from harness.model.report import Report
from harness.packs import read_pack
from harness.pipeline import Order, grade
from harness.settings import resolve
from tests.builders import write_tree, write_yaml
from tests.small_pack import write_small_pack

pytestmark = [pytest.mark.bubblewrap, pytest.mark.slow]
CHECKS = ("behaviour", "reproducibility", "claims", "label_shuffle", "test_strength", "predictions_valid", "holdout_score")
MODEL = '''"""A logistic model of the two columns."""

import sys

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def features(frame):
    """x1 with a gap filled, and x2."""
    return frame[["x1", "x2"]].fillna(0.0)


def rank(train, score):
    """A score for each row, and the validation that goes with it."""
    rows, kept = train_test_split(train, random_state=0, stratify=train["label"])
    model = LogisticRegression().fit(features(rows), rows["label"])
    print("validation", roc_auc_score(kept["label"], model.predict_proba(features(kept))[:, 1]), file=sys.stderr)
    return model.predict_proba(features(score))[:, 1]
'''
TESTS = """
import pandas as pd
from solution import features, rank

def rows(x1, labels):
    return pd.DataFrame({"x1": x1, "x2": [0.0] * len(x1), "label": labels})

def test_gaps_are_filled():
    assert features(rows([None, 2.0], [0, 1]))["x1"].tolist() == [0.0, 2.0]

def test_more_is_higher():
    train = rows([float(n) for n in range(40)], [0] * 20 + [1] * 20)
    low, high = rank(train, rows([1.0, 39.0], [0, 0]))
    assert low < 0.5 < high
    assert abs(low + high - 1) < 0.2
"""
FLAWED = MODEL.replace(
    "return model.predict_proba(features(score))[:, 1]",
    "import numpy as np\n    noise = np.random.rand(len(score)) + np.arange(len(score)) / 1000\n"
    "    return model.predict_proba(features(score))[:, 1] * 0.2 + noise / 4",
)
HOLLOW = "from solution import features, rank\n\ndef test_it_is_there():\n    assert features is not None\n"


def flat(**more: Any) -> dict[str, Any]:
    return {"wall_s": 300, "memory_mb": 1024, **more}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small pack, with a function entry, every probe, and a trap that matters."""
    root = write_small_pack(tmp_path_factory.mktemp("packs"))
    opened = read_pack(root)
    document = opened.pack.model_dump(mode="json", exclude_none=True)
    document["entry_points"] = [
        {"kind": "function", "needs_file": "solution.py", "entry": {"kind": "function", "call": "solution:rank"}},
        *document["entry_points"],
    ]
    document["steps"] = {
        "tests": flat(),
        "mutants": flat(),
        "predict": flat(),
        "probes": {"blank_column": "x1", "label_shuffle": True, "retrain": True},
    }
    document["checks"] = [{"check": name} for name in CHECKS]
    write_yaml(root / "pack.yaml", document)
    rubric = opened.rubric.model_dump(mode="json")
    for criterion in rubric["criteria"]:
        criterion["checks"] = [{"check": "holdout_score"}]
    write_yaml(root / "rubric.yaml", rubric)
    trap = {"column": "x2", "strength": "quiet", "why": "known afterwards", "sentence": "x2 is filled later."}
    write_yaml(root / "facts.yaml", {"prevalence_train": [0.1, 0.3], "prevalence_holdout": [0.1, 0.3], "traps": [trap]})
    return root


def report_of(pack: Path, tmp_path_factory: pytest.TempPathFactory, name: str, files: dict[str, str]) -> Report:
    root = tmp_path_factory.mktemp(name)
    submission = write_tree(root / "submission", {"README.md": "# Work\n", **files})
    order = Order(str(submission), read_pack(pack), resolve("bubblewrap"), formats=("json",))
    return grade(order, root / "run", lambda _: None)


@pytest.fixture(scope="module")
def sound(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    files = {"solution.py": MODEL, "tests/test_solution.py": TESTS, "conftest.py": ""}
    return report_of(pack, tmp_path_factory, "sound", files)


@pytest.fixture(scope="module")
def flawed(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    claim = '{"declared": {"metric": "average_precision", "value": 0.995}}'
    files = {"solution.py": FLAWED, "tests/test_solution.py": HOLLOW, "conftest.py": "", "submission.json": claim}
    return report_of(pack, tmp_path_factory, "flawed", files)


def result(report: Report, check: str) -> CheckResult:
    return next(one for one in report.checks if one.check == check)


def raised(report: Report) -> set[str]:
    return {f"{one.check}:{finding.rule}" for one in report.checks for finding in one.findings}


def test_sound_work_raises_the_trap_that_it_uses_and_nothing_else(sound: Report) -> None:
    serious = {f"{one.check}:{f.rule}" for one in sound.checks for f in one.findings if f.severity.value in ("major", "minor")}

    assert serious in ({"behaviour:rests_on_trap"}, {"behaviour:uses_trap"})
    assert result(sound, "reproducibility").verdict is Verdict.MET
    assert result(sound, "label_shuffle").verdict is Verdict.MET


def test_its_own_validation_is_seen_through_the_trace(sound: Report) -> None:
    """The function trains within predict, and its validation on shuffled labels is at chance."""
    assert "roc_auc_score" in result(sound, "label_shuffle").summary


def test_its_tests_notice_faults(sound: Report) -> None:
    strength = result(sound, "test_strength")

    assert strength.score is None or strength.score > 0.3
    assert "test_strength:tests_cannot_fail" not in raised(sound)


def test_flawed_work_raises_each_of_its_flaws(flawed: Report) -> None:
    wanted = {"reproducibility:predictions_differ", "behaviour:depends_on_row_order", "claims:declared_not_reproduced"}

    assert wanted <= raised(flawed)
    assert result(flawed, "test_strength").verdict in (Verdict.NOT_MEASURED, Verdict.NOT_MET)


def test_each_finding_beside_a_red_flag_has_its_innocent_explanation(flawed: Report) -> None:
    flags = {"declared_not_reproduced", "rests_on_trap", "ignores_input", "tests_cannot_fail", "predictions_differ"}

    for one in flawed.checks:
        assert all(finding.innocent for finding in one.findings if finding.rule in flags)


def test_the_steps_of_a_report_tell_what_was_tried(sound: Report) -> None:
    tried = [step.altered.kinds for step in sound.runs.probes if step.altered]

    assert ("repeat",) in tried
    assert ("row_order", "extra_column") in tried
    assert sum(step.wall_s for step in sound.runs.probes) > 0
