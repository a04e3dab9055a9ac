"""The host's end of the runner's pipe, fed with everything a candidate could send if the runner were theirs."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.model.sandbox import Limits
from sandbox.frames import Phase, Receiver
from sandbox.inside import wire

LIMITS = Limits(stream_kb=4, flood_mb=1, output_mb=1, output_files=3)


def frame(kind: bytes, payload: object = b"") -> bytes:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode("ascii")
    return wire.HEADER.pack(kind, len(data)) + data


STARTED, FINISHED = frame(wire.STARTED), frame(wire.FINISHED)
ENDED = frame(wire.ENDED, {"status": 0, "timed_out": False, "starved": False, "cpu_s": 0.5, "peak_kb": 1000})


def sent_file(name: str, data: bytes) -> bytes:
    return frame(wire.FILE, {"name": name, "size": len(data)}) + (frame(wire.DATA, data) if data else b"")


def receiver(tmp_path: Path, collect: tuple[str, ...] = ("**",)) -> Receiver:
    spool = tmp_path / "spool"
    spool.mkdir(exist_ok=True)
    return Receiver(LIMITS, collect, spool)


def after(tmp_path: Path, *pieces: bytes) -> Receiver:
    """A receiver that was fed these bytes."""
    fed = receiver(tmp_path)
    for piece in pieces:
        fed.feed(piece)
    return fed


def test_a_whole_conversation_is_understood(tmp_path: Path) -> None:
    fed = after(
        tmp_path, STARTED, frame(wire.STDOUT, b"hi\n"), frame(wire.STDERR, b"oh\n"), ENDED, sent_file("a/b.csv", b"1"), FINISHED
    )

    artifacts, refused = fed.fetch(tmp_path / "out", "predict")

    assert fed.phase is Phase.FINISHED
    assert (fed.stdout.text(), fed.stderr.text()) == ("hi\n", "oh\n")
    assert [(one.path, one.size) for one in artifacts] == [("predict/a/b.csv", 1)]
    assert (tmp_path / "out" / "a" / "b.csv").read_bytes() == b"1"
    assert refused == ()


def test_bytes_may_arrive_one_by_one(tmp_path: Path) -> None:
    whole = STARTED + frame(wire.STDOUT, b"hi") + ENDED + sent_file("a", b"xyz") + FINISHED

    fed = after(tmp_path, *(whole[index : index + 1] for index in range(len(whole))))

    assert fed.phase is Phase.FINISHED
    assert [one.size for one in fed.fetch(tmp_path / "out", "s")[0]] == [3]


BROKEN = {
    "an unknown kind": STARTED + frame(b"?"),
    "output before the start": frame(wire.STDOUT, b"x"),
    "two starts": STARTED + STARTED,
    "a start with something in it": frame(wire.STARTED, b"x"),
    "a file before the end": STARTED + sent_file("a", b"x"),
    "two ends": STARTED + ENDED + ENDED,
    "output after the end": STARTED + ENDED + frame(wire.STDOUT, b"x"),
    "a giant frame": STARTED + wire.HEADER.pack(wire.STDOUT, 2**31),
    "an end that is no JSON": STARTED + frame(wire.ENDED, b"{"),
    "an end that is a list": STARTED + frame(wire.ENDED, [1]),
    "an end without fields": STARTED + frame(wire.ENDED, {}),
    "an end with other types": STARTED + frame(wire.ENDED, {"status": True, "timed_out": 0, "cpu_s": 1, "peak_kb": 1}),
    "an end with NaN": STARTED
    + frame(wire.ENDED, {"status": 0, "timed_out": False, "starved": False, "cpu_s": math.nan, "peak_kb": 1}),
    "an end with a huge number": STARTED + frame(wire.ENDED, b'{"status": ' + b"9" * 5000 + b"}"),
    "an end nested deeply": STARTED + frame(wire.ENDED, b"[" * 60_000),
    "a status out of range": STARTED
    + frame(wire.ENDED, {"status": 256, "timed_out": False, "starved": False, "cpu_s": 0.0, "peak_kb": 1}),
    "data without a file": STARTED + ENDED + frame(wire.DATA, b"x"),
    "more data than announced": STARTED + ENDED + frame(wire.FILE, {"name": "a", "size": 1}) + frame(wire.DATA, b"xy"),
    "a file that ends early": STARTED + ENDED + frame(wire.FILE, {"name": "a", "size": 9}) + FINISHED,
    "a file of negative size": STARTED + ENDED + frame(wire.FILE, {"name": "a", "size": -1}),
    "a file that is too big": STARTED + ENDED + frame(wire.FILE, {"name": "a", "size": 2**40}),
    "too many files": STARTED + ENDED + b"".join(sent_file(name, b"x") for name in "abcd"),
    "the same name twice": STARTED + ENDED + sent_file("a", b"1") + sent_file("a", b"2"),
    "a file below a file": STARTED + ENDED + sent_file("a", b"1") + sent_file("a/b", b"2"),
    "a file where a folder is": STARTED + ENDED + sent_file("a/b", b"1") + sent_file("a", b"2"),
    "something after the finish": STARTED + ENDED + FINISHED + FINISHED,
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_conversation_is_the_submission_s_failure_and_brings_nothing(case: str, tmp_path: Path) -> None:
    fed = after(tmp_path, BROKEN[case])

    artifacts, refused = fed.fetch(tmp_path / "out", "s")

    assert fed.problem
    assert artifacts == ()
    assert any("the conversation with the sandbox was broken" in reason for reason in refused)
    assert list((tmp_path / "spool").iterdir()) == []


ESCAPES = [
    "../a", "a/../../b", "/etc/passwd", "a//b", "./a", "", ".", "..", "a/.", "a\\b", "a\nb", "a\x00b", "a\x1b[0m", "\u202egpj",
    " a", "a ", "a/ /b", "\ud800", "n" * 201, "/".join("abcdefghi"), "a/" * 300 + "b",
]  # fmt: skip


@pytest.mark.parametrize("name", ESCAPES)
def test_a_name_that_is_not_a_plain_relative_path_writes_nothing(name: str, tmp_path: Path) -> None:
    fed = after(tmp_path, STARTED, ENDED, sent_file(name, b"x"), FINISHED)

    artifacts, _ = fed.fetch(tmp_path / "out", "s")

    assert fed.problem
    assert artifacts == ()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out", "spool"]


def test_a_file_that_was_not_asked_for_is_not_taken(tmp_path: Path) -> None:
    fed = receiver(tmp_path, collect=("*.csv",))

    fed.feed(STARTED + ENDED + sent_file("evil.pkl", b"x"))

    assert "not asked for" in fed.problem


def test_a_flood_keeps_head_and_tail_and_little_memory(tmp_path: Path) -> None:
    fed = after(tmp_path, STARTED, frame(wire.STDOUT, b"first "))
    for _ in range(40):
        fed.feed(frame(wire.STDOUT, b"x" * 60_000))

    assert fed.flooded
    assert fed.stdout.head.startswith("first x")
    assert len(fed.stdout.head) + len(fed.stdout.tail) <= 4096
    assert fed.stdout.dropped_bytes > 900_000


def test_a_character_at_the_cut_is_not_torn(tmp_path: Path) -> None:
    fed = after(tmp_path, STARTED, frame(wire.STDOUT, ("é🙂数" * 2000).encode()))

    assert "\\x" not in fed.stdout.text()
    kept = len(fed.stdout.head.encode()) + len(fed.stdout.tail.encode())
    assert kept + fed.stdout.dropped_bytes == len(("é🙂数" * 2000).encode())


def test_refusals_are_capped_and_made_printable(tmp_path: Path) -> None:
    one = frame(wire.REFUSED, {"name": "a\x1b[31m\n", "reason": "r" * 5000})

    fed = after(tmp_path, STARTED, ENDED, one * 5000, FINISHED)

    _, refused = fed.fetch(tmp_path / "out", "s")
    assert len(refused) <= 300
    assert all(line.isprintable() and len(line) < 700 for line in refused)


def test_a_refusal_names_what_stayed_behind(tmp_path: Path) -> None:
    fed = after(tmp_path, STARTED, ENDED, frame(wire.REFUSED, {"name": "link", "reason": "it is a link"}), FINISHED)

    assert fed.fetch(tmp_path / "out", "s") == ((), ("link: it is a link",))


pieces = st.lists(
    st.one_of(
        st.sampled_from([STARTED, ENDED, FINISHED, sent_file("a", b"x"), frame(wire.DATA, b"x"), frame(wire.STDOUT, b"y")]),
        st.binary(max_size=40),
        st.builds(
            lambda kind, payload: wire.HEADER.pack(kind, len(payload)) + payload,
            st.binary(min_size=1, max_size=1),
            st.binary(max_size=60),
        ),
        st.text(max_size=20).map(lambda name: frame(wire.FILE, {"name": name, "size": 0})),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=pieces)
def test_no_bytes_whatever_raise_or_write_outside_the_spool(
    pieces: list[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("fuzz")

    fed = after(place, *pieces)
    artifacts, refused = fed.fetch(place / "out", "s")

    written = {path.relative_to(place / "out").as_posix() for path in (place / "out").rglob("*") if path.is_file()}
    assert written == {one.name for one in artifacts}
    assert {path.name for path in place.iterdir()} <= {"out", "spool"}
    assert all(reason.isprintable() for reason in refused)
