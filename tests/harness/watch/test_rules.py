"""When a push came, which one counts, and whether it may be graded now."""

from hypothesis import given
from hypothesis import strategies as st

from harness.watch.config import Watched
from harness.watch.rules import (
    SETTLES_UNSEEN_S,
    Push,
    PushState,
    Sight,
    Standing,
    arrival,
    counted,
    is_settled,
    may_grade,
    what_counts,
)

DEADLINE = 1_000.0


def watched(**values: object) -> Watched:
    return Watched(**{"candidate": "heron", "repository": "/nowhere", "deadline": DEADLINE, "most_graded": 3, **values})  # type: ignore[arg-type]


def sight(commit: str | None, seen_at: float, absent_at: float | None = 0.0, ref: str = "HEAD") -> Sight:
    return Sight(int(seen_at), ref, commit, absent_at, seen_at)


def push(commit: str, state: PushState = "kept", first_seen: float = 1.0, **values: object) -> Push:
    return Push("heron", commit, first_seen, state, **values)  # type: ignore[arg-type]


def standing(*sights: Sight, pushes: tuple[Push, ...] = (), looked: float | None = None) -> Standing:
    names = dict.fromkeys(one.commit for one in sights if one.commit)
    given_names = {one.commit for one in pushes}
    rest = tuple(push(name) for name in names if name not in given_names)
    return Standing(sights, (*pushes, *rest), looked)


def test_what_was_seen_by_the_deadline_is_in_time() -> None:
    assert arrival(sight("a", DEADLINE), DEADLINE) == "in_time"


def test_what_was_not_there_at_the_deadline_is_late() -> None:
    assert arrival(sight("a", DEADLINE + 5, absent_at=DEADLINE), DEADLINE) == "late"


def test_a_look_on_each_side_of_the_deadline_leaves_it_open() -> None:
    assert arrival(sight("a", DEADLINE + 5, absent_at=DEADLINE - 5), DEADLINE) == "unclear"


def test_a_first_look_after_the_deadline_leaves_it_open() -> None:
    assert arrival(sight("a", DEADLINE + 5, absent_at=None), DEADLINE) == "unclear"


def test_without_a_deadline_nothing_is_late() -> None:
    assert arrival(sight("a", 1e12, absent_at=1e11), None) == "in_time"


def test_the_last_push_in_time_counts() -> None:
    found = counted(watched(), standing(sight("a", 10), sight("b", 20, 10), sight("c", 1100, 1050)))

    assert found is not None
    assert found.commit == "b"


def test_a_branch_that_goes_back_makes_the_earlier_commit_count_again() -> None:
    found = counted(watched(), standing(sight("a", 10), sight("b", 20, 10), sight("a", 30, 20)))

    assert found is not None
    assert found.commit == "a"


def test_a_deleted_branch_does_not_take_the_work_with_it() -> None:
    found = counted(watched(), standing(sight("a", 10), sight(None, 20, 10)))

    assert found is not None
    assert found.commit == "a"


def test_a_deleted_branch_gives_way_to_one_that_is_still_there() -> None:
    one = watched(branches=("main", "work"))
    main, work = "refs/heads/main", "refs/heads/work"

    found = counted(one, standing(sight("a", 10, ref=main), sight("b", 20, 10, ref=work), sight(None, 30, 20, ref=work)))

    assert found is not None
    assert found.commit == "a"


def test_a_tag_counts_where_tags_count_and_the_branch_where_there_is_none() -> None:
    one, tag = watched(counted="tagged"), "refs/tags/submission"
    without = standing(sight("a", 10), sight("b", 20, 10))
    tagged = standing(sight("a", 10), sight("b", 20, 10), sight("a", 30, 20, ref=tag))
    late = standing(sight("a", 10), sight("b", 20, 10), sight("a", 1100, 1050, ref=tag))

    assert [found.commit for found in (counted(one, each) for each in (without, tagged, late)) if found] == ["b", "a", "b"]


def test_one_grading_is_held_back_for_what_stands_at_the_deadline() -> None:
    done = (push("a", "graded"), push("b", "graded"))
    before = standing(sight("a", 10), sight("b", 20, 10), sight("c", 30, 20), pushes=done, looked=30)
    after = standing(sight("a", 10), sight("b", 20, 10), sight("c", 30, 20), pushes=done, looked=DEADLINE)

    assert may_grade(watched(), before, now=40) is None
    found = may_grade(watched(), after, now=DEADLINE + 1)
    assert found is not None
    assert found.commit == "c"


def test_with_one_grading_the_holdout_is_scored_once_at_the_deadline() -> None:
    one = watched(most_graded=1)

    assert may_grade(one, standing(sight("a", 10), looked=10), now=20) is None
    assert may_grade(one, standing(sight("a", 10), looked=DEADLINE), now=DEADLINE) is not None


def test_a_late_push_is_never_graded() -> None:
    late = standing(sight("a", 10), sight("b", 1100, 1050), pushes=(push("a", "graded"),), looked=1100)

    assert may_grade(watched(), late, now=1200) is None


def test_an_extension_brings_a_late_push_in() -> None:
    late = standing(sight("a", 10), sight("b", 1100, 1050), pushes=(push("a", "graded"),), looked=1100)

    found = may_grade(watched(deadline=2_000.0), late, now=1200)

    assert found is not None
    assert found.commit == "b"


def test_a_push_that_was_replaced_before_its_turn_gives_way() -> None:
    found = may_grade(watched(), standing(sight("a", 10), sight("b", 20, 10), looked=20), now=30)

    assert found is not None
    assert found.commit == "b"


def test_the_deadline_is_settled_by_a_look_after_it_or_by_long_silence() -> None:
    blind = standing(sight("a", 10), looked=DEADLINE - 5)

    assert not is_settled(watched(), blind, DEADLINE + 60)
    assert is_settled(watched(), blind, DEADLINE + SETTLES_UNSEEN_S)
    assert is_settled(watched(), standing(sight("a", 10), looked=DEADLINE), DEADLINE + 1)


def test_when_every_grading_is_used_the_last_graded_push_stands_and_that_is_said() -> None:
    done = tuple(push(name, "graded", float(number)) for number, name in enumerate("abc"))
    used = standing(*(sight(name, 10 + number) for number, name in enumerate("abcd")), pushes=done, looked=DEADLINE)

    commit, note = what_counts(watched(), used)

    assert commit == "c"
    assert "all 3 gradings are used" in note


def test_an_open_arrival_is_said_to_a_person() -> None:
    _, note = what_counts(watched(), standing(sight("a", 1100, 900), looked=1100))

    assert "is not known" in note


MOVES = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 400)), max_size=12)


@given(moves=MOVES, most=st.integers(1, 4), end=st.integers(1, 3_000))
def test_no_history_is_graded_more_often_than_allowed_and_what_counts_at_the_end_is(
    moves: list[tuple[str, int]], most: int, end: int
) -> None:
    """Play any history of pushes, grading whatever may be graded at each look, with a look at the deadline."""
    rule = watched(most_graded=most, deadline=float(end))
    sights: list[Sight] = []
    states: dict[str, PushState] = {}
    now, before = 0.0, None
    for commit, pause in [*moves, (moves[-1][0] if moves else "a", 10_000)]:
        for moment in sorted({now + pause, *([float(end)] if now < end <= now + pause else [])}):
            arrived = commit if moment == now + pause else (sights[-1].commit if sights else None)
            if arrived and (not sights or sights[-1].commit != arrived):
                sights.append(Sight(len(sights), "HEAD", arrived, before, moment))
                states.setdefault(arrived, "kept")
            before = moment
            known = Standing(tuple(sights), tuple(push(name, state) for name, state in states.items()), moment)
            found = may_grade(rule, known, moment)
            if found is not None:
                states[found.commit] = "graded"
        now += pause
    assert list(states.values()).count("graded") <= most
    last = counted(rule, Standing(tuple(sights)))
    if last is not None and now >= end:
        assert states[last.commit or ""] == "graded"
