"""The holdout as the submission meets it: new ids, new order, the same rows."""

import csv
from pathlib import Path

import pytest

from harness.errors import PackError
from harness.running.exchange import Exchange, exchange_key, make_exchange
from tests.builders import make_pack, write_tree

KEY = exchange_key("grading", "submission")


def make_data(root: Path, ids: list[str], labels: list[str] | None = None) -> Path:
    rows = "".join(f"{one},{number}\n" for number, one in enumerate(ids))
    private = "".join(f"{one},{number % 2}\n" for number, one in enumerate(labels if labels is not None else ids))
    return write_tree(
        root,
        {
            "public/train.csv": "row_id,x,label\nR900001,1,0\n",
            "public/score.csv": f"row_id,x\n{rows}",
            "private/labels.csv": f"row_id,label\n{private}",
        },
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def exchanged(tmp_path: Path, ids: list[str], key: bytes = KEY, name: str = "x") -> Exchange:
    return make_exchange(make_pack(), make_data(tmp_path / f"data-{name}", ids), key, tmp_path / f"exchange-{name}")


IDS = [f"R{number:06d}" for number in range(50)]


def test_no_old_id_is_left_and_every_row_keeps_its_values(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path, IDS)

    rows = rows_of(exchange.public / "score.csv")
    assert not {row["row_id"] for row in rows} & set(IDS)
    assert sorted(int(row["x"]) for row in rows) == list(range(50))


def test_labels_follow_their_rows(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path, IDS)

    label_of = {row["row_id"]: row["label"] for row in rows_of(exchange.labels)}
    assert all(label_of[row["row_id"]] == str(int(row["x"]) % 2) for row in rows_of(exchange.public / "score.csv"))


def test_the_order_is_new(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path, IDS)

    assert [int(row["x"]) for row in rows_of(exchange.public / "score.csv")] != list(range(50))


def test_the_same_submission_meets_the_same_exchange_and_another_one_a_different_one(tmp_path: Path) -> None:
    one, again = exchanged(tmp_path, IDS, name="1"), exchanged(tmp_path, IDS, name="2")
    other = exchanged(tmp_path, IDS, exchange_key("grading", "another"), name="3")

    assert one.digest == again.digest != other.digest


def test_new_ids_look_like_the_old_ones(tmp_path: Path) -> None:
    """Code that parses ids, or takes them for integers, goes on working."""
    for name, ids, pattern in (("a", IDS, r"R[1-9]\d{5}"), ("b", [str(100000 + n) for n in range(50)], r"[1-9]\d{5}")):
        exchange = exchanged(tmp_path, ids, name=name)
        for row in rows_of(exchange.public / "score.csv"):
            import re

            assert re.fullmatch(pattern, row["row_id"])


def test_ids_too_short_to_be_renumbered_become_opaque_ones(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path, [str(number) for number in range(50)])

    assert all(row["row_id"].startswith("r") for row in rows_of(exchange.public / "score.csv"))


def test_the_labels_lie_apart_from_what_enters_a_sandbox(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path, IDS)

    assert not exchange.labels.is_relative_to(exchange.public)
    assert sorted(path.name for path in exchange.public.iterdir()) == ["score.csv", "train.csv"]
    assert exchange.labels.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("ids", "labels", "told"),
    [
        (["R000001", "R000001"], None, "holds an id twice"),
        (IDS, [*IDS[:-1], "R999999"], "has an id that score.csv has not"),
        (IDS, IDS[:-1], "49 labels for 50 holdout rows"),
    ],
)
def test_data_that_does_not_fit_together_is_the_packs_fault(
    tmp_path: Path, ids: list[str], labels: list[str], told: str
) -> None:
    with pytest.raises(PackError, match=told):
        make_exchange(make_pack(), make_data(tmp_path / "data", ids, labels), KEY, tmp_path / "exchange")
