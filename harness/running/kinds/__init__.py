"""Kinds of task, by name. A new kind is one more file here and one in `checks/answers/`."""

import re
from typing import Any

from harness import plugins
from harness.errors import HarnessError, PackError
from harness.model.pack import PLUGIN_KIND, Pack
from harness.running.kinds.base import Kind
from harness.running.kinds.predict import PREDICT
from harness.running.kinds.review import REVIEW
from harness.running.kinds.table import TABLE

KINDS: dict[str, Kind] = {"predict": PREDICT, "forecast": PREDICT, "pipeline": TABLE, "review": REVIEW}


def accept(name: str, kind: Any) -> None:
    """Take in a plug-in's kind. Its name has a dot, so that it never clashes with one that is built in later."""
    if KINDS.get(name) is kind:
        return
    if not re.fullmatch(PLUGIN_KIND, name):
        raise HarnessError(f"it is called {name!r}", expected="a name with a dot, such as acme.ranking")
    if not isinstance(kind, Kind):
        raise HarnessError(f"it is {kind!r:.60}", expected="a Kind of harness.running.kinds.base")
    if (
        not all(map(callable, (kind.public, kind.private, kind.make_exchange, kind.answer_of, kind.complete)))
        or not kind.stages
    ):
        raise HarnessError("some of its parts are no functions, or it has no stage", expected="the whole contract of Kind")
    KINDS[name] = kind


def take_kinds() -> None:
    """Kinds that other distributions bring; refused here, before anything is run."""
    plugins.join("kinds", accept)


def kind_of(pack: Pack) -> Kind:
    take_kinds()
    if pack.kind not in KINDS:
        raise PackError(
            f"there is no kind {pack.kind!r} here",
            where=f"pack {pack.id}",
            expected=", ".join(KINDS),
            next_step="install the plug-in that brings it; harness doctor lists plug-ins",
        )
    return KINDS[pack.kind]
