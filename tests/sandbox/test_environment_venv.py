"""The venv of the bubblewrap back end: complete, read-only by use, silent about this machine, and built without running it."""

import os
import subprocess
from pathlib import Path

import pytest

from harness.errors import SandboxError
from sandbox.image.venv import ask, build_venv, host_python, mounts
from tests.sandbox.wheels import make_lock, make_wheel, pin


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shop"))
    return tmp_path / "shop"


def env_of(lock: Path | None) -> Path:
    return next(mount.source for mount in mounts(build_venv(lock)) if mount.target == "/opt/env")


def packages(env: Path) -> Path:
    return next(env.glob("lib/python*/site-packages"))


def test_packages_are_installed_with_their_bytecode(shop: Path) -> None:
    env = env_of(make_lock(shop.parent / "lock", pin(make_wheel(shop, "alpha"))))
    assert (packages(env) / "alpha" / "__init__.py").is_file()
    assert list((packages(env) / "alpha" / "__pycache__").glob("__init__.*.pyc"))


def test_nothing_of_a_package_runs_on_the_host_while_it_is_installed(shop: Path) -> None:
    """A .pth file runs at every start of an interpreter that sees it: the control shows that this one would."""
    canary = shop.parent / "ran"
    wheel = make_wheel(
        shop, "alpha", files={"alpha.py": "", "alpha.pth": f"import pathlib; pathlib.Path({str(canary)!r}).touch()\n"}
    )
    env = env_of(make_lock(shop.parent / "lock", pin(wheel)))
    assert not canary.exists()
    site = f"import site; site.addsitedir({str(packages(env))!r})"
    subprocess.run([host_python(), "-S", "-c", site], check=True)
    assert canary.exists()


def test_paths_of_this_machine_are_not_in_it(shop: Path) -> None:
    entry = "[console_scripts]\nalpha = alpha:main\n"
    wheel = make_wheel(shop, "alpha", files={"alpha.py": "def main(): pass\n", "alpha-1.0.dist-info/entry_points.txt": entry})
    env = env_of(make_lock(shop.parent / "lock", pin(wheel)))
    assert "/opt/env/bin/python" in (env / "bin" / "alpha").read_text()
    secret = os.fsencode(shop.parent)
    assert [file for file in env.rglob("*") if file.is_file() and secret in file.read_bytes()] == []
    assert str(shop.parent) not in str((env / "bin" / "python").readlink())


def test_without_a_lock_it_is_the_bare_standard_library(shop: Path) -> None:
    assert list(packages(env_of(None)).iterdir()) == []


def test_the_hosts_own_packages_are_hidden(shop: Path) -> None:
    """Where the interpreter is bound as a whole, what its owner installed beside it is covered by an empty folder."""
    target = ask(host_python())
    bound = {mount.target: mount.source for mount in mounts(build_venv(None))}
    outside_usr = not target.prefix.startswith("/usr")
    covered = [source for place, source in bound.items() if place.endswith("site-packages")]
    assert len(covered) == (1 if outside_usr else 0)
    assert [list(folder.iterdir()) for folder in covered] == [[]] * len(covered)


def test_a_lock_is_built_once(shop: Path) -> None:
    wheel = make_wheel(shop, "alpha")
    lock = make_lock(shop.parent / "lock", pin(wheel))
    first = build_venv(lock)
    wheel.unlink()
    assert build_venv(lock) == first
    assert first.python == "/opt/env/bin/python"


def test_another_lock_is_another_environment(shop: Path) -> None:
    one = build_venv(make_lock(shop.parent / "one", pin(make_wheel(shop, "alpha"))))
    other = build_venv(make_lock(shop.parent / "other", pin(make_wheel(shop, "beta"))))
    assert one.digest != other.digest
    assert one.reference != other.reference


def test_an_environment_that_was_removed_is_missed_with_words(shop: Path) -> None:
    environment = build_venv(None).changed(reference="gone")
    with pytest.raises(SandboxError, match="no longer in the cache"):
        mounts(environment)


def test_an_interpreter_that_does_not_start_is_named(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_SANDBOX_PYTHON", "/nowhere/python3")
    with pytest.raises(SandboxError, match="does not start") as caught:
        build_venv(None)
    assert caught.value.where == "/nowhere/python3"
