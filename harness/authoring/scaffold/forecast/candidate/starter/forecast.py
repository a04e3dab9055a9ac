"""Forecast every row of score.csv. The starter raises: the forecast is yours to write."""

raise SystemExit("forecast.py: not written yet")
