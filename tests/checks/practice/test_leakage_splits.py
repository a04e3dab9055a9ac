"""Splits as they are written by hand: rows kept apart are no leak, rows that only look apart are one."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from harness.model.practice import Practice
from tests.checks.practice.submissions import read_script

HEAD = """
import random
import numpy as np, pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
df = pd.read_csv("train.csv")
X, y = df[["a", "b"]], df["units"]
"""
ARRAYS = "X_tr, X_te, y_tr, y_te = X.iloc[tr], X.iloc[te], y.iloc[tr], y.iloc[te]\n"
MASKS = "X_tr, X_te, y_tr, y_te = X[tr], X[te], y[tr], y[te]\n"
FRAMES = "X_tr, y_tr, X_te, y_te = tr[['a']], tr['units'], te[['a']], te['units']\n"
JUDGED = "m = Ridge().fit(X_tr, y_tr)\nprint(mean_absolute_error(y_te, m.predict(X_te)))\n"


def material(practice: Practice) -> list[str]:
    return [leak.kind for leak in practice.leakage if leak.tier == "material"]


@pytest.mark.parametrize(
    "split",
    [
        "rng = np.random.default_rng(0)\nplaces = rng.permutation(len(df))\nn = int(0.8 * len(df))\ntr, te = places[:n], places[n:]\n",
        "rng = np.random.RandomState(0)\nplaces = rng.permutation(df.shape[0])\ntr, te = places[:800], places[800:]\n",
        "n = len(df)\nte = np.random.choice(n, 100, replace=False)\ntr = np.setdiff1d(np.arange(n), te)\n",
        "places = list(range(len(df)))\nrandom.shuffle(places)\nte = places[:100]\ntr = [i for i in places if i not in te]\n",
        "te = random.sample(range(len(df)), 100)\ntr = list(set(range(len(df))) - set(te))\n",
    ],
)
def test_places_drawn_at_random_and_those_that_are_left_are_a_split(split: str) -> None:
    assert read_script(HEAD + split + ARRAYS + JUDGED).leakage == ()


@pytest.mark.parametrize(
    "split",
    [
        "rng = np.random.RandomState(0)\ntr = rng.rand(len(df)) < 0.8\nte = ~tr\n",
        "te = df['day'] > '2024'\ntr = np.logical_not(te)\n",
        "te = df['day'].dt.month == 12\ntr = ~te\n",
        "drawn = np.random.choice(len(df), 100, replace=False)\ntr = np.ones(len(df), dtype=bool)\ntr[drawn] = False\nte = ~tr\n",
        "late = df['day'] > cut\nsold_out = df['stock'].eq(0)\ntr, te = ~late & ~sold_out, late & ~sold_out\n",
        "te = np.logical_and(df['day'] > '2024', df['a'] > 0)\ntr = df['day'] <= '2024'\n",
    ],
)
def test_masks_and_their_opposites_are_a_split(split: str) -> None:
    assert read_script(HEAD + split + MASKS + JUDGED).leakage == ()


@pytest.mark.parametrize(
    "split",
    [
        "tr, te = df[df.year < 2020], df[df['year'] == 2020]\n",
        "YEAR = 2020\ntr, te = df[df.year < YEAR], df[df['year'].eq(YEAR)]\n",
        "tr, te = df[df['year'].isin([2018, 2019])], df[df['year'] == 2020]\n",
        "tr, te = df[df.day.lt(start)], df[df['day'].between(start, end)]\n",
        "ids = df['user'].unique()\nheld = set(ids[:20])\ntr, te = df[~df['user'].isin(held)], df[df['user'].isin(held)]\n",
        "te = df.groupby('user').tail(1)\ntr = df.drop(te.index)\n",
        "tr, te = df.iloc[::2], df.iloc[1::2]\n",
        "tr, te = df.head(800), df.tail(200)\n",
        "drawn = np.random.choice(df.index, size=100, replace=False)\ntr, te = df.drop(drawn), df.loc[drawn]\n",
        "def past(table, day):\n    return table[table['day'] < day]\n"
        "def future(frame, day):\n    return frame[(frame['day'] >= day) & (frame['day'] < day + 28)]\n"
        "tr, te = past(df, 100), future(df, 100)\n",
    ],
)  # fmt: skip
def test_frames_parted_by_values_slices_and_functions_are_a_split(split: str) -> None:
    assert read_script(HEAD + split + FRAMES + JUDGED).leakage == ()


@pytest.mark.parametrize(
    "split",
    [
        "tr = te = df[(df.a > low) & (df.a < high)]\n",
        "tr, te = df[(df.a > 0) & (df.a < 10)], df\n",
        "tr, te = df[df.kind.isin(['A', 'B'])], df[df.kind == 'A']\n",
        "tr, te = df[:800], df[500:]\n",
        "tr, te = df[df.a < 100], df[df.a > 0]\n",
    ],
)
def test_filters_that_share_rows_are_no_split(split: str) -> None:
    assert material(read_script(HEAD + split + FRAMES + JUDGED)) == ["train_as_test"]


def test_what_is_learned_after_a_filter_of_two_bounds_is_seen_on_both_sides_of_the_split() -> None:
    lines = (
        "df = df[(df.a > 0) & (df.a < 10)]\ndf['b'] = df['b'].fillna(df['b'].mean())\nX, y = df[['a', 'b']], df['units']\n"
        "from sklearn.model_selection import train_test_split\nX_tr, X_te, y_tr, y_te = train_test_split(X, y)\n"
    )
    assert [leak.kind for leak in read_script(HEAD + lines + JUDGED).leakage] == ["preprocess_before_split"]


def test_masks_in_a_record_that_a_function_gave_keep_rows_apart() -> None:
    """The mask that fits and the one that judges are fields; a further condition joins the second."""
    lines = """
from dataclasses import dataclass
@dataclass(frozen=True)
class Parts:
    learn: np.ndarray
    judge: np.ndarray
def parted(table, start):
    judge = (table["day"] >= start).to_numpy()
    return Parts(learn=~judge, judge=judge)
empty = df["stock"].eq(0).to_numpy()
parts = parted(df, 100)
shown = parts.judge & ~empty
m = Ridge().fit(X[parts.learn], y[parts.learn])
print(mean_absolute_error(y[shown], m.predict(X[shown])))
"""
    assert read_script(HEAD + lines).leakage == ()


def test_a_model_of_all_rows_judged_on_the_part_kept_apart_is_train_as_test() -> None:
    """A model of the same class that was judged cleanly before does not excuse it."""
    lines = """
from sklearn.model_selection import train_test_split
X_tr, X_te, y_tr, y_te = train_test_split(X, y)
m = Ridge().fit(X_tr, y_tr)
print(mean_absolute_error(y_te, m.predict(X_te)))
m = Ridge()
m.fit(X, y)
print(mean_absolute_error(y_te, m.predict(X_te)))
"""
    assert material(read_script(HEAD + lines)) == ["train_as_test"]


def test_frames_that_an_unknown_function_gave_back_stay_apart() -> None:
    lines = """
from own_library import scaled
train, test = pd.read_csv("train.csv"), pd.read_csv("test.csv")
X_tr, X_te = scaled(train[["a"]], test[["a"]])
y_tr, y_te = train["units"], test["units"]
"""
    assert read_script(HEAD + lines + JUDGED).leakage == ()


def test_a_loop_that_may_break_does_not_always_reach_its_else() -> None:
    lines = """
import os
def load():
    for name in os.listdir("data"):
        if name.endswith(".csv"):
            break
    else:
        raise FileNotFoundError("none")
    return pd.read_csv(name)
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
df = load()
X, y = StandardScaler().fit_transform(df[["a"]]), df["units"]
X_tr, X_te, y_tr, y_te = train_test_split(X, y)
"""
    assert [leak.kind for leak in read_script(HEAD + lines + JUDGED).leakage] == ["preprocess_before_split"]


def test_old_splitters_that_are_iterated_themselves_are_cross_validation() -> None:
    lines = """
from sklearn.cross_validation import KFold
for tr, te in KFold(len(df), 5):
    m = Ridge().fit(X.iloc[tr], y.iloc[tr])
    print(mean_absolute_error(y.iloc[te], m.predict(X.iloc[te])))
"""
    found = read_script(HEAD + lines)
    assert (found.leakage, found.cross_validation) == ((), "clean")


def test_the_best_on_validation_rows_taken_from_the_training_rows_is_no_selection_on_test() -> None:
    """Also where the outer test rows were judged on earlier, by another model."""
    lines = """
from sklearn.model_selection import train_test_split
X_tr, X_te, y_tr, y_te = train_test_split(X, y)
print(mean_absolute_error(y_te, Ridge().fit(X_tr, y_tr).predict(X_te)))
X_in, X_val, y_in, y_val = train_test_split(X_tr, y_tr)
best = 1e9
for alpha in [0.1, 1, 10]:
    score = mean_absolute_error(y_val, Ridge(alpha=alpha).fit(X_in, y_in).predict(X_val))
    if score < best:
        best, kept = score, alpha
print(kept)
"""
    assert read_script(HEAD + lines).leakage == ()


def test_a_network_told_to_hold_rows_back_is_not_judged_on_fitted_rows_only() -> None:
    lines = """
from keras.models import Sequential
from keras.layers import Dense
model = Sequential([Dense(1)])
model.fit(X, y, VALIDATION epochs=5)
print(model.evaluate(X, y))
"""
    assert read_script(HEAD + lines.replace("VALIDATION", "validation_split=0.2,")).leakage == ()
    assert material(read_script(HEAD + lines.replace("VALIDATION", ""))) == ["train_as_test"]


def test_a_walk_forward_forecast_is_of_rows_that_were_not_learned_from() -> None:
    lines = """
from statsmodels.tsa.arima.model import ARIMA
past, future = y.values[:800], y.values[800:]
known, told = [one for one in past], []
for number in range(len(future)):
    told.append(ARIMA(known, order=(5, 1, 0)).fit().forecast()[0])
    known.append(future[number])
print(mean_absolute_error(future, told))
"""
    assert read_script(HEAD + lines).leakage == ()


def test_a_frame_made_again_has_the_rows_it_holds_not_those_its_column_names_are_of() -> None:
    lines = """
from sklearn.preprocessing import RobustScaler
X_train, X_test, y_train, y_test = train_test_split(X, y)
names = X_train.columns
scaler = RobustScaler()
X_train = pd.DataFrame(scaler.fit_transform(X_train), columns=[names])
X_test = pd.DataFrame(scaler.transform(X_test), columns=[names])
print(accuracy_score(y_test, LogisticRegression().fit(X_train, y_train).predict(X_test)))
"""
    assert read_script(HEAD + lines).leakage == ()


WATCHED = """
from imblearn.over_sampling import SMOTE
from keras.models import Sequential
from keras.layers import Dense
BEFORE
X_train, X_test, y_train, y_test = train_test_split(X, y)
AFTER
model = Sequential([Dense(1)])
model.compile(loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, validation_data=(X_test, y_test), epochs=5)
"""


def test_scores_shown_only_while_a_network_learns_are_scores_on_rows_that_were_resampled() -> None:
    early = WATCHED.replace("BEFORE", "X, y = SMOTE().fit_resample(X, y)").replace("AFTER", "")
    late = WATCHED.replace("AFTER", "X_train, y_train = SMOTE().fit_resample(X_train, y_train)").replace("BEFORE", "")
    assert material(read_script(HEAD + early)) == ["oversample_before_split"]
    assert read_script(HEAD + late).leakage == ()


def test_frames_given_the_same_columns_are_still_two_frames() -> None:
    lines = """
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_train, X_test = pd.get_dummies(X_train), pd.get_dummies(X_test)
X_train, X_test = X_train.align(X_test, join="left", axis=1, fill_value=0)
print(accuracy_score(y_test, LogisticRegression().fit(X_train, y_train).predict(X_test)))
"""
    assert read_script(HEAD + lines).leakage == ()


def test_arrays_of_one_file_are_those_that_were_saved_under_their_names() -> None:
    lines = """
a, b, c, d = train_test_split(X, y)
np.savez("arrays.npz", one=a, two=b, three=c, four=d)
kept = np.load("arrays.npz")
model = LogisticRegression().fit(kept["one"], kept["three"])
print(accuracy_score(kept["four"], model.predict(kept["two"])))
"""
    assert read_script(HEAD + lines).leakage == ()


def test_predictions_collected_over_folds_keep_what_was_learned_in_each_fold_apart() -> None:
    lines = """
collected = np.zeros(len(X))
for kept, held in StratifiedKFold(5).split(X, y):
    scaler = StandardScaler().fit(SEEN)
    model = LogisticRegression().fit(scaler.transform(X.iloc[kept]), y.iloc[kept])
    collected[held] = model.predict_proba(scaler.transform(X.iloc[held]))[:, 1]
print(roc_auc_score(y, collected))
"""
    head = HEAD + "from sklearn.model_selection import StratifiedKFold\nfrom sklearn.preprocessing import StandardScaler\n"
    assert read_script(head + lines.replace("SEEN", "X.iloc[kept]")).leakage == ()
    early = read_script(head + lines.replace("SEEN", "X")).leakage
    assert [leak.kind for leak in early] == ["preprocess_before_split"]
