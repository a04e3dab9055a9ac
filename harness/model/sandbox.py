"""Words about places where untrusted code runs: limits, hardening in force, environments, health."""

from typing import Literal

from pydantic import Field

from harness.model.record import Record


class Limits(Record):
    """What one step may use. A pack may set each field; a host's own configuration bounds them."""

    wall_s: float = Field(default=300, gt=0, le=86_400)
    cpus: float = Field(default=2, gt=0, le=256)
    memory_mb: int = Field(default=2048, ge=64)
    pids: int = Field(default=256, ge=8, le=32_768)
    work_mb: int = Field(default=512, ge=1, description="Size of the writable working folder.")
    tmp_mb: int = Field(default=256, ge=1)
    shm_mb: int = Field(default=64, ge=1)
    file_mb: int = Field(default=256, ge=1, description="Largest single file.")
    open_files: int = Field(default=1024, ge=64)
    stream_kb: int = Field(default=128, ge=4, description="Kept of each output stream, half head and half tail.")
    flood_mb: int = Field(default=64, ge=1, description="A stream that prints more than this ends the step.")
    output_mb: int = Field(default=64, ge=1, description="All files brought out together.")
    output_files: int = Field(default=200, ge=1)


class Control(Record):
    """One protection, and how far it holds in this back end on this host."""

    name: str
    state: Literal["enforced", "polled", "not_available"]
    detail: str = ""


class Gap(Record):
    """A promise of the sandbox contract that a back end cannot keep here, with the reason. Shown in the report."""

    behaviour: str
    reason: str


class Fact(Record):
    """One line of a health check."""

    name: str
    value: str
    ok: bool
    meaning: str = Field(default="", description="What follows when it is not ok, and what to do.")


class Health(Record):
    """A back end's answer to: are you available here, and if not, why."""

    backend: str
    available: bool
    reason: str = ""
    facts: tuple[Fact, ...] = ()


class Environment(Record):
    """A built set of packages in which steps run."""

    backend: str
    digest: str = Field(description="Digest of the hashed lock it was built from.")
    reference: str = Field(description="Image id, or the environment's folder name in the cache.")
    python: str = Field(description="The interpreter's path inside the sandbox.")
    python_version: str = ""


class Hardening(Record):
    """How a run was confined: recorded in runs.json and lock.json, told in the report."""

    backend: str
    version: str = Field(default="", description="Engine or binary version.")
    controls: tuple[Control, ...] = ()
    gaps: tuple[Gap, ...] = ()
