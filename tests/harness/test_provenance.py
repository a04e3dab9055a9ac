"""Provenance: a signature over exact bytes, and a verdict that believes nothing it has not recomputed."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import DamagedRunError, UsageError
from harness.keys import Signer, make, signer
from harness.model.finding import CheckResult, Verdict
from harness.model.grade import Grade
from harness.model.report import Lock
from harness.model.run import Artifact
from harness.model.submission import FileEntry
from harness.provenance import seal, still_ours, verify
from harness.store import Checks, RunFolder
from tests.builders import make_runs, make_snapshot, make_step
from tests.commands import harness

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
PREDICTIONS = b"row_id,score\n1,0.5\n"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def key(tmp_path: Path) -> Signer:
    made = signer(make(tmp_path / "key.pem").private)
    assert made is not None
    return made


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A finished run with one submitted file and one artifact."""
    folder = RunFolder(tmp_path / "run")
    (folder.files / "src").mkdir(parents=True)
    (folder.files / "src" / "a.py").write_bytes(b"x = 1\n")
    (folder.artifacts / "predict").mkdir(parents=True)
    (folder.artifacts / "predict" / "predictions.csv").write_bytes(PREDICTIONS)
    files = (FileEntry(path="src/a.py", size=6, sha256=digest(b"x = 1\n")),)
    folder.save(make_snapshot().changed(files=files))
    artifact = Artifact(step="predict", name="predictions.csv", size=len(PREDICTIONS), sha256=digest(PREDICTIONS))
    folder.save(make_runs(make_step("predict", artifacts=(artifact,))))
    folder.save(Checks(results=()))
    folder.save(
        Lock(
            run_id="r1",
            harness_version="0",
            pack="small",
            pack_version="1",
            public_digest="p",
            grading_digest="g",
            submission_digest="s",
            backend="fake",
            data_seed=1,
            data_seed_kind="demo",
        )
    )
    folder.write("report.html", "<p>told</p>")
    return folder


def test_a_run_that_nobody_touched_is_verified(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)

    found = verify(run.root, [key.public])

    assert (found.state, found.altered, found.unsigned_files) == ("verified", (), ())
    assert found.signed_at == "2026-01-02T03:04:00+00:00"


def test_a_run_that_nobody_signed_is_unsigned(run: RunFolder, key: Signer) -> None:
    assert verify(run.root, [key.public]).state == "unsigned"


def test_another_key_is_an_unknown_one_and_its_fingerprint_is_told(run: RunFolder, key: Signer, tmp_path: Path) -> None:
    other = make(tmp_path / "other.pem")
    seal(run, signer(other.private), NOW)

    found = verify(run.root, [key.public])

    assert (found.state, found.fingerprint) == ("unknown_key", other.fingerprint)
    assert verify(run.root, []).state == "unknown_key"


@pytest.mark.parametrize(
    "name",
    [
        *("lock.json", "snapshot.json", "runs.json", "checks.json", "report.html"),
        *("submission/src/a.py", "artifacts/predict/predictions.csv"),
    ],
)
@pytest.mark.parametrize("how", ["changed", "removed", "linked", "folder"])
def test_each_altered_file_is_named(run: RunFolder, key: Signer, tmp_path: Path, name: str, how: str) -> None:
    seal(run, key, NOW)
    file = run.root / name
    same_elsewhere = tmp_path / "same"
    same_elsewhere.write_bytes(file.read_bytes())
    if how == "changed":
        file.write_bytes(file.read_bytes() + b" ")
    else:
        file.unlink()
    if how == "linked":
        file.symlink_to(same_elsewhere)
    elif how == "folder":
        file.mkdir()

    found = verify(run.root, [key.public])

    assert found.state == "altered"
    assert any(one.startswith(f"{name}: ") for one in found.altered)


def test_a_record_that_was_added_is_an_alteration(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    run.write("grade.json", "{}")

    found = verify(run.root, [key.public])

    assert found.altered == ("grade.json: was added after the run was signed",)


def test_a_file_slipped_into_the_submission_is_an_alteration(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    (run.files / "src" / "b.py").write_text("y = 2\n")

    assert any(one.startswith("submission/src/b.py") for one in verify(run.root, [key.public]).altered)


def test_other_files_are_named_as_not_signed(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    run.write("notes.txt", "mine")

    found = verify(run.root, [key.public])

    assert (found.state, found.unsigned_files) == ("verified", ("notes.txt",))


def test_a_statement_that_was_rewritten_does_not_fit_its_signature(run: RunFolder, key: Signer) -> None:
    """Digests recomputed by whoever changed a file, under the old signature."""
    seal(run, key, NOW)
    (run.root / "report.html").write_text("better")
    place = run.root / "provenance.json"
    document = json.loads(place.read_text())
    for file in document["statement"]["files"]:
        if file["name"] == "report.html":
            file["sha256"] = digest(b"better")
    place.write_text(json.dumps(document))

    found = verify(run.root, [key.public])

    assert (found.state, found.altered) == ("altered", ("provenance.json: the signature does not fit the statement",))


def test_a_file_dropped_from_a_statement_of_ones_own_is_still_not_ours(run: RunFolder, key: Signer, tmp_path: Path) -> None:
    """Signing a weaker statement takes a key, and that key is not trusted."""
    seal(run, key, NOW)
    (run.root / "report.html").write_text("better")
    seal(run, signer(make(tmp_path / "own.pem").private), NOW)

    assert verify(run.root, [key.public]).state == "unknown_key"


def test_a_statement_without_the_records_that_matter_is_not_enough(run: RunFolder, key: Signer) -> None:
    (run.root / "runs.json").rename(run.root.parent / "runs.json")
    seal(run, key, NOW)
    (run.root.parent / "runs.json").rename(run.root / "runs.json")

    assert "runs.json: was added after the run was signed" in verify(run.root, [key.public]).altered


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{" * 5000, '{"schema_version": 1}'])
def test_a_damaged_statement_is_an_alteration_and_no_crash(run: RunFolder, key: Signer, text: str) -> None:
    (run.root / "provenance.json").write_text(text)

    assert verify(run.root, [key.public]).state == "altered"


def test_names_in_a_strangers_statement_lead_nowhere(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    place = run.root / "provenance.json"
    place.write_text(place.read_text().replace('"report.html"', '"../../etc/passwd"'))

    assert verify(run.root, [key.public]).state == "altered"


def test_signing_without_a_key_takes_an_old_signature_away(run: RunFolder, key: Signer) -> None:
    """What is there now is not what was signed."""
    seal(run, key, NOW)

    seal(run, None, NOW)

    assert verify(run.root, [key.public]).state == "unsigned"


def test_a_run_that_this_key_signed_may_be_weighed_and_signed_again(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)

    assert still_ours(run.root, key, rewritten=(Grade,))


def test_a_run_that_nobody_or_somebody_else_signed_is_not_ours(run: RunFolder, key: Signer, tmp_path: Path) -> None:
    assert not still_ours(run.root, key, rewritten=())
    seal(run, signer(make(tmp_path / "other.pem").private), NOW)

    assert not still_ours(run.root, key, rewritten=())
    assert not still_ours(run.root, None, rewritten=())


def test_a_record_that_was_altered_since_it_was_signed_is_not_worked_on(run: RunFolder, key: Signer) -> None:
    """To weigh altered checks again, and to sign that, would make them look sound."""
    seal(run, key, NOW)
    run.save(Checks(results=(CheckResult(check="lint", title="Lint", verdict=Verdict.MET, score=1.0, summary="clean"),)))

    with pytest.raises(DamagedRunError, match=r"checks\.json: its content has changed"):
        still_ours(run.root, key, rewritten=(Grade,))
    assert still_ours(run.root, key, rewritten=(Checks, Grade))


def test_what_a_regrading_that_was_killed_wrote_is_no_alteration(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    run.write("report.html", "<p>told anew</p>")

    assert still_ours(run.root, key, rewritten=(Grade,))


def test_a_changed_file_of_the_submission_is_not_worked_on_signed_or_not(run: RunFolder, key: Signer) -> None:
    (run.files / "src" / "a.py").write_bytes(b"x = 2\n")

    with pytest.raises(DamagedRunError, match=r"submission/src/a\.py: its content has changed"):
        still_ours(run.root, key, rewritten=(Checks, Grade))


def test_a_pipe_in_the_place_of_a_file_does_not_hang(run: RunFolder, key: Signer) -> None:
    seal(run, key, NOW)
    (run.root / "report.html").unlink()
    os.mkfifo(run.root / "report.html")

    assert verify(run.root, [key.public]).state == "altered"


def test_what_is_no_run_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a run folder"):
        verify(tmp_path, [])


def told(*arguments: str | Path, key: Path | None = None) -> tuple[int, str]:
    answer = harness("verify", *arguments, **({"HARNESS_KEY": str(key)} if key else {}))
    assert "Traceback" not in answer.stderr
    return answer.returncode, answer.stdout


def test_the_command_leaves_with_a_code_for_each_outcome(run: RunFolder, key: Signer, tmp_path: Path) -> None:
    unsigned = told(run.root)
    seal(run, key, NOW)
    verified = told(run.root, "--key", tmp_path / "key.pem.pub")
    unknown = told(run.root)
    run.write("report.html", "better")
    altered = told(run.root, "--key", tmp_path / "key.pem.pub")

    assert [code for code, _ in (verified, unsigned, unknown, altered)] == [0, 1, 1, 3]
    assert told(tmp_path)[0] == 2
    assert verified[1].startswith("verified: ")
    assert "unsigned: " in unsigned[1]
    assert "signed by an unknown key: " in unknown[1]
    assert "report.html: its content has changed" in altered[1]


def test_our_own_key_is_trusted_without_being_named(run: RunFolder, key: Signer, tmp_path: Path) -> None:
    seal(run, key, NOW)

    code, out = told(run.root, "--json", key=tmp_path / "key.pem")

    assert (code, json.loads(out)["state"]) == (0, "verified")
