"""Metrics by name: what each means, its direction and range, and one vectorised implementation for value and bootstrap."""
