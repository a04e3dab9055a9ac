"""Habits of public notebooks and scripts, read for what is looked at, what is filled and what is fitted."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from tests.checks.practice.pieces import CLEAN, EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import notebook, read_files, read_script

REST = XY + SPLIT + LOGISTIC + FIT + JUDGE
BARE_LOOKS = "df.shape\ndf.isna().sum()\ndf['churn'].value_counts()\ndf.describe()\ndf.corr()\ndf.duplicated().sum()\n"


def test_a_notebook_pasted_into_a_script_shows_what_its_cells_showed() -> None:
    """Its magics give it away: no Python would have run them, so the lines stood in cells."""
    assert read_script(IMPORTS + READ + BARE_LOOKS + REST).eda.level == 1
    assert read_script("%matplotlib inline\n" + IMPORTS + READ + BARE_LOOKS + REST).eda.level == 2


def test_a_profile_report_asked_of_the_frame_itself_is_a_look() -> None:
    found = read_files({"a.ipynb": notebook(IMPORTS + "import pandas_profiling\n" + READ, "df.profile_report()", REST)})
    assert found.eda.level == 1
    assert "missingness" in found.eda.facets


@pytest.mark.parametrize("look", ["df.info()", "df.isnull().sum()", "print(df.isna().mean())"])
def test_a_look_at_gaps_that_changes_nothing_is_inspected(look: str) -> None:
    assert read_files({"a.ipynb": notebook(IMPORTS + READ, look, REST)}).missing_values == "inspected"


@pytest.mark.parametrize(
    "line",
    [
        "df.loc[df['age'].isnull(), 'age'] = df['age'].median()\n",
        "df.loc[df[df['age'].isnull()].index, 'age'] = 30\n",
        "df['age'] = np.where(df['age'].isna(), df['age'].mean(), df['age'])\n",
        "for column in df.columns:\n    df[column] = df[column].fillna(df[column].mode()[0])\n",
    ],
)
def test_gaps_filled_by_place_are_handled(line: str) -> None:
    assert read_script(IMPORTS + READ + line + REST).missing_values == "handled"


SPARK = """
from pyspark.sql import SparkSession
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
spark = SparkSession.builder.getOrCreate()
df = spark.read.csv("train.csv", header=True, inferSchema=True)
{line}
train, test = df.randomSplit([0.8, 0.2], seed=1)
model = LogisticRegression(labelCol="churn").fit(train)
print(BinaryClassificationEvaluator(labelCol="churn").evaluate(model.transform(test)))
"""


@pytest.mark.parametrize("line", ["df = df.na.fill(0)", "df = df.na.drop()", "df = df.fillna({'age': 0})"])
def test_gaps_of_a_spark_frame_are_handled(line: str) -> None:
    assert read_script(SPARK.format(line=line)).missing_values == "handled"
    assert read_script(SPARK.format(line="")).missing_values == "none"


@pytest.mark.parametrize(
    "line",
    [
        "print(df.columns[3])\n",
        "assert len(X_train) == len(y_train)\n",
        "print(X_test[model.predict(X_test) != y_test])\n",
        "print(pd.Series(model.predict(X_test)).value_counts())\n",
        "wrong = X_test.loc[model.predict(X_test) == 1]\nwrong.hist()\nplt.show()\n",
        "ranked = np.argsort(-model.predict_proba(X_test)[:, 1])[:100]\nprint('precision in the first hundred', y_test.values[ranked].mean())\n",
    ],
)
def test_names_lengths_and_what_predictions_pick_are_no_exploration(line: str) -> None:
    found = read_script(START + SPLIT + LOGISTIC + FIT + line + JUDGE)
    assert found.eda.facets == ()


@pytest.mark.parametrize(
    "line", ["df['churn'].value_counts().plot.bar()\nplt.show()\n", "sns.barplot(x=df['churn'].value_counts().index, y=df['churn'].value_counts())\nplt.show()\n"]
)  # fmt: skip
def test_bars_of_label_counts_show_the_target(line: str) -> None:
    assert "target" in read_script(IMPORTS + READ + line + REST).eda.facets


@pytest.mark.parametrize(
    ("drawn", "related"),
    [
        ("df.corr()", True),
        ("df.iloc[0, 1:].values.reshape(28, 28)", False),
        ("WordCloud().generate(' '.join(text for text in df['comment']))", False),
    ],
)
def test_a_picture_of_a_row_or_of_words_is_no_relation(drawn: str, related: bool) -> None:
    code = f"from wordcloud import WordCloud\nplt.imshow({drawn})\nplt.show()\n"
    assert ("feature_feature" in read_script(IMPORTS + READ + code + REST).eda.facets) is related


def test_columns_reached_through_the_dot_are_columns() -> None:
    found = read_script(IMPORTS + READ + "print(df.churn.value_counts())\nsns.countplot(x=df.churn)\nplt.show()\n" + REST)
    assert "target" in found.eda.facets


def test_rows_drawn_by_another_column_than_the_target_are_no_remedy() -> None:
    other = "old = df[df['region'] == 1]\nnew = df[df['region'] == 0].sample(len(old))\ndf = pd.concat([old, new])\n"
    assert read_script(IMPORTS + READ + other + REST).imbalance.level == "none"
    assert read_script(IMPORTS + READ + other.replace("region", "churn") + REST).imbalance.level == "partial"


def test_rows_drawn_by_a_mask_over_the_labels_are_a_remedy() -> None:
    mask = "labels = pd.Series(y_train)\nmore = X_train[labels == 1].sample(1000, replace=True, random_state=0)\nX_train = pd.concat([X_train, more])\ny_train = pd.concat([y_train, pd.Series(np.ones(1000))])\n"
    assert read_script(START + SPLIT + mask + LOGISTIC + FIT + JUDGE).imbalance.level == "yes"


KERAS = """
from tensorflow.keras import layers, models
net = models.Sequential([layers.Dense(8, activation="relu"), layers.Dense(1, activation="sigmoid")])
net.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
net.fit(X, y, epochs=3, {watch})
"""
TORCH = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.line = nn.Linear(8, 1)
    def forward(self, x):
        return self.line(x)
train_x, test_x, train_y, test_y = map(torch.tensor, (X_train.values, X_test.values, y_train.values, y_test.values))
net = Net()
optimizer = torch.optim.Adam(net.parameters())
lossy = nn.BCEWithLogitsLoss()
for epoch in range(5):
    optimizer.zero_grad()
    loss = lossy(net.forward(train_x), train_y)
    loss.backward()
    optimizer.step()
print(accuracy_score(test_y, net.forward(test_x).detach().numpy() > 0))
"""
GRAPH = """
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 8])
t = tf.placeholder(tf.float32, [None, 1])
w = tf.Variable(tf.zeros([8, 1]))
logits = tf.matmul(x, w)
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=t, logits=logits))
step = tf.train.AdamOptimizer().minimize(loss)
right = tf.reduce_mean(tf.cast(tf.equal(tf.round(logits), t), tf.float32))
with tf.Session() as session:
    for epoch in range(10):
        session.run(step, feed_dict={x: X_train, t: y_train})
    print(session.run(right, feed_dict={x: X_test, t: y_test}))
"""
STATSMODELS = """
import statsmodels.api as sm
fitted = sm.GLM(y_train, sm.add_constant(X_train)).fit()
print(roc_auc_score(y_test, fitted.get_prediction(sm.add_constant(X_test)).summary_frame()["mean"]))
"""
FASTAI = """
from fastai.tabular import *
data = TabularList.from_df(df, cont_names=["a", "b"]).split_by_rand_pct(0.2).label_from_df(cols="churn").databunch()
learn = tabular_learner(data, layers=[200, 100], metrics=accuracy)
learn.fit_one_cycle(4)
"""


@pytest.mark.parametrize(
    ("code", "family"),
    [
        (START + KERAS.format(watch="validation_split=0.2"), "nn"),
        (START + SPLIT + KERAS.format(watch="validation_data=(X_test, y_test)"), "nn"),
        (START + SPLIT + TORCH, "nn"),
        (START + SPLIT + GRAPH, "nn"),
        (START + SPLIT + STATSMODELS, "linear"),
        (IMPORTS + READ + FASTAI, "nn"),
    ],
)
def test_models_that_are_judged_while_or_after_they_are_fitted_count(code: str, family: str) -> None:
    assert read_script(code).families == (family,)


IMAGES = """
import PIL
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
class Pictures(Dataset):
    def __init__(self, table):
        self.table = table.values
    def __len__(self):
        return len(self.table)
    def __getitem__(self, number):
        name, label = self.table[number]
        return PIL.Image.open(name), label
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.line = nn.Linear(8, 2)
    def forward(self, x):
        return self.line(x)
known, kept = train_test_split(df, random_state=1)
net = Net()
optimizer = torch.optim.Adam(net.parameters())
lossy = nn.CrossEntropyLoss()
for step, (pictures, labels) in enumerate(DataLoader(dataset=Pictures(known))):
    loss = lossy(net(pictures), labels)
    loss.backward()
    optimizer.step()
    if (step + 1) % 100 == 0:
        right = 0
        for pictures, labels in DataLoader(Pictures(kept)):
            right += {judged}
        print(right)
"""


@pytest.mark.parametrize(
    "judged",
    [
        "(torch.max(net(pictures).data, 1)[1] == labels).sum()",
        "net(pictures).argmax(1).eq(labels).sum()",
        "((net(pictures) > 0.5) == labels).sum()",
    ],
)
def test_networks_fed_by_classes_of_their_own_are_judged_in_their_later_rounds(judged: str) -> None:
    assert read_script(IMPORTS + READ + IMAGES.replace("{judged}", judged)).families == ("nn",)


@pytest.mark.parametrize(
    "loop",
    [
        "for epoch in range(100):\n    if epoch % 10 == 9:\n",
        "for epoch in range(12):\n    if epoch == 11:\n",
        "for step, row in enumerate(df.values):\n    if step == 50:\n",
        "count = 0\nfor row in df.values:\n    count += 1\n    if count == 1000:\n",
    ],
)
def test_what_runs_in_a_later_round_of_a_loop_is_live(loop: str) -> None:
    assert "numeric" in read_script(IMPORTS + READ + loop + "        print(df.describe())\n" + REST).eda.facets


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_what_needs_more_rounds_than_there_are_is_dead(rounds: int) -> None:
    loop = f"for epoch in range({rounds}):\n    if epoch == 5:\n        print(df.describe())\n"
    assert read_script(IMPORTS + READ + loop + REST).eda.facets == ()


@pytest.mark.parametrize(
    "line",
    ["X.loc[3, 'mean_of_age'] = df['age'].mean()\n", "means = df['age'].rolling(7).mean().dropna()\nprint(means.max())\n"],
)
def test_one_cell_that_is_written_and_the_edge_of_a_window_are_no_gaps(line: str) -> None:
    assert read_script(START + line + SPLIT + LOGISTIC + FIT + JUDGE).missing_values == "none"


def test_a_databricks_notebook_saved_as_a_script_shows_what_its_cells_showed() -> None:
    cells = ["# Databricks notebook source", IMPORTS + READ, *BARE_LOOKS.splitlines(), REST]
    assert read_script("\n# COMMAND ----------\n".join(cells)).eda.level == 2


def test_a_network_that_nothing_watches_is_not_judged() -> None:
    assert read_script(START + KERAS.format(watch="verbose=0")).families == ()


@pytest.mark.parametrize(("name", "alive"), [("logit_train.py", True), ("train_logit.py", True), ("unused_helpers.py", False)])
def test_a_script_named_like_a_stage_runs_beside_the_entry(name: str, alive: bool) -> None:
    files: dict[str, str | bytes] = {
        "main.py": CLEAN + "\nif __name__ == '__main__':\n    print('done')\n",
        name: IMPORTS + READ + EDA,
    }
    assert (read_files(files).eda.level == 2) is alive


@pytest.mark.parametrize(
    "reading",
    [
        "import duckdb\ndf = duckdb.connect('a.duckdb').execute('select * from t').fetchdf()\n",
        "import duckdb\ndf = duckdb.connect('a.duckdb').execute('select * from t').df()\n",
        "from google.cloud import bigquery\ndf = bigquery.Client().query('select 1').to_dataframe()\n",
        "import sqlite3\ncursor = sqlite3.connect('a.db').cursor()\ncursor.execute('select * from t')\ndf = pd.DataFrame(cursor.fetchall(), columns=['a', 'churn'])\n",
    ],
)
def test_what_a_database_hands_over_is_the_tasks_data(reading: str) -> None:
    found = read_script(IMPORTS + reading + "print(df['churn'].value_counts())\n" + REST)
    assert (found.eda.facets, found.families) == (("target",), ("linear",))


@pytest.mark.parametrize(
    ("learner", "seeded"),
    [
        ("XGBClassifier()", True),
        ("LGBMClassifier()", True),
        ("RandomForestClassifier()", False),
        ("RandomForestClassifier(random_state=3)", True),
    ],
)
def test_boosters_that_draw_the_same_numbers_by_default_need_no_seed(learner: str, seeded: bool) -> None:
    libraries = "from xgboost import XGBClassifier\nfrom lightgbm import LGBMClassifier\n"
    assert read_script(START + libraries + SPLIT + f"model = {learner}\n" + FIT + JUDGE).seeded is seeded


@pytest.mark.parametrize("made", ["np.log1p(df['price'])", "df['price'] > 100", "df['price'].shift(-1)"])
def test_a_look_at_the_column_the_target_was_made_from_is_a_look_at_the_target(made: str) -> None:
    code = f"print(df['price'].describe())\ndf['aim'] = {made}\nX, y = df.drop(columns=['price', 'aim']), df['aim']\n"
    assert read_script(IMPORTS + READ + code + SPLIT + LOGISTIC + FIT + JUDGE).eda.facets == ("target",)


@pytest.mark.parametrize(
    "line",
    [
        "for c in df.select_dtypes('number'):\n    df[c].fillna(df[c].median(), inplace=True)\n",
        "for c in df:\n    df[c].fillna(0, inplace=True)\n",
        "df = pd.get_dummies(df, dummy_na=True)\n",
        "df = pd.DataFrame(np.nan_to_num(df.values), columns=df.columns)\n",
    ],
)
def test_gaps_filled_column_by_column_or_by_a_value_of_their_own_are_handled(line: str) -> None:
    assert read_script(IMPORTS + READ + line + REST).missing_values == "handled"


@pytest.mark.parametrize(
    ("column", "shown"),
    [("device_age_days", False), ("hours_per_week", False), ("overtime", False), ("order_date", True), ("InvoiceDate", True)],
)
def test_a_length_of_time_is_no_time(column: str, shown: bool) -> None:
    """`day` in a column's name says when only where it is a word of its own that counts nothing."""
    code = START.split("df =")[0] + f'df = pd.read_csv("train.csv")\nprint(df["level"].groupby(df["{column}"]).mean())\n'
    assert ("time_entity" in read_script(code).eda.facets) == shown


AUTOML = {
    "tpot": "from tpot import TPOTClassifier\nmodel = TPOTClassifier(generations=5)\n",
    "autosklearn": "from autosklearn.classification import AutoSklearnClassifier\nmodel = AutoSklearnClassifier()\n",
    "flaml": "from flaml import AutoML\nmodel = AutoML()\n",
}


@pytest.mark.parametrize("name", AUTOML)
def test_a_search_over_all_kinds_of_models_is_the_family_automl(name: str) -> None:
    fitted = "model.fit(X_train, y_train)\n"
    honest = read_script(START + SPLIT + AUTOML[name] + fitted + "print(model.score(X_test, y_test))\n")
    assert honest.families == ("automl",)
    assert not [leak for leak in honest.leakage if leak.kind == "train_as_test"]
    own = read_script(START + SPLIT + AUTOML[name] + fitted + "print(model.score(X_train, y_train))\n")
    assert [leak.kind for leak in own.leakage] == ["train_as_test"]


@pytest.mark.parametrize(
    "code",
    [
        "from autogluon.tabular import TabularPredictor\ntrain, test = train_test_split(df)\n"
        "model = TabularPredictor(label='target').fit(train)\nprint(model.leaderboard(test))\n",
        "import h2o\nfrom h2o.automl import H2OAutoML\nframe = h2o.H2OFrame(df)\ntrain, test = frame.split_frame(ratios=[0.8])\n"
        "model = H2OAutoML(max_models=5)\nmodel.train(y='target', training_frame=train)\nprint(model.leader.model_performance(test))\n",
        "from pycaret.classification import *\nsetup(data=df, target='target')\nbest = compare_models()\npredict_model(best)\n",
    ],
)
def test_tools_that_take_a_whole_frame_are_the_family_automl(code: str) -> None:
    assert read_script(START + code).families == ("automl",)


KEPT = START.replace(XY, "{line}" + XY) + SPLIT + LOGISTIC + FIT + JUDGE


@pytest.mark.parametrize(
    "line",
    [
        "df = df[df.age.notnull()]",
        "df = df.loc[df['age'].notna()]",
        "df = df[~df['age'].isnull()]",
        "df = df[df['age'].isnull() == False]",
        "df = df[pd.notnull(df['age'])]",
        "df = df[~np.isnan(df['age'])]",
        "df = df[df.notnull().all(axis=1)]",
        "df = df[~df.isnull().any(axis=1)]",
        "df = df.query('age == age')",
        "df = df.query('age.notnull() and income.notnull()', engine='python')",
        "df = df.loc[:, df.isnull().mean() < 0.3]",
        "df = df[df.columns[df.isnull().mean() < 0.3]]",
        "df = df.loc[:, df.notnull().mean() > 0.7]",
        "share = df.isnull().sum() / len(df)\ndf = df[share[share < 0.3].index]",
    ],
)
def test_rows_or_columns_kept_for_having_values_are_gaps_handled(line: str) -> None:
    assert read_script(KEPT.replace("{line}", line + "\n")).missing_values == "handled"


@pytest.mark.parametrize(
    "line",
    [
        "labelled, unlabelled = df[df['churn'].notnull()], df[df['churn'].isnull()]\ndf = labelled",
        "df = df[df.churn.notna()]",
        "df[df.age.notnull()].age.hist()\nplt.show()",
        "print(df[df.age.isnull()].head())",
        "print(df[df.columns[df.isnull().mean() > 0.3]].head())",
        "print(df.loc[:, df.notnull().mean() < 0.7].head())",
        "df = df.query('age > 3')",
        "df.loc[df['age'].notnull(), 'known'] = 1",
    ],
)
def test_rows_kept_for_having_a_target_and_looks_at_gaps_are_not_gaps_handled(line: str) -> None:
    assert read_script(KEPT.replace("{line}", line + "\n")).missing_values != "handled"
