"""Tricky cases of class imbalance, numbered as in the reference on ML practice."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from harness.model.practice import Practice
from tests.checks.practice.pieces import CLEAN, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import read_files, read_script


def kinds(practice: Practice, tier: str | None = None) -> set[str]:
    return {leak.kind for leak in practice.leakage if tier is None or leak.tier == tier}


def test_01_a_weight_that_is_only_a_grid_key_with_a_step_prefix_counts() -> None:
    found = read_script(
        START + SPLIT + "pipe = Pipeline([('s', StandardScaler()), ('clf', LogisticRegression())])\n"
        "model = GridSearchCV(pipe, {'clf__class_weight': ['balanced'], 'clf__C': [1, 10]}, cv=5)\n" + FIT + JUDGE
    )
    assert found.imbalance.level == "yes"
    assert found.imbalance.mechanisms == ("class_weight",)


def test_02_a_grid_that_offers_none_or_balanced_counts_as_live() -> None:
    """Whether it was chosen needs the best parameters of a re-execution."""
    found = read_script(
        START + SPLIT + "model = GridSearchCV(LogisticRegression(), {'class_weight': [None, 'balanced']})\n" + FIT + JUDGE
    )
    assert found.imbalance.level == "yes"


def test_03_a_sampler_inside_a_cross_validated_imblearn_pipeline_is_clean() -> None:
    found = read_script(
        START + "from imblearn.over_sampling import SMOTE\nfrom imblearn.pipeline import Pipeline as P\n"
        "model = P([('smote', SMOTE()), ('clf', LogisticRegression())])\n"
        "print(cross_val_score(model, X, y, scoring='average_precision').mean())\n"
    )
    assert found.imbalance.level == "yes"
    assert found.cross_validation == "clean"
    assert found.leakage == ()


def test_04_a_sampler_inside_a_scikit_learn_pipeline_is_no_remedy() -> None:
    found = read_script(
        START + SPLIT + "from imblearn.over_sampling import SMOTE\n"
        "model = Pipeline([('smote', SMOTE()), ('clf', LogisticRegression())])\n" + FIT + JUDGE
    )
    assert found.imbalance.level == "none"


def test_05_cross_validation_on_resampled_training_rows_is_material_and_the_test_score_stands() -> None:
    found = read_script(
        START
        + SPLIT
        + "from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)\n"
        + LOGISTIC
        + "print(cross_val_score(model, X_train, y_train))\n"
        + FIT
        + JUDGE
    )
    assert kinds(found, "material") == {"oversample_before_cv"}
    assert found.imbalance.level == "yes"


def test_06_resampling_that_reaches_no_fit_is_no_leak() -> None:
    found = read_script(
        START
        + "from imblearn.over_sampling import SMOTE\nXr, yr = SMOTE().fit_resample(X, y)\nprint(yr.value_counts())\n"
        + SPLIT
        + LOGISTIC
        + FIT
        + JUDGE
    )
    assert found.leakage == ()
    assert found.imbalance.level == "none"


def test_07_a_resampled_file_split_by_another_script_is_material() -> None:
    found = read_files(
        {
            "prepare.py": START + "from imblearn.over_sampling import SMOTE\nXr, yr = SMOTE().fit_resample(X, y)\n"
            "out = pd.concat([Xr, yr], axis=1)\nout.to_csv('data/balanced.csv', index=False)\n",
            "train.py": IMPORTS + "df = pd.read_csv('data/balanced.csv')\n" + XY + SPLIT + LOGISTIC + FIT + JUDGE,
        }
    )
    assert "oversample_before_split" in kinds(found, "material")


def test_08_a_clean_split_overwritten_by_a_split_of_resampled_rows_is_a_leak() -> None:
    found = read_script(
        START + SPLIT + "from imblearn.over_sampling import SMOTE\nXr, yr = SMOTE().fit_resample(X, y)\n"
        "X_train, X_test, y_train, y_test = train_test_split(Xr, yr)\n" + LOGISTIC + FIT + JUDGE
    )
    assert "oversample_before_split" in kinds(found, "material")


@pytest.mark.parametrize(
    ("judge", "tier"), [(JUDGE, "minor"), ("print(f1_score(y_test, model.predict(X_test)))\n", "material")]
)
def test_09_majority_sampled_down_by_hand_before_the_split_is_partial(judge: str, tier: str) -> None:
    found = read_script(
        IMPORTS
        + READ
        + "minority = df[df['churn'] == 1]\nmajority = df[df['churn'] == 0].sample(n=len(minority), random_state=1)\n"
        "df = pd.concat([majority, minority])\n" + XY + SPLIT + LOGISTIC + FIT + judge
    )
    assert found.imbalance.level == "partial"
    assert kinds(found, tier) == {"undersample_before_split"}


def test_10_resample_as_time_aggregation_is_irrelevant() -> None:
    found = read_script(
        IMPORTS + READ + "df = df.set_index('date').resample('D').mean()\n" + XY + SPLIT + LOGISTIC + FIT + JUDGE
    )
    assert found.imbalance.level == "none"
    assert "undersample_before_split" not in kinds(found)


def test_11_only_stratifying_is_no_remedy() -> None:
    assert read_script(CLEAN).imbalance.level == "none"


def test_12_a_printed_ratio_with_nothing_done_is_no_remedy() -> None:
    found = read_script(START + "print(y.value_counts(normalize=True))\n" + SPLIT + LOGISTIC + FIT + JUDGE)
    assert found.imbalance.level == "none"


def test_13_weights_on_a_model_that_is_not_the_final_one_are_partial() -> None:
    found = read_script(
        START + SPLIT + "first = LogisticRegression(class_weight='balanced').fit(X_train, y_train)\n"
        "print(f1_score(y_test, first.predict(X_test)))\nmodel = RandomForestClassifier(random_state=0)\n"
        + FIT
        + JUDGE
        + "import joblib\njoblib.dump(model, 'model.joblib')\n"
    )
    assert found.imbalance.level == "partial"


def test_14_a_weight_from_a_dataclass_default_or_a_params_dict_counts() -> None:
    config = "from dataclasses import dataclass\n@dataclass\nclass Config:\n    weight: str = 'balanced'\ncfg = Config()\n"
    found = read_script(START + SPLIT + config + "model = LogisticRegression(class_weight=cfg.weight)\n" + FIT + JUDGE)
    assert found.imbalance.level == "yes"
    native = read_script(
        START + SPLIT + "import lightgbm as lgb\nparams = {'objective': 'binary', 'is_unbalance': True}\n"
        "model = lgb.train(params, lgb.Dataset(X_train, label=y_train))\nprint(roc_auc_score(y_test, model.predict(X_test)))\n"
    )
    assert native.imbalance.level == "yes"
    assert native.families == ("gbdt",)


def test_14_a_weight_from_a_yaml_file_counts() -> None:
    found = read_files(
        {
            "train.py": START + SPLIT + "import yaml\ncfg = yaml.safe_load(open('config.yaml'))\n"
            "model = LogisticRegression(**cfg['model'])\n" + FIT + JUDGE,
            "config.yaml": "model:\n  C: 1.0\n  class_weight: balanced\n",
        }
    )
    assert found.imbalance.level == "yes"


def test_15_balancing_by_attribute_on_an_automl_object_counts() -> None:
    found = read_script(
        START + SPLIT + "from h2o.automl import H2OAutoML\naml = H2OAutoML(max_models=5)\naml.balance_classes = True\n"
        "aml.train(X_train, y_train)\nprint(roc_auc_score(y_test, aml.predict(X_test)))\n"
    )
    assert found.imbalance.level == "yes"


@pytest.mark.parametrize("value", ["dict", "...", "{}", "{0: 1, 1: 1}", "False"])
def test_16_a_placeholder_is_no_weight(value: str) -> None:
    found = read_script(START + SPLIT + f"model = LogisticRegression(class_weight={value})\n" + FIT + JUDGE)
    assert found.imbalance.level == "none"


def test_17_a_weight_in_a_docstring_and_a_commented_argument_is_none() -> None:
    found = read_script(
        START + SPLIT + 'def make():\n    """Uses class_weight="balanced"."""\n'
        "    return LogisticRegression(\n        # class_weight='balanced',\n        max_iter=500)\nmodel = make()\n"
        + FIT
        + JUDGE
    )
    assert found.imbalance.level == "none"


def test_18_balanced_data_that_was_looked_at_and_said_so_is_enough() -> None:
    found = read_script(
        START
        + "print(y.value_counts())\n# The classes are roughly balanced (52 to 48), so no remedy is needed.\n"
        + SPLIT
        + LOGISTIC
        + FIT
        + JUDGE
    )
    assert found.imbalance.level == "yes"


def test_19_imbalance_argued_in_text_only_is_partial() -> None:
    found = read_script(
        START
        + "print(y.value_counts())\n# The class imbalance is severe: only 2 % of rows are positive.\n"
        + SPLIT
        + LOGISTIC
        + FIT
        + JUDGE
    )
    assert found.imbalance.level == "partial"


def test_a_threshold_chosen_on_validation_rows_with_a_fitting_metric_counts() -> None:
    found = read_script(
        START
        + SPLIT
        + "X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=2)\n"
        + LOGISTIC
        + "model.fit(X_tr, y_tr)\np, r, t = precision_recall_curve(y_val, model.predict_proba(X_val)[:, 1])\n"
        "best = t[np.argmax(2 * p * r / (p + r))]\npred = model.predict_proba(X_test)[:, 1] >= best\nprint(f1_score(y_test, pred))\n"
    )
    assert found.imbalance.level == "yes"
    assert found.imbalance.mechanisms == ("threshold",)
    assert "selection_on_test" not in kinds(found)


@pytest.mark.parametrize(
    "line",
    [
        "from imblearn.ensemble import BalancedRandomForestClassifier\nmodel = BalancedRandomForestClassifier()\n",
        "from xgboost import XGBClassifier\nmodel = XGBClassifier(scale_pos_weight=(y_train == 0).sum() / (y_train == 1).sum())\n",
        "from catboost import CatBoostClassifier\nmodel = CatBoostClassifier(auto_class_weights='Balanced')\n",
    ],
)
def test_balanced_learners_count(line: str) -> None:
    assert read_script(START + SPLIT + line + FIT + JUDGE).imbalance.level == "yes"


def test_sample_weights_and_keras_weights_given_to_fit_count() -> None:
    weighted = "model.fit(X_train, y_train, sample_weight=np.where(y_train == 1, 10, 1))\n"
    assert read_script(START + SPLIT + LOGISTIC + weighted + JUDGE).imbalance.level == "yes"
    keras = (
        "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense\n"
        "model = Sequential([Dense(1)])\nmodel.compile(loss='binary_crossentropy')\n"
        "model.fit(X_train, y_train, class_weight={0: 1.0, 1: 12.0})\nprint(model.evaluate(X_test, y_test))\n"
    )
    found = read_script(START + SPLIT + keras)
    assert (found.imbalance.level, found.families) == ("yes", ("nn",))
