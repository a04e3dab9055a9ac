"""Addresses of repositories: which are accepted, and how to speak of one without its credentials."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from harness.errors import SubmissionError
from harness.intake.names import cleaned

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_PATH = re.compile(r"/[A-Za-z0-9._~/%+@-]+")
_SSH_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_SCP_LIKE = re.compile(r"([A-Za-z0-9_][A-Za-z0-9._-]*)@([A-Za-z0-9.-]+):([A-Za-z0-9._~/%+@-]+)")
_REMOTE_SCHEMES = frozenset({"https", "ssh", "git"})


@dataclass(frozen=True, slots=True)
class GitUrl:
    """A checked address. `address` holds no credential; `user` and `secret` travel apart and are never shown."""

    scheme: str
    address: str
    user: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def looks_like_url(submission: str) -> bool:
    return "://" in submission or "::" in submission or _SCP_LIKE.fullmatch(submission) is not None


def parse_git_url(text: str) -> GitUrl | Path:
    """A remote address, or the path of a `file://` one; everything else is refused."""
    if scp := _SCP_LIKE.fullmatch(text):
        text = f"ssh://{scp[1]}@{scp[2]}/{scp[3].lstrip('/')}"
    if not text.isascii() or not text.isprintable() or " " in text or "::" in text or text.startswith("-"):
        raise _refused("it holds '::', a space, or a character that isn't plain")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _refused("its host or port isn't valid") from None
    if parts.query or parts.fragment:
        raise _refused("it has a query or a fragment")
    if parts.scheme == "file":
        return _local(parts.netloc, parts.path)
    if parts.scheme not in _REMOTE_SCHEMES:
        raise _refused(f"the scheme '{cleaned(parts.scheme, 20)}' isn't accepted")
    if not _HOST.fullmatch(parts.hostname or "") or not _PATH.fullmatch(parts.path) or "/../" in unquote(parts.path) + "/":
        raise _refused("its host or path isn't plain")
    user, secret = unquote(parts.username or ""), unquote(parts.password or "")
    _check_credentials(parts.scheme, user, secret)
    place = f"{parts.hostname}:{port}" if port else str(parts.hostname)
    if parts.scheme == "ssh" and user:
        place, user = f"{user}@{place}", ""
    return GitUrl(parts.scheme, f"{parts.scheme}://{place}{parts.path}", user, secret)


def _local(host: str, path: str) -> Path:
    if host not in {"", "localhost"} or "\0" in unquote(path):
        raise _refused("a file address has no host")
    return Path(unquote(path))


def _check_credentials(scheme: str, user: str, secret: str) -> None:
    if not (user + secret).isprintable():
        raise _refused("its credentials hold a character that isn't plain")
    if scheme == "ssh" and (secret or (user and not _SSH_USER.fullmatch(user))):
        raise _refused("an ssh address has a plain user name and no password")
    if scheme == "git" and (user or secret):
        raise _refused("the git protocol carries no credentials")


def _refused(why: str) -> SubmissionError:
    """Never quotes the address: it may hold a token."""
    return SubmissionError(
        f"the address of the repository is refused: {why}",
        expected="https://host/path, ssh://user@host/path, git://host/path, or a local path",
        next_step="clone it yourself and hand in the folder, or correct the address",
    )
