"""Inside the sandbox: run the command line that a request file names.

The command is the candidate's own text, so it travels in a file and is split here, word by word, never by a shell.
`python` and `python3` mean the environment's interpreter.
"""

import json
import os
import shlex
import sys

REQUEST = "/in/request.json"


def main() -> int:
    with open(REQUEST, encoding="utf-8") as file:
        request = json.load(file)
    try:
        words = shlex.split(request["command"])
    except ValueError as problem:
        print(f"the command cannot be split into words: {problem}", file=sys.stderr)
        return 2
    places = request["places"]
    argv = [_filled(word, places) for word in words]
    if not argv:
        print("the command is empty", file=sys.stderr)
        return 2
    if argv[0] in ("python", "python3"):
        argv[0] = sys.executable
    for folder in request.get("make", []):
        os.makedirs(folder, exist_ok=True)
    try:
        os.execvp(argv[0], argv)
    except OSError as problem:
        print(f"{argv[0]}: cannot be started: {problem.strerror}", file=sys.stderr)
    return 127


def _filled(word: str, places: dict[str, str]) -> str:
    for name, path in places.items():
        word = word.replace("{" + name + "}", path)
    return word


if __name__ == "__main__":
    sys.exit(main())
