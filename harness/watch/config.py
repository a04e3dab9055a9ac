"""watch.yaml: which repositories are watched, and by which rule, with every deadline as one moment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from harness.documents import read_yaml
from harness.errors import PackError, UsageError
from harness.intake.git_url import looks_like_url, parse_git_url
from harness.model.watch import Counted, WatchConfig, WatchedRepository


@dataclass(frozen=True)
class Watched:
    """One candidate's repository and the rule that holds for it."""

    candidate: str
    repository: str = field(repr=False)
    """With its credential, where there is one: never shown, never stored."""
    branches: tuple[str, ...] = ()
    deadline: float | None = None
    """Seconds since 1970."""
    most_graded: int = 5
    counted: Counted = "last"
    tag: str = "submission"

    @property
    def branch_refs(self) -> tuple[str, ...]:
        return tuple(f"refs/heads/{name}" for name in self.branches) or ("HEAD",)

    @property
    def tag_ref(self) -> str | None:
        return f"refs/tags/{self.tag}" if self.counted == "tagged" else None

    @property
    def refs(self) -> tuple[str, ...]:
        return (*self.branch_refs, *([self.tag_ref] if self.tag_ref else []))


@dataclass(frozen=True)
class Plan:
    """A configuration that is understood."""

    config: WatchConfig
    root: Path
    """Where everything is kept."""
    watched: tuple[Watched, ...]


def read_plan(path: Path, out: Path | None = None, environment: Mapping[str, str] = os.environ) -> Plan:
    """The configuration at this place; raises one error that names what is wrong in it."""
    config = read_yaml(path, WatchConfig)
    home = path.resolve().parent
    token = _token(config, environment, path)
    watched = tuple(_watched(config, one, home, token, path) for one in config.candidates)
    return Plan(config, (out or home / config.out).resolve(), watched)


def _watched(config: WatchConfig, one: WatchedRepository, home: Path, token: str | None, path: Path) -> Watched:
    where = f"{path}, candidate {one.candidate}"
    deadline = one.deadline or config.deadline
    return Watched(
        candidate=one.candidate,
        repository=_place(one.repository, home, token),
        branches=one.branches or (),
        deadline=moment(deadline, config.time_zone, where).timestamp() if deadline else None,
        most_graded=one.max_graded_pushes or config.max_graded_pushes,
        counted=one.counted_push or config.counted_push,
        tag=config.tag,
    )


def _place(repository: str, home: Path, token: str | None) -> str:
    """An address with its credential, or a path that no longer depends on where the command is given."""
    if not looks_like_url(repository):
        return str((home / repository).absolute())
    parse_git_url(repository)
    if token is None or not repository.startswith("https://") or "@" in repository.split("/")[2]:
        return repository
    user, _, secret = token.partition(":")
    return f"https://{quote(user, safe='')}:{quote(secret, safe='')}@{repository.removeprefix('https://')}"


def _token(config: WatchConfig, environment: Mapping[str, str], path: Path) -> str | None:
    if config.token_env is None:
        return None
    token = environment.get(config.token_env, "")
    if ":" not in token:
        raise UsageError(
            f"{config.token_env} is {'not of the form user:token' if token else 'not set'}",
            where=f"{path}, token_env",
            expected="a read-only token as user:token in the environment",
        )
    return token


def moment(text: str, time_zone: str | None, where: str) -> datetime:
    """A deadline as one moment. Where clocks go back, the later of two; a time that they go forward over is refused."""
    try:
        stated = datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
    except ValueError as problem:
        raise PackError(
            f"{text!r} is no time: {problem}", where=where, expected="such as 2026-12-01T17:00:00+01:00"
        ) from problem
    if stated.tzinfo is not None:
        return stated.astimezone(UTC)
    if time_zone is None:
        raise PackError(
            f"the deadline {text!r} does not say of which place",
            where=where,
            expected="an offset such as +01:00, or a time_zone",
        )
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise PackError(
            f"there is no time zone {time_zone!r}", where=where, expected="a name such as Europe/Berlin"
        ) from problem
    local = stated.replace(tzinfo=zone, fold=1)
    if (local.astimezone(UTC).astimezone(zone)).replace(tzinfo=None) != stated:
        raise PackError(
            f"there is no {text} in {time_zone}: clocks go forward over it",
            where=where,
            expected="a time that comes",
            next_step=f"name one an hour later: {(stated + timedelta(hours=1)).isoformat()}",
        )
    return local.astimezone(UTC)
