"""The environment of the Docker back end: an image with a venv at /opt/env, built without a network from a wheelhouse.

It is built in a container like a job's (no network, no capability, our system-call filter) and then committed, so that
the wheels, mounted from the host, are in no layer, and no build context exists that a file could stray into. An image
appears only by its commit: a half-built one is never found. It is found again by its labels.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import SandboxError
from harness.model.sandbox import Environment, Limits
from sandbox import owners
from sandbox.base import Mount, Owner
from sandbox.docker_arguments import Plan, build_arguments, create_arguments
from sandbox.docker_container import Container, run_own
from sandbox.docker_engine import answering
from sandbox.docker_facts import EngineFacts
from sandbox.image import install
from sandbox.image.base_image import BaseImage
from sandbox.image.cache import build_once, cache_folder, locked
from sandbox.image.lock import digest_of
from sandbox.image.target import PROBE, Target
from sandbox.image.wheelhouse import LOCK_NAME, find_uv, last_lines, wheelhouse

if TYPE_CHECKING:
    from docker import APIClient

VENV = "/opt/env"
REPOSITORY = "takehome-environment"
LOCK_LABEL, BASE_LABEL, RECIPE_LABEL = (owners.PREFIX + word for word in ("lock", "base", "recipe"))
RECIPE = "1"
"""Changes whenever the way an image is made changes, so that an old one is not taken for a new one."""

BUILD_LIMITS = Limits(wall_s=20 * 60, cpus=64, memory_mb=4096, pids=512, tmp_mb=2048, file_mb=4096)
_PROBE_LIMITS = Limits(wall_s=30, memory_mb=256, pids=32)
_ANSWER = "interpreter.json"
_WHEELS, _UV = "/tmp/build/wheels", "/tmp/build/uv"  # noqa: S108  inside the build's own container


@dataclass(frozen=True)
class ImageBuilder:
    """Builds environments on one engine, on one base image."""

    client: "APIClient"
    """One with patience: saving an image takes longer than any call of a run."""
    engine: EngineFacts
    base: BaseImage
    owner: Owner

    def environment(self, lock: Path) -> Environment:
        """The image of a hashed lock: built, or found by its labels."""
        digest, target = digest_of(lock), self.ask_base()
        labels = {LOCK_LABEL: digest, BASE_LABEL: self.base.id, RECIPE_LABEL: RECIPE}
        found = self._find(labels)
        if found is None:
            wheels = wheelhouse(lock, target)
            with _one_builder(f"{digest[:32]}-{_short(self.base.id)}"):
                found = self._find(labels) or self._build(lock, target, wheels, labels)
        return Environment(
            backend="docker", digest=digest, reference=found, python=f"{VENV}/bin/python", python_version=target.version
        )

    def ask_base(self) -> Target:
        """What the image's interpreter says of itself; an image never changes, so it is asked once."""
        folder = build_once(cache_folder() / "bases" / self.base.id.rpartition(":")[2], self._write_down_the_answer)
        return Target.read((folder / _ANSWER).read_text(encoding="utf-8"), self.base.name)

    def _write_down_the_answer(self, draft: Path) -> None:
        plan = self._plan(("python3", "-I", "-S", "-c", PROBE), _PROBE_LIMITS)
        with Container(self.client, create_arguments(plan)) as container:
            ran = run_own(container, _PROBE_LIMITS.wall_s)
        if ran.exit_code != 0:
            raise SandboxError(
                f"the base image's interpreter does not start: {last_lines(ran.stderr, 3).strip() or 'no answer in time'}",
                where=self.base.name,
                expected="python3, CPython for Linux, on the image's path",
                next_step="name another image in HARNESS_BASE_IMAGE",
            )
        Target.read(ran.stdout, self.base.name)
        (draft / _ANSWER).write_text(ran.stdout, encoding="utf-8")

    def _find(self, labels: dict[str, str]) -> str | None:
        with answering("looking for the environment's image"):
            found = self.client.images(filters={"label": [f"{name}={value}" for name, value in labels.items()]})
        return str(found[0]["Id"]) if found else None

    def _build(self, lock: Path, target: Target, wheels: Path, labels: dict[str, str]) -> str:
        uv = find_uv()
        mounts = (Mount(wheels, _WHEELS), *((Mount(Path(uv), _UV),) if uv else ()))
        wish = {"place": VENV, "wheels": _WHEELS, "requirements": f"{_WHEELS}/{LOCK_NAME}", "uv": _UV if uv else None}
        program = Path(install.__file__).read_text(encoding="utf-8")
        plan = self._plan((target.executable, "-I", "-c", program, json.dumps(wish)), BUILD_LIMITS, mounts, as_root=True)
        with Container(self.client, build_arguments(plan)) as container:
            ran = run_own(container, BUILD_LIMITS.wall_s)
            if ran.exit_code != 0:
                words = last_lines(ran.stderr) if ran.exit_code is not None else "    it did not end in time"
                raise SandboxError(
                    f"the packages could not be installed in the image; the installer's last words:\n{words}",
                    where=str(lock),
                    next_step=f"remove {wheels} and run this again, if the wheels may be damaged",
                )
            return self._commit(container.name, labels)

    def _commit(self, container: str, labels: dict[str, str]) -> str:
        # The build's owner must not be inherited by containers of this image: they would be swept away with it.
        forgotten = dict.fromkeys((owners.RUN, owners.HOST, owners.PID, owners.START, owners.EXPIRES), "")
        changes = [f'LABEL {name}="{value}"' for name, value in {**forgotten, **labels}.items()]
        changes += [f'ENTRYPOINT ["{VENV}/bin/python"]', "CMD []", "USER 65534:65534"]
        tag = f"{labels[LOCK_LABEL][:16]}-{_short(self.base.id)}-{labels[RECIPE_LABEL]}"
        with answering("saving the environment's image", next_step="look at the engine's free disk space (docker system df)"):
            done = self.client.commit(
                container, repository=REPOSITORY, tag=tag, changes=changes, message=f"from {self.base.name}"
            )
        return str(done["Id"])

    def _plan(self, argv: tuple[str, ...], limits: Limits, mounts: tuple[Mount, ...] = (), *, as_root: bool = False) -> Plan:
        return Plan(
            engine=self.engine,
            image=self.base.id,
            argv=argv,
            limits=limits,
            labels=owners.labels(self.owner),
            mounts=mounts,
            as_root=as_root,
        )


@contextlib.contextmanager
def _one_builder(name: str) -> Iterator[None]:
    folder = cache_folder() / "images"
    folder.mkdir(exist_ok=True)
    with locked(folder / f".{name}.lock"):
        yield


def _short(image_id: str) -> str:
    return image_id.rpartition(":")[2][:12]
