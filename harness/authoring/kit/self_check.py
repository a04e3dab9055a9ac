"""Check what can be checked before handing in: files, entry point, and the form of the predictions.

Run it in the folder you were given, or in your submission next to its data folder:

    python self_check.py predictions.csv

It knows nothing about how well your predictions will do. Exit code 0 means that the form is right.
"""

import csv
import json
import math
import pathlib
import sys

ENTRIES = ("command", "function", "notebook", "service")
HERE = pathlib.Path(__file__).resolve().parent


def main(arguments):
    contract = json.loads((HERE / ".assignment.json").read_text("utf-8"))
    problems = [f"{name} is missing" for name in contract["required_files"] if not (HERE / name).is_file()]
    problems += declared(contract)
    if arguments and contract["answer"]["kind"] == "predictions":
        problems += predictions(contract, pathlib.Path(arguments[0]))
    if arguments and contract["answer"]["kind"] == "table":
        problems += table(contract, pathlib.Path(arguments[0]))
    if contract["answer"]["kind"] == "review":
        problems += review(contract["answer"])
    for problem in problems:
        print(f"to correct: {problem}")
    print("the form is right" if not problems else f"{len(problems)} to correct")
    return 1 if problems else 0


def declared(contract):
    file = HERE / "submission.json"
    if not file.is_file():
        return []
    try:
        told = json.loads(file.read_text("utf-8"))
    except ValueError as problem:
        return [f"submission.json is not JSON: {problem}"]
    if not isinstance(told, dict):
        return ["submission.json is not an object"]
    problems = [] if told.get("pack") == contract["pack"] else [f"submission.json should name the pack {contract['pack']!r}"]
    entry = told.get("entry")
    if contract["answer"]["kind"] == "review":
        return problems
    if not isinstance(entry, dict) or entry.get("kind") not in ENTRIES:
        problems.append(f"submission.json names no entry of kind {', '.join(ENTRIES[:-1])} or {ENTRIES[-1]}")
    return problems


def review(wanted):
    file = HERE / wanted["file"]
    try:
        entries = json.loads(file.read_text("utf-8")) if file.is_file() else []
    except ValueError as problem:
        return [f"{file.name} is not JSON: {problem}"]
    if not isinstance(entries, list):
        return [f"{file.name} is no list"]
    problems = [f"{file.name}, entry {n}: {told}" for n, one in enumerate(entries, 1) if (told := unusable(one, wanted))]
    most = wanted["most_findings"]
    return problems + ([f"{file.name}: only the first {most} of {len(entries)} findings count"] if len(entries) > most else [])


def unusable(one, wanted):
    if not isinstance(one, dict):
        return "is no object"
    path, lines = HERE / "data" / wanted["repository"] / str(one.get("file")), one.get("lines")
    if not path.is_file():
        return f"there is no file {one.get('file')!r} in data/{wanted['repository']}"
    if not (isinstance(lines, list) and len(lines) == 2 and all(type(n) is int for n in lines) and 1 <= lines[0] <= lines[1]):
        return "lines is not [first, last]"
    if lines[1] > len(path.read_text("utf-8").splitlines()):
        return f"{one['file']} has no line {lines[1]}"
    if lines[1] - lines[0] >= wanted["most_lines"]:
        return f"points at more than {wanted['most_lines']} lines"
    if one.get("mechanism") not in (*wanted["mechanisms"], "other"):
        return f"{one.get('mechanism')!r} is no mechanism of the list"
    confidence = one.get("confidence", 1)
    if one.get("severity") not in (1, 2, 3) or isinstance(confidence, bool) or not isinstance(confidence, (int, float)):
        return "severity is 1, 2 or 3, and confidence a number"
    return "" if 0 <= confidence <= 1 else "confidence lies from 0 to 1"


def predictions(contract, file):
    wanted = contract["answer"]
    if not file.is_file():
        return [f"{file} is missing"]
    with (HERE / "data" / contract["score"]).open(newline="", encoding="utf-8") as score:
        ids = {row[contract["id_column"]] for row in csv.DictReader(score)}
    with file.open(newline="", encoding="utf-8") as table:
        rows = list(csv.reader(table))
    header = [wanted["id_column"], wanted["value_column"]]
    if not rows or rows[0] != header:
        return [f"{file} should begin with {','.join(header)}, it begins with {','.join(rows[0]) if rows else 'nothing'}"]
    seen, problems = set(), []
    for number, row in enumerate(rows[1:], 1):
        problem = wrong(row, ids, seen, wanted)
        if problem:
            problems.append(f"{file}, row {number}: {problem}")
    missing = len(ids - seen)
    problems += [f"{file}: {missing} ids have no prediction"] if missing else []
    return problems[:20]


def table(contract, file):
    wanted = contract["answer"]
    if not file.is_file():
        return [f"{file} is missing"]
    with (HERE / "data" / contract["score"]).open(newline="", encoding="utf-8") as score:
        ids = {row[contract["id_column"]] for row in csv.DictReader(score)}
    with file.open(newline="", encoding="utf-8") as text:
        rows = list(csv.reader(text))
    header = [wanted["id_column"], *(column["name"] for column in wanted["columns"])]
    if not rows or sorted(rows[0]) != sorted(header):
        return [f"{file} should have the columns {','.join(header)}, it begins with {','.join(rows[0]) if rows else 'nothing'}"]
    at = rows[0].index(wanted["id_column"])
    found = [row[at] for row in rows[1:] if len(row) == len(header)]
    told = {
        "rows have another number of fields": len(rows) - 1 - len(found),
        "rows have an unknown id": sum(one not in ids for one in found),
        "ids stand more than once": len(found) - len(set(found)),
        "ids have no row": len(ids - set(found)),
    }
    problems = [f"{file}: {count} {what}" for what, count in told.items() if count]
    beside = [*wanted["also_returned"], *([wanted["flagged"]["file"]] if wanted["flagged"] else [])]
    return problems + [f"{name} is not beside {file.name}" for name in beside if not file.with_name(name).is_file()]


def wrong(row, ids, seen, wanted):
    if len(row) != 2:
        return f"{len(row)} fields instead of 2"
    if row[0] not in ids:
        return f"unknown id {row[0]!r}"
    if row[0] in seen:
        return f"id {row[0]!r} stands twice"
    seen.add(row[0])
    try:
        value = float(row[1])
    except ValueError:
        return f"{row[1]!r} is no number"
    low, high = wanted["low"], wanted["high"]
    if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
        return f"{row[1]} is out of range"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
