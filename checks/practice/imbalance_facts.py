"""Class imbalance: which remedies reach the final model, which stand beside it, and which spoil the evaluation."""

import re
from typing import Literal

from checks.practice.events import Fit
from checks.practice.facets import facets_of
from checks.practice.placing import where
from checks.practice.prose import Passage, sentences
from checks.practice.reader import Reading
from checks.practice.rows import Rows, overlap
from checks.practice.values import Place, Step
from harness.model.practice import Imbalance, Seen

DECISION_METRICS = frozenset(
    [
        "average_precision_score",
        "f1_score",
        "recall_score",
        "fbeta_score",
        "matthews_corrcoef",
        "balanced_accuracy_score",
        "precision_recall_curve",
        "precision_recall_fscore_support",
        "average_precision",
        "f1",
        "recall",
        "f1_macro",
        "balanced_accuracy",
        "classification_report",
        "precision_score",
        "cohen_kappa_score",
        "geometric_mean_score",
        "roc_auc_score",
        "roc_auc",
    ]
)
PROBABILITY_METRICS = frozenset(
    ["average_precision_score", "brier_score_loss", "log_loss", "roc_auc_score", "average_precision", "roc_auc"]
)
_TOPIC = re.compile(
    r"imbalanc|unbalanc|skewed (class|target|label)|class (skew|ratio|distribution)|minority|majority class|"
    r"rare (event|class|case|fraud)|"
    r"desbalance|desequil|déséquilibr|unausgewogen|ungleichgewicht|klassenverteilung|tidak seimbang|ketidakseimbangan",
    re.IGNORECASE,
)
_BALANCED = re.compile(
    r"(is|are|looks?|roughly|fairly|nearly|well|quite|almost|already|more or less)\s+(\w+\s+)?balanced|"
    r"balanced (data|class|target)|"
    r"\bequilibrad|équilibrée?s?\b|\bausgewogen|\bseimbang|no (class )?imbalance|not (im|un)balanced",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"(did not|didn't|do not|don't|no need|not need|avoid|refrain|instead of|rather than|without|deliberately|chose not)"
    r"[^.]{0,120}(resampl|re-?weigh|class.?weight|oversampl|smote|undersampl|balanc)",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"because|since|calibrat|probabilit|rank|threshold|distort|cost|prior|average precision|pr.?auc", re.IGNORECASE
)


def imbalance(reading: Reading, targets: frozenset[str], prose: list[Passage], prevalence: float | None) -> Imbalance:
    fits = [fit for fit in reading.log.fits if fit.task]
    found = _reaching(reading, fits)
    mechanisms = tuple(dict.fromkeys(name for name, _ in found))
    places = tuple(Seen(what=name, where=where(place)) for name, place in dict.fromkeys(found))[:30]
    level, why = _level(reading, fits, found, targets, prose, prevalence)
    return Imbalance(level=level, mechanisms=mechanisms, places=places, why=why)


def _named(name: str) -> str:
    return "sampler in the pipeline" if name == "sampler in the pipeline" else name.replace(" in the search", "")


def _reaching(reading: Reading, fits: list[Fit]) -> list[tuple[str, Place]]:
    """Remedies that reach some fit, and those noted on their own."""
    found = []
    for fit in fits:
        for name, place in fit.balance:
            if name == "sampler in a pipeline that refuses it":
                continue
            found.append((_named(name), place))
    if fits or any(note.kind == "automl_data" for note in reading.log.notes):
        found += [(note.what, note.place) for note in reading.log.notes if note.kind == "balance"]
    if _decides(reading):
        found += [("threshold", place) for place in _thresholds(reading)]
    return found


def _decides(reading: Reading) -> bool:
    return any(
        one.metric in DECISION_METRICS or set(one.metric.split(",")) & DECISION_METRICS for one in reading.log.evaluations
    )


def _thresholds(reading: Reading) -> list[Place]:
    return [
        note.place for note in reading.log.notes if note.kind == "threshold" and note.what in ("chosen", "swept") and note.task
    ]


def _level(
    reading: Reading, fits: list[Fit], found: list[tuple[str, Place]], targets: frozenset[str], prose: list[Passage],
    prevalence: float | None,
) -> tuple[Literal["none", "partial", "yes"], str]:  # fmt: skip
    if found:
        return _with_mechanism(reading, fits, found)
    assessed = _assessed(reading, targets)
    if assessed and prevalence is not None and 0.35 <= prevalence <= 0.65:
        return "yes", "the class balance was looked at, and the pack's data is balanced"
    texts = [(passage, sentence) for passage in prose for sentence in sentences(passage.text)]
    if (
        assessed
        and prevalence is None
        and any(_BALANCED.search(one) and not _TOPIC.search(_BALANCED.sub("", one)) for _, one in texts)
    ):
        return "yes", "the class balance was looked at and said to need no remedy"
    argued = [one for _, one in texts if _REFUSAL.search(one) and _REASON.search(one)]
    metrics = {name for one in reading.log.evaluations for name in one.metric.split(",")}
    if argued and metrics & PROBABILITY_METRICS:
        return "yes", "doing without a remedy is argued, and the metric fits the argument"
    if any(note.kind == "class_weights_computed" for note in reading.log.notes):
        return "partial", "class weights are computed, but reach no model"
    if fits and any(_TOPIC.search(one) for _, one in texts) and (assessed or argued):
        return "partial", "imbalance is looked at and spoken of, but nothing is done about it"
    return "none", "no remedy for imbalance reaches a fitted model"


def _with_mechanism(
    reading: Reading, fits: list[Fit], found: list[tuple[str, Place]]
) -> tuple[Literal["none", "partial", "yes"], str]:
    names = {name for name, _ in found}
    final = final_fits(reading)
    on_final = (
        [fit for fit in fits if fit.number in final and _has_remedy(fit)]
        if final
        else [fit for fit in fits if _has_remedy(fit)]
    )
    spoiled = [fit for fit in fits if _has_remedy(fit) and _spoils(reading, fit)]
    noted = names - {"threshold"} - {_named(name) for fit in fits for name, _ in fit.balance}
    clean = [fit for fit in on_final if fit not in spoiled]
    if clean or noted:
        return "yes", f"{', '.join(sorted(names))} on the way to a fitted model"
    if spoiled and not clean:
        return "partial", "rows were balanced before the evaluation rows were set apart, which spoils the evaluation"
    if "threshold" in names:
        return "yes", "a decision threshold is chosen and applied, with a metric that fits"
    return "partial", f"{', '.join(sorted(names))}, but not on the way to the final model"


def _has_remedy(fit: Fit) -> bool:
    return any(name != "sampler in a pipeline that refuses it" for name, _ in fit.balance)


def _spoils(reading: Reading, fit: Fit) -> bool:
    """Whether the only remedy of this fit is a resampling whose rows are also judged on."""
    others = [name for name, _ in fit.balance if name not in ("resampling", "sampler in a pipeline that refuses it")]
    steps = [step for step in fit.steps if step.op == "resample"]
    if others or not steps:
        return False
    judged = [one for one in reading.log.evaluations if fit.number in one.fits and (one.cv or not overlap(one.rows, fit.rows))]
    return any(_covers(step, one.rows) for step in steps for one in judged)


def _covers(step: Step, rows: Rows) -> bool:
    return overlap(step.rows, rows)


def final_fits(reading: Reading) -> frozenset[int]:
    """Fits whose model is saved or whose predictions are written; empty when the code does not tell."""
    found: frozenset[int] = frozenset()
    for note in reading.log.notes:
        if note.kind in ("model_saved", "predictions_written", "prediction_column"):
            found |= note.fits
    return found


def _assessed(reading: Reading, targets: frozenset[str]) -> bool:
    return any(
        "target" in facets_of(look, targets, visible=look.visible) and look.visible
        for look in reading.log.looks
        if look.task and not look.predicted
    )
