"""Try everything, and print one JSON line."""

import csv
import json
import signal
import subprocess
import sys

from . import ATTEMPTS, RefusedError, Targets


def explore(targets: Targets, names: "list[str] | None" = None) -> dict[str, str]:
    def too_long(*_: object) -> None:
        message = "it took too long"
        raise RefusedError(message)

    signal.signal(signal.SIGALRM, too_long)
    found = {}
    for name in names or ATTEMPTS:
        signal.alarm(20)
        try:
            found[name] = f"reached: {str(ATTEMPTS[name](targets))[:200]}"
        except (OSError, RefusedError, StopIteration, IndexError, KeyError, ValueError, subprocess.SubprocessError) as error:
            found[name] = f"refused: {type(error).__name__} {error}"[:200]
        signal.alarm(0)
    return found


def predictions(data: str, out: str) -> None:
    with open(f"{data}/score.csv", newline="") as file:
        ids = [row["row_id"] for row in csv.DictReader(file)]
    with open(out, "w", newline="") as file:
        csv.writer(file).writerows([("row_id", "score"), *((key, len(ids) - place) for place, key in enumerate(ids))])


def main(words: list[str]) -> None:
    with open("targets.json", encoding="utf-8") as file:
        targets = json.load(file)
    if words[0] != "control":
        predictions(*words[:2])
    print(json.dumps({"explored": explore(targets, words[1:] if words[0] == "control" else None)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
