"""Prediction files are read as the text they are; nothing is guessed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.tables import LabelsError, read_labels, read_predictions
from harness.model.answers import Predictions

CONTRACT = Predictions(id_column="id", value_column="score", low=0.0, high=1.0, max_mb=1)
IDS = ("01", "1", "1.0", "r7")
GOOD = "id,score\n01,0.1\n1,0.2\n1.0,3e-1\nr7,1\n"


def _rules(text: str | bytes, contract: Predictions = CONTRACT) -> list[str]:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return [problem.rule for problem in read_predictions(data, contract, IDS).problems]


def test_ids_that_look_like_one_number_stay_apart() -> None:
    table = read_predictions(GOOD.encode(), CONTRACT, IDS)
    assert table.problems == ()
    assert table.values == {"01": 0.1, "1": 0.2, "1.0": 0.3, "r7": 1.0}


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD.rstrip("\n"),
        GOOD + "\n\n",
        "\ufeff" + GOOD,
        '"id","score"\n"01","0.1"\n"1",0.2\n1.0,".3"\nr7,1.\n',
        "score,id\n.1,01\n+0.2,1\n3E-1,1.0\n1,r7\n",
    ],
)
def test_ordinary_ways_of_writing_the_same_table_are_accepted(text: str) -> None:
    assert _rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        ("id,score\n", "empty"),
        (b"\x1f\x8b\x08\x00abc", "not_text"),
        (GOOD.encode("utf-16"), "not_text"),
        (b"id,score\n01,\xff\n", "not_text"),
        ("id;score\n01;0.1\n", "header"),
        ("id,score,score\n", "header"),
        ("ID,score\n", "header"),
        (",id,score\n0,01,0.1\n", "header"),
        (",".join(["id", "score"] * 100_000), "header"),
        (GOOD.replace("01,0.1", "01,0.1,9"), "row_shape"),
        (GOOD.replace("01,0.1", "01"), "row_shape"),
        (GOOD.replace("1,0.2", "\n1,0.2"), "row_shape"),
        (GOOD.replace("0.1", "nan"), "not_finite"),
        (GOOD.replace("0.1", ""), "not_finite"),
        (GOOD.replace("0.1", "-inf"), "not_finite"),
        (GOOD.replace("0.1", "1e999"), "not_finite"),
        (GOOD.replace("0.1", "9" * 5000), "not_a_number"),
        (GOOD.replace("0.1", "1_0.5"), "not_a_number"),
        (GOOD.replace("0.1", "\u0661"), "not_a_number"),
        (GOOD.replace("0.1", "0x1"), "not_a_number"),
        (GOOD.replace("0.1", " 0.1"), "not_a_number"),
        (GOOD.replace("0.1", "0.1\x00"), "not_a_number"),
        (GOOD.replace("0.1", "0.1\u2028"), "not_a_number"),
        (GOOD.replace("0.1", '"0.1'), "not_a_number"),
        (GOOD.replace("0.1", "1.0000001"), "out_of_range"),
        (GOOD.replace("0.1", "-0.5"), "out_of_range"),
        (GOOD + "r7,0.5\n", "duplicate_id"),
        (GOOD + "r8,0.5\n", "unknown_id"),
        (GOOD.replace("r7,1\n", ""), "missing_ids"),
        (b"id,score\n" + b"x" * 1_000_001, "too_large"),
    ],
)
def test_what_is_wrong_is_named(text: str | bytes, rule: str) -> None:
    assert rule in _rules(text)


def test_a_stray_quote_does_not_swallow_the_rows_after_it() -> None:
    table = read_predictions(GOOD.replace("01,0.1", '01,"0.1').encode(), CONTRACT, IDS)
    assert [problem.rule for problem in table.problems] == ["not_a_number"]
    assert table.problems[0].row == 1
    assert set(table.values) == set(IDS)


def test_each_kind_of_fault_is_told_once_with_its_first_row_and_how_often() -> None:
    text = GOOD.replace("0.2", "oops").replace("3e-1", "\x1b[2J" + "y" * 500)
    (problem,) = read_predictions(text.encode(), CONTRACT, IDS).problems
    assert (problem.row, problem.count, problem.seen) == (2, 2, "'oops'")


def test_what_was_seen_is_cut_short_and_made_safe_to_print() -> None:
    text = GOOD.replace("0.1", "\x1b[2J" + "y" * 500)
    (problem,) = read_predictions(text.encode(), CONTRACT, IDS).problems
    assert "\x1b" not in problem.seen
    assert len(problem.seen) < 100


def test_a_forgotten_index_column_gets_the_remedy() -> None:
    (problem,) = read_predictions(b",id,score\n0,01,0.1\n", CONTRACT, IDS).problems
    assert "index=False" in problem.fix


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    table = read_predictions(b"id,score\n" + data, CONTRACT, IDS)
    assert table.problems or set(table.values) == set(IDS)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_numbers_come_back_exactly_as_python_wrote_them(values: list[float]) -> None:
    text = "id,score\n" + "".join(f"{key},{value!r}\n" for key, value in zip(IDS, values, strict=True))
    assert read_predictions(text.encode(), CONTRACT, IDS).values == dict(zip(IDS, values, strict=True))


def test_labels_with_further_columns_are_read(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id,amount,target\na,10,1\nb,2.5,0\n")
    labels = read_labels(tmp_path / "labels.csv", "id", "target")
    assert labels.ids == ("a", "b")
    assert labels.target == (1.0, 0.0)
    assert labels.numbers("amount") == (10.0, 2.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,other\na,1\n", "must be among them"),
        ("id,target\n", "has no rows"),
        ("id,target\na,1\na,0\n", "occurs twice"),
        ("id,target\na,nan\n", "not a finite number"),
        ("id,target\na,1,2\n", "different lengths"),
        ("id,target\n\xff,1\n", "not a CSV in UTF-8"),
    ],
)
def test_a_broken_label_file_is_refused_with_a_sentence(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "labels.csv").write_text(text, "latin-1")
    with pytest.raises(LabelsError, match=message):
        read_labels(tmp_path / "labels.csv", "id", "target")
