"""A returned table against the golden one, row by row and slice by slice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from checks.answers.table import measure
from checks.returned_tables import read_returned, same_cell
from checks.table_match import Settings, table_match
from harness.errors import PackError
from harness.model.answers import TableAnswer, TableColumn
from harness.model.finding import CheckResult, Fault, Verdict
from harness.model.pack import Metric
from tests.checks.builders import Step, evidence_of, only, rules
from tests.checks.table_builders import (
    COUNT,
    HEADER,
    ROWS,
    RUNGS,
    golden,
    is_late,
    is_unit,
    returned,
    table,
    table_pack,
    wrong_where,
)


def _judge(tmp_path: Path, text: str | bytes) -> CheckResult:
    return table_match(returned(tmp_path, text), Settings(words={"late": "that came late"}))


def _value(result: CheckResult, name: str) -> float:
    return next(one.value for one in result.measurements if one.name == name)


def test_the_golden_table_itself_is_met_in_any_order_and_any_column_order(tmp_path: Path) -> None:
    lines = ["best,last,id,spend,count"]
    for key, cells in reversed(ROWS.items()):
        count, spend, last, best = cells.split(",")
        lines.append(f"{best},{last},{key},{spend},{count}")
    result = _judge(tmp_path, "\r\n".join(lines))
    assert (result.verdict, result.score, result.findings) == (Verdict.MET, 1.0, ())


def test_the_metric_is_the_mean_over_slices_and_not_over_rows(tmp_path: Path) -> None:
    result = _judge(tmp_path, table(wrong_where(is_unit)))
    late = [key for key in ROWS if is_late(key)]
    expected = (1.0 + sum(not is_unit(key) for key in late) / len(late) + 0.0) / 3
    assert _value(result, "slice_match") == pytest.approx(expected)
    assert _value(result, "rows_matched") == pytest.approx(1 - len([key for key in ROWS if is_unit(key)]) / COUNT)
    low, high = next((one.low, one.high) for one in result.measurements if one.name == "slice_match")
    assert low is not None
    assert high is not None
    assert low < expected < high


def test_a_rung_stands_where_it_was_measured(tmp_path: Path) -> None:
    """Only rows without any difficulty are right: one slice of three."""
    result = _judge(tmp_path, table(wrong_where(lambda key: is_late(key) or is_unit(key))))
    assert _value(result, "slice_match") == pytest.approx(1 / 3)
    assert result.score == pytest.approx(0.25 + 0.5 * (1 / 3 - 0.2) / 0.6)


@pytest.mark.parametrize(("difficult", "rule"), [(is_late, "slice_late"), (is_unit, "slice_unit")])
def test_one_difficulty_left_unhandled_raises_its_finding_and_no_other(
    tmp_path: Path, difficult: Callable[[str], bool], rule: str
) -> None:
    """Rows that are difficult in both respects are wrong too, and blame nobody else."""
    assert rules(_judge(tmp_path, table(wrong_where(difficult)))) == [rule]


def test_a_finding_uses_the_words_of_the_pack(tmp_path: Path) -> None:
    assert "that came late" in only(_judge(tmp_path, table(wrong_where(is_late))), "slice_late").message


def test_wrong_definitions_are_told_once_and_column_by_column(tmp_path: Path) -> None:
    rows = {key: cells.replace("books", "toys") for key, cells in ROWS.items()}
    result = _judge(tmp_path, table(rows))
    assert result.score == 0.0
    assert only(result, "plain_rows").seen.startswith("best right in 0%")
    assert rules(result) == ["plain_rows"]


def test_missing_unknown_and_repeated_rows_count_as_wrong_and_are_told(tmp_path: Path) -> None:
    rows = dict(list(ROWS.items())[5:])
    text = table(rows) + "stranger,1,1,,x\n" + f"p010,{ROWS['p010']}\n" + "torn,1\n"
    result = _judge(tmp_path, text)
    assert {"missing_ids", "unknown_id", "duplicate_id", "row_shape"} <= set(rules(result))
    assert _value(result, "rows_matched") == pytest.approx((COUNT - 6) / COUNT)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (b"", "empty"),
        (b"\x1f\x8b\x08\x00rest", "text"),
        (HEADER.replace("best", "favourite").encode() + b"\n", "header"),
        (("," + HEADER).encode() + b"\n", "header"),
        (b"\xff\xff,1\n", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_measured_and_says_why(tmp_path: Path, text: bytes, seen: str) -> None:
    result = _judge(tmp_path, text)
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)
    assert seen in result.summary
    assert rules(result) == ["unreadable"]


def test_a_stray_quote_spoils_one_row_and_not_those_after_it(tmp_path: Path) -> None:
    lines = table().splitlines()
    lines[3] = lines[3].replace("books", '"books')
    assert _value(_judge(tmp_path, "\n".join(lines)), "rows_matched") == pytest.approx((COUNT - 1) / COUNT)


def test_no_table_is_not_measured_and_whose_doing_that_is(tmp_path: Path) -> None:
    evidence = evidence_of(tmp_path, steps=[Step()], pack=table_pack(), labels=golden(), rungs=RUNGS)
    result = table_match(evidence, Settings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


def test_a_golden_table_without_its_slice_is_the_packs_fault(tmp_path: Path) -> None:
    evidence = returned(tmp_path, table(), labels=golden().replace("unit", "unity"))
    assert table_match(evidence, Settings()).fault is Fault.PACK


@pytest.mark.parametrize(
    ("column", "right", "given", "same"),
    [
        ({"type": "number"}, "3", "3.0", True),
        ({"type": "number"}, "3", "+3e0", True),
        ({"type": "number"}, "3", "3.0001", False),
        ({"type": "number", "tolerance": 0.005}, "1.00", "1.005", True),
        ({"type": "number", "tolerance": 0.005}, "1.00", "1.006", False),
        ({"type": "number", "tolerance": 5.0}, "1.00", "nan", False),
        ({"type": "number", "tolerance": 5.0}, "1.00", "", False),
        ({"type": "number", "tolerance": 5.0}, "", "0", False),
        ({"type": "number", "tolerance": 5.0}, "0", "1_0", False),
        ({"type": "time"}, "2025-06-01T12:00:00Z", "2025-06-01 12:00:00", True),
        ({"type": "time"}, "2025-06-01T12:00:00Z", "2025-06-01T14:00:00+02:00", True),
        ({"type": "time"}, "2025-06-01T12:00:00Z", "2025-06-01T12:00:01Z", False),
        ({"type": "time"}, "2025-06-01T12:00:00Z", "noon", False),
        ({"type": "time"}, "", "", True),
        ({"type": "text"}, "books", " books ", True),
        ({"type": "text"}, "books", "Books", False),
    ],
)
def test_when_two_cells_say_the_same(column: dict[str, object], right: str, given: str, same: bool) -> None:
    assert same_cell(TableColumn.model_validate({"name": "x", **column}), right, given) is same


def test_an_exemplar_with_a_broken_table_is_a_fault_of_the_pack(tmp_path: Path) -> None:
    (tmp_path / "golden.csv").write_text(golden())
    short = table(dict(list(ROWS.items())[1:])).encode()
    with pytest.raises(PackError, match="ids have no row"):
        measure(table_pack(), Metric(name="slice_match"), short, tmp_path / "golden.csv")
    assert measure(table_pack(), Metric(name="slice_match"), table().encode(), tmp_path / "golden.csv") == 1.0


def test_another_metric_than_the_tables_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "golden.csv").write_text(golden())
    with pytest.raises(PackError, match="slice_match"):
        measure(table_pack(), Metric(name="roc_auc"), table().encode(), tmp_path / "golden.csv")


def test_ids_are_text_and_never_numbers() -> None:
    contract = table_pack().answer
    assert isinstance(contract, TableAnswer)
    read = read_returned(f"{HEADER}\n01,1,1,,x\n1,2,2,,x\n".encode(), contract, ["01", "1"])
    assert list(read.rows) == ["01", "1"]
    assert not read.problems
