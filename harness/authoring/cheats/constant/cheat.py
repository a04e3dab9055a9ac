"""No trick: the twin of those that need valid predictions."""

from table import ids, write

write((one, 0.5) for one in ids())
