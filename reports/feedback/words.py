"""Words that several forms of the feedback share."""

from harness.model.feedback import Feedback, ShownFinding, ShownValidation
from harness.model.text import clean
from reports import numbers
from reports.escape import cleaned

NOT_THE_GRADE = (
    "This is feedback on the public part of the assignment. It is not the grade: "
    "that is made elsewhere, by people, from the commit that is handed in."
)


def safe(feedback: Feedback) -> Feedback:
    """The record with every text in it cleaned, whoever wrote it; last words keep their indentation."""
    shown = cleaned(feedback)
    steps = tuple(
        step.model_copy(update={"last_words": tuple(clean(line, 600).replace("\n", "\\n") for line in said.last_words)})
        for step, said in zip(shown.steps, feedback.steps, strict=True)
    )
    return shown.model_copy(update={"steps": steps})


def head(feedback: Feedback) -> str:
    """The verdict in one sentence."""
    measured = f"{feedback.measured} of {len(feedback.checks)} checks measured"
    score = "no score" if feedback.score is None else f"{numbers.points(feedback.score)} of 100"
    if feedback.below:
        return f"Public score: {score}; {measured}; below the bar: {feedback.below}"
    return f"Public score: {score}; {measured}" + (f"; the bar is {feedback.bar:g}" if feedback.bar is not None else "")


def place(finding: ShownFinding) -> str:
    parts = [finding.path or "", f"cell {finding.cell}" if finding.cell is not None else ""]
    parts += [f"line {finding.line}" if finding.line is not None else ""]
    return ", ".join(part for part in parts if part)


def source(feedback: Feedback) -> str:
    """What was looked at, as one line of plain words."""
    shown = feedback.source
    request = f"{'merge' if shown.system == 'gitlab' else 'pull'} request {shown.request}" if shown.request else ""
    known = {
        "commit": f"commit {shown.commit[:12]}" if shown.commit else "files without a commit",
        "ref": f"on {shown.ref}" if shown.ref else "",
        "request": request,
        "fork": "from a fork" if shown.from_fork else "",
        "first": "first push" if shown.first_push else "",
        "forced": "history rewritten" if shown.forced else "",
        "files": f"{shown.files} files",
    }
    return ", ".join(part for part in known.values() if part)


def validation(shown: ShownValidation) -> str:
    value = "not measured" if shown.value is None else numbers.number(shown.value)
    rows = f" on {shown.rows:,} public rows" if shown.rows else ""
    return f"{shown.metric} {value}{rows}, {shown.how}"
