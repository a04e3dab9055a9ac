"""Wraps functions and methods of the libraries at the moment when the module that defines them has been imported."""

import functools
import importlib.machinery
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

from .journal import Journal

LIBRARIES = ("sklearn", "imblearn", "xgboost", "lightgbm", "catboost")
MODULES = {"xgboost": ("xgboost.sklearn",), "lightgbm": ("lightgbm.sklearn",), "catboost": ("catboost.core",)}
"""Of these libraries only the modules that speak scikit-learn's language."""

METHODS = {
    "fit": "fit",
    "partial_fit": "fit",
    "fit_transform": "fit",
    "fit_predict": "fit",
    "fit_resample": "resample",
    "transform": "transform",
    "predict": "predict",
    "predict_proba": "predict",
    "decision_function": "predict",
    "score": "score",
}
SPLITTERS = ("sklearn.model_selection._split", "imblearn.model_selection._split")
VALIDATION = {
    "cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve",
    "permutation_test_score",
}  # fmt: skip
METRICS = {
    "accuracy_score", "average_precision_score", "balanced_accuracy_score", "brier_score_loss", "classification_report",
    "cohen_kappa_score", "confusion_matrix", "d2_log_loss_score", "f1_score", "fbeta_score", "geometric_mean_score",
    "log_loss", "matthews_corrcoef", "max_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_error", "mean_squared_log_error", "median_absolute_error", "precision_recall_curve",
    "precision_recall_fscore_support", "precision_score", "r2_score", "recall_score", "roc_auc_score", "roc_curve",
    "root_mean_squared_error", "top_k_accuracy_score",
}  # fmt: skip


class Finder:
    """First on the import path: lets the usual finder find, and adds one thing to do after the module has run."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        library = name.partition(".")[0]
        if library not in LIBRARIES or name not in MODULES.get(library, (name,)):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        loader = getattr(spec, "loader", None)
        if isinstance(loader, importlib.machinery.SourceFileLoader):
            run = loader.exec_module

            def run_and_wrap(module: ModuleType) -> None:
                run(module)
                self.journal.safely(wrap_module, module, self.journal)

            vars(loader)["exec_module"] = run_and_wrap
        return spec


def wrap_module(module: ModuleType, journal: Journal) -> None:
    """Wrap what this module defines itself; what it merely imported has been wrapped where it was defined."""
    for name, value in list(vars(module).items()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, type):
            wrap_class(value, module.__name__, journal)
        elif isinstance(value, FunctionType) and value.__name__ == name:
            kind = kind_of_function(name, module.__name__)
            if kind:
                setattr(module, name, wrapped(value, kind, journal))


def kind_of_function(name: str, module: str) -> str | None:
    if name == "train_test_split":
        return "split"
    if name in VALIDATION:
        return "validate"
    return "metric" if name in METRICS and ".metrics" in module else None


def wrap_class(cls: type, module: str, journal: Journal) -> None:
    for name, value in list(vars(cls).items()):
        kind = METHODS.get(name)
        if module in SPLITTERS and name == "split":
            kind = "folds"
        if kind is None:
            continue
        if isinstance(value, FunctionType):
            setattr(cls, name, wrapped(value, kind, journal))
        elif isinstance(getattr(value, "fn", None), FunctionType):
            value.fn = wrapped(value.fn, kind, journal)  # a method that is only there under a condition


def wrapped(original: FunctionType, kind: str, journal: Journal) -> Callable[..., Any]:
    name = original.__name__

    @functools.wraps(original)
    def traced(*positional: Any, **named: Any) -> Any:
        if not journal.free:
            journal.count(kind, positional)
            return original(*positional, **named)
        journal.free = False
        try:
            note = journal.safely(journal.before, kind, name, positional, named)
            result = original(*positional, **named)
            if note is not None:
                journal.safely(journal.after, note, result)
            return result
        finally:
            journal.free = True

    return traced
