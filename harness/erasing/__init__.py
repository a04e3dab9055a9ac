"""Erasing what is held of a candidate: finding it, taking it away, and saying what stays and why."""
