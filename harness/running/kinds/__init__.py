"""Kinds of task, by name. A new kind is one more file here and one in `checks/answers/`."""

from harness.model.pack import Pack
from harness.running.kinds.base import Kind
from harness.running.kinds.predict import PREDICT
from harness.running.kinds.review import REVIEW
from harness.running.kinds.table import TABLE

KINDS: dict[str, Kind] = {"predict": PREDICT, "forecast": PREDICT, "pipeline": TABLE, "review": REVIEW}


def kind_of(pack: Pack) -> Kind:
    return KINDS[pack.kind]
