"""What the run's trace says of leaks that the reading suspects, and of some that it did not see.

The trace was written where a candidate's code ran: it may raise a doubt, or lower one to a question for a person. It
takes no finding away, and awards nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from checks.trace import Trace, TracedCall, read_traces
from checks.traced_rows import (
    TracedPair,
    resampled_before_split,
    scored_on_fitted_rows,
    scored_on_held_out_rows,
)
from harness.model.evidence import Evidence
from harness.model.finding import Where
from harness.model.practice import Leak

_NEAR = 3
"""Lines between a call as it was read and as it was traced: a call may go over several."""
_RESAMPLED = frozenset({"oversample_before_split", "oversample_before_cv"})


@dataclass(frozen=True)
class Doubt:
    """Something that the run shows and the reading did not see."""

    rule: str
    message: str
    where: Where


@dataclass(frozen=True)
class Run:
    """The traces of a submission's steps, asked about leaks."""

    traces: tuple[Trace, ...]

    def shows_rows_kept_apart(self) -> Where | None:
        """Where, if anywhere, a model was scored on rows that it was not fitted on."""
        return next((trace.where(pair.scored) for trace in self.traces for pair in scored_on_held_out_rows(trace)), None)

    def shows_only_fitted_rows(self) -> Where | None:
        """Where models were scored on the rows they were fitted on, when nothing in the run was scored otherwise."""
        if self.shows_rows_kept_apart() is not None or any(trace.of_kind("validate", "folds") for trace in self.traces):
            return None
        return next((trace.where(pair.scored) for trace in self.traces for pair in scored_on_fitted_rows(trace)), None)

    def clears(self, leak: Leak) -> bool:
        """Whether the very call that a leak was read from went, in the run, as it should."""
        if leak.kind == "train_as_test":
            return any(_scored_apart(trace, leak.where) for trace in self.traces)
        if leak.kind in _RESAMPLED:
            return any(_resampled_apart(trace, leak.where) for trace in self.traces)
        return False

    def confirms(self, leak: Leak) -> bool:
        """Whether the run shows the leak at its place."""
        if leak.kind == "train_as_test":
            return any(_near(trace, pair.scored, leak.where) for trace in self.traces for pair in scored_on_fitted_rows(trace))
        if leak.kind in _RESAMPLED:
            return any(_near(trace, pair.fitted, leak.where) for trace in self.traces for pair in _grown(trace))
        return False

    def doubts(self, leaks: tuple[Leak, ...]) -> tuple[Doubt, ...]:
        kinds = {leak.kind for leak in leaks}
        if kinds & _RESAMPLED:
            return ()
        grown = next(((trace, pair) for trace in self.traces for pair in _grown(trace)), None)
        if grown is None:
            return ()
        trace, pair = grown
        told = "In the run, rows were resampled first and split or cross-validated afterwards, which the reading did not see."
        return (Doubt("traced_resampling_before_split", told, trace.where(pair.fitted)),)


def run_of(evidence: Evidence) -> Run:
    return Run(read_traces(evidence))


def _grown(trace: Trace) -> Iterator[TracedPair]:
    """Resamplings that made rows, split afterwards."""
    for pair in resampled_before_split(trace):
        before, made = pair.fitted.rows, pair.fitted.made
        if before is not None and made is not None and made.rows > before.rows:
            yield pair


def _near(trace: Trace, call: TracedCall, where: Where) -> bool:
    at = trace.where(call)
    if at.path is None or at.path != where.path or at.cell != where.cell or at.line is None or where.line is None:
        return False
    return abs(at.line - where.line) <= _NEAR


def _scored_apart(trace: Trace, where: Where) -> bool:
    """The predictions and scores at a place were all of rows that the model had not been fitted on."""
    there = {
        call.of if call.kind == "metric" else call.number
        for call in trace.of_kind("predict", "score", "metric")
        if _near(trace, call, where)
    }
    return bool(there) and there <= {pair.scored.number for pair in scored_on_held_out_rows(trace)}


def _resampled_apart(trace: Trace, where: Where) -> bool:
    """What was resampled at a place was not split later, and models were scored on rows kept apart."""
    there = {call.number for call in trace.of_kind("resample") if _near(trace, call, where)}
    early = {pair.fitted.number for pair in resampled_before_split(trace)}
    return bool(there) and not there & early and bool(scored_on_held_out_rows(trace))
