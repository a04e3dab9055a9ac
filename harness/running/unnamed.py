"""Folders to be mounted, under names that say nothing: a job sees in its table of mounts where each of them lies on the host.

The run folder names the candidate, the data's folder its seed. Hard links where the file system allows, else copies.
"""

import os
import shutil
import threading
from pathlib import Path


class Unnamed:
    """Second names of folders, made once each, below a private folder of ours."""

    def __init__(self, staging: Path) -> None:
        self._staging = staging
        self._known: dict[Path, Path] = {}
        self._one_at_a_time = threading.Lock()

    def place(self, source: Path) -> Path:
        """The same content where no name tells anything."""
        if source.is_relative_to(self._staging):
            return source
        with self._one_at_a_time:  # the ladder's exemplars run next to each other in one session
            if source not in self._known:
                copy = self._staging / f"shown-{len(self._known)}"
                shutil.copytree(source, copy, symlinks=True, copy_function=_link_or_copy)
                self._known[source] = copy
            return self._known[source]


def _link_or_copy(source: str, copy: str) -> None:
    try:
        os.link(source, copy, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, copy, follow_symlinks=False)
