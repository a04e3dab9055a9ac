"""The published formats are the records' own."""

import jsonschema
import pytest

from harness.documents import schema_of
from harness.schemas.catalog import DOCUMENTS, FOLDER, text_of


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_exported_schema_is_in_step_with_the_record(name: str) -> None:
    """`make schemas` writes them anew."""
    assert (FOLDER / f"{name}.json").read_text("ascii") == text_of(name)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_schema_is_itself_valid(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(DOCUMENTS[name]))


def test_there_is_no_schema_of_a_document_that_no_longer_exists() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(DOCUMENTS)
