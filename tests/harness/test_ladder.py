"""The ladder: measured once a seed, kept, and refused when the exemplars do not stand in order."""

from pathlib import Path

import pytest

from harness.errors import PackError
from harness.ladder import find_or_measure, ladder_file
from harness.model.pack import Ladder
from harness.together import together

VALUES = {"dummy": 0.1, "naive": 0.3, "reference": 0.7, "strong": 0.8}


def silent(_sentence: str) -> None:
    """Nobody listens."""


def test_each_exemplar_is_measured_once_and_the_rungs_are_kept(tmp_path: Path) -> None:
    asked: list[str] = []

    def value_of(name: str) -> float:
        asked.append(name)
        return VALUES[name]

    first = find_or_measure(tmp_path / "l.json", Ladder(), value_of, silent)
    again = find_or_measure(tmp_path / "l.json", Ladder(), value_of, silent)

    assert first == again
    assert sorted(asked) == sorted(VALUES)
    assert [(rung.name, rung.position, rung.value) for rung in first] == [
        ("dummy", 0.0, 0.1),
        ("naive", 0.25, 0.3),
        ("reference", 0.75, 0.7),
        ("strong", 1.0, 0.8),
    ]


def test_a_metric_where_lower_is_better_makes_a_falling_ladder(tmp_path: Path) -> None:
    rungs = find_or_measure(tmp_path / "l.json", Ladder(), lambda name: -VALUES[name], silent)

    assert [rung.value for rung in rungs] == [-0.1, -0.3, -0.7, -0.8]


def test_exemplars_out_of_order_are_the_packs_fault_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="do not stand in order"):
        find_or_measure(
            tmp_path / "l.json", Ladder(), lambda name: 1 - VALUES[name] if name == "naive" else VALUES[name], silent
        )

    assert not (tmp_path / "l.json").exists()


def test_a_damaged_ladder_is_measured_anew(tmp_path: Path) -> None:
    (tmp_path / "l.json").write_text("[{")

    assert len(find_or_measure(tmp_path / "l.json", Ladder(), VALUES.__getitem__, silent)) == 4


def test_another_seed_another_environment_and_other_data_have_their_own_ladder() -> None:
    files = {ladder_file(Path("c"), "p", data, seed, env) for data in ("d", "e") for seed in (1, 2) for env in ("x", "y")}

    assert len(files) == 8


def test_answers_come_in_the_order_of_the_arguments() -> None:
    assert together(lambda number: number * 2, range(20), 3) == [number * 2 for number in range(20)]


def test_the_first_failure_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        together(lambda number: 1 // number, [1, 0, 2], 2)
