"""The exploration check."""

from checks.eda import EdaSettings, eda
from harness.model.finding import Verdict
from tests.checks.practice.submissions import submission

EXPLORED = """
import pandas as pd
df = pd.read_csv("train.csv")
print(df.shape)
print(df.isna().sum())
print(df["churn"].value_counts())
print(df.describe())
print(df.corr())
X, y = df.drop(columns=["churn"]), df["churn"]
from sklearn.linear_model import LogisticRegression
LogisticRegression().fit(X, y)
"""


def test_five_shown_facets_with_gaps_target_and_a_relation_are_met() -> None:
    result = eda(submission({"main.py": EXPLORED}), EdaSettings())
    assert result.verdict is Verdict.MET
    assert {finding.rule for finding in result.findings} >= {"facet_target", "facet_missingness", "facet_shape"}


def test_the_same_code_under_a_false_condition_is_not_met() -> None:
    dead = "if False:\n" + "\n".join(f"    {line}" for line in EXPLORED.strip().splitlines())
    result = eda(submission({"main.py": dead}), EdaSettings())
    assert result.verdict is Verdict.NOT_MET
    assert result.findings[0].rule == "absent"


def test_a_file_that_cannot_be_read_makes_absence_unknown_and_never_zero() -> None:
    result = eda(submission({"main.py": "x = (\n" * 3}), EdaSettings())
    assert result.verdict is Verdict.NOT_MEASURED
    assert result.score is None


def test_bare_expressions_in_a_script_touch_facets_that_nobody_sees() -> None:
    unseen = EXPLORED.replace("print(", "(")
    result = eda(submission({"main.py": unseen}), EdaSettings())
    assert result.verdict is Verdict.PARTIAL


def test_56_looking_in_another_tool_is_not_counted_and_its_file_is_asked_for() -> None:
    result = eda(
        submission(
            {"main.py": "import pandas as pd\ndf = pd.read_csv('a.csv')\n", "README.md": "I explored the data in Tableau."}
        ),
        EdaSettings(),
    )
    assert result.verdict is Verdict.NOT_MET
    assert {finding.rule for finding in result.findings} == {"absent", "elsewhere"}


def test_a_submission_whose_exploring_file_is_taken_out_has_none() -> None:
    """Lengths that are asserted, and what predictions pick, are about the work and not about the data."""
    model = (
        "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
        "df = pd.read_csv('train.csv')\nX, y = df.drop(columns=['churn']), df['churn']\nassert len(X) == len(y)\n"
        "chances = LogisticRegression().fit(X, y).predict_proba(X)[:, 1]\n"
        "print('in the first 50:', y.values[np.argsort(-chances)[:50]].mean())\n"
    )
    whole = eda(submission({"explore.py": EXPLORED, "train.py": model}), EdaSettings())
    without = eda(submission({"train.py": model}), EdaSettings())
    assert whole.verdict is Verdict.MET
    assert without.verdict is Verdict.NOT_MET
    assert [finding.rule for finding in without.findings] == ["absent"]


def test_work_that_excels_was_not_made_in_excel() -> None:
    code = "import pandas as pd\ndf = pd.read_csv('a.csv')\n"
    for text, told in (("These figures excel at nothing.", False), ("Explored in Excel first.", True)):
        result = eda(submission({"main.py": code, "README.md": text}), EdaSettings())
        assert ("elsewhere" in {finding.rule for finding in result.findings}) is told
