"""What was tried, each judged on the same last month: writes experiments.jsonl.

python compare.py --data data
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from fraudrank import data, evaluate, features, model


Candidate = tuple[str, ClassifierMixin, pd.DataFrame, str]


def scores_of(
    estimator: ClassifierMixin, table: pd.DataFrame, numbers: pd.DataFrame
) -> np.ndarray:
    """Fit before the last month and score it; nothing of that month is seen."""
    split = evaluate.by_time(table)
    learn = split.fit & ~table["repeat"].to_numpy()
    estimator.fit(numbers[learn], table.loc[learn, data.TARGET].astype(int))
    return estimator.predict_proba(numbers[split.judge])[:, 1]


def logistic() -> Pipeline:
    return make_pipeline(
        SimpleImputer(strategy="median"),
        StandardScaler(),
        LogisticRegression(max_iter=500),
    )


def candidates(numbers: pd.DataFrame) -> list[Candidate]:
    """Name, estimator, features, and what it was meant to tell."""
    itself = numbers[features.OF_THE_ROW]
    without_card = numbers.drop(columns=[c for c in numbers if c.startswith("card_")])
    boosted = model.new_model
    return [
        ("prevalence", DummyClassifier(), itself, "floor of the metric"),
        ("logistic, row alone", logistic(), itself, "simple baseline"),
        ("boosted, row alone", boosted(), itself, "is it the model?"),
        ("logistic, with history", logistic(), numbers, "is it the features?"),
        ("boosted, with history", boosted(), numbers, "final"),
        ("boosted, no card counts", boosted(), without_card, "do bursts matter?"),
        (
            "boosted, with history, balanced",
            boosted(class_weight="balanced"),
            numbers,
            "does weighting the rare class help the order?",
        ),
        (
            "boosted, with history, larger",
            boosted(max_leaf_nodes=31, max_iter=200),
            numbers,
            "is there more to gain from size?",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--log", type=Path, default=Path("experiments.jsonl"))
    parser.add_argument("--threshold", type=Path, default=Path("threshold.json"))
    options = parser.parse_args()
    table, _ = data.read(options.data)
    numbers = features.build(table)
    truth = table.loc[evaluate.by_time(table).judge, data.TARGET].to_numpy(int)
    with options.log.open("w", encoding="utf-8") as log:
        for name, estimator, seen, question in candidates(numbers):
            scores = scores_of(estimator, table, seen)
            result = evaluate.judge(truth, scores)
            low, high = evaluate.interval(truth, scores)
            line = {
                "name": name,
                "change": question,
                "validation": "fit before 2025-07-31, judged on the 30 days after",
                "metric": "average_precision",
                "value": round(result["average_precision"], 3),
                "interval": [round(low, 3), round(high, 3)],
                "precision_at_capacity": round(result["precision_at_capacity"], 3),
            }
            log.write(json.dumps(line) + "\n")
            print(json.dumps(line))
            if question == "final":
                write_threshold(result, options.threshold)


def write_threshold(result: dict[str, float], path: Path) -> None:
    chosen = {
        "threshold": round(result["threshold"], 4),
        "share_reviewed": evaluate.CAPACITY,
        "reason": "highest 0.5 % of the scores of the validation month, the capacity "
        "of the team; set again each week, because scores drift with the attacks",
    }
    path.write_text(json.dumps(chosen, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
