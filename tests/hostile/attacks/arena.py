"""The arena: the real command line meets an attack, and what it left behind is looked at from outside.

Every command gets a folder for temporary files of its own, so that what is left there is certainly its own. Every
report is read by strict readers, whatever the test is about.
"""

import base64
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

from tests.commands import plain_environment, start

TIMEOUT = 240
SIDE_BY_SIDE = 3
WELL = (0, 1)
"""Exit codes of a submission that was graded, whatever its mark."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CI_COMMAND = re.compile(r"^\s*(::[a-z-]+|##\[|##vso\[)", re.MULTILINE)
Content = str | bytes


def write_files(root: Path, files: Mapping[str, Content]) -> Path:
    """A submission: files by relative path."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return root


@dataclass(frozen=True)
class Canary:
    """A secret that must turn up nowhere."""

    text: str

    def forms(self) -> tuple[bytes, ...]:
        """Plain, reversed, in hex, and in base64 at each of its three alignments."""
        plain = self.text.encode()
        shifted = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
        return (plain, plain[::-1], plain.hex().encode(), *shifted)

    def where_found(self, *texts: bytes) -> bytes | None:
        """The form in which it is in one of these texts."""
        return next((form for text in texts for form in self.forms() if form in text), None)


def new_canary() -> Canary:
    return Canary(f"hxcanary-{os.urandom(16).hex()}")


@dataclass(frozen=True)
class Told:
    """What a command said, what it left, and how much memory it took at most."""

    code: int
    stdout: str
    stderr: str
    temporary: Path
    run: Path | None = None
    peak_mb: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output, read strictly."""
        assert self.code in WELL, f"exit code {self.code}: {self.stderr[-3000:]}"
        document: dict[str, Any] = strict_json(self.stdout)
        return document

    def step(self, name: str) -> dict[str, Any]:
        return next(step for step in self.document["runs"]["steps"] if step["name"] == name)

    def check(self, name: str) -> dict[str, Any]:
        return next(check for check in self.document["checks"] if check["check"] == name)

    def rules(self, name: str) -> set[str]:
        return {finding["rule"] for finding in self.check(name)["findings"]}

    def printed(self, step: str, stream: str = "stdout") -> str:
        captured = self.step(step)[stream]
        return str(captured["head"] + captured["tail"])

    def artifacts(self, step: str) -> dict[str, int]:
        return {one["name"]: one["size"] for one in self.step(step)["artifacts"]}

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All bytes that the command left, but for the submission's own copy."""
        yield "standard output", self.stdout.encode("utf-8", "surrogatepass")
        yield "standard error", self.stderr.encode("utf-8", "surrogatepass")
        for path in sorted(self.run.rglob("*")) if self.run else ():
            if path.is_file() and not path.is_symlink() and "submission" not in path.relative_to(self.run or path).parts[:1]:
                yield str(path), path.read_bytes()


@dataclass(frozen=True)
class Arena:
    """Where commands run: a back end, a pack, and an environment that holds secrets."""

    root: Path
    backend: str = "bubblewrap"
    pack: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def harness(
        self, *words: str | Path, run: Path | None = None, cwd: Path | None = None, fresh: bool = False, **environment: str
    ) -> Told:
        """`harness` with these words, as a person would give them."""
        temporary = new_folder(self.root, "tmp")
        chosen = {**plain_environment(), **self.environment, "TMPDIR": str(temporary), **environment}
        ended = start(words, cwd or self.root, chosen, fresh=fresh, seconds=TIMEOUT)
        stdout, stderr = (said.decode("utf-8", "strict") for said in (ended.stdout, ended.stderr))
        told = Told(ended.code, stdout, stderr, temporary, run, ended.peak_mb)
        expect_nothing_left(told)
        return told

    def grade(self, submission: Path | str, *more: str | Path, name: str = "run", **others: Any) -> Told:
        """`harness grade --json`: the answer, and the run folder that was checked by strict readers."""
        run = new_folder(self.root, name) / "run"
        assert self.pack is not None
        words = ("grade", submission, "--pack", self.pack, "--sandbox", self.backend, "--out", run, "--json", *more)
        told = self.harness(*words, run=run, **others)
        if told.code in WELL:
            expect_sound_reports(told)
        return told

    def grade_into(self, out: Path, submission: Path, **others: Any) -> Told:
        """`harness grade` as a person reads it, into a folder of one's own choice."""
        assert self.pack is not None
        words = ("grade", submission, "--pack", self.pack, "--sandbox", self.backend, "--out", out)
        return self.harness(*words, **others)

    def submit_all(self, submissions: Mapping[str, Mapping[str, Content]]) -> dict[str, Told]:
        """Each graded, a few side by side: most of them only wait."""
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return dict(zip(submissions, pool.map(self.submit, submissions.values()), strict=True))

    def submit(self, files: Mapping[str, Content], *more: str | Path, **others: Any) -> Told:
        return self.grade(write_files(new_folder(self.root, "given"), files), *more, **others)


def new_folder(root: Path, name: str) -> Path:
    """A folder of this name that was not there before."""
    for number in count():
        with suppress(FileExistsError):
            (root / f"{name}-{number}").mkdir(parents=True)
            return root / f"{name}-{number}"
    raise AssertionError(name)


def expect_nothing_left(told: Told) -> None:
    """No temporary file, no control group of a dead process, no words of a traceback."""
    left = sorted(path.name for path in told.temporary.iterdir())
    assert left == [], f"left behind: {left}"
    assert "Traceback (most recent call last)" not in told.stderr
    assert not _CONTROLS.search(told.stderr), repr(told.stderr[-2000:])
    assert not _CI_COMMAND.search(told.stderr), told.stderr[-2000:]


def expect_sound_reports(told: Told) -> None:
    """Every file of the run is read by a reader that forgives nothing."""
    run = told.run
    assert run is not None
    for record in run.glob("*.json"):
        strict_json(record.read_text("utf-8"))
    assert strict_json((run / "report.json").read_text("utf-8")) == told.document
    for line in (run / "events.jsonl").read_text("utf-8").splitlines():
        strict_json(line)
    strict_json((run / "report.sarif").read_text("utf-8"))
    ElementTree.fromstring((run / "report.junit.xml").read_bytes())
    page = read_page((run / "report.html").read_text("utf-8"))
    assert page.scripts == 0
    assert page.outside == []
    told_plainly = (run / "report.md").read_text("utf-8")
    assert not _CONTROLS.search(told_plainly)
    assert not _CI_COMMAND.search(told_plainly)
    for path in run.rglob("*"):
        assert not path.is_symlink(), f"a link in the run folder: {path}"
        assert path.is_dir() or path.is_file(), f"neither file nor folder: {path}"
        assert not path.stat().st_mode & 0o6000, f"lends rights: {path}"


def strict_json(text: str) -> Any:
    """JSON without NaN, without keys that are there twice, without text that is no Unicode."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} in JSON")

    document = json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


class Page(HTMLParser):
    """What a browser would find active in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts = 0
        self.outside: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.scripts += tag in ("script", "iframe", "object", "embed", "form", "base", "foreignobject")
        for name, value in attrs:
            self.scripts += name.startswith("on") or "javascript:" in (value or "").lower().replace(" ", "")
            if name in ("href", "src", "srcset", "action", "poster", "xlink:href") and not re.match(
                r"#|data:image/", value or ""
            ):
                self.outside.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read_page(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def processes_with(word: str) -> list[int]:
    """Processes of the host whose arguments or environment hold this word."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        if place.name != str(os.getpid()):
            try:
                data = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
            except OSError:
                continue
            if word.encode() in data:
                found.append(int(place.name))
    return found


def gone(word: str, seconds: float = 5.0) -> bool:
    """Whether no process with this word is left; the kernel may need a moment to bury the dead."""
    until = time.monotonic() + seconds
    while processes_with(word):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def run_on_the_host(words: Sequence[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The positive control: the same program where nothing confines it."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
