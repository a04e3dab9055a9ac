"""Kind pipeline: what a submission is given, and how it is asked again, against a fake back end that builds a plain table."""

import csv
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.errors import PackError
from harness.model.pack import Pack
from harness.model.run import Exited, RunSet
from harness.model.submission import CommandEntry, Entry, FunctionEntry
from harness.running.entry import EntryChoice
from harness.running.exchange import Exchange
from harness.running.session import Session
from harness.running.steps import run_steps
from harness.running.table_exchange import make_table_exchange
from harness.running.unnamed import Unnamed
from harness.running.work import Running
from sandbox.base import DATA, Job
from sandbox.fake import Answer, Fake
from sandbox.owners import new_owner
from tests.builders import make_pack, make_snapshot, write_tree

BUILD = CommandEntry(predict="python -m features build --data {data} --out {out}")
PAIRS = [(f"p{1000000 + n}", f"c{100 + n % 9}", f"2025-06-{1 + n % 5:02d} 12:00:00") for n in range(60)]
SHOWN = [(f"p{2000000 + n}", f"c{100 + n % 9}", "2025-06-01 10:00:00") for n in range(20)]
Rows = list[dict[str, str]]


def table_pack(**steps: Any) -> Pack:
    sql = {
        "group_column": "customer",
        "kept": 0.5,
        "tables": [{"name": "actions", "file": "sql.csv", "columns": {"customer": "text", "cents": "integer"}}],
        "questions": [
            {
                "file": "answers/q1.sql",
                "title": "Totals",
                "columns": [{"name": "customer", "type": "text"}],
                "expected": "q1.csv",
            }
        ],
    }
    return make_pack(
        kind="pipeline",
        answer={
            "kind": "table",
            "id_column": "pair_id",
            "columns": [{"name": "count"}],
            "slices": ["plain"],
            "flagged": {"reasons": ["torn"]},
            "also_returned": ["lineage.json"],
        },
        data={"id_column": "pair_id", "score": "pairs.csv", "asked": "asked.csv", "labels": "golden.csv"},
        metric={"name": "slice_match"},
        steps={"predict": {}, "sql": sql, "rebuilds": {"inputs": "events_*.csv", "day_column": "as_of"}, **steps},
    )


def csv_text(header: list[str], rows: list[Any]) -> str:
    return "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"


def make_data(root: Path) -> Path:
    header = ["pair_id", "customer", "as_of"]
    events = {
        f"events_2025060{day}.csv": csv_text(["event_id", "v"], [(f"e{day}{n}", n) for n in range(8)]) for day in (1, 2, 3)
    }
    return write_tree(
        root,
        {
            **{f"public/{name}": text for name, text in events.items()},
            "public/pairs.csv": csv_text(header, SHOWN),
            "public/sql.csv": csv_text(["customer", "cents"], [(f"c{100 + n % 10}", n) for n in range(40)]),
            "private/asked.csv": csv_text(header, PAIRS),
            "private/golden.csv": csv_text(["pair_id", "count", "plain"], [(one, int(one[1:]) % 7, 1) for one, _, _ in PAIRS]),
            "private/planted.csv": csv_text(["file", "row", "reason"], [("events_20250601.csv", 1, "torn")]),
            "private/q1.csv": csv_text(["customer", "total"], [(f"c{100 + n}", n) for n in range(10)]),
        },
    )


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exchanged(tmp_path: Path, key: bytes = b"key", name: str = "x") -> Exchange:
    return make_table_exchange(table_pack(), make_data(tmp_path / f"data-{name}"), key, tmp_path / name)


def test_other_rows_than_those_shown_are_asked_for_under_ids_of_their_own(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path)
    asked = rows_of(exchange.public / "pairs.csv")
    assert sorted((row["customer"], row["as_of"]) for row in asked) == sorted(pair[1:] for pair in PAIRS)
    assert not {row["pair_id"] for row in asked} & {pair[0] for pair in (*PAIRS, *SHOWN)}
    assert [row["customer"] for row in asked] != [pair[1] for pair in PAIRS]


def test_golden_rows_follow_the_pairs_they_belong_to(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path)
    by_content = {(customer, as_of) for _, customer, as_of in PAIRS}
    assert len(by_content) < len(PAIRS), "ids alone tell these rows apart"
    golden = {row["pair_id"]: row["count"] for row in rows_of(exchange.labels)}
    counts = sorted((row["customer"], row["as_of"], golden[row["pair_id"]]) for row in rows_of(exchange.public / "pairs.csv"))
    assert counts == sorted((customer, as_of, str(int(one[1:]) % 7)) for one, customer, as_of in PAIRS)


def test_nothing_private_stands_in_the_public_folder(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path)
    names = {path.name for path in exchange.public.iterdir()}
    assert names == {"pairs.csv", "sql.csv", "events_20250601.csv", "events_20250602.csv", "events_20250603.csv"}
    assert (exchange.labels.parent / "planted.csv").is_file()


def test_sql_tables_lose_groups_and_rename_the_others_in_step_with_the_answers(tmp_path: Path) -> None:
    exchange = exchanged(tmp_path)
    table = rows_of(exchange.public.parent / "sql" / "sql.csv")
    expected = {row["customer"]: row["total"] for row in rows_of(exchange.labels.with_name("q1.csv"))}
    assert {row["customer"] for row in table} == set(expected)
    assert len(expected) == 5
    assert not set(expected) & {f"c{100 + n}" for n in range(10)}
    for customer, total in expected.items():
        assert sorted(int(row["cents"]) % 10 for row in table if row["customer"] == customer) == [int(total)] * 4


def test_the_same_submission_meets_the_same_exchange_and_another_one_does_not(tmp_path: Path) -> None:
    first, again, other = (exchanged(tmp_path, key, name) for key, name in ((b"a", "x"), (b"a", "y"), (b"b", "z")))
    assert first.digest == again.digest != other.digest
    assert (first.public.parent / "sql" / "sql.csv").read_bytes() == (again.public.parent / "sql" / "sql.csv").read_bytes()


def test_golden_rows_that_do_not_fit_the_pairs_are_a_fault_of_the_pack(tmp_path: Path) -> None:
    data = make_data(tmp_path / "data")
    (data / "private" / "golden.csv").write_text("pair_id,count,plain\np1,1,1\n")
    with pytest.raises(PackError, match="same ids"):
        make_table_exchange(table_pack(), data, b"key", tmp_path / "x")


@dataclass
class Place:
    """What ran, and what each step was given."""

    runs: RunSet
    fake: Fake
    running: Running

    def job(self, name: str) -> Job:
        return next(one.job for one in self.fake.ran if one.job.label == name)

    def request(self, name: str) -> dict[str, Any]:
        (put,) = [one.put for one in self.fake.ran if one.job.label == name]
        request = json.loads(put["request.json"])
        assert isinstance(request, dict)
        return request

    def data(self, name: str) -> Path:
        (source,) = [mount.source for mount in self.job(name).mounts if mount.target == DATA]
        return source

    def account(self, name: str) -> dict[str, str]:
        return {row["id"]: row["base_id"] for row in rows_of(self.running.artifacts / name / "probe_rows.csv")}


class Everything(dict[str, Any]):
    """One script for every label."""

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key, super().get("*", default))


def run(
    tmp_path: Path,
    answer: Callable[[Job, Mapping[str, bytes]], Answer] | None = None,
    entry: Entry | None = BUILD,
    files: tuple[str, ...] = ("features/__main__.py", "answers/q1.sql"),
    **steps: Any,
) -> Place:
    pack = table_pack(**steps)
    exchange = make_table_exchange(pack, make_data(tmp_path / "data"), b"key", tmp_path / "exchange")
    fake = Fake()
    fake.answers = Everything({"*": answer or built})
    staging, submission = tmp_path / "staging", tmp_path / "files"
    staging.mkdir()
    submission.mkdir()
    (tmp_path / "requirements.lock").write_text("")
    environment = fake.prepare(tmp_path / "requirements.lock")
    session = Session(fake, new_owner("run"), environment, staging, 1, tmp_path, lambda _: None, Unnamed(staging))
    public = tmp_path / "data" / "public"
    choice = EntryChoice(entry, "named")
    running = Running(session, pack, make_snapshot(*files), submission, choice, public, exchange, tmp_path / "artifacts")
    return Place(run_steps(running), fake, running)


def built(job: Job, _put: Mapping[str, bytes]) -> Answer:
    """A sound submission: it gives each pair of the data a row."""
    (source,) = [mount.source for mount in job.mounts if mount.target == DATA]
    if not (source / "pairs.csv").is_file():
        return Answer(files={"sql.json": b"[]"})
    rows = [(row["pair_id"], 1) for row in rows_of(source / "pairs.csv")]
    return Answer(files={"features.csv": csv_text(["pair_id", "count"], rows).encode(), "quarantine.csv": b"file,row,reason\n"})


def test_the_table_is_built_once_and_then_in_every_other_way(tmp_path: Path) -> None:
    place = run(tmp_path)
    names = [step.name for step in place.runs.steps]
    assert names == ["predict", "rebuild-twice", "rebuild-shuffled_input", "rebuild-backfill", "rebuild-resumed", "sql"]
    assert [step.altered.kinds for step in place.runs.probes if step.altered] == [
        ("twice",), ("shuffled_input",), ("backfill",), ("resumed",),
    ]  # fmt: skip
    assert {one.name for one in place.runs.steps[0].artifacts} == {"features.csv", "quarantine.csv"}


def test_only_the_resumed_build_is_killed_on_the_way(tmp_path: Path) -> None:
    place = run(tmp_path)
    assert place.request("rebuild-twice")["kill_first_after_s"] is None
    assert 0 < place.request("rebuild-resumed")["kill_first_after_s"] < place.runs.steps[0].wall_s


def test_shuffled_input_holds_the_same_rows_in_other_places_and_one_file_more(tmp_path: Path) -> None:
    place = run(tmp_path)
    before, now = place.data("predict"), place.data("rebuild-shuffled_input")
    old = {path.name: path.read_text() for path in before.glob("events_*.csv")}
    new = {path.name: path.read_text() for path in now.glob("events_*.csv")}
    assert set(old) < set(new)
    assert len(new) == len(old) + 1
    content = sorted(tuple(sorted(text.splitlines())) for text in old.values())
    assert sorted({tuple(sorted(text.splitlines())) for text in new.values()}) == content
    assert any(new[name] != text for name, text in old.items())
    assert all(text.splitlines()[0] == "event_id,v" for text in new.values())
    bases = place.account("rebuild-shuffled_input")
    assert set(bases.values()) == {row["pair_id"] for row in rows_of(before / "pairs.csv")}
    assert not set(bases) & set(bases.values())


def test_a_last_row_that_breaks_off_stays_last(tmp_path: Path) -> None:
    import random

    from harness.running.rebuilds import _rows_shuffled

    shuffled = _rows_shuffled("h\n1\n2\n3\nbro", random.Random(1))
    assert shuffled.startswith("h\n")
    assert shuffled.endswith("\nbro")
    assert sorted(shuffled.split("\n")) == ["1", "2", "3", "bro", "h"]


def test_a_backfill_asks_for_the_pairs_of_one_day_alone(tmp_path: Path) -> None:
    place = run(tmp_path)
    asked = rows_of(place.data("rebuild-backfill") / "pairs.csv")
    assert len({row["as_of"][:10] for row in asked}) == 1
    assert len(asked) == 12
    first = {row["pair_id"]: row for row in rows_of(place.data("predict") / "pairs.csv")}
    bases = place.account("rebuild-backfill")
    assert all(first[bases[row["pair_id"]]]["as_of"] == row["as_of"] for row in asked)


def test_sql_gets_its_own_folder_and_no_events(tmp_path: Path) -> None:
    place = run(tmp_path)
    assert {path.name for path in place.data("sql").iterdir()} == {"sql.csv"}
    assert place.request("sql")["questions"] == [{"file": "answers/q1.sql", "most_steps": 20_000_000}]


def test_a_build_that_left_no_table_is_not_tried_again_and_sql_is_asked_all_the_same(tmp_path: Path) -> None:
    place = run(tmp_path, lambda job, put: Answer(outcome=Exited(code=1)))
    assert [step.name for step in place.runs.steps] == ["predict", "sql"]
    skipped = place.runs.why_absent("rebuilds")
    assert skipped is not None
    assert skipped.fault == "submission"


def test_a_submission_without_statements_is_told_so(tmp_path: Path) -> None:
    skipped = run(tmp_path, files=("features/__main__.py",)).runs.why_absent("sql")
    assert skipped is not None
    assert (skipped.fault, "answers/q1.sql" in skipped.reason) == ("submission", True)


@pytest.mark.parametrize("entry", [None, FunctionEntry(call="features:build")])
def test_without_a_way_to_build_nothing_is_built(tmp_path: Path, entry: Entry | None) -> None:
    place = run(tmp_path, entry=entry)
    assert [step.name for step in place.runs.steps] == ["sql"]
    skipped = place.runs.why_absent("predict")
    assert skipped is not None
    assert skipped.fault == "submission"


def test_further_builds_stop_when_their_time_is_used_up_and_say_so(tmp_path: Path) -> None:
    rebuilds = {"inputs": "events_*.csv", "day_column": "as_of", "budget_s": 1.2}
    place = run(tmp_path, rebuilds=rebuilds)
    assert len(place.runs.probes) == 2
    skipped = [one for one in place.runs.skipped if one.name.startswith("rebuild-")]
    assert [(one.name, one.fault) for one in skipped] == [("rebuild-backfill", "pack"), ("rebuild-resumed", "pack")]
