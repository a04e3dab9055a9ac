"""The reference is made from the code, and is in step with it."""

import re
from pathlib import Path

import pytest

from docs.generate import FOLDER, pages, split_limits
from docs.generate_schemas import unlisted
from harness.checking import catalogue
from tests.docs.fences import ROOT

_SOURCES = ("harness", "checks", "sandbox", "reports", "tests")
_INTERNAL = {"HARNESS_TRACE", "HARNESS_TRACE_WORK", "HARNESS_CANARY", "HARNESS_TOLD", "HARNESS_COMPLETE"}
"""Between our own processes, or in tests; nobody sets them."""


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_says_what_the_code_says(name: str) -> None:
    """Where this fails: `python -m docs.generate`."""
    assert (FOLDER / name).read_text("utf-8") == pages()[name]


def test_every_document_is_told_of() -> None:
    assert unlisted() == set()


@pytest.mark.parametrize("check", catalogue())
def test_every_check_says_what_it_cannot_see(check: str) -> None:
    looks, limits = split_limits(catalogue()[check].explanation)
    assert looks
    assert limits


def test_every_variable_of_the_environment_is_told_of() -> None:
    told = (FOLDER / "settings.md").read_text("utf-8")
    used: set[str] = set()
    for folder in _SOURCES[:-1]:
        for file in (*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.sh")):
            used |= set(re.findall(r"(?<![A-Z_])HARNESS_[A-Z_]+[A-Z]", file.read_text("utf-8")))
    assert {name for name in used - _INTERNAL if f"`{name}`" not in told} == set()


def test_no_page_names_a_variable_that_nothing_reads() -> None:
    told = set(re.findall(r"`(HARNESS_[A-Z_]+)", (FOLDER / "settings.md").read_text("utf-8")))
    sources = [file for folder in _SOURCES for file in Path(ROOT / folder).rglob("*") if file.suffix in (".py", ".sh")]
    texts = "\n".join(file.read_text("utf-8") for file in sources)
    assert {name for name in told if name not in texts} == set()
