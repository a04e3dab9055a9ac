"""The pack ai_review: what its generator plants on any seed, and that its exemplars fit every one of them."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from checks.review_points import points, settings_of
from checks.reviewing import match, read_planted, read_review
from harness.authoring.exemplars import materialise
from harness.authoring.linting import lint_pack
from harness.model.calls import CallProbes
from harness.model.review import Planted
from harness.packs import BUILT_IN, OpenPack, open_pack
from harness.running.patching import change_repository
from tests.assessments.generated import generate

ROOT = BUILT_IN / "ai_review"
SEEDS = (1, 2, 3, 4)
RUNGS = {"dummy": 0.110, "naive": 0.289, "reference": 0.662, "strong": 0.897}
"""Points without repairs, measured; the same on every seed, because only names, places and variants differ."""


@pytest.fixture(scope="module")
def opened() -> OpenPack:
    return open_pack("ai_review")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The data of each seed."""
    root = tmp_path_factory.mktemp("ai_review")
    return {seed: generate(ROOT, seed, root / str(seed)) for seed in SEEDS}


def planted_in(data: Path) -> Planted:
    return read_planted((data / "private" / "planted.json").read_bytes())


def code_of(data: Path) -> dict[str, str]:
    root = data / "public" / "repo"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_pack_lints_clean() -> None:
    assert [str(problem) for problem in lint_pack(ROOT)] == []


def test_the_environment_is_the_one_that_card_fraud_has() -> None:
    """One environment is built for both."""
    assert (ROOT / "requirements.lock").read_bytes() == (BUILT_IN / "card_fraud" / "requirements.lock").read_bytes()


def test_a_seed_makes_the_same_repository_twice_and_another_seed_another_one(made: dict[int, Path], tmp_path: Path) -> None:
    again = generate(ROOT, SEEDS[0], tmp_path / "again")

    assert code_of(again) == code_of(made[SEEDS[0]])
    assert len({json.dumps(code_of(data)) for data in made.values()}) == len(SEEDS)


def test_difficulty_is_the_same_on_every_seed(made: dict[int, Path]) -> None:
    for data in made.values():
        known = planted_in(data)
        assert len(known.bugs) == 12
        assert len(known.decoys) == 8
        assert sum(int(bug.severity) for bug in known.bugs) == 29
        lines = sum(text.count("\n") for path, text in code_of(data).items() if path.endswith(".py") and "test" not in path)
        assert 400 <= lines <= 500


def test_variants_and_places_differ_between_seeds(made: dict[int, Path]) -> None:
    places = {str([bug.places for bug in planted_in(data).bugs]) for data in made.values()}
    decoys = {str(sorted(decoy.id for decoy in planted_in(data).decoys)) for data in made.values()}

    assert len(places) == len(SEEDS)
    assert len(decoys) > 1


def test_the_code_parses_and_shows_no_mark_of_the_author(made: dict[int, Path]) -> None:
    for data in made.values():
        for path, text in code_of(data).items():
            assert "#<" not in text, path
            assert "#@" not in text, path
            assert "bug:" not in text, path
            if path.endswith(".py"):
                ast.parse(text)


def test_planted_lines_hold_code_of_the_mechanism(made: dict[int, Path]) -> None:
    """A few whose wording is the same in each variant."""
    words = {"scaler_before_split": "StandardScaler().fit(", "random_split": "panel", "unsafe_load": "load("}
    for data in made.values():
        code = code_of(data)
        for bug in planted_in(data).bugs:
            place = bug.places[0]
            lines = "\n".join(code[place.file].split("\n")[place.first - 1 : place.last])
            assert words.get(bug.id, "") in lines


@pytest.mark.parametrize("name", RUNGS)
def test_exemplars_fit_every_seed_and_stand_where_they_were_measured(
    opened: OpenPack, made: dict[int, Path], tmp_path: Path, name: str
) -> None:
    for seed, data in made.items():
        place = materialise(opened, name, tmp_path / str(seed), data)
        review = read_review((place / "review.json").read_bytes(), opened.pack.answer)  # type: ignore[arg-type]
        known = planted_in(data)
        matched = match(review.findings, known, opened.pack.answer)  # type: ignore[arg-type]

        assert review.problems == ()
        value = points(known, matched, (), settings_of(opened.pack.metric))["review_points"].value
        assert value == pytest.approx(RUNGS[name], abs=0.001)


def test_every_patch_of_the_complete_exemplar_applies_on_every_seed(
    opened: OpenPack, made: dict[int, Path], tmp_path: Path
) -> None:
    for seed, data in made.items():
        place = materialise(opened, "complete", tmp_path / str(seed), data)
        paths = tuple(path.relative_to(place).as_posix() for path in sorted(place.rglob("*")) if path.is_file())
        tree, account = change_repository(data / "public" / "repo", place, paths)

        assert [one.problem for one in account if one.problem] == []
        assert len(account) == len(planted_in(data).bugs)
        for path, text in tree.items():
            if path.endswith(".py"):
                ast.parse(text)


def test_every_fault_has_a_probe_that_is_there(made: dict[int, Path]) -> None:
    for data in made.values():
        probes = CallProbes.model_validate_json((data / "private" / "probes.json").read_bytes())
        assert {name for bug in planted_in(data).bugs for name in bug.probes} == {probe.id for probe in probes.probes}
        assert "canary" not in json.dumps(probes.requests())


def test_the_tests_of_the_repository_pass_and_its_claim_is_what_it_prints(made: dict[int, Path]) -> None:
    """The claim is believed because it is true, as far as the package can tell."""
    repository = made[SEEDS[0]] / "public" / "repo"
    package = next(path.parent.name for path in repository.glob("*/__main__.py"))
    told = subprocess.run([sys.executable, "-B", "-m", package], cwd=repository, capture_output=True, text=True, check=True)
    tests = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    passed = subprocess.run(tests, cwd=repository, capture_output=True, text=True, check=False)

    assert float(told.stdout.split()[-1]) == pytest.approx(0.97, abs=0.015)
    assert passed.returncode == 0, passed.stdout[-2000:]
