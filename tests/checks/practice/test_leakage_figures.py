"""Figures learned from rows and put back into them: before a split each is found, after it none is."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from tests.checks.practice.submissions import read_script

READ = 'df = pd.read_csv("data.csv")[["age", "income", "job", "target"]]\n'
XY = "X = df.drop(columns='target')\ny = df['target']\n"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=1)\n"
END = "model = LogisticRegression()\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"
"""Fragments without imports, as they are passed around: every name is what it is by custom."""

ON_FRAME = {
    "replaced gaps": ("df = df.replace(np.nan, df.mean())", "m = X_train.mean()\nX_train = X_train.replace(np.nan, m)\nX_test = X_test.replace(np.nan, m)"),
    "replaced by a mapping": ("m = df['age'].mean()\ndf['age'] = df['age'].replace({np.nan: m})", "m = X_train['age'].mean()\nX_train['age'] = X_train['age'].replace({np.nan: m})\nX_test['age'] = X_test['age'].replace({np.nan: m})"),
    "where": ("df['age'] = np.where(df['age'].isnull(), df['age'].mean(), df['age'])", "m = X_train['age'].mean()\nX_train['age'] = np.where(X_train['age'].isnull(), m, X_train['age'])\nX_test['age'] = np.where(X_test['age'].isnull(), m, X_test['age'])"),
    "one by one": ("m = df['age'].median()\ndf['age'] = df['age'].apply(lambda x: m if pd.isnull(x) else x)", "m = X_train['age'].median()\nX_train['age'] = X_train['age'].apply(lambda x: m if pd.isnull(x) else x)\nX_test['age'] = X_test['age'].apply(lambda x: m if pd.isnull(x) else x)"),
    "group means": ("df['usual'] = df.groupby('job')['income'].transform('mean')", "m = X_train.groupby('job')['income'].mean()\nX_train['usual'] = X_train['job'].map(m)\nX_test['usual'] = X_test['job'].map(m)"),
    "joined group means": ("df = df.merge(df.groupby('job')['income'].agg(['mean']).reset_index(), on='job')", "m = X_train.groupby('job')['income'].agg(['mean']).reset_index()\nX_train = X_train.merge(m, on='job')\nX_test = X_test.merge(m, on='job')"),
    "gaps told by a model": ("known = df[df['age'].notnull()]\nr = LinearRegression().fit(known[['income']], known['age'])\ndf.loc[df['age'].isnull(), 'age'] = r.predict(df.loc[df['age'].isnull(), ['income']])", "known = X_train[X_train['age'].notnull()]\nr = LinearRegression().fit(known[['income']], known['age'])\nX_test.loc[X_test['age'].isnull(), 'age'] = r.predict(X_test.loc[X_test['age'].isnull(), ['income']])"),
    "cut off": ("lo, hi = np.percentile(df['income'], [1, 99])\ndf['income'] = np.clip(df['income'], lo, hi)", "lo, hi = np.percentile(X_train['income'], [1, 99])\nX_train['income'] = np.clip(X_train['income'], lo, hi)\nX_test['income'] = np.clip(X_test['income'], lo, hi)"),
    "quantile bins": ("df['band'] = pd.qcut(df['income'], q=4, labels=False)", "X_train['band'], edges = pd.qcut(X_train['income'], q=4, labels=False, retbins=True)\nX_test['band'] = pd.cut(X_test['income'], bins=edges, labels=False)"),
    "power": ("df['income'], lam = boxcox(df['income'] + 1)", "X_train['income'], lam = boxcox(X_train['income'] + 1)\nX_test['income'] = boxcox(X_test['income'] + 1, lmbda=lam)"),
}  # fmt: skip
ON_FEATURES = {
    "clipped": ("X = X.clip(lower=X.quantile(0.01), upper=X.quantile(0.99), axis=1)", "lo, hi = X_train.quantile(0.01), X_train.quantile(0.99)\nX_train = X_train.clip(lower=lo, upper=hi, axis=1)\nX_test = X_test.clip(lower=lo, upper=hi, axis=1)"),
    "z-scores": ("X = X.apply(zscore)", "m, s = X_train.mean(), X_train.std()\nX_train, X_test = (X_train - m) / s, (X_test - m) / s"),
    "components": ("X = PCA(2).fit_transform(X)", "pca = PCA(2)\nX_train = pca.fit_transform(X_train)\nX_test = pca.transform(X_test)"),
    "groups": ("X['group'] = KMeans(3).fit_predict(X)", "km = KMeans(3)\nX_train['group'] = km.fit_predict(X_train)\nX_test['group'] = km.predict(X_test)"),
    "a network's code": ("ae = Sequential([Dense(2), Dense(3)])\nae.fit(X, X, epochs=5)\nX = ae.predict(X)", "ae = Sequential([Dense(2), Dense(3)])\nae.fit(X_train, X_train, epochs=5)\nX_train = ae.predict(X_train)\nX_test = ae.predict(X_test)"),
}  # fmt: skip
SELECTED = {
    "by information": ("mi = mutual_info_classif(X, y)\nX = X[X.columns[np.argsort(mi)[-2:]]]", "mi = mutual_info_classif(X_train, y_train)\ntop = X_train.columns[np.argsort(mi)[-2:]]\nX_train, X_test = X_train[top], X_test[top]"),
    "by importance": ("rf = RandomForestClassifier().fit(X, y)\nseen = pd.Series(rf.feature_importances_, index=X.columns)\nX = X[seen.nlargest(2).index]", "rf = RandomForestClassifier().fit(X_train, y_train)\nseen = pd.Series(rf.feature_importances_, index=X_train.columns)\nkeep = seen.nlargest(2).index\nX_train, X_test = X_train[keep], X_test[keep]"),
    "by correlation": ("c = df.corr()['target'].abs()\nX = df[c[c > 0.2].index.drop('target')]", "c = pd.concat([X_train, y_train], axis=1).corr()['target'].abs()\nkeep = c[c > 0.2].index.drop('target')\nX_train, X_test = X_train[keep], X_test[keep]"),
}  # fmt: skip


def kinds(code: str) -> set[tuple[str, str]]:
    return {(leak.kind, leak.tier) for leak in read_script(code).leakage}


@pytest.mark.parametrize("name", ON_FRAME)
def test_a_figure_of_all_rows_put_into_the_frame_before_the_split_is_benign(name: str) -> None:
    early, late = ON_FRAME[name]
    assert kinds(READ + early + "\n" + XY + SPLIT + END) == {("preprocess_before_split", "benign")}
    assert kinds(READ + XY + SPLIT + late + "\n" + END) == set()


@pytest.mark.parametrize("name", ON_FEATURES)
def test_a_figure_of_all_rows_put_into_the_features_before_the_split_is_benign(name: str) -> None:
    early, late = ON_FEATURES[name]
    assert kinds(READ + XY + early + "\n" + SPLIT + END) == {("preprocess_before_split", "benign")}
    assert kinds(READ + XY + SPLIT + late + "\n" + END) == set()


@pytest.mark.parametrize("name", SELECTED)
def test_columns_picked_by_their_scores_on_all_rows_are_a_selection(name: str) -> None:
    early, late = SELECTED[name]
    assert kinds(READ + XY + early + "\n" + SPLIT + END) == {("selection_before_split", "minor")}
    assert kinds(READ + XY + SPLIT + late + "\n" + END) == set()


@pytest.mark.parametrize(
    "line",
    [
        "df['total'] = df[['age', 'income']].sum(axis=1)\ndf['share'] = df['age'] / df[['age', 'income']].sum(axis=1)",
        "df['mean'] = np.mean(df[['age', 'income']], axis=1)\ndf['c'] = df['age'] - df[['age', 'income']].mean(axis=1)",
        "df['together'] = df.groupby('job')['age'].transform('count')",
        "df['seen'] = df.groupby('job').cumcount()",
        "df['band'] = pd.cut(df['age'], bins=[0, 18, 65, 120], labels=False)",
        "df['days'] = df['age'] - df['age'].min()",
        "df['rich'] = np.where(df['income'] > 1000, 1, 0)",
        "df['age'] = df['age'].clip(lower=0, upper=100)",
        "df['age'] = df['age'].replace(np.nan, 0)",
    ],
)
def test_what_a_row_says_of_itself_or_a_mere_count_is_no_leak(line: str) -> None:
    assert kinds(READ + line + "\n" + XY + SPLIT + END) == set()


def test_a_table_of_groups_holds_its_own_figures() -> None:
    """One row a group, made by `agg`: writing a column of it back spreads nothing over rows."""
    table = "df = df.groupby(['job', 'age'], as_index=False).agg({'income': 'mean', 'target': 'max'})\ndf['late'] = df['income'].eq(0)\n"
    assert kinds(READ + table + XY + SPLIT + END) == set()


def test_figures_put_into_an_empty_frame_stay_with_the_rows_they_came_with() -> None:
    lines = (
        "full = df\ndf = pd.DataFrame()\ndf['age'] = full['age'].fillna(full['age'].median())\ndf['target'] = full['target']\n"
    )
    assert kinds(READ + lines + XY + SPLIT + END) == {("preprocess_before_split", "benign")}


def test_a_flag_among_the_features_does_not_make_a_slice_an_undersampling() -> None:
    """`np.where(sex == 'm', 1, 0)` is a column; only a filter by it leaves out rows of one class."""
    lines = "df['man'] = np.where(df['job'] == 'm', 1, 0)\nX = pd.concat([df[['age']], df[['man']]], axis=1)[:800]\ny = df['target'][:800]\n"
    assert kinds(READ + lines + SPLIT + END) == set()


def test_rows_left_out_of_the_training_rows_before_cross_validation_are_no_leak_beside_a_test() -> None:
    """The folds' score means something else then; the test's stands."""
    lines = (
        "X_small, y_small = RandomUnderSampler().fit_resample(X_train, y_train)\n"
        "print(cross_val_score(LogisticRegression(), X_small, y_small, cv=5))\n"
    )
    assert kinds(READ + XY + SPLIT + lines + END) == set()


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("y = df.income\nX = df[['income', 'age']]\n", {("target_in_features", "material")}),
        ("y = df['income'].shift(-1)\nX = df[['income', 'age']]\n", set()),
        ("y = df['target']\nX = df[['income', 'age']]\n", set()),
    ],
)
def test_42_the_target_itself_among_named_features_is_a_target_leak(lines: str, found: set[tuple[str, str]]) -> None:
    assert kinds(READ + lines + SPLIT + END) == found


def test_texts_that_a_helper_takes_apart_and_joins_again_are_still_the_rows_texts() -> None:
    lines = """
import re
def cleaned(text, dull):
    words = re.sub("[^a-z]", " ", text).lower().split()
    return " ".join([word for word in words if word not in dull])
texts = []
for number in range(0, len(df)):
    texts.append(cleaned(df["job"][number], {"the"}))
X = CountVectorizer(max_features=1500).fit_transform(texts).toarray()
y = df["target"]
"""
    assert kinds(READ + lines + SPLIT + END) == {("preprocess_before_split", "benign")}
