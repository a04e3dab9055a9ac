"""Planted leaks, each a change of a clean program, and beside it the same work done right."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from collections.abc import Callable
from dataclasses import dataclass

from bench.detectors.programs import Program

Change = Callable[[Program], Program | None]
"""A program with the defect, or None where it does not fit."""


BY_NAME = "a pipeline that is searched"
PLAIN = ("a flat script", "a notebook with figures", "lightgbm and a baseline")


@dataclass(frozen=True)
class Leaky:
    """One way to make a leak, and its corrected twin."""

    rule: str
    name: str
    leak: Change
    twin: Change | None = None


def early(code: str, imports: str = "") -> Change:
    """Something done to all rows before they are divided, where later steps do not ask for columns by name."""

    def change(program: Program) -> Program | None:
        if program.name == BY_NAME and "fit_transform(" in code:
            return None
        return program.after("target", code).after("imports", imports)

    return change


def late(code: str, imports: str = "") -> Change:
    """Something done after rows are divided, in programs that go on with just those rows and judge once."""

    def change(program: Program) -> Program | None:
        if program.name not in PLAIN:
            return None
        return program.after("split", code).after("imports", imports)

    return change


def classes(change: Change) -> Change:
    """Where the task has classes."""
    return lambda program: change(program) if program.imbalanced else None


def fitting_all_but(names: tuple[str, ...], change: Change) -> Change:
    return lambda program: None if program.name in names else change(program)


_SCALE = "from sklearn.preprocessing import StandardScaler\n"
_SMOTE = "from imblearn.over_sampling import SMOTE\n"
_OVER = "from imblearn.over_sampling import RandomOverSampler\n"
_UNDER = "from imblearn.under_sampling import RandomUnderSampler\n"
_EMBED = "import numpy as np\nfrom gensim.models import Word2Vec\n"
_WORDS = "def vector(text):\n    return np.mean([w2v.wv[word] for word in text if word in w2v.wv], axis=0)\n\n\n"
_BALANCED_BY_HAND = (
    'many, few = df[df["$target"] == 0], df[df["$target"] == 1]\n'
    "df = pd.concat([many, few.sample(len(many), replace=True, random_state=$seed)])\n"
)
_CUT_BY_HAND = (
    'many, few = df[df["$target"] == 0], df[df["$target"] == 1]\n'
    "df = pd.concat([many.sample(len(few), random_state=$seed), few])\n"
)

PREPROCESSING = (
    Leaky("preprocess_before_split", "scaler on all rows",
          early("X = StandardScaler().fit_transform(X[['$first']])\n", _SCALE),
          late("scaler = StandardScaler().fit(X_train)\nX_train, X_test = scaler.transform(X_train), scaler.transform(X_test)\n", _SCALE)),
    Leaky("preprocess_before_split", "own standardisation",
          early('X = X.assign(scaled=(X["$first"] - X["$first"].mean()) / X["$first"].std())\n'),
          late('mean, spread = X_train["$first"].mean(), X_train["$first"].std()\n'
                'X_train = X_train.assign(scaled=(X_train["$first"] - mean) / spread)\n'
                'X_test = X_test.assign(scaled=(X_test["$first"] - mean) / spread)\n')),
    Leaky("preprocess_before_split", "filled with a median of all rows",
          early('X = X.fillna({"$first": df["$first"].median()})\n'),
          late('usual = X_train["$first"].median()\nX_train = X_train.fillna({"$first": usual})\nX_test = X_test.fillna({"$first": usual})\n')),
    Leaky("preprocess_before_split", "components of all rows",
          early('X = PCA(n_components=1).fit_transform(X[["$first"]])\n', "from sklearn.decomposition import PCA\n"),
          late("parts = PCA(n_components=1).fit(X_train)\nX_train, X_test = parts.transform(X_train), parts.transform(X_test)\n",
                "from sklearn.decomposition import PCA\n")),
    Leaky("fit_on_test", "scaler fitted again on the test rows",
          late("X_train = StandardScaler().fit_transform(X_train)\nX_test = StandardScaler().fit_transform(X_test)\n", _SCALE),
          late("scaler = StandardScaler()\nX_train = scaler.fit_transform(X_train)\nX_test = scaler.transform(X_test)\n", _SCALE)),
    Leaky("fit_on_test", "one imputer fitted twice",
          late("filler = SimpleImputer()\nX_train = filler.fit_transform(X_train)\nX_test = filler.fit_transform(X_test)\n",
                "from sklearn.impute import SimpleImputer\n"),
          late("filler = SimpleImputer()\nX_train = filler.fit_transform(X_train)\nX_test = filler.transform(X_test)\n",
                "from sklearn.impute import SimpleImputer\n")),
    Leaky("selection_before_split", "columns chosen by all labels",
          early("X = SelectKBest(f_classif, k=1).fit_transform(X, y)\n", "from sklearn.feature_selection import SelectKBest, f_classif\n"),
          late("best = SelectKBest(f_classif, k=1).fit(X_train, y_train)\nX_train, X_test = best.transform(X_train), best.transform(X_test)\n",
                "from sklearn.feature_selection import SelectKBest, f_classif\n")),
    Leaky("selection_before_split", "columns chosen by a forest of all rows",
          early("X = SelectFromModel(RandomForestClassifier(random_state=1)).fit_transform(X, y)\n",
                 "from sklearn.feature_selection import SelectFromModel\nfrom sklearn.ensemble import RandomForestClassifier\n"),
          late("best = SelectFromModel(RandomForestClassifier(random_state=1)).fit(X_train, y_train)\n"
                "X_train, X_test = best.transform(X_train), best.transform(X_test)\n",
                "from sklearn.feature_selection import SelectFromModel\nfrom sklearn.ensemble import RandomForestClassifier\n")),
    Leaky("target_encoding", "target means mapped",
          early('X = X.assign(rate=df["$level"].map(df.groupby("$level")["$target"].mean()))\n'),
          late('rates = df.loc[X_train.index].groupby("$level")["$target"].mean()\n'
                'X_train = X_train.assign(rate=df.loc[X_train.index, "$level"].map(rates))\n'
                'X_test = X_test.assign(rate=df.loc[X_test.index, "$level"].map(rates))\n')),
    Leaky("target_encoding", "target means transformed",
          early('X = X.assign(rate=df.groupby("$level")["$target"].transform("mean"))\n'),
          early('X = X.assign(usual=df.groupby("$level")["$first"].transform("size"))\n')),
)  # fmt: skip

SUBTLER = (
    Leaky("selection_before_split", "columns kept by a mask of all rows",
          early("best = SelectKBest(f_classif, k=1).fit(X, y)\nX = X.loc[:, best.get_support()]\n", "from sklearn.feature_selection import SelectKBest, f_classif\n"),
          late("best = SelectKBest(f_classif, k=1).fit(X_train, y_train)\n"
               "X_train, X_test = X_train.loc[:, best.get_support()], X_test.loc[:, best.get_support()]\n",
               "from sklearn.feature_selection import SelectKBest, f_classif\n")),
    Leaky("target_encoding", "target means merged",
          early('rates = df.groupby("$level", as_index=False)["$target"].mean().rename(columns={"$target": "rate"})\n'
                'X = df.merge(rates, on="$level", how="left")[["$first", "$second", "rate"]]\n'),
          early('sizes = df.groupby("$level", as_index=False)["$first"].size()\n'
                'X = df.merge(sizes, on="$level", how="left")[["$first", "$second", "size"]]\n')),
    Leaky("preprocess_before_split", "standardised in a function",
          early("def scaled(frame):\n    return (frame - frame.mean()) / frame.std()\n\n\nX = scaled(X)\n"),
          early("def bounded(frame):\n    return frame.clip(lower=0)\n\n\nX = bounded(X)\n")),
    Leaky("preprocess_before_split", "gaps filled column by column in a function",
          early("def filled(table):\n    for name in table.columns:\n        table[name].fillna(table[name].mean(), inplace=True)\n\n\nfilled(X)\n"),
          late("for name in X_train.columns:\n    usual = X_train[name].mean()\n"
               "    X_train[name] = X_train[name].fillna(usual)\n    X_test[name] = X_test[name].fillna(usual)\n")),
    Leaky("preprocess_before_split", "a column made of a scaled one",
          early('df["scaled"] = (df["$first"] - df["$first"].mean()) / df["$first"].std()\n'
                'df["doubled"] = df["scaled"] * 2\nX = df[["$second", "doubled"]]\n'),
          early('df["doubled"] = df["$first"] * 2\nX = df[["$second", "doubled"]]\n')),
    Leaky("preprocess_before_split", "words embedded by all texts",
          early(_WORDS + 'texts = [str(one).split() for one in df["$level"]]\nw2v = Word2Vec(texts, vector_size=8)\n'
                "X = np.array([vector(text) for text in texts])\n", _EMBED),
          late(_WORDS + 'texts = [str(one).split() for one in df.loc[X_train.index, "$level"]]\n'
               'others = [str(one).split() for one in df.loc[X_test.index, "$level"]]\nw2v = Word2Vec(texts, vector_size=8)\n'
               "X_train = np.array([vector(text) for text in texts])\nX_test = np.array([vector(text) for text in others])\n", _EMBED)),
    Leaky("oversample_before_split", "rows repeated by index",
          classes(lambda program: program.after("fill", 'df = df.loc[df.index.repeat(np.where(df["$target"] == 1, 10, 1))]\n').after("imports", "import numpy as np\n")),
          classes(lambda program: program.after("fill", 'df = df.loc[df.index[df["$first"] > 0]]\n'))),
    Leaky("oversample_before_split", "rare rows drawn again",
          classes(lambda program: program.after("fill", 'few = df[df["$target"] == 1]\nmore = resample(few, n_samples=5000, random_state=1)\ndf = pd.concat([df, more])\n').after("imports", "from sklearn.utils import resample\n")),
          classes(lambda program: program.after("fill", 'drawn = resample(df, n_samples=len(df), random_state=1)\nprint(drawn["$first"].mean())\n').after("imports", "from sklearn.utils import resample\n"))),
)  # fmt: skip
"""Leaks that take more steps to see."""

RESAMPLING = (
    Leaky("oversample_before_split", "synthetic rows",
          classes(early("X, y = SMOTE(random_state=$seed).fit_resample(X, y)\n", _SMOTE)),
          classes(late("X_train, y_train = SMOTE(random_state=$seed).fit_resample(X_train, y_train)\n", _SMOTE))),
    Leaky("oversample_before_split", "repeated rows",
          classes(early("X, y = RandomOverSampler(random_state=$seed).fit_resample(X, y)\n", _OVER)),
          classes(late("X_train, y_train = RandomOverSampler(random_state=$seed).fit_resample(X_train, y_train)\n", _OVER))),
    Leaky("oversample_before_split", "repeated by hand",
          classes(lambda program: program.after("fill", _BALANCED_BY_HAND)),
          classes(early('print(SMOTE(random_state=1).fit_resample(X, y)[1].value_counts())\n', _SMOTE))),
    Leaky("oversample_before_cv", "folds of synthetic rows",
          classes(late(
              "X_train, y_train = SMOTE(random_state=$seed).fit_resample(X_train, y_train)\n"
              'print(cross_val_score(LogisticRegression(), X_train, y_train, cv=5, scoring="f1").mean())\n',
              _SMOTE + "from sklearn.model_selection import cross_val_score\nfrom sklearn.linear_model import LogisticRegression\n")),
          classes(late(
              "steps = make_pipeline(SMOTE(random_state=$seed), LogisticRegression())\n"
              'print(cross_val_score(steps, X_train, y_train, cv=5, scoring="f1").mean())\n',
              _SMOTE + "from imblearn.pipeline import make_pipeline\nfrom sklearn.model_selection import cross_val_score\n"
              "from sklearn.linear_model import LogisticRegression\n"))),
    Leaky("undersample_before_split", "sampler on all rows",
          classes(early("X, y = RandomUnderSampler(random_state=$seed).fit_resample(X, y)\n", _UNDER)),
          classes(late("X_train, y_train = RandomUnderSampler(random_state=$seed).fit_resample(X_train, y_train)\n", _UNDER))),
    Leaky("undersample_before_split", "cut by hand",
          classes(lambda program: program.after("fill", _CUT_BY_HAND)),
          classes(lambda program: program.after("fill", 'df = df.sample(frac=0.5, random_state=$seed)\n'))),
    Leaky("undersample_test", "test rows cut",
          classes(late("X_test, y_test = RandomUnderSampler(random_state=$seed).fit_resample(X_test, y_test)\n", _UNDER)),
          classes(late("X_train, y_train = RandomUnderSampler(random_state=$seed).fit_resample(X_train, y_train)\n", _UNDER))),
)  # fmt: skip
