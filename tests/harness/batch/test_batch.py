"""A whole batch, with a back end that runs things here: what is graded, what is not and whose doing that is, what is kept."""

import json
import shutil
from pathlib import Path

import pytest

from harness.batch.carrying import carry_out
from harness.batch.watching import Silent
from harness.errors import ExitCode, SandboxError, UsageError
from harness.keys import make
from harness.settings import Settings
from tests.builders import write_tree
from tests.harness.batch.local import Here, by_name, cohort, here, make_ask, write_submission

__all__ = ["here"]


def subs(place: Path) -> Path:
    return place / "subs"


def test_every_entry_is_graded_and_told_under_a_pseudonym(here: Here, tmp_path: Path) -> None:
    for name, formula in (("Jane Doe", "x1"), ("O'Hara; rm -rf", "2 * x1 + x2")):
        write_submission(subs(tmp_path) / name, formula)

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert outcome.exit_code is ExitCode.GRADED
    assert {one["state"] for one in cohort(tmp_path)["members"]} == {"graded"}
    told = [path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.name != "names.json"]
    assert len(told) > 10
    for path in told:
        assert b"Jane" not in path.read_bytes(), path
        assert "Jane" not in path.as_posix()
    assert set(by_name(tmp_path)) == {"Jane Doe", "O'Hara; rm -rf"}


def test_the_page_links_every_report(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one")

    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    member = cohort(tmp_path)["members"][0]
    assert f'<a href="{member["report"]}">' in (tmp_path / "out" / "cohort.html").read_text("utf-8")
    assert (tmp_path / "out" / member["report"]).is_file()


def test_nothing_is_graded_twice_by_the_same_command(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    write_submission(subs(tmp_path) / "two", "x2", "second")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    before = cohort(tmp_path)["members"]

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert outcome.tally.states == {"kept": 2}
    assert sorted(here.predictions_asked_for()) == ["first", "second"]
    assert cohort(tmp_path)["members"] == before


def test_a_changed_submission_is_graded_again_and_the_others_are_not(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    write_submission(subs(tmp_path) / "two", "x2", "second")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    write_submission(subs(tmp_path) / "two", "2 * x1 + x2", "second")

    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert sorted(here.predictions_asked_for()) == ["first", "second", "second"]
    assert by_name(tmp_path)["two"]["ladder"]["position"] == 1.0


def test_another_batch_takes_results_from_the_shared_store(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    other = tmp_path / "others"
    write_submission(other / "somebody else", "x1", "first")

    outcome = carry_out(make_ask(tmp_path, other, root=tmp_path / "out2"), Silent())

    assert outcome.tally.states == {"stored": 1}
    assert here.predictions_asked_for() == ["first"]
    (run,) = (tmp_path / "out2" / "runs").iterdir()
    report = json.loads((run / "report.json").read_text("utf-8"))
    assert report["submission"]["candidate"] == run.name
    assert report["submission"]["source"] == run.name


def test_a_stored_result_that_was_touched_is_not_used(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    (kept,) = (tmp_path / "store").glob("??/*/grade.json")
    kept.write_text(kept.read_text().replace('"automatic": ', '"automatic": 9'))
    shutil.rmtree(tmp_path / "out")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert outcome.tally.states == {"graded": 1}
    assert here.predictions_asked_for() == ["first", "first"]


def test_of_equal_submissions_one_is_graded(here: Here, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        write_submission(subs(tmp_path) / name, "x1", "same")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert outcome.tally.states == {"graded": 1, "stored": 2}
    assert here.predictions_asked_for() == ["same"]
    assert len({one["run"] for one in cohort(tmp_path)["members"]}) == 3


@pytest.mark.parametrize("changed", [{"seed": 7}, {"profile": "second"}])
def test_another_seed_or_profile_is_another_footing(here: Here, tmp_path: Path, changed: dict[str, object]) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    ask = make_ask(tmp_path, subs(tmp_path))
    profiles = ask.opened.rubric.profiles
    rubric = ask.opened.rubric.changed(profiles={**profiles, "second": profiles["applied"]})
    opened = ask.opened.__class__(**{**ask.opened.__dict__, "rubric": rubric})

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), opened=opened, **changed), Silent())

    assert outcome.tally.states == {"graded": 1}
    assert [one["profile"] for one in [cohort(tmp_path)]] == [changed.get("profile", "applied")]


def test_faults_are_told_apart_and_cost_nobody_else(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "good")
    write_submission(subs(tmp_path) / "late", readme="LATE")
    write_submission(subs(tmp_path) / "broken by us", readme="BREAKS")
    (subs(tmp_path) / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (subs(tmp_path) / "notes.txt").write_text("not a submission")
    (subs(tmp_path) / "link").symlink_to("/etc")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), jobs=4), Silent())

    members = by_name(tmp_path)
    assert outcome.exit_code is ExitCode.SOME_UNGRADED
    assert {name: one["doing"] for name, one in members.items()} == {
        "good": None,
        "late": None,
        "broken by us": "harness",
        "broken.zip": "submission",
        "notes.txt": "submission",
        "link": "submission",
    }
    assert members["late"]["state"] == "graded"
    log = tmp_path / "out" / "logs" / f"{members['broken by us']['id']}.txt"
    assert "something of ours is broken" in log.read_text()
    assert not [one for one in members.values() if one["state"] == "not_graded" and one["totals"]]


def test_a_submission_over_the_batchs_own_limit_is_stopped_and_gets_no_grade(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "slow", readme="SLEEPS")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), wall_s=4.0), Silent())

    slow = by_name(tmp_path)["slow"]
    assert outcome.exit_code is ExitCode.SOME_UNGRADED
    assert (slow["state"], slow["doing"]) == ("not_graded", "time_limit")
    assert "limit of 4 s" in slow["reason"]


def test_a_lost_sandbox_is_tried_once_more_and_is_no_grade(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "good")
    write_submission(subs(tmp_path) / "lost", readme="LOST")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), jobs=1), Silent())

    assert outcome.exit_code is ExitCode.SOME_UNGRADED
    assert here.predictions_asked_for().count("LOST") == 2
    assert by_name(tmp_path)["lost"]["doing"] == "infrastructure"
    assert by_name(tmp_path)["good"]["state"] == "graded"
    assert len(list((tmp_path / "store").glob("??/*/report.json"))) == 1


def test_sandboxes_lost_in_a_row_stop_the_batch_when_none_starts_any_more(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        write_submission(subs(tmp_path) / f"{number}", f"x1 + {number}", readme="LOST")
    monkeypatch.setattr("harness.batch.units.sandbox_works", lambda batch, tell: {"works": False})

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), jobs=1), Silent())

    assert outcome.exit_code is ExitCode.INFRASTRUCTURE
    assert len(here.predictions_asked_for()) == 3
    assert "3 in a row" in outcome.tally.stopped
    assert len(cohort(tmp_path)["waiting"]) == 6


def test_submissions_that_kill_their_own_sandbox_do_not_stop_the_others(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write_submission(subs(tmp_path) / f"a{number}", f"x1 + {number}", readme="LOST")
    write_submission(subs(tmp_path) / "z", "x1")
    monkeypatch.setattr("harness.batch.units.sandbox_works", lambda batch, tell: {"works": True})

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), jobs=1), Silent())

    assert outcome.exit_code is ExitCode.SOME_UNGRADED
    assert by_name(tmp_path)["z"]["state"] == "graded"


def test_a_killed_worker_costs_one_submission(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "a", readme="KILLED")
    write_submission(subs(tmp_path) / "b", "x2")

    outcome = carry_out(make_ask(tmp_path, subs(tmp_path), jobs=1), Silent())

    assert outcome.exit_code is ExitCode.SOME_UNGRADED
    assert by_name(tmp_path)["a"]["doing"] == "infrastructure"
    assert "killed" in by_name(tmp_path)["a"]["reason"]
    assert by_name(tmp_path)["b"]["state"] == "graded"


def test_shards_share_a_store_and_a_last_run_gathers_all(here: Here, tmp_path: Path) -> None:
    for number in range(5):
        write_submission(subs(tmp_path) / f"{number}", f"x1 + {number} * x2", readme=f"n{number}")
    first = carry_out(make_ask(tmp_path, subs(tmp_path), root=tmp_path / "shard1", shard=(1, 2)), Silent())
    second = carry_out(make_ask(tmp_path, subs(tmp_path), root=tmp_path / "shard2", shard=(2, 2)), Silent())

    whole = carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert (first.entries, second.entries) == (3, 2)
    assert first.exit_code is ExitCode.GRADED
    assert whole.tally.states == {"stored": 5}
    assert sorted(here.predictions_asked_for()) == ["n0", "n1", "n2", "n3", "n4"]
    assert len(json.loads((tmp_path / "shard1" / "cohort.json").read_text())["waiting"]) == 2


def test_a_submission_below_the_bar_is_told_by_the_exit_code(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "0 * x1")

    assert carry_out(make_ask(tmp_path, subs(tmp_path), bar=99.0), Silent()).exit_code is ExitCode.BELOW_BAR


def test_where_runs_are_signed_an_unsigned_stored_result_is_not_taken(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one", "x1", "first")
    carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())
    key = make(tmp_path / "key.pem")
    settings = Settings(cache=tmp_path / "cache", key=key.private)
    shutil.rmtree(tmp_path / "store")

    signed = carry_out(make_ask(tmp_path, subs(tmp_path), settings=settings), Silent())
    again = carry_out(make_ask(tmp_path, subs(tmp_path), settings=settings), Silent())

    assert (signed.tally.states, again.tally.states) == ({"graded": 1}, {"kept": 1})
    (run,) = (tmp_path / "out" / "runs").iterdir()
    assert (run / "provenance.json").is_file()


def test_with_a_secret_each_candidate_has_data_of_their_own_and_places_are_compared(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "anne", "x1")
    write_submission(subs(tmp_path) / "jane.v2", "x1")
    settings = Settings(cache=tmp_path / "cache", secret=b"of the organisation")

    carry_out(make_ask(tmp_path, subs(tmp_path), settings=settings), Silent())

    document = cohort(tmp_path)
    assert document["data_seed"] is None
    assert len({one["data_seed"] for one in document["members"]}) == 2
    assert document["ladder"]["compared_by"] == "position"


def test_a_key_that_cannot_be_used_is_told_before_anything_is_graded(here: Here, tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one")

    with pytest.raises(UsageError, match="key cannot be read"):
        carry_out(make_ask(tmp_path, subs(tmp_path), settings=Settings(key=tmp_path / "gone.pem")), Silent())

    assert here.predictions_asked_for() == []


def test_a_full_disk_ends_the_batch_as_trouble_of_the_machine(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "events.jsonl")

    write_submission(subs(tmp_path) / "one")
    monkeypatch.setattr("harness.batch.folder.BatchFolder.note", full)

    with pytest.raises(SandboxError, match="No space left"):
        carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())


def test_a_nearly_full_disk_is_refused_before_anything_is_graded(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_submission(subs(tmp_path) / "one")
    monkeypatch.setattr("harness.batch.folder.ENOUGH_BYTES", 1 << 60)

    with pytest.raises(SandboxError, match="MB left on this disk"):
        carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert here.predictions_asked_for() == []


def test_a_folder_without_submissions_is_a_usage_error(tmp_path: Path) -> None:
    subs(tmp_path).mkdir()

    with pytest.raises(UsageError, match="holds no submission"):
        carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())


def test_an_output_folder_among_the_submissions_is_refused(tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one")

    with pytest.raises(UsageError, match="would become one of them"):
        carry_out(make_ask(tmp_path, subs(tmp_path), root=subs(tmp_path) / "out"), Silent())


def test_a_folder_with_a_strangers_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    write_submission(subs(tmp_path) / "one")
    write_tree(tmp_path / "out", {"thesis.txt": "mine"})

    with pytest.raises(UsageError, match="thesis"):
        carry_out(make_ask(tmp_path, subs(tmp_path)), Silent())

    assert (tmp_path / "out" / "thesis.txt").read_text() == "mine"
