"""Calling functions by name, each call in a process of its own."""

from pathlib import Path
from typing import Any

from tests.sandbox.inside.place import run_inside

MODULE = """
import dataclasses, logging, os, sys, time
import numpy, pandas

LEFT = []

@dataclasses.dataclass
class Box:
    size: int
    secret: object
    def grow(self, by=1):
        return Box(self.size + by, None)

def double(value): return 2 * value
def remember(): LEFT.append(1); return len(LEFT)
def frame(table): return table.assign(c=table["a"] * 2)
def total(array): return array.sum()
def fail(): raise KeyError("no such thing")
def leave(): os._exit(0)
def exit_politely(): sys.exit(3)
def wait(): time.sleep(60)
def spin():
    while True: pass
def talk(): logging.getLogger("x").debug("token %s", "t0p"); print("loud"); return None
def flood(): return ["x" * 1000] * 10_000
def nan(): return [float("nan"), numpy.int64(3), numpy.bool_(True), (1, 2), {3: object()}]
def deep():
    value = []
    for _ in range(200): value = [value]
    return value
def leave_child():
    if os.fork() == 0: time.sleep(60)
    return "parent"
def cheat():
    with open(os.path.join(os.path.dirname(__file__), "..", "out", "answers.json"), "w") as file: file.write("forged")
    return 1
"""


def step(function: str | None = None, *args: Any, **more: Any) -> dict[str, Any]:
    return {"function": function, "on": None, "method": None, "args": list(args), "kwargs": {}, "told": False, **more}


def call(name: str, *steps: dict[str, Any], limit_s: float = 20) -> dict[str, Any]:
    return {"id": name, "steps": list(steps), "limit_s": limit_s}


def serve(tmp_path: Path, *calls: dict[str, Any]) -> dict[str, Any]:
    request = {"preload": ["numpy", "pandas"], "calls": list(calls)}
    ran = run_inside(tmp_path, "call_server.py", request, {"shop.py": MODULE})
    assert ran.code == 0, ran.stderr
    return {answer["id"]: answer for answer in ran.document("answers.json")["answers"]}


def test_values_go_in_and_come_back(tmp_path: Path) -> None:
    answers = serve(
        tmp_path,
        call("double", step("shop:double", 4)),
        call("frame", step("shop:frame", {"$csv": "a,b\n1,x\n2,y\n"})),
        call("array", step("shop:total", {"$array": [1, 2, 3]})),
        call("chain", step("shop:Box", 3, None), step(on=0, method="grow", kwargs={"by": 4})),
        call("earlier", step("shop:double", 2, told=True), step("shop:double", {"$result": 0})),
        call("odd", step("shop:nan")),
    )

    assert answers["double"]["values"] == {"0": 8}
    assert answers["frame"]["values"]["0"] == {"$table": {"a": [1, 2], "b": ["x", "y"], "c": [2, 4]}}
    assert answers["array"]["values"]["0"] == 6
    assert answers["chain"]["values"] == {"1": {"$fields": {"size": 7, "secret": None}}}
    assert answers["earlier"]["values"] == {"0": 4, "1": 8}
    assert answers["odd"]["values"]["0"] == [{"$float": "nan"}, 3, True, [1, 2], {"3": {"$opaque": "object"}}]


def test_one_call_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    answers = serve(tmp_path, call("a", step("shop:remember")), call("b", step("shop:remember")))

    assert answers["a"]["values"] == answers["b"]["values"] == {"0": 1}


ENDINGS = {
    "fail": "raised",
    "exit_politely": "raised",
    "leave": "died",
    "wait": "timed_out",
    "flood": "too_large",
    "deep": "raised",
    "absent": "raised",
    "leave_child": "returned",
    "cheat": "returned",
}


def test_however_a_call_ends_the_next_one_is_made(tmp_path: Path) -> None:
    """Also where a process is left behind that holds on to everything, and where the answers' file is written over."""
    calls = [call(name, step(f"shop:{name}"), limit_s=2 if name == "wait" else 20) for name in ENDINGS]
    answers = serve(tmp_path, *calls, call("next", step("shop:double", 1)))

    assert {name: answers[name]["status"] for name in ENDINGS} == ENDINGS
    assert answers["next"]["values"] == {"0": 2}


def test_a_call_that_takes_more_processor_time_than_it_may_did_not_end_in_time(tmp_path: Path) -> None:
    """However busy the host is."""
    answers = serve(
        tmp_path, {**call("spin", step("shop:spin"), limit_s=100), "cpu_s": 1}, call("next", step("shop:double", 1))
    )

    assert answers["spin"] == {"id": "spin", "status": "timed_out"}
    assert answers["next"]["status"] == "returned"


def test_what_is_logged_comes_back_and_what_is_printed_does_not_disturb(tmp_path: Path) -> None:
    answers = serve(tmp_path, call("talk", step("shop:talk")))

    assert answers["talk"]["status"] == "returned"
    assert "token t0p" in answers["talk"]["log"]
