"""Tricky cases of leakage and validation, numbered as in the reference on ML practice."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from harness.model.practice import Practice
from tests.checks.practice.pieces import CLEAN, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import read_files, read_script


def kinds(practice: Practice, tier: str | None = None) -> set[str]:
    return {leak.kind for leak in practice.leakage if tier is None or leak.tier == tier}


def test_a_plain_split_fit_and_judgement_is_clean() -> None:
    assert read_script(CLEAN).leakage == ()


def test_20_a_scaler_fitted_on_all_rows_before_the_split_is_benign() -> None:
    found = read_script(START + "X = StandardScaler().fit_transform(X)\n" + SPLIT + LOGISTIC + FIT + JUDGE)
    assert kinds(found) == kinds(found, "benign") == {"preprocess_before_split"}
    assert found.leakage[0].group == "preprocessing"
    assert found.leakage[0].where.line is not None


@pytest.mark.parametrize(
    "line",
    [
        "df['plan'] = LabelEncoder().fit_transform(df['plan'])\n",
        "df = pd.get_dummies(df, columns=['plan'])\n",
        "df['plan'] = df['plan'].astype('category').cat.codes\n",
        "df['plan'] = df['plan'].map({'a': 0, 'b': 1})\n",
        "df['total'] = df['a'] + df['b']\ndf['log'] = np.log1p(df['a'])\n",
        "df['a'] = df['a'].fillna(0)\n",
        "df = df.dropna()\n",
    ],
)
def test_21_label_free_codes_and_row_by_row_changes_are_no_leak(line: str) -> None:
    assert read_script(IMPORTS + READ + line + XY + SPLIT + LOGISTIC + FIT + JUDGE).leakage == ()


def test_22_target_means_mapped_on_all_rows_in_a_helper_are_found() -> None:
    helper = (
        "def encode(frame, column):\n    means = frame.groupby(column)['churn'].mean()\n    return frame[column].map(means)\n"
    )
    found = read_script(IMPORTS + helper + READ + "df['plan'] = encode(df, 'plan')\n" + XY + SPLIT + LOGISTIC + FIT + JUDGE)
    assert kinds(found) == {"target_encoding"}
    assert kinds(found, "minor") == {"target_encoding"}


def test_23_target_means_looked_up_in_a_loop_are_found() -> None:
    loop = (
        "means = df.groupby('plan')['churn'].mean()\ncodes = []\nfor value in df['plan']:\n    codes.append(means[value])\n"
        "df['plan'] = codes\n"
    )
    assert "target_encoding" in kinds(read_script(IMPORTS + READ + loop + XY + SPLIT + LOGISTIC + FIT + JUDGE))


def test_target_means_learned_from_training_rows_alone_are_no_leak() -> None:
    lines = "means = df_train.groupby('plan')['churn'].mean()\nfor part in [df_train, df_test]:\n    part['plan'] = part['plan'].map(means)\n"
    found = read_script(
        IMPORTS
        + READ
        + "df_train, df_test = train_test_split(df, random_state=0)\n"
        + lines
        + LOGISTIC
        + "model.fit(df_train.drop(columns=['churn']), df_train['churn'])\n"
        "print(roc_auc_score(df_test['churn'], model.predict(df_test.drop(columns=['churn']))))\n"
    )
    assert found.leakage == ()


def test_25_selection_by_the_target_before_the_split_is_minor() -> None:
    found = read_script(START + "X = SelectKBest(f_classif, k=10).fit_transform(X, y)\n" + SPLIT + LOGISTIC + FIT + JUDGE)
    assert kinds(found, "minor") == {"selection_before_split"}
    cv = read_script(START + "X = SelectKBest(k=10).fit_transform(X, y)\nprint(cross_val_score(LogisticRegression(), X, y))\n")
    assert kinds(cv, "minor") == {"selection_before_split"}
    assert cv.cross_validation == "leaky"


def test_26_mean_imputation_in_an_imported_function_is_benign() -> None:
    found = read_files(
        {
            "clean.py": "def clean(frame):\n    frame['a'] = frame['a'].fillna(frame['a'].mean())\n    return frame\n",
            "train.py": IMPORTS + "from clean import clean\n" + READ + "df = clean(df)\n" + XY + SPLIT + LOGISTIC + FIT + JUDGE,
        }
    )
    assert kinds(found) == kinds(found, "benign") == {"preprocess_before_split"}
    assert found.leakage[0].where.path == "clean.py"
    assert found.missing_values == "handled"


def test_27_a_scaler_fitted_again_on_test_rows_is_minor() -> None:
    lines = "sc = StandardScaler()\nX_train = sc.fit_transform(X_train)\nX_test = sc.fit_transform(X_test)\n"
    found = read_script(START + SPLIT + lines + LOGISTIC + FIT + JUDGE)
    assert kinds(found) == kinds(found, "minor") == {"fit_on_test"}


def test_28_fit_and_fit_transform_on_training_rows_are_clean() -> None:
    lines = "sc = StandardScaler()\nsc.fit(X_train)\nX_train = sc.fit_transform(X_train)\nX_test = sc.transform(X_test)\n"
    assert read_script(START + SPLIT + lines + LOGISTIC + FIT + JUDGE).leakage == ()


def test_29_scores_on_training_and_test_rows_are_an_overfit_check() -> None:
    both = "print(model.score(X_train, y_train))\nprint(model.score(X_test, y_test))\n"
    assert read_script(START + SPLIT + LOGISTIC + FIT + both).leakage == ()


@pytest.mark.parametrize(
    "lines",
    [
        "model.fit(X, y)\nprint(accuracy_score(y, model.predict(X)))\n",
        "model.fit(X, y)\nprint(model.score(X, y))\n",
        SPLIT + FIT + "print(accuracy_score(y_train, model.predict(X_train)))\n",
        SPLIT + FIT + "print(classification_report(y, model.predict(X)))\n",
    ],
)
def test_30_the_only_score_on_fitted_rows_is_train_as_test(lines: str) -> None:
    found = read_script(START + LOGISTIC + lines)
    assert kinds(found, "material") == {"train_as_test"}


def test_30_the_last_fold_estimator_judged_on_all_rows_is_train_as_test() -> None:
    found = read_script(
        START + "for tr, te in KFold(5).split(X):\n    model = LogisticRegression()\n    model.fit(X.iloc[tr], y.iloc[tr])\n"
        "print(roc_auc_score(y, model.predict_proba(X)[:, 1]))\n"
    )
    assert "train_as_test" in kinds(found, "material")


def test_31_a_refit_on_all_rows_after_the_evaluation_is_clean() -> None:
    tail = "final = LogisticRegression(max_iter=500)\nfinal.fit(X, y)\nnew = pd.read_csv('data/score.csv')\npred = final.predict_proba(new)\n"
    assert read_script(CLEAN + tail).leakage == ()


def test_32_a_threshold_swept_on_test_labels_is_selection_on_test() -> None:
    sweep = (
        "proba = model.predict_proba(X_test)[:, 1]\nbest, best_t = 0, 0.5\nfor t in np.arange(0.1, 0.9, 0.05):\n"
        "    score = f1_score(y_test, proba >= t)\n    if score > best:\n        best, best_t = score, t\nprint(best, best_t)\n"
    )
    found = read_script(START + SPLIT + LOGISTIC + FIT + sweep)
    assert kinds(found, "material") == {"selection_on_test"}


def test_33_a_threshold_from_test_scores_without_labels_is_clean() -> None:
    lines = (
        "proba = model.predict_proba(X_test)[:, 1]\npred = proba >= np.quantile(proba, 0.95)\nprint(f1_score(y_test, pred))\n"
    )
    assert read_script(START + SPLIT + LOGISTIC + FIT + lines).leakage == ()


def test_34_the_best_of_many_seeds_by_test_score_is_selection_on_test() -> None:
    loop = (
        "best = 0\nfor seed in range(1000):\n    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=seed)\n"
        "    model = DecisionTreeClassifier(random_state=seed).fit(X_train, y_train)\n    acc = accuracy_score(y_test, model.predict(X_test))\n"
        "    if acc > best:\n        best, best_seed = acc, seed\nprint(best)\n"
    )
    assert kinds(read_script(START + loop), "material") == {"selection_on_test"}


def test_36_stopping_early_on_the_reported_rows_is_minor() -> None:
    lines = (
        "import xgboost as xgb\nmodel = xgb.XGBClassifier(early_stopping_rounds=20)\n"
        "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
    )
    found = read_script(START + SPLIT + lines + JUDGE)
    assert kinds(found) == kinds(found, "minor") == {"early_stopping_on_test"}


@pytest.mark.parametrize(
    "split",
    [
        "train, test = df[df['month'] < '2024-06'], df[df['month'] >= '2024-06']\n",
        "df = df.sort_values('month')\ncut = int(len(df) * 0.8)\ntrain, test = df.iloc[:cut], df.iloc[cut:]\n",
        "train = df.sample(frac=0.8, random_state=1)\ntest = df.drop(train.index)\n",
        "mask = np.random.rand(len(df)) < 0.8\ntrain = df[mask]\ntest = df[~mask]\n",
        "ids_train, ids_test = train_test_split(df['id'].unique())\ntrain = df[df['id'].isin(ids_train)]\ntest = df[df['id'].isin(ids_test)]\n",
        "train, test = df.query('month < 6'), df.query('month >= 6')\n",
        "def by_time(frame, cut):\n    return frame[frame.month < cut], frame[frame.month >= cut]\ntrain, test = by_time(df, 6)\n",
    ],
)
def test_37_slices_dates_masks_and_groups_are_valid_splits(split: str) -> None:
    tail = (
        "model.fit(train.drop(columns=['churn']), train['churn'])\n"
        "print(roc_auc_score(test['churn'], model.predict_proba(test.drop(columns=['churn']))[:, 1]))\n"
    )
    assert read_script(IMPORTS + READ + split + LOGISTIC + tail).leakage == ()
    scaled = IMPORTS + READ + "df['a'] = (df['a'] - df['a'].mean()) / df['a'].std()\n" + split + LOGISTIC + tail
    assert kinds(read_script(scaled)) == {"preprocess_before_split"}


FILES = 'train = pd.read_csv("train.csv")\ntest = pd.read_csv("test.csv")\n'
OVER_FILES = (
    "model.fit(train.drop(columns=['churn']), train['churn'])\n"
    "print(roc_auc_score(test['churn'], model.predict(test.drop(columns=['churn']))))\n"
)


def test_38_provided_files_each_filled_with_their_own_means_share_nothing() -> None:
    fill = "train['a'] = train['a'].fillna(train['a'].mean())\ntest['a'] = test['a'].fillna(test['a'].mean())\n"
    found = read_script(IMPORTS + FILES + fill + LOGISTIC + OVER_FILES)
    assert kinds(found) == kinds(found, "minor") == {"fit_on_test"}


def test_39_a_loop_over_a_literal_list_of_frames_keeps_them_apart() -> None:
    fill = "for d in [train, test]:\n    d['a'] = d['a'].fillna(d['a'].mean())\n"
    found = read_script(IMPORTS + FILES + fill + LOGISTIC + OVER_FILES)
    assert kinds(found) == {"fit_on_test"}


def test_provided_files_scaled_together_are_preprocessed_before_the_split() -> None:
    both = (
        "n = len(train)\nevery = pd.concat([train, test])\nevery[['a', 'b']] = StandardScaler().fit_transform(every[['a', 'b']])\n"
        "train, test = every[:n], every[n:]\n"
    )
    assert kinds(read_script(IMPORTS + FILES + both + LOGISTIC + OVER_FILES)) == {"preprocess_before_split"}


def test_45_a_split_that_is_imported_and_never_called_is_no_split() -> None:
    found = read_script(START + "print(X.shape)\n")
    assert not found.split


def test_44_a_saved_index_read_back_is_a_feature() -> None:
    found = read_files(
        {
            "01_prepare.py": IMPORTS + READ + "df.to_csv('data/clean.csv')\n",
            "02_train.py": IMPORTS + "df = pd.read_csv('data/clean.csv')\n" + XY + SPLIT + LOGISTIC + FIT + JUDGE,
        }
    )
    assert kinds(found, "minor") == {"identifier_feature"}


def test_44_an_id_left_among_named_features_is_minor() -> None:
    found = read_script(
        IMPORTS + READ + "X = df[['customer_id', 'a', 'b']]\ny = df['churn']\n" + SPLIT + LOGISTIC + FIT + JUDGE
    )
    assert kinds(found, "minor") == {"identifier_feature"}


def test_71_models_judged_on_differently_resampled_test_rows_are_a_resampled_test() -> None:
    lines = "from imblearn.under_sampling import RandomUnderSampler\nX_test, y_test = RandomUnderSampler().fit_resample(X_test, y_test)\n"
    found = read_script(START + SPLIT + lines + LOGISTIC + FIT + JUDGE)
    assert kinds(found, "material") == {"undersample_test"}


def test_78_the_score_of_a_search_is_its_inner_cross_validation() -> None:
    lines = "model = GridSearchCV(LogisticRegression(), {'C': [1, 10]}, cv=5)\nmodel.fit(X_train, y_train)\nscore = model.best_score_\nprint(score)\n"
    found = read_script(START + SPLIT + lines + JUDGE)
    assert found.leakage == ()
    assert found.cross_validation == "clean"


@pytest.mark.parametrize(
    "lines",
    [
        "model = Pipeline([('s', StandardScaler()), ('m', LogisticRegression())])\n",
        "model = make_pipeline(SimpleImputer(), StandardScaler(), SelectKBest(k=5), LogisticRegression())\n",
        "pre = ColumnTransformer([('n', StandardScaler(), ['a']), ('c', OneHotEncoder(), ['plan'])])\n"
        "model = Pipeline([('pre', pre), ('m', RandomForestClassifier(random_state=0))])\n",
    ],
)
def test_pipelines_fitted_on_training_rows_are_clean(lines: str) -> None:
    assert read_script(START + SPLIT + lines + FIT + JUDGE).leakage == ()


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("from sklearn.decomposition import PCA\nX = PCA(5).fit_transform(X)\n", "preprocess_before_split"),
        ("from sklearn.feature_extraction.text import TfidfVectorizer\nX = TfidfVectorizer().fit_transform(df['text'])\n",
         "preprocess_before_split"),
        ("X = (X - X.min()) / (X.max() - X.min())\n", "preprocess_before_split"),
        ("X = X.fillna(X.median())\n", "preprocess_before_split"),
        ("from sklearn.preprocessing import scale\nX = scale(X)\n", "preprocess_before_split"),
        ("pre = ColumnTransformer([('n', StandardScaler(), ['a'])])\nX = pre.fit_transform(X)\n", "preprocess_before_split"),
        ("df['a'] = StandardScaler().fit_transform(df[['a']])\nX = df.drop(columns=['churn'])\n", "preprocess_before_split"),
        ("from imblearn.over_sampling import RandomOverSampler\nX, y = RandomOverSampler().fit_resample(X, y)\n",
         "oversample_before_split"),
    ],
)  # fmt: skip
def test_whatever_learns_from_all_rows_before_the_split_is_preprocessing_leakage(lines: str, kind: str) -> None:
    found = read_script(START + lines + SPLIT + LOGISTIC + FIT + JUDGE)
    assert kinds(found) == {kind}
    assert {leak.group for leak in found.leakage} == {"preprocessing"}


def test_a_scaled_column_that_is_dropped_again_leaks_nothing() -> None:
    lines = "df['b'] = StandardScaler().fit_transform(df[['b']])\ndf = df.drop(columns=['b'])\n"
    assert read_script(IMPORTS + READ + lines + XY + SPLIT + LOGISTIC + FIT + JUDGE).leakage == ()


def test_scaling_inside_each_fold_is_clean() -> None:
    loop = (
        "scores = []\nfor tr, te in StratifiedKFold(5).split(X, y):\n    sc = StandardScaler().fit(X.iloc[tr])\n"
        "    m = LogisticRegression().fit(sc.transform(X.iloc[tr]), y.iloc[tr])\n"
        "    scores.append(roc_auc_score(y.iloc[te], m.predict_proba(sc.transform(X.iloc[te]))[:, 1]))\nprint(np.mean(scores))\n"
    )
    found = read_script(START + loop)
    assert found.leakage == ()
    assert found.cross_validation == "clean"


def test_best_of_models_on_validation_rows_with_a_later_test_is_clean() -> None:
    lines = (
        "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=2)\nbest, kept = 0, None\n"
        "for m in [LogisticRegression(), SVC(probability=True)]:\n    m.fit(X_tr, y_tr)\n"
        "    s = roc_auc_score(y_val, m.predict_proba(X_val)[:, 1])\n    if s > best:\n        best, kept = s, m\n"
        "print(roc_auc_score(y_test, kept.predict_proba(X_test)[:, 1]))\n"
    )
    assert read_script(START + SPLIT + lines).leakage == ()


def test_leaks_in_dead_code_are_no_leaks() -> None:
    dead = "if False:\n    X = StandardScaler().fit_transform(X)\ndef unused():\n    global X\n    X = StandardScaler().fit_transform(X)\n"
    assert read_script(START + dead + SPLIT + LOGISTIC + FIT + JUDGE).leakage == ()


@pytest.mark.parametrize(
    "lines",
    [
        "df['copy'] = df['churn'] * 2\n" + XY,
        "df['flag'] = (df['churn'] == 1).astype(int)\n" + XY,
        "df['late'] = (df['days'] > 30).astype(int)\nX = df.drop(columns=['late'])\ny = df['late']\n",
        "df['target'] = df['status'].map({'left': 1, 'stayed': 0})\nX = df[['status', 'a']]\ny = df['target']\n",
    ],
)
def test_42_the_target_under_another_name_among_the_features_is_a_target_leak(lines: str) -> None:
    found = read_script(IMPORTS + READ + lines + SPLIT + LOGISTIC + FIT + JUDGE)
    assert kinds(found, "material") == {"target_in_features"}


@pytest.mark.parametrize(
    "lines",
    [
        "df['churn'] = df['churn'].map({'Yes': 1, 'No': 0})\n" + XY,
        "df['late'] = (df['days'] > 30).astype(int)\nX = df.drop(columns=['late', 'days'])\ny = df['late']\n",
        "df['target'] = df['status'].map({'left': 1, 'stayed': 0})\nX = df[['a', 'b']]\ny = df['target']\n",
        "df['next'] = df['close'].shift(-1)\ndf['up'] = (df['next'] > df['close']).astype(int)\nX = df[['close', 'volume']]\ny = df['up']\n",
        "df['churn_rate_before'] = df['churn'].shift(1).rolling(7).mean()\n" + XY,
        "df['log_a'] = np.log1p(df['a'])\n" + XY,
    ],
)
def test_targets_that_are_made_and_whose_source_is_left_out_are_clean(lines: str) -> None:
    assert read_script(IMPORTS + READ + lines + SPLIT + LOGISTIC + FIT + JUDGE).leakage == ()


@pytest.mark.parametrize(
    "lines",
    [
        "df = pd.concat([df] + [df[df['churn'] == 1]] * 9)\n",
        "df = df.append([df[df['churn'] == 1]] * 5, ignore_index=True)\n",
        "from sklearn.utils import resample\nup = resample(df[df['churn'] == 1], replace=True, n_samples=900)\ndf = pd.concat([df[df['churn'] == 0], up])\n",
        "extra = df[df['churn'] == 1].sample(900, replace=True)\ndf = pd.concat([df, extra])\n",
    ],
)
def test_copies_of_the_rare_class_before_the_split_are_oversampling(lines: str) -> None:
    found = read_script(IMPORTS + READ + lines + XY + SPLIT + LOGISTIC + FIT + JUDGE)
    assert "oversample_before_split" in kinds(found, "material")
    assert found.imbalance.level == "partial"


def test_24_out_of_fold_target_means_judged_on_other_folds_are_minor() -> None:
    lines = (
        "df['rate'] = 0.0\nfor tr, te in KFold(5, shuffle=True, random_state=1).split(df):\n"
        "    means = df.iloc[tr].groupby('plan')['churn'].mean()\n    df.loc[df.index[te], 'rate'] = df.iloc[te]['plan'].map(means)\n"
    )
    found = read_script(IMPORTS + READ + lines + XY + "print(cross_val_score(LogisticRegression(), X, y, cv=5).mean())\n")
    assert kinds(found) == kinds(found, "minor") == {"target_encoding"}


def test_35_a_seed_inside_the_search_space_is_a_finding() -> None:
    lines = "model = GridSearchCV(DecisionTreeClassifier(), {'random_state': [1, 2, 3], 'max_depth': [3, 5]})\n"
    assert kinds(read_script(START + SPLIT + lines + FIT + JUDGE), "minor") == {"seed_in_search"}


def test_70_predictions_of_test_rows_against_validation_labels_are_a_defect() -> None:
    lines = "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=2)\nmodel.fit(X_tr, y_tr)\n"
    good = "print(f1_score(y_test, model.predict(X_test)))\n"
    assert kinds(read_script(START + SPLIT + LOGISTIC + lines + good.replace("y_test", "y_val"))) == {"label_mismatch"}
    assert kinds(read_script(START + SPLIT + LOGISTIC + lines + good)) == set()
