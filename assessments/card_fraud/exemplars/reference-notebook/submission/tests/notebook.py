"""The functions of the notebook, without running the rest of it."""

from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

NOTEBOOK = Path(__file__).parent.parent / "ranking.ipynb"


def library() -> SimpleNamespace:
    """What the cells tagged `library` define."""
    names = {
        "np": np,
        "pd": pd,
        "HistGradientBoostingClassifier": HistGradientBoostingClassifier,
    }
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if "library" in cell.metadata.get("tags", []):
            exec(compile(cell.source, str(NOTEBOOK), "exec"), names)  # our own cells
    return SimpleNamespace(**names)
