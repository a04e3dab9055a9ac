"""Fenced `console` blocks of a page: commands after `$ `, each with what it prints; `...` stands for anything."""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"export (\w+)=(\S+)")
LONGEST_S = 900


@dataclass(frozen=True)
class Command:
    line: str
    prints: str

    @property
    def sets(self) -> dict[str, str]:
        """The variable that the reader's shell keeps for the commands after it."""
        found = _EXPORT.fullmatch(self.line)
        return {found[1]: found[2]} if found else {}


def blocks(page: Path, language: str) -> list[str]:
    return [text for named, text in _BLOCK.findall(page.read_text("utf-8")) if named == language]


def commands(page: Path) -> Iterator[Command]:
    """Every command of a page, in the reader's order."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, prints = part.partition("\n")
            yield Command(line, prints)


def run(command: Command, place: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """As a reader's shell would, with the harness of this environment on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-c", command.line],
        cwd=place,
        env={**os.environ, **variables, "PATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def agrees(wanted: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS)
