"""Judging: one module a check. The door for outsiders; no file inside this room imports it."""
