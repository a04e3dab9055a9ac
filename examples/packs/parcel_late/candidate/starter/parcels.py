"""Rank parcels by how likely they come late. The starter raises: the work is yours."""

raise SystemExit("parcels.py: not written yet")
