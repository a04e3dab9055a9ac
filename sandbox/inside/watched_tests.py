"""Inside the sandbox, started by own_tests.py: pytest under our configuration, telling through a pipe what truly ran.

Arguments: the working folder, and the number of the pipe's writing end.
"""

import ast
import inspect
import json
import os
import sys
import unittest
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import coverage
import pytest
from coverage.exceptions import CoverageException

CONFIGURATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pytest.ini")
MAX_SOURCE_BYTES, MAX_FILES, MAX_ODD_FILES, MAX_LINES = 1_000_000, 2_000, 100, 20_000
SKIPPED_FOLDERS = {"node_modules", "site-packages", "venv", "env", "build", "dist", "data", "model", "__pycache__"}
USUAL_NAMES = ("tests.py", "test.py", "conftest.py")


def main(work: str, pipe: str) -> int:
    for folder in (os.path.join(work, "src"), work):
        if os.path.isdir(folder):
            sys.path.insert(0, folder)
    say = Pipe(int(pipe)).say
    measured = coverage.Coverage(config_file=False, data_file=None, source=[work], messages=False)
    measured.clear_exclude()
    plugin = Plugin(work, say)
    measured.start()
    code = int(pytest.main(arguments(work), plugins=[plugin]))
    measured.stop()
    tell_coverage(measured, work, say)
    say({"end": code})
    return code


class Pipe:
    def __init__(self, number: int) -> None:
        self.number = number

    def say(self, record: dict[str, Any]) -> None:
        data = json.dumps(record).encode() + b"\n"
        while data:
            data = data[os.write(self.number, data) :]


def arguments(work: str) -> list[str]:
    return [
        *(
            "-c",
            CONFIGURATION,
            "--rootdir",
            work,
            "--confcutdir",  # else every folder above the work is listed, too
            work,
            "-o",
            "addopts=",
            "-p",
            "no:cacheprovider",
            "--continue-on-collection-errors",
        ),
        *("--color=no", "--tb=short", "-q", "--show-capture=no", "--disable-warnings", work),
    ]


class Plugin:
    """Our hooks. What was entered and what it raised come from the call itself, not from reports, which hooks can rewrite."""

    def __init__(self, work: str, say: Callable[[dict[str, Any]], None]) -> None:
        self.work, self.say = work, say
        self.odd = odd_files(work)
        self.entered: set[str] = set()
        self.raised: dict[str, str] = {}
        self.phases: dict[str, dict[str, str]] = {}
        self.current = ""
        self.watch_unittest()

    def watch_unittest(self) -> None:
        original: Callable[..., Any] = unittest.TestCase._callTestMethod  # type: ignore[attr-defined]

        def watched(case: unittest.TestCase, method: Callable[[], Any]) -> Any:
            return self.call(self.current, lambda: original(case, method))

        unittest.TestCase._callTestMethod = watched  # type: ignore[attr-defined]

    def call(self, test: str, function: Callable[..., Any], **fixtures: Any) -> Any:
        self.entered.add(test)
        try:
            return function(**fixtures)
        except BaseException as problem:
            self.raised[test] = "skipped" if isinstance(problem, pytest.skip.Exception) else "failed"
            raise

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            return None  # a plugin of the environment knows how to run these
        fixtures = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        self.call(pyfuncitem.nodeid, pyfuncitem.obj, **fixtures)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.current = nodeid

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        return pytest.Module.from_parent(parent, path=file_path) if str(file_path) in self.odd else None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            lines = [line for line in str(report.longrepr).splitlines() if line.strip()]
            self.say({"error": lines[-1][:500] if lines else "", "file": report.nodeid.split("::")[0]})

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, None, None]:
        for item in list(items):
            self.tell(item, "not_run", ran=False)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        phases = self.phases.setdefault(report.nodeid, {})
        phases[str(report.when)] = "xfailed" if hasattr(report, "wasxfail") else report.outcome

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        result = yield
        ran = item.nodeid in self.entered or inspect.iscoroutinefunction(getattr(item, "obj", None))
        self.tell(item, conclude(self.phases.get(item.nodeid, {}), self.raised.get(item.nodeid), ran), ran=ran)
        return result

    def tell(self, item: pytest.Item, outcome: str, *, ran: bool) -> None:
        name = item.nodeid.split("::", 1)[-1][:300]
        self.say({"test": name, "file": os.path.relpath(item.path, self.work), "outcome": outcome, "ran": ran})


def conclude(phases: dict[str, str], raised: str | None, ran: bool) -> str:
    """The outcome of one test: what it did counts above what is said of it."""
    if "failed" in (phases.get("setup"), phases.get("teardown")):
        return "error"
    said = phases.get("call") or phases.get("setup") or "not_run"
    if said in ("skipped", "xfailed"):
        return said
    if raised is not None:
        return raised
    return "not_run" if said == "passed" and not ran else said


def odd_files(work: str) -> frozenset[str]:
    """Files that hold tests and have a name that is not collected by default."""
    found: list[str] = []
    for folder, folders, names in os.walk(work):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            usual = name.startswith("test_") or name.endswith("_test.py") or name in USUAL_NAMES
            path = os.path.join(folder, name)
            if name.endswith(".py") and not usual and not os.path.islink(path) and holds_tests(path):
                found.append(path)
    return frozenset(found[:MAX_ODD_FILES])


def holds_tests(path: str) -> bool:
    """Whether tests are defined here, in a file that says that it is about tests: importing it must not start a training."""
    try:
        if os.path.getsize(path) > MAX_SOURCE_BYTES:
            return False
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    about_tests = "test" in os.path.basename(path).lower() or not imported.isdisjoint({"pytest", "unittest", "hypothesis"})
    return about_tests and any(defines_tests(node) for node in tree.body)


def defines_tests(node: ast.stmt) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name.startswith("test")
    if not isinstance(node, ast.ClassDef):
        return False
    bases = {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases}
    return "TestCase" in bases or node.name.startswith("Test")


def tell_coverage(measured: coverage.Coverage, work: str, say: Callable[[dict[str, Any]], None]) -> None:
    for path in sorted(measured.get_data().measured_files())[:MAX_FILES]:
        try:
            _, could, _, missing, _ = measured.analysis2(path)
        except CoverageException:
            continue
        ran = sorted(set(could) - set(missing))
        say({"covered": os.path.relpath(path, work), "ran": ran[:MAX_LINES], "could": could[:MAX_LINES]})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
