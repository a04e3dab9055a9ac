"""Planted defects of practice other than leaks, and planted good practice, with the code or text that carries each."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from dataclasses import dataclass

from bench.detectors.leaks import Change
from bench.detectors.programs import Program

_PLAIN_MODEL = "from sklearn.ensemble import RandomForestClassifier\n"


JUDGED_OTHERWISE = ("a notebook with figures", "a small network", "boosting with rows to stop by", "several models compared")
"""Programs in which a forest without resampling is judged anyway, or rows go another way."""


@dataclass(frozen=True)
class Planted:
    """One defect: the detectors that must speak, and the change that makes it."""

    watched: tuple[str, ...]
    name: str
    change: Change


def _unweighted(program: Program) -> Program | None:
    """The same work without any thought for the rare class."""
    if not program.imbalanced:
        return None
    plain = {"class_weight=\"balanced\", ": "", "class_weight=\"balanced_subsample\", ": "", ", class_weight={0: 1.0, 1: 15.0}": "",
             "scale_pos_weight=15, ": "", "is_unbalance=True, ": ""}  # fmt: skip
    parts = program
    for slot in ("model", "fit"):
        code = program.part(slot)
        for old, new in plain.items():
            code = code.replace(old, new)
        parts = parts.put(slot, code)
    return parts.documented("REPORT.md", "# Report\n\nThe ranking finds two in three of the cases among the first tenth.\n")


def _no_report(program: Program) -> Program | None:
    return program.documented("REPORT.md", None).documented("README.md", "# Ranking\n\n    python main.py\n")


def _report(text: str) -> Change:
    def change(program: Program) -> Program | None:
        return program.documented("REPORT.md", text).documented("README.md", "# Ranking\n\n    python main.py\n")

    return change


def _no_look(program: Program) -> Program | None:
    return program.put("look", "")


def _without_gaps(program: Program) -> Program | None:
    if "Imputer" in program.source_of_code():
        return None
    fill = 'df["lag_7"] = df.groupby("$level")["$target"].shift(7)\n' if program.name == "a forecast" else ""
    return program.put("look", 'print(df.shape)\nprint(df["$level"].value_counts())\n').put("fill", fill)


def _unjudged(program: Program) -> Program | None:
    """Fitted, and never judged on anything."""
    if program.name in ("several models compared", "lightgbm and a baseline", "a forecast", "a pipeline that is searched"):
        return None
    fit = "model.fit(X, y)\n" if program.name != "a small network" else "model.fit(X, y, epochs=20)\n"
    rows = (
        program.put("split", "").put("fit", fit).put("model", program.part("model").replace("early_stopping_rounds=30, ", ""))
    )
    return rows.put("judge", 'pd.DataFrame({"score": model.predict(X).ravel()}).to_csv("out.csv")\n')


def _jump(program: Program) -> Program | None:
    """Tried with synthetic rows, handed in without them."""
    if not program.imbalanced or program.name in JUDGED_OTHERWISE:
        return None
    tried = (
        "tried = RandomForestClassifier(random_state=$seed)\n"
        "tried.fit(*SMOTE(random_state=$seed).fit_resample(X_train, y_train))\n"
        "print(roc_auc_score(y_test, tried.predict_proba(X_test)[:, 1]))\n"
        "final = RandomForestClassifier(random_state=$seed)\nfinal.fit(X_train, y_train)\n"
        'joblib.dump(final, "model.joblib")\n'
    )
    imports = _PLAIN_MODEL + "import joblib\nfrom imblearn.over_sampling import SMOTE\n"
    return program.after("imports", imports).after("judge", tried)


def _spoilt(program: Program) -> Program | None:
    if not program.imbalanced:
        return None
    code = "X, y = SMOTE(random_state=$seed).fit_resample(X, y)\n"
    return program.after("target", code).after("imports", "from imblearn.over_sampling import SMOTE\n")


def _balanced_too_early(program: Program) -> Program | None:
    plain = _unweighted(program)
    return None if plain is None else _spoilt(plain)


_TUTORIAL = """# Theory

A random forest is an ensemble of trees, because many weak learners together are stronger than one. Cross-validation is used
in machine learning since a single split can mislead. Accuracy is often misleading when classes are imbalanced.
"""


def _only_judged(program: Program) -> Program | None:
    """No look at the data, and a judgement that takes a mean and a maximum."""
    if not program.imbalanced:
        return None
    bare = program.put("look", 'newest = df["$moment"].max()\ndf = df[df["$moment"] <= newest]\n')
    return bare.after("judge", "print(y_test[scores > 0.5].mean())\n")


ALONE = ("a notebook with figures", "boosting with rows to stop by", "a small network")
"""Programs that compare their one model with nothing: clean in all else."""


def _alone(program: Program) -> Program | None:
    return program if program.name in ALONE else None


DEFECTS: tuple[Planted, ...] = (
    Planted(("eda:absent",), "no look at the data", _no_look),
    Planted(("eda:absent",), "nothing but what the split and the judgement need", _only_judged),
    Planted(("missing_values:absent",), "gaps are no subject", _without_gaps),
    Planted(("imbalance:absent",), "nothing for the rare class", _unweighted),
    Planted(("imbalance:partial",), "balanced before the rows are divided", _balanced_too_early),
    Planted(("validation:absent",), "never judged", _unjudged),
    Planted(("validation:spoilt",), "the sides share copies", _spoilt),
    Planted(("iteration:unexplained_jump",), "the final fit drops the resampling", _jump),
    Planted(("iteration:no_baseline",), "nothing simple beside the model", _alone),
    Planted(("explanation:absent",), "no reasons and no report", _no_report),
    Planted(
        ("explanation:absent",), "a report without reasons", _report("# Report\n\nThe score is 0.41. The model was fitted.\n")
    ),
    Planted(("explanation:absent",), "general words of a tutorial", _report(_TUTORIAL)),
    Planted(("limitations:absent",), "no report", _no_report),
    Planted(
        ("limitations:absent",),
        "what holds for everybody",
        _report("# Report\n\nAll models are wrong, and data can be noisy.\n"),
    ),
    Planted(
        ("limitations:absent",), "only plans", _report("# Next\n\nIn future we would try more models and tune them further.\n")
    ),
    Planted(
        ("limitations:absent",),
        "only ticks",
        _report("# Checks\n\n- [x] Limitations of the 83 rows considered\n- [x] No leak\n"),
    ),
)

_LIMITS = {
    "English": "The estimate rests on 83 positive rows of one month, so it cannot tell small differences between models apart.",
    "Spanish": "Una limitación: la estimación se basa en solo 83 filas positivas de un mes y no permite comparar modelos parecidos.",
    "German": "Eine Einschränkung: die Schätzung beruht auf nur 83 positiven Zeilen eines Monats und erlaubt keinen feinen Vergleich.",
    "French": "Une limite : l'estimation repose sur seulement 83 lignes positives d'un mois et ne permet pas de comparer finement.",
    "Portuguese": "Uma limitação: a estimativa baseia-se em apenas 83 linhas positivas de um mês e não permite comparar modelos.",
    "Indonesian": "Keterbatasan: perkiraan ini hanya berdasarkan 83 baris positif dari satu bulan sehingga tidak dapat membedakan model.",
}
_REASONS = {
    "English": "We judge by average precision instead of accuracy because only 6 % of the rows are positive.",
    "Spanish": "Usamos average precision como métrica en lugar de accuracy porque solo el 6 % de las filas es positivo.",
    "German": "Wir messen mit average precision statt accuracy, weil nur 6 % der Zeilen positiv sind.",
    "French": "Nous utilisons average precision comme métrique plutôt que accuracy parce que 6 % des lignes seulement sont positives.",
    "Portuguese": "Usamos average precision como métrica em vez de accuracy porque apenas 6 % das linhas são positivas.",
}

TEXTS: tuple[Planted, ...] = (
    *(
        Planted(("limitations:stated",), f"a limit in {name}", _report(f"# Report\n\n{text}\n"))
        for name, text in _LIMITS.items()
    ),
    *(
        Planted(("explanation:explained",), f"a reason in {name}", _report(f"# Report\n\n{text}\n"))
        for name, text in _REASONS.items()
    ),
)


@dataclass(frozen=True)
class Evidence:
    """Good practice that a few lines carry: they count where they run, and nowhere else."""

    watched: str
    name: str
    lines: str
    slot: str = "look"
    imports: str = ""
    cleared: tuple[str, ...] = ()
    """Parts of the program around it that would be evidence of the same."""


EVIDENCE: tuple[Evidence, ...] = (
    Evidence("eda:facet_shape", "shape", "print(df.shape)\n"),
    Evidence("eda:facet_missingness", "gaps counted", "print(df.isna().sum())\n"),
    Evidence("eda:facet_duplicates", "repeats counted", "print(df.duplicated().sum())\n"),
    Evidence("eda:facet_target", "the target", 'print(df["$target"].value_counts(normalize=True))\n'),
    Evidence("eda:facet_numeric", "columns described", "print(df.describe())\n"),
    Evidence("eda:facet_categorical", "levels counted", 'print(df["$level"].value_counts())\n'),
    Evidence("eda:facet_outliers", "a box plot", 'sns.boxplot(x=df["$first"])\nplt.savefig("box.png")\n', imports="seaborn"),
    Evidence("eda:facet_feature_target", "rates by level", 'print(df.groupby("$level")["$target"].mean())\n'),
    Evidence("eda:facet_feature_feature", "correlations", 'print(df[["$first", "$second"]].corr())\n'),
    Evidence("eda:facet_time_entity", "rows by month",
             'print(df.groupby(pd.to_datetime(df["$moment"]).dt.month).size())\n'),
    Evidence("missing_values:handled", "gaps filled", 'df["$first"] = df["$first"].fillna(0)\n', "fill"),
    Evidence("missing_values:inspected", "gaps counted", "print(df.isna().sum())\n"),
    Evidence("imbalance:mechanism", "another model with weights",
             'model = LogisticRegression(class_weight="balanced").fit(X_train, y_train)\n', "fit", "linear"),
    Evidence("imbalance:mechanism", "weights of rows",
             'model = LogisticRegression().fit(X_train, y_train, sample_weight=1 + 9 * y_train)\n', "fit", "linear"),
    Evidence("iteration:family", "another family",
             "other = KNeighborsClassifier().fit(X_train, y_train)\nprint(other.score(X_test, y_test))\n", "judge", "neighbours", cleared=("fit", "judge")),
    Evidence("validation:split", "a split that is used",
             "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)\n"
             "model = LogisticRegression().fit(X_train, y_train)\nprint(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\n",
             "target", "linear", cleared=("split", "model", "fit", "judge")),
    Evidence("leakage:trap_left_out", "a trap dropped", 'df = df.drop(columns=["booked_after"])\n', "fill"),
)  # fmt: skip
DECOYS: tuple[Evidence, ...] = (
    Evidence("eda:facet_time_entity", "an age in days, which is no date", 'print(df["device_age_days"].groupby(df["$level"]).mean())\n'),
    Evidence("validation:split", "rows divided and forgotten",
             "train_test_split(X, y)\nmodel = LogisticRegression().fit(X, y)\nprint(model.score(X, y))\n",
             "target", "linear", cleared=("split", "model", "fit", "judge")),
    Evidence("eda:facet_numeric", "a made-up table described", 'print(pd.DataFrame({"a": [1, 2, 3]}).describe())\n'),
    Evidence("eda:facet_shape", "a made-up table's shape", "print(pd.DataFrame([[1, 2]]).shape)\n"),
    Evidence("eda:facet_categorical", "levels of a made-up table", 'print(pd.Series(["a", "b"]).value_counts())\n'),
    Evidence("eda:facet_missingness", "gaps of a made-up table", "print(pd.DataFrame([[1, None]]).isna().sum())\n"),
    Evidence("missing_values:handled", "gaps filled after a pivot for a figure",
             'print(df.pivot_table(index="$level", values="$first").fillna(0))\n'),
    Evidence("imbalance:mechanism", "weights switched off", "weights = None\nprint(weights)\n"),
)  # fmt: skip
"""Lines that look like good practice and are none."""
IMPORTS = {
    "": "",
    "seaborn": "import matplotlib.pyplot as plt\nimport seaborn as sns\n",
    "linear": "from sklearn.linear_model import LogisticRegression\n",
    "neighbours": "from sklearn.neighbors import KNeighborsClassifier\n",
}
