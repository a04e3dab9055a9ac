"""Things on the host that an attack would like to reach, and the ears that hear when one does."""

import ctypes
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow, token_hex
from typing import Any

from tests.hostile.attacks.explorer.trying import CALLS

CONTROL_WORD = "whole-path-control"
_IPC_CREATE, _IPC_REMOVE = 0o1000 | 0o600, 0
_USER_KEYRING = -4


@dataclass
class Ears:
    """Listeners of every kind that a process could connect to; they only count."""

    folder: Path
    heard: int = 0

    def __post_init__(self) -> None:
        self.tcp = socket.create_server(("0.0.0.0", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.file, self.abstract = self.folder / "ear", f"harness-ear-{token_hex(8)}"
        self.files = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        self.files[0].bind(str(self.file))
        self.files[1].bind("\0" + self.abstract)
        self.file.chmod(0o777)
        for one in self.files:
            one.listen()
        self.sockets = [self.tcp, self.udp, *self.files]
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._listen, args=(one,), daemon=True) for one in self.sockets]
        for one, thread in zip(self.sockets, self.threads, strict=True):
            one.settimeout(0.1)
            thread.start()

    def _listen(self, one: socket.socket) -> None:
        while not self.over.is_set():
            with suppress(OSError):
                if one is self.udp:
                    self.udp.sendto(b"heard", self.udp.recvfrom(100)[1])
                else:
                    caller = one.accept()[0]
                    with caller:
                        caller.settimeout(1)
                        caller.recv(100)
                self.heard += 1

    def close(self) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()
        for one in self.sockets:
            one.close()


def syscall(name: str, *words: Any) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(CALLS[name]), *words))


@contextmanager
def planted(folder: Path, secret: str, run_word: str) -> Iterator[dict[str, Any]]:
    """Plants everything, and gives the targets by name; takes all of it away again."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "secret.txt"
    place.write_text(secret)
    place.chmod(0o644)
    ears = Ears(folder)
    shm_key, queue_key = (0x48580000 + randbelow(0xFFFF) for _ in range(2))
    segment, queue = syscall("shmget", shm_key, 4096, _IPC_CREATE | 0o66), syscall("msgget", queue_key, _IPC_CREATE | 0o66)
    named = Path("/dev/shm", f"harness-planted-{token_hex(8)}")
    named.write_text(secret)
    named.chmod(0o666)
    key = f"harness-key-{token_hex(8)}"
    held = syscall("add_key", b"user", key.encode(), b"secret", 6, ctypes.c_long(_USER_KEYRING))
    command = [sys.executable, "-c", "import time; time.sleep(600)", CONTROL_WORD, run_word]
    bystander = subprocess.Popen(command, env={"SECRET": secret})
    try:
        yield {
            "secret_file": str(place),
            "tcp_port": ears.tcp.getsockname()[1],
            "udp_port": ears.udp.getsockname()[1],
            "unix_socket": str(ears.file),
            "abstract_socket": ears.abstract,
            "shm_key": shm_key,
            "queue_key": queue_key,
            "shm_name": named.name,
            "key": key,
            "home": str(Path.home()),
            "host_name": socket.gethostname(),
            "host_identity": [word for word in (machine_id(), socket.gethostname()) if word],
            "host_address": own_address(),
            "control_pid": bystander.pid,
            "control_word": CONTROL_WORD,
            "ears": ears,
        }
    finally:
        ears.close()
        bystander.kill()
        bystander.wait()
        named.unlink(missing_ok=True)
        syscall("keyctl", 3, held)
        ctypes.CDLL(None).shmctl(segment, _IPC_REMOVE, None)
        ctypes.CDLL(None).msgctl(queue, _IPC_REMOVE, None)


def own_address() -> str:
    """This machine's address on its network, without sending anything; loopback when it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(one.getsockname()[0])


def quiet_for(ears: Ears, seconds: float = 0.2) -> bool:
    """Whether nothing is heard; waits a little for what is still under way."""
    before = ears.heard
    time.sleep(seconds)
    return ears.heard == before == 0


def machine_id() -> str:
    place = Path("/etc/machine-id")
    return place.read_text().strip() if place.is_file() else ""
