"""Rows of a series are alike."""


def key(row: dict[str, str]) -> tuple[str, ...]:
    """What makes two rows alike."""
    return (row["series"],)
