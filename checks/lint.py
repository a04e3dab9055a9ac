"""Code quality by rules that are ours: likely bugs, risky habits, complexity, length, repetition, paths of one machine."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.duplicates import Duplicate, code_lines, duplicates
from checks.given import Given
from checks.lint_rules import BUG, INVALID_SYNTAX, MAX_COMPLEXITY, RISK, STRUCTURE, SYNTAX, WEIGHTS
from checks.linter import CodeFile, Linted, Remark, lint_files
from checks.notebooks import Notebook, read_notebook
from checks.own_code import sources_of
from checks.practice.sources import Sources
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Measurement, Severity, Where
from harness.model.record import Record
from harness.model.text import one_line

ID = "lint"
MAX_FILES, MAX_TEXT = 400, 8_000_000
MAX_COMPARED_LINES = 50_000
_LISTED_PER_RULE = 4
_COST_PER_POINT = 0.02
"""One point of weight per hundred lines of code costs so much of the score."""
_MOST_PER_RULE = 0.2
_MOST_PER_SYNTAX = 0.5
_OWN_MACHINE = re.compile(r"^(?:/home/[^/]|/Users/[^/]|/root/|/content/|/kaggle/|/Volumes/|/dbfs/|[A-Za-z]:[\\/](?![\\/]))")


class Settings(Record):
    """What is asked of the code."""

    max_function_lines: int = Field(default=60, ge=10, description="Longer functions are a finding.")
    min_lines: int = Field(default=15, ge=1, description="With fewer lines of code there is nothing to judge.")
    lines_per_minute: float = Field(default=15.0, gt=0, description="More distinct lines a minute of the task are asked about.")


@dataclass(frozen=True)
class _Mark:
    """One place where a rule is broken."""

    rule: str
    weight: float
    message: str
    where: Where
    seen: str = ""
    fix: str = ""


@check("Code quality", group="static", settings=Settings, version="2")
def lint(evidence: Evidence, settings: Settings) -> CheckResult:
    """Code is free of likely bugs, risky habits, tangled or endless functions, repetition and paths of one machine.

    A pinned list of linter rules is counted per hundred distinct lines of code, each rule with a cap, so that one noisy
    rule cannot decide. Comments that switch rules off and configuration in the submission have no effect; notebooks are
    judged by a shorter list. Files that were given, and copies, are left out. Far more code than the task has time for is
    asked about, without points. It cannot see whether the design is apt.
    """
    sources = sources_of(evidence)
    files, unread = _files(evidence, sources)
    if not files and not unread:
        return not_measured(ID, Fault.SUBMISSION, "The submission has no Python code of its own.")
    lines = _distinct_lines(files)
    if lines < settings.min_lines and not unread:
        return not_measured(ID, Fault.SUBMISSION, f"The submission has {lines} lines of code, too few to judge.")
    linted = lint_files(files)
    own = {file.path for file in files}
    repeated = _repeated(files)
    marks = [
        *map(_from_remark, linted.remarks),
        *_long_functions(sources, own, settings.max_function_lines),
        *_machine_paths(sources, own),
        *map(_from_duplicate, repeated),
        *_unlintable(linted, unread),
    ]
    return _result(marks, lines, repeated, _over_built(evidence, lines, len(files), settings))


def _files(evidence: Evidence, sources: Sources) -> tuple[list[CodeFile], list[str]]:
    """The submission's own code, and the paths that could not be read at all."""
    given = Given(evidence.brief)
    known = sorted({unit.path for unit in sources.units} | {one.path for one in sources.unreadable})
    files: list[CodeFile] = []
    unread: list[str] = []
    room = MAX_TEXT
    for path in [one for one in known if one in set(evidence.snapshot.paths())][:MAX_FILES]:
        content: str | Notebook | None
        if path.lower().endswith(".ipynb"):
            notebook = read_notebook(evidence, path)
            content = None if isinstance(notebook, str) else notebook
        else:
            content = evidence.read_text(path)
        if content is None:
            unread.append(path)
            continue
        file = CodeFile(path, content)
        if file.text.strip() and len(file.text) <= room and given.containment(file.text) < 0.9:
            files.append(file)
            room -= len(file.text)
    return files, unread


def _distinct_lines(files: Sequence[CodeFile]) -> int:
    """Lines that hold code, each text once: repeating a clean line a thousand times makes no code cleaner."""
    return len({line.text for file in files for _, source in _pieces(file) for line in code_lines("", None, source)})


def _pieces(file: CodeFile) -> list[tuple[int | None, str]]:
    if isinstance(file.content, str):
        return [(None, file.content)]
    return [(cell.index, cell.source) for cell in file.content.code()]


def _repeated(files: Sequence[CodeFile]) -> list[Duplicate]:
    blocks, room = [], MAX_COMPARED_LINES
    for file in files:
        for cell, source in _pieces(file):
            blocks.append(code_lines(file.path, cell, source)[:room])
            room -= len(blocks[-1])
    return duplicates(blocks)


def _from_remark(remark: Remark) -> _Mark:
    where = Where(path=remark.path, cell=remark.cell, line=remark.line)
    message = one_line(remark.message, 160).rstrip(".")
    return _Mark(remark.code, WEIGHTS.get(remark.code, 1.0), f"{message}.", where, fix=one_line(remark.fix, 120))


def _from_duplicate(duplicate: Duplicate) -> _Mark:
    first, again = duplicate.first, duplicate.again
    origin = Where(path=first.path, cell=first.cell, line=first.number)
    where = Where(path=again.path, cell=again.cell, line=again.number)
    message = f"{duplicate.lines} lines of code stand here as they do at {origin}."
    return _Mark("duplicated_block", RISK, message, where, fix="make it one function")


def _long_functions(sources: Sources, own: set[str], limit: int) -> Iterator[_Mark]:
    for unit in sources.units:
        for block in unit.blocks if unit.path in own else ():
            for node in ast.walk(block.tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    length = _length(node)
                    if length > limit:
                        where = Where(path=unit.path, cell=block.cell, line=node.lineno)
                        name = one_line(node.name, 60)
                        message = f"The function {name} has {length} lines."
                        yield _Mark("long_function", STRUCTURE, message, where, fix="split it where its subject changes")


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    text = (first.end_lineno or first.lineno) - first.lineno + 1 if is_text else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - text


def _machine_paths(sources: Sources, own: set[str]) -> Iterator[_Mark]:
    for unit in sources.units:
        for block in unit.blocks if unit.path in own else ():
            for line, text in _strings(block.tree):
                if len(text) < 400 and "\n" not in text and _OWN_MACHINE.match(text):
                    where = Where(path=unit.path, cell=block.cell, line=line)
                    message = "A path leads to one person's machine."
                    yield _Mark("absolute_path", STRUCTURE, message, where, one_line(text, 80), "make it relative")


def _strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings that are used: those that stand alone are text for readers."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


def _unlintable(linted: Linted, unread: Sequence[str]) -> Iterator[_Mark]:
    for path in (*linted.failed, *unread):
        message = "A file of code cannot be read: it is too large, or not what its name says."
        yield _Mark("unreadable", SYNTAX, message, Where(path=path), fix="hand in code that tools can read")


def _over_built(evidence: Evidence, lines: int, files: int, settings: Settings) -> tuple[Finding, ...]:
    """Far more code than the time told to candidates is for: a question, which costs nothing."""
    minutes = evidence.pack.effort.minutes if evidence.pack else 0
    if not minutes or lines <= minutes * settings.lines_per_minute:
        return ()
    finding = Finding(
        check=ID,
        severity=Severity.INFO,
        rule="over_built",
        message=f"There are {lines:,} lines of code in {files} files for a task of {minutes} minutes.",
        expected=f"about {minutes * settings.lines_per_minute:,.0f} lines at most",
        confidence=0.5,
        innocent="A template of a company, or code that a tool wrote.",
    )
    return (finding,)


def _result(
    marks: Sequence[_Mark], lines: int, repeated: Sequence[Duplicate], questions: tuple[Finding, ...] = ()
) -> CheckResult:
    by_rule: dict[str, list[_Mark]] = {}
    for mark in marks:
        by_rule.setdefault(mark.rule, []).append(mark)
    hundreds = max(lines, 100) / 100
    cost = sum(_cost(rule, broken, hundreds) for rule, broken in by_rule.items())
    points = sum(mark.weight for mark in marks)
    measurements = (
        Measurement(name="lint_points_per_100_lines", value=round(points / hundreds, 3)),
        Measurement(name="code_lines", value=lines),
        Measurement(name="complex_functions", value=len(by_rule.get("C901", ()))),
        Measurement(name="long_functions", value=len(by_rule.get("long_function", ()))),
        Measurement(name="repeated_lines", value=sum(one.lines for one in repeated)),
    )
    findings = tuple(finding for broken in by_rule.values() for finding in _findings(broken))
    return judged(ID, max(0.0, 1.0 - cost), _summary(by_rule, lines), (*findings, *questions), measurements)


def _cost(rule: str, broken: Sequence[_Mark], hundreds: float) -> float:
    most = _MOST_PER_SYNTAX if rule in (INVALID_SYNTAX, "unreadable") else _MOST_PER_RULE
    if rule == INVALID_SYNTAX:
        broken = list({(mark.where.path, mark.where.cell): mark for mark in broken}.values())
    return min(most, _COST_PER_POINT * sum(mark.weight for mark in broken) / hundreds)


def _findings(broken: Sequence[_Mark]) -> Iterator[Finding]:
    weight = broken[0].weight
    severity = Severity.MAJOR if weight >= SYNTAX else Severity.MINOR if weight >= BUG else Severity.INFO
    for place, mark in enumerate(broken[:_LISTED_PER_RULE]):
        more = f" ({len(broken)} places)" if place == 0 and len(broken) > _LISTED_PER_RULE else ""
        yield Finding(
            check=ID,
            severity=severity,
            rule=mark.rule,
            message=f"{mark.message[:-1]}{more}.",
            where=mark.where,
            seen=mark.seen,
            expected=f"a complexity of at most {MAX_COMPLEXITY}" if mark.rule == "C901" else "",
            fix=mark.fix,
        )


def _summary(by_rule: dict[str, list[_Mark]], lines: int) -> str:
    if not by_rule:
        return f"No rule is broken in {lines:,} lines of code."
    heaviest = sorted(by_rule, key=lambda rule: -sum(mark.weight for mark in by_rule[rule]))[:3]
    told = ", ".join(f"{rule} ({len(by_rule[rule])})" for rule in heaviest)
    return (
        f"{sum(map(len, by_rule.values())):,} places in {lines:,} lines of code break {len(by_rule)} rules, most of all {told}."
    )
