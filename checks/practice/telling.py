"""What the practice checks have in common: saying that part of the code, or its language, could not be read."""

import re

from checks.base import not_measured
from checks.practice.prose import Passage
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault
from harness.model.practice import Practice

_COMMON = re.compile(
    r"\b(the|and|is|are|of|to|in|we|for|that|this|with|el|la|los|las|que|es|un|una|por|para|os|uma|não|com|le|les|des|est|une|pour|dans|"
    r"der|die|das|und|ist|nicht|ein|eine|mit|den|yang|dan|di|ini|untuk|dengan|pada|tidak|dari)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
ENOUGH_WORDS = 60
COMMON_SHARE = 0.1


def nothing_to_read(check: str, evidence: Evidence, practice: Practice) -> CheckResult | None:
    """The result when there is no code at all."""
    if practice.files:
        return None
    if practice.unreadable:
        return unread(check, practice)
    others = evidence.named(".r", ".rmd", ".jl", ".scala", ".java", ".sas", ".m", ".qmd")
    if others:
        return not_measured(check, Fault.UNSUPPORTED, f"The code is in a language that is not read here ({others[0]}).")
    return not_measured(check, Fault.SUBMISSION, "There is no Python code to read.")


def unread(check: str, practice: Practice) -> CheckResult:
    """The result when what is missing may stand in code that could not be read."""
    first = practice.unreadable[0]
    place = str(first.where) or "the submission"
    return not_measured(
        check,
        Fault.UNSUPPORTED,
        f"Part of the code could not be read ({place}: {first.what}), so its absence here proves nothing.",
    )


def foreign_prose(prose: tuple[Passage, ...]) -> bool:
    """Whether the prose is in a language that the lexicons do not cover."""
    text = " ".join(one.text for one in prose if one.kind in ("markdown", "document", "docstring"))[:40_000]
    words = _WORD.findall(text)
    if len(words) < ENOUGH_WORDS:
        return False
    return len(_COMMON.findall(text)) / len(words) < COMMON_SHARE
