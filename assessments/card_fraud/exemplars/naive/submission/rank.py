"""Rank the rows of score.csv with a logistic regression on the raw columns."""

import sys

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

NUMBERS = ["amount", "home_zone", "merchant_zone", "customer_days", "device_age_days"]
NAMES = ["programme", "category", "channel", "acquirer"]

data, out = sys.argv[1], sys.argv[2]
train = pd.read_csv(data + "/train.csv")
score = pd.read_csv(data + "/score.csv")

print(train.shape)
print(train.isna().mean())
print(train["charged_back"].value_counts(normalize=True))

columns = make_column_transformer(
    (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS),
    (OneHotEncoder(handle_unknown="ignore"), NAMES),
)
model = make_pipeline(columns, LogisticRegression(max_iter=300))

if "--check" in sys.argv:
    fit, held = train_test_split(
        train, test_size=0.25, stratify=train["charged_back"], random_state=1
    )
    model.fit(fit, fit["charged_back"])
    held_scores = model.predict_proba(held)[:, 1]
    print("average precision", average_precision_score(held["charged_back"], held_scores))

model.fit(train, train["charged_back"])
result = pd.DataFrame({"txn_id": score["txn_id"], "score": model.predict_proba(score)[:, 1]})
result.to_csv(out, index=False)
