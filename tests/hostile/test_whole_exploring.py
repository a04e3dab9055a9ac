"""What a submission can read, reach and change, tried by one program in a real grade, and on the bare host as the control.

Each attempt is a test. Inside it must be refused; outside, with nothing around it, the same code must succeed, or the
refusal would prove nothing.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.packs import read_pack
from harness.settings import cache_folder
from tests.hostile.attacks import explorer
from tests.hostile.attacks.arena import Arena, Canary, Told, new_canary, run_on_the_host, write_files
from tests.hostile.attacks.host import planted, quiet_for
from tests.hostile.attacks.pack import honest_files, write_pack
from tests.sandbox.engines import BACK_ENDS

LABELS = Canary("hxcanary-5f1d7c0e9ab34c6d8e2f4a6b8c0d1e2f")
"""Beside the labels; the same every time, so that the data is made once."""
RUN_WORD = "folder-of-this-run"

NO_CONTROL = {
    "identity_of_the_host": "machines may have none of these files",
    "descriptors_left_open": "a program that is started plainly has none either",
    "gateway_of_the_network": "a machine without a network has none",
    "interfaces_of_the_host": "a machine without a network has none",
    "message_bus_of_the_host": "a container as host has none",
    "engine_of_the_host": "the socket of another program stands for it",
    "hypervisor_by_vsock": "kernels may lack it",
    "kernel_crypto_by_socket": "kernels may lack it",
    "bluetooth_by_socket": "kernels may lack it",
    "disks": "a container as host has none",
    "characters_into_a_terminal": "the test itself may have none",
    "accounting_and_quotas": "kernels may lack it",
    "ports_of_the_machine": "kernels may lack it",
    "instruments_of_the_kernel": "kernels may lack it",
    "faults_of_pages": "kernels may lack it",
    "queues_into_the_kernel": "kernels may lack it",
    "watching_the_whole_file_system": "kernels may lack it",
    "memory_of_the_host": "kernels may lack it",
    "addresses_of_the_kernel": "they may be hidden from everybody",
    "key_in_a_keyring": "the key may not be in reach of this session",
    "emergency_keys_of_the_kernel": "a container as host may not have it",
    "higher_limits": "root may lack the right",
    "a_better_priority": "root may lack the right",
    "real_time": "root may lack the right",
    "protection_from_the_memory_killer": "root may lack the right",
}


@dataclass(frozen=True)
class Explored:
    """One grade of the exploring submission."""

    told: Told
    found: dict[str, str]
    secret: Canary
    heard: bool
    targets: dict[str, Any]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("packs"), canary=LABELS.text)


@pytest.fixture(scope="module", params=BACK_ENDS)
def explored(request: pytest.FixtureRequest, pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explored]:
    root, secret = tmp_path_factory.mktemp(request.param), new_canary()
    environment = {
        "HARNESS_SECRET": secret.text,
        "AWS_SECRET_ACCESS_KEY": secret.text,
        "DATABASE_URL": f"postgres://u:{secret.text}@h/d",
        "http_proxy": f"http://{secret.text}@127.0.0.1:1",
    }
    arena = Arena(root, request.param, pack, environment)
    other = arena.submit(honest_files(), name="other").run
    assert other is not None
    with planted(root / "host", secret.text, RUN_WORD) as host:
        ears = host.pop("ears")
        targets = {**host, **places(pack, other), "process": 1}
        told = arena.submit(submission(targets), name=RUN_WORD)
        yield Explored(told, found_in(told.printed("predict")), secret, not quiet_for(ears), targets)


def places(pack: Path, other: Path) -> dict[str, Any]:
    cached = cache_folder() / "data"
    labels = [str(path) for path in cached.glob(f"small-{read_pack(pack).data_digest[:16]}-*/private/labels.csv")]
    return {
        "labels": labels,
        "pack": str(pack),
        "other_run": str(other),
        "run_word": RUN_WORD,
        "host_words": [RUN_WORD, str(pack), str(cached), "rubric", "labels.csv", "private"],
        "not_searched": ["/proc", "/sys", "/usr", "/opt"],
    }


def submission(targets: dict[str, Any]) -> dict[str, str]:
    declared = {"pack": "small", "entry": {"kind": "command", "predict": "python -m explorer {data} {out}"}}
    sources = Path(explorer.__file__).parent.glob("*.py")
    return {
        **{f"explorer/{source.name}": source.read_text("utf-8") for source in sources},
        "targets.json": json.dumps(targets),
        "submission.json": json.dumps(declared),
        "README.md": "# Explorer\n",
    }


def found_in(printed: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(printed.strip().splitlines()[-1])["explored"]
    return found


@pytest.mark.parametrize("name", explorer.ATTEMPTS)
def test_an_attempt_to_leave_the_sandbox_comes_to_nothing(name: str, explored: Explored) -> None:
    assert explored.found[name].startswith("refused: "), explored.found[name]


def test_nothing_on_the_host_heard_anything(explored: Explored) -> None:
    assert not explored.heard


def test_no_secret_of_the_host_is_in_anything_that_is_left(explored: Explored) -> None:
    for where, data in explored.told.everything():
        assert explored.secret.where_found(data) is None, where


def test_nothing_of_the_label_file_is_in_anything_that_is_left(explored: Explored) -> None:
    for where, data in explored.told.everything():
        assert LABELS.where_found(data) is None, where


def test_a_submission_that_looked_everywhere_is_still_graded_fairly(explored: Explored) -> None:
    """Its attempts cost it nothing that it did not earn: it predicted, validly, and no sandbox was lost."""
    assert explored.told.check("predictions_valid")["verdict"] == "met"
    assert {step["outcome"]["kind"] for step in explored.told.document["runs"]["steps"]} == {"exited"}


@pytest.fixture(scope="module")
def on_the_bare_host(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The same program with the same targets, where nothing confines it."""
    if os.geteuid() != 0 or sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip("the control needs root on Linux, x86-64: what is refused to it must be refused by the sandbox alone")
    root, secret = tmp_path_factory.mktemp("control"), new_canary()
    other = root / "other"
    write_files(other, {"report.json": secret.text})
    with planted(root / "host", secret.text, RUN_WORD) as host:
        ears = host.pop("ears")
        for folder in ("submission", "data", "scratch"):
            (root / folder).mkdir()
        targets = {
            **host,
            **places(pack, other),
            "process": host["control_pid"],
            **{name: str(root / name) for name in ("submission", "data", "scratch")},
            "control": True,
            "search_root": str(root),
            "not_searched": [],
            "host_words": ["proc"],
        }
        (root / "lock.json").write_text("{}")
        place = write_files(root / "given", submission(targets))
        names = [name for name in explorer.ATTEMPTS if name not in NO_CONTROL]
        said = run_on_the_host(["-m", "explorer", "control", *names], place, SECRET=secret.text)
        assert said.returncode == 0, said.stderr
        yield {**found_in(said.stdout), "ears": "heard" if ears.heard else "silent"}


@pytest.mark.parametrize("name", [name for name in explorer.ATTEMPTS if name not in NO_CONTROL])
def test_the_same_attempt_succeeds_where_nothing_confines_it(name: str, on_the_bare_host: dict[str, str]) -> None:
    assert on_the_bare_host[name].startswith("reached: "), on_the_bare_host[name]


def test_the_ears_hear_an_attempt_that_is_not_confined(on_the_bare_host: dict[str, str]) -> None:
    assert on_the_bare_host["ears"] == "heard"
