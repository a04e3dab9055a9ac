"""The look at the data that came first: prints what REPORT.md speaks of.

python explore.py data
"""

import sys

import pandas as pd

train = pd.read_csv(sys.argv[1] + "/train.csv", parse_dates=["date", "listed_on"])
score = pd.read_csv(sys.argv[1] + "/score.csv", parse_dates=["date", "listed_on"])

print("rows and columns", train.shape, score.shape)
print(train.dtypes)
print("gaps", train.isna().mean(), score.isna().mean())
print("two rows of a day", train.duplicated(["date", "store", "product"]).sum())
print("units", train["units"].describe())
print(train["units"].value_counts(bins=[-50, -1, 0, 5, 10, 20, 50, 500], sort=False))
print("categories", train["category"].value_counts(), score["category"].value_counts())
print("status", train["promo_status"].value_counts())

print("sold out", (train["closing_stock"] == 0).groupby(train["store"]).mean())
print("rows by month and store, to find absent days")
print(pd.crosstab(train["date"].dt.to_period("M"), train["store"]))
print("days of P901", train.loc[train["product"] == "P901", "date"].agg(["min", "max"]))
print("listed in the weeks to forecast", score.groupby("product")["listed_on"].max())

print("units under promotions")
print(train.groupby(["promo_status", "promo_depth"])["units"].mean())
print("units by weekday", train.groupby(train["date"].dt.day_of_week)["units"].mean())
print("what goes with units", train.corr(numeric_only=True)["units"])
print("replen in the weeks to forecast", score["replen"].describe())
