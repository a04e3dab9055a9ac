"""Answers of each kind, compared with what only we know: one file a kind of answer."""
