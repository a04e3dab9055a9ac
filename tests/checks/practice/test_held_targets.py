"""A frame split beside its own target: told where it is learned from whole, not where some of its columns are picked."""

import pytest

from tests.checks.practice.submissions import read_script

READ = 'df = pd.read_csv("data.csv")\n'
SPLIT = "train, test, y_train, y_test = train_test_split(df, df['t'], random_state=1)\n"
END = "model = LogisticRegression().fit({0}, y_train)\nprint(model.score({1}, y_test))\n"
SCALED = "ColumnTransformer([('n', StandardScaler(), ['a', 'b'])])"


def kinds(code: str) -> set[str]:
    return {leak.kind for leak in read_script(READ + code).leakage}


def ended(code: str) -> str:
    return code.format("train", "test")


def test_a_frame_that_still_holds_its_target_is_told() -> None:
    assert kinds(SPLIT + ended(END)) == {"target_in_features"}


@pytest.mark.parametrize(
    "names",
    [
        "[name for name in df.columns if name != 't']", "df.columns.drop('t')", "df.columns.difference(['t'])",
        "settings()", "list(df.select_dtypes('number').columns)",
    ],
)  # fmt: skip
def test_columns_picked_by_a_list_may_leave_the_target_out(names: str) -> None:
    assert kinds(f"names = {names}\n" + SPLIT + END.format("train[names]", "test[names]")) == set()
    assert kinds(f"names = {names}\n" + SPLIT + END.format("train.loc[:, names]", "test.loc[:, names]")) == set()


@pytest.mark.parametrize(
    "code",
    [
        SPLIT + END.format("train[elsewhere]", "test[elsewhere]"),
        SPLIT + END.format("features(train)", "features(test)"),
        SPLIT + "train, test = train.drop(columns=names), test.drop(columns=names)\n" + ended(END),
        SPLIT + f"by = {SCALED}\ntrain, test = by.fit_transform(train), by.transform(test)\n" + ended(END),
        SPLIT
        + f"model = make_pipeline({SCALED}, LogisticRegression()).fit(train, y_train)\nprint(model.score(test, y_test))\n",
        "X, y = df, df['t']\nfor name in names:\n    del X[name]\n" + SPLIT.replace("(df", "(X") + ended(END),
        "X, y = df, df['t']\nX.drop(names, axis=1, inplace=True)\n" + SPLIT.replace("(df, df['t']", "(X, y") + ended(END),
    ],
)
def test_what_picks_or_drops_columns_by_means_not_known_is_no_leak(code: str) -> None:
    assert kinds(code) == set()
