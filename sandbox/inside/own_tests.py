"""Inside the sandbox: run the submission's own tests under our configuration, and write down what happened.

Two processes: this one never imports anything of the submission; the other, started by it, does. Results travel through
a pipe as they happen, so that a process which ends early, whatever exit code it leaves, leaves an incomplete report. A
test counts as run only when its function was entered, whatever a hook of the submission says of its outcome. Still, code
under test shares a process with what watches it: the report is a claim, and is compared with the sources outside.
"""

import json
import os
import select
import subprocess
import sys
import time
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

TOOL_MISSING = 78
MAX_RECORDS, MAX_PIPE_BYTES, MAX_FILES = 20_000, 20_000_000, 2_000
WATCHED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "watched_tests.py")


def main(root: str = "") -> int:
    missing = [name for name in ("pytest", "coverage") if not installed(name)]
    if missing:
        print(f"the environment has no {', '.join(missing)}", file=sys.stderr)
        return TOOL_MISSING
    return Watcher(root).run()


def sibling(name: str) -> ModuleType:
    """A program beside this one, under a name that no submission uses."""
    spec = spec_from_file_location(f"_harness_{name}", os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def installed(name: str) -> bool:
    return find_spec(name) is not None


class Watcher:
    """The outer process: collects records, and rewrites the report as they come."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.results: dict[tuple[Any, Any], dict[str, Any]] = {}
        self.errors: list[dict[str, Any]] = []
        self.coverage: dict[str, dict[str, Any]] = {}
        self.ended: object = None
        self.left = MAX_PIPE_BYTES

    def run(self) -> int:
        alone = sibling("alone")
        alone.step_out_of_reach()
        reader, writer = os.pipe()
        command = [sys.executable, "-P", WATCHED, f"{self.root}/work", str(writer)]
        child = subprocess.Popen(command, pass_fds=(writer,), cwd=f"{self.root}/work", stdin=subprocess.DEVNULL)
        os.close(writer)
        self.save(None)
        self.collect(reader, child)
        code = child.wait()
        alone.end_all_others()
        self.save(code)
        return code if 0 <= code < 64 else 64

    def collect(self, reader: int, child: "subprocess.Popen[bytes]") -> None:
        """Until the pipe closes, or the child is gone: what it left running may hold the pipe open for ever."""
        rest, saved = b"", time.monotonic()
        while True:
            ready, _, _ = select.select([reader], [], [], 0.2)
            if ready:
                piece = os.read(reader, 65_536)
                self.left -= len(piece)
                if not piece or self.left < 0:
                    return
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    self.note(line)
            elif child.poll() is not None:
                return
            if time.monotonic() - saved > 1:
                self.save(None)
                saved = time.monotonic()

    def note(self, line: bytes) -> None:
        try:
            record = json.loads(line)
        except ValueError:
            return
        if not isinstance(record, dict):
            return
        if "test" in record and len(self.results) < MAX_RECORDS:
            key = (record.get("file"), record["test"])
            self.results[key] = {"file": key[0], "name": key[1], "outcome": record.get("outcome"), "ran": record.get("ran")}
        elif "error" in record and len(self.errors) < 200:
            self.errors.append({"file": record.get("file"), "message": record["error"]})
        elif "covered" in record and len(self.coverage) < MAX_FILES:
            self.coverage[record["covered"]] = {"ran": record.get("ran"), "could": record.get("could")}
        elif "end" in record:
            self.ended = record["end"]

    def save(self, code: int | None) -> None:
        report = {
            "format": 1,
            "exit": code,
            "complete": code is not None and self.ended == code,
            "results": list(self.results.values()),
            "errors": self.errors,
            "coverage": self.coverage,
        }
        path = f"{self.root}/out/tests.json"
        with open(f"{path}.part", "w", encoding="ascii") as file:
            json.dump(report, file)
        os.replace(f"{path}.part", path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
