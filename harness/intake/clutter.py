"""Ordinary clutter that is left out with a note: caches, repositories, environments, the litter of desktops.

Left out because it is not work to be judged, and because some of it would act: an unchecked `.pyc` runs instead of
the source that was read, and a `.pth` file runs at every start of Python.
"""

from harness.intake.refusals import Refused
from harness.model.submission import RefusalKind

_CACHES = frozenset(
    {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"},
)
_ENVIRONMENTS = frozenset({"node_modules", "site-packages", ".tox", ".nox"})
_ENVIRONMENT_MARKS = frozenset({b"pyvenv.cfg", b"conda-meta"})
_REPOSITORIES = frozenset({".git", ".hg", ".svn"})
_DESKTOP = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_METADATA_ENDINGS = (".egg-info", ".dist-info", ".pth")


def is_clutter(name: str, *, is_folder: bool) -> bool:
    return _clutter_kind(name, is_folder=is_folder, at_root=True) is not None


def check_clutter(name: str, *, is_folder: bool, at_root: bool) -> None:
    """Raises Refused, harmless, when the name alone says that this is not part of the work."""
    kind = _clutter_kind(name, is_folder=is_folder, at_root=at_root)
    if kind is not None:
        raise Refused(kind[0], kind[1], harmless=True)


def _clutter_kind(name: str, *, is_folder: bool, at_root: bool) -> tuple[RefusalKind, str] | None:
    lower = name.lower()
    if lower in _REPOSITORIES:
        if at_root:
            return "metadata", "The data of a version control system; only the files themselves are kept."
        return "nested_repository", "A repository inside the submission; its files are kept, its history isn't."
    if is_folder and name in _CACHES:
        return "cache", "A cache folder that tools make again."
    if not is_folder and lower.endswith((".pyc", ".pyo")):
        return "cache", "Compiled Python; only sources are kept, so that what is read is what runs."
    if is_folder and name in _ENVIRONMENTS:
        return "environment", "Installed packages; the environment is made anew from the assessment's own list."
    if name in _DESKTOP or name.startswith("._"):
        return "metadata", "A file that the desktop added."
    if lower.endswith(_METADATA_ENDINGS):
        return "metadata", "Packaging metadata, which could change what Python loads."
    return None


def check_environment(names: set[bytes]) -> None:
    """Raises Refused, harmless, when a folder with these names in it is an installed environment."""
    if not _ENVIRONMENT_MARKS.isdisjoint(names):
        raise Refused(
            "environment",
            "A Python environment; the environment is made anew from the assessment's own list.",
            harmless=True,
        )
