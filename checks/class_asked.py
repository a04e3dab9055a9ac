"""Whether the rare class is the one that a submission's numbers speak of."""

from checks.trace import TracedCall, read_traces
from harness.model.evidence import Evidence
from harness.model.finding import Finding, Level, Severity

BY_CLASS = frozenset({"f1_score", "precision_score", "recall_score", "fbeta_score"})
MIXED = frozenset({"weighted", "micro"})
RARE = 0.2


def majority_metric(evidence: Evidence, check: str) -> Finding | None:
    """A recall, say, that was computed for the frequent class or averaged by its weight, and never for the rare one."""
    seen = [(trace, call) for trace in read_traces(evidence) for call in trace.of_kind("metric") if call.function in BY_CLASS]
    about_rare = {call.function for _, call in seen if not _of_majority(call)}
    wrong = [(trace, call) for trace, call in seen if _of_majority(call) and call.function not in about_rare]
    if not wrong:
        return None
    trace, call = wrong[-1]
    how = (
        f"average={call.asked['average']!r}"
        if call.asked.get("average") in MIXED
        else f"pos_label={call.asked.get('pos_label')!r}"
    )
    value = f" = {call.value:.4g}" if call.value is not None else ""
    return Finding(
        check=check,
        severity=Severity.MINOR,
        rule="majority_class_metric",
        message=f"{call.function} is computed for the frequent class, or weighted by it, and nowhere for the rare one.",
        where=trace.where(call),
        seen=f"{call.function}({how}){value}; rows of each class: {_counts(call)}",
        expected="the rare class, which is the default",
        confidence=0.7,
        level=Level.EXECUTED,
        innocent="Both classes matter alike in what was asked.",
    )


def _of_majority(call: TracedCall) -> bool:
    if len(call.balance) != 2:
        return False
    (few, rare), (many, _) = sorted((count, name) for name, count in call.balance.items())
    if few >= RARE * (few + many):
        return False
    chosen = call.asked.get("pos_label")
    return call.asked.get("average") in MIXED or (chosen is not None and _label(chosen) != _label(rare))


def _label(value: object) -> str:
    """0, 0.0 and "0.0" are one label."""
    return str(value).removesuffix(".0")


def _counts(call: TracedCall) -> str:
    return ", ".join(f"{name}: {count:,}" for name, count in sorted(call.balance.items()))
