"""Reading our own documents: every problem at once, each with its place."""

from pathlib import Path

import pytest

from harness.documents import nearest, read_json, read_yaml
from harness.errors import PackError
from harness.model.interview import Expected, Interview
from harness.model.pack import Pack
from harness.model.rubric import Ratings
from tests.builders import pack_document, write_yaml


def problems_of(path: Path, record: type = Pack) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_yaml(path, record)
    return caught.value.seen.split("\n")


def test_a_valid_document_becomes_a_record(tmp_path: Path) -> None:
    path = write_yaml(tmp_path / "pack.yaml", pack_document())

    assert read_yaml(path, Pack).id == "small"


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_valid_one(tmp_path: Path) -> None:
    path = tmp_path / "expected.yaml"
    path.write_text("automatic: [0, 10]\nladdder: [0, 1]\n")

    (problem,) = problems_of(path, Expected)

    assert problem == f"{path}:2:1: unknown key 'laddder'; did you mean 'ladder'?"


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "interview.yaml"
    path.write_text(
        "questions:\n- id: one\n  ask: Why?\n  why: Because.\n  strong_sign: s\n  weak_sign: w\n  criterion: CODE\n"
        "  minutes: 99\n"
        "- id: Two\n  ask: Why?\n  why: Because.\n  strong_sign: s\n  criterion: CODE\n"
    )

    problems = problems_of(path, Interview)

    assert [problem.split(": ", 1)[0] for problem in problems] == [f"{path}:8:12", f"{path}:9:3", f"{path}:9:7"]
    assert "missing 'weak_sign'" in problems[1]


def test_a_problem_inside_an_alternative_is_told_for_the_alternative_that_was_meant(tmp_path: Path) -> None:
    document = pack_document()
    document["entry_points"][0]["entry"]["predictt"] = "x"
    path = write_yaml(tmp_path / "pack.yaml", document)

    problems = problems_of(path)

    assert any("unknown key 'predictt'; did you mean 'predict'?" in problem for problem in problems)


def test_a_wrong_word_is_answered_with_the_nearest_valid_one(tmp_path: Path) -> None:
    path = write_yaml(tmp_path / "pack.yaml", pack_document(kind="predcit"))

    (problem,) = problems_of(path)

    assert "'predcit' is not valid here; did you mean 'predict'?" in problem


def test_rules_between_fields_are_told_with_a_place_too(tmp_path: Path) -> None:
    from harness.model.rubric import Rubric
    from tests.builders import make_rubric

    document = make_rubric().model_dump(mode="json")
    document["profiles"]["applied"]["weights"] = {"CODE": 90}
    path = write_yaml(tmp_path / "rubric.yaml", document)

    (problem,) = problems_of(path, Rubric)

    assert "the weights of a profile sum to 100, these sum to 90" in problem
    assert problem.startswith(f"{path}:")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "is not valid YAML"),
        ("a: 1\na: 2\n", "found duplicate key"),
        ("", "None is not of type 'object'"),
        ("- 1\n", "is not of type 'object'"),
    ],
)
def test_a_document_that_is_no_mapping_is_told_not_raised(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(text)

    with pytest.raises(PackError) as caught:
        read_yaml(path, Pack)

    assert told in str(caught.value)


def test_an_absent_file_says_that_it_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="is missing"):
        read_yaml(tmp_path / "pack.yaml", Pack)


def test_yaml_words_stay_words(tmp_path: Path) -> None:
    """YAML 1.2: `no` is text, not false; `12:30` is text, not minutes."""
    path = write_yaml(tmp_path / "pack.yaml", pack_document(title="no"))
    path.write_text(path.read_text().replace("'no'", "no"))

    assert read_yaml(path, Pack).title == "no"


@pytest.mark.parametrize("text", ['{"ratings": NaN}', "{", "[" * 100_000])
def test_broken_json_is_told_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ratings.json"
    path.write_text(text)

    with pytest.raises(PackError, match="is not JSON"):
        read_json(path, Ratings)


def test_a_wrong_value_in_json_has_a_line_and_a_column(tmp_path: Path) -> None:
    path = tmp_path / "ratings.json"
    path.write_text('{\n "format": 1,\n "ratings": [\n  {"criterion": "CODE", "level": 7, "rater": "a"}\n ]\n}\n')

    with pytest.raises(PackError) as caught:
        read_json(path, Ratings)

    assert f"{path}:4:" in caught.value.seen


def test_a_word_far_from_all_is_answered_with_the_list() -> None:
    assert nearest("zzz", ["alpha", "beta"]) == "known: alpha, beta"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 8)}]\n" for n in range(9)),
        "format: 1\nroles: &a [*a]\n",
        "format: 1\nroles: " + "[" * 80 + "]" * 80 + "\n",
    ],
    ids=["a bomb", "holds itself", "too deep"],
)
def test_a_document_that_grows_without_end_is_refused_at_once(tmp_path: Path, text: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(text)

    with pytest.raises(PackError, match=r"more than 300000 values|missing 'id'"):
        read_yaml(file, Pack)
