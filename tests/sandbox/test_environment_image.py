"""The image of a lock: built without a network, found again, and nothing in it but the environment."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from harness.errors import SandboxError
from harness.model.run import Exited
from harness.model.sandbox import Environment, Limits
from sandbox import owners
from sandbox.base import Execution, Job
from sandbox.docker import Docker
from sandbox.docker_engine import connect
from sandbox.image.docker_image import BASE_LABEL, LOCK_LABEL, REPOSITORY
from tests.sandbox.wheels import make_lock, make_wheel, pin

pytestmark = pytest.mark.docker

LOOK = """
import alpha, json, os, subprocess, sys
marks = [os.path.join(top, name) for top, _, names in os.walk('/opt/env') for name in names]
links = [path for path in marks if os.path.islink(path)]
facts = {path: os.lstat(path) for path in marks}
print(json.dumps({
    'value': alpha.VALUE,
    'foreign': [path for path, fact in facts.items() if fact.st_uid or (fact.st_mode & 0o022 and path not in links)],
    'setuid': [path for path, fact in facts.items() if fact.st_mode & 0o6000],
    'wheels': [path for top, _, names in os.walk('/') for path in names if path.endswith('.whl') and 'ensurepip' not in top
               and not top.startswith(('/proc', '/usr/share/python-wheels'))],
    'compiled': os.path.exists(alpha.__cached__),
    'tool': subprocess.run(['alpha'], capture_output=True, text=True).stdout,
    'left': [name for name in os.listdir('/tmp')] + [name for name in ('/build', '/wheels') if os.path.exists(name)],
}))
"""


@pytest.fixture
def client() -> Iterator[APIClient]:
    with contextlib.closing(connect()) as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: APIClient) -> Iterator[Path]:
    """An air-gapped host with one folder of wheels; images that a test builds are removed after it."""
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shop"))
    before = {one["Id"] for one in client.images(REPOSITORY)}
    yield tmp_path / "shop"
    for one in client.images(REPOSITORY):
        if one["Id"] not in before:
            client.remove_image(one["Id"], force=True)


def a_lock(shop: Path, value: str = "1") -> Path:
    entry = "[console_scripts]\nalpha = alpha:main\n"
    code = f"VALUE = {value}\ndef main():\n    print('tool')\n"
    wheel = make_wheel(shop, "alpha", files={"alpha.py": code, "alpha-1.0.dist-info/entry_points.txt": entry})
    return make_lock(shop.parent / "requirements.lock", pin(wheel))


def run(environment: Environment, code: str) -> Execution:
    job = Job(label="x", argv=("python", "-c", code), limits=Limits(wall_s=60, memory_mb=256), environment=environment)
    with Docker().open(owners.new_owner("test")) as sandbox:
        return sandbox.run(job)


def test_packages_are_there_and_nothing_else_is(shop: Path) -> None:
    value = os.urandom(8).hex()
    done = run(Docker().prepare(a_lock(shop, repr(value))), LOOK)
    assert done.outcome == Exited(code=0), done.stderr.text()
    assert json.loads(done.stdout.text()) == {
        "value": value,
        "foreign": [],
        "setuid": [],
        "wheels": [],
        "compiled": True,
        "tool": "tool\n",
        "left": [],
    }


def test_it_is_found_again_by_its_labels_and_by_nothing_else(shop: Path, client: APIClient, tmp_path: Path) -> None:
    lock = a_lock(shop, repr(os.urandom(8).hex()))
    first = Docker().prepare(lock)
    (shop / "alpha-1.0-py3-none-any.whl").unlink()
    assert Docker().prepare(lock) == first
    labels = client.inspect_image(first.reference)["Config"]["Labels"]
    assert labels[LOCK_LABEL] == first.digest
    assert labels[BASE_LABEL].startswith("sha256:")


def test_containers_made_from_it_by_hand_are_not_taken_for_ours(shop: Path, client: APIClient) -> None:
    """The labels of the build's owner, who is soon dead, must not be inherited."""
    environment = Docker().prepare(a_lock(shop, repr(os.urandom(8).hex())))
    assert owners.from_labels(client.inspect_image(environment.reference)["Config"]["Labels"]) is None


def test_a_failing_install_leaves_no_image_and_no_container(
    shop: Path, client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.image.docker_image.BUILD_LIMITS", Limits(wall_s=60, file_mb=1))
    wheel = make_wheel(shop, "alpha", files={"alpha.py": "# " + "long " * 500_000})
    before = {one["Id"] for one in client.images(all=True)}
    with pytest.raises(SandboxError, match="could not be installed"):
        Docker().prepare(make_lock(shop.parent / "requirements.lock", pin(wheel)))
    assert {one["Id"] for one in client.images(all=True)} == before
    assert client.containers(all=True, filters={"label": f"{owners.RUN}=prepare"}) == []


def test_pip_takes_over_where_our_installer_does_not_run(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on an engine whose images are for another machine than this one."""
    monkeypatch.setattr("sandbox.image.docker_image.find_uv", lambda: None)
    value = os.urandom(8).hex()
    done = run(Docker().prepare(a_lock(shop, repr(value))), "import alpha; print(alpha.VALUE)")
    assert done.stdout.text() == f"{value}\n"
