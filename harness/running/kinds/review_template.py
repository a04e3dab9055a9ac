"""Exemplars of reviews: written once with fragments of code, filled in with the lines of each seed's repository.

An exemplar holds `review.template.yaml` (see `ReviewTemplate`) instead of `review.json` and `patches/`. It knows only what a
candidate sees: names are read from the repository, places are found by a line of code that stands there exactly once.
"""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.documents import read_yaml
from harness.errors import PackError
from harness.model.answers import ReviewAnswer
from harness.model.pack import Pack
from harness.model.review import Anchor, Edit, ReviewTemplate, TemplateFinding

TEMPLATE = "review.template.yaml"


def complete(pack: Pack, exemplar: Path, public: Path) -> None:
    """Put review.json and patches in the place of the template; leaves a submission without one as it is."""
    file = exemplar / TEMPLATE
    if not file.is_file() or not isinstance(pack.answer, ReviewAnswer):
        return
    template = read_yaml(file, ReviewTemplate)
    tree = {
        path.relative_to(public / pack.answer.repository).as_posix(): path.read_text("utf-8")
        for path in sorted((public / pack.answer.repository).rglob("*"))
        if path.is_file()
    }
    names = {name: _captured(tree, one.file, one.pattern, file) for name, one in template.names.items()}
    rows = [row for one in template.findings if (row := _finding(one, tree, names, file))]
    (exemplar / pack.answer.file).write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    for name, edits in template.patches.items():
        (exemplar / "patches").mkdir(exist_ok=True)
        (exemplar / "patches" / f"{name}.patch").write_text(_patch(edits, tree, names, file), "utf-8")
    file.unlink()


def _finding(one: TemplateFinding, tree: Mapping[str, str], names: Mapping[str, str], source: Path) -> dict[str, Any] | None:
    for anchor in one.at:
        line = _line_of(anchor, tree, names)
        if line is not None:
            return {
                "file": _named(anchor.file, names),
                "lines": [line, line + anchor.lines - 1],
                "mechanism": one.mechanism,
                "severity": one.severity,
                "confidence": one.confidence,
                "evidence": _named(one.evidence, names),
                "fix": _named(one.fix, names),
            }
    if one.where_present:
        return None
    raise _nowhere(one.at[0].code, source)


def _line_of(anchor: Anchor, tree: Mapping[str, str], names: Mapping[str, str]) -> int | None:
    fragment = _named(anchor.code, names)
    lines = tree.get(_named(anchor.file, names), "").split("\n")
    found = [number for number, line in enumerate(lines, 1) if fragment in line]
    return found[0] if len(found) == 1 else None


def _patch(edits: Sequence[Edit], tree: Mapping[str, str], names: Mapping[str, str], source: Path) -> str:
    changed: dict[str, str] = {}
    for edit in edits:
        for change in edit.any_of:
            path = _named(change.file, names)
            text = _replaced(changed.get(path, tree.get(path, "")), _named(change.find, names), _named(change.put, names))
            if text is not None:
                changed[path] = text
                break
        else:
            raise _nowhere(edit.any_of[0].find, source)
    return "".join(
        line
        for path, text in changed.items()
        for line in difflib.unified_diff(
            tree[path].splitlines(keepends=True), text.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
    )


def _replaced(text: str, find: str, put: str) -> str | None:
    """The text with some whole lines replaced, at whatever indentation they stand; None unless they stand there once."""
    lines, wanted = text.split("\n"), find.rstrip("\n").split("\n")
    found = [
        place
        for place in range(len(lines) - len(wanted) + 1)
        if lines[place : place + len(wanted)] == _indented(wanted, _indent(lines[place]) - _indent(wanted[0]))
    ]
    if len(found) != 1:
        return None
    place = found[0]
    indent = _indent(lines[place]) - _indent(wanted[0])
    return "\n".join([*lines[:place], *_indented(put.rstrip("\n").split("\n"), indent), *lines[place + len(wanted) :]])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line if line else line for line in lines]


def _captured(tree: Mapping[str, str], file: str, pattern: str, source: Path) -> str:
    found = re.search(pattern, tree.get(file, "") or "".join(text for path, text in tree.items() if path.endswith(f"/{file}")))
    if found is None:
        raise _nowhere(pattern, source)
    return found[1]


def _named(text: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(f"@{name}@", value)
    return text


def _nowhere(fragment: str, source: Path) -> PackError:
    return PackError(
        f"{fragment!r} does not stand exactly once in this seed's repository",
        where=str(source),
        expected="a fragment for each variant that the generator may draw, or where_present: true",
    )
