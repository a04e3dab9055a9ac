"""Build the five features with a group-by over all event files."""

import sys
from pathlib import Path

import pandas as pd

data, out = Path(sys.argv[1]), Path(sys.argv[2])
files = sorted(data.glob("events_*.csv"))
events = pd.concat([pd.read_csv(path, dtype=str) for path in files], ignore_index=True)
print(events.shape)
print(events.isna().mean())

events["at"] = pd.to_datetime(events["event_time"], errors="coerce")
events["value"] = pd.to_numeric(events["amount"], errors="coerce").fillna(0.0)
events.loc[events["kind"] == "refund", "value"] *= -1

pairs = pd.read_csv(data / "pairs.csv", dtype=str)
pairs["as_of"] = pd.to_datetime(pairs["as_of"])
rows = pairs.merge(events[["customer", "kind", "category", "at", "value"]], on="customer")
rows = rows[rows["at"] <= rows["as_of"]].sort_values(["pair_id", "at"], kind="stable")
week = rows[rows["at"] > rows["as_of"] - pd.Timedelta(days=7)]
month = rows[rows["at"] > rows["as_of"] - pd.Timedelta(days=30)]
bought = month[month["kind"] == "purchase"]

gap = week.groupby("pair_id")["at"].diff()
begins = week[gap.isna() | (gap >= pd.Timedelta(minutes=30))]
counts = bought.groupby(["pair_id", "category"]).size().reset_index(name="count")
counts = counts.sort_values(["pair_id", "count", "category"], ascending=[True, False, True])

table = pairs[["pair_id"]].set_index("pair_id")
table["orders_7d"] = week[week["kind"] == "purchase"].groupby("pair_id").size()
table["spend_30d"] = month.groupby("pair_id")["value"].sum().round(2)
table["sessions_7d"] = begins.groupby("pair_id").size()
numbers = ["orders_7d", "spend_30d", "sessions_7d"]
table[numbers] = table[numbers].fillna(0)
table[["orders_7d", "sessions_7d"]] = table[["orders_7d", "sessions_7d"]].astype(int)
table["last_event"] = rows.groupby("pair_id")["at"].max().dt.strftime("%Y-%m-%dT%H:%M:%SZ")
table["top_category"] = counts.groupby("pair_id")["category"].first()
table.reset_index().to_csv(out, index=False)
