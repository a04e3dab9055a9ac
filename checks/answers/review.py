"""A review as an answer: its points, for the rungs of a ladder."""

from pathlib import Path

from checks.proof import proved_on_disk
from checks.review_points import METRIC, points, settings_of
from checks.reviewing import PlantedError, match, read_planted, read_review
from harness.errors import PackError
from harness.model.answers import ReviewAnswer
from harness.model.pack import Metric, Pack


def measure_review(pack: Pack, metric: Metric, answer: bytes, reference: Path, artifacts: Path | None) -> float:
    """The points of an exemplar's review and patches. What is wrong with them is the pack's fault."""
    settings = settings_of(metric)
    if not isinstance(pack.answer, ReviewAnswer):
        raise PackError(f"the answer is of the kind {pack.answer.kind}, a review is expected", where=pack.id)
    review = read_review(answer, pack.answer)
    problem = review.unreadable or next(iter(review.problems), None)
    if problem is not None:
        raise PackError(
            f"an exemplar's review is not valid: {problem.message} ({problem.seen})",
            where=pack.id,
            expected=problem.expected,
            next_step="correct the exemplar",
        )
    try:
        planted = read_planted(reference.read_bytes())
    except PlantedError as error:
        raise PackError(str(error), where=f"{pack.id}, {reference.name}", next_step="correct the generator") from error
    done = proved_on_disk(pack, planted, reference.parent, artifacts)
    return points(planted, match(review.findings, planted, pack.answer), done, settings)[METRIC].value
