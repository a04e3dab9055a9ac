"""Small builders of submissions for the tests of intake, honest and hostile ones."""

import io
import os
import struct
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from harness.intake import IntakeLimits, take
from harness.intake.limits import DEFAULT_LIMITS
from harness.model.submission import Refusal, Snapshot

Files = Mapping[str, bytes]
HONEST: Files = {
    "README.md": "Ansätze, données, 数据\n".encode(),
    "src/model.py": b"x = 1\n",
    "src/deep/er/notes.txt": b"",
    "notebook.ipynb": b'{"cells": []}',
    "données.csv": b"id,y\n1,0\n",
}


def folder_of(root: Path, files: Files = HONEST) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def zip_of(path: Path, files: Files = HONEST, *, top: str = "", compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return path


def zip_with(path: Path, *members: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kept.py", b"kept = True\n")
        for info, content in members:
            archive.writestr(info, content)
    return path


def zip_info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def raw_zip(path: Path, members: Iterable[tuple[bytes, bytes, dict[str, int]]]) -> Path:
    """A zip written by hand, so that any field may lie: `size`, `packed`, `crc`, `flags`, `method`, `offset`, `mode`."""
    body, directory, count = b"", b"", 0
    for name, content, lies in members:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        method = lies.get("method", 8)
        packed = deflate.compress(content) + deflate.flush() if method == 8 else content
        fields = (
            lies.get("flags", 0), method, 0, 0x21,
            lies.get("crc", zlib.crc32(content)), lies.get("packed", len(packed)), lies.get("size", len(content)),
        )  # fmt: skip
        offset = lies.get("offset", len(body))
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, *fields, len(name), 0) + name + packed
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 0x314, 20, *fields, len(name), 0, 0, 0, 0, lies.get("mode", 0o100644) << 16, offset
        )
        directory += name
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + end)
    return path


def tar_of(path: Path, files: Files = HONEST, *, mode: str = "w", top: str = "") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload] # the mode is any of the library's
        for name, content in files.items():
            info = tarfile.TarInfo(top + name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def tar_with(path: Path, *members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(path, "w", format=form) as archive:
        for info, content in [(tar_info("kept.py"), b"kept = True\n"), *members]:
            info.size = len(content) if info.isreg() else info.size
            archive.addfile(info, io.BytesIO(content))
    return path


def tar_info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", **pax: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.pax_headers = kind, link, {key.replace("__", "."): value for key, value in pax.items()}
    return info


def run_git(folder: Path, *arguments: str, **environment: str) -> str:
    """Our own git on our own repository, deaf to the configuration of the machine."""
    identity = {f"GIT_{who}_{what}": "someone" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    result = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder), **identity, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return result.stdout.strip()


def repository_of(root: Path, files: Files = HONEST) -> Path:
    """A repository with one commit of these files on `main`."""
    folder_of(root, files)
    run_git(root, "init", "--quiet")
    run_git(root, "add", "--all", "--force")
    run_git(root, "commit", "--quiet", "--allow-empty", "--message", "one")
    return root


def commit_tree(repository: Path, *entries: tuple[str, bytes, str]) -> str:
    """A commit whose root holds these (mode, name, object id), written without git's own checks."""
    tree = b"".join(f"{mode} ".encode() + name + b"\0" + bytes.fromhex(sha) for mode, name, sha in entries)
    return run_git(repository, "commit-tree", write_object(repository, "tree", tree), "-m", "made by hand")


def write_object(repository: Path, kind: str, content: bytes) -> str:
    made = repository / "object"
    made.write_bytes(content)
    return run_git(repository, "hash-object", "-t", kind, "-w", "--literally", "--no-filters", "object")


Taker = Callable[..., tuple[Snapshot, Path]]


def taker(tmp_path: Path) -> Taker:
    """Takes into a new folder each time; gives the snapshot and where its files are."""
    count = 0

    def taken(
        submission: str | Path, *, commit: str | None = None, limits: IntakeLimits = DEFAULT_LIMITS
    ) -> tuple[Snapshot, Path]:
        nonlocal count
        count += 1
        destination = tmp_path / "taken" / str(count)
        return take(submission, destination, commit=commit, limits=limits), destination

    return taken


def refusal_of(snapshot: Snapshot, path: str) -> Refusal:
    found = [refusal for refusal in snapshot.refusals if refusal.path == path]
    assert len(found) == 1, f"{path!r} among {[refusal.path for refusal in snapshot.refusals]}"
    return found[0]


def kinds(snapshot: Snapshot) -> dict[str, str]:
    return {refusal.path: refusal.kind for refusal in snapshot.refusals}


def files_below(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def everything_below(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}
