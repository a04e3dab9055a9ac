"""Each failed step is told, and counted by whose doing it was."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.base import NoSettings
from checks.runs_clean import runs_clean
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Severity, Verdict
from harness.model.run import Exited, OutOfMemory, OutputCapped, SandboxLost, SkippedStep, TimedOut
from harness.model.submission import NotebookEntry, Refusal
from tests.checks.builders import Step, evidence_of, notebook_of, only, pack_of, rules


def _judge(evidence: Evidence) -> CheckResult:
    return runs_clean(evidence, NoSettings())


def _report(state: str = "done", done: int = 4, total: int = 4, **error: Any) -> dict[str, str]:
    cells = [{"index": place, "seconds": 0.1, "state": "done" if place < done else "not_run"} for place in range(total)]
    if state != "done":
        cells[done]["state"] = state
    return {"notebook.json": json.dumps({"state": state, "cells": cells, "error": error or None})}


def _crash(error: str, file: str = "src/train.py", line: int = 7) -> Step:
    return Step(outcome=Exited(code=1), stderr=f'Traceback:\n  File "/work/{file}", line {line}, in run\n    x\n{error}\n')


def test_steps_that_end_well_are_met(tmp_path: Path) -> None:
    steps = [Step("execute", files=_report(), target="a.ipynb"), Step("train"), Step("predict")]
    result = _judge(evidence_of(tmp_path, steps=steps))
    assert (result.verdict, result.findings) == (Verdict.MET, ())


def test_a_notebook_that_stops_half_way_keeps_part_and_names_cell_and_line(tmp_path: Path) -> None:
    report = _report("error", done=2, cell=2, line=3, type="ValueError", message="bad shape")
    steps = [Step("execute", Exited(code=1), report, target="a.ipynb"), Step("predict")]
    result = _judge(evidence_of(tmp_path, steps=steps))
    finding = only(result, "error")
    assert (finding.where.path, finding.where.cell, finding.where.line) == ("a.ipynb", 2, 3)
    assert "ValueError: bad shape" in finding.seen
    assert result.score == pytest.approx((0.25 + 2 * 1) / 3)


def test_a_crash_names_the_last_line_of_the_submission(tmp_path: Path) -> None:
    finding = only(_judge(evidence_of(tmp_path, steps=[_crash("ValueError: no rows")])), "error")
    assert (finding.where.path, finding.where.line, finding.severity) == ("src/train.py", 7, Severity.MAJOR)


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        ("FileNotFoundError: [Errno 2] No such file or directory: '/home/ann/data/train.csv'", "absolute_path"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\ann\\\\train.csv'", "absolute_path"),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/content/drive/MyDrive/x.csv'", "absolute_path"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'models/final.pkl'", "missing_file"),
        ("urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>", "network_needed"),
        ("requests.exceptions.ConnectionError: HTTPSConnectionPool: Max retries exceeded with url: /", "network_needed"),
        ("KeyError: 'OPENAI_API_KEY'", "secret_needed"),
        ("openai.OpenAIError: The api_key client option must be set", "secret_needed"),
        ("KeyError: 'amount'", "error"),
        ("ModuleNotFoundError: No module named 'features'", "own_import"),
        ("ValueError: bad", "error"),
        ("", "error"),
    ],
)
def test_what_speaks_against_the_submission(tmp_path: Path, error: str, rule: str) -> None:
    evidence = evidence_of(tmp_path, {"src/features.py": "x = 1"}, steps=[_crash(error)], pack=pack_of())
    result = _judge(evidence)
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, [rule])


@pytest.mark.parametrize(
    ("outcome", "rule"),
    [
        (TimedOut(after_s=60), "timed_out"),
        (OutOfMemory(limit_mb=512), "out_of_memory"),
        (OutputCapped(limit_mb=64), "output_capped"),
    ],
)
def test_limits_are_the_submissions(tmp_path: Path, outcome: Any, rule: str) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step(outcome=outcome)]))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, [rule])


def test_a_cell_that_ran_out_of_time_is_named(tmp_path: Path) -> None:
    report = _report("timed_out", done=1, cell=1, line=None, type="TimeoutError", message="")
    result = _judge(evidence_of(tmp_path, steps=[Step("execute", Exited(code=1), report, target="a.ipynb")]))
    assert only(result, "timed_out").where.cell == 1


def test_a_package_that_the_submission_declares_and_we_lack_is_not_its_fault(tmp_path: Path) -> None:
    files = {"requirements.txt": "pandas\nxgboost>=2  # boosting\n", "a.py": "from xgboost.sklearn import XGBClassifier\n"}
    result = _judge(evidence_of(tmp_path, files, steps=[_crash("ModuleNotFoundError: No module named 'xgboost'")]))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)
    assert only(result, "not_in_environment").severity is Severity.INFO


def test_a_package_is_recognised_under_its_other_name(tmp_path: Path) -> None:
    files = {"requirements.txt": "opencv-python-headless==4.9\n", "a.py": "import cv2\n"}
    result = _judge(evidence_of(tmp_path, files, steps=[_crash("ModuleNotFoundError: No module named 'cv2'")]))
    assert rules(result) == ["not_in_environment"]


def test_a_package_that_nobody_declared_lowers_nothing_and_is_said(tmp_path: Path) -> None:
    files = {"a.py": "import xgboost as xgb\n"}
    result = _judge(evidence_of(tmp_path, files, steps=[_crash("ModuleNotFoundError: No module named 'xgboost'")]))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)
    assert rules(result) == ["undeclared_dependency"]


def test_a_printed_error_about_the_tasks_own_data_blames_nobody_else(tmp_path: Path) -> None:
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'data/train.csv'"
    result = _judge(evidence_of(tmp_path, steps=[_crash(error)], pack=pack_of()))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["missing_file"])


def test_a_printed_import_error_of_a_package_that_no_source_imports_is_not_believed(tmp_path: Path) -> None:
    files = {"requirements.txt": "xgboost\n", "a.py": "import pandas\n"}
    result = _judge(evidence_of(tmp_path, files, steps=[_crash("ModuleNotFoundError: No module named 'xgboost'")]))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["error"])


def test_a_kernel_that_was_killed_for_memory_ran_into_the_memory_limit(tmp_path: Path) -> None:
    report = _report("kernel_died", done=1, cell=1, line=None, type="DeadKernelError", message="")
    step = Step("execute", Exited(code=1), report, target="a.ipynb", memory_kill_seen=True)
    finding = only(_judge(evidence_of(tmp_path, steps=[step])), "out_of_memory")
    assert finding.where.cell == 1


def test_a_file_that_intake_left_out_is_not_its_fault(tmp_path: Path) -> None:
    refusal = Refusal(path="models/big.bin", kind="too_large", reason="it is larger than 50 MB")
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'models/big.bin'"
    result = _judge(evidence_of(tmp_path, steps=[_crash(error)], refusals=[refusal]))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_a_lost_sandbox_is_ours_and_the_other_steps_still_count(tmp_path: Path) -> None:
    steps = [Step("execute", SandboxLost(reason="engine gone"), target="a.ipynb"), Step("predict")]
    result = _judge(evidence_of(tmp_path, steps=steps))
    assert (result.verdict, rules(result)) == (Verdict.MET, ["sandbox_lost"])


def test_a_tool_that_the_environment_lacks_is_the_packs_fault(tmp_path: Path) -> None:
    steps = [Step("execute", Exited(code=78), stderr="the environment has no nbclient", target="a.ipynb")]
    result = _judge(evidence_of(tmp_path, steps=steps))
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.PACK)


def test_a_command_cannot_blame_the_pack_by_its_exit_code(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step("predict", Exited(code=78), stderr="the environment has no nbclient")]))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["error"])


def test_a_notebook_entry_is_run_by_a_process_of_ours(tmp_path: Path) -> None:
    steps = [Step("predict", Exited(code=78))]
    result = _judge(evidence_of(tmp_path, steps=steps, entry=NotebookEntry(path="a.ipynb")))
    assert result.fault is Fault.PACK


def test_a_process_that_was_killed_on_the_way_is_told(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step("train", memory_kill_seen=True)]))
    assert (result.verdict, rules(result)) == (Verdict.MET, ["memory_kill"])


def test_a_good_exit_code_without_an_account_of_the_cells_is_not_a_clean_run(tmp_path: Path) -> None:
    result = _judge(evidence_of(tmp_path, steps=[Step("execute", target="a.ipynb")]))
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["no_report"])


def test_no_way_to_ask_for_predictions_is_the_submissions(tmp_path: Path) -> None:
    skipped = SkippedStep(name="predict", reason="no entry point was found", fault="submission")
    steps = [Step("execute", files=_report(), target="a.ipynb")]
    result = _judge(evidence_of(tmp_path, steps=steps, skipped=[skipped]))
    assert result.score == pytest.approx(1 / 3)
    assert rules(result) == ["no_entry"]


def test_a_prediction_that_was_not_asked_after_a_failed_training_is_no_second_fault(tmp_path: Path) -> None:
    skipped = SkippedStep(name="predict", reason="train ended with exit code 1", fault="submission")
    result = _judge(evidence_of(tmp_path, steps=[Step("train", Exited(code=1))], skipped=[skipped]))
    assert rules(result) == ["error"]


def test_cells_that_were_run_out_of_order_are_reported(tmp_path: Path) -> None:
    document = json.loads(notebook_of("a = 1", "b = 2", "c = 3"))
    document["cells"][1]["execution_count"] = 9
    evidence = evidence_of(tmp_path, {"a.ipynb": json.dumps(document)}, steps=[Step("predict")])
    finding = only(_judge(evidence), "out_of_order")
    assert (finding.where.path, finding.where.cell, finding.seen) == ("a.ipynb", 2, "execution count 3 after 9")


def test_static_reading_measures_nothing(tmp_path: Path) -> None:
    assert _judge(evidence_of(tmp_path, {"a.py": "x = 1"})).fault is Fault.UNSUPPORTED


HOSTILE = [
    b"",
    b"[" * 100_000,
    b'{"cells": [[]], "state": 7, "error": {"cell": -1, "line": "x", "type": [], "message": {}}}',
    b'{"cells": [{"index": 99999999999999999999, "seconds": NaN}], "error": {"cell": 1e400, "line": true}}',
    b'{"cells": [], "state": "error", "error": {"type": "\\ud800\\u202e", "message": "\\u001b[2J"}}',
    b'{"cells": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("report", HOSTILE)
def test_no_report_from_the_sandbox_breaks_the_check(tmp_path: Path, report: bytes) -> None:
    step = Step(
        "execute", Exited(code=1), {"notebook.json": report}, stderr="\x1b[31m\u202eValueError: \x00\x07\n", target="a.ipynb"
    )
    result = _judge(evidence_of(tmp_path, {"a.ipynb": b"\xff" * 100, "b.ipynb": "[" * 100_000}, steps=[step]))
    text = result.to_json()
    assert result.verdict is Verdict.NOT_MET
    assert "\\u001b" not in text
    assert "\\u202e" not in text.replace("\\\\u202e", "")
