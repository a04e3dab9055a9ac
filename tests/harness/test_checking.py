"""Judging: one check's trouble is its own, and whose doing it is gets told."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from checks.base import CheckSpec, Need, NoSettings, judged
from harness import checking
from harness.child import MEMORY_LIMIT_BYTES
from harness.errors import PackError
from harness.model.evidence import Evidence, Reference
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.pack import CheckUse
from harness.model.record import Record
from harness.model.run import OutOfMemory, RunSet, SandboxLost, SkippedStep
from tests.builders import make_pack, make_runs, make_snapshot, make_step


class Strictness(Record):
    most: int = 3


def fine(evidence: Evidence, settings: Any) -> CheckResult:
    """Looks at nothing and is content."""
    return judged("fine", 1.0, "content")


def raising(evidence: Evidence, settings: Any) -> CheckResult:
    """Always raises."""
    return judged("raising", 1 / 0, "never")


def dying(evidence: Evidence, settings: Any) -> CheckResult:
    """Ends its process."""
    os._exit(3)


def hungry(evidence: Evidence, settings: Any) -> CheckResult:
    """Asks for more memory than a check may have."""
    return judged("hungry", float(len(bytearray(MEMORY_LIMIT_BYTES * 2)) > 0), "never")


def lasting(evidence: Evidence, settings: Any) -> CheckResult:
    """Says which process it is in, and does not come to an end."""
    (evidence.files / str(os.getpid())).touch()
    time.sleep(60)
    return judged("lasting", 1.0, "never")


def spec(function: Any, *needs: Need) -> CheckSpec:
    return CheckSpec(
        function.__name__,
        function.__name__.title(),
        "static",
        needs,
        Strictness if function is fine else NoSettings,
        "1",
        function,
    )


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, CheckSpec]:
    specs = {function.__name__: spec(function) for function in (fine, raising, dying, hungry)}
    monkeypatch.setattr(checking, "catalogue", lambda: specs)
    return specs


def make_evidence(tmp_path: Path, runs: RunSet | None = None, **values: Any) -> Evidence:
    return Evidence(snapshot=make_snapshot("a.py"), files=tmp_path, runs=runs, pack=make_pack(), **values)


def judge(evidence: Evidence, *names: str) -> dict[str, CheckResult]:
    return {result.check: result for result in checking.judge(evidence, [CheckUse(check=name) for name in names]).results}


def test_a_check_that_raises_is_our_fault_and_the_others_go_on(catalogue: dict[str, CheckSpec], tmp_path: Path) -> None:
    results = judge(make_evidence(tmp_path), "raising", "fine")

    assert (results["raising"].verdict, results["raising"].fault) == (Verdict.NOT_MEASURED, Fault.HARNESS)
    assert results["fine"].verdict is Verdict.MET


@pytest.mark.parametrize("name", ["dying", "hungry"])
def test_a_check_that_takes_its_process_down_takes_nothing_else_with_it(
    catalogue: dict[str, CheckSpec], tmp_path: Path, name: str
) -> None:
    results = judge(make_evidence(tmp_path), name, "fine")

    assert results[name].fault is Fault.HARNESS
    assert results["fine"].verdict is Verdict.MET


def test_an_interruption_leaves_no_check_at_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those that read and those that measure are asked side by side: both are gone when the reader of the first answer is."""
    reading, measuring = spec(lasting, "files"), spec(lasting, "tests")
    monkeypatch.setattr(checking, "catalogue", lambda: {"reading": reading, "measuring": measuring})
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(KeyboardInterrupt):
            judge(make_evidence(tmp_path, make_runs(make_step("tests"))), "reading", "measuring")
    finally:
        signal.signal(signal.SIGALRM, before)

    workers = [path.name for path in tmp_path.iterdir()]
    assert len(workers) == 2
    assert [pid for pid in workers if Path("/proc", pid).exists()] == []


def test_an_unknown_check_and_a_wrong_setting_are_told_together(catalogue: dict[str, CheckSpec]) -> None:
    uses = [CheckUse(check="fin"), CheckUse(check="fine", settings={"mots": 4})]

    with pytest.raises(PackError) as caught:
        checking.verify_uses(uses, catalogue)

    assert "no check called 'fin'; did you mean 'fine'?" in caught.value.seen
    assert "check fine: mots" in caught.value.seen
    assert "did you mean 'most'?" in caught.value.seen


@pytest.mark.parametrize(
    ("runs", "fault", "told"),
    [
        (None, Fault.UNSUPPORTED, "nothing was run"),
        (
            make_runs(skipped=(SkippedStep(name="predict", reason="no entry point", fault="submission"),)),
            Fault.SUBMISSION,
            "no entry point",
        ),
        (make_runs(make_step("predict", outcome=SandboxLost(reason="engine gone"))), Fault.HARNESS, "engine gone"),
        (
            make_runs(make_step("predict", outcome=OutOfMemory(limit_mb=9))),
            Fault.SUBMISSION,
            "memory limit of 9 MB and left no",
        ),
    ],
)
def test_an_absent_need_is_named_with_whose_doing_it_is(
    catalogue: dict[str, CheckSpec], tmp_path: Path, runs: RunSet | None, fault: Fault, told: str
) -> None:
    catalogue["fine"] = spec(fine, "predictions")

    result = judge(make_evidence(tmp_path, runs), "fine")["fine"]

    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, fault)
    assert told in result.summary


def test_labels_that_are_absent_are_the_packs_fault(catalogue: dict[str, CheckSpec], tmp_path: Path) -> None:
    catalogue["fine"] = spec(fine, "labels")

    result = judge(make_evidence(tmp_path, reference=Reference(labels=tmp_path / "gone.csv")), "fine")["fine"]

    assert result.fault is Fault.PACK


def test_an_empty_submission_is_not_measured_rather_than_zero(catalogue: dict[str, CheckSpec], tmp_path: Path) -> None:
    catalogue["fine"] = spec(fine, "files")
    evidence = Evidence(snapshot=make_snapshot(), files=tmp_path)

    assert judge(evidence, "fine")["fine"].fault is Fault.SUBMISSION
