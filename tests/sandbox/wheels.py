"""Wheels and locks made by hand, so that environments are built without any index."""

import base64
import hashlib
import zipfile
from pathlib import Path


def make_wheel(
    folder: Path, name: str, version: str = "1.0", files: dict[str, str] | None = None, tag: str = "py3-none-any"
) -> Path:
    """A valid wheel of these files; with none, a package of one line."""
    content = {f"{name}/__init__.py": f"VERSION = {version!r}\n"} if files is None else dict(files)
    info = f"{name}-{version}.dist-info"
    content[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    content[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
    rows = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
    place = folder / f"{name}-{version}-{tag}.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return place


def pin(wheel: Path, marker: str = "") -> str:
    """The line of a lock for this wheel."""
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version}{' ; ' + marker if marker else ''} \\\n    --hash=sha256:{digest}\n"


def make_lock(place: Path, *lines: str) -> Path:
    place.write_text("".join(lines), encoding="utf-8")
    return place


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
