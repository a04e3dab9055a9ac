"""Documents, each fault of them, and what looks like one and is none."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from dataclasses import dataclass

from bench.detectors.programs import Files
from bench.detectors.trials import Known

BRIEF = """# The task

Rank the rows of the hidden month by how likely they are to be returned. Describe how to run your work, what you found in
the data, how you judged your model and what its limits are. Hand in a README, a report and tests. You have three hours, and
we expect no more than that. Ask if anything is unclear; we answer within a day.
"""
HEADINGS = (
    "Summary for a non-technical reader", "Assumptions and questions", "Data findings", "Approach and decisions", "Results",
    "Limits and risks", "Running it in production", "AI use", "With more time",
)  # fmt: skip
_FILLING = (
    "The ranking finds two in three of the cases among the first tenth of the rows, measured on the month that was kept apart "
    "from everything else, and the cost of a miss is why recall matters more than precision here. We looked at parcels, days, "
    "weights and carriers before any model was fitted, and each choice below names its number."
)
REPORT = "# Report\n\n" + "\n".join(f"## {title}\n\n{_FILLING}\n" for title in HEADINGS)
README = """# Which parcels come back

Ranks the parcels of the hidden month by how likely they are to come back, so that the depot can plan room for them. One small
model does the work, and the report says what it cannot do.

## Run

Put `parcels.csv` into `data/`, then:

    python main.py

## Where things are

`main.py` starts, `parcels/model.py` fits a logistic regression, `REPORT.md` tells what was found. Average precision on the
month kept apart is 0.41, chosen over accuracy because few parcels come back.
"""
MAIN = '''"""Start everything."""

from parcels.model import fitted

if __name__ == "__main__":
    print(fitted("data/parcels.csv"))
'''
MODEL = '''"""Fitting."""

import pandas as pd
from sklearn.linear_model import LogisticRegression


def fitted(path: str) -> LogisticRegression:
    """Learn from every parcel whose return is known, weighted by class."""
    table = pd.read_csv(path)
    model = LogisticRegression(class_weight="balanced")
    return model.fit(table[["weight_kg", "paid_price"]], table["returned"])


def ranked(model: LogisticRegression, table: pd.DataFrame) -> pd.DataFrame:
    """Most likely first, ties in the order of the file."""
    scores = model.predict_proba(table[["weight_kg", "paid_price"]])[:, 1]
    return table.assign(score=scores).sort_values("score", ascending=False, kind="stable")
'''
CLEAN: Files = {"README.md": README, "REPORT.md": REPORT, "main.py": MAIN, "parcels/__init__.py": "", "parcels/model.py": MODEL}
TASK = Known(brief=BRIEF, required=("README.md", "REPORT.md"))


@dataclass(frozen=True)
class Fault:
    """One change of the clean files: texts replaced, files left out or added."""

    rule: str
    name: str
    replace: tuple[tuple[str, str, str], ...] = ()
    leave_out: tuple[str, ...] = ()

    def files(self) -> Files:
        made = {path: text for path, text in CLEAN.items() if path not in self.leave_out}
        for path, old, new in self.replace:
            text = str(made[path])
            if text.count(old) != 1:
                raise ValueError(f"{old!r} stands {text.count(old)} times in {path}")
            made[path] = text.replace(old, new)
        return made


def _section(title: str) -> str:
    return f"## {title}\n\n{_FILLING}\n"


FAULTS: tuple[Fault, ...] = (
    Fault("no_readme", "no README", leave_out=("README.md",)),
    Fault("brief_repeated", "the brief as README", (("README.md", README, BRIEF),)),
    Fault("brief_repeated", "the brief and a word more", (("README.md", README, BRIEF + "\nDone by me in March.\n"),)),
    Fault("missing_target", "a script that is not there", (("README.md", "    python main.py", "    python train.py"),)),
    Fault("missing_target", "a module that is not there", (("README.md", "    python main.py", "    python -m parcelrank"),)),
    Fault("missing_target", "a make rule without a Makefile", (("README.md", "    python main.py", "    make train"),)),
    Fault("missing_path", "a file that is not there", (("README.md", "`parcels/model.py` fits", "`parcels/fitting.py` fits"),)),
    Fault("missing_path", "a notebook that is not there", (("README.md", "`main.py` starts", "`main.py` starts, `look.ipynb` looks"),)),
    Fault("names_other_model", "another model than the code's", (("README.md", "fits a logistic regression", "fits an XGBoost model"),)),
    Fault("names_other_model", "a forest that nobody fits", (("README.md", "fits a logistic regression", "fits a random forest"),)),
    Fault("facet_missing", "neither how to run nor a result",
          (("README.md", "    python main.py\n", ""), ("README.md", "then:", "then start."),
           ("README.md", " Average precision on the\nmonth kept apart is 0.41, chosen over accuracy because few parcels come back.", ""))),
    Fault("facet_missing", "nothing but a title", (("README.md", README, "# Parcels\n\nMy solution to the parcels task, with everything inside.\n"),)),
    Fault("heading_missing", "no limits", (("REPORT.md", _section("Limits and risks"), ""),)),
    Fault("heading_missing", "no results", (("REPORT.md", _section("Results"), ""),)),
    Fault("heading_thin", "limits in two words", (("REPORT.md", _section("Limits and risks"), "## Limits and risks\n\nNone known.\n"),)),
    Fault("heading_thin", "results to come", (("REPORT.md", _section("Results"), "## Results\n\nTo be written.\n"),)),
    Fault("docstring_missing", "no docstring", (("parcels/model.py", '    """Most likely first, ties in the order of the file."""\n', ""),)),
    Fault("docstring_missing", "the name again", (("parcels/model.py", "Most likely first, ties in the order of the file.", "Ranked."),)),
    Fault("docstring_disagrees", "a parameter that is not there",
          (("parcels/model.py", '"""Most likely first, ties in the order of the file."""',
            '"""Most likely first, ties in the order of the file.\n\n    Args:\n        model: what scores\n        table: the rows\n'
            '        threshold: where to cut\n    """'),)),
    Fault("missing_file", "no report", leave_out=("REPORT.md",)),
    Fault("missing_file", "no README", leave_out=("README.md",)),
)  # fmt: skip

INNOCENT: tuple[Fault, ...] = (
    Fault("", "as it is"),
    Fault("", "an output that runs make", (("README.md", "    python main.py\n", "    python main.py\n\nwrites `out/ranked.csv`.\n"),)),
    Fault("", "a link elsewhere", (("README.md", "does the work", "(see https://example.org/guide/model.py) does the work"),)),
    Fault("", "a model that was not taken", (("README.md", "fits a logistic regression", "fits a logistic regression, for a random forest gained nothing"),)),
    Fault("", "a rule of pytest", (("README.md", "    python main.py\n", "    python main.py\n    python -m pytest\n"),)),
    Fault("", "a place to fill in", (("README.md", "    python main.py\n", "    python main.py\n    python main.py --data <folder>\n"),)),
    Fault("", "headings in another order", (("REPORT.md", _section("Data findings"), ""), ("REPORT.md", "# Report\n", "# Report\n\n" + _section("Data findings")))),
    Fault("", "arguments that are there",
          (("parcels/model.py", '"""Most likely first, ties in the order of the file."""',
            '"""Most likely first, ties in the order of the file.\n\n    Args:\n        model: what scores\n        table: the rows\n    """'),)),
)  # fmt: skip
