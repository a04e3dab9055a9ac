"""Questions to a trace: which rows was something fitted on, and were they scored later?

Each answer may be "cannot tell". Rows are compared by content where both tables have the same columns, or where one came
out of a traced transformation; else by index label, where labels can tell tables apart.
"""

from dataclasses import dataclass
from typing import Literal

from checks.trace import Trace, TracedCall, TracedRows

MOSTLY, HARDLY = 0.5, 0.2
ENOUGH_DISTINCT, ENOUGH_ROWS = 0.9, 8


@dataclass(frozen=True)
class TracedPair:
    """Two calls that share rows: what was fitted, and what was scored; `share` of the scored rows were fitted on."""

    fitted: TracedCall
    scored: TracedCall
    share: float


@dataclass(frozen=True)
class TracedMetric:
    """A number that the submission computed, and on which rows."""

    call: TracedCall
    value: float
    rows: Literal["held_out", "fitted", "folds", "unknown"]


def share_within(inner: TracedRows | None, outer: TracedRows | None) -> float | None:
    """The share of `inner`'s rows that `outer` holds as well, or None when that cannot be told."""
    if inner is None or outer is None:
        return None
    by_content, by_label = _by_content(inner, outer), _by_label(inner, outer)
    if by_content is None:
        return by_label
    if by_content < HARDLY and by_label is not None and by_label > MOSTLY:
        return None
    if by_content >= HARDLY and min(inner.distinct, outer.distinct) < ENOUGH_DISTINCT:
        return by_label
    return by_content


def _by_content(inner: TracedRows, outer: TracedRows) -> float | None:
    comparable = inner.columns == outer.columns or inner.linked or outer.linked
    if not comparable or inner.content is None or outer.content is None:
        return None
    return _share(inner.content, outer.content, max(inner.bits, outer.bits), min(inner.rows, ENOUGH_ROWS))


def _by_label(inner: TracedRows, outer: TracedRows) -> float | None:
    """Labels that merely count rows say nothing of which table was counted, unless both are of one length."""
    if inner.labels is None or outer.labels is None or (inner.plain and outer.plain and inner.rows != outer.rows):
        return None
    return _share(inner.labels, outer.labels, max(inner.label_bits, outer.label_bits), min(inner.rows, ENOUGH_ROWS))


def _share(inner: frozenset[int], outer: frozenset[int], bits: int, enough: int) -> float | None:
    """Both samples are thinned out to the coarser of the two first."""
    mask = (1 << bits) - 1
    asked = {one for one in inner if not one & mask}
    return len(asked & outer) / len(asked) if len(asked) >= max(1, enough) else None


def fit_of(trace: Trace, scored: TracedCall) -> TracedCall | None:
    """The last fit of the very object that predicts or scores here."""
    fits = [call for call in trace.of_kind("fit") if call.subject == scored.subject and call.number < scored.number]
    return fits[-1] if fits and scored.subject is not None else None


def scored_on_fitted_rows(trace: Trace) -> tuple[TracedPair, ...]:
    """Predictions and scores of a model on rows that it was fitted on."""
    pairs = []
    for scored in trace.of_kind("predict", "score"):
        fitted = fit_of(trace, scored)
        share = share_within(scored.rows, fitted.rows) if fitted else None
        if fitted is not None and share is not None and share >= MOSTLY:
            pairs.append(TracedPair(fitted, scored, share))
    return tuple(pairs)


def scored_on_held_out_rows(trace: Trace) -> tuple[TracedPair, ...]:
    """Predictions and scores of a model on rows that it was not fitted on."""
    pairs = []
    for scored in trace.of_kind("predict", "score"):
        fitted = fit_of(trace, scored)
        share = share_within(scored.rows, fitted.rows) if fitted else None
        if fitted is not None and share is not None and share < HARDLY:
            pairs.append(TracedPair(fitted, scored, share))
    return tuple(pairs)


def preparation_fitted_on_scored_rows(trace: Trace) -> tuple[TracedPair, ...]:
    """Transformers and samplers that had seen rows on which a model, not fitted on them itself, was scored later."""
    pairs = []
    for held_out in scored_on_held_out_rows(trace):
        for call in trace.of_kind("fit", "resample"):
            before = call.number < held_out.fitted.number and call.role in ("transformer", "sampler")
            share = share_within(held_out.scored.rows, call.rows) if before else None
            if share is not None and share >= MOSTLY and not _only_of(call, held_out.scored):
                pairs.append(TracedPair(call, held_out.scored, share))
    return tuple(pairs)


def refitted_on_scored_rows(trace: Trace) -> tuple[TracedPair, ...]:
    """Transformers that were fitted once more, on the very rows that were then scored and on no others."""
    pairs = []
    for held_out in scored_on_held_out_rows(trace):
        for call in trace.of_kind("fit"):
            before = call.number < held_out.scored.number and call.role == "transformer"
            share = share_within(held_out.scored.rows, call.rows) if before else None
            if share is not None and share >= MOSTLY and _only_of(call, held_out.scored):
                pairs.append(TracedPair(call, held_out.scored, share))
    return tuple(pairs)


def _only_of(fitted: TracedCall, scored: TracedCall) -> bool:
    """Whether nearly all rows that were fitted on are rows that were scored."""
    share = share_within(fitted.rows, scored.rows)
    return share is not None and share > 1 - HARDLY


def resampled_before_split(trace: Trace) -> tuple[TracedPair, ...]:
    """Resampled rows that were split, or cross-validated, afterwards."""
    pairs = []
    for resampled in trace.of_kind("resample"):
        for later in trace.of_kind("split", "validate", "folds"):
            share = share_within(later.rows, resampled.made) if later.number > resampled.number else None
            if share is not None and share >= MOSTLY:
                pairs.append(TracedPair(resampled, later, share))
    return tuple(pairs)


def executed(trace: Trace, name: str) -> tuple[TracedCall, ...]:
    """Calls of this class or function, made by the submission or within one of its calls."""
    return tuple(
        call
        for call in trace.calls
        if name in (call.cls, call.function, call.inner, *call.parts) or any(key.endswith(f":{name}") for key in call.nested)
    )


def metrics(trace: Trace) -> tuple[TracedMetric, ...]:
    """Every number that a metric, a score or a cross-validation gave, with the kind of rows it was computed on."""
    fitted = {pair.scored.number for pair in scored_on_fitted_rows(trace)}
    held_out = {pair.scored.number for pair in scored_on_held_out_rows(trace)}
    found = []
    for call in trace.of_kind("metric", "score", "validate"):
        if call.kind == "validate" and call.values:
            found.append(TracedMetric(call, sum(call.values) / len(call.values), "folds"))
        elif call.value is not None:
            behind = call.number if call.kind == "score" else call.of
            rows: Literal["held_out", "fitted", "unknown"] = (
                "fitted" if behind in fitted else "held_out" if behind in held_out else "unknown"
            )
            found.append(TracedMetric(call, call.value, rows))
    return tuple(found)
