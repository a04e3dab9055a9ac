"""A mistake in a check is met at start, with words for the person who made it."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ConfigDict

from checks.base import NoSettings, check, judged
from checks.registry import CatalogError, load, verify
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult
from harness.model.record import Record


def _mark(function: Any, module: str = "sample", **mark: Any) -> Any:
    function.__module__ = f"checks.{module}"
    return check(mark.pop("title", "Sample"), group="static", **mark)(function)


def sample(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """It looks at a sample of things."""
    return judged("sample", 1.0, "Nothing to say.")


def test_every_check_of_the_catalog_keeps_the_contract() -> None:
    specs = load()
    assert {"predictions_valid", "holdout_score", "lint", "docs", "own_tests", "runs_clean", "secrets"} <= set(specs)
    assert all(spec.id == name and spec.sentence for name, spec in specs.items())


def test_each_caller_gets_a_dictionary_of_its_own() -> None:
    load().clear()
    assert load()


def test_an_unmarked_function_is_refused() -> None:
    def bare(evidence: Evidence, settings: NoSettings) -> CheckResult:
        """It is bare."""
        return judged("bare", 1.0, "")

    with pytest.raises(CatalogError, match="'bare': it is not marked"):
        verify([bare])


def test_two_checks_of_one_name_are_refused() -> None:
    marked = _mark(sample)
    with pytest.raises(CatalogError, match="two checks have this id"):
        verify([marked, marked])


def test_a_function_that_is_not_named_as_its_module_is_refused() -> None:
    with pytest.raises(CatalogError, match="its module is 'other'"):
        verify([_mark(sample, module="other")])


class _Thawed(Record):
    model_config = ConfigDict(frozen=False)


class _Required(Record):
    limit: int


def _wrong_signature(evidence: Evidence) -> CheckResult:
    """It forgot its settings."""
    return judged("sample", 1.0, "")


def _no_sentence(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """lint"""
    return judged("sample", 1.0, "")


@pytest.mark.parametrize(
    ("function", "mark", "message"),
    [
        (_wrong_signature, {}, r"its parameters are \('evidence',\)"),
        (_no_sentence, {}, "its docstring begins with 'lint'"),
        (sample, {"title": " "}, "it has no title"),
        (sample, {"needs": ("telepathy",)}, r"it needs \['telepathy'\]"),
        (sample, {"settings": dict}, "its settings are <class 'dict'>"),
        (sample, {"settings": _Thawed}, "its settings can be changed"),
        (sample, {"settings": _Required}, r"its settings \['limit'\] have no default"),
    ],
)
def test_a_broken_promise_is_named_with_the_check_and_what_was_expected(
    function: Callable[..., CheckResult], mark: dict[str, Any], message: str
) -> None:
    function.__name__ = "sample"
    with pytest.raises(CatalogError, match=message) as caught:
        verify([_mark(function, **mark)])
    assert caught.value.expected
    assert caught.value.next_step
