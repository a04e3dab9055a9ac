"""Tricky cases of exploration and missing values, numbered as in the reference on ML practice."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from tests.checks.practice.pieces import CLEAN, EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import notebook, read_files, read_script

REST = XY + SPLIT + LOGISTIC + FIT + JUDGE


def test_plain_exploration_is_full() -> None:
    found = read_script(IMPORTS + READ + EDA + REST).eda
    assert found.level == 2
    assert set(found.facets) >= {"shape", "missingness", "duplicates", "target", "numeric", "feature_target", "feature_feature"}
    assert all(seen.where.line for seen in found.places)


def test_no_exploration_is_zero() -> None:
    assert read_script(CLEAN).eda.level == 0


@pytest.mark.parametrize("way", ["module", "class", "logged", "saved"])
def test_51_exploration_in_a_helper_a_class_a_log_or_saved_figures_counts(way: str) -> None:
    body = "".join(f"    {line}\n" for line in EDA.strip().splitlines())
    if way == "module":
        files = {
            "explore.py": IMPORTS + "def look(df):\n" + body,
            "main.py": "from explore import look\n" + IMPORTS + READ + "look(df)\n" + REST,
        }
    elif way == "class":
        method = "".join(f"    {line}\n" for line in body.splitlines())
        files = {"main.py": IMPORTS + READ + "class Explorer:\n    def __init__(self, df):\n        self.df = df\n    def run(self):\n"
                 "        df = self.df\n" + method + "Explorer(df).run()\n" + REST}  # fmt: skip
    elif way == "logged":
        files = {
            "main.py": IMPORTS
            + "import logging\nlogger = logging.getLogger(__name__)\n"
            + READ
            + EDA.replace("print(", "logger.info(")
            + REST
        }
    else:
        files = {
            "main.py": IMPORTS + READ + EDA.replace("print(df.describe())", "df.describe().to_csv('out/describe.csv')") + REST
        }
    assert read_files(files).eda.level == 2


@pytest.mark.parametrize(
    "wrapped",
    [
        "if False:\n{0}",
        "if 0:\n{0}",
        "DEBUG = False\nif DEBUG:\n{0}",
        "while False:\n{0}",
        "def explore(df):\n{0}",
        "class Explorer:\n    def run(self, df):\n{1}",
        "def explore(df):\n    return df\n{0}\nexplore(df)",
        "for _ in []:\n{0}",
        "for _ in range(0):\n{0}",
        "try:\n    pass\nexcept Exception:\n{0}",
        "if __name__ == 'never':\n{0}",
        "if 1 == 2:\n{0}",
        "if not True:\n{0}",
        "def explore(df):\n    raise SystemExit\n{0}\n",
        "def walk(df):\n    yield 1\n{0}\nwalk(df)",
        "'''\n{2}\n'''",
        "import typing\nif typing.TYPE_CHECKING:\n{0}",
    ],
)
def test_52_exploration_that_never_runs_is_zero(wrapped: str) -> None:
    once = "".join(f"    {line}\n" for line in EDA.strip().splitlines())
    twice = "".join(f"    {line}\n" for line in once.splitlines())
    assert read_script(IMPORTS + READ + wrapped.format(once, twice, EDA) + "\n" + REST).eda.level == 0


def test_52_code_after_an_exit_is_dead() -> None:
    assert read_script("import sys\n" + IMPORTS + READ + "sys.exit(0)\n" + EDA).eda.level == 0


def test_53_bare_expressions_in_a_script_show_nothing() -> None:
    bare = EDA.replace("print(", "(").replace('plt.savefig("corr.png")', "").replace("df.info()", "")
    found = read_script(IMPORTS + READ + bare + REST).eda
    assert found.level == 1
    assert found.facets


def test_53_the_last_expression_of_a_cell_is_shown() -> None:
    lines = ["df.shape", "df.isna().sum()", 'df["churn"].value_counts()', "df.describe()", "df.corr()"]
    assert read_files({"a.ipynb": notebook(IMPORTS + READ, *lines, REST)}).eda.level == 2
    silent = [f"{line};\n1" for line in lines]
    assert read_files({"a.ipynb": notebook(IMPORTS + READ, *silent, REST)}).eda.level == 1


def test_54_words_in_text_strings_comments_and_names_are_nothing() -> None:
    words = "# df.describe() df.isna().sum() df.corr() sns.heatmap\ndescribe_isna_corr_heatmap = 'df.describe() value_counts hist'\n"
    found = read_files(
        {"a.ipynb": notebook("md: Exploratory data analysis: describe, isna, corr, heatmap", IMPORTS + READ, words + REST)}
    )
    assert found.eda.level == 0


@pytest.mark.parametrize(
    "toy",
    [
        "df = pd.DataFrame({'a': [1, 2], 'churn': [0, 1], 'plan': ['x', 'y']})\n",
        "df = sns.load_dataset('titanic')\n",
        "from sklearn.datasets import load_iris\ndf = load_iris(as_frame=True).frame\n",
        "import io\ndf = pd.read_csv(io.StringIO('a,churn\\n1,0'))\n",
        "df = pd.DataFrame(np.random.rand(10, 3), columns=['a', 'plan', 'churn'])\n",
    ],
)
def test_55_toy_frames_and_library_data_sets_are_not_the_tasks_data(toy: str) -> None:
    real = "real = pd.read_csv('train.csv')\nmodel = LogisticRegression().fit(real[['a']], real['churn'])\n"
    assert read_script(IMPORTS + toy + EDA + real).eda.level == 0


def test_57_a_profile_report_alone_is_one() -> None:
    line = "from ydata_profiling import ProfileReport\nProfileReport(df).to_file('report.html')\n"
    assert read_script(IMPORTS + READ + line + REST).eda.level == 1


def test_58_plotly_altair_and_spark_looks_count() -> None:
    plotly = "import plotly.express as px\npx.histogram(df, x='churn').show()\npx.scatter(df, x='a', y='churn').show()\n"
    assert {"target", "feature_target"} <= set(read_script(IMPORTS + READ + plotly + REST).eda.facets)
    altair = "import altair as alt\nalt.Chart(df).mark_bar().encode(x='a').save('a.html')\n"
    assert read_script(IMPORTS + READ + altair + REST).eda.facets
    spark = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\ndf = spark.read.csv('a.csv')\ndf.describe().show()\n"
    assert "numeric" in read_script(spark).eda.facets


def test_59_cells_that_did_not_run_beside_cells_that_did_show_nothing() -> None:
    import json

    book = json.loads(notebook(IMPORTS + READ, EDA, REST, outputs=True))
    book["cells"][1]["outputs"], book["cells"][1]["execution_count"] = [], None
    found = read_files({"a.ipynb": json.dumps(book)}).eda
    assert found.level == 1
    assert not any(seen.visible for seen in found.places)


def test_61_magics_shell_lines_and_html_cells_are_stepped_over() -> None:
    cells = ("%%html\n<b>Exploration</b> <br/>", "%matplotlib inline\n!pip install pandas\npip install seaborn\n" + IMPORTS + READ,
             "%%time\n" + EDA, "df.head?\n", "%%bash\nls -la | head", REST)  # fmt: skip
    found = read_files({"a.ipynb": notebook(*cells)})
    assert found.unreadable == ()
    assert found.eda.level == 2


def test_62_checkpoints_and_exports_count_once() -> None:
    script = IMPORTS + READ + EDA + REST
    found = read_files({"a.ipynb": notebook(script), ".ipynb_checkpoints/a-checkpoint.ipynb": notebook(script), "a.py": script})
    assert found.files == ("a.ipynb",)
    assert [copy.where.path for copy in found.copies] == ["a.py"]
    assert found.models_fitted == 1


def test_evaluation_figures_are_no_exploration() -> None:
    tail = "from sklearn.metrics import roc_curve\nfpr, tpr, _ = roc_curve(y_test, model.predict_proba(X_test)[:, 1])\nplt.plot(fpr, tpr)\nplt.show()\n"
    tail += "pd.Series(model.predict(X_test)).value_counts().plot.bar()\nplt.bar(X.columns, model.coef_[0])\nplt.show()\n"
    found = read_script(CLEAN + tail).eda
    assert set(found.facets) <= {"shape"}


def test_a_module_nobody_imports_is_dead_beside_an_entry() -> None:
    files = {"main.py": CLEAN + "\nif __name__ == '__main__':\n    print('done')\n", "leftover.py": IMPORTS + READ + EDA}
    assert read_files(files).eda.level == 0
    assert read_files({**files, "README.md": "Run `python leftover.py`."}).eda.level == 2


def test_77_gaps_dropped_in_a_figure_or_filled_after_a_pivot_are_not_handled() -> None:
    figure = "sns.histplot(df['a'].dropna())\nplt.show()\n"
    pivot = "print(df.pivot_table(index='a', columns='b', values='c').fillna(0))\n"
    assert read_script(IMPORTS + READ + figure + pivot + REST).missing_values == "none"


@pytest.mark.parametrize(
    "line",
    [
        "df['a'] = df['a'].fillna(df['a'].median())\n",
        "df = df.dropna()\n",
        "df.dropna(inplace=True)\n",
        "df['a'].fillna(0, inplace=True)\n",
        "df['a_missing'] = df['a'].isna().astype(int)\n",
        "df[['a']] = SimpleImputer().fit_transform(df[['a']])\n",
        "df.loc[df['a'].isna(), 'a'] = df['a'].mean()\n",
        "df['a'] = np.where(df['a'].isna(), 0, df['a'])\n",
        "df['a'] = df['a'].replace(np.nan, 0)\n",
    ],
)
def test_gaps_filled_on_the_way_to_the_model_are_handled(line: str) -> None:
    found = read_script(IMPORTS + READ + line + REST)
    assert found.missing_values == "handled"
    assert found.missing_places[0].where.line is not None


def test_an_imputer_in_a_pipeline_is_handled_and_a_count_alone_is_inspected() -> None:
    pipeline = "model = make_pipeline(SimpleImputer(), LogisticRegression())\n"
    assert read_script(START + SPLIT + pipeline + FIT + JUDGE).missing_values == "handled"
    assert read_script(IMPORTS + READ + "print(df.isnull().sum())\n" + REST).missing_values == "inspected"
    assert read_script(CLEAN).missing_values == "none"


@pytest.mark.parametrize(
    ("line", "facet"),
    [
        ("df['a'].plot.hist()\nplt.show()\n", "numeric"),
        ("df['churn'].value_counts().plot(kind='bar')\nplt.savefig('a.png')\n", "target"),
        ("from collections import Counter\nprint(Counter(df['churn']))\n", "target"),
        ("print(len(df))\n", "shape"),
        ("print((df['churn'] == 1).mean())\n", "target"),
        ("print(df.corr()['churn'].sort_values())\n", "feature_target"),
        ("print(pd.crosstab(df['plan'], df['churn']))\n", "feature_target"),
        ("sns.boxplot(x='churn', y='a', data=df)\nplt.show()\n", "outliers"),
        ("fig, ax = plt.subplots()\nax.hist(df['a'])\nplt.show()\n", "numeric"),
        ("for c in ['a', 'b']:\n    sns.kdeplot(data=df, x=c, hue='churn')\nplt.show()\n", "feature_target"),
        ("print(df['date'].min(), df.groupby('date').size())\n", "time_entity"),
        ("print(df['plan'].nunique())\n", "categorical"),
        ("assert (df['a'] >= 0).all()\n", "outliers"),
        ("import missingno as msno\nmsno.matrix(df)\nplt.show()\n", "missingness"),
        ("sns.heatmap(df.isnull())\nplt.show()\n", "missingness"),
        ("print(df.groupby('churn')['a'].mean())\n", "feature_target"),
        ("sns.pairplot(df, hue='churn')\nplt.show()\n", "feature_target"),
        (
            "from scipy.stats import chi2_contingency\nprint(chi2_contingency(pd.crosstab(df['plan'], df['churn'])))\n",
            "feature_target",
        ),
    ],
)
def test_each_facet_is_told_from_what_shows_it(line: str, facet: str) -> None:
    assert facet in read_script(IMPORTS + READ + line + REST).eda.facets


def test_frames_that_are_only_worked_with_are_not_explored() -> None:
    work = "for c in df.columns:\n    df[c] = df[c].astype(float)\nn = df.shape[0]\nmeans = df.groupby('plan')['a'].mean()\ndf['m'] = df['plan'].map(means)\n"
    assert read_script(IMPORTS + READ + work + REST).eda.level == 0


@pytest.mark.parametrize("mark", ["# In[{0}]:", "# %%", "#%% step {0}", "# In[ ]:"])
def test_a_notebook_exported_to_a_script_shows_what_its_cells_showed(mark: str) -> None:
    lines = [IMPORTS + READ, "df.shape", "df.isna().sum()", 'df["churn"].value_counts()', "df.describe()", "df.corr()", REST]
    script = "\n".join(f"{mark.format(number)}\n{line}\n" for number, line in enumerate(lines))
    found = read_script(script).eda
    assert found.level == 2
    line = next(seen.where.line for seen in found.places if seen.what.startswith("missingness"))
    assert script.splitlines()[(line or 0) - 1] == "df.isna().sum()"


def test_what_a_capturing_cell_prints_is_seen_by_nobody() -> None:
    shown = read_files({"a.ipynb": notebook(IMPORTS + READ, EDA.replace("plt.savefig", "print"), REST)}).eda
    hidden = read_files({"a.ipynb": notebook(IMPORTS + READ, "%%capture\n" + EDA.replace("plt.savefig", "print"), REST)}).eda
    assert (shown.level, hidden.level) == (2, 1)


def test_a_script_that_a_cell_runs_is_live() -> None:
    files: dict[str, str | bytes] = {"a.ipynb": notebook(CLEAN), "looking_at_it.py": IMPORTS + READ + EDA}
    assert read_files(files).eda.level == 0
    assert read_files({**files, "a.ipynb": notebook("!python looking_at_it.py", CLEAN)}).eda.level == 2
    assert read_files({**files, "a.ipynb": notebook("%run looking_at_it.py", CLEAN)}).eda.level == 2
