"""Reading submission.json: what fits is used, what doesn't is said in a sentence, and nothing raises."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.intake import read_declaration
from harness.model.submission import CommandEntry, Declaration, DeclaredResult, FileEntry, NotebookEntry, Snapshot, Source
from tests.harness.intake_builders import folder_of, taker

GOOD = {
    "pack": "card_fraud",
    "entry": {"kind": "command", "train": "python train.py --data {data}", "predict": "python predict.py {data} {out}"},
    "declared": {"metric": "average_precision", "value": 0.75},
    "minutes_spent": 240,
    "ai_use": "Completion only — naïve « oui »",
}


def read(tmp_path: Path, content: bytes | str | object) -> tuple[Declaration, str]:
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode("utf-8", "surrogatepass")
    snapshot, files = taker(tmp_path)(folder_of(tmp_path / "in", {"submission.json": content}))
    return read_declaration(files, snapshot)


def test_a_good_declaration_is_read_whole(tmp_path: Path) -> None:
    declaration, problem = read(tmp_path, GOOD)
    assert problem == ""
    assert declaration.entry == CommandEntry(**GOOD["entry"])
    assert declaration.declared == DeclaredResult(metric="average_precision", value=0.75)
    assert (declaration.pack, declaration.minutes_spent, declaration.ai_use) == ("card_fraud", 240, GOOD["ai_use"])


def test_a_notebook_can_be_the_entry(tmp_path: Path) -> None:
    declaration, problem = read(tmp_path, {"entry": {"kind": "notebook", "path": "analysis.ipynb"}})
    assert (declaration.entry, problem) == (NotebookEntry(path="analysis.ipynb"), "")


def test_no_declaration_is_no_problem(tmp_path: Path) -> None:
    snapshot, files = taker(tmp_path)(folder_of(tmp_path / "in", {"a.py": b"", "deep/submission.json": b"{}"}))
    declaration, problem = read_declaration(files, snapshot)
    assert (declaration.entry, declaration.pack, problem) == (None, None, "")


def test_a_declaration_that_was_refused_is_a_problem(tmp_path: Path) -> None:
    root = folder_of(tmp_path / "in", {"a.py": b""})
    (root / "submission.json").symlink_to("/etc/passwd")
    snapshot, files = taker(tmp_path)(root)
    assert "was left out: A link" in read_declaration(files, snapshot)[1]


def test_a_link_in_the_place_of_the_declaration_is_not_followed(tmp_path: Path) -> None:
    """The snapshot is ours, but this reader doesn't rest on that."""
    (tmp_path / "secret.json").write_text(json.dumps(GOOD))
    (tmp_path / "files").mkdir()
    (tmp_path / "files/submission.json").symlink_to(tmp_path / "secret.json")
    entry = FileEntry(path="submission.json", size=1, sha256="0" * 64)
    snapshot = Snapshot(digest="0" * 64, source=Source(kind="folder", name="x"), files=(entry,))
    declaration, problem = read_declaration(tmp_path / "files", snapshot)
    assert declaration.pack is None
    assert "link" in problem


def test_a_byte_order_mark_is_forgiven(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())[1] == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "isn't valid JSON: line 1, column 1"),
        ('{"pack": "x",}', "isn't valid JSON: line 1"),
        ("[]", "must hold an object"),
        ('"text"', "must hold an object"),
        ("null", "must hold an object"),
        ('{"pack": "a", "pack": "b"}', "the key 'pack' twice"),
        ('{"declared": {"metric": "auc", "metric": "f1", "value": 1}}', "the key 'metric' twice"),
        ('{"declared": {"metric": "auc", "value": NaN}}', "holds NaN"),
        ('{"declared": {"metric": "auc", "value": -Infinity}}', "holds -Infinity"),
        ('{"declared": {"metric": "auc", "value": 1e999}}', "too large"),
        ('{"minutes_spent": ' + "9" * 5000 + "}", "5000 digits"),
        ('{"pack": "\\ud800"}', "isn't text"),
        ('{"\\udfff": 1}', "isn't text"),
        ('{"pack": "a\\u0000b"}', "isn't text"),
        ("[" * 100_000, "100,000 bytes"),
        ("[" * 30_000, "nested more than"),
        ('{"a":' * 5000, "nested more than"),
        (b'{"pack": "\xff"}', "isn't UTF-8"),
        (json.dumps(GOOD).encode("utf-16"), "isn't UTF-8"),
        (b" " * 64_001, "64,001 bytes"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(content: bytes | str, said: str, tmp_path: Path) -> None:
    declaration, problem = read(tmp_path, content)
    assert declaration.model_dump(exclude_defaults=True) == {}
    assert problem.startswith("submission.json ")
    assert said in problem
    assert problem.isprintable()


def test_brackets_inside_text_are_not_nesting(tmp_path: Path) -> None:
    assert read(tmp_path, {"ai_use": '[[[[{{{{"\\' * 40})[1] == ""


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"minutes_spent": "240"}, "minutes_spent"),
        ({"minutes_spent": True}, "minutes_spent"),
        ({"minutes_spent": -1}, "minutes_spent"),
        ({"declared": {"metric": "auc", "value": "0.9"}}, "declared.value"),
        ({"declared": {"metric": "auc"}}, "declared.value"),
        ({"entry": {"kind": "shell", "run": "rm -rf /"}}, "entry"),
        ({"entry": {"predict": "python x.py"}}, "entry"),
        ({"entry": {"kind": "function", "call": "os.system('x')"}}, "entry.function.call"),
        ({"author": "someone"}, "author"),
        ({"pack": ["a"]}, "pack"),
    ],
)
def test_a_field_that_does_not_fit_is_left_out_and_the_others_count(
    change: dict[str, object], named: str, tmp_path: Path
) -> None:
    declaration, problem = read(tmp_path, {**GOOD, **change})
    assert f"{named}:" in problem
    good = {key: value for key, value in GOOD.items() if key not in change}
    assert declaration.model_dump(mode="json", exclude_none=True) == good


def test_text_of_the_candidate_in_a_problem_is_cleaned(tmp_path: Path) -> None:
    _, problem = read(tmp_path, {"\x1b[2J\u202e": 1, "entry": {"kind": "\x1b]0;x\x07\n"}})
    assert problem.isprintable()


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_give_a_declaration_and_a_sentence(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    files = folder_of(tmp_path_factory.mktemp("any"), {"submission.json": content})
    entry = FileEntry(path="submission.json", size=len(content), sha256="0" * 64)
    snapshot = Snapshot(digest="0" * 64, source=Source(kind="folder", name="x"), files=(entry,))
    declaration, problem = read_declaration(files, snapshot)
    assert problem or declaration.model_dump_json()
    assert problem.isprintable()
