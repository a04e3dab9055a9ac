"""Behaviours of the place itself: what a program inside finds, can reach, and is refused."""

import json
import os
from unittest.mock import patch

from sandbox.conformance_trial import Trial, expect

REFUSED = {"EPERM", "EACCES", "ENOSYS"}
CAPABILITY_SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
NORMAL_VARIABLES = {"PATH", "HOME", "TMPDIR", "LANG", "TZ", "LC_CTYPE", "OMP_WAIT_POLICY", "HARNESS_TOLD"}
IN_EVERY_NETWORK_NAMESPACE = {"lo", "sit0", "tunl0", "ip6tnl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0"}
HOST_DEVICES = ("mem", "kmem", "port", "kmsg", "kvm", "vda", "sda", "nvme0n1", "fuse", "loop0", "net", "vsock", "uinput")


def the_job_is_not_root(trial: Trial) -> None:
    """Inside, the job is an ordinary user in no group of note."""
    ids = trial.facts["uid"]
    expect(0 not in ids and 0 not in trial.facts["groups"], f"ids {ids}, groups {trial.facts['groups']}")


def all_capability_sets_are_empty(trial: Trial) -> None:
    """The job holds no capability and cannot gain one; where a user namespace bounds them, that bound is empty as well."""
    held = {name: trial.facts["status"][name] for name in CAPABILITY_SETS}
    expect(all(int(value, 16) == 0 for value in held.values()), held)


def no_new_privileges_can_be_gained(trial: Trial) -> None:
    """Set-uid programs give nothing."""
    expect(trial.facts["status"]["NoNewPrivs"] == "1", f"NoNewPrivs is {trial.facts['status']['NoNewPrivs']}")


def system_calls_are_filtered(trial: Trial) -> None:
    """A system-call filter is in force."""
    expect(trial.facts["status"]["Seccomp"] == "2", f"Seccomp is {trial.facts['status']['Seccomp']}")


def the_environment_is_the_job_s_own(trial: Trial) -> None:
    """A job sees the variables it was given and a few fixed ones, none of the host's."""
    with patch.dict(
        os.environ, {"HARNESS_CANARY": "of the host", "HTTPS_PROXY": "http://192.0.2.1:1", "PYTHONPATH": "/nowhere"}
    ):
        seen = trial.run("import os, json; print(json.dumps(dict(os.environ)))", env={"HARNESS_TOLD": "yes"})
    found = json.loads(seen.stdout)
    more = {name for name in found if name not in NORMAL_VARIABLES and not name.endswith("_THREADS")}
    expect(not more and found.get("HARNESS_TOLD") == "yes", f"also {sorted(more)}")


def standard_input_is_empty(trial: Trial) -> None:
    """Reading standard input gives its end at once."""
    expect(trial.facts["stdin"] == "", trial.facts["stdin"])


def no_descriptor_is_inherited(trial: Trial) -> None:
    """A job starts with its three standard descriptors and no others."""
    extra = [number for number in trial.facts["descriptors"] if number > 3]  # 3 is the listing of the folder itself
    expect(not extra, f"descriptors {trial.facts['descriptors']}")


def the_host_name_is_hidden(trial: Trial) -> None:
    """The host's name is not seen."""
    expect(trial.facts["hostname"] == "sandbox", trial.facts["hostname"])


def no_address_can_be_reached(trial: Trial) -> None:
    """There is no route to anywhere."""
    expect(trial.facts["network"]["connect"] == "ENETUNREACH", trial.facts["network"]["connect"])


def no_name_is_resolved(trial: Trial) -> None:
    """There is no name service."""
    expect(trial.facts["network"]["resolve"] != "allowed", "a name was resolved")


def loopback_is_the_only_interface_and_works(trial: Trial) -> None:
    """A program can talk to itself, as notebook kernels do, and no other interface exists."""
    expect(trial.facts["network"]["loopback"] == "allowed", trial.facts["network"]["loopback"])
    real = [
        name
        for name in trial.facts["interfaces"]
        if name not in {"lo", "sit0", "tunl0", "ip6tnl0", "gre0", "gretap0", "erspan0"}
    ]
    expect(not real, f"interfaces {trial.facts['interfaces']}")


def _family_refused(trial: Trial, family: str) -> None:
    expect(trial.facts["network"][family] != "allowed", f"a socket of family {family} was made")


def netlink_sockets_are_refused(trial: Trial) -> None:
    """No conversation with the kernel's network configuration."""
    _family_refused(trial, "netlink")


def vsock_sockets_are_refused(trial: Trial) -> None:
    """No conversation with a hypervisor; a network namespace does not cover it."""
    _family_refused(trial, "vsock")


def crypto_sockets_are_refused(trial: Trial) -> None:
    """No use of the kernel's cryptography by sockets."""
    _family_refused(trial, "alg")


def packet_sockets_are_refused(trial: Trial) -> None:
    """No raw packets."""
    _family_refused(trial, "packet")


def everything_but_its_own_folders_is_read_only(trial: Trial) -> None:
    """The root, the system, the submission, the data, the put files and the harness's programs cannot be written."""
    written = {place: how for place, how in trial.facts["writes"].items() if how == "allowed"}
    expect(not written, f"written: {sorted(written)}")


def paths_of_the_host_are_absent(trial: Trial) -> None:
    """Homes, sockets of services, temporary files and the harness itself are not there."""
    expect(not trial.facts["host_paths"], trial.facts["host_paths"])


def devices_of_the_host_are_absent(trial: Trial) -> None:
    """Only the harmless devices every program expects."""
    found = sorted(set(trial.facts["devices"]) & set(HOST_DEVICES))
    expect(not found, f"devices {found}")


def only_its_own_processes_are_seen(trial: Trial) -> None:
    """A process-id namespace of its own: the host's processes have no numbers inside."""
    expect(len(trial.facts["processes"]) <= 3, f"{len(trial.facts['processes'])} processes")


def writable_places_have_their_sizes(trial: Trial) -> None:
    """The file systems say the sizes that were asked for, and not a share of the host's memory."""
    wanted = {"/dev/shm": 32, "/tmp": 32, "/work": 64}  # noqa: S108  inside the sandbox
    wrong = {place: trial.facts["sizes"][place] for place, size in wanted.items() if trial.facts["sizes"][place] > size << 20}
    expect(not wrong and trial.facts["sizes"]["/out"] <= 512 << 20, trial.facts["sizes"])


def the_runner_is_out_of_reach(trial: Trial) -> None:
    """The harness's own process inside cannot be read, written or listened to."""
    reached = [what for what, how in trial.facts["runner"].items() if how == "allowed"]
    expect(not reached, f"reached: {reached}")


def ordinary_programs_are_not_hindered(trial: Trial) -> None:
    """Threads, socket pairs, temporary files and scheduling calls work."""
    failed = {what: how for what, how in trial.facts["honest"].items() if how != "allowed"}
    expect(not failed, failed)


def _calls_refused(trial: Trial, *names: str) -> None:
    answers = {name: trial.facts["calls"].get(name, "not tried") for name in names}
    expect(all(answer in REFUSED for answer in answers.values()), answers)


def keyrings_are_refused(trial: Trial) -> None:
    """The kernel's keyrings are not separated by namespaces."""
    _calls_refused(trial, "add_key", "keyctl")


def tracing_is_refused(trial: Trial) -> None:
    """No process can be traced or have its memory read, the runner least of all."""
    _calls_refused(trial, "ptrace", "process_vm_readv")


def new_namespaces_are_refused(trial: Trial) -> None:
    """No user namespace, and so no kernel surface that only root has elsewhere."""
    _calls_refused(trial, "unshare", "setns", "clone")


def mounting_is_refused(trial: Trial) -> None:
    """Nothing is mounted from inside."""
    _calls_refused(trial, "mount", "chroot")


def io_uring_is_refused(trial: Trial) -> None:
    """A way around the filter, and a frequent source of kernel faults."""
    _calls_refused(trial, "io_uring_setup")


def kernel_instruments_are_refused(trial: Trial) -> None:
    """No bpf, no performance events, no user fault handling."""
    _calls_refused(trial, "bpf", "perf_event_open", "userfaultfd")


BEHAVIOURS = (
    the_job_is_not_root,
    all_capability_sets_are_empty,
    no_new_privileges_can_be_gained,
    system_calls_are_filtered,
    the_environment_is_the_job_s_own,
    standard_input_is_empty,
    no_descriptor_is_inherited,
    the_host_name_is_hidden,
    no_address_can_be_reached,
    no_name_is_resolved,
    loopback_is_the_only_interface_and_works,
    netlink_sockets_are_refused,
    vsock_sockets_are_refused,
    crypto_sockets_are_refused,
    packet_sockets_are_refused,
    everything_but_its_own_folders_is_read_only,
    paths_of_the_host_are_absent,
    devices_of_the_host_are_absent,
    only_its_own_processes_are_seen,
    writable_places_have_their_sizes,
    the_runner_is_out_of_reach,
    ordinary_programs_are_not_hindered,
    keyrings_are_refused,
    tracing_is_refused,
    new_namespaces_are_refused,
    mounting_is_refused,
    io_uring_is_refused,
    kernel_instruments_are_refused,
)
