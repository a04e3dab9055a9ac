"""Hidden probes: values that functions returned in a sandbox, compared here with what only the author knows."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checks.failures import explain
from checks.strict_json import NotJsonError, read_strict
from harness.model import calls as words
from harness.model.calls import CallProbe, CallProbes, Expectation, Pick
from harness.model.evidence import Evidence
from harness.model.finding import Fault
from harness.model.text import one_line

STEP, ANSWERS = "calls", "answers.json"
MOST_BYTES = 64_000_000
Answers = Mapping[str, Mapping[str, Any]]


class ProbesError(Exception):
    """The probes cannot be used: the pack's fault."""


@dataclass(frozen=True)
class NoAnswers:
    """Why there is nothing to compare, and whose doing that is."""

    fault: Fault
    reason: str


@dataclass(frozen=True)
class Held:
    """Whether one probe holds, and if not, what was seen."""

    probe: CallProbe
    ok: bool
    seen: str = ""


class _UntoldError(Exception):
    """A value that an expectation is about did not come back; the sentence says why."""


def read_probes(evidence: Evidence) -> CallProbes:
    pack, reference = evidence.pack, evidence.reference
    if pack is None or pack.steps.calls is None or reference is None:
        raise ProbesError("this pack has no hidden probes")
    try:
        return CallProbes.model_validate_json((reference.labels.parent / pack.steps.calls.file).read_bytes())
    except (OSError, ValidationError) as error:
        raise ProbesError(f"the hidden probes cannot be read: {str(error).splitlines()[0]}") from error


def find_answers(evidence: Evidence) -> Answers | NoAnswers:
    """What came back of the calls, by their ids."""
    if evidence.runs is None:
        return NoAnswers(Fault.UNSUPPORTED, "Nothing was run, so no function was called.")
    step = evidence.runs.step(STEP)
    if step is None:
        skipped = evidence.runs.why_absent(STEP)
        if skipped is None:
            return NoAnswers(Fault.PACK, "This pack calls no functions.")
        return NoAnswers(Fault(skipped.fault), f"No function was called: {one_line(skipped.reason)}.")
    data = evidence.read_artifact(STEP, ANSWERS, MOST_BYTES)
    if data is None:
        failure = explain(evidence, step)
        return NoAnswers(failure.fault, f"The calls left no answers: the step {failure.sentence}")
    return read_answers(data)


def read_answers(data: bytes) -> Answers | NoAnswers:
    """The call server's file. A submission could have written it: nothing about it is believed but its values."""
    try:
        document = read_strict(data)
    except NotJsonError as error:
        return NoAnswers(Fault.SUBMISSION, f"The answers cannot be read: {one_line(str(error))}.")
    rows = document.get("answers") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        return NoAnswers(Fault.SUBMISSION, "The answers are not in the form in which they were written down.")
    return {row["id"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def judge(probes: CallProbes, answers: Answers) -> dict[str, Held]:
    """Every probe by its id."""
    return {probe.id: _judged(probe, answers) for probe in probes.probes}


def _judged(probe: CallProbe, answers: Answers) -> Held:
    for expectation in probe.expect:
        try:
            problem = _problem(expectation, answers)
        except _UntoldError as why:
            problem = str(why)
        if problem:
            return Held(probe, ok=False, seen=one_line(problem))
    return Held(probe, ok=True)


def _problem(expected: Expectation, answers: Answers) -> str:
    """What is not as expected; an empty text when everything is."""
    if isinstance(expected, words.AnyOf):
        problems = [_problem(one, answers) for one in expected.of]
        return "" if "" in problems else problems[0]
    if isinstance(expected, words.Raises | words.Returns | words.LogLacks):
        return _ending_problem(expected, answers.get(expected.call, {}))
    value = _value(expected.of, answers)
    if isinstance(expected, words.Equals):
        return "" if alike(value, expected.value, expected.tolerance) else f"returned {_shown(value)}"
    if isinstance(expected, words.MeanBetween):
        mean = _mean(value, expected.column)
        return "" if expected.low <= mean <= expected.high else f"the mean is {mean:.4g}"
    other = _value(expected.other, answers)
    if isinstance(expected, words.Same):
        same = alike(value, other, expected.tolerance)
        return "" if same else f"{_shown(value)} in one call, {_shown(other)} in the other"
    here, there = set(map(repr, _flat(value))), set(map(repr, _flat(other)))
    if isinstance(expected, words.Apart):
        return f"{len(here & there)} values are on both sides" if here & there or not (here and there) else ""
    earlier, later = list(_numbers(value)), list(_numbers(other))
    return "" if earlier and later and max(earlier) < min(later) else "the first reaches into the second"


def _ending_problem(expected: words.Raises | words.Returns | words.LogLacks, answer: Mapping[str, Any]) -> str:
    status = answer.get("status")
    if isinstance(expected, words.Raises):
        return "" if status == "raised" else f"it {_ended(answer)}"
    if status != "returned":
        return f"it {_ended(answer)}"
    if isinstance(expected, words.Returns):
        return ""
    log = answer.get("log")
    return "" if isinstance(log, str) and expected.text not in log else "the log holds it"


def _value(pick: Pick, answers: Answers) -> Any:
    answer = answers.get(pick.call, {})
    values = answer.get("values")
    if answer.get("status") != "returned" or not isinstance(values, dict) or not values:
        raise _UntoldError(f"the call {_ended(answer)}")
    key = str(pick.step) if pick.step is not None else max(values, key=lambda one: int(one) if one.isdecimal() else -1)
    value = values.get(key)
    for part in pick.path:
        value = _part(value, part)
    return value


def _part(value: Any, part: int | str) -> Any:
    if isinstance(part, int) and isinstance(value, list) and part < len(value):
        return value[part]
    if isinstance(part, str) and isinstance(value, dict) and part in value:
        return value[part]
    raise _UntoldError(f"what came back has no {part!r}: {_shown(value)}")


def _ended(answer: Mapping[str, Any]) -> str:
    status = answer.get("status")
    if status == "raised":
        return f"raised {str(answer.get('error'))[:60]}: {str(answer.get('text'))[:120]}"
    told = {"timed_out": "did not end in time", "too_large": "returned more than is read", "died": "ended without an answer"}
    return told.get(str(status), "returned" if status == "returned" else "gave no answer")


def alike(first: Any, second: Any, tolerance: float) -> bool:
    """Equal in structure, numbers within a tolerance, relative where they are large. No kind of NaN equals a number."""
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    if isinstance(first, int | float) and isinstance(second, int | float):
        return math.isclose(first, second, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(alike(a, b, tolerance) for a, b in zip(first, second, strict=True))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(alike(first[key], second[key], tolerance) for key in first)
    return type(first) is type(second) and first == second


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _numbers(value: Any) -> Iterator[float]:
    for one in _flat(value):
        if isinstance(one, bool) or not isinstance(one, int | float):
            raise _UntoldError(f"{_shown(one)} is no number")
        yield float(one)


def _mean(value: Any, column: int | None) -> float:
    if column is not None:
        if not isinstance(value, list) or not all(isinstance(row, list) and column < len(row) for row in value):
            raise _UntoldError(f"what came back is no table of numbers: {_shown(value)}")
        value = [row[column] for row in value]
    numbers = list(_numbers(value))
    if not numbers:
        raise _UntoldError("what came back is empty")
    return sum(numbers) / len(numbers)


def _shown(value: Any) -> str:
    return repr(value)[:80]
