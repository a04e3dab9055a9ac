"""Removing what dead owners left on the engine. Never a prune: only what bears our labels is looked at.

A thing is removed when `owners.why_removable` says so: its owner, a process of this host, is gone; or it was made on
another host and has expired.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from harness.errors import SandboxError
from sandbox import owners
from sandbox.docker_container import remove_container
from sandbox.docker_engine import answering

if TYPE_CHECKING:
    from docker import APIClient


def sweep_engine(client: "APIClient", *, everything_mine: bool = False) -> Iterator[str]:
    """Remove containers and volumes of dead owners; a sentence for each."""
    with answering("listing leftovers"):
        containers = client.containers(all=True, filters={"label": owners.HOST})
        volumes = client.volumes(filters={"label": owners.HOST}).get("Volumes") or []
    for found in containers:
        name = str(found["Names"][0]).lstrip("/") if found.get("Names") else str(found["Id"])
        reason = _reason(found.get("Labels") or {}, everything_mine=everything_mine)
        if reason and remove_container(client, str(found["Id"])):
            yield f"removed the container {name}: {reason}"
        elif reason:
            yield f"could not remove the container {name}: the engine did not confirm it"
    for found in volumes:
        reason = _reason(found.get("Labels") or {}, everything_mine=everything_mine)
        if reason:
            try:
                with answering("removing a volume"):
                    client.remove_volume(found["Name"], force=True)
            except SandboxError as problem:
                yield f"could not remove the volume {found['Name']}: {problem.seen}"
            else:
                yield f"removed the volume {found['Name']}: {reason}"


def _reason(labels: dict[str, str], *, everything_mine: bool) -> str | None:
    owner = owners.from_labels(labels)
    if owner is None:
        return None
    if everything_mine and owners.is_mine(owner):
        return "it belongs to this process"
    return owners.why_removable(owner)
