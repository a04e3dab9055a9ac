"""harness inspect: what can be told by reading alone. No sandbox, no data, nothing is run."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.commands import shared
from harness.errors import HarnessError, SubmissionError, UsageError
from harness.model.text import clean

if TYPE_CHECKING:
    from harness.packs import OpenPack


def inspect(
    submissions: Annotated[list[str], typer.Argument(help="Folders, archives, repositories, or single .py or .ipynb files.")],
    pack: Annotated[
        str | None, typer.Option("--pack", help="Use this pack's checks, settings and facts.", show_default=False)
    ] = None,
    packs: shared.PackFolders = None,
    facts_only: Annotated[bool, typer.Option("--facts", help="Only the reading of ML practice, no other check.")] = False,
    as_json: shared.AsJson = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON document a line, one a path; a bad path does not end the rest.")
    ] = False,
) -> None:
    """Read a submission without running it: facts of ML practice with their places, and the static checks.

    What needs a run (a holdout score, tests that pass) is told as not measured here, never as zero.
    """
    if len(submissions) > 1 and not jsonl:
        raise UsageError(
            f"{len(submissions)} submissions were named", where="inspect", expected="one", next_step="add --jsonl for many"
        )
    from harness.packs import open_pack
    from harness.settings import resolve
    from harness.warming import load_what_reading_needs

    if len(submissions) > 1 and not facts_only:
        load_what_reading_needs()
    settings = resolve(None, tuple(packs or ()))
    opened = open_pack(pack, settings.packs) if pack else None
    usable = 0
    for submission in submissions:
        try:
            document = _read(submission, opened, facts_only)
            usable += 1
        except HarnessError as error:
            if not jsonl:
                raise
            document = {"schema_version": 1, "path": submission, "error": str(error)}
        if jsonl:
            shared.out(json.dumps(document))
        else:
            shared.out(json.dumps(document, indent=1) if as_json else _as_text(document))
    if not usable:
        raise SubmissionError(f"none of the {len(submissions)} submissions could be read")


def _read(submission: str, opened: "OpenPack | None", facts_only: bool) -> dict[str, Any]:
    import tempfile
    from pathlib import Path

    from harness import checking, intake
    from harness.model.evidence import Evidence

    with tempfile.TemporaryDirectory(prefix="harness-inspect-", ignore_cleanup_errors=True) as scratch:
        files = Path(scratch) / "submission"
        snapshot = intake.take(submission, files)
        declaration, problem = intake.read_declaration(files, snapshot)
        evidence = Evidence(
            snapshot=snapshot,
            files=files,
            declaration=declaration,
            declaration_problem=problem,
            pack=opened.pack if opened else None,
            facts=opened.facts if opened else None,
            brief=opened.brief_text() if opened else "",
        )
        practice, checks = checking.read_only(evidence, opened.pack.checks if opened else None, facts_only=facts_only)
    return {
        "schema_version": 1,
        "path": submission,
        "submission": {
            "digest": snapshot.digest,
            "files": len(snapshot.files),
            "bytes": snapshot.total_bytes,
            "refusals": [one.model_dump(mode="json") for one in snapshot.refusals],
        },
        "practice": practice,
        "checks": [one.model_dump(mode="json") for one in checks],
    }


def _as_text(document: dict[str, Any]) -> str:
    path = document["path"]
    path = f"./{path}" if path.startswith(":") else path
    count = document["submission"]["files"]
    lines = [f"{path}: {count} file{'' if count == 1 else 's'}"]
    for one in document["submission"]["refusals"]:
        lines += _under("  left out: ", f"{one['path']}: {one['reason']}")
    practice = document["practice"]
    lines.append("")
    if practice is None:
        lines.append("the reading of ML practice failed; nothing follows for the submission")
    else:
        for name, fact in practice.items():
            lines += _under(f"{name.replace('_', ' '):<20}", _short(fact))
    lines.append("")
    for check in document["checks"]:
        score = "     " if check["score"] is None else f"{100 * check['score']:4.0f} "
        lines += _under(f"{check['check']:<18} {check['verdict'].replace('_', ' '):<13}{score} ", check["summary"])
    return "\n".join(_tame(line) for line in lines)


def _under(head: str, text: str) -> list[str]:
    """A text beside its name, folded below itself."""
    import textwrap

    room = max(30, shared.width() - len(head))
    first, *more = textwrap.wrap(_tame(text), room, break_on_hyphens=False) or [""]
    return [head + first, *(" " * len(head) + line for line in more)]


def _tame(line: str) -> str:
    """Without anything that a terminal or a build service would obey."""
    return clean(line.replace("\n", " "), 20_000).replace("##[", "##\\[").replace("##vso[", "##vso\\[")


def _short(fact: Any) -> str:
    """A fact in words: its value; for something that was seen, also where."""
    if isinstance(fact, dict) and "what" in fact:
        place = _place(fact.get("where") or {})
        return f"{fact['what']} ({place})" if place else str(fact["what"])
    if isinstance(fact, dict):
        return ", ".join(f"{key} {_short(value)}" for key, value in fact.items() if key not in ("places", "where"))
    if isinstance(fact, list):
        return ", ".join(dict.fromkeys(map(_short, fact))) or "none"
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return "none" if fact is None else str(fact)


def _place(where: dict[str, Any]) -> str:
    from harness.model.finding import Where

    return str(Where.model_validate(where))
