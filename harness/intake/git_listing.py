"""Which commits a repository's refs hold now, without fetching anything of them."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from harness.errors import SubmissionError
from harness.intake.git_fetch import listed
from harness.intake.git_refs import check_commit_name
from harness.intake.git_tree import open_refs
from harness.intake.git_url import GitUrl, looks_like_url, parse_git_url
from harness.intake.limits import IntakeLimits
from harness.intake.names import cleaned

LISTING_LIMITS = IntakeLimits(fetch_seconds=30.0, fetch_bytes=50_000_000)


def commits_of(repository: str, refs: Sequence[str], limits: IntakeLimits = LISTING_LIMITS) -> dict[str, str | None]:
    """The commit of each of these refs (`HEAD`, or whole names below refs/); None where there is no such ref.

    Raises SubmissionError, or UnreachableError, when the repository gives no answer.
    """
    for ref in refs:
        check_commit_name(ref)
    place = parse_git_url(repository) if looks_like_url(repository) else Path(repository)
    if isinstance(place, GitUrl):
        with tempfile.TemporaryDirectory(prefix="harness-look-", ignore_cleanup_errors=True) as scratch:
            found = listed(place, refs, limits, Path(scratch))
        return {ref: found.get(f"{ref}^{{}}", found.get(ref)) for ref in refs}
    if not place.is_dir():
        raise SubmissionError(
            "there is no repository at this path", where=cleaned(str(place)), next_step="check the path in the configuration"
        )
    with ExitStack() as stack:
        names = open_refs(place, stack, limits)
        return {ref: names.target(ref) for ref in refs}
