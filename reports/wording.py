"""What the report says and never says. A test scans every template and text for the words that are left out."""

import re

from harness.model.finding import Fault, Level, Severity, Verdict

ADVICE = "Advice to people, not a decision."

BANDS = {
    "onward": "Evidence supports going on to the interview",
    "mixed": "Mixed evidence: read together before the interview",
    "below": "Evidence does not reach the level asked in this exercise",
    "close": "Too close to call",
}
"""The band wording of the default rubric. A report shows the band its grade carries; these are what a rubric may use."""

STATUS = {"graded": "Graded", "provisional": "Provisional", "not_gradable": "Not gradable"}
UNRATED = "Measured, waiting for ratings"

VERDICT = {
    Verdict.MET: "met",
    Verdict.PARTIAL: "partly met",
    Verdict.NOT_MET: "not met",
    Verdict.NOT_MEASURED: "not measured",
}

FAULT = {
    Fault.SUBMISSION: "the submission left nothing to measure here",
    Fault.PACK: "the task pack's doing, not the submission's",
    Fault.HARNESS: "the harness's doing, not the submission's",
    Fault.UNSUPPORTED: "not supported by this version of the harness; nobody's doing",
    Fault.PENDING_HUMAN: "waits for a person",
}

SKIPPED_BY = {
    "submission": FAULT[Fault.SUBMISSION],
    "pack": FAULT[Fault.PACK],
    "harness": FAULT[Fault.HARNESS],
    "unsupported": FAULT[Fault.UNSUPPORTED],
}

SEVERITY = {
    Severity.BLOCKER: "blocking",
    Severity.MAJOR: "major",
    Severity.MINOR: "minor",
    Severity.INFO: "for information",
    Severity.PRAISE: "well done",
}

LEVEL = {
    Level.MENTION: "only mentioned",
    Level.LIVE_CALL: "live call in the code",
    Level.EXECUTED: "executed in our run",
    Level.CONSEQUENCE: "reached the model or the report",
    Level.BEHAVIOUR: "behaviour on data we hold",
}

CRITERION_STATE = {
    "scored": "scored",
    "not_measured": "could not be measured",
    "pending_human": "waits for a person's rating",
    "not_applicable": "not applicable",
}

FLOOR = {"met": "met", "missed": "not reached", "open": "open"}

CONTROL = {"enforced": "enforced", "polled": "polled (checked at intervals)", "not_available": "not available"}

SOURCE = {"folder": "a folder", "zip": "a zip archive", "tar": "a tar archive", "git": "a git commit"}

FORMULA = (
    "Total = sum over criteria of weight times (automatic share times automatic points, plus human share times the mean of "
    "human points). "
    "A person's level gives points: {levels}. What is not measured never counts as zero: it widens the reachable range."
)

RIGHTS = (
    "This report is advice to people. A named person decides, can change every rating, and writes down the reason.",
    "Whoever was assessed may ask for a copy, ask for a person to look again, and contest a fact in it: "
    "through the contact in the invitation to the exercise.",
    "Comments and ratings written by raters can be read by the person they are about.",
    "How long this is kept is set by the organisation that invited the work; no retention date is recorded in this report.",
)

_LEFT_OUT = {
    r"pass(?:e[sd]|ing)?": "say what was met, or ended normally",
    r"fail(?:s|ed|ing|ures?)?": "say what was seen: not met, ended with an error, could not be measured",
    r"reject(?:s|ed|ing|ions?)?": "a person decides; say refused for a file, not for a submission",
    r"(?:un)?hir(?:e[sd]?|ing|able)": "a person decides",
    r"cheat(?:s|ed|ing|ers?)?": "say what was measured and that it needs explanation",
    r"plagiari[sz]\w*": "say what was measured and that it needs explanation",
    r"(?:AI|machine)[- ](?:written|generated)": "no text tells who wrote it",
    r"cut[- ]?offs?": "say uncalibrated line, or line",
    r"lacks? the skills?": "say not shown in this exercise",
    r"candidate is (?:weak|strong)\w*(?: at)?": "speak of the submission",
    r"(?:weak|strong|good|bad) candidates?": "speak of the submission",
    r"score of the (?:person|candidate)": "speak of the submission",
}
_PATTERN = re.compile(r"\b(?:" + "|".join(_LEFT_OUT) + r")\b", re.IGNORECASE)


def words_left_out(text: str) -> tuple[str, ...]:
    """Words in a text of ours that a report never uses, as they stand there."""
    return tuple(match.group() for match in _PATTERN.finditer(text))
