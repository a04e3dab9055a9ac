"""Forged results: whatever a submission says of itself, no mark rises above that of the same work without the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.attacks import forging
from tests.hostile.attacks.arena import Arena, Told, run_on_the_host, strict_json, write_files
from tests.hostile.attacks.pack import LIMITS, write_pack
from tests.sandbox.engines import BACK_ENDS


@dataclass(frozen=True)
class Marks:
    """Scores by check, and the total: what was not measured is None."""

    told: Told

    @property
    def scores(self) -> dict[str, float | None]:
        return {check["check"]: check["score"] for check in self.told.document["checks"]}

    def risen_above(self, other: "Marks") -> dict[str, tuple[Any, Any]]:
        """Checks that stand higher here, or that are no longer measured here."""
        risen = {}
        for name, score in other.scores.items():
            now = self.scores[name]
            if score is not None and (now is None or now > score + 1e-9):
                risen[name] = (score, now)
        return risen


@pytest.fixture(scope="module", params=BACK_ENDS)
def on(request: pytest.FixtureRequest, arena: Arena) -> Arena:
    return Arena(arena.root, request.param, arena.pack)


@pytest.fixture(scope="module")
def weak(arena: Arena) -> Marks:
    return Marks(arena.submit(forging.WEAK))


def weak_with(*more: Mapping[str, str]) -> dict[str, str]:
    files = dict(forging.WEAK)
    for one in more:
        files.update(one)
    return files


@pytest.mark.bubblewrap
def test_the_weak_submission_has_marks_to_gain(weak: Marks) -> None:
    """Else nothing below could fail."""
    scores = weak.scores

    assert scores["lint"] is not None
    assert scores["lint"] < 0.7
    assert scores["runs_clean"] is not None
    assert scores["runs_clean"] < 0.9
    assert scores["own_tests"] is not None
    assert scores["own_tests"] < 0.2
    assert scores["holdout_score"] == pytest.approx(0.0, abs=1e-6)


@pytest.fixture(scope="module")
def laid_beside(arena: Arena) -> Marks:
    """Everything that is merely there, at once; no two of them have a file in common but for harmless ones."""
    return Marks(arena.submit(weak_with(*forging.LAID_BESIDE.values())))


@pytest.mark.bubblewrap
def test_files_that_are_merely_there_raise_no_mark(laid_beside: Marks, weak: Marks) -> None:
    assert laid_beside.risen_above(weak) == {}


@pytest.mark.bubblewrap
@pytest.mark.parametrize(
    "name", ["sitecustomize", "usercustomize", "a path file", "_pytest", "coverage", "nbclient", "nbformat", "a kernel"]
)
def test_a_module_with_a_known_name_is_not_taken_for_the_real_one(name: str, laid_beside: Marks) -> None:
    for step in laid_beside.told.document["runs"]["steps"]:
        printed = laid_beside.told.printed(step["name"]) + laid_beside.told.printed(step["name"], "stderr")
        assert f"{name} was taken" not in printed


@pytest.fixture(scope="module")
def fooled(arena: Arena) -> dict[str, Told]:
    return arena.submit_all(
        {group: weak_with(*(forging.FOOLS_PYTEST[name] for name in names)) for group, names in forging.TOGETHER.items()}
    )


@pytest.mark.bubblewrap
@pytest.mark.parametrize("group", forging.TOGETHER)
def test_what_fools_a_plain_pytest_raises_no_mark(group: str, fooled: dict[str, Told], weak: Marks) -> None:
    assert Marks(fooled[group]).risen_above(weak) == {}
    assert fooled[group].check("own_tests")["score"] < 0.2


def plain_pytest(place: Path, *words: str) -> int:
    """Its exit code for the weak submission's wrong tests, whatever else lies there."""
    write_files(place, {name: forging.WEAK[name] for name in ("careless.py", "test_wrong.py")})
    return run_on_the_host(
        ["-m", "pytest", "-p", "no:cacheprovider", *words], place, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    ).returncode


def test_a_plain_pytest_sees_that_the_wrong_tests_fail(tmp_path: Path) -> None:
    """The control of the control: without what fools it."""
    assert plain_pytest(tmp_path / "given", "test_wrong.py") == 1


@pytest.mark.parametrize("name", forging.FOOLS_PYTEST)
def test_a_plain_pytest_would_have_been_fooled(name: str, tmp_path: Path) -> None:
    """The control: with it the same wrong tests are said to be well."""
    place = write_files(tmp_path / "given", forging.FOOLS_PYTEST[name])
    words = () if "not looked at" in name else ("test_wrong.py",)

    assert plain_pytest(place, *words) in (0, 5)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The steps of all hostile notebooks, by their names. One of them waits until its time is up."""
    pack = write_pack(tmp_path_factory.mktemp("packs"), limits={**LIMITS, "wall_s": 15})
    arena = Arena(tmp_path_factory.mktemp("arena"), pack=pack)
    names = {f"n{place:02d}.ipynb": name for place, name in enumerate(forging.NOTEBOOKS)}
    files = {file: forging.NOTEBOOKS[name] for file, name in names.items()}
    told = arena.submit({**forging.submission_files("0 * x1"), **files})
    steps = {names[step["target"]]: step for step in told.document["runs"]["steps"] if step["target"] in names}
    findings = told.check("runs_clean")["findings"]
    failed = {names[one["where"]["path"]] for one in findings if (one["where"]["path"] or "") in names}
    return {name: {**step, "failed": name in failed, "run": told.run} for name, step in steps.items()}


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", forging.NOTEBOOKS)
def test_a_notebook_that_fails_is_told_as_failed_whatever_it_says(name: str, notebooks: dict[str, dict[str, Any]]) -> None:
    step = notebooks[name]

    assert step["outcome"] != {"kind": "exited", "code": 0}
    assert step["outcome"]["kind"] in ("exited", "timed_out")
    assert step["failed"]


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", ["a report of its own and an end", "a report that is written again and again"])
def test_the_account_of_a_notebook_is_not_the_notebook_s_own(name: str, notebooks: dict[str, dict[str, Any]]) -> None:
    step = notebooks[name]
    account = strict_json((step["run"] / "artifacts" / step["name"] / "notebook.json").read_text())
    executed = strict_json((step["run"] / "artifacts" / step["name"] / "executed.ipynb").read_text())

    assert account["state"] in ("error", "kernel_died")
    assert len(executed["cells"]) == len(strict_json(forging.NOTEBOOKS[name])["cells"])


@pytest.mark.bubblewrap
def test_the_process_that_watches_a_notebook_cannot_be_patched(notebooks: dict[str, dict[str, Any]]) -> None:
    step = notebooks["a hand on its watcher"]

    assert "the memory of the watcher is open" not in step["stdout"]["head"]
    executed = (step["run"] / "artifacts" / step["name"] / "executed.ipynb").read_text()
    assert "the watcher is out of reach" in executed


@pytest.fixture(scope="module")
def outspoken(on: Arena) -> Told:
    return on.submit(forging.with_forged_outputs())


@pytest.mark.parametrize("name", forging.FORGED_NAMES)
def test_a_result_that_was_not_asked_for_is_left_behind(name: str, outspoken: Told) -> None:
    assert set(outspoken.artifacts("predict")) <= {"predictions.csv", "trace.jsonl"}
    run = outspoken.run
    assert run is not None
    assert not list(run.rglob(Path(name).name)) or Path(name).name in ALWAYS_THERE


ALWAYS_THERE = {
    *("report.json", "grade.json", "checks.json", "runs.json", "lock.json", "snapshot.json", "report.html", "tests.json"),
    *("notebook.json", "executed.ipynb", "predictions.csv"),
}


def test_printed_scores_and_frames_change_no_mark(outspoken: Told, weak: Marks) -> None:
    assert Marks(outspoken).risen_above(weak) == {}
    assert outspoken.step("predict")["outcome"] == {"kind": "exited", "code": 0}


def test_printed_frames_are_kept_as_what_they_are(outspoken: Told) -> None:
    assert "SCORE: 100/100" in outspoken.printed("predict")


def test_a_declared_result_is_held_against_the_measured_one(outspoken: Told) -> None:
    assert "declared_not_reproduced" in outspoken.rules("claims")


LEAVES = {
    "no predictions and code 0": "import os\nos._exit(0)\n",
    "a code that means our own fault": "raise SystemExit(78)\n",
    "the words of a missing package": "import sys\nprint('ModuleNotFoundError: No module named \\'torch\\'', file=sys.stderr)\nraise SystemExit(1)\n",
    "the words of a lost sandbox": "print('the sandbox was lost: the engine does not answer')\nraise SystemExit(125)\n",
    "a signal to itself": "import os\nos.kill(os.getpid(), 9)\n",
    "an end that looks like too little memory": "raise SystemExit(137)\n",
}


@pytest.fixture(scope="module")
def failed(arena: Arena) -> dict[str, Told]:
    return arena.submit_all({name: {**forging.submission_files("x1"), "predict.py": code} for name, code in LEAVES.items()})


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", LEAVES)
def test_a_failure_is_the_submission_s_own_whatever_it_looks_like(name: str, failed: dict[str, Told]) -> None:
    told = failed[name]

    assert told.check("predictions_valid")["score"] == 0
    assert told.check("holdout_score")["fault"] == "submission"
    assert told.check("runs_clean")["fault"] not in ("harness", "pack")
