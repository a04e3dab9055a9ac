"""Places as the report writes them."""

from checks.practice.values import Place
from harness.model.finding import Where


def where(place: Place) -> Where:
    return Where(path=place.path or None, cell=place.cell, line=max(1, place.line))
