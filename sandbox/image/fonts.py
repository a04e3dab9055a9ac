"""matplotlib's list of fonts for a venv: made once, in a sandbox, because making it starts packages of the lock.

Without it every step that draws would look for the machine's fonts again. In an image it is made while building.
"""

import tempfile
from pathlib import Path

from harness.model.sandbox import Environment, Limits
from sandbox import owners
from sandbox.base import OUT, Backend, Job
from sandbox.image.venv import has_fonts, keep_fonts

_LIMITS = Limits(wall_s=120, memory_mb=1024)


def warm_fonts(backend: Backend, environment: Environment) -> None:
    """Make the list if it is missing. A failure changes nothing but speed, and is met again by who needs matplotlib."""
    if has_fonts(environment):
        return
    job = Job(
        label="fonts",
        argv=(environment.python, "-I", "-c", "import matplotlib.font_manager"),
        limits=_LIMITS,
        environment=environment,
        env={"MPLCONFIGDIR": OUT, "MPLBACKEND": "agg"},
        collect=("fontlist-*.json",),
        copy_submission=False,
        link_data=None,
    )
    with backend.open(owners.new_owner("prepare")) as box, tempfile.TemporaryDirectory(prefix="harness-fonts-") as folder:
        box.run(job)
        artifacts, _ = box.fetch(Path(folder) / "out")
        for artifact in artifacts:
            keep_fonts(environment, artifact.name, (Path(folder) / "out" / artifact.name).read_bytes())
