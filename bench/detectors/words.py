"""The words of a made-up task, drawn by seed, so that no detector can live on a name."""

import random
from dataclasses import asdict, dataclass
from string import Template

_TASKS = (
    ("customers.csv", "churn", "tenure_months", "monthly_fee", "contract", "customer_id", "signed_on"),
    ("loans.csv", "defaulted", "income", "debt_ratio", "purpose", "borrower_id", "granted_on"),
    ("stays.csv", "readmitted", "age_years", "lab_tests", "ward", "patient_id", "discharged_on"),
    ("clicks.csv", "clicked", "seconds_on_page", "scroll_depth", "device", "visitor_id", "seen_at"),
    ("machines.csv", "failed", "hours_run", "vibration", "plant", "machine_id", "measured_at"),
    ("parcels.csv", "returned", "weight_kg", "paid_price", "carrier", "buyer_id", "shipped_on"),
)


@dataclass(frozen=True)
class Words:
    """What a generated program speaks of."""

    file: str
    target: str
    first: str
    second: str
    level: str
    entity: str
    moment: str
    seed: str
    share: str

    def fill(self, text: str) -> str:
        """The text with `$target`, `$first` and so on replaced."""
        return Template(text).safe_substitute(asdict(self))


def words_of(seed: int) -> Words:
    """The words of one seed."""
    chance = random.Random(seed)
    return Words(*chance.choice(_TASKS), seed=str(chance.randrange(100)), share=chance.choice(("0.2", "0.25", "0.3")))
