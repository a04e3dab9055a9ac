"""Reading the two files, putting right what is wrong in them, writing predictions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from fraudrank.maturity import age_days

TARGET = "charged_back"
SAME_MESSAGE = ["time", "card_id", "merchant_id", "amount"]
# Filled after the outcome, or computed from it: see "Data findings" in REPORT.md.
NOT_KNOWN_IN_TIME = ["queue_min", "merchant_dispute_rate"]


def read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Train and score, cleaned together so that both are treated alike."""
    train = pd.read_csv(folder / "train.csv")
    score = pd.read_csv(folder / "score.csv")
    both = clean(pd.concat([train, score], ignore_index=True))
    known, new = both.iloc[: len(train)], both.iloc[len(train) :]
    known = known.assign(age_days=age_days(known["time"]))
    return known, new.reset_index(drop=True)


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """One row for each row of raw: times parsed, euros everywhere, repeats marked."""
    table = raw.drop(columns=NOT_KNOWN_IN_TIME, errors="ignore").copy()
    table["time"] = parse_times(table["timestamp"])
    table["amount_sent"] = table["amount"]
    table["amount"] = in_euros(table)
    table["repeat"] = table.sort_values("txn_id").duplicated(SAME_MESSAGE)
    return table.drop(columns="timestamp")


def parse_times(written: pd.Series) -> pd.Series:
    """Both formats in use: ISO with seconds, and day/month/year without."""
    iso = pd.to_datetime(written, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    day_first = pd.to_datetime(written, format="%d/%m/%Y %H:%M", errors="coerce")
    times = iso.fillna(day_first)
    if times.isna().any():
        example = written[times.isna()].iloc[0]
        raise ValueError(f"a timestamp is in neither known format: {example!r}")
    return times


def in_euros(table: pd.DataFrame) -> pd.Series:
    """Amounts in euros.

    One acquirer began to send cents at some point. Cents are whole numbers and euros
    hardly ever are, so a day on which nearly all amounts of an acquirer are whole is a
    day of cents. The rule needs no date and survives a repair of the feed.
    """
    whole = table["amount"] == table["amount"].round()
    days = [table["acquirer"], table["time"].dt.normalize()]
    in_cents = whole.groupby(days).transform("mean") > 0.8
    return table["amount"].where(~in_cents, table["amount"] / 100)


def write_predictions(ids: Sequence[str], scores: Sequence[float], path: Path) -> None:
    """Write one score for each id; refuses what could not be ranked."""
    values = np.asarray(scores, dtype=float)
    if len(ids) != len(values):
        raise ValueError(f"there are {len(ids)} ids and {len(values)} scores")
    if not np.isfinite(values).all():
        raise ValueError("every score has to be a finite number")
    table = pd.DataFrame({"txn_id": list(ids), "score": values})
    table.to_csv(path, index=False)
