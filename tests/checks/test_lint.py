"""Code is judged by our rules alone, and nothing in a submission can switch them off, hide from them or break them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from checks import linter
from checks.guarded import run_guarded
from checks.lint import Settings, lint
from checks.lint_rules import WEIGHTS
from harness.model.finding import CheckResult, Fault, Severity, Verdict
from tests.checks.builders import Content, evidence_of, notebook_of, only, pack_of, rules

CLEAN = '''"""Features."""

from collections.abc import Sequence


def velocity(times: Sequence[float], window: float) -> list[int]:
    """How many earlier events lie within the window."""
    counts = []
    start = 0
    for place, now in enumerate(times):
        while times[start] < now - window:
            start += 1
        counts.append(place - start)
    return counts


def ratio(part: float, whole: float) -> float:
    if whole == 0:
        return 0.0
    return part / whole


def total(values: Sequence[float]) -> float:
    result = 0.0
    for value in values:
        result += value
    return result
'''
FLAWED = CLEAN + "\n\ndef broken(rows=[]):\n    try:\n        return unknown(rows)\n    except:\n        return None\n"


def _judge(tmp_path: Path, files: Mapping[str, Content], brief: str = "") -> CheckResult:
    return lint(evidence_of(tmp_path, files, brief=brief), Settings())


def _line(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def test_clean_code_is_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"features.py": CLEAN})
    assert (result.verdict, result.findings) == (Verdict.MET, ())


def test_each_fault_is_found_at_its_line(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"src/features.py": FLAWED})
    assert set(rules(result)) == {"B006", "F821", "E722"}
    finding = only(result, "F821")
    assert (finding.where.path, finding.where.line, finding.severity) == (
        "src/features.py",
        _line(FLAWED, "unknown"),
        Severity.MINOR,
    )
    assert result.verdict is Verdict.PARTIAL


def test_a_fault_in_a_notebook_is_found_at_its_cell(tmp_path: Path) -> None:
    text = notebook_of(
        ("markdown", "# T"), "%matplotlib inline\n!ls\nx = 1", "%%bash\nls | wc", CLEAN, "y = x\nz = unknown + y"
    )
    finding = only(_judge(tmp_path, {"a.ipynb": text}), "F821")
    assert (finding.where.path, finding.where.cell, finding.where.line) == ("a.ipynb", 4, 2)


def test_a_last_line_that_shows_a_value_is_no_fault_in_a_notebook(tmp_path: Path) -> None:
    assert rules(_judge(tmp_path, {"a.ipynb": notebook_of(CLEAN, "x = 3\nx == 3", "import json\njson.dumps(x)")})) == []


@pytest.mark.parametrize(
    "extra",
    [
        {"ruff.toml": "exclude = ['*']\n"},
        {".ruff.toml": "lint.ignore = ['ALL']\n"},
        {"pyproject.toml": "[tool.ruff]\nexclude = ['src']\nextend = '/etc/passwd'\n"},
        {".gitignore": "src/\n"},
        {"src/ruff.toml": "lint.select = []\n"},
    ],
)
def test_configuration_in_the_submission_has_no_effect(tmp_path: Path, extra: dict[str, Content]) -> None:
    assert set(rules(_judge(tmp_path, {"src/features.py": FLAWED, **extra}))) == {"B006", "F821", "E722"}


@pytest.mark.parametrize("comment", ["# ruff: noqa", "# flake8: noqa", "# ruff: file-ignore[F821, B006, E722]"])
def test_a_comment_cannot_switch_rules_off(tmp_path: Path, comment: str) -> None:
    noqa = "\n".join(f"{line}  # noqa" if line.strip() else line for line in FLAWED.split("\n"))
    assert {"B006", "F821", "E722"} <= set(rules(_judge(tmp_path, {"src/features.py": f"{comment}\n{noqa}"})))


def test_one_noisy_rule_cannot_decide(tmp_path: Path) -> None:
    noisy = CLEAN + "\n\n" + "\n".join(f"CHECK_{number} = total is None or total == None" for number in range(300))
    result = _judge(tmp_path, {"a.py": noisy})
    assert result.score == pytest.approx(0.8)
    assert len(result.findings) <= 12


def test_repeating_clean_lines_does_not_thin_faults_out(tmp_path: Path) -> None:
    (tmp_path / "padded").mkdir()
    alone = _judge(tmp_path, {"a.py": FLAWED})
    padded = _judge(tmp_path / "padded", {"a.py": FLAWED, "b.py": "value = 1\n" * 5000})
    assert alone.score == padded.score


def test_a_tangled_function_is_a_finding(tmp_path: Path) -> None:
    branches = "".join(f"    if x > {number}:\n        y += {number}\n" for number in range(12))
    result = _judge(tmp_path, {"a.py": CLEAN + f"\n\ndef tangled(x):\n    y = 0\n{branches}    return y\n"})
    assert "tangled" in only(result, "C901").message


def test_an_endless_function_is_a_finding_and_its_docstring_does_not_count(tmp_path: Path) -> None:
    body = "".join(f"    y = x + {number}\n    print(y)\n" for number in range(31))
    docstring = '    """' + "text\n" * 61 + '    """\n'
    files = {"a.py": CLEAN + f"\n\ndef endless(x):\n{body}", "b.py": CLEAN + f"\n\ndef short(x):\n{docstring}    return x\n"}
    assert "endless has 63 lines" in only(_judge(tmp_path, files), "long_function").message


def test_a_path_of_one_machine_is_a_finding_and_text_about_one_is_none(tmp_path: Path) -> None:
    text = 'def text():\n    """/home/ann is not used."""\n    return "data/x"\n'
    code = f'{CLEAN}\n\nSOURCE = "C:\\\\Users\\\\ann\\\\train.csv"\n\n\n{text}'
    finding = only(_judge(tmp_path, {"a.py": code}), "absolute_path")
    assert finding.where.line == _line(code, "SOURCE")


def test_a_repeated_block_names_both_places(tmp_path: Path) -> None:
    block = "".join(f"    step_{number} = left + {number}\n" for number in range(12))
    files = {"a.py": f"def one(left):\n{block}    return step_1\n", "b.py": f"def two(left):\n{block}    return step_2\n"}
    finding = only(_judge(tmp_path, files), "duplicated_block")
    assert (finding.where.path, finding.message) == ("b.py", "12 lines of code stand here as they do at a.py, line 2.")


def test_code_that_was_given_is_not_judged(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"starter.py": FLAWED, "own.py": CLEAN.replace("velocity", "speed")}, brief=FLAWED)
    assert "F821" not in rules(result)


def test_newer_syntax_than_ours_is_no_fault(tmp_path: Path) -> None:
    assert rules(_judge(tmp_path, {"a.py": CLEAN + "\n\ntype Row = dict[str, float]\n"})) == []


def test_a_syntax_error_is_a_heavy_finding(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"a.py": CLEAN, "b.py": "def f(:\n    pass\n"})
    assert result.findings[0].rule == "invalid-syntax"
    assert result.findings[0].severity is Severity.MAJOR
    assert result.score == pytest.approx(0.7)


@pytest.mark.parametrize(
    "init", ["from .features import ratio as ratio\n\n__all__ = ['ratio']\n", "from .features import ratio\n"]
)
def test_re_exports_of_a_package_are_no_unused_imports(tmp_path: Path, init: str) -> None:
    assert rules(_judge(tmp_path, {"pkg/__init__.py": init, "pkg/features.py": CLEAN})) == []


@pytest.mark.parametrize("files", [{"README.md": "# T"}, {"a.py": "x = 1\n"}, {"a.py": ""}, {"a.ipynb": notebook_of()}])
def test_too_little_code_is_not_measured(tmp_path: Path, files: dict[str, Content]) -> None:
    result = _judge(tmp_path, files)
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.SUBMISSION)


HOSTILE: list[dict[str, Content]] = [
    {"a.py": "x = " + "(" * 100_000 + ")" * 100_000},
    {"a.py": "x = " + "-" * 200_000 + "1"},
    {"a.py": "x = [" * 50_000},
    {"a.py": "x = '" + "a" * 900_000 + "'"},
    {"a.py": b"\x00\xff\xfe" * 1000},
    {"a.py": "# -*- coding: no-such-coding -*-\nx = 1\n"},
    {"a.py": "\ud800\u202e = 1\n"},
    {"a.py": b"x" * 2_000_000},
    {"a.py": "if x:\n" + "".join(" " * depth + "if x:\n" for depth in range(1, 400))},
    {"a.ipynb": "[" * 100_000},
    {"a.ipynb": '{"cells": [{"cell_type": "code", "source": "x = 1\\ud800"}, 5, {"cell_type": "code", "source": {"a": 1}}]}'},
    {"-rf.py": "import os\n", "@evil.py": "import os\n", "a b;$(id)\n.py": "import os\n"},
]


@pytest.mark.parametrize("files", HOSTILE)
def test_no_file_breaks_the_check_or_hides_its_neighbours(tmp_path: Path, files: dict[str, Content]) -> None:
    result = _judge(tmp_path, {**files, "z.py": FLAWED})
    assert {"B006", "F821", "E722"} <= set(rules(result))
    assert result.to_json()


def test_a_file_on_which_the_linter_fails_is_named_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(argv: list[str], folder: Path, **limits: int) -> bytes | None:
        poisoned = any("POISON" in Path(one).read_text() for one in argv if one.endswith("code.py"))
        return None if poisoned else run_guarded(argv, folder, **limits)

    monkeypatch.setattr(linter, "run_guarded", choke)
    result = _judge(tmp_path, {"a.py": FLAWED, "b.py": "POISON = 1\n", "c.py": CLEAN.replace("velocity", "speed")})
    assert only(result, "unreadable").where.path == "b.py"
    assert "F821" in rules(result)


def test_the_linter_may_write_nothing_and_ends_in_time(tmp_path: Path) -> None:
    touch, sleep, flood = shutil.which("cp"), shutil.which("sleep"), shutil.which("yes")
    assert touch and sleep and flood  # noqa: PT018
    limits = {"seconds": 1, "memory_mb": 512, "output_mb": 1}
    assert run_guarded([touch, "/etc/hostname", str(tmp_path / "made")], tmp_path, **limits) is None
    assert run_guarded([sleep, "30"], tmp_path, **limits) is None
    assert run_guarded([flood], tmp_path, **limits) is None
    assert not (tmp_path / "made").exists() or (tmp_path / "made").stat().st_size == 0


def test_every_rule_is_one_the_pinned_linter_knows() -> None:
    known = run_guarded(
        [linter.linter(), "rule", "--all", "--output-format", "json"], Path("/"), seconds=20, memory_mb=4096, output_mb=8
    )
    assert known is not None
    missing = [code for code in WEIGHTS if code != "invalid-syntax" and f'"code": "{code}"'.encode() not in known]
    assert missing == []


def test_far_more_code_than_the_task_has_time_for_is_asked_about_and_costs_nothing(tmp_path: Path) -> None:
    lines = "\n".join(f"VALUE_{number} = {number}" for number in range(1_900))
    result = lint(evidence_of(tmp_path, {"a.py": lines}, pack=pack_of()), Settings())
    finding = only(result, "over_built")
    assert (finding.severity, result.score) == (Severity.INFO, 1.0)
    assert finding.innocent


def test_code_that_fits_the_task_is_not_asked_about(tmp_path: Path) -> None:
    lines = "\n".join(f"VALUE_{number} = {number}" for number in range(1_700))
    assert rules(lint(evidence_of(tmp_path, {"a.py": lines}, pack=pack_of()), Settings())) == []
