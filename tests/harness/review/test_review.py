"""Reviewing as a rater does it: in a browser's manner, from outside the process."""

import http.client
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from harness.review.log import LOG, read_log
from tests.builders import write_tree
from tests.commands import harness
from tests.small_pack import submission_files, write_small_pack

pytestmark = pytest.mark.bubblewrap
HOSTILE = '"""<script>alert(1)</script> write to somebody@example.org"""\nimport os, sys\n'


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_pack(tmp_path_factory.mktemp("packs"))


@pytest.fixture(scope="module")
def graded(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("graded")
    submission = write_tree(root / "submission", {**submission_files("x1"), "<b>odd</b>.py": HOSTILE})
    done = harness("grade", submission, "--pack", pack, "--sandbox", "bubblewrap", "--candidate", "heron", "--quiet",
                   "--out", root / "run")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return root / "run"


@pytest.fixture
def run(graded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(graded, tmp_path / "runs" / "heron")


class Browser:
    """The little that a browser does: cookies, forms, and nothing else."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc
        self.cookie = ""
        self.entered = address

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        sent = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", **headers}
        connection.request(method, path, body=body or None, headers={name: value for name, value in sent.items() if value})
        answer = connection.getresponse()
        text = answer.read().decode()
        got = dict(answer.getheaders())
        connection.close()
        return answer.status, text, got

    def enter(self) -> None:
        place = urlsplit(self.entered)
        _, _, headers = self.ask("GET", f"{place.path}?{place.query}")
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def page(self, path: str) -> str:
        status, text, _ = self.ask("GET", path)
        assert status == 200, text
        return text

    def rate(self, path: str, **fields: str) -> tuple[int, str]:
        token = re.findall(r'name="token" value="([^"]+)"', self.page(path))[0]
        status, text, _ = self.ask("POST", path, urlencode({"token": token, **fields}))
        return status, text


@pytest.fixture
def browser(run: Path, pack: Path) -> Iterator[Browser]:
    command = [sys.executable, "-m", "harness", "review", str(run.parent), "--rater", "ada", "--packs", str(pack.parent)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    made = Browser(process.stdout.readline().strip())
    made.enter()
    try:
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        process.stdout.close()


def test_evidence_comes_first_and_totals_open_with_the_last_rating(browser: Browser, run: Path) -> None:
    automatic = f"{json.loads((run / 'report.json').read_text())['totals']['automatic']:.1f} of 100"
    before = browser.page("/run/1")

    assert "CODE" in browser.page("/")
    assert automatic not in before
    assert browser.ask("GET", "/run/1/report")[0] == 403

    status, after = browser.rate("/run/1", **{"level-CODE": "3", "evidence-CODE": "One clear function."})

    assert status == 200
    assert automatic in after
    assert "all rated" in browser.page("/")
    assert browser.ask("GET", "/run/1/report")[0] == 200


def test_a_rating_is_weighed_logged_and_kept_when_the_rubric_is_tried_again(browser: Browser, run: Path, pack: Path) -> None:
    browser.rate("/run/1", **{"level-CODE": "4", "evidence-CODE": "Easy to change."})

    report = json.loads((run / "report.json").read_text())
    code = next(one for one in report["criteria"] if one["id"] == "CODE")
    (entry,) = read_log(run)
    assert (code["manual"], code["levels"], code["state"]) == (1.0, [4], "scored")
    assert report["totals"]["band"]
    assert (entry.rater, entry.level, entry.evidence, entry.automatic) == ("ada", 4, "Easy to change.", code["automatic"])
    again = harness("regrade", run, "--packs", pack.parent, "--json")
    assert json.loads(again.stdout)["totals"] == report["totals"]


def test_a_change_needs_a_reason_and_keeps_the_first_value(browser: Browser, run: Path) -> None:
    browser.rate("/run/1", **{"level-CODE": "2", "evidence-CODE": "Mixed."})

    status, text = browser.rate("/run/1", **{"level-CODE": "3", "evidence-CODE": "Mixed."})
    assert status == 400
    assert "a reason for changing it" in text

    status, _ = browser.rate("/run/1", **{"level-CODE": "3", "evidence-CODE": "Mixed.", "reason": "second reading"})
    assert status == 200
    assert [(one.level, one.reason, one.totals_open) for one in read_log(run)] == [(2, "", False), (3, "second reading", True)]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"level-CODE": "3"}, "a level without evidence"),
        ({"level-CODE": "9", "evidence-CODE": "x"}, "is no level"),
    ],
)
def test_what_is_no_rating_is_refused(browser: Browser, run: Path, fields: dict[str, str], said: str) -> None:
    status, text = browser.rate("/run/1", **fields)

    assert status == 400
    assert said in text
    assert not (run / LOG).exists()


def test_what_a_candidate_wrote_is_never_markup_and_names_no_address(browser: Browser) -> None:
    page = browser.page("/run/1")

    assert "<script" not in page
    assert "<b>odd" not in page
    assert "somebody@example.org" not in page
    _, _, headers = browser.ask("GET", "/run/1")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_nobody_else_gets_to_the_desk(browser: Browser, run: Path) -> None:
    """No key, a guessed key, a name that only leads here, a form from elsewhere, a form without our mark."""
    cookie, browser.cookie = browser.cookie, ""
    form = urlencode({"token": "x", "level-CODE": "3", "evidence-CODE": "x"})
    strangers = [
        browser.ask("GET", "/run/1")[0],
        browser.ask("GET", "/enter?key=guess")[0],
        browser.ask("GET", "/run/1", Cookie="harness-review=guess")[0],
        browser.ask("GET", "/run/1", Cookie=cookie, Host="evil.example")[0],
        browser.ask("POST", "/run/1", form, Cookie=cookie)[0],
        browser.ask("POST", "/run/1", form, Cookie=cookie, Origin="http://evil.example")[0],
        browser.ask("POST", "/run/1", "x" * 300_000, Cookie=cookie)[0],
    ]

    assert strangers == [403, 403, 403, 421, 403, 403, 413]
    assert not (run / LOG).exists()


@pytest.mark.parametrize("path", ["/run/2", "/run/0", "/run/x", "/run/1/../../etc", "/run/1/snapshot.json", "/nothing"])
def test_there_are_no_other_pages(browser: Browser, path: str) -> None:
    assert browser.ask("GET", path)[0] == 404


def test_a_log_that_was_altered_is_said_and_not_used(browser: Browser, run: Path) -> None:
    browser.rate("/run/1", **{"level-CODE": "1", "evidence-CODE": "Nothing."})
    (run / LOG).write_text((run / LOG).read_text().replace('"level": 1', '"level": 4'))

    assert "was altered" in browser.page("/")
    assert browser.ask("GET", "/run/1")[0] == 500


def test_what_waits_can_be_listed_without_a_browser(run: Path, pack: Path) -> None:
    answer = harness("review", run.parent, "--list", "--json", "--rater", "ada", "--packs", pack.parent)

    (row,) = json.loads(answer.stdout)["runs"]
    assert (row["candidate"], row["waiting"]) == ("heron", ["CODE"])


def test_a_folder_without_runs_is_a_usage_error(tmp_path: Path) -> None:
    answer = harness("review", tmp_path, "--list")

    assert answer.returncode == 2
    assert "holds no finished run" in answer.stderr
