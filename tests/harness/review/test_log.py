"""The log of ratings: only added to, and it shows when it was altered."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import DamagedRunError
from harness.model.rating_log import Level
from harness.review.desk import moved_toward
from harness.review.log import LOG, apart, append, as_ratings, read_log

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def rate(run: Path, level: Level | None, rater: str = "ada", criterion: str = "CODE", **values: object) -> None:
    append(run, now=NOW, rater=rater, criterion=criterion, level=level, evidence="seen", **values)  # type: ignore[arg-type]


def test_the_first_value_stays_beside_what_stands_now(tmp_path: Path) -> None:
    rate(tmp_path, 2)
    rate(tmp_path, 3, reason="read it again")

    assert [one.level for one in read_log(tmp_path)] == [2, 3]
    assert [(one.rater, one.level) for one in as_ratings(read_log(tmp_path)).ratings] == [("ada", 3)]


@pytest.mark.parametrize("change", ["level", "cut", "swap", "insert", "garbage"])
def test_an_altered_log_is_seen(tmp_path: Path, change: str) -> None:
    for level in (1, 2, 3):
        rate(tmp_path, level)
    lines = (tmp_path / LOG).read_text().splitlines()
    if change == "level":
        lines[1] = json.dumps({**json.loads(lines[1]), "level": 4})
    elif change == "cut":
        del lines[0]
    elif change == "swap":
        lines[0], lines[1] = lines[1], lines[0]
    elif change == "insert":
        lines.insert(1, lines[1])
    else:
        lines[2] = "{}"
    (tmp_path / LOG).write_text("\n".join(lines) + "\n")

    with pytest.raises(DamagedRunError, match="was altered"):
        read_log(tmp_path)


def test_raters_two_levels_apart_want_a_third_look(tmp_path: Path) -> None:
    rate(tmp_path, 2)
    rate(tmp_path, 4, rater="bob")
    rate(tmp_path, 3, criterion="DOC")
    rate(tmp_path, 4, rater="bob", criterion="DOC")
    rate(tmp_path, None, rater="cem", criterion="DOC")

    assert apart(read_log(tmp_path)) == ("CODE",)


def test_changes_toward_the_computed_value_are_counted_once_totals_were_seen(tmp_path: Path) -> None:
    rate(tmp_path, 4, automatic=0.1)
    rate(tmp_path, 3, automatic=0.1)
    rate(tmp_path, 2, automatic=0.1, totals_open=True, reason="r")
    rate(tmp_path, 4, automatic=0.1, totals_open=True, reason="r")

    assert moved_toward(read_log(tmp_path)) == (1, 2)
