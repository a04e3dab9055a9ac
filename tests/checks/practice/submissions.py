"""Builders of small submissions: files in a folder, frozen into evidence."""

import hashlib
import json
import tempfile
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

from checks.practice.read import read_practice
from harness.model.evidence import Evidence
from harness.model.practice import Practice
from harness.model.submission import FileEntry, Snapshot, Source


@cache
def _folders() -> tempfile.TemporaryDirectory[str]:
    """Goes with the process."""
    return tempfile.TemporaryDirectory(prefix="submissions-")


def submission(files: dict[str, str | bytes], **extra: Any) -> Evidence:
    """Evidence over these files, on disk in a fresh folder."""
    folder = Path(tempfile.mkdtemp(dir=_folders().name))
    entries = []
    for path, content in sorted(files.items()):
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        entries.append(FileEntry(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest()))
    digest = hashlib.sha256("".join(f"{entry.path}{entry.sha256}" for entry in entries).encode()).hexdigest()
    source = Source(kind="folder", name="submission")
    return Evidence(snapshot=Snapshot(digest=digest, source=source, files=tuple(entries)), files=folder, **extra)


def notebook(*cells: str, outputs: bool = False, markdown: tuple[str, ...] = ()) -> str:
    """A notebook of code cells; a cell that starts with `md:` is text."""
    built: list[dict[str, Any]] = [_text_cell(text) for text in markdown]
    for number, source in enumerate(cells, 1):
        text = dedent(source).strip("\n")
        if text.startswith("md:"):
            built.append(_text_cell(text[3:].strip()))
            continue
        shown = [{"output_type": "stream", "name": "stdout", "text": "shown"}] if outputs else []
        built.append(
            {
                "cell_type": "code",
                "source": text,
                "metadata": {},
                "outputs": shown,
                "execution_count": number if outputs else None,
            }
        )
    return json.dumps({"cells": built, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _text_cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text, "metadata": {}}


def read_script(source: str, **others: str) -> Practice:
    """The facts of a lone script, with other files by keyword (`__` stands for a dot)."""
    files: dict[str, str | bytes] = {"solution.py": dedent(source)}
    files |= {name.replace("__", "."): dedent(text) for name, text in others.items()}
    return read_practice(submission(files))


def read_files(files: dict[str, str | bytes]) -> Practice:
    return read_practice(submission({path: dedent(text) if isinstance(text, str) else text for path, text in files.items()}))
