"""Fetching a remote repository into a private bare one, with everything that could run or be followed switched off.

Only here is the `git` program used: on a repository that we made, with no configuration but ours, for one protocol.
What comes back is read like any other repository that we do not trust.
"""

import base64
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from harness.errors import SubmissionError, UnreachableError, UsageError
from harness.intake.git_refs import check_commit_name, is_full_id
from harness.intake.git_url import GitUrl
from harness.intake.limits import IntakeLimits
from harness.intake.names import cleaned

_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "credential.helper": "",
    "fetch.fsckObjects": "true",
    "fetch.unpackLimit": "1",
    "gc.auto": "0",
    "http.followRedirects": "false",
    "maintenance.auto": "false",
    "pack.threads": "1",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "transfer.bundleURI": "false",
    "transfer.fsckObjects": "true",
}
_ENVIRONMENT = {
    "GIT_ASKPASS": "true",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oForwardAgent=no -oClearAllForwardings=yes",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "SSH_ASKPASS": "true",
}
_PASSED_ON = (
    "PATH", "GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK",
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
)  # fmt: skip
_POLL_SECONDS = 0.05
_MOST_OUTPUT = 16 << 20
_WANTED = "refs/intake/wanted"
_UNREACHABLE = re.compile(
    r"Could not resolve|Failed to connect|Connection (refused|timed out|reset)|Couldn't connect|unable to look up|"
    r"Network is unreachable|No route to host|unable to connect|early EOF|hung up unexpectedly",
)
_LISTED = re.compile(rb"^([0-9a-f]{40})\t(HEAD|refs/(?:heads|tags)/[^\s]+)$", re.MULTILINE)


@contextmanager
def fetched(url: GitUrl, name: str, limits: IntakeLimits, scratch: Path) -> Iterator[tuple[Path, str]]:
    """A private bare repository that holds the commit, and a name for it there. Gone with the block."""
    if name != "HEAD":
        check_commit_name(name)
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".intake-git-", dir=scratch, ignore_cleanup_errors=True) as folder:
        fetch = _Fetch(url, Path(folder), limits)
        yield fetch.repository, fetch.bring(name)


def listed(url: GitUrl, refs: Sequence[str], limits: IntakeLimits, scratch: Path) -> dict[str, str]:
    """What these refs of a remote hold now; a tag with an object of its own is also there as `NAME^{}`, its commit."""
    with tempfile.TemporaryDirectory(prefix=".intake-git-", dir=scratch, ignore_cleanup_errors=True) as folder:
        return _Fetch(url, Path(folder), limits).listed(refs)


class _Fetch:
    """One conversation with one remote, under one clock."""

    def __init__(self, url: GitUrl, folder: Path, limits: IntakeLimits) -> None:
        # git runs in the folder itself, where a relative path would mean another place
        self._folder = folder.absolute()
        self.repository = self._folder / "repository"
        self._url = url
        self._limits = limits
        self._deadline = time.monotonic() + limits.fetch_seconds
        self._git("init", "--quiet", "--bare", "--template=", "--", str(self.repository))

    def bring(self, name: str) -> str:
        """Fetches one commit without its history where the server can, else everything; says how to name it locally."""
        is_id = is_full_id(name.lower())
        wanted, local_name = (name.lower(), name.lower()) if is_id else (self._listed(name), _WANTED)
        if wanted and self._fetched_alone(wanted):
            return local_name
        if name == "HEAD":
            self._fetch(f"+HEAD:{_WANTED}")
            return _WANTED
        self._fetch("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
        return name

    def listed(self, refs: Sequence[str] = ()) -> dict[str, str]:
        """The ids of refs, all of them or those that end so."""
        asked = [pattern for ref in refs for pattern in (ref, f"{ref}^{{}}")]
        listing = self._remote("ls-remote", "--quiet", "--", self._url.address, *asked)
        return {ref.decode("utf-8", "surrogateescape"): commit.decode() for commit, ref in _LISTED.findall(listing)}

    def _listed(self, name: str) -> str | None:
        """The one ref of the remote that has this name; None when it may be the start of an id."""
        ids = self.listed()
        refs = [name] if name == "HEAD" or name.startswith("refs/") else [f"refs/heads/{name}", f"refs/tags/{name}"]
        found = [ref for ref in refs if ref in ids]
        if not ids or (name == "HEAD" and not found):
            raise SubmissionError(
                "the repository has no commits",
                where=self._url.address,
                expected="a repository with at least one commit",
                next_step="check the address",
            )
        if len(found) > 1 and len({ids.get(f"{ref}^{{}}", ids[ref]) for ref in found}) > 1:
            raise SubmissionError(
                f"'{cleaned(name, 80)}' is a branch and a tag with different commits",
                where=self._url.address,
                expected="a name that stands for one commit",
                next_step="name the commit by its full id",
            )
        return found[0] if found else None

    def _fetched_alone(self, wanted: str) -> bool:
        """False when the server can't: not every one gives single commits, or cuts off history."""
        try:
            self._fetch(f"+{wanted}:{_WANTED}", depth=("--depth=1",))
        except (UnreachableError, _StoppedError):
            raise
        except SubmissionError:
            return False
        return True

    def _fetch(self, *refspecs: str, depth: tuple[str, ...] = ()) -> None:
        self._remote(
            "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance",
            *depth, "--", self._url.address, *refspecs,
        )  # fmt: skip

    def _remote(self, *arguments: str) -> bytes:
        return self._git(*arguments, protocol=self._url.scheme)

    def _git(self, *arguments: str, protocol: str = "") -> bytes:
        settings = {**_SETTINGS, f"protocol.{protocol}.allow": "always"} if protocol else _SETTINGS
        command = ["git", f"--git-dir={self.repository}"] if protocol else ["git"]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        output, complaint = self._folder / "output", self._folder / "complaint"
        with output.open("wb") as out, complaint.open("wb") as err:
            try:
                process = subprocess.Popen(
                    [*command, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    cwd=self._folder,
                    env=self._environment(protocol),
                    process_group=0,
                )
            except FileNotFoundError:
                raise UsageError(
                    "git isn't installed, so a repository can't be fetched",
                    expected="the git program, 2.31 or newer",
                    next_step="install git, or hand in the folder",
                ) from None
            code = self._wait(process)
        self._check_progress()
        if code != 0:
            raise self._failed(complaint.read_bytes()[-4_000:].decode("utf-8", "replace"))
        with output.open("rb") as answer:
            return answer.read(_MOST_OUTPUT)

    def _environment(self, protocol: str) -> dict[str, str]:
        """Nothing of ours but the way to the network; the credential goes by here, not by the argument list."""
        environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ} | _ENVIRONMENT
        environment |= {"HOME": str(self._folder), "GIT_ALLOW_PROTOCOL": protocol or "none"}
        if protocol and (self._url.user or self._url.secret):
            pair = base64.b64encode(f"{self._url.user}:{self._url.secret}".encode()).decode()
            environment |= {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"http.{self._url.address}.extraHeader",
                "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
            }
        return environment

    def _wait(self, process: "subprocess.Popen[bytes]") -> int:
        try:
            while True:
                try:
                    return process.wait(_POLL_SECONDS)
                except subprocess.TimeoutExpired:
                    self._check_progress()
        finally:
            _end_group(process)

    def _check_progress(self) -> None:
        if time.monotonic() > self._deadline:
            raise UnreachableError(
                f"fetching took longer than {self._limits.fetch_seconds:g} seconds",
                where=self._url.address,
                expected="a repository that can be fetched in that time",
                next_step="try again later, or clone it yourself and hand in the folder",
            )
        if _size_of(self._folder) > self._limits.fetch_bytes:
            raise _StoppedError(
                f"the repository has more than {self._limits.fetch_bytes:,} bytes",
                where=self._url.address,
                expected="a repository without data, models or environments in its history",
                next_step="clone it yourself and hand in the folder",
            )

    def _failed(self, complaint: str) -> SubmissionError:
        said = self._without_secrets(complaint)
        kind = UnreachableError if _UNREACHABLE.search(said) else SubmissionError
        return kind(
            f"the repository can't be fetched: {cleaned(_reason(said))}",
            where=self._url.address,
            expected="a repository that this machine may read",
            next_step="check the address, the access rights and the network",
        )

    def _without_secrets(self, text: str) -> str:
        for secret in (self._url.secret, self._url.user):
            if len(secret) > 2:
                text = text.replace(secret, "***")
        return re.sub(r"://[^/@\s]+@", "://***@", text)


def _reason(complaint: str) -> str:
    """The last lines that git or ssh says, without the advice that git closes with."""
    said = complaint.partition("Please make sure you have the correct access rights")[0]
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "git gives no reason"


class _StoppedError(SubmissionError):
    """Stopped by us: another way of fetching would meet the same limit."""


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Ends git and the helpers that it started; they share a process group of their own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _size_of(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(f"{parent}/{name}").st_size
            except FileNotFoundError:
                continue
    return total
