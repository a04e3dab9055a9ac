"""Functions that say what they take and return."""

import ast

from checks.base import check, judged, not_measured
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Measurement, Severity, Where
from harness.model.record import Record, Share


class SignaturesSettings(Record):
    enough: Share = 0.8


@check("Signatures", group="static", settings=SignaturesSettings)
def signatures(evidence: Evidence, settings: SignaturesSettings) -> CheckResult:
    """Functions say what they take and what they return.

    Counts functions whose parameters and result all have an annotation, in Python files that can be parsed. Full marks
    from the share in `enough` on. It does not look at whether the annotations are right.
    """
    said, silent = 0, []
    for path in evidence.named(".py"):
        for function in _functions(evidence.read_text(path) or ""):
            if _is_told(function):
                said += 1
            else:
                silent.append(_finding(path, function))
    total = said + len(silent)
    if not total:
        return not_measured("signatures", Fault.UNSUPPORTED, "there is no function in a Python file that can be parsed")
    share = said / total
    summary = f"{said} of {total} functions say what they take and return."
    return judged(
        "signatures",
        min(1.0, share / settings.enough) if settings.enough else 1.0,
        summary,
        tuple(silent),
        (Measurement(name="told_signatures", value=share),),
    )


def _functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _is_told(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    taken = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    named = [one for one in taken if one.arg not in ("self", "cls")]
    return function.returns is not None and all(one.annotation is not None for one in named)


def _finding(path: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Finding:
    return Finding(
        check="signatures",
        rule="untold",
        severity=Severity.INFO,
        message=f"The function {function.name} does not say what it takes or returns.",
        where=Where(path=path, line=function.lineno),
    )
