"""From a cohort to the rows of its page: side by side, never ranked. Every text that goes in is cleaned here."""

from collections import Counter

from harness.model.cohort import SMALL_COHORT, Cohort, CriterionSpread, Member
from reports import numbers, wording
from reports.cohort_ladder import ladder_block
from reports.cohort_rows import BinRow, CohortView, CriterionRow, GapRow, MemberRow, SpreadBlock, UngradedRow
from reports.escape import cleaned
from reports.rows import Pair

DOING = {
    "submission": "the submission could not be used",
    "pack": "the task pack's doing, not the submission's",
    "infrastructure": "this machine's doing, not the submission's; another try makes sense",
    "harness": "the harness's doing, not the submission's",
    "time_limit": "the batch's own limit on the time of one submission",
}
"""Whose doing it is that a submission has no grade."""

RIGHTS = (
    "This page is advice to people. It holds no order of merit: submissions stand in the order of their pseudonyms, and where "
    "results are grouped, a group holds everything that the data cannot tell apart.",
    "Read each report before speaking of a submission. Totals here are what checks measured; people's ratings come on top.",
    "Names are kept apart, in names.json. Pseudonyms lower the weight of names; they do not make anybody unknown.",
)


def view(cohort: Cohort) -> CohortView:
    """The whole page. Pure: the same cohort gives the same rows."""
    cohort = cleaned(cohort)
    graded = cohort.graded()
    ungraded = [one for one in cohort.members if one.state != "graded"]
    everybody = len(cohort.members) + len(cohort.waiting)
    return CohortView(
        title=cohort.pack_title,
        state=f"{len(graded)} of {everybody} graded",
        advice=wording.ADVICE,
        facts=_facts(cohort),
        summary=tuple(_summary(cohort)),
        spread=_spread(cohort),
        why_no_spread=_sentence(cohort.why_no_distribution),
        ladder=ladder_block(cohort),
        members=tuple(_member(one) for one in graded),
        criteria=tuple(_criterion(one) for one in cohort.criteria),
        small=(
            f"Below {SMALL_COHORT} submissions no spread is shown."
            if any(one.median is None for one in cohort.criteria)
            else ""
        ),
        gaps=tuple(
            GapRow(one.title or one.check, wording.FAULT[one.fault], f"{one.count} of {len(graded)}")
            for one in cohort.not_measured
        ),
        ungraded=tuple(UngradedRow(one.id, DOING[one.doing or "harness"], one.reason) for one in ungraded),
        waiting=cohort.waiting,
        footing=_footing(cohort),
        rights=RIGHTS,
    )


def _facts(cohort: Cohort) -> tuple[Pair, ...]:
    own = "each candidate has their own" if cohort.data_seed is None else f"the same for all, seed {cohort.data_seed}"
    return (
        Pair("Pack", f"{cohort.pack} {cohort.pack_version}"),
        Pair("Profile", cohort.profile),
        Pair("Data", own),
        Pair("Sandbox", cohort.backend),
        Pair("Written", cohort.created[:16].replace("T", " ")),
        Pair("Harness", cohort.harness_version),
    )


def _summary(cohort: Cohort) -> list[str]:
    graded = cohort.graded()
    whole = sum(1 for one in graded if one.totals and one.totals.automatic_coverage >= 0.9995)
    said = [
        f"{numbers.many(len(graded), 'submission')} graded by checks; everything that checks decide was measured in "
        f"{'all of them' if whole == len(graded) else whole or 'none of them'}."
    ]
    doings = Counter(one.doing or "harness" for one in cohort.members if one.state != "graded")
    said += [f"{count} without a grade: {DOING[doing]}." for doing, count in sorted(doings.items())]
    if cohort.waiting:
        said.append(f"{len(cohort.waiting)} not graded yet: give the same command again, or wait for the other shards.")
    said += [
        f"The same files were handed in under {len(names)} names: {', '.join(names)}. Perhaps somebody handed in twice."
        for names in _equal(graded)
    ]
    looks = sum(1 for one in graded if one.gates)
    if looks:
        said.append(f"In {looks} a gate asks a person to look before the total is used.")
    return said


def _equal(graded: tuple[Member, ...]) -> list[list[str]]:
    """Ids of submissions whose every file is the same."""
    by_digest: dict[str, list[str]] = {}
    for one in graded:
        by_digest.setdefault(one.submission_digest or one.id, []).append(one.id)
    return [names for names in by_digest.values() if len(names) > 1]


def _spread(cohort: Cohort) -> SpreadBlock | None:
    spread = cohort.distribution
    if spread is None:
        return None
    show = numbers.points
    sentence = (
        f"{spread.members} automatic totals, from {show(spread.lowest)} to {show(spread.highest)} of 100. Half of them lie "
        f"between {show(spread.lower_quartile)} and {show(spread.upper_quartile)}; the middle one is {show(spread.median)}."
    )
    bins = tuple(BinRow(f"{one.low:g} to {one.high:g}", one.fully_measured, one.partly_measured) for one in spread.bins)
    return SpreadBlock(sentence, bins)


def _member(one: Member) -> MemberRow:
    totals, place = one.totals, one.ladder
    interval = numbers.interval(place.low, place.high) if place else ""
    result = numbers.number(place.value) if place else "not measured"
    asks = [numbers.many(len(one.gates), "gate")] if one.gates else []
    asks += [numbers.many(len(one.red_flags), "red flag")] if one.red_flags else []
    return MemberRow(
        id=one.id,
        link=_link(one),
        state=wording.UNRATED if one.status == "provisional" else wording.STATUS[one.status or "not_gradable"],
        automatic=numbers.points(totals.automatic if totals else None),
        measured=numbers.percent(totals.automatic_coverage if totals else None),
        reachable=f"{totals.low:.0f} to {totals.high:.0f}" if totals else "not measured",
        result=f"{result} ({interval})" if interval else result,
        asks=", ".join(asks) or "nothing",
        took=numbers.seconds(one.wall_s),
    )


def _link(one: Member) -> str:
    """Only a path that the batch itself makes; anything else is no link."""
    expected = f"runs/{one.id}/report.html"
    plain = one.id.replace("-", "").replace("_", "").replace(".", "").isalnum() and one.id.isascii()
    return expected if one.report == expected and plain else ""


def _criterion(one: CriterionSpread) -> CriterionRow:
    quartiles = (
        f"{numbers.percent(one.lower_quartile)} to {numbers.percent(one.upper_quartile)}" if one.median is not None else ""
    )
    return CriterionRow(
        title=one.title,
        id=one.id,
        measured=f"{one.measured} of {one.of}",
        quartiles=quartiles,
        median=numbers.percent(one.median) if one.median is not None else "",
    )


def _footing(cohort: Cohort) -> tuple[Pair, ...]:
    return (
        Pair("Pack, as candidates saw it", cohort.public_digest),
        Pair("Pack, as it grades", cohort.grading_digest),
        Pair("Environment", cohort.environment_digest),
        Pair("Footing of all members", cohort.footing),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("." if text and not text.endswith(".") else "")
