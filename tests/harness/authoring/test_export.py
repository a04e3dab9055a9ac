"""pack export: what a candidate receives, for every kind; and that two candidates get different data of one difficulty."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.authoring.scaffold import scaffold
from harness.packs import OpenPack, read_pack
from harness.running import seed_for
from tests.harness.authoring.kits import SECRET, exported, materialised, self_checked, settings_with_secret
from tests.small_pack import write_small_pack

pytestmark = [pytest.mark.slow, pytest.mark.bubblewrap]
ANSWERS = {"predict": "predictions.csv", "forecast": "predictions.csv", "pipeline": "features.csv", "review": "review.json"}
PRIVATE = (
    "rubric.yaml",
    "facts.yaml",
    "interview.yaml",
    "pack.yaml",
    "generate.py",
    "labels.csv",
    "golden.csv",
    "planted.json",
)


@pytest.fixture(scope="module", params=sorted(ANSWERS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def pack(kind: str, tmp_path_factory: pytest.TempPathFactory) -> OpenPack:
    root = tmp_path_factory.mktemp("packs")
    scaffold(f"new_{kind}", kind, root)
    return read_pack(root / f"new_{kind}")


@pytest.fixture(scope="module")
def kit(pack: OpenPack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What heron receives, with the strong exemplar in it as her work, its answer made on her data."""
    place = exported(pack, "heron", tmp_path_factory.mktemp("kits") / "heron")
    seed, source = seed_for(pack.pack, SECRET, "heron", None)
    assert source == "candidate"
    work = materialised(pack, settings_with_secret(), "strong", seed, place.parent / "work")
    shutil.copytree(work, place, dirs_exist_ok=True)
    entry = json.loads((place / "submission.json").read_text("utf-8")).get("entry")
    if entry:
        words = entry["predict"].format(data="data", out=ANSWERS[pack.pack.kind]).split()
        subprocess.run([sys.executable, *words[1:]], cwd=place, check=True, timeout=60)
    return place


def test_a_candidate_receives_brief_starter_data_environment_self_check_and_letter(kit: Path) -> None:
    wanted = {"BRIEF.md", "SUBMISSION.md", "submission.json", "requirements.txt", "self_check.py", "LETTER.md", "data"}

    assert wanted <= {path.name for path in kit.iterdir()}
    assert "For heron." in (kit / "LETTER.md").read_text("utf-8")


def test_nothing_private_is_in_it(pack: OpenPack, kit: Path) -> None:
    names = {path.name for path in kit.rglob("*")}

    assert not names & set(PRIVATE)
    assert all(pack.pack.canary.encode() not in path.read_bytes() for path in kit.rglob("*") if path.is_file())


def test_the_self_check_finds_finished_work_in_order(kit: Path, kind: str) -> None:
    code, told = self_checked(kit, ANSWERS[kind])

    assert (code, told) == (0, "the form is right\n")


def test_the_self_check_names_what_is_wrong_with_an_answer(kit: Path, kind: str, tmp_path: Path) -> None:
    broken = shutil.copytree(kit, tmp_path / "broken")
    answer = broken / ANSWERS[kind]
    if kind == "review":
        answer.write_text('[{"file": "nowhere.py", "lines": [1, 1], "mechanism": "style", "severity": 1}]', "utf-8")
    else:
        answer.write_text("\n".join(answer.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")

    code, told = self_checked(broken, ANSWERS[kind])

    assert code == 1
    assert "to correct" in told
    assert ("there is no file 'nowhere.py'" if kind == "review" else "1 ids have no") in told


def test_the_self_check_names_a_missing_file(kit: Path, kind: str, tmp_path: Path) -> None:
    broken = shutil.copytree(kit, tmp_path / "broken")
    (broken / "submission.json").unlink()

    assert "submission.json is missing" in self_checked(broken, ANSWERS[kind])[1]


def test_two_candidates_of_a_kind_get_the_same_documents_and_other_data(pack: OpenPack, kit: Path, tmp_path: Path) -> None:
    other = exported(pack, "osprey", tmp_path / "osprey")

    for name in ("BRIEF.md", "SUBMISSION.md", "requirements.txt", "self_check.py"):
        assert (other / name).read_bytes() == (kit / name).read_bytes()
    assert contents(other) != contents(kit)


class TestParity:
    """Two candidates' tables are alike in everything but the rows."""

    @pytest.fixture(scope="class")
    @staticmethod
    def kits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
        root = tmp_path_factory.mktemp("parity")
        opened = read_pack(write_small_pack(root))
        return exported(opened, "heron", root / "heron"), exported(opened, "osprey", root / "osprey")

    def test_files_columns_and_numbers_of_rows_are_equal(self, kits: tuple[Path, Path]) -> None:
        one, other = (
            {path.name: (rows[0], len(rows)) for path in sorted((kit / "data").iterdir()) for rows in [table(path)]}
            for kit in kits
        )

        assert one == other
        assert set(one) == {"train.csv", "score.csv"}

    def test_no_row_is_shared(self, kits: tuple[Path, Path]) -> None:
        """Values, not ids: what one candidate passes on answers nothing for another."""
        one, other = ({tuple(row[1:3]) for row in table(kit / "data" / "train.csv")[1:]} for kit in kits)

        assert not one & other

    def test_the_share_of_positives_lies_in_the_declared_range_for_both(self, kits: tuple[Path, Path]) -> None:
        for kit in kits:
            labels = [row[3] == "1" for row in table(kit / "data" / "train.csv")[1:]]
            assert 0.1 <= sum(labels) / len(labels) <= 0.3

    def test_columns_have_the_same_spread_within_what_chance_allows(self, kits: tuple[Path, Path]) -> None:
        for column in (1, 2):
            one, other = (sorted(float(row[column]) for row in table(kit / "data" / "train.csv")[1:]) for kit in kits)
            assert all(abs(one[place] - other[place]) < 0.25 for place in (150, 375, 750, 1125, 1350))

    def test_the_same_candidate_gets_the_same_data_again(self, kits: tuple[Path, Path], tmp_path: Path) -> None:
        opened = read_pack(write_small_pack(tmp_path))

        assert contents(exported(opened, "heron", tmp_path / "again")) == contents(kits[0])


def contents(kit: Path) -> dict[str, bytes]:
    data = kit / "data"
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}


def table(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))
