"""The working folder of a job: a writable copy of the submission, with the data beside it."""

import os
from typing import Any


def copy_tree(source: str, destination: str) -> None:
    """Copy folders and regular files; the executable bit is kept, everything becomes writable for its owner."""
    for entry in os.scandir(source):
        target = os.path.join(destination, entry.name)
        if entry.is_dir(follow_symlinks=False):
            os.mkdir(target, 0o755)
            copy_tree(entry.path, target)
        elif entry.is_file(follow_symlinks=False):
            executable = entry.stat(follow_symlinks=False).st_mode & 0o111
            _copy_file(entry.path, target, 0o755 if executable else 0o644)


def _copy_file(source: str, target: str, mode: int) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
    writing = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        while os.sendfile(writing, reading, None, 1 << 24):
            pass
    finally:
        os.close(reading)
        os.close(writing)


def remove_tree(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        for entry in os.scandir(path):
            remove_tree(entry.path)
        os.rmdir(path)
    elif os.path.lexists(path):
        os.unlink(path)


FONTS, FONT_CACHE = "/opt/env/share/harness-fonts", "/tmp/.cache/matplotlib"
"""matplotlib takes its list of fonts only from a folder that it can write to."""


def lay_out_fonts() -> None:
    if os.path.isdir(FONTS) and os.listdir(FONTS) and not os.path.lexists(FONT_CACHE):
        os.makedirs(FONT_CACHE)
        copy_tree(FONTS, FONT_CACHE)


def prepare_work(job: dict[str, Any]) -> None:
    lay_out_fonts()
    if job["copy_submission"] and os.path.isdir("/submission"):
        copy_tree("/submission", "/work")
    if job["link_data"] and os.path.isdir("/data"):
        link = os.path.join("/work", job["link_data"])
        remove_tree(link)
        os.symlink("/data", link)
