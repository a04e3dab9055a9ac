"""The form that was agreed: what would stop or mislead a grading is told before anybody grades."""

import json
from pathlib import Path

import pytest

from harness import intake
from harness.ci.contract import Assignment, contract_of, public_pack
from harness.ci.form import check_form
from harness.ci.sandboxed import Ran, Subject
from harness.model.answers import TableAnswer, TableColumn
from harness.model.finding import CheckResult, Verdict
from harness.model.pack import Pack
from harness.running import choose_entry
from tests.builders import make_runs, make_step, pack_document, write_tree
from tests.small_pack import submission_files

FILES = {**submission_files("x1"), "README.md": "# Work\n"}
TABLE = TableAnswer(id_column="row_id", columns=(TableColumn(name="a"), TableColumn(name="b")), also_returned=("notes.json",))


def subject_of(root: Path, files: dict[str, str], pack: Pack, *, lock: bool = True) -> Subject:
    write_tree(root / "work", files)
    snapshot = intake.take(str(root / "work"), root / "scratch" / "submission")
    taken = root / "scratch" / "submission"
    contract = contract_of(pack, {})
    public = public_pack(contract)
    declaration, problem = intake.read_declaration(taken, snapshot)
    choice = choose_entry(declaration, problem, snapshot, taken, public.entry_points)
    assignment = Assignment(contract, "", root / "lock" if lock else None)
    return Subject(assignment, public, snapshot, taken, choice, None, root / "scratch")


def form_of(root: Path, files: dict[str, str], **more: bool) -> CheckResult:
    subject = subject_of(root, files, Pack.model_validate(pack_document()), **more)
    return check_form(subject, Ran(make_runs()))


def rules(result: CheckResult) -> list[str]:
    return [one.rule for one in result.findings]


def test_work_in_the_agreed_form_has_nothing_to_correct(tmp_path: Path) -> None:
    result = form_of(tmp_path, FILES)

    assert (result.verdict, result.score, result.findings) == (Verdict.MET, 1.0, ())


@pytest.mark.parametrize(
    ("change", "rule", "verdict"),
    [
        ({"README.md": None}, "missing_file", Verdict.NOT_MET),
        ({"submission.json": "{broken"}, "declaration", Verdict.NOT_MET),
        ({"submission.json": json.dumps({"pack": "other"})}, "other_pack", Verdict.PARTIAL),
        ({"submission.json": None, "predict.py": None}, "no_entry", Verdict.NOT_MET),
    ],
)
def test_what_is_wrong_with_the_form_is_told(
    tmp_path: Path, change: dict[str, str | None], rule: str, verdict: Verdict
) -> None:
    files = {name: text for name, text in {**FILES, **change}.items() if text is not None}

    result = form_of(tmp_path, files)

    assert rules(result) == [rule]
    assert result.verdict is verdict


def test_another_environment_is_told_as_a_part_of_the_form(tmp_path: Path) -> None:
    assert rules(form_of(tmp_path, FILES, lock=False)) == ["other_environment"]


def test_what_intake_leaves_out_is_told_and_ordinary_clutter_is_not(tmp_path: Path) -> None:
    write_tree(tmp_path / "work", {"__pycache__/x.pyc": "x"})
    (tmp_path / "work" / "link.csv").symlink_to("/etc/hostname")

    assert rules(form_of(tmp_path, FILES)) == ["left_out"]


ASKED = "row_id,day\nR1,x\nR2,x\nR3,x\n"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("row_id,a,b\nR1,1,2\nR2,1,2\nR3,1,2\n", []),
        ("b,row_id,a\n2,R1,1\n2,R2,1\n2,R3,1\n", []),
        ("row_id,a\nR1,1\n", ["features.csv has other columns."]),
        ("row_id,a,b\nR1,1,2\nR2,1,2\n", ["In features.csv, 1 ids have no row."]),
        (
            "row_id,a,b\nR1,1,2\nR1,1,2\nR9,1,2\n",
            [
                "In features.csv, 2 ids have no row.",
                "In features.csv, 1 rows have an unknown id.",
                "In features.csv, 1 ids stand more than once.",
            ],
        ),
        ("", ["features.csv has other columns."]),
        ("row_id,a,b\nR1\nR2,1,2\nR3,1,2\n", []),
        ("row_id,a,\udcff\n", ["features.csv has other columns."]),
    ],
)
def test_a_returned_table_is_held_to_its_columns_and_ids(tmp_path: Path, table: str, told: list[str]) -> None:
    subject, ran = built(tmp_path, table)

    assert [one.message for one in check_form(subject, ran).findings] == told


def test_files_that_a_build_did_not_leave_are_named(tmp_path: Path) -> None:
    subject, ran = built(tmp_path, None)

    assert [one.message for one in check_form(subject, ran).findings] == [
        "The build left no features.csv.",
        "The build left no notes.json.",
    ]


def built(root: Path, table: str | None) -> tuple[Subject, Ran]:
    """A submission whose build has left this table, or nothing."""
    pack = Pack.model_validate(pack_document(kind="pipeline", answer=TABLE.model_dump(), metric={"name": "slice_match"}))
    subject = subject_of(root, FILES, pack)
    data = write_tree(root / "data", {"score.csv": ASKED})
    place = root / "scratch" / "artifacts" / "predict"
    place.mkdir(parents=True)
    if table is not None:
        (place / "features.csv").write_bytes(table.encode("utf-8", "surrogateescape"))
        (place / "notes.json").write_text("{}", "utf-8")
    return subject, Ran(make_runs(make_step("predict")), data)
