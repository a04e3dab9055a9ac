"""Taking in a submission: a read-only, content-hashed copy, with everything hostile or superfluous listed and left out."""

from harness.intake.declaration import read_declaration
from harness.intake.limits import IntakeLimits
from harness.intake.take import take

__all__ = ["IntakeLimits", "read_declaration", "take"]
