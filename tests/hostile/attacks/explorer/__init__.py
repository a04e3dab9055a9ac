"""Tries to read, reach or change what is not its own, and says how each attempt went.

It runs as a submission inside a sandbox, and once more on the bare host as the control: an attempt that a defence stops
must be seen to succeed where there is none. `targets.json` beside it names what to look for; a result is "reached: what"
or "refused: why". Standard library only.
"""

from . import changing, reaching, reading
from .trying import ATTEMPTS, RefusedError, Targets

__all__ = ["ATTEMPTS", "RefusedError", "Targets", "changing", "reaching", "reading"]
