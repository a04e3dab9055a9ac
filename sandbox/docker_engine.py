"""One connection to a Docker engine, every call of it bounded, every failure of it ours.

The API version is negotiated, never fixed: engines refuse clients that are too old for them, and the other way round.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from harness.errors import SandboxError

if TYPE_CHECKING:
    from docker import APIClient

CALL_TIMEOUT_S = 30
"""One call to the engine that takes longer means an engine that hangs; a start takes about 0.2 s."""

USUAL_SOCKET = "unix:///var/run/docker.sock"
_START_IT = "start the engine (systemctl start docker), or name another one in DOCKER_HOST; `harness doctor` shows more"


def connect(timeout_s: int = CALL_TIMEOUT_S) -> "APIClient":
    """A client of the engine that DOCKER_HOST names, else of the docker command's current context."""
    import docker
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env
    from requests.exceptions import RequestException

    try:
        settings: dict[str, Any] = dict(kwargs_from_env())
        if "base_url" not in settings:
            settings |= _current_context()
        _knock(settings.get("base_url", USUAL_SOCKET))
        return docker.APIClient(timeout=timeout_s, version="auto", **settings)
    except (DockerException, RequestException, OSError) as problem:
        raise SandboxError(
            f"no Docker engine answers: {_of_the_system(problem) or first_line(problem)}", where=address(), next_step=_START_IT
        ) from problem


def _of_the_system(problem: Exception) -> str:
    """The system's own words, without its number and the name of the exception."""
    return problem.strerror.lower() if isinstance(problem, OSError) and problem.strerror else ""


def _knock(base_url: str) -> None:
    """Try a local socket first: the client library leaves its own half open when nobody is there."""
    if base_url.startswith("unix://"):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as door:
            door.connect(base_url.removeprefix("unix://"))


def address() -> str:
    """Where the engine is looked for, in words."""
    return os.environ.get("DOCKER_HOST") or str(_current_context().get("base_url", USUAL_SOCKET))


def _current_context() -> dict[str, Any]:
    """What `docker context use` chose, for engines that do not listen at the usual socket."""
    from docker.context import ContextAPI
    from docker.errors import DockerException

    try:
        context = ContextAPI.get_current_context()
        if context is None or context.name == "default" or not context.Host:
            return {}
        found: dict[str, Any] = {"base_url": context.Host}
        if context.TLSConfig:
            found["tls"] = context.TLSConfig
    except (DockerException, OSError, ValueError, KeyError, AttributeError):
        return {}
    return found


@contextlib.contextmanager
def answering(doing: str, *, next_step: str = "`harness doctor` shows what this engine can do") -> Iterator[None]:
    """Turn whatever an engine, or the way to it, can raise into a SandboxError that says what was being done."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as problem:
        raise SandboxError(
            f"the Docker engine failed while {doing}: {first_line(problem)}", where=address(), next_step=next_step
        ) from problem
    except (DockerException, RequestException, HTTPError, OSError) as problem:
        raise SandboxError(
            f"the Docker engine did not answer while {doing}: {first_line(problem)}", where=address(), next_step=_START_IT
        ) from problem


def first_line(problem: BaseException) -> str:
    """What an engine's error says, without the layers of client libraries around it."""
    said = getattr(problem, "explanation", None) or str(problem) or type(problem).__name__
    return str(said).strip().splitlines()[0][:400]
