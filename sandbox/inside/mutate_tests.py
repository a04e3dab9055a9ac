"""Inside the sandbox: how many small faults in the code would the submission's own tests notice?

The tests run twice on sound code first: only those that pass both times are used, on the lines that they reached. Then
each fault is put into the working copy, the tests that reach its line run in a forked child, and the file is put back.
This process never imports the submission; it imports the libraries once that the submission uses, so that each child
starts warm. Written as it goes: /out/mutants.json. It is the word of a sandbox, and is judged as such.
"""

import ast
import gc
import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

TOOL_MISSING = 78
COUNT, FRESH_S, SLOWEST_S = 40, 3.0, 60.0
BUDGET_SHARE = 0.9
MAX_FILES = 500
LIBRARIES = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn", "imblearn", "joblib", "statsmodels", "polars"}
PYTEST_PARTS = (
    "assertion", "assertion.rewrite", "doctest", "fixtures", "junitxml", "logging", "main", "monkeypatch", "pastebin", "python",
    "recwarn", "runner", "skipping", "terminal", "threadexception", "tmpdir", "unittest", "unraisableexception", "warnings",
    "setuponly", "setupplan", "stepwise", "faulthandler", "debugging", "nose", "legacypath", "pytester_assertions", "reports",
)  # fmt: skip
SKIPPED_FOLDERS = {"node_modules", "site-packages", "venv", "env", "build", "dist", "data", "model", "__pycache__"}


def main(root: str = "") -> int:
    missing = [name for name in ("pytest", "coverage") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"the environment has no {', '.join(missing)}", file=sys.stderr)
        return TOOL_MISSING
    with open(f"{root}/in/request.json", encoding="utf-8") as file:
        budget = float(json.load(file)["wall_s"]) * BUDGET_SHARE
    Trial(Path(f"{root}/work"), Path(f"{root}/out/mutants.json"), time.monotonic() + budget).run()
    return 0


def sibling(name: str) -> ModuleType:
    """A program beside this one, under a name that no submission uses."""
    spec = importlib.util.spec_from_file_location(f"_harness_{name}", Path(__file__).with_name(f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Trial:
    """One submission's tests against faults, until the time is used up."""

    def __init__(self, work: Path, report: Path, deadline: float) -> None:
        self.work, self.report_file, self.deadline = work, report, deadline
        self.in_child = sibling("forked").in_child
        self.seconds: dict[str, float] = {}
        """How long each test took on sound code."""
        self.odd: Collection[str] = ()
        """Files of tests whose names pytest does not know."""
        self.report: dict[str, Any] = {
            "format": 1,
            "state": "started",
            "tests": 0,
            "unsteady": [],
            "mutants": [],
            "possible": 0,
        }

    def run(self) -> None:
        self.save()
        sources = python_files(self.work)
        warm_up(sources.values())
        gc.collect()
        gc.freeze()
        mutants = sibling("mutants")
        self.odd = sibling("watched_tests").odd_files(str(self.work))
        steady, reached, seconds = self.sound_runs()
        if not steady:
            self.save(state="no_steady_tests")
            return
        code = {file: text for file, text in sources.items() if not is_test(file) and str(self.work / file) not in self.odd}
        covered = {file: {int(line) for line in lines} for file, lines in reached.items() if file in code}
        chosen = mutants.sample(code, covered, COUNT)
        self.report["possible"] = len(chosen)
        self.save(state="running")
        for mutant in chosen:
            patience = min(SLOWEST_S, max(FRESH_S, 6 * seconds))
            if time.monotonic() + patience > self.deadline:
                self.save(state="out_of_time")
                return
            tests = [test for test in reached[mutant.file][str(mutant.line)] if test in steady] or sorted(steady)
            self.try_one(mutant, code[mutant.file], sorted(tests, key=lambda test: self.seconds.get(test, 0.0)), patience)
        self.save(state="done")

    def sound_runs(self) -> tuple[set[str], dict[str, dict[str, list[str]]], float]:
        """Tests that pass twice, the second time in another order; which of them reach which line; the time for all."""
        patience = max(1.0, (self.deadline - time.monotonic()) / 3)
        first = self.in_child(lambda: observe(self.work, self.odd), patience)
        order = sorted(first["passed"], key=lambda test: first["seconds"].get(test, 0.0)) if first else []
        started = time.monotonic()
        second = self.in_child(lambda: run_tests(self.work, self.odd, order), patience) if order else None
        seconds = time.monotonic() - started
        if first is None or second is None:
            return set(), {}, seconds
        passed, again = set(first["passed"]), set(second["passed"])
        self.seconds = first["seconds"]
        self.report["tests"] = len(passed & again)
        self.report["unsteady"] = sorted(passed ^ again)[:50]
        return passed & again, first["reached"], seconds

    def try_one(self, mutant: Any, source: bytes, tests: list[str], patience: float) -> None:
        place = self.work / mutant.file
        place.write_bytes(mutant.applied(source))
        try:
            started = time.monotonic()
            answer = self.in_child(lambda: run_tests(self.work, self.odd, tests, stop=True), patience)
            late = answer is None and time.monotonic() - started >= patience
        finally:
            place.write_bytes(source)
        noticed = answer is None or not set(tests) <= set(answer["passed"])
        self.report["mutants"].append(
            {
                "file": mutant.file,
                "line": mutant.line,
                "kind": mutant.kind,
                "before": mutant.before[:120],
                "after": mutant.after[:120],
                "state": "timed_out" if late else "killed" if noticed else "survived",
                "tests": len(tests),
            }
        )
        self.save()

    def save(self, **values: Any) -> None:
        self.report.update(values)
        part = self.report_file.with_suffix(".part")
        part.write_text(json.dumps(self.report), "ascii")
        part.replace(self.report_file)


def python_files(work: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder, folders, names in os.walk(work):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".py") and not path.is_symlink() and len(found) < MAX_FILES:
                found[path.relative_to(work).as_posix()] = path.read_bytes()
    return found


def is_test(file: str) -> bool:
    name = file.rsplit("/", 1)[-1]
    folders = file.split("/")[:-1]
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "tests.py", "test.py", "setup.py")
        or ("tests" in folders or "test" in folders)
    )


def warm_up(sources: Iterable[bytes]) -> None:
    """Import what the submission imports, as far as it is a library that we know."""
    names = {"pytest", "coverage", *(f"_pytest.{name}" for name in PYTEST_PARTS)}
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    for name in sorted(names):
        if name.split(".")[0] in LIBRARIES or "pytest" in name or name == "coverage":
            try:
                importlib.import_module(name)
            except ImportError:
                continue


def observe(work: Path, odd: Collection[str]) -> dict[str, Any]:
    """In a child: all tests on sound code, with the lines that each of them reaches."""
    import coverage

    measured = coverage.Coverage(config_file=False, data_file=None, source=[str(work)], messages=False)
    measured.start()
    answer = run_tests(work, odd, watch=measured.switch_context)
    measured.stop()
    data = measured.get_data()
    reached: dict[str, dict[str, list[str]]] = {}
    for path in sorted(data.measured_files()):
        lines = data.contexts_by_lineno(path)
        told = {str(line): sorted(filter(None, tests)) for line, tests in lines.items() if any(tests)}
        reached[Path(path).relative_to(work).as_posix()] = told
    return {**answer, "reached": reached}


def run_tests(
    work: Path,
    odd: Collection[str],
    only: Sequence[str] | None = None,
    watch: Callable[[str], object] | None = None,
    *,
    stop: bool = False,
) -> dict[str, Any]:
    """In a child: run the tests, all or only these, and tell which passed."""
    import pytest

    os.chdir(work)
    for folder in (work / "src", work):
        if folder.is_dir():
            sys.path.insert(0, str(folder))
    plugin = Plugin(odd, only, watch)
    pytest.main([*arguments(work, only), *(["-x"] if stop else [])], plugins=[plugin])
    return {"passed": sorted(plugin.passed - plugin.failed), "seconds": plugin.seconds}


def arguments(work: Path, only: Sequence[str] | None) -> list[str]:
    configuration = str(Path(__file__).with_name("pytest.ini"))
    fixed = ["-c", configuration, "--rootdir", str(work), "-o", "addopts=", "-p", "no:cacheprovider", "-q", "--tb=no"]
    fixed += ["--confcutdir", str(work)]
    if only is None:
        return [*fixed, "--continue-on-collection-errors", str(work)]
    return [*fixed, *sorted({str(work / test.split("::")[0]) for test in only})]


class Plugin:
    """Keeps to the chosen tests, in the chosen order, and notes how each ended."""

    def __init__(self, odd: Collection[str], only: Sequence[str] | None, watch: Callable[[str], object] | None) -> None:
        self.odd, self.only, self.watch = odd, only, watch
        self.passed: set[str] = set()
        self.failed: set[str] = set()
        self.seconds: dict[str, float] = {}

    def pytest_collect_file(self, file_path: Path, parent: Any) -> Any:
        import pytest

        return pytest.Module.from_parent(parent, path=file_path) if str(file_path) in self.odd else None

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        if self.only is not None:
            places = {test: place for place, test in enumerate(self.only)}
            items[:] = sorted((item for item in items if item.nodeid in places), key=lambda item: places[item.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if self.watch is not None:
            self.watch(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed or hasattr(report, "wasxfail"):
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
