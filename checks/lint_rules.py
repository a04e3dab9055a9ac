"""The rules that are judged, chosen by us and pinned: the linter's defaults change, and a candidate's configuration has no say.

A rule is here when breaking it is a fault in anybody's style: likely bugs weigh most, risky habits less, untidiness least.
Formatting, line length, naming of matrices, docstrings and type hints are not judged here.
"""

BUG, RISK, TIDY = 3.0, 2.0, 1.0
STRUCTURE, SYNTAX = 4.0, 15.0
INVALID_SYNTAX = "invalid-syntax"

_BUGS = """
E711 E712 E713 E714 E721 F402 F502 F507 F601 F631 F632 F634 F701 F702 F704 F706 F707 F811 F821 F822 F823 B002 B006 B008
B012 B015 B016 B020 B023 B025 B026 B029 B030 B031 B032 B033 B039 PLE0100 PLE0101 PLE0117 PLE1142 PLR0124 PLW0127
PLW0128 PLW0129 PLW0711 T100
"""
_RISKS = "E722 F403 F405 F406 B011 B013 B014 B017 B022 B904 BLE001 S102 S110 S112 S307 S602 S605 PLW0603 NPY001 A001 A002"
_TIDINESS = "E401 E402 E701 E702 E731 E741 F401 F541 F841 F842 B009 B010 B018 B021 PLR0133 PLR1704 PLW2901 N801 ERA001 W605"

WEIGHTS: dict[str, float] = {
    **dict.fromkeys(_BUGS.split(), BUG),
    **dict.fromkeys(_RISKS.split(), RISK),
    **dict.fromkeys(_TIDINESS.split(), TIDY),
    "C901": STRUCTURE,
    INVALID_SYNTAX: SYNTAX,
}

NOT_IN_NOTEBOOKS = ("B018", "E402", "E702", "E731", "ERA001", "PLW2901", "F811", "A001")
"""Ordinary in a notebook: a last line that shows a value, imports where they are needed, trying things out."""

MAX_COMPLEXITY = 10


def selected() -> tuple[str, ...]:
    """What the linter is asked for; syntax errors come unasked."""
    return tuple(code for code in WEIGHTS if code != INVALID_SYNTAX)
