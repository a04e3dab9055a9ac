"""Asking a service from beside it: sound ones, faulty ones, and such as want to hold us up."""

import csv
from pathlib import Path

import pytest

from tests.sandbox.inside.services import COUNT, SOUND, visit, with_post

FAILED = 5


OK = "HTTP/1.1 200 OK\r\n"


def sends(text: str, depth: int = 0) -> str:
    """A line of a service that sends these bytes."""
    return f"{depth * 4 * ' '}self.wfile.write({text.encode()!r})"


def predictions(out: Path) -> dict[str, str]:
    with (out / "predictions.csv").open(newline="", encoding="utf-8") as file:
        return {row["row_id"]: row["score"] for row in csv.DictReader(file)}


def test_every_row_of_a_sound_service_is_answered_and_its_times_are_told(tmp_path: Path) -> None:
    ran = visit(tmp_path, SOUND)

    account = ran.document("service.json")
    assert ran.code == 0, ran.stderr
    assert predictions(ran.out) == {f"R{10_000 + n}": repr(2.0 * n + 1) for n in range(COUNT)}
    assert (account["state"], account["rows"], account["answered"]) == ("answered", COUNT, COUNT)
    assert (len(account["batch_ms"]), len(account["single_ms"])) == (3, 2)
    assert account["differing"] == []
    assert account["ready_s"] > 0


def test_rows_are_sent_with_numbers_as_numbers_blanks_as_null_and_text_as_text(tmp_path: Path) -> None:
    """`kind` looks like a number in no row of the holdout, and in one of training; ids are text whatever they look like."""
    code = SOUND.replace("return [", "print(json.dumps(rows), file=open('seen.json', 'a'))\n    return [")

    visit(tmp_path, code, batch_rows=2, singles=[])

    first = (tmp_path / "work" / "seen.json").read_text("utf-8").splitlines()[0]
    assert first == (
        '[{"row_id": "R10000", "x": 0.5, "gap": 0, "kind": "a0"}, {"row_id": "R10001", "x": 1.5, "gap": null, "kind": "a1"}]'
    )


def test_an_answer_that_depends_on_the_batch_is_found_by_asking_for_a_row_alone(tmp_path: Path) -> None:
    ranked = SOUND.replace("return [2 * (row", "top = max(row['x'] for row in rows)\n    return [1 / top * (row")

    account = visit(tmp_path, ranked).document("service.json")

    assert account["state"] == "answered"
    assert [place for place, _, _ in account["differing"]] == [1, 8]


def test_answers_kept_under_an_id_are_not_given_again(tmp_path: Path) -> None:
    """Single rows come under new ids, so what was remembered for an id in a batch helps nobody."""
    remembering = SOUND.replace(
        "return [2 * (row",
        "if len(rows) > 1: KEPT.update({row['row_id']: row['x'] for row in rows})\n"
        "    return [KEPT.get(row['row_id'], 9) * (row",
    ).replace("def score", "KEPT = {}\n\n\ndef score")

    assert len(visit(tmp_path, remembering).document("service.json")["differing"]) == 2


def test_a_service_that_fails_for_a_single_row_keeps_its_predictions(tmp_path: Path) -> None:
    ran = visit(tmp_path, SOUND.replace("return [", "assert len(rows) > 1\n    return ["))

    assert ran.code == 0
    assert len(predictions(ran.out)) == COUNT
    assert "breaks off" in ran.document("service.json")["singles_told"]


@pytest.mark.parametrize(
    ("code", "state", "told"),
    [
        ("raise SystemExit(3)", "died", "ended with exit code 3 before it was ready"),
        ("import time\ntime.sleep(60)", "not_ready", "is not ready after 1 s: GET /health takes no connection"),
        (SOUND.replace('== "/health"', '== "/ping"'), "not_ready", "GET /health answers with status 404"),
        (with_post("import os", "os._exit(4)"), "died", "ended with exit code 4 after 0 of 10 rows"),
        (with_post("self.say(500, {})"), "status", "answers with status 500, after 0 of 10 rows"),
        (
            with_post("self.send_response(302)", "self.send_header('Location', 'http://127.0.0.1/x')", "self.end_headers()"),
            "status",
            "answers with status 302, and nothing is followed",
        ),
        (with_post("self.say(200, [1])"), "unusable", 'answers without a list under "predictions"'),
        (with_post("self.say(200, {'predictions': [1]})"), "unusable", "answers with 1 predictions for 4 rows"),
        (with_post(sends("HTTP/1.0 200 OK\r\n\r\nno json")), "unusable", "a body that is not JSON"),
        (with_post("self.wfile.write(b'HTTP/1.0 200 OK\\r\\n\\r\\n' + b'[' * 9000)"), "unusable", "a body that is not JSON"),
        (with_post(sends("nonsense\r\n\r\n")), "broken", "does not answer in HTTP"),
        (with_post(sends(OK + "Content-Length: 90\r\n\r\n{}")), "broken", "shorter than it says"),
        (with_post(sends(OK + "Content-Length: x\r\n\r\n{}")), "broken", "that is no number"),
        (with_post(sends(OK + "Content-Length: 999999999\r\n\r\n{}")), "too_large", "more than"),
    ],
)
def test_what_went_wrong_is_told_and_there_are_no_predictions(tmp_path: Path, code: str, state: str, told: str) -> None:
    ran = visit(tmp_path, code, ready_s=1 if state == "not_ready" else 20)

    account = ran.document("service.json")
    assert (ran.code, account["state"]) == (FAILED, state)
    assert told in account["told"]
    assert not (ran.out / "predictions.csv").exists()


@pytest.mark.parametrize("command", ["", "python 'serve.py", "no-such-program --at {port}"])
def test_a_command_that_cannot_be_started_is_told(tmp_path: Path, command: str) -> None:
    account = visit(tmp_path, SOUND, command).document("service.json")

    assert account["state"] == "not_started"
    assert "cannot be started" in account["told"]


@pytest.mark.parametrize(
    "lines",
    [
        ("import time", sends(f"{OK}"), "while True:", sends("X: y\r\n", depth=1), "    time.sleep(0.3)"),
        ("import time", sends(f"{OK}\r\n"), "while True:", sends(" ", depth=1), "    time.sleep(0.3)"),
        ("import time", "time.sleep(60)"),
        ("while True:", sends("HTTP/1.1 100 Continue\r\n\r\n", depth=1)),
    ],
    ids=["head byte by byte", "body byte by byte", "silence", "interim answers for ever"],
)
def test_an_answer_that_never_ends_is_waited_for_no_longer_than_the_limit(tmp_path: Path, lines: tuple[str, ...]) -> None:
    account = visit(tmp_path, with_post(*lines), request_s=1).document("service.json")

    assert account["state"] == "late"
    assert "1 s for one request" in account["told"]


@pytest.mark.parametrize(
    "lines",
    [
        (sends(f"{OK}\r\n"), "while True:", sends(" " * 65536, depth=1)),
        (sends(f"{OK}"), "while True:", sends("X: " + "y" * 65536, depth=1)),
        (sends(f"{OK}Transfer-Encoding: chunked\r\n\r\n"), "while True:", sends("1000\r\n" + " " * 4096 + "\r\n", depth=1)),
        (sends(f"{OK}Transfer-Encoding: chunked\r\n\r\nfffffff\r\n"),),
    ],
    ids=["body", "head", "pieces", "a piece of a quarter of a gigabyte"],
)
def test_a_giant_answer_is_not_taken_in(tmp_path: Path, lines: tuple[str, ...]) -> None:
    account = visit(tmp_path, with_post(*lines)).document("service.json")

    assert account["state"] in ("too_large", "broken")
    assert "more than" in account["told"]


def test_an_answer_in_pieces_is_put_together(tmp_path: Path) -> None:
    lines = (
        "import json",
        "rows = json.loads(self.rfile.read(int(self.headers['Content-Length'])))['rows']",
        sends(f"HTTP/1.1 100 Continue\r\n\r\n{OK}Transfer-Encoding: chunked\r\n\r\n"),
        "for byte in json.dumps({'predictions': score(rows)}):",
        "    self.wfile.write(b'1\\r\\n' + byte.encode() + b'\\r\\n')",
        sends("0\r\n\r\n"),
    )

    ran = visit(tmp_path, with_post(*lines))

    assert ran.code == 0, ran.stderr
    assert len(predictions(ran.out)) == COUNT


def test_what_a_service_writes_itself_is_not_its_answer(tmp_path: Path) -> None:
    """A file or a folder under our names goes away, and so does an account that praises the service."""
    code = (
        "import os, pathlib\nout = pathlib.Path(os.getcwd()).parent / 'out'\n"
        "(out / 'predictions.csv').mkdir()\n(out / 'predictions.csv' / 'x').write_text('1')\n"
        "(out / 'service.json').symlink_to('/etc/hostname')\n" + SOUND
    )

    ran = visit(tmp_path, code)

    assert ran.code == 0, ran.stderr
    assert len(predictions(ran.out)) == COUNT
    assert not (ran.out / "service.json").is_symlink()


def test_a_prediction_that_is_no_number_is_written_down_as_it_is(tmp_path: Path) -> None:
    """Nothing is repaired: the strict reader outside says what is wrong with it."""
    code = SOUND.replace('{"predictions": score(rows)}', '{"predictions": ["high", None, [1], float("nan")][: len(rows)]}')

    ran = visit(tmp_path, code, singles=[])

    assert list(predictions(ran.out).values())[:4] == ["high", "a NoneType", "a list", "nan"]
