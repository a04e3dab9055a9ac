"""What reading a submission's code says of its ML practice: facts, each with its place. No data and no run is needed."""

from typing import Literal

from pydantic import Field

from harness.model.finding import Where
from harness.model.record import Record

Tier = Literal["material", "minor", "benign"]


class Seen(Record):
    """One fact and where it stands."""

    what: str
    where: Where = Where()
    visible: bool = Field(default=True, description="Whether a reader gets to see it: printed, shown, logged or saved.")


class Exploration(Record):
    """How far the data was looked at before it was used."""

    level: int = Field(ge=0, le=2)
    facets: tuple[str, ...] = ()
    places: tuple[Seen, ...] = Field(default=(), description="The first place of each facet.")
    why: str = ""


class Imbalance(Record):
    """Whether class imbalance was dealt with on the way to the model."""

    level: Literal["none", "partial", "yes"]
    mechanisms: tuple[str, ...] = ()
    places: tuple[Seen, ...] = ()
    why: str = ""


class Leak(Record):
    """One way in which rows, or the outcome, reach where they must not."""

    kind: str
    tier: Tier
    group: Literal["preprocessing", "overlap", "selection", "target", "other"] = Field(
        description="preprocessing: learned before the split; overlap: judged on rows learned from; selection: chosen on "
        "the rows that are reported; target: the outcome is among the features."
    )
    where: Where = Where()
    why: str


class TestCount(Record):
    """Test functions found in the code, and those that pytest's default rules would collect."""

    defined: int = Field(default=0, ge=0)
    collected: int = Field(default=0, ge=0)
    places: tuple[Seen, ...] = ()


class Practice(Record):
    """The static facts. A file that could not be read makes an absence of facts unknown, never zero."""

    files: tuple[str, ...] = Field(default=(), description="Files of code that were read.")
    live: tuple[str, ...] = Field(default=(), description="Those of them that run: as entries, or because one imports them.")
    unreadable: tuple[Seen, ...] = ()
    copies: tuple[Seen, ...] = Field(default=(), description="Copies of a file that is read elsewhere.")
    eda: Exploration
    missing_values: Literal["none", "inspected", "handled"]
    missing_places: tuple[Seen, ...] = ()
    imbalance: Imbalance
    leakage: tuple[Leak, ...] = ()
    families: tuple[str, ...] = ()
    family_places: tuple[Seen, ...] = ()
    models_fitted: int = Field(default=0, ge=0)
    models_evaluated: int = Field(default=0, ge=0)
    honest_evaluations: int = Field(default=0, ge=0, description="Judgements on rows that were not learned from.")
    dropped: tuple[Seen, ...] = Field(default=(), description="Columns left out before a fit, comma-separated.")
    baseline: bool = False
    tuned: bool = False
    split: bool = False
    split_places: tuple[Seen, ...] = ()
    cross_validation: Literal["none", "clean", "leaky"] = "none"
    metrics: tuple[str, ...] = ()
    explanation: int = Field(default=0, ge=0, le=2)
    explanation_places: tuple[Seen, ...] = ()
    decisions: int = Field(default=0, ge=0, description="Decisions found in the code that an explanation could speak of.")
    decisions_explained: int = Field(default=0, ge=0)
    limitations: int = Field(default=0, ge=0, le=1)
    limitation_places: tuple[Seen, ...] = ()
    tests: TestCount = TestCount()
    readme: int = Field(default=0, ge=0, le=2)
    readme_facets: tuple[str, ...] = ()
    seeded: bool = False
    seed_places: tuple[Seen, ...] = ()
    target: tuple[str, ...] = Field(default=(), description="Names of the column that is predicted, as far as the code tells.")

    @property
    def complete(self) -> bool:
        return not self.unreadable
