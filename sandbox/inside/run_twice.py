"""Inside the sandbox: run the command line that a request file names, twice in the same place.

What the first run leaves behind, in the working folder and among the results, is there when the second begins. The first
may be killed half-way, with everything it started. The exit code is that of the run that failed, else that of the second.
"""

import json
import os
import shlex
import signal
import subprocess
import sys

REQUEST = "/in/request.json"


def main(root: str = "") -> int:
    with open(root + REQUEST, encoding="utf-8") as file:
        request = json.load(file)
    try:
        words = shlex.split(request["command"])
    except ValueError as problem:
        print(f"the command cannot be split into words: {problem}", file=sys.stderr)
        return 2
    argv = [_filled(word, request["places"]) for word in words]
    if not argv:
        print("the command is empty", file=sys.stderr)
        return 2
    if argv[0] in ("python", "python3"):
        argv[0] = sys.executable
    first = _run(argv, request["kill_first_after_s"])
    return first or _run(argv, None)


def _run(argv: list[str], kill_after_s: float | None) -> int:
    """Its exit code, as a shell tells it; 0 when it was killed because that was wanted."""
    try:
        process = subprocess.Popen(argv, start_new_session=True)
    except OSError as problem:
        print(f"{argv[0]}: cannot be started: {problem.strerror}", file=sys.stderr)
        return 127
    try:
        code = process.wait(kill_after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return 0
    return code if code >= 0 else 128 - code


def _filled(word: str, places: dict[str, str]) -> str:
    for name, path in places.items():
        word = word.replace("{" + name + "}", path)
    return word


if __name__ == "__main__":
    sys.exit(main())
