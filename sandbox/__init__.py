"""Running code we do not trust. The door for outsiders; no file inside this room imports it."""
