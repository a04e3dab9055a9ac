"""The public part: what is asked of a pack, what a kit tells, how rows are split off, how findings keep their marks."""

import csv
import json
import os
import random
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from harness.ci.contract import FILE, contract_of, public_pack
from harness.ci.times import time_order, times_of
from harness.ci.validation import NoSplitError, split
from harness.cli import app
from harness.documents import read_yaml
from harness.errors import ExitCode
from harness.model.answers import FlaggedRows, TableAnswer, TableColumn
from harness.model.feedback import PUBLIC_CHECKS, Contract, Feedback
from harness.model.pack import Pack
from harness.packs import BUILT_IN, find_packs
from tests.builders import make_pack, pack_document, write_yaml
from tests.harness.ci.builders import SLOPPY, commit, without_builds, write_kit

Rows = list[list[str]]


def write_table(path: Path, header: list[str], rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def read_table(path: Path) -> tuple[list[str], Rows]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def ordered_data(root: Path, *, days: int = 100) -> Path:
    """Daily rows in a shuffled order, and a month after them to score."""
    first = date(2025, 1, 1)
    rows = [[f"R{day:05d}", str(first + timedelta(day)), str(day % 7), str(day % 2)] for day in range(days)]
    asked = [[f"R{day + days:05d}", str(first + timedelta(day + days)), str(day % 7)] for day in range(20)]
    random.Random(1).shuffle(rows)
    write_table(root / "train.csv", ["row_id", "day", "x", "label"], rows)
    write_table(root / "score.csv", ["row_id", "day", "x"], asked)
    return root


def test_rows_that_come_last_are_split_off_where_those_to_score_come_later(tmp_path: Path) -> None:
    made = split(make_pack(), ordered_data(tmp_path / "data"), tmp_path / "split")

    _, kept = read_table(made.root / "public" / "train.csv")
    header, asked = read_table(made.root / "public" / "score.csv")
    assert header == ["row_id", "day", "x"]
    assert len(asked) == made.rows == 20
    assert max(row[1] for row in kept) < min(row[1] for row in asked)
    assert "by day" in made.how


def test_rows_without_an_order_are_split_off_by_their_ids_alone(tmp_path: Path) -> None:
    """The same rows whatever their order in the file, and neither the first nor the last ones."""
    rows = [[f"R{number:05d}", str(number), "0.5", str(number % 2)] for number in range(200)]
    for name, order in (("one", rows), ("two", rows[::-1])):
        write_table(tmp_path / name / "train.csv", ["row_id", "x", "y", "label"], order)
        write_table(tmp_path / name / "score.csv", ["row_id", "x", "y"], [[f"S{row[0]}", "1", "2"] for row in rows[:40]])

    splits = [split(make_pack(), tmp_path / name, tmp_path / f"{name}-split") for name in ("one", "two")]

    asked = [sorted(row[0] for row in read_table(made.root / "public" / "score.csv")[1]) for made in splits]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 40
    assert asked[0] not in ([row[0] for row in rows[:40]], [row[0] for row in rows[-40:]])


def test_labels_of_the_split_are_in_no_public_file_of_it(tmp_path: Path) -> None:
    made = split(make_pack(), ordered_data(tmp_path / "data"), tmp_path / "split")

    asked = {row[0] for row in read_table(made.root / "public" / "score.csv")[1]}
    learned = {row[0] for row in read_table(made.root / "public" / "train.csv")[1]}
    _, labels = read_table(made.root / "private" / "labels.csv")
    assert {row[0] for row in labels} == asked
    assert not asked & learned


def test_rows_that_stand_twice_or_have_no_number_are_not_asked_for(tmp_path: Path) -> None:
    """An id that names two rows cannot be scored; such a row is not learned from either."""
    data = ordered_data(tmp_path / "data", days=200)
    header, rows = read_table(data / "train.csv")
    rows.sort(key=lambda row: row[1])
    write_table(data / "score.csv", header[:3], [[f"S{number}", "2026-01-01", "1"] for number in range(40)])
    twice, unknown = rows[-1], rows[-2]
    write_table(data / "train.csv", header, [*rows[:-2], twice, twice, [*unknown[:3], ""]])

    made = split(make_pack(), data, tmp_path / "split")

    asked = {row[0] for row in read_table(made.root / "public" / "score.csv")[1]}
    learned = {row[0] for row in read_table(made.root / "public" / "train.csv")[1]}
    assert not {twice[0], unknown[0]} & (asked | learned)


@pytest.mark.parametrize(
    ("train", "reason"),
    [
        (b"", "no header"),
        (b"row_id,x\nR1,1\n", "no column 'label'"),
        (b"row_id,x,label\nR1,1,0\n", "too few"),
        (b"row_id,x,label\nR1,1\n", "another number of fields"),
        (b"row_id,x,x\nR1,1,1\n", "a name twice"),
        (b"row_id,x,label\n\xff,1,1\n", "no CSV"),
    ],
)
def test_data_that_cannot_be_split_is_told_as_what_it_is(tmp_path: Path, train: bytes, reason: str) -> None:
    data = ordered_data(tmp_path / "data")
    (data / "train.csv").write_bytes(train)

    with pytest.raises(NoSplitError, match=reason):
        split(make_pack(), data, tmp_path / "split")


@pytest.mark.parametrize(
    ("values", "known"),
    [
        (["2025-01-31", "2025-02-01 10:00:00", "2025-02-01T10:00:00Z"], True),
        (["31/01/2025 10:00", "2025-02-01"], True),
        (["01/31/2025", "02/01/2025"], True),
        (["01/02/2025", "02/03/2025"], False),
        (["31/01/2025", "01/31/2025"], False),
        (["2025-13-01", "2025-01-01"], False),
        (["12", "13"], False),
        ([], False),
    ],
)
def test_a_time_is_one_only_when_day_and_month_can_be_told_apart(values: list[str], known: bool) -> None:
    assert (times_of(values) is not None) == known


def test_a_column_whose_values_overlap_is_no_order() -> None:
    known, asked = ["2025-01-01", "2025-01-03"], ["2025-01-02", "2025-01-04"]

    assert time_order([("day", known, asked)]) is None
    assert time_order([("x", ["1"], ["2"]), ("day", known, ["2025-01-04"])]) is not None


@pytest.mark.parametrize("name", sorted(find_packs(())))
def test_every_shipped_pack_has_a_contract_that_goes_to_json_and_back(name: str) -> None:
    pack = read_yaml(BUILT_IN / name / "pack.yaml", Pack)

    contract = contract_of(pack, {"BRIEF.md": "ab" * 32})

    assert Contract.model_validate_json(contract.to_json()) == contract
    assert public_pack(contract).answer.kind == pack.answer.kind
    assert pack.canary not in contract.to_json()
    assert set(contract.checks) <= set(PUBLIC_CHECKS)


def test_a_contract_says_nothing_of_difficult_or_planted_rows() -> None:
    answer = TableAnswer(
        id_column="row_id",
        columns=(TableColumn(name="value"),),
        slices=("is_late_secretly",),
        flagged=FlaggedRows(reasons=("bad",), planted="planted_secretly.csv"),
    )
    pack = Pack.model_validate(
        pack_document(kind="pipeline", answer=answer.model_dump(), metric={"name": "slice_match", "title": "told secretly"})
    )

    assert "secretly" not in contract_of(pack, {}).to_json()


PRIVATE_WORD = "kryptonite"
CANARY = "c0ffee" * 5 + "c0"


def handed_out_before(kit: Path) -> dict[str, str]:
    given: dict[str, str] = json.loads((kit / FILE).read_text("utf-8"))["given"]
    return given


def feedback_on(kit: Path, *options: str) -> Feedback:
    result = CliRunner().invoke(app, ["ci", str(kit), "--json", *options])
    assert result.exit_code == ExitCode.GRADED, result.output
    return Feedback.model_validate_json(result.stdout)


def score_of(kit: Path, check: str) -> float:
    (score,) = [one.score for one in feedback_on(kit, "--no-run").checks if one.check == check]
    assert score is not None
    return score


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit as a repository, and beside it its pack with a private word in every place that candidates may not see."""
    without_builds(monkeypatch, dict(os.environ))
    kit = write_kit(tmp_path, **{"work.py": SLOPPY})
    pack = tmp_path / "packs" / "small"
    for name in ("rubric.yaml", "interview.yaml", "facts.yaml", "generate.py"):
        (pack / name).write_text(f"{PRIVATE_WORD}: [not, even, valid\n", "utf-8")
    document = YAML(typ="safe", pure=True).load(pack / "pack.yaml")
    document["canary"] = CANARY
    document["skills"] = [PRIVATE_WORD]
    document["metric"]["title"] = PRIVATE_WORD
    document["also_shown"] = [{"name": "average_precision", "title": PRIVATE_WORD}]
    document["data"] |= {"labels": f"{PRIVATE_WORD}.csv", "profile": {PRIVATE_WORD: 1}, "shown_labels": f"{PRIVATE_WORD}.csv"}
    document["checks"].append({"check": "holdout_score", "settings": {"cluster_column": PRIVATE_WORD}})
    write_yaml(pack / "pack.yaml", document)
    contract = contract_of(read_yaml(pack / "pack.yaml", Pack), {})
    (kit / FILE).write_text(contract.changed(given=handed_out_before(kit)).to_json(), "utf-8")
    commit(kit)
    return kit


@pytest.mark.parametrize("named", [False, True])
def test_no_private_word_of_a_pack_is_in_any_output(told: Path, monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    """With the pack named, its private documents are not even opened: here they could not be read."""
    pack = told.parent / "packs" / "small"
    kept = told.parent / "kept"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    result = CliRunner().invoke(
        app, ["ci", str(told), "--no-run", "--out", str(kept), *(["--pack", str(pack)] if named else [])]
    )

    assert result.exit_code == 0, result.output
    written = "".join(path.read_text("utf-8") for path in kept.iterdir()) + result.output
    assert "A small pack" in written
    assert PRIVATE_WORD not in written
    assert "c0ffee" not in written


@pytest.mark.parametrize("private", ["rubric.yaml", "interview.yaml", "facts.yaml", "generate.py", "exemplars"])
def test_a_named_pack_needs_none_of_its_private_parts(told: Path, private: str) -> None:
    pack = told.parent / "packs" / "small"
    place = pack / private
    shutil.rmtree(place) if place.is_dir() else place.unlink()

    assert feedback_on(told, "--no-run", "--pack", str(pack)).pack.id == "small"


def test_a_changed_list_of_requirements_is_no_environment_to_run_in(told: Path) -> None:
    """What a candidate adds there is not installed when their work is graded, so it is not installed here either."""
    with (told / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("evil-package==1.0\n")

    feedback = feedback_on(told)

    assert ("contract", "other_environment") in [(one.check, one.rule) for one in feedback.findings]
    assert {one.fault for one in feedback.skipped} == {"submission"}
    assert feedback.steps == ()


def test_a_contract_that_contradicts_itself_is_told(told: Path) -> None:
    document = json.loads((told / FILE).read_text("utf-8"))
    (told / FILE).write_text(json.dumps({**document, "kind": "review"}), "utf-8")

    result = CliRunner().invoke(app, ["ci", str(told), "--no-run"])

    assert result.exit_code == ExitCode.BAD_PACK
    assert "restore the file" in result.stderr


HOST_FILE = "../../../../../../../../../../etc/hostname"


@pytest.mark.parametrize(
    "change",
    [
        {"score": HOST_FILE},
        {"train": "/etc/hostname"},
        {"required_files": [HOST_FILE]},
        {"answer": {"kind": "predictions", "file": HOST_FILE, "id_column": "row_id", "value_column": "score"}},
        {"answer": {"kind": "review", "mechanisms": ["x"], "repository": "../../../../etc"}, "kind": "review"},
        {"checks": "lint"},
        {"limits": {"tests": {"wall_s": -1}}},
        {"pack": "../small"},
    ],
)
def test_a_changed_contract_reaches_no_file_of_the_host(told: Path, change: dict[str, Any]) -> None:
    """It lies in the candidate's repository, so every path in it is a stranger's."""
    document = json.loads((told / FILE).read_text("utf-8"))
    (told / FILE).write_text(json.dumps({**document, **change}), "utf-8")

    result = CliRunner().invoke(app, ["ci", str(told), "--no-run"])

    assert result.exit_code == ExitCode.BAD_PACK, result.output
    assert ".assignment.json" in result.stderr


def test_a_changed_contract_can_ask_for_no_check_that_is_not_public(told: Path) -> None:
    document = json.loads((told / FILE).read_text("utf-8"))
    (told / FILE).write_text(json.dumps({**document, "checks": ["holdout_score", "lint", "no_such_check"]}), "utf-8")

    assert [one.check for one in feedback_on(told, "--no-run").checks] == ["contract", "lint"]


def test_what_was_handed_out_is_not_judged_as_the_candidates_own(told: Path) -> None:
    """The brief lies in the repository unchanged; its text counts for nobody."""
    own = score_of(told, "docs")
    (told / "README.md").write_text((told / "BRIEF.md").read_text("utf-8"), "utf-8")

    assert score_of(told, "docs") < own


def marks(kit: Path) -> dict[str, str]:
    return {one.fingerprint: one.rule for one in feedback_on(kit, "--no-run").findings if one.path == "work.py"}


def test_a_finding_keeps_its_mark_when_lines_above_it_move(told: Path) -> None:
    before = marks(told)
    work = told / "work.py"
    work.write_text('"""Another first line."""\n\nLIMIT = 3\n\n\n' + work.read_text("utf-8"), "utf-8")

    assert marks(told) == before != {}


def test_a_finding_on_a_changed_line_is_another_one(told: Path) -> None:
    before = marks(told)
    work = told / "work.py"
    work.write_text(work.read_text("utf-8").replace("return value == None", "return None == value"), "utf-8")

    assert set(marks(told)).isdisjoint(before)
    assert marks(told) != {}


def test_two_findings_on_equal_lines_have_marks_of_their_own(told: Path) -> None:
    work = told / "work.py"
    again = "\n\ndef is_lost(value: float | None) -> bool:\n    return value == None\n"
    work.write_text(work.read_text("utf-8") + again, "utf-8")

    found = marks(told)
    assert len(found) == 2
    assert len({mark.split(":")[0] for mark in found}) == 1
