"""No trick, and no work: the twin of those that only pretend."""

from table import ids

print(len(ids()))
