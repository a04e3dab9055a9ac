"""Erasing a candidate: from run folders, batches and watches, with what stays and why."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import write_tree, write_yaml
from tests.commands import harness
from tests.harness.watch.repositories import Candidate, write_config
from tests.harness.watch.test_looking import FAR, once, watch
from tests.small_pack import submission_files, write_small_pack

DIGEST = "ab" * 32


def erase(candidate: str, root: Path, *more: str | Path, code: int = 0) -> dict[str, Any]:
    answer = harness("erase", candidate, "--in", root, "--store", root.parent / "store", "--json", *more)
    assert answer.returncode == code, answer.stderr
    document: dict[str, Any] = json.loads(answer.stdout)
    return document


def make_run(folder: Path, candidate: str, created: str = "2026-01-01T00:00:00+00:00", **files: str) -> Path:
    """What erasing needs to see of a run folder."""
    lock = {"created": created, "submission_digest": DIGEST, "run_id": f"{folder.name}123456789ab"}
    report = {"submission": {"candidate": candidate}}
    return write_tree(
        folder,
        {
            "snapshot.json": "{}", "lock.json": json.dumps(lock), "report.json": json.dumps(report),
            "submission/predict.py": "x = 1\n", "ratings.json": '{"format": 1, "ratings": []}', **files,
        },
    )  # fmt: skip


def names_below(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_without_yes_it_is_only_said_what_would_go(tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs" / "a", "heron")
    before = names_below(tmp_path / "runs")

    found = erase("heron", tmp_path / "runs")

    assert found["erased"] is False
    assert [(one["kind"], one["place"], one["files"]) for one in found["held"]] == [("run", str(run), 5)]
    assert found["stays"]
    assert names_below(tmp_path / "runs") == before


def test_a_run_goes_whole_and_others_stay(tmp_path: Path) -> None:
    make_run(tmp_path / "runs" / "a", "heron")
    make_run(tmp_path / "runs" / "deeper" / "b", "heron")
    other = make_run(tmp_path / "runs" / "c", "wren")
    kept = names_below(other)

    done = erase("heron", tmp_path / "runs", "--yes")

    assert len(done["held"]) == 2
    assert names_below(other) == kept
    assert {name for name in names_below(tmp_path / "runs") if not name.startswith("c/")} == {
        ".erased.jsonl", ".erased.key", "deeper/.erased.jsonl", "deeper/.erased.key",
    }  # fmt: skip


def test_the_tombstone_names_nobody(tmp_path: Path) -> None:
    make_run(tmp_path / "runs" / "a", "heron")
    erase("heron", tmp_path / "runs", "--yes", "--reason", "asked by letter")

    stone = json.loads((tmp_path / "runs" / ".erased.jsonl").read_text())

    assert set(stone) == {"mark", "date", "reason"}
    assert stone["reason"] == "asked by letter"
    assert "heron" not in json.dumps(stone)


def test_files_in_which_they_are_still_named_are_said(tmp_path: Path) -> None:
    make_run(tmp_path / "runs" / "a", "heron")
    notes = tmp_path / "runs" / "notes.txt"
    notes.write_text("heron did well\n")
    (tmp_path / "runs" / "other.txt").write_text("herons are birds\n")

    done = erase("heron", tmp_path / "runs", "--yes", code=1)

    assert done["still_named_in"] == [str(notes)]


def test_a_legal_hold_blocks_until_it_is_released(tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs" / "a", "heron")
    erase("heron", tmp_path / "runs", "--hold", "claim 12")

    blocked = harness("erase", "heron", "--in", tmp_path / "runs", "--yes")
    assert blocked.returncode == 2
    assert "claim 12" in blocked.stderr
    assert run.is_dir()

    erase("heron", tmp_path / "runs", "--release", "--yes")
    assert not run.exists()


def test_a_hold_and_its_release_are_told_as_what_they_are(tmp_path: Path) -> None:
    """Not as an erasure that did not happen."""
    make_run(tmp_path / "runs" / "a", "heron")
    words = ("erase", "heron", "--in", tmp_path / "runs")

    held, freed = harness(*words, "--hold", "claim 12").stdout, harness(*words, "--release").stdout

    assert held.startswith("put on hold")
    assert "LEGAL HOLD: claim 12" in held
    assert freed.startswith("no longer on hold; nothing was erased")
    assert "would be erased" not in held + freed


def test_the_least_time_of_a_policy_holds_unless_a_reason_is_recorded(tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs" / "a", "heron", created="2999-01-01T00:00:00+00:00")
    policy = write_yaml(tmp_path / "retention.yaml", {"format": 1, "preset": "us"})

    refused = harness("erase", "heron", "--in", tmp_path / "runs", "--yes", "--policy", policy)
    assert refused.returncode == 2
    assert "at least 12 months" in refused.stderr
    assert run.is_dir()

    erase("heron", tmp_path / "runs", "--yes", "--policy", policy, "--early", "Art. 17(1)(b)")
    assert "Art. 17(1)(b)" in (tmp_path / "runs" / ".erased.jsonl").read_text()


def test_a_policy_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    make_run(tmp_path / "runs" / "a", "heron")
    policy = write_yaml(tmp_path / "retention.yaml", {"format": 1, "preset": "us-ca", "at_most_months": 24})

    answer = harness("erase", "heron", "--in", tmp_path / "runs", "--yes", "--policy", policy)

    assert answer.returncode == 3
    assert "at least 48 months is more than at most 24" in answer.stderr


def test_nobody_of_that_name_is_a_usage_error(tmp_path: Path) -> None:
    make_run(tmp_path / "runs" / "a", "heron")

    answer = harness("erase", "wren", "--in", tmp_path / "runs")

    assert answer.returncode == 2
    assert "nothing is held of 'wren'" in answer.stderr


def test_a_watch_forgets_whom_it_watched_and_refuses_to_take_them_in_again(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    heron, wren = Candidate(tmp_path, "heron"), Candidate(tmp_path, "wren")
    rows = [{"candidate": one.name, "repository": str(one.remote), "branches": ["main"]} for one in (heron, wren)]
    config = write_config(tmp_path / "watch.yaml", pack, *rows, **FAR)
    commit, other = heron.hand_in(submission_files("x1")), wren.hand_in(submission_files("x2"))
    watch(config)

    done = erase("heron", tmp_path / "watch", "--yes")

    assert done["still_named_in"] == []
    everything = b"".join(path.read_bytes() for path in (tmp_path / "watch").rglob("*") if path.is_file())
    assert b"heron" not in everything
    assert commit.encode() not in everything
    assert other.encode() in everything
    refused = once(config)
    assert refused.returncode == 2
    assert "heron was erased here" in refused.stderr
    write_config(tmp_path / "watch.yaml", pack, rows[1], **FAR)
    assert [one["state"] for one in watch(config)["wren"]["pushes"]] == ["kept"]


@pytest.mark.bubblewrap
def test_a_batch_loses_one_of_its_members_and_its_page(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    for name in ("anna-smith", "bert-jones"):
        write_tree(tmp_path / "handed-in" / name, submission_files("x1" if name == "anna-smith" else "x2"))
    asked: list[str | Path] = [
        "batch",
        tmp_path / "handed-in",
        "--pack",
        pack,
        "--out",
        tmp_path / "runs" / "batch",
        "--sandbox",
        "bubblewrap",
    ]
    asked += ["--store", tmp_path / "store", "--format", "json", "--jobs", "1", "--quiet"]
    assert harness(*asked).returncode == 0
    names = json.loads((tmp_path / "runs" / "batch" / "names.json").read_text())["names"]
    (gone,) = [one for one, name in names.items() if name == "anna-smith"]

    done = erase("anna-smith", tmp_path / "runs", "--yes")

    assert [(one["kind"], one["id"]) for one in done["held"]] == [("batch", gone)]
    assert done["still_named_in"] == []
    left = b"".join(path.read_bytes() for path in (tmp_path / "runs").rglob("*") if path.is_file())
    assert b"anna-smith" not in left
    assert gone.encode() not in left
    assert not [path for path in (tmp_path / "store").rglob("report.json") if gone in path.read_text()]
    assert not (tmp_path / "runs" / "batch" / "cohort.html").exists()
    (tmp_path / "handed-in" / "anna-smith" / "predict.py").rename(tmp_path / "moved")
    (tmp_path / "handed-in" / "anna-smith").rename(tmp_path / "elsewhere")
    again = harness(*asked)
    assert again.returncode == 0, again.stderr
    assert "1 graded before" in again.stdout
