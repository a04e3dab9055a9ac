"""Two runs of a command line in one place, the first of which may be killed."""

import json
from pathlib import Path

import pytest

from sandbox.inside.run_twice import main

APPENDS = "import sys; open(sys.argv[1], 'a').write('x')"
SLOW_FIRST = """
import pathlib, sys, time
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.write_text("begun")
    time.sleep(600)
mark.write_text("done")
"""


def run(root: Path, program: str, kill_after_s: float | None = None, command: str = "python {program} {out}") -> int:
    (root / "in").mkdir()
    (root / "program.py").write_text(program)
    request = {
        "command": command,
        "places": {"program": str(root / "program.py"), "out": str(root / "out.txt")},
        "kill_first_after_s": kill_after_s,
    }
    (root / "in" / "request.json").write_text(json.dumps(request))
    return main(str(root))


def test_the_second_run_finds_what_the_first_left(tmp_path: Path) -> None:
    assert run(tmp_path, APPENDS) == 0
    assert (tmp_path / "out.txt").read_text() == "xx"


def test_a_first_run_that_is_killed_is_no_failure_and_the_second_runs_to_its_end(tmp_path: Path) -> None:
    """The first would sleep for ten minutes. It is given time enough to leave its mark before it is killed."""
    assert run(tmp_path, SLOW_FIRST, kill_after_s=5.0) == 0
    assert (tmp_path / "out.txt").read_text() == "done"


def test_a_first_run_that_fails_by_itself_is_told_and_there_is_no_second(tmp_path: Path) -> None:
    assert run(tmp_path, APPENDS + "; sys.exit(3)") == 3
    assert (tmp_path / "out.txt").read_text() == "x"


@pytest.mark.parametrize(("command", "code"), [("no-such-program", 127), ("'half", 2), ("", 2)])
def test_a_command_that_cannot_be_started_says_so(
    tmp_path: Path, command: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "", command=command) == code
    assert capsys.readouterr().err


def test_a_death_by_signal_is_told_as_a_shell_tells_it(tmp_path: Path) -> None:
    assert run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)") == 128 + 15
