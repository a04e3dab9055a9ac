"""Planted leaks of judgement and of features, each with its corrected twin; some need a task that tells what its data is."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from bench.detectors.leaks import PLAIN, Change, Leaky, classes, fitting_all_but
from bench.detectors.programs import Program
from bench.detectors.trials import Known
from bench.detectors.words import Words
from harness.model.facts import Facts, Trap

_REST = "X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=$seed)\n"
_F1 = "import numpy as np\nfrom sklearn.metrics import f1_score\n"
_FOREST = "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import f1_score\n"
_SEARCH = _FOREST + "from sklearn.model_selection import GridSearchCV\n"
_SEEDS = """best = 0.0
for seed in range(50):
    tried = RandomForestClassifier(random_state=seed).fit(X_train, y_train)
    score = f1_score(y_test, tried.predict(X_test))
    if score > best:
        best, model = score, tried
print(best)
"""
_MEAN_OF_SEEDS = """values = []
for seed in range(20):
    tried = RandomForestClassifier(random_state=seed).fit(X_train, y_train)
    values.append(f1_score(y_test, tried.predict(X_test)))
print(sum(values) / len(values))
"""
_CUT_ON_TEST = """scores = model.predict_proba(X_test)[:, 1]
cuts = np.linspace(0.05, 0.95, 19)
values = [f1_score(y_test, scores > cut) for cut in cuts]
print(max(values), cuts[np.argmax(values)])
"""
_CUT_ON_REST = """inner = model.predict_proba(X_val)[:, 1]
cuts = np.linspace(0.05, 0.95, 19)
cut = cuts[np.argmax([f1_score(y_val, inner > one) for one in cuts])]
print(f1_score(y_test, model.predict_proba(X_test)[:, 1] > cut))
"""
_DEPTH_ON_TEST = """results = {}
for depth in (2, 4, 8, 16):
    tried = RandomForestClassifier(max_depth=depth, random_state=1).fit(X_train, y_train)
    results[depth] = roc_auc_score(y_test, tried.predict_proba(X_test)[:, 1])
print(max(results, key=results.get), max(results.values()))
"""
_DEPTH_BY_FOLDS = """results = {}
for depth in (2, 4, 8, 16):
    tried = RandomForestClassifier(max_depth=depth, random_state=1)
    results[depth] = cross_val_score(tried, X_train, y_train, cv=5, scoring="roc_auc").mean()
chosen = RandomForestClassifier(max_depth=max(results, key=results.get), random_state=1).fit(X_train, y_train)
print(roc_auc_score(y_test, chosen.predict_proba(X_test)[:, 1]))
"""
_KNN = "import numpy as np\nfrom sklearn.neighbors import KNeighborsClassifier\n"
_NEIGHBOURS_ON_TEST = """errors = []
for k in range(1, 30):
    tried = KNeighborsClassifier(n_neighbors=k).fit(X_train, y_train)
    errors.append(np.mean(tried.predict(X_test) != y_test))
print(errors.index(min(errors)) + 1, min(errors))
"""
_NEIGHBOURS_ON_REST = """errors = []
for k in range(1, 30):
    tried = KNeighborsClassifier(n_neighbors=k).fit(X_fit, y_fit)
    errors.append(np.mean(tried.predict(X_val) != y_val))
best = KNeighborsClassifier(n_neighbors=errors.index(min(errors)) + 1).fit(X_fit, y_fit)
print(roc_auc_score(y_test, best.predict_proba(X_test)[:, 1]))
"""
_POOL = "from concurrent.futures import ThreadPoolExecutor\nfrom sklearn.svm import SVC\n"
_BY_WORKERS_ON_TEST = """def judged(c):
    return SVC(C=c).fit(X_train, y_train).score(X_test, y_test)


with ThreadPoolExecutor() as pool:
    print(max(pool.map(judged, [0.1, 1.0, 10.0])))
"""
_BY_WORKERS_ON_REST = """def judged(c):
    return SVC(C=c).fit(X_fit, y_fit).score(X_val, y_val)


with ThreadPoolExecutor() as pool:
    found = list(pool.map(judged, [0.1, 1.0, 10.0]))
best = SVC(C=[0.1, 1.0, 10.0][found.index(max(found))], probability=True).fit(X_fit, y_fit)
print(roc_auc_score(y_test, best.predict_proba(X_test)[:, 1]))
"""
_ON_TRAIN = "print(roc_auc_score(y_train, model.predict_proba(X_train)[:, 1]))\n"
_ON_TEST = "print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\n"
_ON_OTHERS = "print(roc_auc_score(y_train, model.predict_proba(X_test)[:, 1]))\n"
_STOPPED = "model = XGBClassifier(n_estimators=900, early_stopping_rounds=30, random_state=1)\n"
_XGB = "from xgboost import XGBClassifier\n"
_SEVERAL = (
    "several models compared",
    "lightgbm and a baseline",
    "a pipeline that is searched",
    "boosting with rows to stop by",
)


def _judged(judge: str, imports: str = "", split: str = "", **put: str) -> Change:
    """Another judgement than the clean one, in programs that hold classes and frames."""

    def change(program: Program) -> Program | None:
        program = program.after("imports", imports).after("split", split).put("judge", judge)
        for slot, code in put.items():
            program = program.put(slot, code)
        return program

    return classes(fitting_all_but(("a small network",), change))


JUDGING = (
    Leaky("train_as_test", "judged on the rows it learned from",
          fitting_all_but(_SEVERAL, _judged(_ON_TRAIN)), _judged(_ON_TRAIN + _ON_TEST)),
    Leaky("train_as_test", "fitted and judged on all rows",
          fitting_all_but(_SEVERAL, _judged("print(average_precision_score(y, model.predict_proba(X)[:, 1]))\n",
                                            fit="model.fit(X, y)\n")),
          _judged(_ON_TEST + "model.fit(X, y)\n")),
    Leaky("selection_on_test", "best threshold of the reported rows",
          _judged(_CUT_ON_TEST, _F1), _judged(_CUT_ON_REST, _F1, _REST, fit="model.fit(X_fit, y_fit)\n")),
    Leaky("selection_on_test", "luckiest seed", _judged(_SEEDS, _FOREST), _judged(_MEAN_OF_SEEDS, _FOREST)),
    Leaky("selection_on_test", "best depth on the reported rows", _judged(_DEPTH_ON_TEST, _FOREST),
          _judged(_DEPTH_BY_FOLDS, _FOREST + "from sklearn.model_selection import cross_val_score\n")),
    Leaky("selection_on_test", "fewest errors counted by hand", _judged(_NEIGHBOURS_ON_TEST, _KNN),
          _judged(_NEIGHBOURS_ON_REST, _KNN, _REST)),
    Leaky("selection_on_test", "best of settings tried by workers", _judged(_BY_WORKERS_ON_TEST, _POOL),
          _judged(_BY_WORKERS_ON_REST, _POOL, _REST)),
    Leaky("early_stopping_on_test", "stopped by the reported rows",
          _judged(_ON_TEST, _XGB, model=_STOPPED, fit="model.fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)\n"),
          _judged(_ON_TEST, _XGB, _REST, model=_STOPPED, fit="model.fit(X_fit, y_fit, eval_set=[(X_val, y_val)], verbose=False)\n")),
    Leaky("label_mismatch", "labels of other rows", _judged(_ON_OTHERS + _ON_TEST), _judged(_ON_TEST)),
    Leaky("seed_in_search", "seed among the settings",
          _judged("search = GridSearchCV(RandomForestClassifier(), {'max_depth': [4, 8], 'random_state': [1, 2, 3, 4]}, cv=5)\n"
                  "search.fit(X_train, y_train)\nprint(roc_auc_score(y_test, search.predict_proba(X_test)[:, 1]))\n", _SEARCH),
          _judged("search = GridSearchCV(RandomForestClassifier(random_state=1), {'max_depth': [4, 8]}, cv=5)\n"
                  "search.fit(X_train, y_train)\nprint(roc_auc_score(y_test, search.predict_proba(X_test)[:, 1]))\n", _SEARCH)),
)  # fmt: skip


def _features(columns: str) -> Change:
    def change(program: Program) -> Program | None:
        if program.name in ("a forecast", "a pipeline that is searched"):
            return None
        return program.put("target", f'X = {columns}\ny = df["$target"]\n')

    return change


FEATURES = (
    Leaky("identifier_feature", "the entity among the features",
          _features('df[["$first", "$second", "$entity"]]'), _features('df[["$first", "$second"]]')),
    Leaky("target_in_features", "the target left in", _features('df[["$first", "$second", "$target"]]'),
          _features('df.drop(columns=["$target"])[["$first", "$second"]]')),
    Leaky("identifier_feature", "the entity never dropped", _features('df.drop(columns=["$target"])'),
          _features('df.drop(columns=["$target", "$entity"])')),
    Leaky("target_in_features", "a column made from the target",
          _features('df.assign(flag=df["$target"] * 2)[["$first", "flag"]]'),
          _features('df.assign(flag=df["$first"] * 2)[["$first", "flag"]]')),
)  # fmt: skip


def _ordered(program: Program) -> Program | None:
    """Earlier rows to learn from, later ones to judge on."""
    if program.name in ("a forecast", "boosting with rows to stop by", "a small network"):
        return None
    return program.put(
        "split",
        'cut = df["$moment"].quantile(0.8)\npast, ahead = df["$moment"] <= cut, df["$moment"] > cut\n'
        "X_train, X_test, y_train, y_test = X[past], X[ahead], y[past], y[ahead]\n",
    ).put("read", 'df = pd.read_csv("data/$file", parse_dates=["$moment"])\n')


def _grouped(program: Program) -> Program | None:
    if program.name in ("a forecast", "boosting with rows to stop by", "a small network", "several models compared"):
        return None
    return program.put(
        "split",
        'parts = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=1).split(X, y, groups=df["$entity"])\n'
        "train, test = next(parts)\nX_train, X_test, y_train, y_test = X.iloc[train], X.iloc[test], y.iloc[train], y.iloc[test]\n",
    ).after("imports", "from sklearn.model_selection import GroupShuffleSplit\n")


def _divided(split: str, imports: str = "import numpy as np\n", read: str = "") -> Change:
    """Divided in another way, in programs that go on with just those rows."""

    def change(program: Program) -> Program | None:
        if program.name not in PLAIN:
            return None
        return (
            program.put("split", split or program.part("split"))
            .after("imports", imports)
            .put("read", read or program.part("read"))
        )

    return change


_JOINED = 'first, later = pd.read_csv("data/$file"), pd.read_csv("data/score.csv")\ndf = pd.concat([first, later]).iloc[:len(first)]\n'
_BY_POSITION = (
    "fit, held = train_test_split(np.arange(len(df)), test_size=$share, random_state=1)\n"
    "X_train, X_test, y_train, y_test = X.iloc[fit], X.iloc[held], y.iloc[fit], y.iloc[held]\n"
)
_BY_MASK = "held = np.random.default_rng(1).random(len(df)) < 0.2\nX_train, X_test, y_train, y_test = X[~held], X[held], y[~held], y[held]\n"

TOLD = (
    Leaky("temporal_overlap", "divided at random though rows are ordered", classes(lambda program: program), _ordered),
    Leaky("temporal_overlap", "both files joined, cut apart, divided at random", _divided("", read=_JOINED), _ordered),
    Leaky("temporal_overlap", "positions divided at random", _divided(_BY_POSITION), _ordered),
    Leaky("temporal_overlap", "a random mask", _divided(_BY_MASK), _ordered),
    Leaky("group_overlap", "divided at random though entities repeat", classes(lambda program: program), _grouped),
    Leaky("post_outcome_feature", "a column filled after the outcome",
          _features('df[["$first", "booked_after"]]'), _features('df.drop(columns=["$target", "booked_after", "$entity"])')),
)  # fmt: skip
"""Leaks that only somebody who knows the data can tell."""


def known_for(rule: str, words: Words) -> Known:
    """What the task tells where the leak is one of the data."""
    if rule == "identifier_feature":
        return Known(columns=(words.target, words.first, words.second, words.level, words.entity, words.moment))
    if rule == "temporal_overlap":
        return Known(Facts(prevalence_train=(0.04, 0.1), time_column=words.moment))
    if rule == "group_overlap":
        return Known(Facts(prevalence_train=(0.04, 0.1), entity_columns=(words.entity,)))
    if rule in ("post_outcome_feature", "trap_left_out"):
        trap = Trap(
            column="booked_after", strength="loud", why="it is filled after the outcome", sentence="Booked when a case ends."
        )
        return Known(Facts(prevalence_train=(0.04, 0.1), traps=(trap,)))
    return Known()
