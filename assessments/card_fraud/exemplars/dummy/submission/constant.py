"""Give every transaction the same score: the share of chargebacks in train.csv."""

import sys
from pathlib import Path

import pandas as pd

data, out = Path(sys.argv[1]), Path(sys.argv[2])
share = pd.read_csv(data / "train.csv")["charged_back"].mean()
score = pd.read_csv(data / "score.csv")
pd.DataFrame({"txn_id": score["txn_id"], "score": share}).to_csv(out, index=False)
