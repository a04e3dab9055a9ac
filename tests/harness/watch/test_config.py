"""watch.yaml: strict, with every deadline as one moment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import PackError, SubmissionError, UsageError
from harness.watch.config import moment, read_plan
from tests.builders import write_yaml

ONE = [{"candidate": "heron", "repository": "heron.git"}]


def config(place: Path, **values: object) -> Path:
    return write_yaml(place / "watch.yaml", {"format": 1, "pack": "small", "candidates": ONE, **values})


def test_what_a_candidate_does_not_say_is_as_for_everybody(tmp_path: Path) -> None:
    rows = [*ONE, {"candidate": "wren", "repository": "wren.git", "max_graded_pushes": 2, "deadline": "2026-12-02T12:00Z"}]

    heron, wren = read_plan(config(tmp_path, candidates=rows, deadline="2026-12-01T12:00:00+01:00")).watched

    assert (heron.most_graded, wren.most_graded) == (5, 2)
    assert heron.deadline == datetime(2026, 12, 1, 11, tzinfo=UTC).timestamp()
    assert wren.deadline == datetime(2026, 12, 2, 12, tzinfo=UTC).timestamp()


def test_paths_are_seen_from_the_configurations_own_folder(tmp_path: Path) -> None:
    plan = read_plan(config(tmp_path))

    assert plan.watched[0].repository == str(tmp_path / "heron.git")
    assert plan.root == tmp_path / "watch"


def test_a_deadline_may_stand_without_quotes(tmp_path: Path) -> None:
    place = tmp_path / "watch.yaml"
    place.write_text(
        "format: 1\npack: small\ndeadline: 2026-12-01T12:00:00+01:00\ncandidates:\n- {candidate: a, repository: a.git}\n"
    )

    assert read_plan(place).watched[0].deadline == datetime(2026, 12, 1, 11, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("stated", "hour"),
    [
        ("2026-03-28T17:00", 16),  # winter
        ("2026-03-29T17:00", 15),  # the day that clocks went forward
        ("2026-10-25T02:30", 1),  # comes twice: the later one
    ],
)
def test_a_local_deadline_follows_the_clocks_of_its_place(stated: str, hour: int) -> None:
    assert moment(stated, "Europe/Berlin", "here").hour == hour


def test_a_deadline_that_clocks_go_forward_over_is_refused() -> None:
    with pytest.raises(PackError, match="clocks go forward over it"):
        moment("2026-03-29T02:30", "Europe/Berlin", "here")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"deadline": "2026-12-01T12:00"}, "does not say of which place"),
        ({"deadline": "2026-13-01T12:00Z"}, "is no time"),
        ({"deadline": "2026-12-01T12:00", "time_zone": "Mars/North"}, "there is no time zone"),
        ({"interval": 5}, "unknown key 'interval'; did you mean 'interval_s'"),
        ({"candidates": []}, "non-empty"),
        ({"candidates": [*ONE, {"candidate": "Heron", "repository": "b"}]}, "named twice: heron"),
        ({"candidates": [{"candidate": "../up", "repository": "b"}]}, "does not match"),
        ({"tag": "--upload-pack=x"}, "does not match"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, values: dict[str, object], said: str) -> None:
    with pytest.raises(PackError) as caught:
        read_plan(config(tmp_path, **values))

    assert said in str(caught.value)


@pytest.mark.parametrize("address", ["ext::sh -c id", "http://example.org/x", "https://example.org/x?y"])
def test_an_address_that_is_not_accepted_is_refused_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(SubmissionError):
        read_plan(config(tmp_path, candidates=[{"candidate": "heron", "repository": address}]))


def test_a_token_comes_from_the_environment_and_is_never_shown(tmp_path: Path) -> None:
    rows = [{"candidate": "heron", "repository": "https://example.org/heron.git"}]
    place = config(tmp_path, candidates=rows, token_env="GRADER_TOKEN")

    (heron,) = read_plan(place, environment={"GRADER_TOKEN": "grader:se/cret"}).watched

    assert heron.repository == "https://grader:se%2Fcret@example.org/heron.git"
    assert "cret" not in repr(heron)


def test_a_token_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="GRADER_TOKEN is not set"):
        read_plan(config(tmp_path, token_env="GRADER_TOKEN"), environment={})
