"""The rules of a fair pack, on cells made by hand: each notices what it is for."""

from collections.abc import Iterable

import pytest

from harness.authoring.exemplars import base_of
from harness.authoring.rules import rulings, without_itself
from harness.model.authoring import Cell, Ruling
from harness.packs import OpenPack, open_pack, read_expected

RUNGS = (0.1, 0.3, 0.7, 1.0)
WHOLE = {"blank": 4.5, "starter": 8.0, "dummy": 18.0, "naive": 36.0, "reference": 82.0, "strong": 98.0}
MUTANT, FINDING = "mutant-join-unseen", "review_score:missed_target_join"


@pytest.fixture(scope="module")
def opened() -> OpenPack:
    return open_pack("ai_review")


def cells(seeds: Iterable[int] = (1, 2)) -> list[Cell]:
    """A calibration in which everything is as it should be."""
    return [
        Cell(exemplar=name, seed=seed, status="graded", automatic=points, rungs=RUNGS)
        for seed in seeds
        for name, points in WHOLE.items()
    ]


def changed(made: list[Cell], name: str, seed: int, **values: object) -> list[Cell]:
    return [cell.model_copy(update=values) if (cell.exemplar, cell.seed) == (name, seed) else cell for cell in made]


def broken(opened: OpenPack, made: list[Cell]) -> list[Ruling]:
    names = tuple(dict.fromkeys(cell.exemplar for cell in made))
    return [ruling for ruling in rulings(opened, made, names) if not ruling.ok and "tells some exemplars" not in ruling.rule]


def test_a_calibration_as_it_should_be_breaks_no_rule(opened: OpenPack) -> None:
    assert broken(opened, cells()) == []


def test_a_grade_that_failed_is_told_with_its_words(opened: OpenPack) -> None:
    (first, *_) = broken(opened, changed(cells(), "blank", 2, error="no room left on the disk"))
    assert first.rule == "everything is graded"
    assert "blank on 2: no room left on the disk" in first.told


def test_a_mark_outside_its_band_is_told_by_seed(opened: OpenPack) -> None:
    high = read_expected(opened.root, "naive").automatic[1]
    found = broken(opened, changed(cells(), "naive", 2, automatic=high + 0.5))
    assert [one.rule for one in found] == ["naive lands in its band"]
    assert "seed 2" in found[0].told


def test_a_weaker_exemplar_above_a_better_one_breaks_the_order_of_its_seed(opened: OpenPack) -> None:
    found = broken(opened, changed(cells(), "dummy", 1, automatic=5.0))
    assert "exemplars stand in order on seed 1" in [one.rule for one in found]
    assert "exemplars stand in order on seed 2" not in [one.rule for one in found]


@pytest.mark.parametrize("sign", [1, -1], ids=["higher is better", "lower is better"])
def test_rungs_that_the_metric_hardly_tells_apart_are_noticed(opened: OpenPack, sign: int) -> None:
    """Their positions on the ladder are a quarter apart even then."""
    close = tuple(sign * value for value in (0.1, 0.3, 0.97, 1.0))
    found = broken(opened, [cell.model_copy(update={"rungs": close}) for cell in cells()])
    assert [one.rule for one in found] == ["strong is 5 % of the way from dummy to strong above reference"]


def test_data_that_is_harder_on_one_seed_is_noticed(opened: OpenPack) -> None:
    made = [cell.model_copy(update={"rungs": (0.1, 0.55, 0.7, 1.0)}) if cell.seed == 2 else cell for cell in cells()]
    found = broken(opened, made)
    assert [one.rule for one in found] == ["naive, on a ladder of the other rungs, stands at the same place on every seed"]


def test_a_rung_on_the_ladder_of_the_others_is_where_a_line_between_them_puts_it() -> None:
    assert without_itself((0.0, 0.25, 0.75, 1.0), 1) == pytest.approx(0.25)
    assert without_itself((0.0, 0.25, 0.75, 1.0), 2) == pytest.approx(0.75)
    assert without_itself((1.0, 0.6, 0.2, 0.0), 1) == pytest.approx(0.375)


def test_a_trick_is_held_against_its_twin_on_the_same_seed(opened: OpenPack) -> None:
    """Tricks are played on one seed; the twin stands on it too."""
    trick = Cell(exemplar="cheat-lists-mechanisms", seed=1, status="graded", automatic=19.5)
    twin = Cell(exemplar="constant", seed=1, status="graded", automatic=18.0)
    assert [one.rule for one in broken(opened, [*cells(), trick, twin])] == [
        "cheat-lists-mechanisms gains nothing over constant"
    ]
    assert broken(opened, [*cells(), trick.model_copy(update={"automatic": 18.5}), twin]) == []


def test_points_for_the_result_are_a_gain_even_where_the_total_is_not(opened: OpenPack) -> None:
    trick = Cell(exemplar="cheat-lists-mechanisms", seed=1, status="graded", automatic=17.0, checks={"review_score": 0.2})
    twin = Cell(exemplar="constant", seed=1, status="graded", automatic=18.0)
    (found,) = broken(opened, [*cells(), trick, twin])
    assert "got points for review_score" in found.told


@pytest.mark.parametrize(("raised", "told"), [((), "not raised"), ((FINDING, "secrets:secret"), "also raised secrets:secret")])
def test_a_mutant_raises_its_finding_and_no_other(opened: OpenPack, raised: tuple[str, ...], told: str) -> None:
    base = base_of(opened, MUTANT)
    sound = changed(cells(), str(base), 1, findings=("docs:short",))
    mutant = Cell(exemplar=MUTANT, seed=1, status="graded", automatic=94.0, findings=("docs:short", *raised))
    (found,) = broken(opened, [*sound, mutant])
    assert told in found.told
    assert broken(opened, [*sound, mutant.model_copy(update={"findings": ("docs:short", FINDING)})]) == []


def test_a_step_that_comes_near_its_limit_is_a_warning_and_later_an_error(opened: OpenPack) -> None:
    (warned,) = broken(opened, changed(cells(), "strong", 1, step_share=0.6, step_worst="calls"))
    (refused,) = broken(opened, changed(cells(), "strong", 1, step_share=0.9, step_worst="calls"))
    assert (warned.level, refused.level) == ("warning", "error")
