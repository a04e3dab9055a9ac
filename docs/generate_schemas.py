"""The documents that people write and that the harness writes, as tables made of their JSON Schemas."""

import json
from collections.abc import Iterator
from typing import Any

from harness.model.sandbox import Limits
from harness.schemas.catalog import DOCUMENTS, text_of

WRITTEN = {
    "pack": "`pack.yaml`: what a task is, what comes back, how it is run",
    "rubric": "`rubric.yaml`: criteria, weights, gates, red flags",
    "interview": "`interview.yaml`: questions for the debrief",
    "facts": "`facts.yaml`: what is truly in the data",
    "expected": "`exemplars/NAME/expected.yaml`: where an exemplar has to land",
    "submission": "`submission.json`: what a candidate declares",
    "ratings": "`ratings.json`: levels that people gave",
    "watch": "`watch.yaml`: whose repositories are watched",
    "retention": "`retention.yaml`: how long results are kept",
}
MAKERS = {
    "snapshot": "`snapshot.json` of a run: what was taken in, and what was refused",
    "runs": "`runs.json` of a run: what each step did",
    "checks": "`checks.json` of a run: what each check found",
    "grade": "`grade.json` of a run: how it was weighed",
    "lock": "`lock.json` of a run: everything that could change a mark",
    "report": "`report.json` of a run: all of it, for programs",
    "provenance": "`provenance.json` of a run: the signature",
    "verification": "what `harness verify --json` prints",
    "cohort": "`cohort.json` of a batch",
    "similarity": "what `harness similarity --json` prints",
    "comparison": "what `harness compare --json` prints",
    "contract": "`.assignment.json` of an exported assignment: its public part",
    "feedback": "what `harness ci --json` prints",
    "watch-overview": "`watch.json` of a watch: where everybody stands",
    "commit-status": "what a candidate may see of a pushed commit",
    "erasure": "what `harness erase --json` prints",
}


def files_page(made: str) -> str:
    head = [
        "# Files that people write",
        made,
        "Unknown keys are errors, and every error comes with file, line and column. `harness schema NAME` prints the JSON "
        "Schema, which editors understand. A field without a default has to be there.",
    ]
    return "\n\n".join([*head, *_documents(WRITTEN, deep=True)]) + "\n"


def results_page(made: str) -> str:
    head = [
        "# Files that the harness writes",
        made,
        "All are JSON, strict, and versioned. The first level of each is listed here; `harness schema NAME` prints the rest.",
    ]
    return "\n\n".join([*head, *_documents(MAKERS, deep=False)]) + "\n"


def unlisted() -> set[str]:
    """Documents that neither page tells of."""
    return set(DOCUMENTS) - set(WRITTEN) - set(MAKERS)


def limits_table() -> str:
    return _table(Limits.model_json_schema())


def _documents(chosen: dict[str, str], *, deep: bool) -> Iterator[str]:
    for name, title in chosen.items():
        schema: dict[str, Any] = json.loads(text_of(name))
        yield f"## {name}"
        yield title[0].upper() + title[1:] + "."
        yield _table(schema)
        if deep:
            for part, inner in schema.get("$defs", {}).items():
                yield from _part(name, part, inner)


def _part(document: str, name: str, schema: dict[str, Any]) -> Iterator[str]:
    """A record inside a document; plain enumerations are told where they are used."""
    if not schema.get("properties"):
        return
    yield f"### {name} in {document}"
    described = " ".join(schema.get("description", "").split())
    if described:
        yield described
    yield _table(schema)


def _table(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = [
        f"| `{name}` | {_cell(type_of(value))} | {'needed' if name in required else _default(value)} "
        f"| {_cell(value.get('description', ''))} |"
        for name, value in schema.get("properties", {}).items()
    ]
    return "\n".join(["| field | value | default | meaning |", "|---|---|---|---|", *rows])


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    if default is None or default == "":
        return "none"
    text = json.dumps(default)
    return f"`{_cell(text)}`" if len(text) <= 60 else "as its own defaults say"


def type_of(value: dict[str, Any]) -> str:
    """What may stand in a field, in words."""
    if "$ref" in value:
        return str(value["$ref"]).rsplit("/", 1)[-1]
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return " or ".join(f"`{one}`" for one in value["enum"])
    if "anyOf" in value or "oneOf" in value:
        kinds = [type_of(one) for one in value.get("anyOf") or value["oneOf"]]
        return " or ".join(dict.fromkeys("nothing" if kind == "null" else kind for kind in kinds))
    if value.get("type") == "array":
        return f"list of {type_of(value['items'])}" if value.get("items") else "list"
    if value.get("type") == "object":
        inner = value.get("additionalProperties")
        return f"names with {type_of(inner)}" if isinstance(inner, dict) and inner else "names with values"
    return _plain(value)


def _plain(value: dict[str, Any]) -> str:
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
    word = words.get(str(value.get("type")), "any value")
    low, high = value.get("minimum", value.get("exclusiveMinimum")), value.get("maximum", value.get("exclusiveMaximum"))
    bounds = [f"above {low:g}" if "exclusiveMinimum" in value else f"from {low:g}"] if low is not None else []
    bounds += [f"to {high:g}"] if high is not None else []
    return " ".join([word, *bounds])


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
