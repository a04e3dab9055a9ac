"""Every flag of a container, read without an engine: one that is lost or weakened fails here."""

import json

import pytest

from harness.model.sandbox import Limits
from sandbox.docker_arguments import (
    OWN_UIDS,
    REMAPPED_UIDS,
    build_arguments,
    create_arguments,
    host_config,
    seccomp_profile,
    tmpfs,
)
from tests.sandbox.docker_builders import engine, plan

MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("NetworkMode", "none"),
        ("ReadonlyRootfs", True),
        ("CapDrop", ["ALL"]),
        ("Privileged", False),
        ("IpcMode", "private"),
        ("CgroupnsMode", "private"),
        ("OomScoreAdj", 500),
        ("LogConfig", {"Type": "none", "Config": {}}),
        ("Init", False),
        ("AutoRemove", False),
        ("RestartPolicy", {"Name": "no", "MaximumRetryCount": 0}),
        ("Runtime", "runc"),
    ],
)
def test_a_protection_is_in_force(flag: str, value: object) -> None:
    assert host_config(plan())[flag] == value


def test_no_program_gains_a_privilege_and_the_list_of_calls_travels_as_text() -> None:
    options = host_config(plan())["SecurityOpt"]
    assert options == ["no-new-privileges", f"seccomp={seccomp_profile()}"]
    assert json.loads(options[1].removeprefix("seccomp="))["defaultAction"] == "SCMP_ACT_ERRNO"


def test_limits_are_the_packs_own() -> None:
    config = host_config(plan(limits=Limits(cpus=1.5, memory_mb=300, pids=77, shm_mb=9, open_files=99, file_mb=5)))
    assert (config["Memory"], config["MemorySwap"]) == (300 * MEGABYTE, 300 * MEGABYTE)
    assert (config["PidsLimit"], config["NanoCpus"], config["ShmSize"]) == (77, 1_500_000_000, 9 * MEGABYTE)
    limits = {one["Name"]: (one["Soft"], one["Hard"]) for one in config["Ulimits"]}
    assert limits == {"core": (0, 0), "nofile": (99, 99), "fsize": (5 * MEGABYTE,) * 2, "memlock": (65_536,) * 2}


def test_a_host_with_fewer_processors_is_the_limit() -> None:
    assert host_config(plan(engine=engine(cpus=1), limits=Limits(cpus=4)))["NanoCpus"] == 1_000_000_000


def test_nothing_else_can_be_asked_for() -> None:
    """Devices, capabilities, other namespaces, published ports, writable binds: there are no words for them."""
    words = set(host_config(plan()))
    assert words.isdisjoint({"CapAdd", "Devices", "DeviceRequests", "PidMode", "UsernsMode", "UTSMode", "Binds", "VolumesFrom"})
    assert words.isdisjoint({"PortBindings", "ExtraHosts", "Links", "GroupAdd", "Sysctls", "OomKillDisable", "CgroupParent"})


def test_every_mount_is_read_only_private_and_spelled_without_separators() -> None:
    mounts = host_config(plan())["Mounts"]
    assert [mount["Source"] for mount in mounts] == ["/stage/harness", "/stage/odd, name:x"]
    assert all(mount["ReadOnly"] is True and mount["Type"] == "bind" for mount in mounts)
    assert all(mount["BindOptions"] == {"Propagation": "rprivate"} for mount in mounts)


def test_every_writable_place_has_a_size_a_number_of_files_and_no_devices() -> None:
    places = tmpfs(plan(limits=Limits(work_mb=11, tmp_mb=12, shm_mb=13, output_mb=14)))
    assert sorted(places) == ["/dev/shm", "/out", "/tmp", "/work"]
    for options in places.values():
        words = options.split(",")
        assert {"nosuid", "nodev"} <= set(words)
        assert any(word.startswith("nr_inodes=") for word in words)
    sizes = {place: options.partition("size=")[2].split(",")[0] for place, options in places.items()}
    assert sizes == {"/work": "11m", "/tmp": "12m", "/dev/shm": "13m", "/out": "44m"}
    assert all("mode=0700" in places[place] and "uid=" in places[place] for place in ("/work", "/out"))


def test_the_user_is_never_root_and_differs_from_run_to_run() -> None:
    users = {plan().uid for _ in range(20)}
    assert len(users) > 10
    assert all(uid in OWN_UIDS for uid in users)
    assert create_arguments(plan(draw=5))["user"] == "1700000005:1700000005"


@pytest.mark.parametrize("mapped", [{"rootless": True}, {"users_remapped": True}])
def test_engines_that_map_users_get_one_within_their_range(mapped: dict[str, bool]) -> None:
    assert all(plan(engine=engine(**mapped)).uid in REMAPPED_UIDS for _ in range(20))


def test_the_program_is_fixed_and_hears_nothing() -> None:
    arguments = create_arguments(plan())
    assert arguments["entrypoint"] == ["/opt/env/bin/python"]
    assert arguments["command"] == ["-I", "-S", "/harness/runner.py", "/job.json"]
    assert (arguments["tty"], arguments["stdin_open"], arguments["network_disabled"]) == (False, False, True)
    assert arguments["healthcheck"] == {"test": ["NONE"]}
    assert arguments["hostname"] == "sandbox"


def test_the_clients_own_settings_do_not_reach_the_container() -> None:
    arguments = create_arguments(plan())
    assert arguments["use_config_proxy"] is False
    assert arguments["environment"] == {"PATH": "/opt/env/bin:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


def test_names_cannot_be_guessed() -> None:
    names = {plan().name for _ in range(20)}
    assert len(names) == 20
    assert all(len(name.removeprefix("takehome-")) == 32 for name in names)


def test_the_runtime_is_the_one_that_was_chosen() -> None:
    assert host_config(plan(engine=engine(runtime="runsc")))["Runtime"] == "runsc"


def test_an_environment_is_built_as_confined_as_a_job_but_for_its_root() -> None:
    building, running = build_arguments(plan(as_root=True, name="n")), create_arguments(plan(name="n"))
    different = {key for key in running["host_config"] if building["host_config"][key] != running["host_config"][key]}
    assert building["user"] == "0:0"
    assert different == {"ReadonlyRootfs", "Tmpfs"}
