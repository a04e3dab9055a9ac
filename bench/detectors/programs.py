"""Clean reference programs: whole pieces of work in several styles, each a row of named parts that a defect can change.

Every program has the same variables (`df, X, y, X_train, X_test, y_train, y_test, model`), so that one defect fits many.
"""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from dataclasses import dataclass, replace

from bench.detectors.words import Words

Files = dict[str, str | bytes]
LOOK = """
print(df.shape)
print(df.isna().sum())
print(df.duplicated().sum())
print(df["$target"].value_counts(normalize=True))
print(df.describe())
print(df["$level"].value_counts())
print(df.groupby("$level")["$target"].mean())
"""
FIGURES = """
print(df.shape)
print(df.isnull().mean())
sns.countplot(data=df, x="$target")
plt.savefig("figures/target.png")
sns.histplot(df["$first"])
plt.savefig("figures/first.png")
sns.heatmap(df[["$first", "$second", "$target"]].corr())
plt.savefig("figures/together.png")
print(pd.crosstab(df["$level"], df["$target"]))
"""
READ = 'df = pd.read_csv("data/$file")\n'
FILL = 'df = df.dropna(subset=["$first"])\n'
XY = 'X = df[["$first", "$second"]]\ny = df["$target"]\n'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=$share, stratify=y, random_state=$seed)\n"
JUDGE = "scores = model.predict_proba(X_test)[:, 1]\nprint(average_precision_score(y_test, scores), roc_auc_score(y_test, scores))\n"


@dataclass(frozen=True)
class Program:
    """One piece of work. Parts are code; documents lie beside it."""

    name: str
    parts: tuple[tuple[str, str], ...]
    documents: tuple[tuple[str, str], ...] = ()
    imbalanced: bool = True
    """Whether its task has classes at all."""

    def part(self, slot: str) -> str:
        return dict(self.parts).get(slot, "")

    def put(self, slot: str, code: str) -> "Program":
        return replace(self, parts=tuple((name, code if name == slot else old) for name, old in self.parts))

    def before(self, slot: str, code: str) -> "Program":
        return self.put(slot, code + self.part(slot))

    def after(self, slot: str, code: str) -> "Program":
        return self.put(slot, self.part(slot) + code)

    def documented(self, path: str, text: str | None) -> "Program":
        """With another document at this path, or with none."""
        kept = tuple((name, old) for name, old in self.documents if name != path)
        return replace(self, documents=kept if text is None else (*kept, (path, text)))

    def source_of_code(self) -> str:
        """All parts, words not filled in."""
        return "".join(code for _, code in self.parts)

    def source(self, words: Words) -> str:
        return words.fill(self.source_of_code())

    def texts(self, words: Words) -> Files:
        return {path: words.fill(text) for path, text in self.documents}


README = """# Which $level loses us a $target

Ranks the rows of the hidden month by how likely `$target` is, so that the team looks at the most likely ones first. A small
model on two columns does the work; the report says what it cannot do.

## Run

Put `$file` into `data/`. Then:

    python main.py

## Where things are

`main.py` holds the work, `REPORT.md` what was found. Average precision on the rows kept apart: 0.41.
"""
REPORT = """# Report

## Summary

The ranking finds two in three of the cases among the first tenth of the rows.

## Decisions

Rows are split at random with the classes stratified, because each row stands for itself and `$target` is rare. We judge by
average precision instead of accuracy, since only 6 % of the rows are positive. Rows without `$first` are dropped because
less than 1 % of them lack it. The classes are weighted because `$target` is rare and a miss costs more than a false alarm.
The model is kept simple since a larger one gained less than 0.01 in average precision.

## Limits

The estimate rests on 83 positive rows of one period, so differences of 0.03 between models mean nothing. The data does not
cover $level changes after the last month, and the model cannot be trusted for them.
"""
DOCUMENTS = (("README.md", README), ("REPORT.md", REPORT))


def _program(name: str, *, imbalanced: bool = True, **parts: str) -> Program:
    return Program(name, tuple(parts.items()), DOCUMENTS, imbalanced)


_PLAIN = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import train_test_split
"""
_DRAWN = "import matplotlib.pyplot as plt\nimport pandas as pd\nimport seaborn as sns\n"
_SCORES = "from sklearn.metrics import average_precision_score, roc_auc_score\n"
_DIVIDE = "from sklearn.model_selection import train_test_split\n"

PROGRAMS: tuple[Program, ...] = (
    _program(
        "a flat script", imports=_PLAIN, read=READ, look=LOOK, fill=FILL, target=XY, split=SPLIT,
        model='model = LogisticRegression(class_weight="balanced", max_iter=500)\n', fit="model.fit(X_train, y_train)\n", judge=JUDGE,
    ),
    _program(
        "a notebook with figures", imports=_DRAWN + "from sklearn.ensemble import RandomForestClassifier\n" + _SCORES + _DIVIDE,
        read=READ, look=FIGURES, fill=FILL, target=XY, split=SPLIT,
        model='model = RandomForestClassifier(n_estimators=300, class_weight="balanced_subsample", random_state=$seed)\n',
        fit="model.fit(X_train, y_train)\n", judge=JUDGE,
    ),
    _program(
        "a pipeline that is searched",
        imports="import pandas as pd\nfrom sklearn.compose import ColumnTransformer\nfrom sklearn.impute import SimpleImputer\n"
        "from sklearn.linear_model import LogisticRegression\n" + _SCORES
        + "from sklearn.model_selection import GridSearchCV, train_test_split\nfrom sklearn.pipeline import Pipeline\n"
        "from sklearn.preprocessing import OneHotEncoder, StandardScaler\n",
        read=READ, look=LOOK, fill="", target='X = df[["$first", "$second", "$level"]]\ny = df["$target"]\n', split=SPLIT,
        model="""numeric = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
columns = ColumnTransformer([
    ("numeric", numeric, ["$first", "$second"]),
    ("levels", OneHotEncoder(handle_unknown="ignore"), ["$level"]),
])
steps = Pipeline([("columns", columns), ("model", LogisticRegression(class_weight="balanced", max_iter=500))])
model = GridSearchCV(steps, {"model__C": [0.1, 1.0, 10.0]}, scoring="average_precision", cv=5)
""",
        fit="model.fit(X_train, y_train)\n", judge=JUDGE,
    ),
    _program(
        "boosting with rows to stop by", imports="import pandas as pd\n" + _SCORES + _DIVIDE + "from xgboost import XGBClassifier\n",
        read=READ, look=LOOK, fill=FILL, target=XY,
        split=SPLIT + "X_fit, X_stop, y_fit, y_stop = train_test_split(X_train, y_train, test_size=0.2, random_state=$seed)\n",
        model="model = XGBClassifier(n_estimators=900, scale_pos_weight=15, early_stopping_rounds=30, random_state=$seed)\n",
        fit="model.fit(X_fit, y_fit, eval_set=[(X_stop, y_stop)], verbose=False)\n", judge=JUDGE,
    ),
    _program(
        "lightgbm and a baseline",
        imports="import lightgbm as lgb\nimport pandas as pd\nfrom sklearn.dummy import DummyClassifier\n" + _SCORES + _DIVIDE,
        read=READ, look=LOOK, fill=FILL, target=XY, split=SPLIT,
        model="baseline = DummyClassifier().fit(X_train, y_train)\n"
        "print(average_precision_score(y_test, baseline.predict_proba(X_test)[:, 1]))\n"
        "model = lgb.LGBMClassifier(is_unbalance=True, random_state=$seed)\n",
        fit="model.fit(X_train, y_train)\n", judge=JUDGE,
    ),
    _program(
        "a small network", imports="import pandas as pd\nfrom sklearn.metrics import average_precision_score, roc_auc_score\n"
        + _DIVIDE + "from sklearn.preprocessing import StandardScaler\nfrom tensorflow import keras\n",
        read=READ, look=LOOK, fill=FILL, target=XY,
        split=SPLIT + "scaler = StandardScaler().fit(X_train)\nX_train = scaler.transform(X_train)\nX_test = scaler.transform(X_test)\n",
        model='model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])\n'
        'model.compile(optimizer="adam", loss="binary_crossentropy")\n',
        fit="model.fit(X_train, y_train, epochs=20, validation_split=0.2, class_weight={0: 1.0, 1: 15.0}, verbose=0)\n",
        judge="scores = model.predict(X_test).ravel()\nprint(average_precision_score(y_test, scores), roc_auc_score(y_test, scores))\n",
    ),
    _program(
        "several models compared",
        imports="import pandas as pd\nfrom sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier\n"
        "from sklearn.linear_model import LogisticRegression\n" + _SCORES + "from sklearn.model_selection import cross_val_score, train_test_split\n",
        read=READ, look=LOOK, fill=FILL, target=XY, split=SPLIT,
        model="""candidates = {
    "linear": LogisticRegression(class_weight="balanced", max_iter=500),
    "forest": RandomForestClassifier(class_weight="balanced", random_state=$seed),
    "boosted": GradientBoostingClassifier(random_state=$seed),
}
for name, candidate in candidates.items():
    print(name, cross_val_score(candidate, X_train, y_train, cv=5, scoring="average_precision").mean())
model = candidates["linear"]
""",
        fit="model.fit(X_train, y_train)\n", judge=JUDGE,
    ),
    _program(
        "a forecast", imbalanced=False,
        imports="import pandas as pd\nfrom sklearn.ensemble import HistGradientBoostingRegressor\nfrom sklearn.linear_model import Ridge\n"
        "from sklearn.metrics import mean_absolute_error\n",
        read='df = pd.read_csv("data/$file", parse_dates=["$moment"]).sort_values("$moment")\n',
        look=LOOK,
        fill='df["lag_7"] = df.groupby("$level")["$target"].shift(7)\ndf = df.dropna(subset=["lag_7", "$first"])\n',
        target='X = df[["$first", "lag_7"]]\ny = df["$target"]\n',
        split='cut = df["$moment"].max() - pd.Timedelta(days=28)\npast, ahead = df["$moment"] <= cut, df["$moment"] > cut\n'
        "X_train, X_test, y_train, y_test = X[past], X[ahead], y[past], y[ahead]\n",
        model="ridge = Ridge().fit(X_train, y_train)\nprint(mean_absolute_error(y_test, ridge.predict(X_test)))\n"
        "model = HistGradientBoostingRegressor(random_state=$seed)\n",
        fit="model.fit(X_train, y_train)\n", judge="scores = model.predict(X_test)\nprint(mean_absolute_error(y_test, scores))\n",
    ),
)  # fmt: skip
