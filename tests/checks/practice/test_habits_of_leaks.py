"""Habits by which the target, copies of rows or later rows get into what a model learns from."""

import pytest

from checks.practice.read import read_practice
from harness.model.facts import Facts
from tests.checks.practice.submissions import read_script, submission

READ = 'df = pd.read_csv("data.csv")\n'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, df['t'], test_size=0.3, random_state=1)\n"
END = "model = LogisticRegression()\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"


def kinds(code: str) -> set[str]:
    return {leak.kind for leak in read_script(code).leakage}


@pytest.mark.parametrize(
    "joined",
    [
        "r = df.groupby('city')['t'].mean().reset_index(name='rate')\nX = df.merge(r, on='city')[['age', 'rate']]\n",
        "r = df.groupby('city', as_index=False)['t'].mean().rename(columns={'t': 'rate'})\n"
        "X = df.merge(r, on='city')[['age', 'rate']]\n",
        "r = df.groupby('city')['t'].mean().rename('rate')\nX = df.join(r, on='city')[['age', 'rate']]\n",
        "X = df.join(df.groupby('city')['t'].mean(), on='city', rsuffix='_rate')[['age', 't_rate']]\n",
        "r = df.groupby('city').agg(rate=('t', 'mean')).reset_index()\nX = df.merge(r, on='city')[['age', 'rate']]\n",
        "r = df.groupby('city').agg({'t': 'mean'}).reset_index()\nr.columns = ['city', 'rate']\n"
        "X = df.merge(r, on='city')[['age', 'rate']]\n",
    ],
)
def test_group_means_of_the_target_joined_before_the_split_are_an_encoding_by_it(joined: str) -> None:
    assert kinds(READ + joined + SPLIT + END) == {"target_encoding"}


@pytest.mark.parametrize(
    "joined",
    [
        "r = df.groupby('city')['t'].mean().reset_index(name='rate')\nX = df.merge(r, on='city')[['age', 'income']]\n",
        "r = df.groupby('city')['t'].count().reset_index(name='seen')\nX = df.merge(r, on='city')[['age', 'seen']]\n",
        "r = df.groupby('city').agg(seen=('t', 'count')).reset_index()\nX = df.merge(r, on='city')[['age', 'seen']]\n",
    ],
)
def test_group_means_left_out_of_the_features_and_group_sizes_are_no_encoding(joined: str) -> None:
    assert kinds(READ + joined + SPLIT + END) == set()


def test_group_means_of_the_training_rows_joined_to_both_sides_are_no_leak() -> None:
    code = (
        "train, test = train_test_split(df, random_state=1)\n"
        "r = train.groupby('city')['t'].mean().reset_index(name='rate')\n"
        "train, test = train.merge(r, on='city'), test.merge(r, on='city')\n"
        "model = LogisticRegression().fit(train[['age', 'rate']], train['t'])\n"
        "print(model.score(test[['age', 'rate']], test['t']))\n"
    )
    assert kinds(READ + code) == set()


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ("np.where(df['t'] == 1, 10, 1)", {"oversample_before_split"}),
        ("df['t'].map({0: 1, 1: 10})", {"oversample_before_split"}),
        ("df['people']", set()),
    ],
)
def test_rows_repeated_by_the_target_before_the_split_are_oversampled(counts: str, found: set[str]) -> None:
    """Repeating by another column unfolds a table of counts, which is how such data is meant."""
    lines = f"df = df.loc[df.index.repeat({counts})]\nX = df[['age', 'income']]\n"
    assert kinds(READ + lines + SPLIT + END) == found
    late = "X = df[['age', 'income', 't']]\n" + SPLIT
    late += f"X_train = X_train.loc[X_train.index.repeat({counts.replace('df', 'X_train')})]\ny_train = X_train['t']\n"
    late += "X_train, X_test = X_train[['age', 'income']], X_test[['age', 'income']]\n"
    assert kinds(READ + late + END) == set()


def kinds_with(code: str, facts: Facts) -> set[str]:
    source = "import numpy as np, pandas as pd\n" + READ + code
    evidence = submission({"solution.py": source}, facts=facts, public_columns=("account", "row_id", "age", "when", "t"))
    return {leak.kind for leak in read_practice(evidence).leakage}


IN_ORDER = (
    "model = LogisticRegression().fit(train[['age']], train['t'])\n"
    "print(roc_auc_score(test['t'], model.predict(test[['age']])))\n"
)


@pytest.mark.parametrize(
    ("split", "found"),
    [
        ("held = np.random.default_rng(1).random(len(df)) < 0.2\ntrain, test = df[~held], df[held]\n", True),
        ("mask = np.random.rand(len(df)) < 0.8\ntrain, test = df[mask], df[~mask]\n", True),
        ("df = df.sample(frac=1)\ntrain, test = df[:800], df[800:]\n", True),
        ("df = df.sample(frac=1, random_state=1).reset_index(drop=True)\ntrain, test = df.iloc[:800], df.iloc[800:]\n", True),
        ("rows = np.arange(len(df))\nnp.random.shuffle(rows)\ntrain, test = df.iloc[rows[:800]], df.iloc[rows[800:]]\n", True),
        ("rows = np.random.permutation(len(df))\ntrain, test = df.iloc[rows[:800]], df.iloc[rows[800:]]\n", True),
        ("from sklearn.utils import shuffle\ndf = shuffle(df)\ntrain, test = df[:800], df[800:]\n", True),
        ("df = df.sample(frac=1).sort_values('when')\ntrain, test = df[:800], df[800:]\n", False),
        ("df = df.sort_values('when')\ntrain, test = df[:800], df[800:]\n", False),
        ("late = df['when'] > '2024-01-01'\ntrain, test = df[~late], df[late]\n", False),
    ],
)
def test_rows_parted_by_drawn_numbers_or_after_a_shuffle_are_parted_at_random(split: str, found: bool) -> None:
    assert kinds_with(split + IN_ORDER, Facts(time_column="when")) == ({"temporal_overlap"} if found else set())


@pytest.mark.parametrize(
    ("features", "found"),
    [
        ("X = df.drop(columns=['t', 'row_id'])\n", True),
        ("X = df.drop(['t'], axis=1)\n", True),
        ("X = df.drop(columns=['t', 'row_id', 'account'])\n", False),
        ("X = df.set_index(['account', 'row_id']).drop(columns=['t'])\n", False),
        ("X = df.drop(columns=['t']).select_dtypes('number')\n", False),
        ("X = SelectKBest(k=3).fit_transform(df.drop(columns=['t']), df['t'])\n", False),
        ("X = df.drop(columns=['t'])[features_from_elsewhere()]\n", False),
    ],
)
def test_an_identifier_that_was_not_dropped_is_among_the_features(features: str, found: bool) -> None:
    code = features + SPLIT + END
    assert ("identifier_feature" in kinds_with(code, Facts(entity_columns=("account",)))) == found


SCALED = "sc = StandardScaler().fit(X_train)\nX_train, X_test = sc.transform(X_train), sc.transform(X_test)\n"
BY_NAME = SPLIT.replace("df['t']", "y")


@pytest.mark.parametrize(
    ("features", "found"),
    [
        ("X = df[['age', 't']]\n" + SPLIT + SCALED, {"target_in_features"}),
        ("X = df[['age', 'income']]\n" + SPLIT + SCALED, set()),
        ("X = df\ny = df['t']\n" + BY_NAME, {"target_in_features"}),
        ("X = df\ny = X['t']\nX = X.drop(columns=['t'])\n" + BY_NAME, set()),
        ("X = df\ny = X.pop('t')\n" + BY_NAME, set()),
        ("X = df\ny = df['t']\ndel X['t']\n" + BY_NAME, set()),
        ("X = df\ny = df['t']\nX = X.drop(X.columns[-1], axis=1)\n" + BY_NAME, set()),
        ("X = df\ny = df['t']\nX = X.iloc[:, :-1]\n" + BY_NAME, set()),
        ("X = df\ny = df['t']\n" + BY_NAME + "X_train, X_test = X_train[['age']], X_test[['age']]\n", set()),
        ("X = df\ny = df['t']\n" + BY_NAME + "X_train, X_test = X_train.iloc[:, 1:], X_test.iloc[:, 1:]\n", set()),
        (
            "X = df\ny = df['t']\n" + BY_NAME
            + "X_train, X_test = X_train.drop('t', axis=1), X_test.drop('t', axis=1)\n",
            set(),
        ),
    ],
)  # fmt: skip
def test_the_target_left_in_a_scaled_or_a_whole_frame_is_a_target_leak(features: str, found: set[str]) -> None:
    assert kinds(READ + features + END) == found
