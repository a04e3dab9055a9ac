"""Inside the sandbox: put a submission's SELECT statements to a database in memory, and write what they give.

A statement may only read. What it costs is counted in instructions of the database engine, which are the same on every
machine and under every load; at its limit it is interrupted. Nothing is judged here: rows and accounts are data.
"""

import csv
import json
import os
import sqlite3
import sys
import time
from typing import Any

REQUEST, SUBMISSION, OUT = "/in/request.json", "/submission", "/out"
COUNTED_EVERY = 1000
MOST_BYTES, MOST_ROWS, MOST_PLAN = 100_000, 100_000, 60
READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}


def main(root: str = "") -> int:
    with open(root + REQUEST, encoding="utf-8") as file:
        request = json.load(file)
    base = sqlite3.connect(":memory:")
    for table in request["tables"]:
        _fill(base, root + request["folder"], table)
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY)
    told = []
    for number, question in enumerate(request["questions"], start=1):
        told.append({"file": question["file"], **_ask(base, root, question, f"{root}{OUT}/sql-{number}.csv")})
        with open(f"{root}{OUT}/sql.json", "w", encoding="utf-8") as out:
            json.dump(told, out)
    return 0


def _fill(base: sqlite3.Connection, folder: str, table: dict[str, Any]) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in table["columns"].items())
    base.execute(f'CREATE TABLE "{table["name"]}" ({columns})')
    with open(os.path.join(folder, table["file"]), encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [[row[name] if row[name] != "" else None for name in table["columns"]] for row in reader]
    marks = ", ".join("?" * len(table["columns"]))
    base.executemany(f'INSERT INTO "{table["name"]}" VALUES ({marks})', rows)
    if table["index"]:
        names = ", ".join(f'"{name}"' for name in table["index"])
        base.execute(f'CREATE INDEX "{table["name"]}_index" ON "{table["name"]}" ({names})')
    base.commit()


def _ask(base: sqlite3.Connection, root: str, question: dict[str, Any], out: str) -> dict[str, Any]:
    place = f"{root}{SUBMISSION}/{question['file']}"
    if not os.path.isfile(place):
        return {"state": "absent", "message": "there is no such file"}
    with open(place, "rb") as file:
        statement = file.read(MOST_BYTES + 1)
    if len(statement) > MOST_BYTES:
        return {"state": "failed", "message": f"the statement is longer than {MOST_BYTES:,} bytes"}
    try:
        return _answer(base, statement.decode("utf-8").strip().rstrip(";"), question["most_steps"], out)
    except UnicodeDecodeError:
        return {"state": "failed", "message": "the file is not UTF-8"}


def _answer(base: sqlite3.Connection, statement: str, most_steps: int, out: str) -> dict[str, Any]:
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += COUNTED_EVERY
        return counted > most_steps

    begin = time.monotonic()
    base.set_progress_handler(count, COUNTED_EVERY)
    told: dict[str, Any] = {"state": "answered", "message": ""}
    try:
        cursor = base.execute(statement)
        names = [one[0] for one in cursor.description or ()]
        rows = cursor.fetchmany(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            told = {"state": "failed", "message": f"it gives more than {MOST_ROWS:,} rows"}
        else:
            _write(out, names, rows)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as problem:
        over = counted > most_steps
        told = {"state": "over_budget" if over else "failed", "message": "" if over else str(problem)[:300]}
    finally:
        base.set_progress_handler(None, 0)
    return {**told, "steps": counted, "seconds": round(time.monotonic() - begin, 3), "plan": _plan(base, statement)}


def _plan(base: sqlite3.Connection, statement: str) -> list[str]:
    """How the engine goes about it, as EXPLAIN QUERY PLAN tells."""
    base.set_authorizer(None)
    try:
        return [str(row[3])[:120] for row in base.execute("EXPLAIN QUERY PLAN " + statement).fetchmany(MOST_PLAN)]
    except (sqlite3.Error, sqlite3.Warning, ValueError):
        return []
    finally:
        base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in READING else sqlite3.SQLITE_DENY)


def _write(out: str, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    with open(out, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])


if __name__ == "__main__":
    sys.exit(main())
