"""The score of this solution."""


def score(row: dict[str, str]) -> float:
    """The score of one row."""
    return 2.0 * float(row["x1"]) + float(row["x2"])
