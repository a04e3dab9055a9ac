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
WARM_UP_DAYS = 84


def median(table: pd.DataFrame, split: evaluate.Split) -> np.ndarray:
    """The same for all rows."""
    past, rows = table[split.fit], table[split.judge]
    floor = DummyRegressor(strategy="median").fit(past[["discount"]], past["units"])
    return floor.predict(rows[["discount"]])


def trees(table: pd.DataFrame, split: evaluate.Split, learned_from: str) -> np.ndarray:
    """Boosted trees on lags of at least 28 days, each series for itself."""
    numbers = features.build(table.assign(demand=table[learned_from]), table)
    warm = (table["date"] - table["date"].min()).dt.days >= WARM_UP_DAYS
    fit = split.fit & warm.to_numpy()
    boosted = HistGradientBoostingRegressor(
        loss="poisson", max_iter=120, max_leaf_nodes=24, random_state=7
    )
    boosted.fit(numbers[fit], table.loc[fit, learned_from])
    return boosted.predict(numbers[split.judge])


def factors_only(table: pd.DataFrame, split: evaluate.Split) -> np.ndarray:
    """The pooled model on raw sales, without repair and without recent level."""
    past, rows = table[split.fit], table[split.judge]
    known = learn_factors(past)
    pooled = PoissonRegressor(alpha=1e-3, solver="newton-cholesky")
    pooled.fit(known.design(past), past["units"])
    return pooled.predict(known.design(rows))


def whole(table: pd.DataFrame, split: evaluate.Split, **changes: object) -> np.ndarray:
    """The work as handed in, or with one part changed."""
    return model.fit(table[split.fit], **changes).predict(table[split.judge])


def attempts() -> list[tuple[str, Attempt, str]]:
    """Name, how, and what it was meant to tell."""
    return [
        ("median", median, "floor"),
        ("trees, raw sales", partial(trees, learned_from="units"), "is it the model?"),
        ("trees, repaired", partial(trees, learned_from="demand"), "empty shelves"),
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
    """Truth and forecast of each origin, on days that did not sell out.

    On a sold-out day nobody knows the demand, so it cannot be judged; leaving it out
    makes the judged days a little calmer than all days are.
    """
    parts = []
    for split in evaluate.rolling_origins(table):
        rows = table.loc[split.judge, ["store", "product", "units", "discount", "age"]]
        rows = rows.assign(forecast=attempt(table, split))
        parts.append(rows[~table.loc[split.judge, "sold_out"]])
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
    table = history.assign(demand=repaired(history))
    with options.log.open("w", encoding="utf-8") as log:
        for name, attempt, question in attempts():
            line = line_of(name, question, judged(table, attempt))
            log.write(json.dumps(line) + "\n")
            print(json.dumps(line))


if __name__ == "__main__":
    main()
