"""What was tried, each judged from the same three origins: writes experiments.jsonl.

python compare.py --data data
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor

from shelfcast import data, evaluate, features, model
from shelfcast.censoring import repaired
from shelfcast.factors import learn_factors

Attempt = Callable[[pd.DataFrame, evaluate.Split], np.ndarray]
KEPT = ["store", "product", "units", "discount", "age"]


def median(known: pd.DataFrame, split: evaluate.Split) -> np.ndarray:
    """The same for all rows."""
    seen = known[["discount"]]
    floor = DummyRegressor(strategy="median")
    floor.fit(seen[split.fit], known.loc[split.fit, "units"])
    return floor.predict(seen[split.judge])


def trees(known: pd.DataFrame, split: evaluate.Split, repair: bool) -> np.ndarray:
    """Boosted trees on lags of at least 28 days, each series for itself."""
    past, ahead = known[split.fit], known[split.judge]
    past = past.assign(demand=repaired(past) if repair else past["units"])
    boosted = HistGradientBoostingRegressor(
        loss="poisson", max_iter=120, max_leaf_nodes=24, random_state=7
    )
    boosted.fit(features.build(past, past), past["demand"])
    return boosted.predict(features.build(past, ahead))


def factors_only(known: pd.DataFrame, split: evaluate.Split) -> np.ndarray:
    """The pooled model on raw sales, without repair and without recent level."""
    past = known[split.fit]
    factors = learn_factors(past)
    pooled = PoissonRegressor(alpha=1e-3, solver="newton-cholesky")
    pooled.fit(factors.design(past), past["units"])
    return pooled.predict(factors.design(known[split.judge]))


def whole(
    known: pd.DataFrame, split: evaluate.Split, **changes: object
) -> np.ndarray:
    """The work as handed in, or with one part changed."""
    return model.fit(known[split.fit], **changes).predict(known[split.judge])


def attempts() -> list[tuple[str, Attempt, str]]:
    """Name, how, and what it was meant to tell."""
    return [
        ("median", median, "floor"),
        ("trees, raw sales", partial(trees, repair=False), "is it the model?"),
        ("trees, repaired", partial(trees, repair=True), "empty shelves"),
        ("factors, raw sales", factors_only, "does pooling help by itself?"),
        (
            "factors, repaired once",
            partial(whole, rounds=1),
            "does the second round of the repair matter?",
        ),
        (
            "factors, one promotion effect for all",
            partial(whole, own_promotions=False),
            "do products answer to promotions differently?",
        ),
        ("factors, repaired, recent level", whole, "final"),
    ]


def judged(table: pd.DataFrame, attempt: Attempt) -> list[pd.DataFrame]:
    """Truth and forecast from each origin, on days that did not sell out.

    On a sold-out day nobody knows the demand, so it cannot be judged; leaving it out
    makes the judged days a little calmer than all days are.
    """
    parts = []
    for start in evaluate.origins(table):
        known = table[table["date"] < evaluate.until(start)]
        split = evaluate.parted(known, start)
        forecast = attempt(known, split)
        ahead = known[split.judge]
        left = ~ahead["sold_out"]
        print(f"  {start:%Y-%m-%d}", evaluate.wape(ahead["units"][left], forecast[left]))
        parts.append(ahead.loc[left, KEPT].assign(forecast=forecast[left]))
    return parts


def line_of(name: str, question: str, parts: list[pd.DataFrame]) -> dict[str, object]:
    rows = pd.concat(parts)
    series = rows["store"] + rows["product"]
    low, high = evaluate.interval(rows["units"].to_numpy(), rows["forecast"], series)
    slices = {"promotion": rows["discount"] > 0, "launch": rows["age"] < 60}
    return {
        "name": name,
        "change": question,
        "validation": "three origins, 28 days each, days that did not sell out",
        "metric": "wape",
        "value": round(evaluate.wape(rows["units"], rows["forecast"]), 3),
        "interval": [round(low, 3), round(high, 3)],
        "by_origin": [round(evaluate.wape(p["units"], p["forecast"]), 3) for p in parts],
    } | {
        slice_: round(evaluate.wape(rows["units"][where], rows["forecast"][where]), 3)
        for slice_, where in slices.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--log", type=Path, default=Path("experiments.jsonl"))
    options = parser.parse_args()
    history, _ = data.read(options.data)
    with options.log.open("w", encoding="utf-8") as log:
        for name, attempt, question in attempts():
            line = line_of(name, question, judged(history, attempt))
            log.write(json.dumps(line) + "\n")
            print(json.dumps(line))


if __name__ == "__main__":
    main()
