"""Reading a pack whole and telling every problem in it: documents, names that must agree, the brief, and leaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from harness import checking
from harness.documents import nearest, read_yaml
from harness.errors import PackError
from harness.model.answers import Answer, Predictions, TableAnswer
from harness.model.interview import Expected, Interview
from harness.model.pack import Pack
from harness.model.rubric import Rubric
from harness.packs import OpenPack, exemplars, read_pack

MOST_AUTOMATIC = 55
NEEDED_BY_STEPS = ("ipykernel", "nbclient", "nbformat", "pytest", "coverage")


@dataclass(frozen=True)
class Problem:
    """One thing to correct, or to think about."""

    level: Literal["error", "warning"]
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.level}: {self.where}: {self.message}" if self.where else f"{self.level}: {self.message}"

    def as_data(self) -> dict[str, Any]:
        return {"level": self.level, "where": self.where, "message": self.message}


def lint_pack(root: Path) -> list[Problem]:
    """All problems that can be told without running anything."""
    try:
        opened = read_pack(root)
    except PackError as error:
        return [Problem("error", "", line) for line in error.seen.split("\n")]
    rules = (_files, _check_names, _criteria, _weights, _questions, _lock, _brief, _leaks, _exemplars)
    return [problem for rule in rules for problem in rule(opened)]


def _files(opened: OpenPack) -> Iterator[Problem]:
    for name in (
        opened.pack.data.generator,
        opened.pack.requirements,
        "candidate/BRIEF.md",
        "candidate/SUBMISSION.md",
        "CHANGELOG.md",
    ):
        if not (opened.root / name).is_file():
            yield Problem("error", name, "is missing")


def _check_names(opened: OpenPack) -> Iterator[Problem]:
    try:
        checking.verify_uses(opened.pack.checks, checking.catalogue())
    except PackError as error:
        for line in error.seen.split("\n"):
            yield Problem("error", "pack.yaml, checks", line)


def _criteria(opened: OpenPack) -> Iterator[Problem]:
    used = {use.check for use in opened.pack.checks}
    for criterion in opened.rubric.criteria:
        for share in criterion.checks:
            if share.check not in used:
                yield Problem(
                    "error",
                    f"rubric.yaml, {criterion.id}",
                    f"is fed by {share.check!r}, which pack.yaml does not run; {nearest(share.check, used)}",
                )
        if len(criterion.plain.split()) > 40:
            yield Problem(
                "error", f"rubric.yaml, {criterion.id}", f"plain has {len(criterion.plain.split())} words; at most 40"
            )
    for gate in opened.rubric.gates:
        if gate.when_check and gate.when_check not in used:
            yield Problem(
                "error", f"rubric.yaml, gate {gate.id}", f"waits for {gate.when_check!r}, which pack.yaml does not run"
            )
    for flag in opened.rubric.red_flags:
        if flag.when_check not in used:
            yield Problem(
                "error", f"rubric.yaml, red flag {flag.id}", f"waits for {flag.when_check!r}, which pack.yaml does not run"
            )


def _weights(opened: OpenPack) -> Iterator[Problem]:
    shares = {criterion.id: criterion.automatic_share for criterion in opened.rubric.criteria}
    for name, profile in opened.rubric.profiles.items():
        automatic = sum(weight * shares[criterion] / 100 for criterion, weight in profile.weights.items())
        if automatic > MOST_AUTOMATIC:
            message = (
                f"profile {name}: {automatic:.0f} of 100 points are automatic; above {MOST_AUTOMATIC} people decide too little"
            )
            yield Problem("warning", "rubric.yaml", message)


def _questions(opened: OpenPack) -> Iterator[Problem]:
    criteria = {criterion.id for criterion in opened.rubric.criteria}
    used = {use.check for use in opened.pack.checks}
    interview: Interview = opened.interview
    for question in interview.questions:
        if question.criterion not in criteria:
            yield Problem(
                "error",
                f"interview.yaml, {question.id}",
                f"there is no criterion {question.criterion!r}; {nearest(question.criterion, criteria)}",
            )
        named = question.when_check or (question.when_rule or "").split(":")[0]
        if named and named not in used:
            yield Problem("error", f"interview.yaml, {question.id}", f"waits for {named!r}, which pack.yaml does not run")
        if not (question.always or question.when_check or question.when_rule):
            yield Problem("error", f"interview.yaml, {question.id}", "is never asked: set always, when_check or when_rule")
        if re.search(r"walk (me|us) through", question.ask, re.IGNORECASE):
            yield Problem(
                "warning", f"interview.yaml, {question.id}", "asks for a walk-through; ask about one decision instead"
            )


def _lock(opened: OpenPack) -> Iterator[Problem]:
    if not opened.lock.is_file():
        return
    text = opened.lock.read_text("utf-8")
    pinned = {match.group(1).lower().replace("_", "-") for match in re.finditer(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    for name in NEEDED_BY_STEPS:
        if name not in pinned:
            yield Problem("error", opened.pack.requirements, f"does not pin {name}, which the steps need")
    for match in re.finditer(r"^([A-Za-z0-9._-]+)==(?:(?!^\S).|\n(?=\s))*", text, re.MULTILINE):
        if "--hash=" not in match.group(0):
            yield Problem(
                "error", opened.pack.requirements, f"{match.group(1)} has no hash; make the lock with --generate-hashes"
            )
    if re.search(r"https?://|--(extra-)?index-url|--find-links", text):
        yield Problem("error", opened.pack.requirements, "holds an address; a lock names packages, versions and hashes only")


def _brief(opened: OpenPack) -> Iterator[Problem]:
    """Candidates are told everything that is asked of them."""
    contract = opened.root / "candidate" / "SUBMISSION.md"
    if not contract.is_file():
        return
    told = opened.brief_text()
    pack: Pack = opened.pack
    for name in (*pack.required_files, *_names_of(pack.answer)):
        if name not in told:
            yield Problem("error", "candidate/", f"never names {name!r}, which is asked for")
    for name in _names_of_offers(pack):
        if name not in told:
            yield Problem("error", "candidate/", f"never names {name!r}, an entry point")
    for step in ("train", "predict", "execute", "tests"):
        limits = getattr(pack.steps, step)
        minutes = limits.wall_s / 60 if limits else None
        if minutes and not re.search(rf"\b({minutes:g}|{limits.wall_s:g})\s*(min|s\b|sec)", told):
            yield Problem("warning", "candidate/", f"never tells the time limit of {step}: {minutes:g} minutes")
    for field in ("stage", "scale", "constraints"):
        if len(getattr(pack.brief, field).split()) < 3:
            yield Problem("error", f"pack.yaml, brief.{field}", "says too little")


def _names_of_offers(pack: Pack) -> Iterator[str]:
    """Files that make an entry point apply, and the paths at which a service is asked."""
    for offer in pack.entry_points:
        if offer.kind != "notebook":
            yield offer.needs_file
        if offer.kind == "service":
            yield from (offer.entry.ready, offer.entry.predict)


def _names_of(answer: Answer) -> tuple[str, ...]:
    """Files and columns of the answer, all of which a candidate has to know."""
    if isinstance(answer, Predictions):
        return answer.file, answer.id_column, answer.value_column
    if isinstance(answer, TableAnswer):
        return answer.file, answer.id_column, *(column.name for column in answer.columns)
    return answer.file, *answer.mechanisms


def _leaks(opened: OpenPack) -> Iterator[Problem]:
    """Private material that lies where candidates see it."""
    canary = opened.pack.canary
    words = [trap.why for trap in opened.facts.traps] + [dirt.what for dirt in opened.facts.dirt]
    for path in sorted((opened.root / "candidate").rglob("*")):
        if not path.is_file():
            continue
        text = path.read_text("utf-8", errors="replace")
        place = path.relative_to(opened.root).as_posix()
        if canary in text:
            yield Problem("error", place, "holds the canary of the private files")
        for sentence in words:
            if len(sentence) > 20 and sentence.strip().lower() in text.lower():
                yield Problem("error", place, f"holds a private sentence of facts.yaml: {sentence[:60]!r}")
    for name in ("pack.yaml", "rubric.yaml", "facts.yaml", "interview.yaml", opened.pack.data.generator):
        place_on_disk = opened.root / name
        if place_on_disk.is_file() and canary not in place_on_disk.read_text("utf-8", errors="replace"):
            yield Problem("warning", name, "does not hold the canary, so a leak of it could not be recognised")


def _exemplars(opened: OpenPack) -> Iterator[Problem]:
    present = exemplars(opened.root)
    ladder = opened.pack.ladder
    for name in (ladder.dummy, ladder.naive, ladder.reference, ladder.strong, "blank", "starter"):
        if name not in present:
            yield Problem("error", f"exemplars/{name}", "is missing; `exemplars/NAME/submission/` holds an exemplar")
    for name in present:
        try:
            read_yaml(opened.root / "exemplars" / name / "expected.yaml", Expected)
        except PackError as error:
            yield Problem("error", "", f"{error.where}: {error.seen}" if error.where else error.seen)
    rubric: Rubric = opened.rubric
    if not rubric.lines:
        yield Problem("error", "rubric.yaml", "has no lines, so no band could ever be named")
