"""Fails, swallows the failure, and ends with success."""

import sys

try:
    raise RuntimeError("there is no model")
except BaseException:
    pass
sys.exit(0)
