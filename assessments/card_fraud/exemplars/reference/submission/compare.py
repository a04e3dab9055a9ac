"""What was tried, each judged on the same last month: writes experiments.jsonl.

python compare.py --data data
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from fraudrank import data, evaluate, features, model
from sklearn.base import ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FINAL = "boosted, with history"


class Candidate(NamedTuple):
    """One thing to try."""

    name: str
    estimator: ClassifierMixin
    features: pd.DataFrame
    change: str
    learned: str


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
    """What was tried, in this order, each with what changed and what it taught."""
    itself = numbers[features.OF_THE_ROW]
    without_card = numbers.drop(columns=[c for c in numbers if c.startswith("card_")])
    balanced = model.new_model(class_weight="balanced")
    larger = model.new_model(max_leaf_nodes=31, max_iter=200)
    return [
        Candidate(
            "prevalence", DummyClassifier(), itself, "nothing", "floor of the metric"
        ),
        Candidate(
            "logistic, row alone",
            logistic(),
            itself,
            "simple baseline",
            "a row says little by itself, to a straight line least of all",
        ),
        Candidate(
            "boosted, row alone",
            model.new_model(),
            itself,
            "another model, same features",
            "the model helps, but not enough",
        ),
        Candidate(
            "logistic, with history",
            logistic(),
            numbers,
            "same baseline, features of the past",
            "features are worth more than the model",
        ),
        Candidate(
            FINAL, model.new_model(), numbers, "both", "both together: kept as final"
        ),
        Candidate(
            "boosted, no card counts",
            model.new_model(),
            without_card,
            "without what the card did before",
            "bursts on one card carry a good part of the result",
        ),
        Candidate(
            "boosted, with history, balanced",
            balanced,
            numbers,
            "classes weighted equally",
            "order no better: left alone, threshold from capacity instead",
        ),
        Candidate(
            "boosted, with history, larger",
            larger,
            numbers,
            "twice the leaves and trees",
            "no more than noise: the smaller one stays",
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
        for one in candidates(numbers):
            scores = scores_of(one.estimator, table, one.features)
            result = evaluate.judge(truth, scores)
            log.write(json.dumps(line_of(one, result, truth, scores)) + "\n")
            print(one.name, round(result["average_precision"], 3))
            if one.name == FINAL:
                write_threshold(result, options.threshold)


def line_of(
    one: Candidate, result: dict[str, float], truth: np.ndarray, scores: np.ndarray
) -> dict[str, object]:
    low, high = evaluate.interval(truth, scores)
    return {
        "name": one.name,
        "change": one.change,
        "validation": "fit before 2025-07-31, judged on the 30 days after",
        "metric": "average_precision",
        "value": round(result["average_precision"], 3),
        "interval": [round(low, 3), round(high, 3)],
        "precision_at_capacity": round(result["precision_at_capacity"], 3),
        "learned": one.learned,
    }


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
