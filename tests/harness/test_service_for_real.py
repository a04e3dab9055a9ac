"""Services in real sandboxes: started, asked from beside them, and graded by their answers, whatever else they try."""

from pathlib import Path

import pytest

from harness.model.finding import Fault, Verdict
from harness.model.report import Report
from tests.harness.service_pack import CHECKS, FOUL, GOOD, measured, report_of, result, write_service_pack
from tests.sandbox.engines import BACK_ENDS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_service_pack(tmp_path_factory.mktemp("packs"), ready_s=20, request_s=4)


@pytest.fixture(scope="module", params=BACK_ENDS)
def sandbox(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, sandbox: str) -> Report:
    root = tmp_path_factory.mktemp("good")
    return report_of(write_service_pack(root / "packs", probes=True), root, sandbox, GOOD, declared=False)


def test_a_sound_service_is_graded_by_its_answers(good: Report) -> None:
    """It is found by the pack's offer; every check that looks at predictions sees them as any other's."""
    assert good.runs.entry is not None
    assert good.runs.entry.kind == "service"
    assert {name: result(good, name).verdict for name in CHECKS} == dict.fromkeys(CHECKS, Verdict.MET)
    assert result(good, "holdout_score").score == 1.0


def test_its_times_are_told(good: Report) -> None:
    wanted = {
        "service_ready_s",
        "service_single_p50_ms",
        "service_single_p95_ms",
        "service_single_p99_ms",
        "service_batch_p50_ms",
    }

    assert wanted <= measured(good).keys()
    assert all(value > 0 for value in measured(good).values())


def test_a_service_is_probed_in_fresh_sandboxes_as_everything_else_is(good: Report) -> None:
    tried = {kind for step in good.runs.probes if step.altered for kind in step.altered.kinds}

    assert tried == {"repeat", "row_order", "extra_column", "batch", "single_row"}


def test_a_scale_that_is_fitted_on_each_batch_is_found_in_one_run(pack: Path, tmp_path: Path, sandbox: str) -> None:
    scaled = GOOD.replace("    return [", "    top = max(row['x1'] for row in rows) or 1.0\n    return [1 / top * ")

    report = report_of(pack, tmp_path, sandbox, scaled)

    (finding,) = result(report, "service").findings
    assert finding.rule == "single_differs"
    assert "of 40 rows" in finding.seen
    assert result(report, "predictions_valid").verdict is Verdict.MET


@pytest.mark.parametrize(
    ("trick", "kinds"),
    [
        ("ends the program that asks", {"error"}),
        ("forks without end at the first question", {"service_late", "service_died", "service_broken"}),
        ("takes all memory at the first question", {"out_of_memory", "service_broken", "service_died"}),
        ("sends whoever asks elsewhere", {"service_status"}),
        ("trickles", {"service_late"}),
    ],
)
def test_a_service_that_holds_us_up_has_no_predictions_and_is_told_why(
    pack: Path, tmp_path: Path, sandbox: str, trick: str, kinds: set[str]
) -> None:
    report = report_of(pack, tmp_path, sandbox, FOUL[trick])

    assert {finding.rule for finding in result(report, "runs_clean").findings if finding.severity.value == "major"} <= kinds
    assert result(report, "runs_clean").score == 0.0
    assert result(report, "holdout_score").score in (None, 0.0)
    assert result(report, "holdout_score").fault in (None, Fault.SUBMISSION)


def test_a_service_cannot_look_into_the_program_that_asks(pack: Path, tmp_path: Path, sandbox: str) -> None:
    """Neither its memory nor its open files; what it answered is what is graded."""
    report = report_of(pack, tmp_path, sandbox, FOUL["reads the program that asks, and writes to its files"])

    step = report.runs.step("predict")
    assert step is not None
    assert "tried" in step.stdout.text()
    assert "reached" not in step.stdout.text()
    assert result(report, "predictions_valid").verdict is Verdict.MET
    assert result(report, "holdout_score").score == 0.0


def test_nothing_is_written_over_the_answers_when_the_service_is_dead(pack: Path, tmp_path: Path, sandbox: str) -> None:
    report = report_of(pack, tmp_path, sandbox, FOUL["leaves a process that writes predictions when it is dead"])

    assert result(report, "predictions_valid").verdict is Verdict.MET
    assert result(report, "holdout_score").score == 1.0
