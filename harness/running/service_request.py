"""What a service is asked, beside the places and names that every job has: how fast, in which pieces, and which rows alone."""

import hashlib
import random
from pathlib import Path
from typing import Any

from harness.model.pack import Pack
from harness.model.sandbox import Limits
from harness.model.submission import ServiceEntry
from harness.running.exchange import fresh_ids, read_table

OF_THE_STEP = 0.9
"""Share of the step's wall time after which the asking ends by itself, so that there is an account of it."""


def service_request(entry: ServiceEntry, pack: Pack, limits: Limits, data: Path) -> dict[str, Any]:
    use = pack.service_use
    return {
        "command": entry.start,
        "ready": entry.ready,
        "predict": entry.predict,
        "ready_s": min(use.ready_s, OF_THE_STEP * limits.wall_s),
        "request_s": use.request_s,
        "all_s": OF_THE_STEP * limits.wall_s,
        "batch_rows": use.batch_rows,
        "processors": limits.cpus,
        "id_column": pack.predictions.id_column,
        "value_column": pack.predictions.value_column,
        "singles": _singles(pack, data / pack.data.score),
    }


def _singles(pack: Pack, score: Path) -> list[tuple[int, str]]:
    """Rows to ask for alone, each with a new id: the same for the same holdout."""
    rows, header = read_table(score)
    source = random.Random(hashlib.sha256(score.read_bytes()).digest())  # noqa: S311 - reproducible, not secret
    places = sorted(source.sample(range(len(rows)), min(pack.service_use.single_rows, len(rows))))
    at = header.index(pack.data.id_column)
    new = fresh_ids([rows[place][at] for place in places], source, {row[at] for row in rows})
    return list(zip(places, new, strict=True))
