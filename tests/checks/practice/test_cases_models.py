"""Tricky cases of models and iteration, numbered as in the reference on ML practice."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from tests.checks.practice.pieces import CLEAN, EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import notebook, read_files, read_script


def test_46_unused_estimator_imports_are_no_models() -> None:
    assert read_script(IMPORTS + READ).families == ()


def test_47_models_that_only_text_speaks_of_are_not_counted() -> None:
    found = read_script(CLEAN + "# I also tried an SVM and a random forest, both were worse.\n")
    assert found.families == ("linear",)


@pytest.mark.parametrize(
    "code",
    [
        "for model in [LogisticRegression(), RandomForestClassifier(), SVC(probability=True)]:\n    model.fit(X_train, y_train)\n    {judge}",
        "models = {{'a': LogisticRegression(), 'b': RandomForestClassifier(), 'c': SVC(probability=True)}}\n"
        "for name, model in models.items():\n    model.fit(X_train, y_train)\n    {judge}",
        "pipe = Pipeline([('s', StandardScaler()), ('m', LogisticRegression())])\n"
        "model = GridSearchCV(pipe, {{'m': [LogisticRegression(), RandomForestClassifier(), SVC()]}})\nmodel.fit(X_train, y_train)\n{judge}",
        "REGISTRY = {{'lr': LogisticRegression, 'rf': RandomForestClassifier, 'svc': SVC}}\n"
        "for name in REGISTRY:\n    model = REGISTRY[name]()\n    model.fit(X_train, y_train)\n    {judge}",
        "class Wrapper:\n    def __init__(self, inner):\n        self.inner = inner\n    def fit(self, X, y):\n        self.inner.fit(X, y)\n"
        "        return self\n    def predict_proba(self, X):\n        return self.inner.predict_proba(X)\n"
        "for inner in (LogisticRegression(), RandomForestClassifier(), SVC()):\n    model = Wrapper(inner).fit(X_train, y_train)\n    {judge}",
        "def run(model):\n    model.fit(X_train, y_train)\n    return roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])\n"
        "print([run(m) for m in (LogisticRegression(), RandomForestClassifier(), SVC())])\n",
        "def make(kind):\n    if kind == 'lr':\n        return LogisticRegression()\n    if kind == 'rf':\n        return RandomForestClassifier()\n"
        "    return SVC()\nfor kind in ['lr', 'rf', 'svc']:\n    model = make(kind)\n    model.fit(X_train, y_train)\n    {judge}",
        "scores = {{n: cross_val_score(m, X_train, y_train).mean() for n, m in\n"
        "          [('a', LogisticRegression()), ('b', RandomForestClassifier()), ('c', SVC())]}}\nprint(scores)\n",
        "from functools import partial\nmakers = [partial(LogisticRegression, C=1), partial(RandomForestClassifier), lambda: SVC()]\n"
        "for make in makers:\n    model = make()\n    model.fit(X_train, y_train)\n    {judge}",
        "import importlib\nmodule = importlib.import_module('sklearn.linear_model')\nmodel = getattr(module, 'LogisticRegression')()\n"
        "model.fit(X_train, y_train)\n{judge}for model in map(lambda m: m, [RandomForestClassifier(), SVC()]):\n"
        "    model.fit(X_train, y_train)\n    {judge}",
    ],
)
def test_48_estimators_in_loops_grids_registries_and_wrappers_count_once_each(code: str) -> None:
    assert read_script(START + SPLIT + code.format(judge=JUDGE)).families == ("bagging", "linear", "svm")


def test_49_a_low_code_leaderboard_is_one_family_whatever_it_tried() -> None:
    found = read_script(
        "import pandas as pd\nfrom pycaret.classification import *\ndf = pd.read_csv('train.csv')\nsetup(df, target='churn', fix_imbalance=True)\n"
        "best = compare_models()\n"
    )
    assert found.families == ("automl",)
    assert found.models_fitted == 1
    assert found.imbalance.level == "yes"


def test_50_ensembles_and_selectors_add_no_family() -> None:
    voting = "model = VotingClassifier([('a', LogisticRegression()), ('b', SVC())])\n"
    assert read_script(START + SPLIT + voting + FIT + JUDGE).families == ()
    selector = "model = make_pipeline(SelectFromModel(RandomForestClassifier()), LogisticRegression())\n"
    assert read_script(START + SPLIT + selector + FIT + JUDGE).families == ("linear",)


def test_a_model_that_is_fitted_and_never_judged_is_not_counted() -> None:
    assert read_script(START + SPLIT + LOGISTIC + FIT).families == ()


def test_a_dummy_is_a_baseline_and_no_family() -> None:
    found = read_script(START + SPLIT + "from sklearn.dummy import DummyClassifier\nmodel = DummyClassifier()\n" + FIT + JUDGE)
    assert (found.families, found.baseline) == ((), True)


def test_models_on_toy_data_are_not_counted() -> None:
    toy = IMPORTS + "from sklearn.datasets import load_breast_cancer\nX, y = load_breast_cancer(return_X_y=True)\n"
    assert read_script(toy + SPLIT + LOGISTIC + FIT + JUDGE).families == ()


def test_three_copies_of_a_notebook_count_once() -> None:
    book = notebook(CLEAN)
    found = read_files({"a.ipynb": book, "docs/a.ipynb": book, "final.ipynb": book})
    assert found.models_fitted == 1


@pytest.mark.parametrize(
    ("code", "family"),
    [
        ("import xgboost as xgb\nmodel = xgb.train({'max_depth': 3}, xgb.DMatrix(X_train, label=y_train))\n"
         "print(roc_auc_score(y_test, model.predict(xgb.DMatrix(X_test))))\n", "gbdt"),
        ("import statsmodels.api as sm\nresult = sm.Logit(y_train, X_train).fit()\nprint(roc_auc_score(y_test, result.predict(X_test)))\n",
         "linear"),
        ("from sklearn.naive_bayes import GaussianNB\nmodel = GaussianNB()\n" + FIT + JUDGE, "nb"),
        ("from sklearn.neighbors import KNeighborsClassifier\nmodel = KNeighborsClassifier()\n" + FIT + JUDGE, "knn"),
        ("from sklearn.calibration import CalibratedClassifierCV\nmodel = CalibratedClassifierCV(DecisionTreeClassifier())\n" + FIT + JUDGE,
         "tree"),
        ("import torch\nimport torch.nn as nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
         "        self.layer = nn.Linear(3, 1)\n    def forward(self, x):\n        return self.layer(x)\nnet = Net()\n"
         "loss_of = nn.BCEWithLogitsLoss()\ninputs = torch.tensor(X_train.values)\nfor epoch in range(3):\n    out = net(inputs)\n"
         "    loss = loss_of(out, torch.tensor(y_train.values))\n    loss.backward()\n"
         "print(roc_auc_score(y_test, net(torch.tensor(X_test.values)).detach().numpy()))\n", "nn"),
    ],
)  # fmt: skip
def test_families_of_other_libraries_are_known(code: str, family: str) -> None:
    assert read_script(START + SPLIT + code).families == (family,)


def test_35_a_missing_seed_is_seen_and_seeds_given_anywhere_count() -> None:
    unseeded = START + SPLIT.replace(", random_state=1", "") + "model = RandomForestClassifier()\n" + FIT + JUDGE
    assert not read_script(unseeded).seeded
    assert read_script("import numpy as np\nnp.random.seed(1)\n" + unseeded).seeded
    assert read_script(START + SPLIT + "model = RandomForestClassifier(random_state=3)\n" + FIT + JUDGE).seeded


def test_63_64_tests_are_counted_as_defined_and_as_collected() -> None:
    found = read_files(
        {
            "main.py": CLEAN,
            "tests/test_main.py": "def test_a():\n    assert True\nclass TestB:\n    def test_c(self):\n        assert True\n",
            "tests/check_more.py": "def test_d():\n    assert True\n",
            "tests/__init__.py": "",
        }
    ).tests
    assert (found.defined, found.collected) == (3, 2)


def test_66_67_a_readme_is_judged_by_what_it_adds_and_what_exists() -> None:
    full = (
        "# Churn\nThis work predicts which customers leave next month and explains the choices made on the way.\n\n"
        "Run it:\n\n    python main.py\n\nData lies in `data/train.csv`. `main.py` does the work, `data/train.csv` is the input.\n"
        "Average precision is 0.41 on held-out rows.\n"
    )
    files: dict[str, str | bytes] = {"main.py": CLEAN, "data/train.csv": "a,churn\n1,0\n", "README.md": full}
    assert read_files(files).readme == 2
    ghost = full.replace("main.py", "gone.py")
    assert read_files({**files, "README.md": ghost}).readme < 2


def test_65_explored_and_modelled_notebook_is_read_whole() -> None:
    found = read_files({"a.ipynb": notebook(IMPORTS, READ, EDA, XY + SPLIT, LOGISTIC + FIT, JUDGE)})
    assert (found.eda.level, found.families) == (2, ("linear",))


def test_spark_models_judged_by_an_evaluator_count() -> None:
    code = (
        "from pyspark.sql import SparkSession\nfrom pyspark.ml import Pipeline\nfrom pyspark.ml.feature import VectorAssembler, StringIndexer\n"
        "from pyspark.ml.classification import GBTClassifier\nfrom pyspark.ml.evaluation import BinaryClassificationEvaluator\n"
        "spark = SparkSession.builder.getOrCreate()\ndf = spark.read.csv('train.csv', header=True)\ntrain, test = df.randomSplit([0.8, 0.2], seed=1)\n"
        "model = Pipeline(stages=[StringIndexer(inputCol='p'), VectorAssembler(inputCols=['a']), GBTClassifier(weightCol='w')]).fit(train)\n"
        "pred = model.transform(test)\nprint(BinaryClassificationEvaluator().evaluate(pred))\n"
    )
    found = read_script(code)
    assert (found.families, found.leakage, found.imbalance.level) == (("gbdt",), (), "yes")
    assert found.honest_evaluations > 0


def test_a_command_in_backticks_is_how_to_run_and_half_words_are_no_results() -> None:
    text = (
        "# Churn\nThis work predicts which customers leave next month and explains the choices made on the way.\n\n"
        "Run `python main.py`. The data comes from the bank. {last}\n"
    )
    files: dict[str, str | bytes] = {"main.py": CLEAN, "data/train.csv": "a,churn\n1,0\n"}
    assert read_files({**files, "README.md": text.format(last="Accuracy is 0.81.")}).readme == 2
    assert read_files({**files, "README.md": text.format(last="It resulted from a precisionist's 1.5 because.")}).readme < 2
