"""One frozen Settings, resolved once: command line over environment over defaults."""

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from harness.errors import UsageError

SandboxName = Literal["auto", "docker", "bubblewrap"]
Format = Literal["html", "json", "md", "junit", "sarif"]
ALL_FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class Settings:
    """What every stage may know about how it was asked to work."""

    sandbox: SandboxName = "auto"
    packs: tuple[Path, ...] = ()
    cache: Path = Path()
    secret: bytes | None = None
    """The organisation's secret: seeds of candidates' data are derived from it."""
    threads: int = 1
    """Threads that numeric libraries use within one sandbox."""
    now: datetime = datetime.fromtimestamp(0, UTC)
    host: str = ""
    key: Path | None = None
    """The private key that runs are signed with; None leaves them unsigned."""


def resolve(sandbox: str | None = None, packs: tuple[Path, ...] = (), slots: int = 1, key: Path | None = None) -> Settings:
    """Settings from options and HARNESS_* variables; SOURCE_DATE_EPOCH sets the clock."""
    chosen = sandbox or os.environ.get("HARNESS_SANDBOX") or "auto"
    if chosen not in get_args(SandboxName):
        from harness.plugins import names

        known = (*get_args(SandboxName), *names("backends"))
        if chosen not in known:
            raise UsageError(f"there is no sandbox called {chosen!r}", expected=" or ".join(known), where="--sandbox")
    more = tuple(Path(part) for part in os.environ.get("HARNESS_PACKS", "").split(os.pathsep) if part)
    secret = os.environ.get("HARNESS_SECRET")
    named_key = os.environ.get("HARNESS_KEY")
    return Settings(
        sandbox=chosen,  # type: ignore[arg-type]
        packs=(*packs, *more),
        cache=cache_folder(),
        secret=secret.encode() if secret else None,
        threads=_threads(slots),
        now=_now(),
        host=socket.gethostname(),
        key=key or (Path(named_key) if named_key else None),
    )


def cache_folder() -> Path:
    """Where generated data, measured ladders and built environments are kept."""
    named = os.environ.get("HARNESS_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("takehome-harness")


def _threads(slots: int) -> int:
    named = os.environ.get("HARNESS_THREADS")
    if named is None:
        return max(1, len(os.sched_getaffinity(0)) // max(1, slots))
    if not (named.isascii() and named.isdigit()) or int(named) < 1:
        raise UsageError(f"HARNESS_THREADS is {named!r}", expected="a whole number from 1")
    return int(named)


def _now() -> datetime:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.now(UTC)
    if not (epoch.isascii() and epoch.isdigit()):
        raise UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}", expected="seconds since 1970, in digits")
    return datetime.fromtimestamp(int(epoch), UTC)
