"""Reading a pack's `requirements.lock`: every line one pinned, hashed package; nothing else.

Options, addresses, local files, unpinned or unhashed lines are refused here, before pip sees them: a lock says *what* is
installed, the host's own pip configuration says *from where*.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from harness.errors import PackError

_HASH = re.compile(r"\s--hash=(sha256|sha384|sha512):([0-9a-f]{64,128})(?=\s|$)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_HOW_TO_LOCK = "make it with: uv pip compile --universal --generate-hashes requirements.in -o requirements.lock"


@dataclass(frozen=True)
class Pin:
    """One line of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    def wanted(self, markers: dict[str, str]) -> bool:
        """Whether an interpreter described by these marker values installs it."""
        return self.requirement.marker is None or self.requirement.marker.evaluate(markers)

    def line(self) -> str:
        """The pin without its marker, as pip reads it."""
        extras = f"[{','.join(sorted(self.requirement.extras))}]" if self.requirement.extras else ""
        return " ".join([f"{self.requirement.name}{extras}{self.requirement.specifier}", *self.hashes])


def digest_of(lock: Path) -> str:
    """The sha256 of a lock's bytes."""
    return hashlib.sha256(_bytes_of(lock)).hexdigest()


def read_lock(lock: Path) -> tuple[Pin, ...]:
    """The pins of a lock, in order."""
    text = _bytes_of(lock).decode("utf-8", errors="replace")
    pins = []
    number = 0
    joined = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = _COMMENT.sub("", raw).rstrip()
        if line.endswith("\\"):
            joined += line[:-1] + " "
            continue
        whole, joined = (joined + line).strip(), ""
        if whole:
            pins.append(_pin(whole, f"{lock}, line {number}"))
    if joined.strip():
        raise PackError("the last line is not ended", where=f"{lock}, line {number}", next_step=_HOW_TO_LOCK)
    return tuple(pins)


def _pin(line: str, where: str) -> Pin:
    hashes = tuple(f"--hash={kind}:{value}" for kind, value in _HASH.findall(line))
    rest = _HASH.sub("", line).strip()
    try:
        requirement = Requirement(rest)
    except InvalidRequirement as problem:
        raise PackError(
            f"not a pinned package: {rest[:80]!r}",
            where=where,
            expected="name==version with hashes; no options, addresses or paths",
            next_step=_HOW_TO_LOCK,
        ) from problem
    if requirement.url is not None:
        raise PackError(
            f"{requirement.name} is named by an address",
            where=where,
            expected="name==version with hashes; the host's own pip configuration says where packages come from",
            next_step=_HOW_TO_LOCK,
        )
    versions = list(requirement.specifier)
    if len(versions) != 1 or versions[0].operator not in ("==", "===") or "*" in versions[0].version:
        raise PackError(
            f"{requirement.name} is not pinned to one version", where=where, expected="name==version", next_step=_HOW_TO_LOCK
        )
    if not hashes:
        raise PackError(f"{requirement.name} has no hash", where=where, expected="--hash=sha256:...", next_step=_HOW_TO_LOCK)
    return Pin(requirement, hashes)


def _bytes_of(lock: Path) -> bytes:
    try:
        return lock.read_bytes()
    except OSError as problem:
        raise PackError(
            f"the requirements lock cannot be read: {problem.strerror}", where=str(lock), next_step=_HOW_TO_LOCK
        ) from problem
