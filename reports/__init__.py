"""Telling it. The door for outsiders; no file inside this room imports it."""
