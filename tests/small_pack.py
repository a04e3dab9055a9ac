"""A whole small pack on disk, outside the repository's own: what a third party's pack looks like to the harness."""

import json
from pathlib import Path

from tests.builders import make_criterion, make_question, make_rubric, pack_document, write_tree, write_yaml

BUILT_IN_LOCK = Path(__file__).resolve().parent.parent / "assessments" / "card_fraud" / "requirements.lock"

GENERATE = '''"""Canary 0123456789abcdef0123456789abcdef. Rows whose label follows x1 and, a little, x2."""
import argparse, csv, pathlib, random

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--profile")
parser.add_argument("--out")
asked = parser.parse_args()
source = random.Random(asked.seed)
out = pathlib.Path(asked.out)

def rows(count, first):
    for number in range(count):
        x1, x2, noise = source.gauss(0, 1), source.gauss(0, 1), source.gauss(0, 1)
        yield [f"R{first + number:06d}", f"{x1:.6f}", f"{x2:.6f}", int(2 * x1 + x2 + noise > 2.2)]

def write(path, header, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\\n").writerows([header, *lines])

train, holdout = list(rows(1500, 0)), list(rows(1500, 5000))
write(out / "public" / "train.csv", ["row_id", "x1", "x2", "label"], train)
write(out / "public" / "score.csv", ["row_id", "x1", "x2"], [row[:3] for row in holdout])
write(out / "private" / "labels.csv", ["row_id", "label"], [[row[0], row[3]] for row in holdout])
'''

PREDICT = '''"""Score every row of data/score.csv."""

import csv
import pathlib
import sys


def score(row):
    """The score of one row."""
    x1, x2 = float(row["x1"]), float(row["x2"])
    return {formula}


data, out = map(pathlib.Path, sys.argv[1:3])
with (data / "score.csv").open(newline="") as file:
    rows = [(row["row_id"], score(row)) for row in csv.DictReader(file)]
with out.open("w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["row_id", "score"])
    writer.writerows(rows)
'''

FORMULAS = {"dummy": "0 * x1", "naive": "x2 + 0 * x1", "reference": "x1 + 0 * x2", "strong": "2 * x1 + x2"}
README = "# Small\n\nRun `python predict.py data out.csv`. Reads data/score.csv, writes a score per row.\n"


def submission_files(formula: str) -> dict[str, str]:
    """A submission of the small pack that scores rows by a formula of x1 and x2."""
    declared = {"pack": "small", "entry": {"kind": "command", "predict": "python predict.py {data} {out}"}}
    return {"predict.py": PREDICT.replace("{formula}", formula), "README.md": README, "submission.json": json.dumps(declared)}


def write_small_pack(root: Path) -> Path:
    """Write the pack below `root` and return its folder."""
    pack = root / "small"
    checks = ["lint", "docs", "runs_clean", "predictions_valid", "holdout_score"]
    feeding = [{"check": name} for name in checks]
    rubric = make_rubric(
        make_criterion("CODE", automatic_share=50, checks=feeding[:2]),
        make_criterion("SCORE", automatic_share=100, checks=feeding[4:], family="result"),
        make_criterion("REPRO", automatic_share=100, checks=feeding[2:4]),
    )
    told = "Return README.md, submission.json and predict.py; predictions.csv has row_id and score. Limits: 1 minute a step.\n"
    write_yaml(pack / "pack.yaml", pack_document(checks=feeding))
    write_yaml(pack / "rubric.yaml", rubric.model_dump(mode="json"))
    write_yaml(pack / "interview.yaml", {"questions": [make_question(always=True, criterion="CODE")]})
    write_yaml(pack / "facts.yaml", {"prevalence_train": [0.1, 0.3], "prevalence_holdout": [0.1, 0.3]})
    write_tree(
        pack,
        {
            "generate.py": GENERATE,
            "requirements.lock": BUILT_IN_LOCK.read_text("utf-8"),
            "candidate/BRIEF.md": told,
            "candidate/SUBMISSION.md": told,
            "CHANGELOG.md": "# Changelog\n",
        },
    )
    for name, formula in {**FORMULAS, "starter": "0 * x1"}.items():
        write_tree(pack / "exemplars" / name / "submission", submission_files(formula))
    write_tree(pack / "exemplars" / "blank" / "submission", {"README.md": "\n"})
    for exemplar in (pack / "exemplars").iterdir():
        write_yaml(exemplar / "expected.yaml", {"automatic": [0, 100]})
    return pack
