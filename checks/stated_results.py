"""What a submission says of its own result: in submission.json, else in its report or README."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.metrics.registry import METRICS
from harness.model.evidence import Evidence
from harness.model.finding import Where
from harness.model.text import one_line

PLACES = ("REPORT.md", "report.md", "README.md", "readme.md", "README")
MAX_LINES, MAX_LINE = 3_000, 600

_NAMES = {
    "average_precision": r"average[ _-]precision|\bAP\b|PR[ _-]?AUC|AUC[ _-]?PR|AUPRC|area under the precision",
    "roc_auc": r"ROC[ _-]?AUC|AU[ _-]?ROC|(?<!PR)(?<!PR[ _-])\bAUC\b(?![ _-]?PR)|area under the roc",
    "balanced_accuracy": r"balanced[ _-]accuracy",
    "accuracy": r"(?<!balanced )(?<!balanced_)(?<!balanced-)accuracy",
    "f1": r"\bF1\b(?:[ _-]?score)?|\bf-?measure\b",
    "brier_skill": r"brier[ _-]skill",
    "brier": r"brier(?![ _-]skill)",
    "log_loss": r"log[ _-]?loss|cross[ _-]entropy",
    "mae": r"\bMAE\b|mean absolute error",
    "rmse": r"\bRMSE\b|root mean squared? error",
    "wape": r"\bWM?APE\b|weighted absolute percentage",
    "precision_at_share": r"precision (?:in|at|@) ?(?:the )?(?:top|k\b|capacity)",
    "recall_at_share": r"recall (?:in|at|@) ?(?:the )?(?:top|k\b|capacity)",
    "expected_cost": r"(?:expected|total) cost|cost at capacity",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _NAMES.items()}
_OTHER_CARE = re.compile(r"(?i)\b(?:precision|recall|sensitivity|specificity|kappa|matthews|mcc|gini)\b")
_VALUE = re.compile(r"(?<![\w.])([-+]?(?:\d{1,3}(?:\.\d+)?\s?%|\d*\.\d{2,6}|1\.0+|[01]\.\d))(?![\w.]*\d)")
_NOT_THE_RESULT = re.compile(
    r"(?i)\b(?:train(?:ing|ed)?[- ](?:score|set|data|rows|auc|ap)|in[- ]sample|baseline|dummy|naive|random|chance|prevalence|"
    r"would|target|goal|expect|hope|at least|more than|above|below|threshold|versus|vs\.?|instead|leak\w*|before|without)\b"
)
_HELD_OUT = re.compile(r"(?i)\b(?:hold[- ]?out|test|valid\w*|cross|cv|fold|out[- ]of[- ]\w+|unseen|final|last)\b")


@dataclass(frozen=True)
class Stated:
    """One claim: which metric, how much, and where it stands."""

    metric: str
    """Its registered name, or as written where there is no such metric here."""
    value: float
    where: Where
    declared: bool
    """In submission.json, and so for certain the result; else read out of a sentence."""
    line: str = ""


def stated_result(evidence: Evidence, wanted: str) -> Stated | None:
    """The declared result; else the best held-out number that the report gives for the wanted metric."""
    declared = evidence.declaration.declared
    if declared is not None:
        name = metric_named(declared.metric)
        return Stated(name, _as_share(name, declared.value), Where(path="submission.json"), declared=True)
    found = [one for place in PLACES for one in _in_text(evidence, place, wanted)]
    preferred = [one for one in found if _HELD_OUT.search(one.line)] or found
    higher = METRICS[wanted].higher_is_better if wanted in METRICS else True
    return max(preferred, key=lambda one: one.value if higher else -one.value, default=None)


def _as_share(name: str, value: float) -> float:
    """97.5 by a metric that ends at 1 was meant in percent."""
    spec = METRICS.get(name)
    return value / 100 if spec is not None and spec.low == 0 and spec.high == 1 and 1 < value <= 100 else value


def metric_named(text: str) -> str:
    """The registered name of a metric that is written in some way; the text itself when there is none."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    if plain in METRICS:
        return plain
    hits = {name: match.span() for name, pattern in _PATTERNS.items() if (match := pattern.search(text.replace("_", " ")))}
    return max(hits, key=lambda name: hits[name][1] - hits[name][0]) if hits else one_line(text, 60)


def metrics_mentioned(evidence: Evidence) -> frozenset[str]:
    """Metrics that the report or README speaks of; `other` for measures of classes that are not registered here."""
    found: set[str] = set()
    for place in PLACES:
        text = "\n".join(line for _, line in _own_lines(evidence, place))
        found |= {name for name, pattern in _PATTERNS.items() if pattern.search(text)}
        found |= {"other"} if _OTHER_CARE.search(text) else set()
    return frozenset(found)


def _in_text(evidence: Evidence, place: str, wanted: str) -> Iterator[Stated]:
    pattern = _PATTERNS.get(wanted)
    for number, line in _own_lines(evidence, place):
        match = pattern.search(line) if pattern is not None else None
        if match is None or _NOT_THE_RESULT.search(line):
            continue
        value = _nearest_value(line, match.end(), wanted)
        if value is not None:
            yield Stated(wanted, value, Where(path=place, line=number), declared=False, line=one_line(line, 160))


def _own_lines(evidence: Evidence, place: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, but for those that stand in the brief as well."""
    for number, line in enumerate((evidence.read_text(place) or "").splitlines()[:MAX_LINES], start=1):
        bare = line.strip()
        if bare and not (len(bare) > 20 and bare in evidence.brief):
            yield number, line[:MAX_LINE]


def _nearest_value(line: str, after: int, wanted: str) -> float | None:
    """The first number behind the metric's name, within a few words and before the name of another metric."""
    stop = min(
        (match.start() for name, one in _PATTERNS.items() if name != wanted and (match := one.search(line, after))),
        default=len(line),
    )
    match = _VALUE.search(line, after, min(stop, after + 60))
    if match is None:
        return None
    text = match.group(1).replace(" ", "")
    value = float(text.rstrip("%")) / 100 if text.endswith("%") else float(text)
    spec = METRICS[wanted]
    outside = (spec.low is not None and value < spec.low) or (spec.high is not None and value > spec.high)
    return None if outside else value
