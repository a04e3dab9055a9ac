"""The letter to a candidate: what is asked, how it is graded, by whom, and what is kept. Made from the pack itself."""

from typing import TYPE_CHECKING

from harness.model.rubric import Criterion, Profile
from harness.packs import OpenPack
from harness.profiles import with_profile

if TYPE_CHECKING:
    from harness.authoring.export import Assignment

_LEVELS = (
    "People give each criterion that they rate a level, with a sentence of evidence: 1, not there or wrong; 2, there, with "
    "gaps that matter; 3, what we would accept from a colleague in this time; 4, better than that."
)
"""In general words: the anchors of a rubric say what is planted in the data, and are for raters alone."""


def letter(opened: OpenPack, assignment: "Assignment") -> str:
    """Seven parts, in plain words, with every criterion and weight that is used; never what raters look for."""
    pack, rubric = opened.pack, opened.rubric
    profile = _profile(opened, assignment)
    hours = f"{pack.effort.minutes / 60:g} hours"
    automatic = sum(profile.weights[one.id] * one.automatic_share / 100 for one in rubric.criteria)
    parts = [
        f"# {pack.title}",
        f"For {assignment.candidate}. Pack {pack.id} {pack.version}.",
        "## What you will do",
        f"{pack.summary}\n\nIt is meant to take about {hours} ({pack.effort.pilot}); please stop there. You have until "
        f"{assignment.deadline}. If you need more time or another format, ask {assignment.contact}: the reason is not shared "
        "with those who rate.",
        "## How it is graded",
        f"A program measures about {automatic:.0f} of 100 points, people rate the rest. The program's result is advice: "
        "people decide, and they rate before they see it. No line in the report decides anything by itself.",
        _criteria_table(opened, profile),
        "### What the levels mean",
        _LEVELS,
        "## Who decides, and how to contest",
        f"A named person decides. If a fact in your result seems wrong, write to {assignment.contact}: a person looks again.",
        "## Where your code runs",
        "In an isolated place without a network, with time and memory limits that the brief names. The data is made by a "
        f"program and speaks of nobody. {_kept_back(opened)}",
        "## Tools and sources",
        "AI assistants, existing code and sources are welcome when you name them: which tool, for what, and how you checked "
        "the result. Nothing is deducted for use or for non-use. You should be able to explain and change every line.",
        "## What is kept",
        f"Your submission, the report and the ratings are kept until {assignment.retention}, seen only by those who take part "
        "in the decision. You may have a copy, or have them erased. The work stays yours, and is not used in any product.",
        "## When you hear back",
        "You get written feedback, whatever the outcome.",
    ]
    return "\n\n".join(parts) + "\n"


def _kept_back(opened: OpenPack) -> str:
    if opened.pack.answer.kind == "review":
        return "What we know of the code under review is kept back, to compare your findings with."
    return "Part of it is kept back to measure your predictions; its labels never leave us."


def _profile(opened: OpenPack, assignment: "Assignment") -> Profile:
    """The weights that this candidate is graded by."""
    name = assignment.profile or opened.rubric.default_profile
    return with_profile(opened.rubric, name).profiles[name]


def _criteria_table(opened: OpenPack, profile: Profile) -> str:
    rubric = opened.rubric
    rows = [
        f"| {one.title} | {profile.weights[one.id]:g} | {_who(one)} | {'yes' if one.id in profile.floors else ''} |"
        for one in rubric.criteria
    ]
    return "\n".join(["| what | points | measured by | must-have |", "|---|---|---|---|", *rows])


def _who(one: Criterion) -> str:
    if one.automatic_share == 0:
        return "people"
    return "a program" if one.automatic_share == 100 else f"people, {one.automatic_share} % a program"
