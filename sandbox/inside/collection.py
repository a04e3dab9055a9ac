"""Bringing files out, once every process of the job is dead."""

import os
import stat
from collections.abc import Iterator
from typing import Any

from .wire import DATA, FILE, MAX_DEPTH, MAX_NAME_BYTES, MAX_PAYLOAD, REFUSED, Channel, matches, name_problem

MAX_ENTRIES = 20_000
MAX_REFUSALS = 200


class Collection:
    """Walks /out without following anything, and sends the regular files that were asked for."""

    def __init__(self, job: dict[str, Any], channel: Channel) -> None:
        self.patterns: list[str] = job["collect"]
        self.files_left: int = job["output_files"]
        self.bytes_left: int = job["output_bytes"]
        self.limits = f"{job['output_files']} files and {job['output_bytes'] >> 20} MB"
        self.entries_left = MAX_ENTRIES
        self.refusals_left = MAX_REFUSALS
        self.seen: set[tuple[int, int]] = set()
        self.channel = channel

    def run(self, root: str) -> None:
        if self.patterns and os.path.isdir(root):
            os.chmod(root, 0o700)
            folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            self.walk(folder, "", 1)
            os.close(folder)

    def walk(self, folder: int, prefix: str, depth: int) -> None:
        for raw in self.names(folder):
            name = prefix + raw
            try:
                self.look_at(folder, raw, name, depth)
            except OSError as error:
                self.refuse(name, f"it cannot be opened: {error.strerror}")

    def look_at(self, folder: int, raw: str, name: str, depth: int) -> None:
        info = os.stat(raw, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISDIR(info.st_mode):
            self.enter(folder, raw, name, depth)
        elif matches(name, self.patterns):
            problem = self.problem(name, info)
            if problem:
                self.refuse(name, problem)
            else:
                self.bring_out(folder, raw, name, info)

    def names(self, folder: int) -> Iterator[str]:
        with os.scandir(folder) as entries:
            found = []
            for entry in entries:
                self.entries_left -= 1
                if self.entries_left < 0:
                    if self.entries_left == -1:
                        self.refuse("", f"the output folder holds more than {MAX_ENTRIES} entries; the rest was not looked at")
                    break
                found.append(entry.name)
        yield from sorted(found)

    def enter(self, folder: int, raw: str, name: str, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self.refuse(name, f"it lies deeper than {MAX_DEPTH} folders")
            return
        os.chmod(raw, 0o700, dir_fd=folder)
        inner = os.open(raw, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        self.walk(inner, name + "/", depth + 1)
        os.close(inner)

    def problem(self, name: str, info: os.stat_result) -> str | None:
        if stat.S_ISLNK(info.st_mode):
            return "it is a link; only regular files are brought out"
        if not stat.S_ISREG(info.st_mode):
            return "it is not a regular file"
        if (info.st_dev, info.st_ino) in self.seen:
            return "it is another name of a file that was brought out already"
        if info.st_size > self.bytes_left:
            stored = f", of which {info.st_blocks * 512} bytes are stored" if info.st_blocks * 512 < info.st_size else ""
            return f"its {info.st_size} bytes{stored} exceed what may be brought out ({self.limits} altogether)"
        if self.files_left < 1:
            return f"there are more files than may be brought out ({self.limits} altogether)"
        return name_problem(name)

    def bring_out(self, folder: int, raw: str, name: str, info: os.stat_result) -> None:
        os.chmod(raw, 0o600, dir_fd=folder)
        descriptor = os.open(raw, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        self.seen.add((info.st_dev, info.st_ino))
        self.files_left -= 1
        self.bytes_left -= info.st_size
        self.channel.send_json(FILE, {"name": name, "size": info.st_size})
        while piece := os.read(descriptor, MAX_PAYLOAD):
            self.channel.send(DATA, piece)
        os.close(descriptor)

    def refuse(self, name: str, reason: str) -> None:
        self.refusals_left -= 1
        if self.refusals_left >= 0:
            self.channel.send_json(REFUSED, {"name": ascii(name)[1:-1][:MAX_NAME_BYTES], "reason": reason})
