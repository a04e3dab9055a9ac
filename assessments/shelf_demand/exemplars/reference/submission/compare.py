"""What was tried, each judged from the same three origins: writes experiments.jsonl.

python compare.py --data data
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.dummy import DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from shelfcast import data, evaluate, features, model

LAGS = [f"mean_{days}" for days in features.WINDOWS] + ["same_weekday"]
Trial = tuple[str, object, str, list[str] | None, str]


def linear() -> Pipeline:
    return make_pipeline(
        SimpleImputer(strategy="median"),
        StandardScaler(),
        PoissonRegressor(alpha=0.01, max_iter=300),
    )


def trials() -> list[Trial]:
    """Name, estimator, what it learns from, columns, and what it was meant to tell."""
    sold, demand = data.TARGET, "demand"
    return [
        ("median", DummyRegressor(strategy="median"), sold, LAGS, "floor"),
        ("linear on lags", linear(), sold, LAGS, "is a weighted mean enough?"),
        ("boosted, raw sales", model.new_model(), sold, None, "is it the model?"),
        ("boosted, repaired", model.new_model(), demand, None, "final"),
        (
            "boosted, repaired, larger",
            model.new_model(max_leaf_nodes=48, max_iter=240),
            demand,
            None,
            "is there more to gain from size?",
        ),
    ]


def judged(table: pd.DataFrame, trial: Trial) -> list[tuple[np.ndarray, ...]]:
    """Truth and forecast of each origin, on days that did not sell out.

    On a sold-out day nobody knows the demand, so it cannot be judged; leaving it out
    makes the judged days a little calmer than all days are.
    """
    _, estimator, learned_from, columns, _ = trial
    parts = []
    numbers = features.build(table.assign(demand=table[learned_from]), table)
    numbers = numbers[columns] if columns else numbers
    for split in evaluate.rolling_origins(table):
        fit = split.fit & model.warm(table)
        judge = split.judge & ~table["sold_out"].to_numpy()
        estimator.fit(numbers[fit], table.loc[fit, learned_from])
        forecast = estimator.predict(numbers[judge])
        rows = table[judge]
        parts.append((rows["units"].to_numpy(), forecast, rows["store"] + rows["product"]))
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--log", type=Path, default=Path("experiments.jsonl"))
    options = parser.parse_args()
    history, _ = data.read(options.data)
    table = model.with_demand(history)
    with options.log.open("w", encoding="utf-8") as log:
        for trial in trials():
            parts = judged(table, trial)
            truth, forecast, series = (np.concatenate(part) for part in zip(*parts))
            low, high = evaluate.interval(truth, forecast, pd.Series(series))
            line = {
                "name": trial[0],
                "change": trial[-1],
                "validation": "three origins, 28 days each, days that did not sell out",
                "metric": "wape",
                "value": round(evaluate.wape(truth, forecast), 3),
                "interval": [round(low, 3), round(high, 3)],
                "by_origin": [round(evaluate.wape(t, f), 3) for t, f, _ in parts],
            }
            log.write(json.dumps(line) + "\n")
            print(json.dumps(line))


if __name__ == "__main__":
    main()
