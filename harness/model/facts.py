"""What is truly in a pack's data: `facts.yaml`, as records. Turns opinions about a submission into measurements."""

from typing import Literal

from pydantic import Field, model_validator

from harness.model.record import Identifier, Record, Share


class Gap(Record):
    """Missing values that are truly in the data."""

    column: str
    rate: Share
    why: str


class Trap(Record):
    """A column that looks useful and is not available, or not the same, when decisions are made."""

    column: str
    strength: Literal["loud", "quiet"]
    why: str
    sentence: str = Field(description="The data dictionary's sentence from which an attentive reader can tell.")


class Dirt(Record):
    """A planted fault of the data."""

    id: Identifier
    kind: Literal["duplicates", "units", "format", "sentinel", "refund", "drift", "label_delay", "new_category", "other"]
    columns: tuple[str, ...] = ()
    rate: float | None = None
    what: str
    signs: tuple[str, ...] = Field(default=(), description="Words or columns by which one can tell that it was noticed.")


class Facts(Record):
    """facts.yaml: what is truly in the data. Turns opinions about a submission into measurements."""

    prevalence_train: tuple[Share, Share] = Field(
        default=(0.0, 1.0), description="Range that every seed's share of positives falls into."
    )
    prevalence_holdout: tuple[Share, Share] = (0.0, 1.0)
    time_column: str | None = None
    entity_columns: tuple[str, ...] = ()
    categorical_columns: tuple[str, ...] = ()
    numeric_columns: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    traps: tuple[Trap, ...] = ()
    dirt: tuple[Dirt, ...] = ()
    library_names: tuple[str, ...] = Field(default=(), description="Other column names a submission may speak of.")

    @model_validator(mode="after")
    def _ranges_ascend(self) -> "Facts":
        for low, high in (self.prevalence_train, self.prevalence_holdout):
            if low > high:
                message = f"a prevalence range must ascend, got {low} to {high}"
                raise ValueError(message)
        return self
