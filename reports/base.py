"""The contract of a renderer: a pure function from a Report to text. It opens no file and knows no clock."""

from dataclasses import dataclass
from typing import Protocol

from harness.model.report import Report


class Render(Protocol):
    def __call__(self, report: Report, /) -> str: ...


@dataclass(frozen=True)
class Renderer:
    """One format: its name on the command line, the file it is written to, and how it is made."""

    name: str
    file_name: str
    title: str
    render: Render
