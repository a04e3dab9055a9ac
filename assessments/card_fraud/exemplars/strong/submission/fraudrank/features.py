"""What the model sees of a transaction: itself, and how unusual it is for its card."""

import numpy as np
import pandas as pd

from fraudrank.data import SAME_MESSAGE
from fraudrank.history import History

PLAIN = ["amount", "home_zone", "merchant_zone", "customer_days", "device_age_days"]
LEVELS = {
    "programme": ["standard", "student", "business"],
    "channel": ["pos", "online"],
    "acquirer": ["north", "east", "south", "west"],
    "category": [
        "groceries", "fuel", "restaurants", "fashion", "electronics", "travel",
        "pharmacy", "home", "digital_goods",
    ],
}  # fmt: skip
OF_THE_ROW = [*PLAIN, "hour", "is_refund", "away", *LEVELS]
MINUTE, HOUR, DAY = 60, 3_600, 86_400
SHORT_SPANS = {"10m": 10 * MINUTE, "40m": 40 * MINUTE, "6h": 6 * HOUR}
TINY_EUROS, NEW_DEVICE_DAYS = 4.0, 3.0
SPANS = {"15m": 15 * MINUTE, "1h": HOUR, "1d": DAY, "7d": 7 * DAY}


def build(table: pd.DataFrame) -> pd.DataFrame:
    """One row of numbers for each row of a cleaned table, from itself and its past.

    Repeated messages are not purchases: they are left out of all histories and get the
    numbers of the message that they repeat.
    """
    purchases = table[~table["repeat"]].reset_index(drop=True)
    numbers = pd.concat([_itself(purchases), _past(purchases)], axis=1)
    row_of = purchases[SAME_MESSAGE].assign(row=np.arange(len(purchases)))
    row_of = row_of.drop_duplicates(SAME_MESSAGE)
    rows = table[SAME_MESSAGE].merge(row_of, on=SAME_MESSAGE, how="left")["row"]
    return numbers.iloc[rows].set_axis(table.index)


def _itself(table: pd.DataFrame) -> pd.DataFrame:
    numbers = table[PLAIN].astype(float)
    numbers["hour"] = table["time"].dt.hour.astype(float)
    numbers["is_refund"] = (table["amount"] < 0).astype(float)
    numbers["away"] = (table["home_zone"] != table["merchant_zone"]).astype(float)
    for column, known in LEVELS.items():
        # A level unseen in training becomes missing, which the trees accept.
        place = {level: number for number, level in enumerate(known)}
        numbers[column] = table[column].map(place).astype(float)
    return numbers


def _past(table: pd.DataFrame) -> pd.DataFrame:
    seconds = table["time"].astype("datetime64[s]").astype("int64").to_numpy()
    size = table["amount"].abs().to_numpy()
    log_size = np.log(np.maximum(size, 0.2))
    card = History(table["card_id"], seconds)
    merchant = History(table["merchant_id"], seconds)
    pair = History(table["card_id"] + table["merchant_id"], seconds)
    usual = card.mean(log_size)
    spread = np.sqrt(np.maximum(card.mean(log_size**2) - usual**2, 0.05))
    tiny = (size < TINY_EUROS).astype(float)
    new_device = (table["device_age_days"] < NEW_DEVICE_DAYS).to_numpy(float)
    numbers = {
        "log_amount": log_size,
        "against_card": log_size - usual,
        "against_card_in_spreads": (log_size - usual) / spread,
        "against_merchant": log_size - merchant.mean(log_size),
        "card_purchases_before": card.count(),
        "card_seconds_since_last": card.since_last(),
        "first_time_at_merchant": pair.count() == 0,
    }
    for name, span in SPANS.items():
        numbers[f"card_count_{name}"] = card.count(span)
        numbers[f"card_total_{name}"] = card.total(size, span)
        numbers[f"merchant_count_{name}"] = merchant.count(span)
    for name, span in SHORT_SPANS.items():
        # Card testing: many small purchases of different cards at one merchant.
        numbers[f"merchant_tiny_{name}"] = merchant.total(tiny, span)
    for name, span in {"1h": HOUR, "1d": DAY}.items():
        # Misuse after a breach: first purchases from a device nobody knows.
        numbers[f"merchant_new_devices_{name}"] = merchant.total(new_device, span)
        numbers[f"card_new_devices_{name}"] = card.total(new_device, span)
    return pd.DataFrame(numbers).astype(float)
