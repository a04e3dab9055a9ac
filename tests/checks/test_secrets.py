"""What looks like a secret is told by its place and kind, and never repeated."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest

from checks.base import NoSettings
from checks.secrets import secrets
from harness.model.finding import CheckResult, Severity, Verdict
from tests.checks.builders import Content, evidence_of, notebook_of, only, rules

# put together here, so that no scanner of this repository takes them for real
AWS = "AKIA" + "QYLPMN5HG7TZXW3B"
GITHUB = "ghp_" + "a8Kd93mZpQ72vXc41LtR5yNwEb60HsJfUgOi"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----"
WORD = "pass" + "word"


def _judge(tmp_path: Path, files: Mapping[str, Content], brief: str = "") -> CheckResult:
    return secrets(evidence_of(tmp_path, files, brief=brief), NoSettings())


def test_clean_files_are_met(tmp_path: Path) -> None:
    files = {"a.py": "import os\nkey = os.environ['API_KEY']\n", "README.md": "Set API_KEY.", "a.ipynb": notebook_of("x = 1")}
    result = _judge(tmp_path, files)
    assert (result.verdict, result.findings) == (Verdict.MET, ())


@pytest.mark.parametrize(
    ("path", "line", "value"),
    [
        ("src/load.py", f'key = "{AWS}"', AWS),
        ("config.yaml", f"github: {GITHUB}", GITHUB),
        (".env", f"AWS={AWS}", AWS),
        ("id_rsa", PEM, PEM),
        ("db.py", 'url = "postgresql://ann:Tr0ub4dor@db.host/x"', "Tr0ub4dor"),
        ("db.py", f'{WORD} = "Tr0ub4dor-and-3"', "Tr0ub4dor-and-3"),
    ],
)
def test_a_secret_is_told_by_its_line_and_never_repeated(tmp_path: Path, path: str, line: str, value: str) -> None:
    result = _judge(tmp_path, {path: f"# first\n{line}\n"})
    finding = only(result, "secret")
    assert (result.verdict, finding.where.path, finding.where.line) == (Verdict.NOT_MET, path, 2)
    assert value not in result.to_json()


def test_a_secret_in_a_cell_is_told_by_its_cell(tmp_path: Path) -> None:
    finding = only(_judge(tmp_path, {"a.ipynb": notebook_of(("markdown", "x"), f"a = 1\nkey = '{AWS}'")}), "secret")
    assert (finding.where.cell, finding.where.line, finding.severity) == (1, 2, Severity.MAJOR)


@pytest.mark.parametrize("comment", ["# pragma: allowlist secret", "# nosec", "# noqa", "# gitleaks:allow"])
def test_a_comment_cannot_make_the_scanner_look_away(tmp_path: Path, comment: str) -> None:
    text = f"# pragma: allowlist nextline secret\nkey = '{AWS}'  {comment}\n"
    assert rules(_judge(tmp_path, {"a.py": text})) == ["secret"]


@pytest.mark.parametrize(
    "line",
    [
        f'{WORD} = "your-{WORD}-here"',
        f'{WORD} = os.environ["DB_{WORD.upper()}"]',
        f'{WORD} = getpass("{WORD}: ")',
        'api_key = "<API_KEY>"',
        'api_key = "xxxxxxxxxxxxxxxx"',
        "token = config.token",
        'url = "postgresql://user:pass@localhost/db"',
        'target = "is_fraud"',
        'url = "https://example.org/a/b"',
        "seed = 20260101",
        f"numpy==2.0 --hash=sha256:{'0a1b2c3d' * 8}",
        'run = "123e4567-e89b-12d3-a456-426614174000"',
    ],
)
def test_what_only_resembles_a_secret_is_none(tmp_path: Path, line: str) -> None:
    assert rules(_judge(tmp_path, {"a.py": line + "\n"})) == []


def test_a_long_disordered_string_alone_is_information(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"a.py": 'state = "q8Zk3Vw0Xy7Lr2Tn5Bh9Jm4Pc6Sd1Fg8Ha"\n'})
    assert (result.verdict, only(result, "disordered_string").severity) == (Verdict.MET, Severity.INFO)


def test_a_fixture_counts_for_less(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"tests/fixtures/config.yaml": f"key: {AWS}\n"})
    assert only(result, "secret").confidence == pytest.approx(0.45)
    assert result.verdict is Verdict.PARTIAL


def test_what_stood_in_the_starter_is_not_theirs(tmp_path: Path) -> None:
    text = f"# connect to the sandbox database of the task with this key\nkey = '{AWS}'\n"
    assert rules(_judge(tmp_path, {"a.py": text}, brief=text)) == []


def test_pictures_in_outputs_are_not_scanned(tmp_path: Path) -> None:
    picture = base64.b64encode(bytes(range(256)) * 40).decode()
    outputs = {0: [{"output_type": "display_data", "data": {"image/png": picture, "text/plain": "<Figure>"}}]}
    assert rules(_judge(tmp_path, {"a.ipynb": notebook_of("plot()", outputs=outputs)})) == []


def test_people_in_outputs_are_information_without_their_data(tmp_path: Path) -> None:
    shown = "0 ann.smith@mail.com +49 151 2345 6789\n1 bob@mail.org 555-123-4567\n2 x@example.com 2024-01-02 0.123-456"
    outputs = {0: [{"output_type": "stream", "name": "stdout", "text": shown}]}
    result = _judge(tmp_path, {"a.ipynb": notebook_of("print(df)", outputs=outputs)})
    assert [finding.seen for finding in result.findings] == ["2 different values, not shown"] * 2
    assert result.verdict is Verdict.MET
    assert "mail" not in result.to_json().replace("e-mail", "")


HOSTILE: list[dict[str, Content]] = [
    {"a.py": "key = '" + "A1b2" * 200_000},
    {"a.py": "\n" * 900_000},
    {"a.py": "password = " * 80_000},
    {"a.py": b"\x00\xff" * 400_000},
    {"a.json": "[" * 900_000},
    {"a.ipynb": "[" * 900_000},
    {"a.md": "a@" * 400_000, "b.ipynb": notebook_of("x", outputs={0: [{"text": "a." * 90_000 + "@" + "b-" * 9000}]})},
    {"a.py": "x = '://" + ":@/" * 300_000 + "'"},
    {f"f{number}.py": f"k{number} = '{number}'\n" * 50 for number in range(700)},
]


@pytest.mark.parametrize("files", HOSTILE)
def test_no_file_breaks_the_check_or_runs_away(tmp_path: Path, files: dict[str, Content]) -> None:
    assert _judge(tmp_path, files).to_json()


@pytest.mark.parametrize(
    "line", ['TOKEN_COLUMN = "token_count"', 'key_name: "customer_number"', 'secret_field = "answer_text"']
)
def test_what_a_column_is_called_is_no_secret(tmp_path: Path, line: str) -> None:
    assert "secret" not in rules(_judge(tmp_path, {"config.yaml": line, "a.py": line}))


def test_a_password_beside_a_name_is_still_a_secret(tmp_path: Path) -> None:
    line = f'connect(user_name="ann", {WORD}="Tr0ub4dor-and-3")'
    assert rules(_judge(tmp_path, {"a.py": line})) == ["secret"]
