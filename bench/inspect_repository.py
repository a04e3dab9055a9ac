"""Reading alone: a repository of 50 files with 5 notebooks, and many single scripts in one process."""

import json
import tempfile
from pathlib import Path

from clock import PYTHON, seconds, told

CELLS = [
    "import pandas as pd\nfrom sklearn.model_selection import train_test_split\ndf = pd.read_csv('data/train.csv')",
    "df.describe()\ndf.isna().sum()\ndf['target'].value_counts()",
    "X, y = df.drop(columns='target').fillna(0), df['target']\nX_train, X_test, y_train, y_test = train_test_split(X, y)",
    "from sklearn.linear_model import LogisticRegression\n"
    "model = LogisticRegression(class_weight='balanced').fit(X_train, y_train)",
    "from sklearn.metrics import roc_auc_score\nprint(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))",
]
FUNCTION = (
    'def step_{n}(frame, column="c{n}"):\n    """Fill one column."""\n'
    "    return frame.assign(**{{column: frame[column].fillna(0)}})\n\n\n"
)


def write_repository(root: Path) -> Path:
    cells = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None} for text in CELLS * 5
    ]
    notebook = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    for number in range(5):
        (root / f"analysis_{number}.ipynb").write_text(notebook)
    for number in range(45):
        place = root / "package" / f"module_{number}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text("".join(FUNCTION.format(n=index) for index in range(12)))
    return root


if __name__ == "__main__":
    harness = PYTHON.parent / "harness"
    with tempfile.TemporaryDirectory() as folder:
        repository = write_repository(Path(folder))
        print(told("harness checks (imports, nothing read)", seconds([harness, "checks"])))
        print(told("harness inspect, 50 files, 5 notebooks", seconds([harness, "inspect", repository, "--json"])))
        scripts = sorted((repository / "package").iterdir())
        many = seconds([harness, "inspect", *scripts, "--jsonl", "--facts"], runs=3)
        print(told(f"harness inspect --jsonl --facts, {len(scripts)} scripts", many))
