"""Feedback in a candidate's own CI: the public part only."""
