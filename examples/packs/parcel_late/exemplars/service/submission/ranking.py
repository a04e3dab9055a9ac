"""A logistic regression, fitted by Newton's method."""

import numpy as np



def features(row: dict[str, str]) -> list[float]:
    """What is known of a parcel when it is picked up; `attempts` is counted afterwards and stays out."""
    return [float(row["distance_km"]), max(0.0, float(row["load"]) - 1.0)]


def fit(rows: list[dict[str, str]]) -> dict[str, list[float]]:
    """Weights that make the known outcomes most likely, drawn a little towards none. Late ones are rare: order is what counts."""
    table = np.array([[1.0, *features(row)] for row in rows])
    late = np.array([float(row["late"]) for row in rows])
    weights = np.zeros(table.shape[1])
    for _ in range(25):
        expected = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (late - expected) - weights
        curve = (table * (expected * (1 - expected))[:, None]).T @ table + np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return {"weights": [float(one) for one in weights]}


def score(learned: dict[str, list[float]], row: dict[str, str]) -> float:
    """The probability of coming late."""
    pull = learned["weights"][0] + sum(w * x for w, x in zip(learned["weights"][1:], features(row), strict=True))
    return float(1 / (1 + np.exp(-pull)))
