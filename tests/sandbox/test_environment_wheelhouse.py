"""Wheels come by the host's own pip configuration, for the target's interpreter, and only with the right hash."""

from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import SandboxError
from sandbox.image.target import Target
from sandbox.image.venv import ask, host_python
from sandbox.image.wheelhouse import LOCK_NAME, last_lines, wheelhouse
from tests.sandbox.wheels import make_lock, make_wheel, pin


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An air-gapped host: pip is configured to look into one folder and nowhere else."""
    monkeypatch.setenv("HARNESS_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "shop"))
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop"


def target() -> Target:
    return ask(host_python())


def test_pips_own_settings_say_where_packages_come_from(shop: Path) -> None:
    lock = make_lock(shop.parent / "lock", pin(make_wheel(shop, "alpha")))
    place = wheelhouse(lock, target())
    assert sorted(file.name for file in place.iterdir()) == ["alpha-1.0-py3-none-any.whl", LOCK_NAME]


def test_the_second_time_nothing_is_fetched(shop: Path) -> None:
    wheel = make_wheel(shop, "alpha")
    lock = make_lock(shop.parent / "lock", pin(wheel))
    first = wheelhouse(lock, target())
    wheel.unlink()
    assert wheelhouse(lock, target()) == first


def test_a_wheel_for_the_targets_interpreter_is_chosen_not_for_ours(shop: Path) -> None:
    """The image's Python is rarely the one that the harness runs on."""
    lines = [pin(make_wheel(shop, "alpha", tag=f"cp{minor}-cp{minor}-manylinux_2_17_x86_64")) for minor in (39, 314)]
    hashes = " ".join(line.split()[-1] for line in lines)
    lock = make_lock(shop.parent / "lock", f"alpha==1.0 {hashes}\n")
    wanted = replace(
        target(), abi="cp314", markers=target().markers | {"python_full_version": "3.14.0", "python_version": "3.14"}
    )
    wanted = replace(wanted, libc=("glibc", "2.36"), markers=wanted.markers | {"platform_machine": "x86_64"})
    assert [file.name for file in wheelhouse(lock, wanted).glob("*.whl")] == ["alpha-1.0-cp314-cp314-manylinux_2_17_x86_64.whl"]


def test_a_package_for_another_system_is_not_asked_for(shop: Path) -> None:
    lock = make_lock(shop.parent / "lock", f"winonly==1 ; sys_platform == 'win32' --hash=sha256:{'a' * 64}\n")
    assert (wheelhouse(lock, target()) / LOCK_NAME).read_text() == ""


def test_a_wheel_with_another_hash_is_refused(shop: Path) -> None:
    make_wheel(shop, "alpha")
    lock = make_lock(shop.parent / "lock", f"alpha==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SandboxError, match="DO NOT MATCH THE HASHES"):
        wheelhouse(lock, target())
    assert list((shop.parent / "cache" / "wheels").glob("[!.]*")) == []


def test_a_package_that_is_nowhere_is_told_in_pips_own_words(shop: Path) -> None:
    lock = make_lock(shop.parent / "lock", f"missing-thing==9 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SandboxError, match="No matching distribution found for missing-thing==9") as caught:
        wheelhouse(lock, target())
    assert "pip config" in caught.value.next_step


def test_source_packages_are_never_built_here(shop: Path) -> None:
    """Building one would run its code on the host."""
    import tarfile

    canary = shop.parent / "ran"
    source = shop.parent / "beta-1.0"
    source.mkdir()
    (source / "setup.py").write_text(
        f"open({str(canary)!r}, 'w')\nfrom setuptools import setup\nsetup(name='beta', version='1.0')\n"
    )
    with tarfile.open(shop / "beta-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, "beta-1.0")
    lock = make_lock(shop.parent / "lock", f"beta==1.0 {pin(shop / 'beta-1.0.tar.gz').split()[-1]}\n")
    with pytest.raises(SandboxError, match="No matching distribution"):
        wheelhouse(lock, target())
    assert not canary.exists()


def test_passwords_of_an_index_do_not_reach_the_message() -> None:
    told = last_lines("WARNING: Location '/x' is ignored\nLooking in https://user:secret@pypi.example.org/simple\nERROR: no\n")
    assert "secret" not in told
    assert told.splitlines() == ["    Looking in https://pypi.example.org/simple", "    ERROR: no"]
