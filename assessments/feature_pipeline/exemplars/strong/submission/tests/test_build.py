import json
import sqlite3
from pathlib import Path

import pytest

from features.build import build, publish
from tests.builders import HEADER, ask, deliver, line

ANSWERS = Path(__file__).resolve().parent.parent / "answers"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    deliver(folder, "events_20250601.csv", line(), line(event_id="e2", request_id="r2", customer=""))
    wider = HEADER.replace(",amount", ",campaign,amount")
    deliver(folder, "events_20250604.csv", line(event_id="e3", request_id="r3").replace(",12.50", ",spring,12.50"), header=wider)
    ask(folder, "p1,c1,2025-06-05 00:00:00", "p2,nobody,2025-06-05 00:00:00")
    return folder


def built(data: Path, out: Path) -> list[str]:
    out.mkdir(exist_ok=True)
    build(data, out / "features.csv")
    return (out / "features.csv").read_text().splitlines()


def test_files_with_and_without_the_new_column_are_read_alike(data: Path, tmp_path: Path) -> None:
    assert built(data, tmp_path / "out")[1] == "p1,2,25.00,1,2025-06-01T12:00:00Z,books"


def test_a_customer_of_whom_nothing_is_known_has_a_row(data: Path, tmp_path: Path) -> None:
    assert built(data, tmp_path / "out")[2] == "p2,0,0.00,0,,"


def test_a_second_build_writes_the_same_bytes(data: Path, tmp_path: Path) -> None:
    assert built(data, tmp_path / "out") == built(data, tmp_path / "out")


def test_a_file_that_comes_twice_changes_no_row(data: Path, tmp_path: Path) -> None:
    once = built(data, tmp_path / "out")
    (data / "events_20250601_2.csv").write_bytes((data / "events_20250601.csv").read_bytes())
    assert built(data, tmp_path / "out") == once


def test_unusable_rows_are_set_aside_with_file_row_and_reason(data: Path, tmp_path: Path) -> None:
    built(data, tmp_path / "out")
    assert (tmp_path / "out" / "quarantine.csv").read_text() == "file,row,reason\nevents_20250601.csv,2,no_customer\n"


def test_a_file_that_breaks_off_loses_only_its_last_row(data: Path, tmp_path: Path) -> None:
    file = data / "events_20250604.csv"
    file.write_text(file.read_text() + "e9,r9,1,ok,c1,web,pur")
    assert len(built(data, tmp_path / "out")) == 3
    assert "events_20250604.csv,2,truncated" in (tmp_path / "out" / "quarantine.csv").read_text()


def test_the_account_adds_up(data: Path, tmp_path: Path) -> None:
    built(data, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "lineage.json").read_text())
    assert told["files"]["events_20250601.csv"] == {"rows": 2, "used": 1, "set_aside": 1}
    assert (told["deliveries"], told["pairs"]) == (2, 2)


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("old")
    publish(tmp_path / "table.csv", "new\n")
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert (tmp_path / "table.csv").read_text() == "new\n"


def asked(name: str, table: str, *rows: tuple[object, ...]) -> list[tuple[object, ...]]:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE {table}")
    marks = ", ".join("?" * len(rows[0]))
    base.executemany(f"INSERT INTO {table.split()[0]} VALUES ({marks})", rows)
    return base.execute((ANSWERS / name).read_text()).fetchall()


def test_q1_keeps_half_an_hour_in_one_session() -> None:
    rows = [("c1", at, "view", 0) for at in (0, 1800, 3601, 10_000)]
    assert asked("q1.sql", "actions (customer, at, kind, cents)", *rows) == [("c1", 3, 1800)]


def test_q2_leaves_out_the_purchase_exactly_seven_days_earlier() -> None:
    rows = [("c1", at, "purchase", 100) for at in (0, 1, 604_800)]
    assert asked("q2.sql", "actions (customer, at, kind, cents)", *rows) == [("c1", 200)]


def test_q3_tells_what_was_known_from_what_turned_out() -> None:
    cut = 1_749_859_200
    rows = [("c1", "e1", 1, cut, "ok", 500), ("c1", "e1", 2, cut + 1, "void", 500), ("c1", "e2", 1, cut + 1, "ok", 70)]
    table = "deliveries (customer, event_id, revision, received_at, status, cents)"
    assert asked("q3.sql", table, *rows) == [("c1", 500, 70)]
