"""Probes: which further runs there are, on what data, and what is noted of them."""

import random
from pathlib import Path

import pytest

from harness.model.submission import NotebookEntry
from harness.running import variants
from harness.running.variants import UnsuitableError, draft_of, moments_of
from tests.harness.probe_running import COUNT, TRAIN, Rows, all_facts, by_value, pairs, probe


def by_order(rows: Rows) -> list[float]:
    """Unsound: a row's place counts."""
    return [float(row["x"] or 0) + place for place, row in enumerate(rows)]


def picky(rows: Rows) -> list[float]:
    """Stops at a category that it does not know, and at a blank."""
    if any(row["kind"] not in "abc" for row in rows):
        raise ValueError("unknown kind")
    return [float(row["x"]) for row in rows]


def test_a_sound_submission_costs_few_runs(tmp_path: Path) -> None:
    """Changes that should not matter are tried together as long as nothing is seen."""
    place = probe(tmp_path, facts=all_facts())

    assert place.names() == [
        "probe-repeat",
        "probe-trap_scramble",
        "probe-row_order.extra_column",
        "probe-batch",
        "probe-single_row",
        "probe-unseen_category.blank_field.duplicate_rows",
    ]
    assert place.runs.skipped == tuple(one for one in place.runs.skipped if not one.name.startswith("probe"))


def test_what_shows_in_a_run_of_several_changes_is_looked_for_one_by_one(tmp_path: Path) -> None:
    place = probe(tmp_path, picky, facts=all_facts())

    assert place.names()[-4:] == [
        "probe-unseen_category.blank_field.duplicate_rows",
        "probe-unseen_category",
        "probe-blank_field",
        "probe-duplicate_rows",
    ]
    assert [step.outcome.succeeded for step in place.runs.probes][-3:] == [False, False, True]


def test_predictions_that_changed_are_looked_for_one_by_one(tmp_path: Path) -> None:
    names = probe(tmp_path, by_order, facts=all_facts()).names()

    assert {"probe-row_order", "probe-extra_column"} <= set(names)


def test_where_time_matters_later_rows_are_cut_and_no_batch_is_drawn(tmp_path: Path) -> None:
    """A row may draw on earlier rows, so a random batch would be unfair."""
    place = probe(tmp_path, facts=all_facts(time_column="hour"))
    kept = place.table("probe-prefix")

    assert not {"probe-batch", "probe-single_row"} & set(place.names())
    assert 0.5 * COUNT < len(kept) < 0.7 * COUNT
    last = max(int(row["hour"]) for row in kept)
    assert len(kept) == 4 * (last + 1)


def test_every_row_of_a_further_run_is_accounted_for(tmp_path: Path) -> None:
    """New ids, in the same order by the alphabet; the account leads back to the row with the same values."""
    place = probe(tmp_path, facts=all_facts())
    name = "probe-row_order.extra_column"
    first = {row["row_id"]: (row["x"], row["kind"]) for row in place.table("predict")}
    told = {row["id"]: row["base_id"] for row in place.account(name)}

    assert {first[told[row["row_id"]]] == (row["x"], row["kind"]) for row in place.table(name)} == {True}
    assert set(told) & set(first) == set()
    assert [told[key] for key in sorted(told)] == sorted(first)
    assert [row["row_id"] for row in place.table("predict")] != [told[row["row_id"]] for row in place.table(name)]


def test_a_repeated_run_meets_the_same_table_with_another_hash_seed(tmp_path: Path) -> None:
    place = probe(tmp_path)

    assert place.table("probe-repeat") == place.table("predict")
    assert place.job("probe-repeat").env["PYTHONHASHSEED"] != place.job("predict").env["PYTHONHASHSEED"]


def test_a_trap_that_is_neutral_in_the_holdout_gets_the_values_it_has_in_training(tmp_path: Path) -> None:
    place = probe(tmp_path, facts=all_facts())

    assert {row["queue"] for row in place.table("predict")} == {"0"}
    assert {row["queue"] for row in place.table("probe-trap_scramble")} == {"0", "1", "2", "3", "4"}
    assert place.runs.probes[1].altered is not None
    assert place.runs.probes[1].altered.columns == ("queue",)


def test_changed_rows_are_marked_and_the_others_are_as_they_were(tmp_path: Path) -> None:
    place = probe(tmp_path, facts=all_facts())
    name = "probe-unseen_category.blank_field.duplicate_rows"
    first = {row["row_id"]: row for row in place.table("predict")}
    given = {row["row_id"]: row for row in place.table(name)}
    account = place.account(name)
    marks = [row["changed"] for row in account]

    assert {mark: marks.count(mark) for mark in set(marks) - {""}} == {"unseen_category": 50, "blank_field": 50, "copy": 50}
    for row in account:
        before, now = first[row["base_id"]], given[row["id"]]
        assert (now["kind"] == before["kind"]) == (row["changed"] != "unseen_category")
        assert (now["x"] == "") == (row["changed"] == "blank_field")


def test_the_same_submission_meets_the_same_probes_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = (probe(tmp_path / name, facts=all_facts()) for name in "ab")

    assert [one.table(name) for name in one.names()] == [other.table(name) for name in other.names()]


def test_a_notebook_gets_the_cheap_probes_alone(tmp_path: Path) -> None:
    place = probe(tmp_path, facts=all_facts(), entry=NotebookEntry(path="work.ipynb"))

    assert place.names() == ["probe-repeat", "probe-trap_scramble", "probe-row_order"]


def test_a_pack_chooses_its_probes(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"kinds": ["row_order"]}, facts=all_facts())

    assert place.names() == ["probe-row_order"]


def test_what_does_not_fit_into_the_time_is_told_as_skipped(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"budget_s": 35}, facts=all_facts(), wall_s=10.0)
    skipped = [one for one in place.runs.skipped if one.name.startswith("probe")]

    assert len(place.names()) == 3
    assert {one.fault for one in skipped} == {"pack"}
    assert "35 s" in skipped[0].reason
    assert len(place.names()) + len(skipped) == 6


def test_training_again_uses_another_hash_seed_and_its_own_model(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"kinds": [], "retrain": True}, entry=TRAIN)

    assert place.names() == ["probe-retrain.train", "probe-retrain"]
    assert place.job("probe-retrain.train").env["PYTHONHASHSEED"] != place.job("train").env["PYTHONHASHSEED"]
    first, second = (
        next(mount.source for mount in place.job(name).mounts if mount.target == "/model")
        for name in ("predict", "probe-retrain")
    )
    assert first != second
    assert (second / "model.json").is_file()


def test_shuffled_labels_keep_everything_else_in_its_place(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"kinds": [], "label_shuffle": True}, entry=TRAIN)
    given, shuffled = place.table("train", "train.csv"), place.table("probe-label_shuffle.train", "train.csv")

    assert list(pairs(given, "row_id", "x")) == list(pairs(shuffled, "row_id", "x"))
    assert sorted(pairs(given, "label")) == sorted(pairs(shuffled, "label"))
    agreeing = sum(one["label"] == other["label"] for one, other in zip(given, shuffled, strict=True))
    assert 0.4 * COUNT < agreeing < 0.6 * COUNT
    assert "HARNESS_TRACE" in place.job("probe-label_shuffle.train").env


def test_without_a_train_command_there_are_no_labels_to_shuffle(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"kinds": [], "label_shuffle": True})

    assert [one.fault for one in place.runs.skipped if one.name == "probe-label_shuffle"] == ["unsupported"]


def test_without_a_first_prediction_nothing_is_probed(tmp_path: Path) -> None:
    def broken(rows: Rows) -> list[float]:
        raise ValueError("broken")

    place = probe(tmp_path, broken)
    (skipped,) = [one for one in place.runs.skipped if one.name == "probes"]

    assert place.names() == []
    assert skipped.fault == "submission"
    assert "exit code 1" in skipped.reason


def test_a_column_that_the_holdout_lacks_is_the_packs_fault(tmp_path: Path) -> None:
    facts = all_facts().changed(categorical_columns=("nowhere",))
    place = probe(tmp_path, probes={"kinds": ["unseen_category"]}, facts=facts)

    assert [(one.name, one.fault) for one in place.runs.skipped if one.name.startswith("probe")] == [
        ("probe-unseen_category", "pack")
    ]


def test_labels_never_enter_a_further_run(tmp_path: Path) -> None:
    place = probe(tmp_path, probes={"retrain": True, "label_shuffle": True}, facts=all_facts(), entry=TRAIN)

    for ran in place.fake.ran:
        for mount in ran.job.mounts:
            assert not list(mount.source.glob("**/labels.csv")) or mount.target == "/submission"


def test_by_value_is_what_sound_means_here() -> None:
    assert by_value([{"x": "0.5"}, {"x": ""}]) == [0.5, 0.0]


def test_a_trap_that_is_zero_but_for_few_rows_is_scrambled_all_the_same() -> None:
    """Drawn as they occur, one value in a hundred would change, and hardly a prediction with it."""
    draft = draft_of(["id", "queue"], [[f"r{n}", "0"] for n in range(400)], "id")
    pool = ["0"] * 990 + ["5", "7"] * 5

    drawn = [row.cells[1] for row in variants.scrambled("queue", lambda: pool)(draft, random.Random(3)).rows]

    assert set(drawn) == {"0", "5", "7"}
    assert 150 < drawn.count("0") < 250


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2025-09-07 19:48:08", "06/09/2025 16:30", "2025-09-08"], [1, 0, 2]),
        (["3", "1.5", "2e0"], [1, 2, 0]),
        (["2025-01-01T00:00:00Z", "2025-01-01T00:30:00+01:00"], [1, 0]),
        (["09/13/2025", "09/12/2025"], [0, 1]),
    ],
)
def test_times_are_put_in_order_however_they_are_written(texts: list[str], order: list[int]) -> None:
    """The last pair is ambiguous: a day cannot be 13, a month can be 9, so only one of the two is month first."""
    moments = moments_of(texts, "when")

    assert sorted(range(len(texts)), key=lambda place: moments[place]) == order


def test_a_time_that_cannot_be_read_makes_the_prefix_unsuitable() -> None:
    draft = draft_of(["id", "when"], [["a", "soon"], ["b", "2025-01-01"]], "id")

    with pytest.raises(UnsuitableError, match="soon"):
        variants.prefix_until("when", 0.5)(draft, random.Random(0))


def test_a_day_is_never_cut_in_two() -> None:
    """What is known of a day, such as the unit that a feed used on it, may rest on all of its rows."""
    rows = [[f"r{hour:02d}", f"2025-01-{1 + hour // 12:02d} {hour % 12:02d}:00"] for hour in range(36)]
    draft = draft_of(["id", "when"], rows, "id")

    kept = variants.prefix_until("when", 0.4)(draft, random.Random(0)).rows

    assert [row.base for row in kept] == [f"r{hour:02d}" for hour in range(24)]


def test_a_further_run_cannot_be_told_from_the_first_by_its_surroundings(tmp_path: Path) -> None:
    """Else code could behave for the probes alone."""
    place = probe(tmp_path, facts=all_facts())
    first, further = place.job("predict"), place.job("probe-row_order.extra_column")

    assert first.env == further.env
    assert first.argv == further.argv
    assert first.collect == further.collect
    assert not [mount for mount in further.mounts if "probe" in str(mount.source.relative_to(tmp_path))]


def test_one_moment_for_all_rows_makes_the_prefix_unsuitable() -> None:
    draft = draft_of(["id", "when"], [["a", "7"], ["b", "7"]], "id")

    with pytest.raises(UnsuitableError, match="does not tell"):
        variants.prefix_until("when", 0.5)(draft, random.Random(0))


@pytest.mark.parametrize(("values", "new"), [(["1", "2"], "1002"), (["a", "b"], "new_kind"), (["1", ""], "1001")])
def test_an_unseen_category_looks_like_the_others(values: list[str], new: str) -> None:
    draft = draft_of(["id", "kind"], [["a", values[0]], ["b", values[1]]], "id")

    changed = variants.with_unseen_category("kind", list)(draft, random.Random(1))

    assert [row.cells[1] for row in changed.rows if row.changed] == [new]
