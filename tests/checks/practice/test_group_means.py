"""Means of the target by group, in the many ways in which they come back to the rows."""

import pytest

from tests.checks.practice.submissions import read_script

READ = 'df = pd.read_csv("data.csv")\n'
END = (
    "X, y = df.drop(columns=['t']), df['t']\n"
    "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)\n"
    "model = LogisticRegression().fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"
)
APART = (
    "train, test = train_test_split(df, random_state=1)\n{}"
    "model = LogisticRegression().fit(train.drop(columns='t'), train['t'])\n"
    "print(model.score(test.drop(columns='t'), test['t']))\n"
)
MEANS = "means = df.groupby('city')['t'].mean()\n"
ORDER = "order = df.groupby('city')['t'].{}.index\nplaces = {{name: place for place, name in enumerate(order)}}\n"


def kinds(code: str) -> set[str]:
    return {leak.kind for leak in read_script(READ + code).leakage}


@pytest.mark.parametrize(
    "code",
    [
        "df['m'] = df.groupby('city')['t'].transform(lambda part: part.mean())\n",
        "df['m'] = df.groupby('city')['t'].transform(np.mean)\n",
        MEANS + "df['m'] = df['city'].apply(lambda name: means[name])\n",
        MEANS + "df['m'] = df['city'].map(lambda name: means.loc[name])\n",
        MEANS + "df['city'] = df['city'].replace(means.to_dict())\n",
        "table = df.pivot_table(index='city', values='t', aggfunc=np.mean)\ndf = df.join(table, on='city', rsuffix='_m')\n",
        "table = pd.pivot_table(df, index='city', values='t')\ndf = df.merge(table, on='city', suffixes=('', '_m'))\n",
        ORDER.format("mean().sort_values()") + "df['city'] = df['city'].map(places)\n",
        ORDER.format("mean().sort_values()") + "df['city'] = df['city'].replace(places)\n",
    ],
)
def test_means_of_the_target_of_all_rows_are_told(code: str) -> None:
    assert kinds(code + END) == {"target_encoding"}


@pytest.mark.parametrize(
    "code",
    [
        "df['n'] = df.groupby('city')['t'].transform(lambda part: part.count())\n",
        "df['m'] = df.groupby('city')['t'].transform(lambda part: part.shift(1).rolling(3).mean())\n",
        "df['city'] = df['city'].replace({'a': 1, 'b': 2})\n",
        "table = df.pivot_table(index='city', values='t', aggfunc='count')\ndf = df.join(table, on='city', rsuffix='_n')\n",
        "print(df.pivot_table(index='city', values='t'))\n",
        ORDER.format("mean()") + "df['city'] = df['city'].map(places)\n",
        ORDER.format("count().sort_values()") + "df['city'] = df['city'].map(places)\n",
    ],
)
def test_counts_earlier_rows_and_plain_codes_are_no_means(code: str) -> None:
    assert kinds(code + END) == set()


@pytest.mark.parametrize(
    "code",
    [
        "means = train.groupby('city')['t'].mean()\nfor part in (train, test):\n"
        "    part['m'] = part['city'].apply(lambda name: means[name])\n",
        "means = train.groupby('city')['t'].mean().to_dict()\nfor part in (train, test):\n"
        "    part['city'] = part['city'].replace(means)\n",
        "order = train.groupby('city')['t'].mean().sort_values().index\n"
        "places = {name: place for place, name in enumerate(order)}\nfor part in (train, test):\n"
        "    part['city'] = part['city'].map(places)\n",
    ],
)
def test_means_of_the_training_rows_alone_are_no_leak(code: str) -> None:
    assert kinds(APART.format(code)) == set()
