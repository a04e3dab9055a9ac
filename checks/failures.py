"""Why a step failed, and whose doing that is.

Our own environment's faults are never the candidate's. What a step printed is used to explain, and to be fair to a
submission that needs something we do not have; it never makes a failed step count as a success.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass

from checks.own_code import sources_of
from checks.reports_inside import NotebookReport, read_notebook_report
from checks.service_account import ServiceAccount, read_service_account
from harness.model.evidence import Evidence
from harness.model.finding import Fault, Where
from harness.model.run import Exited, SandboxLost, StepResult
from harness.model.submission import NotebookEntry, ServiceEntry
from harness.model.text import one_line

TOOL_MISSING = 78
"""Exit code of our own programs when the environment lacks what they need; believed only where we own the process."""

_FRAME = re.compile(r'^\s*File "/(?:work|submission)/([^"\n]{1,300})", line ([0-9]{1,7})', re.MULTILINE)
_LAST_ERROR = re.compile(
    r"^([A-Za-z_][\w.]{0,120}(?:Error|Exception|Interrupt|Exit|Warning|NotFound)):? ?(.{0,600})$", re.MULTILINE
)
_MODULE = re.compile(r"No module named '([^']{1,120})'")
_QUOTED_PATH = re.compile(r"'([^'\n]{1,300})'")
_USER_PATH = re.compile(
    r"^(?:/home/|/Users/|/root/|/content/|/kaggle/|/mnt/|/media/|/Volumes/|/dbfs/|/workspace|/private/|/tmp/[^/]+/|[A-Za-z]:[\\/]|~)"
)
_NETWORK = re.compile(
    r"name resolution|Name or service not known|Network is unreachable|getaddrinfo failed|Max retries exceeded|"
    r"Connection refused|urlopen error|Failed to establish a new connection|Could not resolve host|NameResolutionError"
)
_SECRET = re.compile(r"(?i)api[ _-]?key|access[ _-]?token|secret|credential|password|not logged in|authenticat")
_SECRET_NAME = re.compile(r"^'?[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS|PASSWD|PAT)[A-Z0-9_]*'?$")


@dataclass(frozen=True)
class Failure:
    """A failed step in words. `sentence` follows the step's name."""

    kind: str
    fault: Fault
    sentence: str
    seen: str = ""
    fix: str = ""
    where: Where = Where()
    lowers: bool = True
    """Whether it speaks against the submission; otherwise the step counts as not measured."""


@dataclass(frozen=True)
class _Raised:
    """The error a step ended with, as far as its own words tell."""

    type: str
    message: str
    where: Where


def explain(evidence: Evidence, step: StepResult) -> Failure:
    """Why this step, which did not succeed, failed."""
    outcome = step.outcome
    place = Where(step=step.name, path=step.target)
    if isinstance(outcome, SandboxLost):
        return Failure("sandbox_lost", Fault.HARNESS, f"{outcome.sentence()}.", where=place, lowers=False)
    report = read_notebook_report(evidence, step.name)
    entry = evidence.runs.entry if evidence.runs else None
    if step.target is None and isinstance(entry, NotebookEntry):
        step = step.changed(target=entry.path)
    if not isinstance(outcome, Exited):
        return _stopped(step, report, place)
    if outcome.code == TOOL_MISSING and _ours(evidence, step):
        seen = one_line(step.stderr.tail or step.stderr.head)
        fix = "add what is missing to the pack's requirements and lock them again"
        return Failure(
            "tool_missing", Fault.PACK, "could not run, because the pack's environment lacks a tool.", seen, fix, place, False
        )
    if report is not None and (report.state == "timed_out" or (report.state == "kernel_died" and step.memory_kill_seen)):
        return _stopped(step, report, place)
    asked = read_service_account(evidence, step.name) if isinstance(entry, ServiceEntry) else None
    if asked is not None and (asked.state == "starved" or (asked.state == "died" and step.memory_kill_seen)):
        return _service_stopped(asked, step, place)
    raised = _from_notebook(report, step) if report is not None else _from_streams(step)
    for rule in _RULES:
        failure = rule(evidence, step, raised)
        if failure is not None:
            return failure
    return _genuine(step, raised) if asked is None else _of_service(asked, raised, place)


def _stopped(step: StepResult, report: NotebookReport | None, place: Where) -> Failure:
    """A limit was met: the step's own outcome says so, or the report of the process of ours that survived it."""
    kind, sentence = step.outcome.kind, step.outcome.sentence()
    if isinstance(step.outcome, Exited):
        died = report is not None and report.state == "kernel_died"
        kind = "out_of_memory" if died else "timed_out"
        sentence = "was stopped at its memory limit" if died else "was stopped at its time limit"
    fixes = {
        "timed_out": "make it faster, or smaller by default; the limit is in the task",
        "out_of_memory": "use less memory, for example by reading fewer columns or by smaller types",
        "output_capped": "print less",
    }
    if report is not None:
        unfinished = next((cell for cell in report.cells if cell.state in ("timed_out", "kernel_died")), None)
        if unfinished is not None:
            place = Where(step=step.name, path=step.target, cell=unfinished.index)
            sentence = f"{sentence}, in cell {unfinished.index}"
    return Failure(kind, Fault.SUBMISSION, f"{sentence}.", "", fixes.get(kind, ""), place)


def _service_stopped(asked: ServiceAccount, step: StepResult, place: Where) -> Failure:
    """What the host did not give is nobody's fault; what the service took beyond its limit is its own."""
    if asked.state == "starved":
        sentence = f"could not be measured: the service {asked.told}."
        return Failure("host_too_busy", Fault.HARNESS, sentence, where=place, lowers=False)
    sentence = f"was stopped at its memory limit of {step.limits.memory_mb} MB: the service {asked.told}."
    return Failure("out_of_memory", Fault.SUBMISSION, sentence, fix="use less memory", where=place)


def _of_service(asked: ServiceAccount, raised: _Raised, place: Where) -> Failure:
    """The program that asked the service is ours, and tells what became of it."""
    spoke = asked.state in ("died", "not_ready", "status", "broken")
    seen = one_line(f"{raised.type}: {raised.message}") if spoke and raised.type else ""
    fix = _SERVICE_FIXES.get(asked.state, "answer as the task says; try it with the rows of data/ on your own machine")
    where = raised.where if spoke and raised.where.line else place
    return Failure(
        f"service_{asked.state}", Fault.SUBMISSION, f"has no predictions: the service {asked.told}.", seen, fix, where
    )


_SERVICE_FIXES = {
    "not_started": "name a command that starts it from the submission's top folder",
    "not_ready": "listen on 127.0.0.1 at the port that {port} stands for, and answer 200 once it can be asked",
    "died": "keep it running in the foreground, whatever a request holds",
    "late": "make it faster; the limits are in the task",
}


def _ours(evidence: Evidence, step: StepResult) -> bool:
    """Whether the exit code was set by a process of ours in which no candidate's code runs."""
    return step.name.startswith(("execute", "tests")) or isinstance(evidence.runs and evidence.runs.entry, NotebookEntry)


def _from_notebook(report: NotebookReport, step: StepResult) -> _Raised:
    where = Where(step=step.name, path=step.target, cell=report.error_cell, line=report.error_line)
    return _Raised(report.error_type, report.error_message, where)


def _from_streams(step: StepResult) -> _Raised:
    text = step.stderr.text()[-60_000:]
    errors = _LAST_ERROR.findall(text)
    frames = _FRAME.findall(text)
    where = Where(step=step.name, path=step.target)
    if frames:
        path, line = frames[-1]
        where = Where(step=step.name, path=one_line(path), line=max(1, int(line)))
    if errors:
        name, message = errors[-1]
        return _Raised(name.rsplit(".", 1)[-1], message, where)
    return _Raised("", one_line(text.strip().rsplit("\n", 1)[-1]) if text.strip() else "", where)


def _missing_module(evidence: Evidence, step: StepResult, raised: _Raised) -> Failure | None:
    match = _MODULE.search(raised.message)
    if raised.type not in ("ModuleNotFoundError", "ImportError") or match is None:
        return None
    module = match.group(1).split(".")[0]
    seen, name = one_line(raised.message), one_line(module)
    if _is_own_module(evidence, module):
        sentence = f"could not import the submission's own module {name}."
        fix = "import it so that it works from the submission's top folder"
        return Failure("own_import", Fault.SUBMISSION, sentence, seen, fix, raised.where)
    if not _is_imported(evidence, module):
        return None
    if _is_declared(evidence, module):
        sentence = f"needs {name}, which the submission declares and this pack's environment does not have."
        return Failure("not_in_environment", Fault.UNSUPPORTED, sentence, seen, where=raised.where, lowers=False)
    sentence = f"needs {name}, which is neither in the task's environment nor declared by the submission."
    fix = "use the packages that the task offers, or declare what else is needed"
    return Failure("undeclared_dependency", Fault.SUBMISSION, sentence, seen, fix, raised.where, lowers=False)


def _missing_file(evidence: Evidence, step: StepResult, raised: _Raised) -> Failure | None:
    if raised.type not in ("FileNotFoundError", "PermissionError", "NotADirectoryError", "OSError", "IsADirectoryError"):
        return None
    paths = _QUOTED_PATH.findall(raised.message)
    if not paths:
        return None
    path, seen = paths[-1], one_line(raised.message)
    if _USER_PATH.match(path):
        sentence = "uses a path that exists only on the author's machine."
        return Failure("absolute_path", Fault.SUBMISSION, sentence, seen, "use paths relative to the submission", raised.where)
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    left_out = next(
        (one for one in evidence.snapshot.refusals if one.path.rsplit("/", 1)[-1] == name and not one.harmless), None
    )
    if left_out is not None:
        sentence = f"needs {one_line(name)}, which was left out when the submission was taken in: {one_line(left_out.reason)}"
        return Failure("left_out", Fault.UNSUPPORTED, sentence.rstrip(".") + ".", seen, where=raised.where, lowers=False)
    sentence = "did not find a file that it reads."
    fix = "hand in every file that the code reads, or make it in the code; the task's data is in data/"
    return Failure("missing_file", Fault.SUBMISSION, sentence, seen, fix, raised.where)


def _needs_outside(evidence: Evidence, step: StepResult, raised: _Raised) -> Failure | None:
    seen = one_line(f"{raised.type}: {raised.message}")
    if _NETWORK.search(raised.message) or raised.type in ("gaierror", "URLError", "NameResolutionError", "ConnectTimeout"):
        sentence = "needs the network, which is closed while a submission is graded."
        return Failure("network_needed", Fault.SUBMISSION, sentence, seen, "hand in what the code downloads", raised.where)
    asks_environment = raised.type == "KeyError" and _SECRET_NAME.match(raised.message)
    if asks_environment or ("Error" in raised.type and raised.type != "KeyError" and _SECRET.search(raised.message)):
        sentence = "needs a key or password that is not there."
        return Failure("secret_needed", Fault.SUBMISSION, sentence, seen, "make the code run without secrets", raised.where)
    return None


def _genuine(step: StepResult, raised: _Raised) -> Failure:
    seen = one_line(f"{raised.type}: {raised.message}" if raised.type else raised.message)
    place = raised.where.changed(step=None)
    where = f"at {place} " if place.line or place.cell is not None else ""
    error = f"with {one_line(raised.type, 80)} {where}" if raised.type else ""
    sentence = f"failed {error}({step.outcome.sentence()})."
    return Failure("error", Fault.SUBMISSION, sentence, seen, "run it from a fresh copy of the submission", raised.where)


_RULES: tuple[Callable[[Evidence, StepResult, _Raised], Failure | None], ...] = (
    _missing_module,
    _missing_file,
    _needs_outside,
)

_IMPORT_TO_PACKAGE = {
    "sklearn": "scikit-learn",
    "cv2": "opencv",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "skimage": "scikit-image",
    "imblearn": "imbalanced-learn",
    "dotenv": "python-dotenv",
    "dateutil": "python-dateutil",
}


def _is_own_module(evidence: Evidence, module: str) -> bool:
    endings = (f"{module}.py", f"{module}/__init__.py")
    return any(
        path in endings or path.endswith(tuple(f"/{ending}" for ending in endings)) or path.startswith(f"{module}/")
        for path in evidence.snapshot.paths()
    )


def _is_imported(evidence: Evidence, module: str) -> bool:
    """Whether the sources import it at all: what was printed is not taken at its word."""
    for unit in sources_of(evidence).units:
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == module for alias in node.names):
                    return True
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == module:
                    return True
    return False


def _is_declared(evidence: Evidence, module: str) -> bool:
    """Whether the submission's own requirement files name the package of this module."""
    names = {module.lower().replace("_", "-"), _IMPORT_TO_PACKAGE.get(module, module).lower()}
    words: set[str] = set()
    for path in evidence.named(".txt", ".toml", ".in", ".cfg", "pipfile", ".yml", ".yaml", "setup.py"):
        name = path.rsplit("/", 1)[-1].lower()
        if "requirement" in name or name in _DECLARING_FILES:
            text = evidence.read_text(path, 200_000) or ""
            words |= {word.lower().replace("_", "-").rstrip("-.") for word in re.findall(r"[A-Za-z][\w.-]{0,80}", text)}
    return any(word == name or word.startswith((f"{name}-python", f"{name}-binary")) for word in words for name in names)


_DECLARING_FILES = frozenset(
    {"pyproject.toml", "setup.cfg", "setup.py", "pipfile", "environment.yml", "environment.yaml", "conda.yml"}
)
