"""Makes the repository under review, and tells what was planted in it. Private to graders. Canary: CANARY

TO DO: a package as a colleague or an assistant would write it, with faults of several classes and decoys that look odd and
are right. Everything follows from the seed: no clock, no network, no order of sets.
"""

import argparse
import json
import pathlib
import random

SPLIT = '''"""Dividing rows into those that are learned from and those that are kept."""


def split(customers, months, share=0.5):
    """The customers of the rows that are learned from, and of those that are kept: one row for each customer and month."""
    by_month = [customer for _, customer in sorted(zip(months, customers))]
    cut = int(len(by_month) * share)
    return by_month[:cut], by_month[cut:]
'''
SCALE = '''"""Amounts on a common scale."""


def centred(train, kept):
    """Both lists, less the mean amount."""
    everything = train + kept
    middle = sum(everything) / len(everything)
    return [value - middle for value in train], [value - middle for value in kept]


def amounts(texts):
    """The amounts that are numbers; the export writes a dash where there was no purchase."""
    found = []
    for text in texts:
        try:
            found.append(float(text))
        except ValueError:
            continue  # a dash: no purchase, and no amount
    return found
'''
METRICS = '''"""How good a list of alarms is."""


def recall(truth, alarms):
    """The share of the true cases that were alarmed."""
    hits = sum(1 for real, said in zip(truth, alarms) if real and said)
    return hits / max(1, sum(alarms))
'''
FILES = {"split.py": SPLIT, "scale.py": SCALE, "metrics.py": METRICS, "__init__.py": ""}
FAULTS = (
    ("split", "Customers on both sides of the split", "split.py", "by_month[:cut]", "group_leakage", 3, "leakage"),
    ("scale", "The mean is taken over kept rows as well", "scale.py", "everything = train", "preprocessing_before_split", 3, "leakage"),
    ("recall", "Recall divides by the alarms", "metrics.py", "max(1, sum(alarms))", "wrong_metric", 2, "measuring"),
)
DECOYS = (("dash", "An exception that is passed over", "scale.py", "except ValueError", "silent_exception", "A dash is no amount."),)
NAMES = ("basket", "churner", "shopper", "returns", "loyalty")


def line_of(name, fragment):
    """The number of the one line that holds this text."""
    (number,) = [n for n, line in enumerate(FILES[name].splitlines(), 1) if fragment in line]
    return number


def planted(package):
    """What is wrong, and what only looks wrong, with its lines."""

    def place(name, fragment):
        number = line_of(name, fragment)
        return {"file": f"{package}/{name}", "first": number, "last": number}

    bugs = [
        {"id": key, "title": title, "places": [place(file, text)], "mechanism": how, "severity": grave, "area": area, "probes": [key]}
        for key, title, file, text, how, grave, area in FAULTS
    ]
    decoys = [
        {"id": key, "title": title, "places": [place(file, text)], "tempts": [how], "why_right": why}
        for key, title, file, text, how, why in DECOYS
    ]
    return {"format": 1, "canary": "CANARY", "bugs": bugs, "decoys": decoys}


def probes(package, source):
    """Calls of the repaired functions, and what is expected of them. Only the calls enter a sandbox."""
    people = source.sample(range(10, 99), 4)
    customers, months = people * 2, [1] * len(people) + [2] * len(people)
    low, high = source.randrange(2, 9), source.randrange(40, 90)
    steps = {
        "split": [{"function": f"{package}.split:split", "args": [customers, months]}],
        "scale": [{"function": f"{package}.scale:centred", "args": [[low, low + 2], [high]]}],
        "recall": [{"function": f"{package}.metrics:recall", "args": [[1, 1, 0, 0], [1, 1, 1, 1]]}],
    }
    expected = {
        "split": [{"kind": "apart", "of": {"call": "split", "path": [0]}, "other": {"call": "split", "path": [1]}}],
        "scale": [{"kind": "equals", "of": {"call": "scale", "path": [0]}, "value": [-1.0, 1.0]}],
        "recall": [{"kind": "equals", "of": {"call": "recall"}, "value": 1.0}],
    }
    titles = {key: title for key, title, *_ in FAULTS}
    return {
        "format": 1,
        "canary": "CANARY",
        "calls": [{"id": key, "steps": one} for key, one in steps.items()],
        "probes": [{"id": key, "title": f"Repaired: {titles[key]}", "expect": one} for key, one in expected.items()],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    asked = parser.parse_args()
    source = random.Random(asked.seed)
    package = source.choice(NAMES)
    repository, private = asked.out / "public" / "repo", asked.out / "private"
    (repository / package).mkdir(parents=True)
    private.mkdir(parents=True)
    for name, text in FILES.items():
        (repository / package / name).write_text(text, "utf-8")
    readme = f"# {package}\n\nRecall of 0.9{source.randrange(10, 99)} on {source.randrange(20_000, 90_000)} kept rows.\n"
    (repository / "README.md").write_text(readme, "utf-8")
    (repository / "pyproject.toml").write_text(f'[project]\nname = "{package}"\nversion = "0.1.0"\n', "utf-8")
    (private / "planted.json").write_text(json.dumps(planted(package), indent=1), "utf-8")
    (private / "probes.json").write_text(json.dumps(probes(package, source), indent=1), "utf-8")


if __name__ == "__main__":
    main()
