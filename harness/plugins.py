"""Plug-ins: checks, metrics, kinds, renderers and back ends that other distributions bring, found by their entry points.

Only what is installed beside the harness, or stands on an absolute PYTHONPATH, is looked at: never the working folder and
never a submission. Looking reads a few small files and imports nothing; a plug-in is imported when something of its group
is asked for, and held against its contract by the room it belongs to before anything uses it.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from harness.errors import HarnessError, PluginError
from harness.model.report import PluginRef

Group = Literal["checks", "metrics", "kinds", "renderers", "backends"]
GROUPS: tuple[Group, ...] = get_args(Group)
PREFIX = "takehome_harness."
_ENTRY = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*=\s*([A-Za-z_][\w.]*):([A-Za-z_][\w.]*)")
_HEADER = re.compile(r"^(Name|Version):[ \t]*([^\r\n]+)$", re.MULTILINE)
_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Plugin:
    """One entry point of one installed distribution."""

    group: Group
    name: str
    module: str
    attribute: str
    distribution: str
    version: str
    folder: Path

    @property
    def ref(self) -> PluginRef:
        return PluginRef(group=self.group, name=self.name, distribution=self.distribution, version=self.version)

    @property
    def source(self) -> str:
        """In words, for whoever has to do something about it."""
        return f"{self.distribution} {self.version}"

    def refused(self, seen: str, expected: str = "") -> PluginError:
        return PluginError(
            f"the plug-in {self.name!r} cannot be used: {seen}",
            where=f"{self.source}, {PREFIX}{self.group}",
            expected=expected,
            next_step=f"repair or uninstall {self.distribution}, or leave it out of HARNESS_PLUGINS",
        )


def installed() -> tuple[Plugin, ...]:
    """Every plug-in that may be used: all that is installed, or what HARNESS_PLUGINS names (`none`, or NAME, NAME==VERSION)."""
    return _chosen(_found(tuple(_folders())), os.environ.get("HARNESS_PLUGINS"))


def in_group(group: Group) -> tuple[Plugin, ...]:
    """The plug-ins of one group; raises PluginError where two distributions bring the same name."""
    of_group = [one for one in installed() if one.group == group]
    for number, one in enumerate(of_group):
        twin = next((other for other in of_group[:number] if other.name == one.name), None)
        if twin is not None:
            raise one.refused(f"{twin.source} brings one of the same name", "names that occur once")
    return tuple(of_group)


def names(group: Group) -> tuple[str, ...]:
    """What plug-ins of a group are called. Imports none of them."""
    return tuple(one.name for one in in_group(group))


def refs(used: Sequence[tuple[Group, str]]) -> tuple[PluginRef, ...]:
    """Those of the things that were used which are plug-ins, to be named in the report."""
    if not installed():
        return ()
    return tuple(one.ref for one in installed() if (one.group, one.name) in set(used))


def join(group: Group, accept: Callable[[str, Any], None]) -> None:
    """Load every plug-in of a group and hand it to its room, which accepts it or says what is wrong with it."""
    for plugin in in_group(group):
        try:
            accept(plugin.name, _load(plugin))
        except PluginError:
            raise
        except HarnessError as error:
            raise plugin.refused(error.seen, error.expected) from error


def refuse_from(submission: Path) -> None:
    """A plug-in that lies in what is about to be graded is nobody's plug-in."""
    inside = submission.resolve()
    for plugin in installed():
        if plugin.folder.is_relative_to(inside):
            raise plugin.refused("it lies inside the submission", "plug-ins that are installed beside the harness")


@cache
def _load(plugin: Plugin) -> Any:
    import importlib

    try:
        found = importlib.import_module(plugin.module)
        for part in plugin.attribute.split("."):
            found = getattr(found, part)
    except Exception as error:  # somebody else's code may raise anything; whose it is has to be said
        raise plugin.refused(f"importing it raised {type(error).__name__}: {str(error)[:200]}") from error
    return found


def _folders() -> Iterator[Path]:
    """Where modules come from, but for the working folder and what is in it: it may be a submission.

    An environment of the harness's own may well lie there. Python makes what PYTHONPATH names absolute, so a relative entry
    can only be told by where it leads.
    """
    here = Path.cwd().resolve()
    environment = [Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)]
    for entry in dict.fromkeys(sys.path):
        folder = Path(entry).resolve()
        ours = any(folder.is_relative_to(prefix) for prefix in environment if prefix != here)
        if entry and folder.is_dir() and (ours or not folder.is_relative_to(here)):
            yield folder


@cache
def _found(folders: tuple[Path, ...]) -> tuple[Plugin, ...]:
    found: list[Plugin] = []
    seen: set[str] = set()
    for folder in folders:
        with os.scandir(folder) as entries:
            infos = sorted(entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
        for info in map(Path, infos):
            text = _text(info / "entry_points.txt")
            if f"[{PREFIX}" in text:
                headers = dict(_HEADER.findall(_text(info / "METADATA") or _text(info / "PKG-INFO")))
                name, version = headers.get("Name", info.stem).strip(), headers.get("Version", "unknown").strip()
                if _plain(name) not in seen:
                    seen.add(_plain(name))
                    found += _entries(text, name, version, folder.resolve())
    return tuple(found)


def _entries(text: str, distribution: str, version: str, folder: Path) -> Iterator[Plugin]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section.startswith(PREFIX) and line and line[0] not in "#;":
            group, entry = section.removeprefix(PREFIX), _ENTRY.fullmatch(line)
            if group not in GROUPS or entry is None:
                raise PluginError(
                    f"its entry point cannot be understood: [{section}] {line[:100]}",
                    where=f"{distribution} {version}",
                    expected=f"name = module:attribute in one of the groups {', '.join(PREFIX + one for one in GROUPS)}",
                    next_step=f"repair or uninstall {distribution}",
                )
            yield Plugin(group, entry[1], entry[2], entry[3], distribution, version, folder)


def _chosen(found: tuple[Plugin, ...], named: str | None) -> tuple[Plugin, ...]:
    if named is None:
        return found
    wanted = dict(_split(part) for part in named.split(",") if part.strip() not in ("", "none"))
    versions = {_plain(one.distribution): one.version for one in found}
    for name, version in wanted.items():
        if versions.get(name) is None or version not in (None, versions[name]):
            raise PluginError(
                f"{name}{f'=={version}' if version else ''} is named, and "
                + (f"version {versions[name]} is installed" if name in versions else "no such plug-in is installed"),
                where="HARNESS_PLUGINS",
                expected="distributions that bring plug-ins, such as acme-checks==1.2, or none",
                next_step="install it, or correct HARNESS_PLUGINS",
            )
    return tuple(one for one in found if _plain(one.distribution) in wanted)


def _split(part: str) -> tuple[str, str | None]:
    name, _, version = part.strip().partition("==")
    return _plain(name), version.strip() or None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _text(place: Path) -> str:
    try:
        with place.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
