"""Our own pictures: well-formed, of sane sizes, true to their numbers, and never by colour alone."""

import re
from xml.etree import ElementTree as Xml

import pytest

from reports import charts
from reports.rows import ProfileRow
from reports.view import view
from tests.reports.builders import graded_report, make_report, not_gradable_report
from tests.reports.hostile import HOSTILE, poisoned

NAMESPACE = "{http://www.w3.org/2000/svg}"


def row(by_checks: float, by_people: float, open_: float, *, has_floor: bool = False) -> ProfileRow:
    return ProfileRow(
        id="DATA", title="Data", weight="12", automatic="", people="", state="", floor="",
        by_checks=by_checks, by_people=by_people, open=open_, has_floor=has_floor, applies=True, anchor="",
    )  # fmt: skip


def widths(picture: str) -> dict[str, float]:
    rects = Xml.fromstring(picture).iter(f"{NAMESPACE}rect")
    return {rect.attrib["class"]: float(rect.attrib["width"]) for rect in rects}


def pictures(report: object) -> list[str]:
    shown = view(report)  # type: ignore[arg-type]
    made = [charts.total_track(shown.total), charts.timeline(shown.run.steps), *map(charts.profile_bar, shown.profile)]
    return made + ([charts.ladder(shown.ladder)] if shown.ladder else [])


def test_checks_are_solid_people_outlined_and_open_parts_hatched() -> None:
    picture = charts.profile_bar(row(0.3, 0.2, 0.4))

    assert widths(picture) == pytest.approx({"track": 239, "checks": 71.4, "people": 46.6, "openbox": 95.2}, abs=0.11)
    assert 'class="hatch"' in picture


def test_nothing_open_means_nothing_hatched() -> None:
    assert "hatch" not in charts.profile_bar(row(0.5, 0.5, 0))


def test_a_must_have_carries_its_floor_mark_at_level_two() -> None:
    marked = Xml.fromstring(charts.profile_bar(row(0.3, 0.2, 0, has_floor=True)))
    (mark,) = [line for line in marked.iter(f"{NAMESPACE}line") if line.attrib["class"] == "floor"]

    assert float(mark.attrib["x1"]) == pytest.approx(1 + 0.4 * 238, abs=0.06)
    assert "floor" not in charts.profile_bar(row(0.3, 0.2, 0))


def test_a_hatching_stays_within_its_box() -> None:
    picture = charts.profile_bar(row(0.2, 0, 0.05))
    path = re.search(r'class="hatch" d="([^"]+)"', picture)
    assert path is not None
    numbers = [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.]+) ([\d.]+)", path.group(1))]
    left = 1 + 0.2 * 238

    assert numbers
    assert all(left - 0.1 <= x <= left + 0.05 * 238 + 0.1 and 2.9 <= y <= 15.1 for x, y in numbers)


def test_the_ladder_shows_the_point_its_interval_and_the_declared_value() -> None:
    ladder = view(make_report()).ladder
    assert ladder is not None
    picture = Xml.fromstring(charts.ladder(ladder))
    (point,) = picture.iter(f"{NAMESPACE}circle")
    spread = next(line for line in picture.iter(f"{NAMESPACE}line") if line.attrib["class"] == "spread")

    assert float(spread.attrib["x1"]) < float(point.attrib["cx"]) < float(spread.attrib["x2"])
    words = [text.text for text in picture.iter(f"{NAMESPACE}text")]
    assert {"dummy", "naive", "reference", "strong", "measured 0.58"} <= set(words)
    assert "declared 0.91 (self-reported, beyond the ladder)" in words


def test_a_ladder_without_a_result_shows_only_its_rungs_and_what_was_declared() -> None:
    ladder = view(not_gradable_report()).ladder
    assert ladder is not None

    assert "<circle" not in charts.ladder(ladder)
    assert "spread" not in charts.ladder(ladder)


def test_a_step_that_was_stopped_is_hatched_in_the_timeline_and_told_in_the_title() -> None:
    picture = charts.timeline(view(not_gradable_report()).run.steps)

    assert "train 10 min, was stopped at its time limit of 600 s" in picture
    assert "hatch" in picture


def test_lines_of_the_total_are_drawn_only_once_people_have_rated() -> None:
    assert "line 70" in charts.total_track(view(graded_report()).total)
    assert "line 70" not in charts.total_track(view(make_report()).total)


@pytest.mark.parametrize("report", [make_report(), graded_report(), not_gradable_report()], ids=lambda report: report.status)
def test_pictures_have_sane_sizes_and_stay_within_them(report: object) -> None:
    for text in pictures(report):
        picture = Xml.fromstring(text)
        width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
        assert picture.attrib["viewBox"] == f"0 0 {width:g} {height:g}"
        assert 100 <= width <= 912
        assert 10 <= height <= 400
        for part in picture.iter(f"{NAMESPACE}rect"):
            assert -0.6 <= float(part.attrib["x"]) <= width + 0.6
            assert float(part.attrib["x"]) + float(part.attrib["width"]) <= width + 0.6


@pytest.mark.parametrize("text", HOSTILE)
def test_pictures_are_well_formed_whatever_a_submission_says(text: str) -> None:
    for picture in pictures(poisoned(text)):
        assert {one.tag for one in Xml.fromstring(picture).iter()} <= {
            f"{NAMESPACE}{name}" for name in ("svg", "title", "rect", "line", "path", "text", "circle")
        }


def test_pictures_hold_no_ids_links_or_styles() -> None:
    for picture in pictures(graded_report()):
        assert not re.search(r'\b(id|href|style|on\w+)="', picture)
