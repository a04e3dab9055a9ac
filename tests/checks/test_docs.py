"""A document is judged by what in it holds, and only by the candidate's own words."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from checks.docs import Settings, docs
from harness.model.finding import CheckResult, Fault, Measurement, Verdict
from tests.checks.builders import Content, evidence_of, notebook_of, only, pack_of, rules

README = """# Ranking card transactions

This project ranks the transactions of the coming month so that twelve analysts look at the riskiest ones first, with a
boosted model of velocity features that are computed from the past alone.

## How to run

```sh
pip install -r requirements.txt
python -m fraudrank train --data data/
```

The data lies in `data/train.csv` and `data/score.csv`.

## Results

| model | average precision |
|---|---|
| baseline | 0.21 |
| boosted | average precision 0.44 |

## Structure

- `fraudrank/features.py` makes the features
- `fraudrank/__main__.py` is the command line
- `tests/` holds the tests
"""
CODE = '''from sklearn.ensemble import HistGradientBoostingClassifier


def velocity(frame, window):
    """Earlier purchases of the same card within so many minutes."""
    frame = frame.sort_values("time")
    return frame.groupby("card").rolling(window).count()
'''
FILES: dict[str, Content] = {
    "README.md": README,
    "requirements.txt": "pandas\n",
    "fraudrank/__init__.py": "",
    "fraudrank/__main__.py": "print('x')\n",
    "fraudrank/features.py": CODE,
    "tests/test_features.py": "def test_a(): assert f() == 1\n",
}
HEADINGS = ("Summary for a non-technical reader", "Limits and risks", "AI use")
PROSE = (
    "We rank transactions by their risk and look at the first half percent of each day, which finds nine of ten frauds "
    "that cost more than fifty euros, while honest customers hardly notice any of it."
)
REPORT = (
    f"# Report\n\n## Summary for a non-technical reader\n\n{PROSE}\n\n## Limits and Risks\n\n{PROSE}\n\n## AI use\n\nNone.\n"
)


def _judge(tmp_path: Path, files: Mapping[str, Content], brief: str = "") -> CheckResult:
    evidence = evidence_of(tmp_path, files, brief=brief, pack=pack_of(required_files=[]))
    return docs(evidence, Settings(headings=HEADINGS))


def _reported(tmp_path: Path, report: str | None, brief: str = "") -> CheckResult:
    files = FILES | ({"REPORT.md": report} if report is not None else {})
    evidence = evidence_of(tmp_path, files, brief=brief, pack=pack_of(required_files=["README.md", "REPORT.md"]))
    return docs(evidence, Settings(headings=HEADINGS))


def _share(result: CheckResult, part: str) -> Measurement:
    return next(one for one in result.measurements if one.name == f"docs_{part}")


def test_a_readme_whose_claims_hold_is_met(tmp_path: Path) -> None:
    result = _judge(tmp_path, FILES)
    assert (result.verdict, result.findings) == (Verdict.MET, ())
    assert "5 of 5 facets" in result.summary


def test_no_readme_is_a_finding(tmp_path: Path) -> None:
    result = _judge(tmp_path, {"a.ipynb": notebook_of("x = 1")})
    assert (result.verdict, rules(result)) == (Verdict.NOT_MET, ["no_readme"])


def test_a_command_whose_target_is_not_there_is_named(tmp_path: Path) -> None:
    text = README.replace("python -m fraudrank train --data data/", "python run_all.py --fast")
    result = _judge(tmp_path, FILES | {"README.md": text})
    finding = only(result, "missing_target")
    assert (finding.where.line, finding.seen) == (10, "python run_all.py --fast")
    assert "run_all.py" in finding.expected


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("python src/train.py --seed 1", {"src/train.py": ""}),
        ("$ python3 -u train.py", {"train.py": ""}),
        ("cd src && python train.py", {"src/train.py": ""}),
        ("OMP_NUM_THREADS=1 python train.py", {"train.py": ""}),
        ("uv run python train.py", {"train.py": ""}),
        ("python -m shop.cli fit", {"src/shop/cli.py": ""}),
        ("make train", {"Makefile": "train: data\n\tpython x\n"}),
        ("bash run.sh", {"run.sh": ""}),
        ("./run.sh", {"run.sh": ""}),
        ("jupyter nbconvert --execute --to notebook main.ipynb", {"main.ipynb": "{}"}),
        ("docker build -t x .", {"Dockerfile": "FROM scratch"}),
        ("docker compose up", {"compose.yaml": ""}),
        ("streamlit run app.py", {"app.py": ""}),
        ("uvicorn api.main:app", {"api/main.py": ""}),
    ],
)
def test_commands_are_followed_to_their_targets(tmp_path: Path, command: str, files: dict[str, Content]) -> None:
    readme = README.replace("python -m fraudrank train --data data/", command)
    (tmp_path / "there").mkdir()
    (tmp_path / "absent").mkdir()
    there = _judge(tmp_path / "there", FILES | {"README.md": readme} | files)
    absent = _judge(tmp_path / "absent", FILES | {"README.md": readme})
    assert "missing_target" not in rules(there)
    assert "missing_target" in rules(absent)


def test_a_notebook_that_is_to_be_opened_is_a_way_to_run(tmp_path: Path) -> None:
    text = README.replace("python -m fraudrank train --data data/", "pip list") + "\nOpen `work.ipynb` and run all cells.\n"
    assert rules(_judge(tmp_path, FILES | {"README.md": text, "work.ipynb": "{}"})) == []


def test_files_that_the_readme_names_and_that_are_not_there_cost_the_facet(tmp_path: Path) -> None:
    text = README.replace("`tests/` holds", "`src/pipeline.py`, `src/models.py` and `notebooks/eda.ipynb` hold")
    result = _judge(tmp_path, FILES | {"README.md": text})
    assert [finding.seen for finding in result.findings] == ["src/pipeline.py", "src/models.py", "notebooks/eda.ipynb"]
    assert "not: structure" in result.summary


def test_files_that_a_run_makes_need_not_be_there(tmp_path: Path) -> None:
    text = README + "\nWrites `outputs/model.yaml`, `/tmp/x.py` and https://example.org/a/b.py and `pred.csv`.\n"
    assert rules(_judge(tmp_path, FILES | {"README.md": text})) == []


def test_a_readme_about_another_model_contradicts_the_code(tmp_path: Path) -> None:
    text = README.replace("boosted model", "random forest model").replace("boosted", "XGBoost")
    result = _judge(tmp_path, FILES | {"README.md": text, "fraudrank/features.py": CODE.replace("HistG", "G")})
    assert only(result, "names_other_model").seen == "random forest, xgboost"


BRIEF = """# Task

Rank the transactions of the coming month so that analysts look at the riskiest ones first, because chargebacks are
refunded. The data lies in `data/train.csv`. We expect an average precision of at least 0.3 on the hidden month.

Run it with `python -m fraudrank train --data data/`.
"""


def test_a_readme_that_is_the_brief_and_three_lines_scores_only_the_three_lines(tmp_path: Path) -> None:
    text = BRIEF + "\nMade by me.\n\nHave fun.\n\nThanks.\n"
    result = _judge(tmp_path, {"README.md": text, "fraudrank/__main__.py": ""}, BRIEF)
    assert _share(result, "readme").value == 0.0
    assert "brief_repeated" in rules(result)


def test_own_words_beside_the_brief_count(tmp_path: Path) -> None:
    assert _share(_judge(tmp_path, FILES | {"README.md": BRIEF + README}, BRIEF), "readme").value == 1.0


def test_a_list_of_ticks_is_no_text(tmp_path: Path) -> None:
    ticks = "# T\n" + "".join(f"- [x] step {number} was verified with great care and no leakage\n" for number in range(20))
    result = _judge(tmp_path, {"README.md": ticks})
    assert result.score == 0.0


def test_docstrings_that_only_say_the_name_again_do_not_count(tmp_path: Path) -> None:
    code = '''def load_data(path):
    """Load data."""
    frame = open(path)
    return frame


def train_model(features, labels):
    """This function trains the model from the given features and labels."""
    model = fit(features)
    return model


def rank(frame):
    """Highest risk first; ties keep the order of arrival."""
    frame = frame.sort_values("risk")
    return frame


def _hidden(x):
    x = x + 1
    return x
'''
    result = _judge(tmp_path, {**FILES, "fraudrank/features.py": code})
    assert [finding.seen for finding in result.findings if finding.rule == "docstring_missing"] == ["load_data", "train_model"]
    assert _share(result, "docstrings").value == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "Rank rows by risk of loss.\n\n    Args:\n        frame: the rows.\n        depth (int): how deep.\n",
        "Rank rows by risk of loss.\n\n    :param frame: the rows\n    :param depth: how deep\n",
        "Rank rows by risk of loss.\n\n    Parameters\n    ----------\n    frame : Frame\n        The rows.\n    depth : int\n",
    ],
)
def test_documented_parameters_that_are_not_there_are_named(tmp_path: Path, text: str) -> None:
    code = f'def rank(frame):\n    """{text}    """\n    frame = frame + 1\n    return frame\n'
    assert only(_judge(tmp_path, {**FILES, "fraudrank/features.py": code}), "docstring_disagrees").seen == "depth"


def test_a_report_with_substance_below_each_heading_is_met(tmp_path: Path) -> None:
    result = _reported(tmp_path, REPORT)
    assert (result.verdict, result.findings) == (Verdict.MET, ())


@pytest.mark.parametrize(
    ("report", "rule"),
    [
        (REPORT.replace("## Limits and Risks", "## Other"), "heading_missing"),
        (REPORT.replace(f"Risks\n\n{PROSE}", "Risks\n\nSome."), "heading_thin"),
        (REPORT.replace(f"Risks\n\n{PROSE}", "Risks\n\n" + "risk " * 60), "heading_thin"),
        (REPORT.replace(f"Risks\n\n{PROSE}", "Risks\n\n" + "- [x] all risks of this kind were verified\n" * 9), "heading_thin"),
        (REPORT.replace(f"Risks\n\n{PROSE}", f"Risks\n\n```\n{PROSE}\n```"), "heading_thin"),
        (REPORT.replace("None.", ""), "heading_thin"),
    ],
)
def test_a_heading_without_substance_is_named(tmp_path: Path, report: str, rule: str) -> None:
    result = _reported(tmp_path, report)
    assert only(result, rule).where.path == "REPORT.md"
    assert _share(result, "report").value == pytest.approx(2 / 3, abs=1e-4)


def test_a_report_of_the_briefs_own_words_has_no_substance(tmp_path: Path) -> None:
    result = _reported(tmp_path, REPORT, brief=f"Write a summary. For example: {PROSE}")
    assert _share(result, "report").value == pytest.approx(1 / 3, abs=1e-4)


def test_a_required_file_that_is_absent_or_empty_is_named(tmp_path: Path) -> None:
    assert {finding.rule for finding in _reported(tmp_path, None).findings} == {"no_report", "missing_file"}


def test_without_a_pack_the_readme_alone_is_judged(tmp_path: Path) -> None:
    result = docs(evidence_of(tmp_path, FILES), Settings())
    assert {one.name for one in result.measurements} == {"docs_readme", "docs_docstrings"}


def test_a_pack_that_weighs_nothing_asks_for_nothing(tmp_path: Path) -> None:
    settings = Settings(readme_weight=0, docstring_weight=0)
    assert docs(evidence_of(tmp_path, FILES), settings).fault is Fault.PACK


HOSTILE: list[Content] = [
    b"",
    b"\xff\xfe\x00" * 1000,
    "# " + "[" * 200_000,
    "`" * 300_000,
    "*" * 300_000,
    "a/" * 150_000,
    "(" * 100_000 + "\n" + "| " * 100_000,
    "```sh\npython '" + "x" * 100_000 + "\n$(rm -rf /)\n",
    "auc " * 80_000,
    "<" * 200_000 + "![" * 50_000,
    "x" * 400_000,
    "\n" * 399_000,
    "# \u202e\ud800\x1b[2J\n```\npython \x1b[31m.py\n```\n",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_document_breaks_the_check_or_runs_away(tmp_path: Path, text: Content) -> None:
    evidence = evidence_of(tmp_path, {"README.md": text, "REPORT.md": text}, pack=pack_of(), brief=BRIEF)
    result = docs(evidence, Settings())
    shown = result.to_json()
    assert "\\u001b" not in shown
    assert "\\u202e" not in shown.replace("\\\\u202e", "")
