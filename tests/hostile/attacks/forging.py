"""Submissions that try to be judged by what they say of themselves instead of by what they do.

Each is laid over the same weak submission, `WEAK`: predictions of a dummy, a wrong test, a notebook that ends in an error,
careless code. Whatever is added, no mark may rise.
"""

import json
from typing import Any

from tests.small_pack import submission_files

WRONG_TEST = '''"""A test of what is not true."""

import careless


def test_that_one_is_two():
    assert careless.add(1, 0) == 2


def test_that_two_is_three():
    assert careless.add(1, 1) == 3
'''
CARELESS = """import os, sys, json
import random


def add(a, b, seen=[]):
    seen.append(a)
    try:
        return a + b
    except:
        pass


def compare(a, b):
    if a == None:
        return undefined_name
    if type(a) == type(b):
        return a is "text"
    l = lambda x: x
    return l(a) == b


def evaluate(text):
    value = eval(text)
    exec(text)
    return value


def path():
    return "/home/somebody/data/train.csv"
"""


def notebook_of(*cells: str, metadata: dict[str, Any] | None = None, **of_cell: Any) -> str:
    """A notebook of code cells, as it was stored by a candidate."""
    made = [
        {"cell_type": "code", "execution_count": place, "metadata": {}, "outputs": [], "source": source, **of_cell}
        for place, source in enumerate(cells, start=1)
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": metadata or {}, "cells": made})


FAILING_CELLS = ("x = 1", "x / 0", "print('never reached')", "x + 1")
WEAK = {
    **submission_files("0 * x1"),
    "careless.py": CARELESS,
    "test_wrong.py": WRONG_TEST,
    "analysis.ipynb": notebook_of(*FAILING_CELLS),
}

# --- what decides how tests end, in a plain pytest ------------------------------------------------------------------

_ALL_PASS = """
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome, report.longrepr = "passed", None
"""
_SKIP_CALL = """
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return True
"""
_NO_ITEMS = """
def pytest_collection_modifyitems(items):
    items[:] = []


def pytest_sessionfinish(session):
    session.exitstatus = 0


def pytest_unconfigure(config):
    import os
    os._exit(0)
"""
_EXIT_EARLY = """
import os


def pytest_sessionstart(session):
    print("2 passed in 0.01s", flush=True)
    os._exit(0)
"""
_ASSERTIONS_HOLD = """
import sys


def tracer(frame, event, argument):
    frame.f_trace_lines = True
    if event == "exception" and argument[0] is AssertionError:
        import os
        os._exit(0)
    return tracer


sys.settrace(tracer)
"""
FOOLS_PYTEST: dict[str, dict[str, str]] = {
    "a hook that calls every report passed": {"conftest.py": _ALL_PASS},
    "a hook that calls no test function": {"conftest.py": _SKIP_CALL},
    "a hook that takes all tests away": {"conftest.py": _NO_ITEMS},
    "a hook that leaves at once with code 0": {"conftest.py": _EXIT_EARLY},
    "a tracer that leaves at the first failure": {"conftest.py": _ASSERTIONS_HOLD},
    "options of its own in pytest.ini": {"pytest.ini": "[pytest]\naddopts = --collect-only -q\n"},
    "options of its own in pyproject.toml": {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--co -q"\n'},
    "options of its own in tox.ini": {"tox.ini": "[pytest]\naddopts = --setup-plan\n"},
    "options of its own in setup.cfg": {"setup.cfg": "[tool:pytest]\naddopts = --help\n"},
    "files of tests that are not looked at": {"pytest.ini": "[pytest]\npython_files = check_*.py\ntestpaths = nowhere\n",
                                              "nowhere/check_nothing.py": "def test_nothing():\n    assert True\n"},
    "a plugin of its own by option": {"pytest.ini": "[pytest]\naddopts = -p fooling\npythonpath = .\n", "fooling.py": _ALL_PASS},
    "a package called pytest": {"pytest.py": "import sys\nprint('2 passed')\nsys.exit(0)\n"},
}  # fmt: skip
"""What fools `python -m pytest` where it is started plainly: the control shows that each one does."""

TOGETHER: dict[str, tuple[str, ...]] = {
    "hooks": ("a hook that calls every report passed",),
    "no calls": ("a hook that calls no test function",),
    "no tests": ("a hook that takes all tests away",),
    "an early end": ("a hook that leaves at once with code 0",),
    "a tracer": ("a tracer that leaves at the first failure",),
    "options": (
        "options of its own in pyproject.toml", "options of its own in tox.ini", "options of its own in setup.cfg",
        "options of its own in pytest.ini",
    ),
    "other files": ("files of tests that are not looked at", "a package called pytest"),
    "a plugin": ("a plugin of its own by option",),
}  # fmt: skip
"""Which of them fit into one submission."""

LAID_BESIDE: dict[str, dict[str, str]] = {
    "a sitecustomize": {"sitecustomize.py": "import os\nos.environ['FOOLED'] = '1'\nprint('sitecustomize was taken')\n"},
    "a usercustomize": {"usercustomize.py": "print('usercustomize was taken')\n"},
    "a path file": {"evil.pth": "import os; print('a path file was taken')\n"},
    "a package called _pytest": {"_pytest/__init__.py": "print('_pytest was taken')\nraise SystemExit(0)\n"},
    "a package called coverage": {"coverage/__init__.py": "print('coverage was taken')\nraise SystemExit(0)\n"},
    "a package called nbclient": {"nbclient.py": "print('nbclient was taken')\nraise SystemExit(0)\n"},
    "a package called nbformat": {"nbformat.py": "print('nbformat was taken')\nraise SystemExit(0)\n"},
    "a package called ipykernel": {"ipykernel_launcher.py": "print('a kernel was taken')\nraise SystemExit(0)\n"},
    "a package called pandas": {"pandas.py": "print('pandas was taken')\n"},
    "an entry point of pytest": {
        "fooling-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: fooling\nVersion: 1.0\n",
        "fooling-1.0.dist-info/entry_points.txt": "[pytest11]\nfooling = fooling\n",
        "fooling.py": _ALL_PASS,
    },
    "an old entry point of pytest": {
        "fooling.egg-info/PKG-INFO": "Metadata-Version: 1.0\nName: fooling\nVersion: 1.0\n",
        "fooling.egg-info/entry_points.txt": "[pytest11]\nfooling = fooling\n",
        "fooling.py": _ALL_PASS,
    },
    "a plugin of coverage": {".coveragerc": "[run]\nplugins = fooling_coverage\nomit = *\n", "fooling_coverage.py": "raise SystemExit(0)\n"},
    "settings of the linter": {"ruff.toml": 'exclude = ["*"]\n[lint]\nselect = []\n'},
    "hidden settings of the linter": {".ruff.toml": 'extend = "/etc/passwd"\n'},
    "settings of the linter in pyproject.toml": {"pyproject.toml": '[tool.ruff]\nexclude = ["*"]\n[tool.ruff.lint]\nignore = ["ALL"]\n'},
    "a list of ignored files": {".gitignore": "*\n", ".ignore": "*\n"},
    "a kernel of its own": {".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["true"], "language": "python"}'},
    "settings of the notebook runner": {".jupyter/jupyter_nbconvert_config.py": "c.ExecutePreprocessor.allow_errors = True\n",
                                        "jupyter_config.py": "c.NotebookClient.allow_errors = True\n"},
    "start-up files of the kernel": {".ipython/profile_default/startup/00-fool.py": "import os\nos._exit(0)\n",
                                     "ipython_config.py": "c.InteractiveShellApp.exec_lines = ['import os; os._exit(0)']\n"},
    "a harness of its own": {"harness/__init__.py": "", "harness/runner.py": "raise SystemExit(0)\n", "checks/__init__.py": "raise SystemExit(0)\n",
                             "sandbox/__init__.py": "raise SystemExit(0)\n", "reports/__init__.py": "raise SystemExit(0)\n"},
    "results ready made": {"tests.json": '{"complete": true, "exit": 0}', "notebook.json": '{"state": "done"}',
                           "report.json": '{"totals": {"automatic": 100}}', "predictions.csv": "row_id,score\nR000001,1\n"},
}  # fmt: skip
"""What is merely there, in the hope that something of ours takes it up."""

# --- notebooks ------------------------------------------------------------------------------------------------------

_GOOD_OUTPUT = [{"output_type": "stream", "name": "stdout", "text": ["average precision 0.99\n"]}]
_REWRITES = """
import json, os
state = {"state": "done", "error": None, "cells": [{"index": place, "seconds": 0.1, "state": "done"} for place in range(4)]}
executed = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
"""
_IN_THE_BACKGROUND = (
    _REWRITES
    + """
if os.fork() == 0:
    os.setsid()
    import time
    while True:
        for name, value in (("notebook.json", state), ("executed.ipynb", executed)):
            with open(f"/out/{name}", "w") as file:
                json.dump(value, file)
        time.sleep(0.002)
"""
)
_PATCH_THE_WATCHER = """
import os, pathlib
try:
    for line in pathlib.Path(f"/proc/{os.getppid()}/maps").read_text().splitlines():
        pass
    descriptor = os.open(f"/proc/{os.getppid()}/mem", os.O_RDWR)
    print("the memory of the watcher is open", file=open("/proc/1/fd/1", "w"))
except OSError as error:
    print("the watcher is out of reach:", error)
"""
NOTEBOOKS: dict[str, str] = {
    "stored outputs that look good": notebook_of(*FAILING_CELLS, outputs=_GOOD_OUTPUT),
    "tags that let errors pass": notebook_of(*FAILING_CELLS, metadata={"tags": ["raises-exception", "skip-execution"]}),
    "a kernel that is another program": notebook_of(
        *FAILING_CELLS, metadata={"kernelspec": {"name": "../../bin/true", "language": "bash", "display_name": "x"}, "language_info": {"name": "bash"}}
    ),
    "an end in the middle": notebook_of("x = 1", "import os; os._exit(0)", "x / 0"),
    "a kernel that is asked to end": notebook_of("x = 1", "get_ipython().kernel.do_shutdown(False); exit()", "x / 0"),
    "a report of its own and an end": notebook_of(_REWRITES, "[open('/out/notebook.json', 'w').write(json.dumps(state)), os._exit(0)]", "x / 0"),
    "a report that is written again and again": notebook_of(_IN_THE_BACKGROUND, "x / 0"),
    "a hand on its watcher": notebook_of(_PATCH_THE_WATCHER, "x / 0"),
    "a watcher that is killed": notebook_of("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "x / 0"),
    "a watcher that is asked to end": notebook_of("import os, signal; os.kill(os.getppid(), signal.SIGTERM)", "x / 0"),
    "a watcher that is held": notebook_of("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)", "x / 0"),
}  # fmt: skip

# --- predictions ----------------------------------------------------------------------------------------------------

PREDICTS = '''"""Predict, and say more than was asked."""

import json
import os
import pathlib
import runpy
import struct
import sys

runpy.run_path("weak_predict.py", run_name="__main__")
out = pathlib.Path(sys.argv[2]).parent
great = {"totals": {"automatic": 100, "final": 100, "band": "High"}, "score": 1.0, "verdict": "met", "status": "graded"}
for name in NAMES:
    place = out / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(great))
    except OSError as error:
        print(name, error)


def frame(kind, value=b""):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return struct.pack(">cI", kind, len(data)) + data


ended = {"status": 0, "timed_out": False, "starved": False, "cpu_s": 0.1, "peak_kb": 1}
forged = frame(b"X", ended) + frame(b"F", {"name": "predictions.csv", "size": 3}) + frame(b"D", b"a,b") + frame(b"Z")
for stream in (1, 2):
    os.write(stream, b"SCORE: 100/100\\n##RESULT## " + json.dumps(great).encode() + b"\\n" + forged + b"\\n")
    os.write(stream, b"\\x01\\x00\\x00\\x00" + struct.pack(">L", len(forged)) + forged)
for number in range(256):
    try:
        os.write(number, forged)
    except OSError:
        continue
for place in ("/proc/1/fd/1", "/proc/1/fd/2", "/dev/stdout", "/dev/console", "/dev/kmsg"):
    try:
        with open(place, "wb") as stream:
            stream.write(forged)
    except OSError:
        continue
'''
FORGED_NAMES = (
    "report.json", "grade.json", "checks.json", "runs.json", "lock.json", "snapshot.json", "ratings.json", "result.json",
    "results.json", "metrics.json", "score.txt", "reward.txt", "tests.json", "notebook.json", "executed.ipynb",
    "predictions.csv.gz", "predictions.json", "labels.csv", "report.html", "trace.jsonl.bak", "provenance.json",
    "model/model.pkl", "artifacts/predict/predictions.csv", "../outside.txt",
)  # fmt: skip


def with_forged_outputs() -> dict[str, str]:
    """The weak submission, whose predict command leaves all kinds of results and talks as the runner does."""
    declared = {"pack": "small", "entry": {"kind": "command", "predict": "python predict.py {data} {out}"},
                "declared": {"metric": "average_precision", "value": 1.0}}  # fmt: skip
    return {
        **WEAK,
        "weak_predict.py": WEAK["predict.py"],
        "predict.py": PREDICTS.replace("NAMES", repr(FORGED_NAMES)),
        "submission.json": json.dumps(declared),
    }
