"""Inside the sandbox: call the functions that a request file names, and write down what they returned.

Each call runs in a forked process with a time limit of its own, so that one call's state, crash or endless loop is not the
next one's. Nothing is expected here: values go out as JSON, and are judged elsewhere. See `harness/model/calls.py` for
the forms that stand for frames, arrays and earlier results.
"""

import importlib
import io
import json
import logging
import math
import os
import resource
import select
import signal
import struct
import sys
import time
from typing import Any

LARGEST_VALUE = 2_000_000
"""Bytes of one call's answer."""
HEAD = struct.Struct(">Q")
LONGEST_TEXT, LONGEST_LOG, DEEPEST = 20_000, 20_000, 12


class TooDeepError(Exception):
    """A value nests further than anything sensible does."""


def main(root: str = "") -> int:
    with open(f"{root}/in/request.json", encoding="utf-8") as file:
        request = json.load(file)
    for name in request["preload"]:
        importlib.import_module(name)
    os.chdir(f"{root}/work")
    sys.path[:0] = [f"{root}/work", f"{root}/work/src"]
    answers = [one_call(call) for call in request["calls"]]
    with open(f"{root}/out/answers.json", "w", encoding="ascii") as file:
        json.dump({"answers": answers}, file)
    return 0


def one_call(call: dict[str, Any]) -> dict[str, Any]:
    """The call's answer, from a process of its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setsid()
        work_and_leave(call, writer)
    os.close(writer)
    data, in_time = read_until(reader, time.monotonic() + call["limit_s"])
    os.close(reader)
    status = end_group(child)
    if not in_time or (not data and os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return {"id": call["id"], "status": "timed_out"}
    if len(data) > LARGEST_VALUE:
        return {"id": call["id"], "status": "too_large"}
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return {"id": call["id"], "status": "died"}
    return {**answer, "id": call["id"]} if isinstance(answer, dict) else {"id": call["id"], "status": "died"}


def read_until(reader: int, deadline: float) -> tuple[bytes, bool]:
    """What is written, and whether it came in time.

    Its length comes first: processes that a call leaves behind hold the other end open, and must not be waited for.
    """
    data, wanted = b"", HEAD.size
    while len(data) < min(wanted, LARGEST_VALUE + HEAD.size + 1):
        ready, _, _ = select.select([reader], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"", False
        piece = os.read(reader, 1 << 16)
        if not piece:
            break
        data += piece
        if wanted == HEAD.size and len(data) >= HEAD.size:
            wanted += HEAD.unpack_from(data)[0]
    return data[HEAD.size :], True


def end_group(child: int) -> int:
    """How the child ended. It is not waited for yet, so its number is still its own group's."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def work_and_leave(call: dict[str, Any], writer: int) -> None:
    """In the child: carry the call out, tell, and leave without running anything that was left behind."""
    code = 1
    try:
        if call.get("cpu_s"):
            resource.setrlimit(resource.RLIMIT_CPU, (call["cpu_s"], call["cpu_s"] + 1))
        with os.fdopen(writer, "wb") as out:
            told_in_full = json.dumps(carried_out(call), allow_nan=False).encode("ascii")
            out.write(HEAD.pack(len(told_in_full)) + told_in_full)
        code = 0
    finally:
        os._exit(code)


def carried_out(call: dict[str, Any]) -> dict[str, Any]:
    log = io.StringIO()
    logging.basicConfig(stream=log, level=logging.DEBUG, force=True)
    results: list[Any] = []
    answer: dict[str, Any] = {"status": "returned", "values": {}}
    try:
        for number, step in enumerate(call["steps"]):
            results.append(one_step(step, results))
            if step["told"] or number == len(call["steps"]) - 1:
                answer["values"][str(number)] = told(results[-1])
    except BaseException as error:
        answer = {"status": "raised", "step": len(results), "error": type(error).__name__, "text": str(error)[:500]}
    return {**answer, "log": log.getvalue()[-LONGEST_LOG:]}


def one_step(step: dict[str, Any], results: list[Any]) -> Any:
    if step["function"] is not None:
        module, _, path = step["function"].partition(":")
        function: Any = importlib.import_module(module)
        names = path.split(".")
    else:
        function, names = results[step["on"]], [step["method"]]
    for name in names:
        function = getattr(function, name)
    arguments = [understood(value, results) for value in step["args"]]
    return function(*arguments, **{name: understood(value, results) for name, value in step["kwargs"].items()})


def understood(value: Any, results: list[Any]) -> Any:
    """A value as the author wrote it, with frames, arrays and earlier results put in."""
    if isinstance(value, list):
        return [understood(one, results) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$csv"}:
        import pandas

        return pandas.read_csv(io.StringIO(value["$csv"]))
    if value.keys() == {"$array"}:
        import numpy

        return numpy.array(value["$array"])
    if value.keys() == {"$path"}:
        import pathlib

        return pathlib.Path(value["$path"])
    if value.keys() == {"$result"}:
        return results[value["$result"]]
    return {key: understood(one, results) for key, one in value.items()}


def told(value: Any, depth: int = 0) -> Any:
    """A value in words of JSON; what has none is told by its type alone."""
    if depth > DEEPEST:
        raise TooDeepError
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": str(value)}
    if isinstance(value, str):
        return str(value)[:LONGEST_TEXT]
    if isinstance(value, dict):
        return {str(key)[:200]: told(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(one, depth + 1) for one in value]
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        return {"$fields": {name: told(getattr(value, name), depth + 1) for name in value.__dataclass_fields__}}
    if hasattr(value, "columns") and hasattr(value, "to_dict"):
        return {"$table": {str(name)[:200]: told(value[name].tolist(), depth + 1) for name in value.columns}}
    if hasattr(value, "tolist"):
        return told(value.tolist(), depth + 1)
    return {"$opaque": type(value).__name__[:200]}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
