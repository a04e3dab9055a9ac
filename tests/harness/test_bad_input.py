"""What people get wrong, each told in a sentence: what was seen, where, what was expected or comes next. Nothing is left."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack

LONE_PACK = ("grade", "work", "--pack", "packs/small", "--out", "new/run")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder as people have it: good things, broken things, and things in the wrong place."""
    root = tmp_path_factory.mktemp("desk")
    write_small_pack(root / "packs")
    write_tree(root / "work", submission_files("x1"))
    (root / "empty").mkdir()
    (root / "notes.txt").write_text("a note")
    (root / "cut.zip").write_bytes(b"PK\3\4cut off here")
    (root / "noise.tar.gz").write_bytes(bytes(range(256)))
    (root / "nothing.zip").write_bytes(b"")
    (root / "bytes.yaml").write_bytes(b"\xff\xfe")
    (root / "open.yaml").write_text("a: [1\nb: 2")
    (root / "odd.yaml").write_text("format: 1\npack: small\nouts: x\ncandidates: [{candidate: a, repository: r}]\n")
    (root / "undated.yaml").write_text(
        "format: 1\npack: packs/small\ndeadline: 2030-01-31 18:00\ncandidates: [{candidate: a, repository: r}]\n"
    )
    (root / "open.json").write_text('{"format": 1, "ratings": [')
    (root / "nine.json").write_text(
        '{"format": 1, "ratings": [{"criterion": "CODE", "level": 9, "rater": "kim", "evidence": "x"}]}'
    )
    shutil.copytree(root / "packs" / "small", root / "packs" / "renamed")
    shutil.copytree(root / "packs" / "small", root / "lone" / "small")
    broken = shutil.copytree(root / "packs" / "small", root / "broken" / "small")
    (broken / "pack.yaml").write_text((broken / "pack.yaml").read_text() + "\nchekcs: []\n")
    strange = shutil.copytree(root / "packs" / "small", root / "strange" / "small")
    (strange / "pack.yaml").write_text((strange / "pack.yaml").read_text().replace("check: lint", "check: lintt"))
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", str(root / "repository")], check=True)
    (root / "dangling").symlink_to("/nowhere")
    os.mkfifo(root / "pipe")
    return root


def everything(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if ".git" not in path.parts)


BAD: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a path that is not there": (("grade", "gone", *LONE_PACK[2:]), 4, "gone: there is nothing at this path"),
    "a link that leads nowhere": (("grade", "dangling", *LONE_PACK[2:]), 4, "dangling: there is nothing"),
    "a pipe": (("grade", "pipe", *LONE_PACK[2:]), 4, "it is neither a file nor a folder"),
    "a text file": (("grade", "notes.txt", *LONE_PACK[2:]), 4, "notes.txt: this can't be taken as a submission"),
    "an empty file": (("grade", "nothing.zip", *LONE_PACK[2:]), 4, "it is empty"),
    "an archive that was cut off": (("grade", "cut.zip", *LONE_PACK[2:]), 4, "cut.zip: the zip file can't be read"),
    "noise": (("grade", "noise.tar.gz", *LONE_PACK[2:]), 4, "its content is of no known form"),
    "a commit of a plain folder": (("grade", "work", "--commit", "main", *LONE_PACK[2:]), 4, "no git repository"),
    "a commit that is not there": (("grade", "repository", "--commit", "v9", *LONE_PACK[2:]), 4, "repository: the repo"),
    "an option for a commit": (("grade", "repository", "--commit=-x", *LONE_PACK[2:]), 4, "'-x' can't name a commit"),
    "a commit of a file": (("grade", "notes.txt", "--commit", "v9", *LONE_PACK[2:]), 2, "the submission is one file"),
    "an address nobody answers at": (("grade", "https://127.0.0.1:1/x.git", *LONE_PACK[2:]), 5, "127.0.0.1:1/x.git: the repos"),
    "an address of another kind": (("grade", "http://u:secret@h/x", *LONE_PACK[2:]), 4, "the scheme 'http' isn't accepted"),
    "no submission": (("grade", *LONE_PACK[2:]), 2, "no submission was named"),
    "an unknown pack": (("grade", "work", "--pack", "card_frau"), 2, "did you mean 'card_fraud'?"),
    "a pack that lies here": (("pack", "lint", "small", "--packs", "empty"), 2, "no pack called 'small'"),
    "a folder without a pack": (("grade", "work", "--pack", "./empty"), 2, "holds no pack.yaml"),
    "a pack's path that is not there": (("grade", "work", "--pack", "./gone"), 2, "is not a folder"),
    "an unknown key in a pack": (("grade", "work", "--pack", "broken/small"), 3, "unknown key 'chekcs'; did you"),
    "an unknown check": (("grade", "work", "--pack", "strange/small", "--out", "new"), 3, "lintt"),
    "a pack under another name": (("grade", "work", "--pack", "packs/renamed"), 3, "the folder is 'renamed'"),
    "no folder of packs": (("grade", "work", "--pack", "x", "--packs", "notes.txt"), 2, "notes.txt: is not a folder"),
    "a file for a run": ((*LONE_PACK[:-1], "notes.txt"), 2, "notes.txt: is a file"),
    "a file above a run": ((*LONE_PACK[:-1], "notes.txt/run"), 2, "notes.txt: is a file"),
    "a file above a batch": (("batch", "packs", "--pack", "lone/small", "--out", "notes.txt/b"), 2, "notes.txt: is a file"),
    "a file above a kit": (
        ("pack", "export", "lone/small", "--candidate", "a", "--out", "notes.txt/k"), 2, "notes.txt: is a file"
    ),
    "a stranger's folder": ((*LONE_PACK[:-1], "packs"), 2, "holds files that no run has written"),
    "a run in the submission": ((*LONE_PACK[:-1], "work/run"), 2, "lies inside the submission"),
    "a place that takes no folder": ((*LONE_PACK[:-1], "/proc/run"), 2, "cannot be made"),
    "an unknown sandbox": ((*LONE_PACK, "--sandbox", "podman"), 2, "no sandbox called 'podman'"),
    "an unknown profile": ((*LONE_PACK, "--profile", "ceo"), 2, "no profile called 'ceo'"),
    "an unknown format": ((*LONE_PACK, "--format", "pdf"), 2, "no format called 'pdf'"),
    "a key that is not there": ((*LONE_PACK, "--key", "gone.pem"), 2, "gone.pem"),
    "ratings cut off": ((*LONE_PACK, "--ratings", "open.json"), 3, "open.json: is not JSON"),
    "a level there is not": ((*LONE_PACK, "--ratings", "nine.json"), 3, "nine.json:1:"),
    "a folder for ratings": ((*LONE_PACK, "--ratings", "empty"), 3, "empty: is a folder"),
    "no configuration": (("watch", "gone.yaml", "--once"), 3, "gone.yaml: is missing"),
    "a configuration that is no text": (("watch", "bytes.yaml", "--once"), 3, "bytes.yaml: is no text"),
    "a configuration that is no YAML": (("watch", "open.yaml", "--once"), 3, "open.yaml:2:2: is not valid YAML"),
    "an unknown key to watch by": (("watch", "odd.yaml", "--once"), 3, "`harness schema watch` prints the format"),
    "a deadline of no place": (("watch", "undated.yaml", "--once"), 3, "does not say of which place"),
    "an empty cohort": (("batch", "empty", "--pack", "lone/small"), 2, "empty: holds no submission"),
    "a file for a cohort": (("batch", "notes.txt", "--pack", "lone/small"), 2, "notes.txt: is not a folder"),
    "one submission for a cohort": (("batch", "work", "--pack", "lone/small"), 2, "work: is one submission: submission.json"),
    "a shard there is not": (("batch", "packs", "--pack", "lone/small", "--shard", "4/3"), 2, "'4/3' is not a shard"),
    "no run": (("regrade", "work"), 2, "work: is not a run folder"),
    "one run to compare": (("compare", "work"), 2, "expected: from 2"),
    "no runs to rate": (("review", "work"), 2, "work: holds no finished run"),
    "nobody to erase": (("erase", "nobody", "--in", "empty"), 2, "nothing is held of 'nobody'"),
    "an unknown check to explain": (("checks", "lintt"), 2, "no check called 'lintt'"),
    "an unknown document": (("schema", "reprot"), 2, "did you mean 'report'?"),
    "an unknown kind of pack": (("pack", "new", "x", "--kind", "art", "--out", "p"), 2, "no scaffold for the kind 'art'"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_in_words_with_its_exit_code_and_leaves_nothing(case: str, desk: Path) -> None:
    words, code, sentence = BAD[case]
    before = everything(desk)

    answer = harness(*words, cwd=desk)

    assert (answer.returncode, answer.stdout) == (code, ""), answer.stderr
    assert sentence in answer.stderr
    assert answer.stderr.startswith("harness: ")
    assert "expected: " in answer.stderr or "next: " in answer.stderr or ":2:2:" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "Errno" not in answer.stderr
    assert "secret" not in answer.stderr
    assert everything(desk) == before


def test_a_pack_that_lies_in_the_working_folder_is_pointed_out_and_not_taken(desk: Path) -> None:
    """Nothing is read from the working folder unless its path is given as one."""
    answer = harness("grade", desk / "work", "--pack", "small", cwd=desk / "lone")
    assert answer.returncode == 2
    assert "write ./small" in answer.stderr


@pytest.mark.parametrize("left_out", [False, True])
def test_a_submission_without_a_file_is_reported_and_is_no_grade(left_out: bool, desk: Path, tmp_path: Path) -> None:
    """The report lists what was left out, such as a link; the exit code says that there was nothing to grade."""
    (tmp_path / "nothing").mkdir()
    if left_out:
        (tmp_path / "nothing" / "data.csv").symlink_to("/etc/passwd")
    words = ("grade", tmp_path / "nothing", "--pack", desk / "packs" / "small", "--out", tmp_path / "run", "--quiet")

    answer = harness(*words, "--sandbox", "bubblewrap")

    assert answer.returncode == 4
    assert "nothing could be graded: the submission holds no file" in answer.stderr
    assert answer.stdout.startswith("Not gradable")
    assert (tmp_path / "run" / "report.html").is_file()
