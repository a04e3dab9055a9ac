"""The same result twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.reproducibility import Settings, reproducibility
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Severity, Verdict
from harness.model.run import Exited, SandboxLost, SkippedStep
from harness.model.submission import CommandEntry
from tests.checks.builders import Step, evidence_of, notebook_of, only, pack_of, rules
from tests.checks.probe_builders import Run, probed, same


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def executed(tmp_path: Path, stored: str, again: str, **options: Any) -> Evidence:
    """A notebook whose third cell put out one text when it was handed in, and another in our execution."""
    cells = (("markdown", "# Work"), "fit()", "print(score)")
    files = {"work.ipynb": notebook_of(*cells, outputs={2: [stream(stored)]})}
    step = Step("execute", files={"executed.ipynb": notebook_of(*cells, outputs={2: [stream(again)]})}, target="work.ipynb")
    pack = pack_of(steps={"execute": {}, "tests": {}, "predict": None})
    return evidence_of(tmp_path, files, steps=[step], pack=pack, **options)


def test_exactly_the_same_predictions_are_met(tmp_path: Path) -> None:
    result = reproducibility(probed(tmp_path, same("repeat")), Settings())

    assert result.verdict is Verdict.MET
    assert "exactly alike" in result.summary


def test_differences_below_a_millionth_are_met_and_said(tmp_path: Path) -> None:
    result = reproducibility(probed(tmp_path, same("repeat", lambda _, value: value * (1 + 1e-9))), Settings())

    assert result.verdict is Verdict.MET
    assert "within a millionth" in result.summary


def test_other_predictions_with_the_same_result_earn_half(tmp_path: Path) -> None:
    """An unseeded forest: every number moves a little, the result within its own uncertainty."""
    result = reproducibility(probed(tmp_path, same("repeat", lambda key, value: value + int(key[1:]) / 1e4)), Settings())

    assert result.score == 0.5
    assert only(result, "predictions_differ").severity is Severity.MINOR


def test_another_result_is_a_major_finding_with_an_example(tmp_path: Path) -> None:
    result = reproducibility(probed(tmp_path, same("repeat", lambda key, value: (int(key[1:]) * 53 % 97) / 97)), Settings())
    finding = only(result, "predictions_differ")

    assert (result.score, finding.severity) == (0.0, Severity.MAJOR)
    assert "id r" in finding.seen
    assert finding.innocent


def test_a_second_run_that_fails_is_told_with_its_error(tmp_path: Path) -> None:
    """A set's order depends on the hash seed, and the code on a set's order."""
    run = Run(("repeat",), None, outcome=Exited(code=1), stderr="KeyError: 'amount'")

    finding = only(reproducibility(probed(tmp_path, run), Settings()), "second_run_fails")

    assert "KeyError" in finding.seen


def test_training_that_was_not_repeated_is_said(tmp_path: Path) -> None:
    entry = CommandEntry(train="python t.py", predict="python p.py")

    assert "training was not repeated" in reproducibility(probed(tmp_path, same("repeat"), entry=entry), Settings()).summary


def test_training_once_more_is_compared_where_the_pack_asks_for_it(tmp_path: Path) -> None:
    pack = pack_of(steps={"predict": {}, "probes": {"retrain": True}})
    unseeded = same("retrain", lambda key, value: (int(key[1:]) * 53 % 97) / 97)

    result = reproducibility(probed(tmp_path, same("repeat"), unseeded, pack=pack), Settings())

    assert result.score == 0.5
    assert "after training once more" in only(result, "predictions_differ").message


@pytest.mark.parametrize(
    ("stored", "again"),
    [
        ("AUC: 0.8123\nrows 1200", "AUC: 0.8124\nrows 1200"),
        ("Wall time: 3.2 s\nAUC 0.81", "Wall time: 9.9 s\nAUC 0.81"),
        ("<object at 0x7f001122>\nAUC 0.81", "<object at 0x7f998877>\nAUC 0.81"),
        ("ran on 2024-01-02\nAUC 0.81", "ran on 2026-05-06\nAUC 0.81"),
    ],
)
def test_numbers_that_come_again_within_one_percent_agree(tmp_path: Path, stored: str, again: str) -> None:
    """Times, dates and addresses differ between any two runs and are left out."""
    result = reproducibility(executed(tmp_path, stored, again), Settings())

    assert result.verdict is Verdict.MET
    assert result.measurements[0].value == 1.0


def test_outputs_edited_by_hand_are_told_with_their_cell(tmp_path: Path) -> None:
    result = reproducibility(executed(tmp_path, "AUC: 0.9712", "AUC: 0.7431"), Settings())
    finding = only(result, "stored_output_differs")

    assert finding.where.cell == 2
    assert finding.seen == "stored 0.9712, executed 0.7431"
    assert result.score == 0.0


def test_results_typed_as_literals_come_again_and_are_no_matter_of_this_check(tmp_path: Path) -> None:
    assert rules(reproducibility(executed(tmp_path, "0.99", "0.99"), Settings())) == []


def test_a_notebook_without_stored_outputs_only_has_to_run(tmp_path: Path) -> None:
    result = reproducibility(executed(tmp_path, "", "AUC 0.8"), Settings())

    assert result.verdict is Verdict.MET
    assert result.measurements == ()


@pytest.mark.parametrize(
    ("report", "score"),
    [
        ({"type": "FileNotFoundError", "message": "No such file: '/home/me/data.csv'"}, 0.0),
        ({"type": "ZeroDivisionError", "message": "division by zero"}, 0.0),
        ({"type": "ModuleNotFoundError", "message": "No module named 'obscure_lib'"}, None),
    ],
)
def test_a_notebook_that_does_not_run_counts_only_where_the_submission_is_the_cause(
    tmp_path: Path, report: dict[str, str], score: float | None
) -> None:
    told = {"state": "error", "cells": [], "error": {"cell": 1, "line": 1, **report}}
    step = Step("execute", Exited(code=1), {"notebook.json": json.dumps(told)}, target="work.ipynb")
    pack = pack_of(steps={"execute": {}, "predict": None})
    files = {"work.ipynb": notebook_of("x = 1", "import obscure_lib"), "requirements.txt": "obscure_lib==1.0\n"}
    evidence = evidence_of(tmp_path, files, steps=[step], pack=pack)

    assert reproducibility(evidence, Settings()).score == score


def test_what_another_check_weighs_already_is_not_weighed_twice(tmp_path: Path) -> None:
    pack = pack_of(steps={"execute": {}, "predict": None}, checks=[{"check": "runs_clean"}])
    step = Step("execute", Exited(code=1), {}, "ZeroDivisionError: division by zero", "work.ipynb")
    evidence = evidence_of(tmp_path, {"work.ipynb": notebook_of("1/0")}, steps=[step], pack=pack)

    assert reproducibility(evidence, Settings()).verdict is Verdict.NOT_MEASURED


def test_a_lost_sandbox_is_our_fault(tmp_path: Path) -> None:
    lost = Run(("repeat",), None, outcome=SandboxLost(reason="host went away"))

    assert reproducibility(probed(tmp_path, lost), Settings()).fault is Fault.HARNESS


def test_without_predictions_the_reason_is_theirs(tmp_path: Path) -> None:
    skipped = SkippedStep(name="predict", reason="no entry point was found", fault="submission")
    evidence = evidence_of(tmp_path, {"a.py": "x = 1"}, steps=[], skipped=[skipped], pack=pack_of())

    result = reproducibility(evidence, Settings())

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


@pytest.mark.parametrize(
    "text", ["", "[]", "{" * 5000, '{"cells": 7}', '{"cells": [{"cell_type": "code", "outputs": "x"}, 3]}']
)
def test_a_hostile_executed_notebook_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    files = {"work.ipynb": notebook_of("print(1)", outputs={0: [stream("0.5 " * 5)]})}
    step = Step("execute", files={"executed.ipynb": text}, target="work.ipynb")
    evidence = evidence_of(tmp_path, files, steps=[step], pack=pack_of(steps={"execute": {}, "predict": None}))

    assert reproducibility(evidence, Settings()).verdict is Verdict.MET
