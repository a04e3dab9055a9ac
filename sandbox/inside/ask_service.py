"""Inside the sandbox: start the submission's service, wait until it is ready, and ask it for every row over HTTP.

The service is a candidate's program next to us. It cannot look into this process (see `alone.py`), nothing it writes is
taken for an answer but what comes over the connection, and what was answered is written down when it and all it started
are dead. It may well end us: then there is no answer, which is its own loss.

Rows go out in batches, as JSON: numbers as numbers, blanks as null, everything else as text. Some are then asked for one
by one, under other ids. Written: /out/service.json, and the predictions once every row has one.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

FAILED = 5
"""Exit code when there are no predictions; service.json says why."""
ACCOUNT = "service.json"
READY_PAUSE_S, READY_TRY_S = 0.05, 5.0
MOST_TIMES = 2_000
MOST_DIFFERING = 20


def sibling(name: str) -> ModuleType:
    """A program beside this one, under a name that no submission uses."""
    spec = spec_from_file_location(f"_harness_{name}", os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


alone, http_answers, patience = sibling("alone"), sibling("http_answers"), sibling("patience")
service_rows, workplace = sibling("service_rows"), sibling("workplace")
TroubleError = http_answers.TroubleError


def main(root: str = "") -> int:
    with open(f"{root}/in/request.json", encoding="utf-8") as file:
        request = json.load(file)
    header, rows = service_rows.read_table(f"{root}{request['score']}")
    numbers = service_rows.numeric_columns(header, rows, f"{root}{request['train']}", request["id_column"])
    os.chdir(f"{root}/work")
    alone.step_out_of_reach()
    visit = Visit(request, [service_rows.as_object(header, numbers, row) for row in rows])
    try:
        visit.go()
    except TroubleError as trouble:
        visit.account |= {"state": trouble.kind, "told": trouble.told}
        print(f"the service {trouble.told}", file=sys.stderr)
    finally:
        visit.end()
        alone.end_all_others()
    ids = [row[header.index(request["id_column"])] for row in rows]
    if visit.account["state"] == "answered":
        service_rows.write_predictions(new_file(f"{root}{request['out']}"), request, ids, visit.values)
    write_file(os.path.join(os.path.dirname(f"{root}{request['out']}"), ACCOUNT), json.dumps(visit.account))
    return 0 if visit.account["state"] == "answered" else FAILED


class Visit:
    """One service, from its start to its end, and what it said."""

    def __init__(self, request: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        self.request, self.rows = request, rows
        self.values: list[Any] = []
        self.load = patience.Load(request["processors"])
        self.overall = patience.Patience(request["all_s"], self.load, stretch=1.0)  # the step's own limit does not stretch
        self.process: subprocess.Popen[bytes] | None = None
        self.account: dict[str, Any] = {
            "state": "not_started", "told": "", "ready_s": None, "rows": len(rows), "answered": 0, "content_type": "",
            "batch_rows": request["batch_rows"], "batch_ms": [], "single_ms": [], "singles_told": "", "differing": [],
        }  # fmt: skip

    def go(self) -> None:
        self.start()
        self.wait_until_ready()
        for first in range(0, len(self.rows), self.request["batch_rows"]):
            batch = self.rows[first : first + self.request["batch_rows"]]
            self.values += self.predictions(batch, self.account["batch_ms"])
            self.account["answered"] = len(self.values)
        self.account["state"] = "answered"
        try:
            self.ask_one_by_one()
        except TroubleError as trouble:
            self.account["singles_told"] = "" if trouble.kind == "starved" else trouble.told

    def start(self) -> None:
        try:
            words = [word.replace("{port}", str(self.request["port"])) for word in shlex.split(self.request["command"])]
        except ValueError as problem:
            raise TroubleError(
                "not_started", f"cannot be started: its command cannot be split into words ({problem})"
            ) from None
        for name, path in self.request["places"].items():
            words = [word.replace("{" + name + "}", path) for word in words]
        if not words:
            raise TroubleError("not_started", "cannot be started: its command is empty")
        if words[0] in ("python", "python3"):
            words[0] = sys.executable
        env = {**os.environ, **self.request["env"], "PORT": str(self.request["port"])}
        try:
            self.process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, start_new_session=True)
        except (OSError, ValueError) as problem:
            reason = problem.strerror if isinstance(problem, OSError) else str(problem)
            raise TroubleError("not_started", f"cannot be started: {words[0]}: {reason}") from None

    def wait_until_ready(self) -> None:
        began, limit = time.monotonic(), self.waiting(self.request["ready_s"])
        last = "takes no connection"
        while True:
            one_try = self.waiting(min(READY_TRY_S, self.request["ready_s"]))
            line = http_answers.Line(self.request["port"], lambda one=one_try: min(one.left(), self.left(limit)), 1 << 16)
            try:
                answer = http_answers.ask(line, "GET", self.request["ready"])
                if 200 <= answer.status < 300:
                    self.account["ready_s"] = round(time.monotonic() - began, 3)
                    return
                last = f"answers with status {answer.status}"
            except TroubleError as trouble:
                last = trouble.told
            self.still_there("before it was ready")
            if self.left(limit) <= READY_PAUSE_S:
                self.blame_nobody_if_starved(limit)
                told = f"is not ready after {self.request['ready_s']:g} s: GET {self.request['ready']} {last}"
                raise TroubleError("not_ready", told)
            time.sleep(READY_PAUSE_S)

    def predictions(self, rows: list[dict[str, Any]], times: list[float]) -> list[Any]:
        """One value for each row, in their order."""
        limit = self.waiting(self.request["request_s"])
        line = http_answers.Line(self.request["port"], lambda: self.left(limit), 65_536 + 1024 * len(rows))
        began = time.monotonic()
        where = f"after {len(self.values):,} of {len(self.rows):,} rows"
        try:
            answer = http_answers.ask(line, "POST", self.request["predict"], json.dumps({"rows": rows}).encode("ascii"))
        except TroubleError as trouble:
            self.still_there(where)
            if trouble.kind == "late":
                self.blame_nobody_if_starved(limit)
                self.blame_nobody_if_starved(self.overall)
                whole = self.overall.left() <= 0
                limits = "the time for predicting is used up" if whole else f"{self.request['request_s']:g} s for one request"
                raise TroubleError("late", f"does not answer in time ({limits}), {where}") from None
            raise TroubleError(trouble.kind, f"{trouble.told}, {where}") from None
        if len(times) < MOST_TIMES:
            times.append(round(1000 * (time.monotonic() - began), 2))
        self.account["content_type"] = answer.content_type
        return list(self.understood(answer, len(rows), where))

    def understood(self, answer: Any, count: int, where: str) -> list[Any]:
        if answer.status != 200:
            more = ", and nothing is followed" if 300 <= answer.status < 400 else ""
            raise TroubleError("status", f"answers with status {answer.status}{more}, {where}")
        try:
            document = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise TroubleError("unusable", f"answers with a body that is not JSON, {where}") from None
        values = document.get("predictions") if isinstance(document, dict) else None
        if not isinstance(values, list):
            raise TroubleError("unusable", f'answers without a list under "predictions", {where}')
        if len(values) != count:
            raise TroubleError("unusable", f"answers with {len(values)} predictions for {count} rows, {where}")
        return [one if isinstance(one, (int, float, str)) else f"a {type(one).__name__}" for one in values]

    def ask_one_by_one(self) -> None:
        """Some rows alone; ids are new, so that an answer which was kept under an id is not given again."""
        for place, new_id in self.request["singles"]:
            if self.overall.left() < self.request["request_s"]:
                return
            row = {**self.rows[place], self.request["id_column"]: new_id}
            (value,) = self.predictions([row], self.account["single_ms"])
            before = self.values[place]
            if not service_rows.alike(before, value) and len(self.account["differing"]) < MOST_DIFFERING:
                self.account["differing"].append([place, service_rows.as_text(before), service_rows.as_text(value)])

    def left(self, limit: Any) -> float:
        """Of this limit, within what is left of all."""
        return min(float(limit.left()), float(self.overall.left()))

    def waiting(self, seconds: float) -> Any:
        return patience.Patience(seconds, self.load)

    def blame_nobody_if_starved(self, limit: Any) -> None:
        if limit.starved():
            raise TroubleError("starved", "did not get the processor time that it asked for, because the host was too busy")

    def still_there(self, where: str) -> None:
        """A first process that has ended says more than a connection that broke."""
        if self.process is None:
            return
        try:
            code = self.process.wait(READY_PAUSE_S)
        except subprocess.TimeoutExpired:
            return
        how = f"with exit code {code}" if code >= 0 else f"by signal {-code}"
        raise TroubleError("died", f"ended {how} {where}")

    def end(self) -> None:
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self.process.kill()
        self.process.wait()


def write_file(path: str, text: str) -> None:
    with os.fdopen(new_file(path), "w", encoding="ascii") as file:
        file.write(text)


def new_file(path: str) -> int:
    """Ours alone: whatever the service put there under this name goes away first."""
    with suppress(PermissionError):
        os.chmod(os.path.dirname(path), 0o755)
    workplace.remove_tree(path)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
