"""What people read at a terminal: words instead of program text, within its width, and a full disk told as one."""

import errno
import signal
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from harness import cli
from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack

SCRIPT = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

data = pd.read_csv("train.csv")
rows, held = train_test_split(data, random_state=1)
model = LogisticRegression().fit(rows[["x1"]], rows["y"])
"""


def test_inspect_tells_places_in_words_and_within_the_width_of_the_terminal(tmp_path: Path) -> None:
    work = write_tree(tmp_path / "work", {"model.py": SCRIPT})
    (work / "link.py").symlink_to("/etc/passwd")

    answer = harness("inspect", "work", cwd=tmp_path, COLUMNS="80")

    assert answer.returncode == 0
    assert "random (model.py, line 7)" in answer.stdout
    assert "left out: link.py" in answer.stdout
    assert "{" not in answer.stdout
    assert "None" not in answer.stdout
    assert max(map(len, answer.stdout.splitlines())) <= 80


def test_a_report_fits_the_width_of_the_terminal(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    work = write_tree(tmp_path / "work", submission_files("x1"))

    answer = harness("grade", work, "--pack", pack, "--out", tmp_path / "run", "--sandbox", "bubblewrap", COLUMNS="72")

    assert answer.returncode == 0, answer.stderr
    report, _, path = answer.stdout.rpartition("\nreport: ")
    assert max(map(len, report.splitlines())) <= 72
    assert path.strip() == str(tmp_path / "run" / "report.html")


def test_a_new_pack_says_where_it_lies_and_cuts_no_line_without_saying_so(tmp_path: Path) -> None:
    answer = harness("pack", "new", "churn", "--kind", "predict", "--out", "packs", cwd=tmp_path)

    head, *left = answer.stdout.splitlines()
    assert head.startswith("packs/churn is written")
    assert left[-1] == "next: harness pack lint packs/churn/"
    long = next(line for line in left if line.startswith("generate.py:3:"))
    assert long.endswith(" more")


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 5), (errno.EIO, 5), (errno.EACCES, 2), (errno.ENOTEMPTY, 70)])
def test_a_full_disk_and_a_locked_place_are_no_fault_of_the_harness(
    number: int, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> NoReturn:
        raise OSError(number, "as the system says it", "/place/of/it")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["harness"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr().err
    assert left.value.code == code
    assert ("/place/of/it: this machine cannot go on: as the system says it" in said) is (code == 5)
    assert ("/place/of/it: as the system says it\n  expected: files and folders that this user may read" in said) is (code == 2)
    assert ("a fault of the harness itself" in said) is (code == 70)
