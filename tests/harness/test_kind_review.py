"""Kind review: patches read strictly, exemplars filled in for a seed, and what enters a sandbox."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness.errors import PackError
from harness.intake import take
from harness.model.run import RunSet, SandboxLost
from harness.running.calls import call_functions
from harness.running.entry import EntryChoice
from harness.running.kinds.review import make_exchange
from harness.running.kinds.review_template import TEMPLATE, complete
from harness.running.patching import MOST_FILES, PatchError, apply_patch, change_repository
from harness.running.session import Session
from harness.running.steps import run_steps
from harness.running.unnamed import Unnamed
from harness.running.work import Running
from sandbox.base import SUBMISSION
from sandbox.fake import Answer, Fake
from sandbox.owners import new_owner
from tests.builders import make_pack, write_tree
from tests.harness.probe_running import silent

CODE = "def f(x):\n    y = x\n    return y\n\n\ndef g(x):\n    return x\n"
TREE = {"pkg/a.py": CODE, "README.md": "# Small\n"}
PATCH = """diff --git a/pkg/a.py b/pkg/a.py
index 1..2 100644
--- a/pkg/a.py
+++ b/pkg/a.py
@@ -1,3 +1,3 @@
 def f(x):
-    y = x
+    y = 2 * x
     return y
"""
PROBES = {
    "format": 1,
    "calls": [{"id": "one", "steps": [{"function": "pkg.a:f", "args": [1]}]}],
    "probes": [{"id": "p", "title": "doubles", "expect": [{"kind": "equals", "of": {"call": "one"}, "value": 2}]}],
}
PACK = make_pack(
    kind="review",
    entry_points=[],
    answer={"kind": "review", "mechanisms": ["leak"]},
    data={"labels": "planted.json"},
    metric={"name": "review_points"},
    steps={"calls": {}},
)


@dataclass
class Place:
    runs: RunSet
    fake: Fake
    running: Running


def review(tmp_path: Path, submission: Mapping[str, str], answer: Answer | None = None) -> Place:
    """Run every step of a review of the small tree."""
    write_tree(tmp_path / "data" / "public" / "repo", TREE)
    write_tree(tmp_path / "data" / "private", {"planted.json": "{}", "probes.json": json.dumps(PROBES)})
    write_tree(tmp_path / "handed-in", dict(submission))
    (tmp_path / "lock").write_text("", "utf-8")
    (tmp_path / "staging").mkdir()
    exchange = make_exchange(PACK, tmp_path / "data", b"key", tmp_path / "exchange")
    fake = Fake({"calls": answer or Answer(files={"answers.json": b'{"answers": []}'})})
    staging = tmp_path / "staging"
    session = Session(fake, new_owner("run"), fake.prepare(tmp_path / "lock"), staging, 1, tmp_path, silent, Unnamed(staging))
    snapshot = take(str(tmp_path / "handed-in"), tmp_path / "files")
    public = tmp_path / "data" / "public"
    choice = EntryChoice(None, "none")
    running = Running(session, PACK, snapshot, tmp_path / "files", choice, public, exchange, tmp_path / "artifacts")
    return Place(run_steps(running), fake, running)


def test_a_patch_is_applied_to_a_copy_and_its_functions_are_called(tmp_path: Path) -> None:
    place = review(tmp_path, {"review.json": "[]", "patches/a.patch": PATCH})
    (ran,) = place.fake.ran
    (patched,) = [mount.source for mount in ran.job.mounts if mount.target == SUBMISSION]

    assert "y = 2 * x" in (patched / "pkg/a.py").read_text("utf-8")
    assert (tmp_path / "data/public/repo/pkg/a.py").read_text("utf-8") == CODE
    account = json.loads((place.running.artifacts / "calls" / "applied.json").read_text("ascii"))
    assert account == [{"source": "patches/a.patch", "files": ["pkg/a.py"], "problem": ""}]


def test_nothing_that_is_expected_enters_the_sandbox(tmp_path: Path) -> None:
    place = review(tmp_path, {"review.json": "[]", "patches/a.patch": PATCH})
    (ran,) = place.fake.ran

    told = b"".join(ran.put.values()).decode()
    assert "pkg.a:f" in told
    assert "doubles" not in told
    mounted = [path.name for mount in ran.job.mounts for path in mount.source.rglob("*")]
    assert "planted.json" not in mounted
    assert "probes.json" not in mounted


@pytest.mark.parametrize(
    ("submission", "reason"),
    [({"review.json": "[]"}, "holds no patch"), ({"patches/a.patch": "nonsense"}, "no patch could be applied")],
)
def test_without_a_usable_patch_nothing_runs_and_it_is_said_why(
    tmp_path: Path, submission: dict[str, str], reason: str
) -> None:
    place = review(tmp_path, submission)
    skipped = place.runs.why_absent("calls")

    assert place.fake.ran == []
    assert skipped is not None
    assert skipped.fault == "submission"
    assert reason in skipped.reason


def test_a_lost_sandbox_is_told_as_such(tmp_path: Path) -> None:
    place = review(tmp_path, {"patches/a.patch": PATCH}, Answer(outcome=SandboxLost(reason="gone")))
    step = place.runs.step("calls")

    assert step is not None
    assert isinstance(step.outcome, SandboxLost)


def test_a_file_that_lies_where_a_folder_should_is_refused_and_not_our_fault(tmp_path: Path) -> None:
    place = review(tmp_path, {"patched/README.md/x.py": "x = 1\n"})
    skipped = place.runs.why_absent("calls")

    assert skipped is not None
    assert "cannot be written" in skipped.reason


def test_hunks_are_found_where_their_lines_stand() -> None:
    """Two patches against the same original apply one after the other, though the first moved the lines of the second."""
    longer = apply_patch(TREE, "--- a/pkg/a.py\n+++ b/pkg/a.py\n@@ -1,1 +1,3 @@\n+import os\n+\n def f(x):\n")
    tree = {**TREE, "pkg/a.py": longer["pkg/a.py"] or ""}
    done = apply_patch(tree, "--- a/pkg/a.py\n+++ b/pkg/a.py\n@@ -6,2 +6,2 @@\n def g(x):\n-    return x\n+    return 3\n")

    assert done["pkg/a.py"] == CODE.replace("    return x\n", "    return 3\n").replace("def f", "import os\n\ndef f")


def test_files_are_made_and_deleted() -> None:
    made = apply_patch(TREE, "--- /dev/null\n+++ b/pkg/new.py\n@@ -0,0 +1,2 @@\n+a = 1\n+b = 2\n")
    gone = apply_patch(TREE, "--- a/README.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-# Small\n")

    assert made == {"pkg/new.py": "a = 1\nb = 2\n"}
    assert gone == {"README.md": None}


def test_a_diff_between_windows_line_ends_is_read() -> None:
    assert apply_patch(TREE, PATCH.replace("\n", "\r\n"))["pkg/a.py"] == CODE.replace("y = x", "y = 2 * x")


HEAD = "--- a/pkg/a.py\n+++ b/pkg/a.py\n"


@pytest.mark.parametrize(
    ("patch", "problem"),
    [
        ("", "no change"),
        ("hello", "no change"),
        (HEAD, "no change follows"),
        (HEAD + "@@ -1,3 +1,3 @@\n def f(x):\n", "middle of a change"),
        (HEAD + "@@ -1,1 +1,1 @@\n-def h(x):\n+def i(x):\n", "does not fit"),
        (HEAD + "@@ -1,1 +1,1 @@\n*def f(x):\n", "begins with '*'"),
        (HEAD + "@@ -1,1 +1,2 @@\n-def f(x):\n-    y = x\n+z\n+z\n", "do not agree"),
        ("--- a/none.py\n+++ b/none.py\n@@ -1 +1 @@\n-a\n+b\n", "no file none.py"),
        ("--- a/pkg/a.py\n+++ b/pkg/b.py\n@@ -1 +1 @@\n-a\n+b\n", "rename"),
        ("rename from a\nrename to b\n", "rename"),
        ("GIT binary patch\n", "binary"),
        ("--- /dev/null\n+++ b/README.md\n@@ -0,0 +1 @@\n+a\n", "there already"),
        ("--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+a\n", "says nothing"),
    ],
)
def test_a_patch_that_is_not_exact_is_refused_whole(patch: str, problem: str) -> None:
    with pytest.raises(PatchError, match=problem.replace("*", r"\*")):
        apply_patch(TREE, patch)


@pytest.mark.parametrize("name", ["../out.py", "/etc/cron.d/x", "pkg/../../x.py", "a\\b.py"])
def test_a_patch_never_leaves_the_repository(tmp_path: Path, name: str) -> None:
    repository = write_tree(tmp_path / "repo", TREE)
    submission = write_tree(
        tmp_path / "sub", {"patches/x.patch": f"--- /dev/null\n+++ b/{name}\n@@ -0,0 +1 @@\n+x\n", "patches/y.patch": PATCH}
    )
    tree, account = change_repository(repository, submission, ("patches/x.patch", "patches/y.patch"))

    assert "outside the repository" in account[0].problem
    assert account[1].files == ("pkg/a.py",)
    assert sorted(tree) == sorted(TREE)


def test_whole_files_and_too_many_or_unreadable_changes(tmp_path: Path) -> None:
    repository = write_tree(tmp_path / "repo", TREE)
    many = {f"patched/m{n:03d}.py": "x = 1\n" for n in range(MOST_FILES)}
    submission = write_tree(tmp_path / "sub", {**many, "patched/pkg/a.py": "y = 2\n", "patches/a.txt": "not looked at"})
    (submission / "patched/m000.py").write_bytes(b"\xff\xfe")
    paths = tuple(sorted(path.relative_to(submission).as_posix() for path in submission.rglob("*") if path.is_file()))
    tree, account = change_repository(repository, submission, paths)

    assert "m000.py" not in tree
    assert tree["m001.py"] == "x = 1\n"
    assert {one.problem for one in account if one.problem} == {
        "it is not UTF-8 text",
        f"only {MOST_FILES} changes are looked at",
    }


FILLING = """
names:
  f: {file: a.py, pattern: 'def (\\w+)'}
findings:
  - at:
      - {file: pkg/a.py, code: nowhere}
      - {file: pkg/a.py, code: 'def @f@(', lines: 2}
    mechanism: leak
    severity: 3
    evidence: '@f@ is wrong'
  - at: [{file: pkg/a.py, code: 'not on this seed'}]
    mechanism: leak
    severity: 1
    where_present: true
patches:
  double:
    - any_of:
        - {file: pkg/a.py, find: "not here", put: "x"}
        - {file: pkg/a.py, find: "y = x\\nreturn y", put: "return 2 * x"}
"""


def test_an_exemplar_is_filled_in_with_the_lines_of_the_seed(tmp_path: Path) -> None:
    write_tree(tmp_path / "public" / "repo", {**TREE, "pkg/a.py": "# one line more\n" + CODE})
    exemplar = write_tree(tmp_path / "exemplar", {TEMPLATE: FILLING})
    complete(PACK, exemplar, tmp_path / "public")

    (row,) = json.loads((exemplar / "review.json").read_text("utf-8"))
    assert (row["file"], row["lines"], row["evidence"]) == ("pkg/a.py", [2, 3], "f is wrong")
    assert not (exemplar / TEMPLATE).exists()
    tree, account = change_repository(tmp_path / "public" / "repo", exemplar, ("patches/double.patch",))
    assert account[0].problem == ""
    assert "    return 2 * x\n" in tree["pkg/a.py"]


def test_a_fragment_that_stands_nowhere_is_the_authors_mistake(tmp_path: Path) -> None:
    write_tree(tmp_path / "public" / "repo", TREE)
    exemplar = write_tree(tmp_path / "exemplar", {TEMPLATE: FILLING.replace("    where_present: true\n", "")})

    with pytest.raises(PackError, match="does not stand exactly once"):
        complete(PACK, exemplar, tmp_path / "public")


def test_any_other_kind_has_functions_of_its_own_code_called(tmp_path: Path) -> None:
    """Hidden probes belong to no kind: here the submission of a prediction pack is what is called."""
    place = review(tmp_path, {"solution.py": "def f(x):\n    return 2 * x\n"})
    running = replace(place.running, pack=make_pack(steps={"predict": {}, "calls": {}}))
    (result,), skipped = call_functions(running, ())
    (ran,) = place.fake.ran
    (shown,) = [mount.source for mount in ran.job.mounts if mount.target == SUBMISSION]

    assert skipped == []
    assert result.name == "calls"
    assert (shown / "solution.py").is_file()
    assert json.loads(ran.put["request.json"])["calls"][0]["steps"][0]["function"] == "pkg.a:f"


def test_hidden_probes_that_cannot_be_read_are_the_packs_fault(tmp_path: Path) -> None:
    place = review(tmp_path, {"solution.py": "x = 1\n"})
    (place.running.exchange.labels.parent / "probes.json").write_text('{"calls": []}', "utf-8")

    with pytest.raises(PackError, match="hidden probes cannot be read"):
        call_functions(replace(place.running, pack=make_pack(steps={"calls": {}})), ())
