"""The policy of the bubblewrap back end, as its argument list. A flag that goes missing fails here."""

import pytest

from harness.model.sandbox import Limits
from sandbox.bubblewrap_arguments import Bind, Plan, arguments

LIMITS = Limits(work_mb=10, tmp_mb=20, shm_mb=30, output_mb=4)


def plan(*, disable_userns: bool = True, binds: tuple[Bind, ...] = (), hide_local: bool = True) -> Plan:
    return Plan("/usr/bin/bwrap", "/opt/env/bin/python", binds, LIMITS, 7, 8, disable_userns, hide_local)


def pairs(words: list[str], flag: str, count: int) -> list[tuple[str, ...]]:
    return [tuple(words[index + 1 : index + 1 + count]) for index, word in enumerate(words) if word == flag]


@pytest.mark.parametrize(
    "flag",
    [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv",
        "--seccomp", "--remount-ro",
    ],
)  # fmt: skip
def test_every_protection_is_asked_for(flag: str) -> None:
    assert flag in arguments(plan())


def test_the_user_inside_is_nobody() -> None:
    words = arguments(plan())

    assert pairs(words, "--uid", 1) == pairs(words, "--gid", 1) == [("65534",)]


def test_the_job_is_the_runner_and_nothing_a_candidate_chose() -> None:
    words = arguments(plan())

    assert words[words.index("--") + 1 :] == ["/opt/env/bin/python", "-I", "-S", "/harness/runner.py", "/job.json"]


def test_every_writable_file_system_has_a_size() -> None:
    words = arguments(plan())
    sized = {words[index + 3]: int(words[index + 1]) for index, word in enumerate(words) if word == "--size"}

    assert {target: sized[target] >> 20 for target in ("/work", "/tmp", "/dev/shm", "/out")} == {
        "/work": 10,
        "/tmp": 20,
        "/dev/shm": 30,
        "/out": 24,
    }
    assert {target for (target,) in pairs(words, "--tmpfs", 1)} == set(sized)


def test_dev_and_root_become_read_only_after_everything_is_in_place() -> None:
    words = arguments(plan(binds=(Bind("/a", "/submission"),)))
    frozen = [target for (target,) in pairs(words, "--remount-ro", 1)]

    assert frozen[-2:] == ["/dev", "/"]
    assert words.index("/submission") < len(words) - 1 - words[::-1].index("--remount-ro")


def test_nothing_is_bound_writable_and_nothing_private_is_bound() -> None:
    words = arguments(plan())
    shown = {source for source, _ in pairs(words, "--ro-bind", 2)}

    assert not {"--bind", "--dev-bind", "--bind-try", "--dev-bind-try", "--share-net", "--cap-add"} & set(words)
    assert not shown & {"/", "/etc", "/home", "/root", "/run", "/sys", "/tmp", "/var", "/dev", "/proc"}
    assert {source for source in shown if source.startswith("/etc")} <= {"/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts"}


def test_local_programs_of_the_host_are_hidden_unless_the_interpreter_lives_there() -> None:
    assert ("/usr/local",) in pairs(arguments(plan()), "--tmpfs", 1)
    assert ("/usr/local",) not in pairs(arguments(plan(hide_local=False)), "--tmpfs", 1)


def test_sources_are_shown_in_their_order_so_that_inner_ones_stay_on_top() -> None:
    binds = (Bind("/x", "/opt/env"), Bind("/y", "/opt/env/inner"))

    shown = [pair for pair in pairs(arguments(plan(binds=binds)), "--ro-bind", 2) if pair[1].startswith("/opt")]

    assert shown == [("/x", "/opt/env"), ("/y", "/opt/env/inner")]


def test_a_host_that_cannot_switch_user_namespaces_off_does_without() -> None:
    assert "--disable-userns" not in arguments(plan(disable_userns=False))
