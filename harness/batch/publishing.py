"""Gathering a cohort: the records on disk become cohort.json, cohort.html and cohort.csv."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import __version__
from harness.batch import gathering
from harness.batch.child import Tell
from harness.batch.units import Batch
from harness.model.cohort import Cohort
from harness.store import write_whole


def gather(batch: Batch, ids: Sequence[str], tell: Tell) -> dict[str, Any]:
    """Write the cohort's files, from what is on record for these ids on today's footing."""
    tell.say("writing the cohort's page")
    cohort = cohort_of(batch, ids)
    write_cohort(batch.folder.root, cohort)
    return {"members": len(cohort.members)}


def write_cohort(root: Path, cohort: Cohort) -> None:
    """In every form; the one for programs last, so that where it is new the others are."""
    from harness import publishing

    write_whole(root / "cohort.html", publishing.cohort_page(cohort).encode("utf-8"))
    write_whole(root / "cohort.csv", publishing.cohort_table(cohort).encode("utf-8"))
    write_whole(root / "cohort.json", cohort.to_json().encode("ascii"))


def cohort_of(batch: Batch, ids: Sequence[str]) -> Cohort:
    """Everybody who is on record, in order of their ids. A record of another footing is not set beside these."""
    on_record = (batch.folder.member(name) for name in sorted(ids))
    members = tuple(one for one in on_record if one is not None and one.footing == batch.footing)
    graded = [one for one in members if one.state == "graded"]
    spread, why_not = gathering.distribution(graded)
    opened, made = batch.opened, batch.folder.read("batch.json")
    return Cohort(
        created=batch.settings.now.isoformat(timespec="seconds"),
        harness_version=__version__,
        pack=opened.pack.id,
        pack_version=opened.pack.version,
        pack_title=opened.pack.title,
        public_digest=opened.public_digest,
        grading_digest=opened.grading_digest,
        profile=batch.profile,
        backend=str(made.get("backend", "")),
        environment_digest=str(made.get("environment_digest", "")),
        footing=batch.footing,
        data_seed=batch.shared_seed,
        members=members,
        waiting=tuple(sorted(set(ids) - {one.id for one in members})),
        distribution=spread,
        why_no_distribution=why_not,
        criteria=gathering.criteria(graded),
        ladder=gathering.ladder(graded),
        not_measured=gathering.not_measured(graded),
    )
