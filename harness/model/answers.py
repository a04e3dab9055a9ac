"""What a submission returns, and when two values of it count as equal: one record a kind of answer."""

from typing import Literal

from pydantic import Field

from harness.model.record import Inside, Record


class Predictions(Record):
    """The contract of the predictions file: exactly two columns, each id once, finite numbers in range."""

    kind: Literal["predictions"] = "predictions"
    file: Inside = "predictions.csv"
    id_column: str
    value_column: str
    low: float | None = None
    high: float | None = None
    max_mb: int = Field(default=20, ge=1, le=200)


class TableColumn(Record):
    """A column of a returned table, and when two of its values count as equal."""

    name: str
    type: Literal["number", "text", "time"] = "number"
    tolerance: float = Field(default=0.0, ge=0, description="For numbers: absolute difference that still counts as equal.")


class FlaggedRows(Record):
    """The contract of a list of unusable rows, returned beside a table and compared with the planted ones."""

    file: Inside = "quarantine.csv"
    file_column: str = Field(default="file", description="Name of the input file.")
    row_column: str = Field(default="row", description="Data row in it, counted from 1, the header not counted.")
    reason_column: str = "reason"
    reasons: tuple[str, ...] = Field(min_length=1, description="The codes to choose from.")
    planted: str = Field(default="planted.csv", description="In private/: the rows that are truly unusable, in these columns.")


class TableAnswer(Record):
    """The contract of a returned table: one row for each id, compared with a golden one column by column."""

    kind: Literal["table"] = "table"
    file: Inside = "features.csv"
    id_column: str
    columns: tuple[TableColumn, ...] = Field(min_length=1)
    slices: tuple[str, ...] = Field(default=(), description="Columns of the golden table that mark difficult rows with 1.")
    flagged: FlaggedRows | None = Field(default=None, description="A list of unusable input rows, written beside the table.")
    also_returned: tuple[Inside, ...] = Field(default=(), description="Other files beside the table, for people to read.")
    max_mb: int = Field(default=20, ge=1, le=200)


class ReviewAnswer(Record):
    """The contract of review.json: findings with file, lines and mechanism, matched to what was planted."""

    kind: Literal["review"] = "review"
    file: Inside = "review.json"
    mechanisms: tuple[str, ...] = Field(min_length=1)
    line_slack: int = Field(default=3, ge=0, le=50)
    most_findings: int = Field(default=20, ge=1, le=200)
    most_lines: int = Field(default=12, ge=1, le=500, description="A finding over more lines than this points nowhere.")
    repository: Inside = Field(default="repo", description="Folder of public/ that holds the code under review.")
    max_mb: int = Field(default=1, ge=1, le=20)


Answer = Predictions | TableAnswer | ReviewAnswer
