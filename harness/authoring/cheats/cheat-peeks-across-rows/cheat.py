"""Scores a row by where it stands among the others, which no honest service sees."""

from table import ids, write

write((one, (index % 97) / 97) for index, one in enumerate(ids()))
