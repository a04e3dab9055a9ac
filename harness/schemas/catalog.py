"""Which record describes which document. `python -m harness.schemas.catalog` writes the files anew."""

import json
from pathlib import Path

from harness.documents import schema_of
from harness.model.cohort import Cohort
from harness.model.comparison import Comparison
from harness.model.erasure import Erasure, Retention
from harness.model.facts import Facts
from harness.model.feedback import Contract, Feedback
from harness.model.grade import Grade
from harness.model.interview import Expected, Interview
from harness.model.pack import Pack
from harness.model.provenance import Provenance, Verification
from harness.model.record import Record
from harness.model.report import Lock, Report
from harness.model.rubric import Ratings, Rubric
from harness.model.run import RunSet
from harness.model.similarity import Similarity
from harness.model.submission import Declaration, Snapshot
from harness.model.watch import CommitStatus, WatchConfig, WatchOverview
from harness.store import Checks

DOCUMENTS: dict[str, type[Record]] = {
    "pack": Pack,
    "rubric": Rubric,
    "interview": Interview,
    "facts": Facts,
    "expected": Expected,
    "ratings": Ratings,
    "submission": Declaration,
    "snapshot": Snapshot,
    "runs": RunSet,
    "checks": Checks,
    "grade": Grade,
    "lock": Lock,
    "report": Report,
    "cohort": Cohort,
    "comparison": Comparison,
    "provenance": Provenance,
    "verification": Verification,
    "contract": Contract,
    "feedback": Feedback,
    "watch": WatchConfig,
    "watch-overview": WatchOverview,
    "commit-status": CommitStatus,
    "retention": Retention,
    "erasure": Erasure,
    "similarity": Similarity,
}
FOLDER = Path(__file__).resolve().parent


def text_of(name: str) -> str:
    return json.dumps(schema_of(DOCUMENTS[name]), indent=1) + "\n"


if __name__ == "__main__":
    for document in DOCUMENTS:
        (FOLDER / f"{document}.json").write_text(text_of(document), "ascii")
