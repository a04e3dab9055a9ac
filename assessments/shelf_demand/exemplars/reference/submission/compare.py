"""What was tried, each judged from the same three origins: writes experiments.jsonl.

python compare.py --data data
"""

import argparse
import json
from pathlib import Path

import pandas as pd
from sklearn.base import RegressorMixin
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from shelfcast import data, evaluate, features, model
from shelfcast.censoring import repaired

LAGS = [f"mean_{days}" for days in features.WINDOWS] + ["same_weekday"]
ALL = [*features.OF_THE_PLAN, *features.CODED, *LAGS]
Trial = tuple[str, RegressorMixin, bool, list[str], str]


def linear() -> Pipeline:
    return make_pipeline(
        SimpleImputer(strategy="median"),
        StandardScaler(),
        PoissonRegressor(alpha=0.01, max_iter=300),
    )


def trials() -> list[Trial]:
    """Name, estimator, repaired or not, columns, and what it was meant to tell."""
    return [
        ("median", DummyRegressor(strategy="median"), False, LAGS, "floor"),
        ("linear on lags", linear(), False, LAGS, "is a weighted mean enough?"),
        ("boosted, raw sales", model.new_model(), False, ALL, "is it the model?"),
        ("boosted, repaired", model.new_model(), True, ALL, "final"),
        (
            "boosted, repaired, larger",
            model.new_model(max_leaf_nodes=48, max_iter=240),
            True,
            ALL,
            "is there more to gain from size?",
        ),
    ]


def judged(table: pd.DataFrame, trial: Trial) -> tuple[list[float], pd.DataFrame]:
    """WAPE from each origin, and all rows that were judged with their forecast.

    Everything is learned before the origin, the repair of sold-out days included. On a
    sold-out day nobody knows the demand, so it cannot be judged; leaving it out makes
    the judged days a little calmer than all days are.
    """
    _, estimator, repair, columns, _ = trial
    errors, parts = [], []
    for start in evaluate.origins(table):
        known = table[table["date"] < evaluate.until(start)]
        split = evaluate.parted(known, start)
        past, ahead = known[split.fit], known[split.judge]
        past = past.assign(demand=repaired(past) if repair else past["units"])
        learn = past[model.warm(past)]
        estimator.fit(features.build(past, learn)[columns], learn["demand"])
        forecast = estimator.predict(features.build(past, ahead)[columns])
        left = ~ahead["sold_out"]
        errors.append(evaluate.wape(ahead["units"][left], forecast[left]))
        rows = ahead[["store", "product", "units"]].assign(forecast=forecast)
        parts.append(rows[left])
    return errors, pd.concat(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--log", type=Path, default=Path("experiments.jsonl"))
    options = parser.parse_args()
    history, _ = data.read(options.data)
    with options.log.open("w", encoding="utf-8") as log:
        for trial in trials():
            errors, rows = judged(history, trial)
            series = rows["store"] + rows["product"]
            low, high = evaluate.interval(rows["units"], rows["forecast"], series)
            line = {
                "name": trial[0],
                "change": trial[-1],
                "validation": "three origins, 28 days each, days that did not sell out",
                "metric": "wape",
                "value": round(evaluate.wape(rows["units"], rows["forecast"]), 3),
                "interval": [round(low, 3), round(high, 3)],
                "by_origin": [round(error, 3) for error in errors],
            }
            log.write(json.dumps(line) + "\n")
            print(json.dumps(line))


if __name__ == "__main__":
    main()
