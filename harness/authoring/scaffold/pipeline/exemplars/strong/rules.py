"""What was known is counted, each order once."""


def problem(row: dict[str, str]) -> str:
    """Why a row cannot be used; empty when it can."""
    if not row["customer"]:
        return "no_customer"
    return "" if row["amount"].replace(".", "", 1).isdigit() else "bad_amount"


def features(rows: list[dict[str, str]], as_of: str) -> list[object]:
    """Orders of one customer, and what was spent."""
    known = {row["event_id"]: float(row["amount"]) for row in rows if row["day"] <= as_of}
    return [len(known), sum(known.values())]
