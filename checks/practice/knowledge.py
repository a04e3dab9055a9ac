"""Looking a name up in the tables: library and last part of the dotted name, whatever path it was imported by."""

from dataclasses import dataclass
from functools import lru_cache

from checks.practice.tables import frames, functions, learners, transformers

ALIASES = {
    "tensorflow": "keras", "tf_keras": "keras", "tf": "keras", "scikeras": "keras", "modin": "pandas", "cudf": "pandas",
    "dask": "pandas", "databricks": "pandas", "geopandas": "pandas", "sklearnex": "sklearn", "daal4py": "sklearn",
    "sklego": "sklearn", "pylab": "matplotlib", "pytorch_lightning": "lightning", "fbprophet": "prophet", "cupy": "numpy",
    "autoimpute": "sklearn", "ruamel": "yaml", "cPickle": "pickle", "dill": "pickle", "panel": "streamlit",
    "pandas_ta": "pandas", "jax": "numpy", "torchtext": "torch", "hvplot": "hvplot", "awswrangler": "pandas",
}  # fmt: skip
"""Packages that offer the same names as another one."""

CONVENTIONAL = {
    "pd": "pandas", "np": "numpy", "plt": "matplotlib.pyplot", "sns": "seaborn", "px": "plotly.express", "pl": "polars",
    "go": "plotly.graph_objects", "xgb": "xgboost", "lgb": "lightgbm", "sm": "statsmodels.api", "tf": "tensorflow",
    "msno": "missingno", "alt": "altair", "sklearn": "sklearn", "torch": "torch", "stats": "scipy.stats", "joblib": "joblib",
    "ce": "category_encoders", "umap": "umap", "imblearn": "imblearn", "PCA": "sklearn.PCA", "NMF": "sklearn.NMF",
    "RFE": "sklearn.RFE", "SVC": "sklearn.SVC", "SVR": "sklearn.SVR", "resample": "sklearn.resample",
    "zscore": "scipy.zscore", "boxcox": "scipy.boxcox", "yeojohnson": "scipy.yeojohnson",
}  # fmt: skip
"""What an unbound name means by custom, for fragments and for names that a star import may have brought."""

_STARRED = frozenset({"pycaret", "fastai", "sklearn", "keras", "imblearn", "statsmodels", "seaborn", "plotly", "torch"})
"""Libraries that are imported by star without hiding names of the language."""
STAR = {"pylab": "matplotlib.pyplot", "fastai": "fastai"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a symbol is: a role that picks the handler, and a detail for it."""

    role: str
    detail: str = ""


def _rows(table: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in table.strip().splitlines() if line.strip()]


@lru_cache(maxsize=1)
def _symbols() -> dict[tuple[str, str], Entry]:
    book: dict[tuple[str, str], Entry] = {}
    plain = (
        (learners.LEARNERS, "learner"),
        (learners.UNCOUNTED, "uncounted"),
        (learners.WRAPPERS, "wrapper"),
        (learners.AUTOML, "automl"),
        (transformers.TRANSFORMERS, "transformer"),
        (transformers.SAMPLERS, "sampler"),
        (functions.PLOTS, "plot"),
    )
    for table, role in plain:
        for library, symbols, detail in _rows(table):
            for symbol in symbols.split():
                book[library, symbol] = Entry(role, detail)
    for row in _rows(functions.FUNCTIONS):
        for symbol in row[1].split():
            book[row[0], symbol] = Entry(row[2], row[3] if len(row) > 3 else "")
    return book


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Class-like names and a few functions, by the library that they almost always come from."""
    found: dict[str, str] = {}
    for (library, symbol), entry in _symbols().items():
        distinctive = symbol[:1].isupper() and len(symbol) > 3 and entry.role not in {"frame"}
        telling = entry.role in {"split", "metric", "cv", "scores"} or (entry.role == "transformer" and "_" in symbol)
        if (distinctive or telling) and "." not in symbol and symbol not in {"auc", "cv"}:
            found.setdefault(symbol, f"{library}.{symbol}")
    return found


@lru_cache(maxsize=4096)
def look_up(dotted: str) -> Entry | None:
    """The entry of `sklearn.preprocessing.StandardScaler`, by library and last part (or last two, or three, parts)."""
    parts = dotted.split(".")
    library = ALIASES.get(parts[0], parts[0])
    book = _symbols()
    for length in (3, 2, 1):
        if len(parts) > length:
            entry = book.get((library, ".".join(parts[-length:])))
            if entry is not None:
                return entry
    if library == "transformers" and parts[-1] == "from_pretrained" and "For" in parts[-2]:
        return Entry("learner", "nn")
    if library == "keras" and "pandas" not in dotted and parts[-1] == "train_test_split":
        return Entry("split")
    return None


def names_of(dotted: str) -> tuple[str, ...]:
    """The names that a star import of a library may bring, as far as they are known."""
    library = library_of(dotted)
    if library not in _STARRED:
        return ()
    return tuple(symbol for known, symbol in _symbols() if known == library and "." not in symbol)


def library_of(dotted: str) -> str:
    root = dotted.split(".", 1)[0]
    return ALIASES.get(root, root)


def by_custom(name: str) -> str | None:
    """The dotted name that an unbound name stands for by custom, if any."""
    return CONVENTIONAL.get(name) or _by_name().get(name)


@lru_cache(maxsize=1)
def frame_methods() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in _rows(frames.METHODS):
        for name in row[0].split():
            found.setdefault(name, Entry(row[1], row[2] if len(row) > 2 else ""))
    return found
