"""One number for all."""


def fit(rows: list[dict[str, str]]) -> dict[str, float]:
    """The share of late parcels."""
    return {"late": sum(row["late"] == "1" for row in rows) / len(rows)}


def score(learned: dict[str, float], row: dict[str, str]) -> float:
    """The same for every parcel."""
    return learned["late"]
