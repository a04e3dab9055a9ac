"""Which image sandboxes stand on: chosen among those that are already here. Nothing is ever pulled during a run."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import SandboxError
from sandbox.docker_engine import answering

if TYPE_CHECKING:
    from docker import APIClient

USUAL = "python:3.11-slim"
FROM_PACKAGES = "harness-base:bookworm"
HOW_TO_MAKE = f"docker pull {USUAL}, or where no registry can be reached: {Path(__file__).with_name('make-base.sh')}"


@dataclass(frozen=True)
class BaseImage:
    """An image that is here."""

    name: str
    id: str
    size_mb: int


def choose_base(client: "APIClient") -> BaseImage:
    """HARNESS_BASE_IMAGE, else python:3.11-slim, else the one made from Debian packages."""
    wanted = os.environ.get("HARNESS_BASE_IMAGE")
    for name in (wanted,) if wanted else (USUAL, FROM_PACKAGES):
        found = _find(client, name)
        if found:
            return found
    if wanted:
        raise SandboxError(
            "the base image is not on this engine",
            where=f"HARNESS_BASE_IMAGE={wanted}",
            expected="an image that is already here: nothing is pulled during a run",
            next_step=f"docker pull {wanted}, or unset HARNESS_BASE_IMAGE",
        )
    raise SandboxError(
        "there is no base image for sandboxes on this engine",
        expected=f"{USUAL} or {FROM_PACKAGES}; or another one with CPython for Linux, named in HARNESS_BASE_IMAGE",
        next_step=HOW_TO_MAKE,
    )


def _find(client: "APIClient", name: str) -> BaseImage | None:
    from docker.errors import ImageNotFound

    with answering("looking for the base image"):
        try:
            found = client.inspect_image(name)  # type: ignore[no-untyped-call]
        except ImageNotFound:
            return None
    return BaseImage(name=name, id=str(found["Id"]), size_mb=round(int(found.get("Size", 0)) / 1e6))
