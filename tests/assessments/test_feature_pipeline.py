"""feature_pipeline: what is truly in the data of several seeds, recomputed from the files that a candidate gets."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

import pytest

from checks.answers.table import measure
from checks.returned_tables import read_golden, read_returned
from checks.table_scores import match
from harness.model.answers import TableAnswer
from harness.packs import BUILT_IN, OpenPack, open_pack
from tests.assessments.generated import contents, generate

pytestmark = pytest.mark.slow
ROOT = BUILT_IN / "feature_pipeline"
SEEDS = range(20_260_101, 20_260_106)
LATE_S, AHEAD_S = 6 * 3600, 24 * 3600
Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def second(text: str) -> float:
    return datetime.fromisoformat(text + "+00:00").timestamp()


@dataclass(frozen=True)
class Copy:
    """The data of one seed."""

    root: Path

    @cached_property
    def files(self) -> dict[str, Rows]:
        return {path.name: rows_of(path) for path in sorted((self.root / "public").glob("events_*.csv"))}

    @cached_property
    def good(self) -> Rows:
        """Deliveries but for the planted rows and the second copy of a file."""
        bad = {(row["file"], row["row"]) for row in self.private("planted.csv")}
        return [
            row
            for name, rows in self.files.items()
            if not name.endswith("_2.csv")
            for number, row in enumerate(rows, 1)
            if (name, str(number)) not in bad
        ]

    @cached_property
    def events(self) -> dict[str, dict[str, str]]:
        """The earliest delivery of the first revision of each event that had one."""
        first: dict[str, dict[str, str]] = {}
        for row in self.good:
            known = first.get(row["event_id"])
            if row["revision"] == "1" and (known is None or row["received_at"] < known["received_at"]):
                first[row["event_id"]] = row
        return first

    def private(self, name: str) -> Rows:
        return rows_of(self.root / "private" / name)


@pytest.fixture(scope="module")
def opened() -> OpenPack:
    return open_pack("feature_pipeline")


@pytest.fixture(scope="module")
def copy_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Copy]:
    """The data of a seed, made once."""
    return cache(lambda seed: Copy(generate(ROOT, seed, tmp_path_factory.mktemp("data") / str(seed))))


@pytest.fixture(scope="module", params=SEEDS)
def copy(request: pytest.FixtureRequest, copy_of: Callable[[int], Copy]) -> Copy:
    return copy_of(request.param)


def rate(opened: OpenPack, name: str) -> float:
    declared = next(dirt.rate for dirt in opened.facts.dirt if dirt.id == name)
    assert declared is not None
    return declared


def test_sizes_are_those_of_the_brief(copy: Copy) -> None:
    assert 35_000 < sum(map(len, copy.files.values())) < 43_000
    assert len(copy.private("asked.csv")) == len(copy.private("golden.csv")) == 3_000
    assert len(rows_of(copy.root / "public" / "pairs.csv")) == 3_000


def test_rates_are_those_of_the_facts(opened: OpenPack, copy: Copy) -> None:
    events = copy.events.values()
    corrected = {row["event_id"] for row in copy.good if row["revision"] != "1"}
    again = sum(count - 1 for count in Counter((row["event_id"], row["revision"]) for row in copy.good).values())
    seen = {
        "late": sum(second(row["received_at"]) - _utc(row) > LATE_S for row in events) / len(events),
        "duplicates": again / len(copy.good),
        "retried": (len(events) - len({row["request_id"] for row in events})) / len(events),
        "corrected": len(corrected) / len(events),
        "local_time": sum(row["source"] == "store" for row in events) / len(events),
        "cents": sum(row["source"] == "partner" for row in events) / len(events),
        "programs": sum("/" in row["agent"] for row in events) / len(events),
        "unusable": len(copy.private("planted.csv")) / sum(map(len, copy.files.values())),
    }
    for name, share in seen.items():
        assert share == pytest.approx(rate(opened, name), rel=0.3), name


def _utc(row: dict[str, str]) -> float:
    return second(row["event_time"]) - (7200 if row["source"] == "store" else 0)


def test_six_customers_share_their_account_with_a_program(copy: Copy) -> None:
    assert len({row["customer"] for row in copy.good if "/" in row["agent"]}) == 6


def test_one_file_comes_twice_and_one_breaks_off(copy: Copy) -> None:
    public = copy.root / "public"
    (twice,) = public.glob("events_*_2.csv")
    assert twice.read_bytes() == (public / twice.name.replace("_2.csv", ".csv")).read_bytes()
    (torn,) = [row for row in copy.private("planted.csv") if row["reason"] == "truncated"]
    assert not (public / torn["file"]).read_text().endswith("\n")
    assert len(copy.files[torn["file"]]) == int(torn["row"])


def test_a_column_joins_on_the_thirtieth_day(copy: Copy) -> None:
    with_column = {name for name, rows in copy.files.items() if "campaign" in rows[0]}
    assert with_column == {name for name in copy.files if name >= "events_20250604"}


def test_planted_rows_are_what_their_reason_says_and_no_other_row_is(copy: Copy) -> None:
    bad = {(row["file"], row["row"]): row["reason"] for row in copy.private("planted.csv")}
    for name, rows in copy.files.items():
        for number, row in enumerate(rows, 1):
            assert _reason(row) == bad.get((name, str(number)), ""), (name, number)


def _reason(row: dict[str, str]) -> str:
    if None in row.values():
        return "truncated"
    if not row["customer"]:
        return "no_customer"
    if row["event_time"].startswith("0000"):
        return "bad_time"
    if _utc(row) - second(row["received_at"]) > AHEAD_S:
        return "from_future"
    plain = row["amount"].replace(".", "", 1).isdigit()
    return "" if plain or row["kind"] == "view" else "bad_amount"


def build(exemplar: str, copy: Copy, place: Path) -> bytes:
    """Run an exemplar's own command on the pairs that are really asked for."""
    place.mkdir()
    for path in (copy.root / "public").iterdir():
        (place / path.name).symlink_to(path)
    (place / "pairs.csv").unlink()
    (place / "pairs.csv").symlink_to(copy.root / "private" / "asked.csv")
    (place / "out").mkdir()
    folder = ROOT / "exemplars" / exemplar / "submission"
    words = json.loads((folder / "submission.json").read_text())["entry"]["predict"].split()
    filled = [sys.executable, "-B", *(word.format(data=place, out=place / "out" / "features.csv") for word in words[1:])]
    subprocess.run(filled, cwd=folder, check=True, capture_output=True)
    return (place / "out" / "features.csv").read_bytes()


@pytest.fixture(scope="module")
def built(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What each rung of the ladder returns."""
    place = tmp_path_factory.mktemp("built")
    return {name: build(name, copy, place / name) for name in ("dummy", "naive", "reference", "strong")}


def test_the_rungs_stand_in_order_with_room_between_them(opened: OpenPack, copy: Copy, built: dict[str, bytes]) -> None:
    """The strong exemplar was written from the brief alone, and agrees with the generator in every row."""
    golden = copy.root / "private" / "golden.csv"
    value = {name: measure(opened.pack, opened.pack.metric, returned, golden) for name, returned in built.items()}
    assert value["strong"] == 1.0
    assert value["dummy"] < 0.05
    assert value["naive"] > value["dummy"] + 0.05
    assert value["naive"] + 0.4 < value["reference"] < 0.9


def test_the_reference_is_wrong_exactly_where_corrections_came_later(
    opened: OpenPack, copy: Copy, built: dict[str, bytes]
) -> None:
    contract = opened.pack.answer
    assert isinstance(contract, TableAnswer)
    golden = read_golden(copy.root / "private" / "golden.csv", contract, "pair_id")
    returned = read_returned(built["reference"], contract, golden.ids)
    right = match(golden, returned, contract).rows
    assert [not one for one in right] == list(golden.slices["corrected"])


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(copy_of: Callable[[int], Copy], tmp_path: Path) -> None:
    first, other = (contents(copy_of(seed).root) for seed in SEEDS[:2])

    assert contents(generate(ROOT, SEEDS[0], tmp_path / "again")) == first
    assert first != other


def test_the_environment_is_shared_with_card_fraud() -> None:
    assert (ROOT / "requirements.lock").read_bytes() == (BUILT_IN / "card_fraud" / "requirements.lock").read_bytes()


def test_the_starter_is_what_candidates_get() -> None:
    given, kept = ROOT / "candidate" / "starter", ROOT / "exemplars" / "starter" / "submission"
    files = sorted(path.relative_to(given) for path in given.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert all((given / path).read_bytes() == (kept / path).read_bytes() for path in files)
