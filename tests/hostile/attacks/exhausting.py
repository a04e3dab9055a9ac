"""Programs that use up time, memory, processes, disks, output and patience, under small limits."""

from typing import Any

from tests.small_pack import submission_files

SMALL: dict[str, Any] = {
    "wall_s": 3, "memory_mb": 192, "cpus": 1, "pids": 48, "work_mb": 24, "tmp_mb": 8, "shm_mb": 8, "file_mb": 16,
    "open_files": 96, "stream_kb": 16, "flood_mb": 2, "output_mb": 4, "output_files": 8,
}  # fmt: skip
"""Limits of each step in the pack for these submissions."""

EXITED, TIMED_OUT, NO_MEMORY, CAPPED = "exited", "timed_out", "out_of_memory", "output_capped"

ENDLESS: dict[str, tuple[str, frozenset[str]]] = {
    "a loop that ignores being asked to end": (
        "import signal\nfor number in range(1, 65):\n    try:\n        signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    pass\n",
        frozenset({TIMED_OUT}),
    ),
    "a sleep in many processes": (
        "import os, time\nfor _ in range(20):\n    if os.fork() == 0:\n        os.setsid()\n        break\ntime.sleep(1000)\n",
        frozenset({TIMED_OUT}),
    ),
    "a process that holds itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n", frozenset({TIMED_OUT})),
    "a hold on the runner": (
        "import os, signal, time\nfor number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGKILL, signal.SIGTERM, signal.SIGABRT):\n"
        "    try:\n        os.kill(1, number)\n    except OSError as error:\n        print(error)\ntime.sleep(1000)\n",
        frozenset({TIMED_OUT}),
    ),
    "outputs that are closed while it stays": ("import os, time\nos.closerange(0, 256)\ntime.sleep(1000)\n", frozenset({TIMED_OUT})),
    "a flood on standard output": ("import os\nwhile True:\n    os.write(1, b'x' * 65536)\n", frozenset({CAPPED})),
    "a flood on standard error": ("import os\nwhile True:\n    os.write(2, b'line\\n' * 10000)\n", frozenset({CAPPED})),
    "a flood from a process left behind": (
        "import os\nif os.fork() == 0:\n    os.setsid()\n    while True:\n        os.write(1, b'\\xff\\x00' * 30000)\nos.wait()\n",
        frozenset({CAPPED}),
    ),
    "memory in steps": ("held = []\nwhile True:\n    held.append(bytearray(1 << 20))\n", frozenset({NO_MEMORY})),
    "memory in one piece": ("held = b'x' * (1 << 30)\nprint(len(held))\n", frozenset({NO_MEMORY, EXITED})),
    "memory in many processes": (
        "import os, time\nfor _ in range(16):\n    if os.fork() == 0:\n        held = bytearray(60 << 20)\n        time.sleep(30)\n"
        "held = bytearray(60 << 20)\ntime.sleep(30)\n",
        frozenset({NO_MEMORY, TIMED_OUT}),
    ),
    "processes without end": ("import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n", frozenset({TIMED_OUT})),
    "processes that go on when the first has ended": (
        "import os\nif os.fork() == 0:\n    while True:\n        try:\n            if os.fork():\n                os._exit(0)\n"
        "            os.setsid()\n        except OSError:\n            pass\n",
        frozenset({EXITED}),
    ),
    "threads without end": (
        "import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(1000,)).start()\n",
        frozenset({EXITED, TIMED_OUT}),
    ),
    "an end to everybody else": ("import os, signal\nos.kill(-1, signal.SIGKILL)\n", frozenset({EXITED})),
    "a crash": ("import ctypes\nctypes.string_at(1)\n", frozenset({EXITED})),
    "files without number": (
        "import os\nos.mkdir('/tmp/many')\nplace = 0\nwhile True:\n    os.close(os.open(f'/tmp/many/{place}', os.O_CREAT))\n    place += 1\n",
        frozenset({EXITED, NO_MEMORY, TIMED_OUT}),
    ),
    "a recursion without end": (
        "import sys\nsys.setrecursionlimit(1 << 30)\n\n\ndef down(depth):\n    return down(depth + 1) + 1\n\n\ndown(0)\n",
        frozenset({EXITED, NO_MEMORY, TIMED_OUT}),
    ),
}  # fmt: skip
"""A program, and the ways in which its step may end. None of them leaves predictions."""

_START = """
import os, pathlib, socket, stat, sys
out = pathlib.Path(sys.argv[2])
ids = [line.split(",")[0] for line in (pathlib.Path(sys.argv[1]) / "score.csv").read_text().splitlines()[1:]]
rows = "row_id,score\\n" + "".join(f"{key},0.5\\n" for key in ids)
"""
OUTPUTS: dict[str, tuple[str, bool]] = {
    "a link to a file of the host": ("out.symlink_to('/etc/passwd')\n", False),
    "a link to the data": ("out.symlink_to(pathlib.Path(sys.argv[1]) / 'score.csv')\n", False),
    "a link to memory of the kernel": ("out.symlink_to('/proc/kcore')\n", False),
    "a pipe": ("os.mkfifo(out)\n", False),
    "a socket": ("socket.socket(socket.AF_UNIX).bind(str(out))\n", False),
    "a folder": ("out.mkdir()\n(out / 'predictions.csv').write_text(rows)\n", False),
    "a folder below a link": ("os.rmdir('/out') if False else None\n(out.parent / 'a').symlink_to('/')\nout.symlink_to('a/etc/passwd')\n", False),
    "a sparse file of a terabyte": ("os.truncate(os.open(out, os.O_CREAT | os.O_WRONLY), 1 << 40)\n", False),
    "a sparse file of what may just not come": ("os.truncate(os.open(out, os.O_CREAT | os.O_WRONLY), 5 << 20)\n", False),
    "more than may come": ("out.write_text(rows + 'x' * (5 << 20))\n", False),
    "a file that grows while it is read": (
        "out.write_text(rows)\nif os.fork() == 0:\n    os.setsid()\n    with out.open('a') as file:\n        while True:\n"
        "            file.write('R1,1\\n' * 10)\n            file.flush()\n", None,
    ),
    "a file that nobody may read": ("out.write_text(rows)\nos.chmod(out, 0)\nos.chmod(out.parent, 0)\n", True),
    "a second name of the file": ("out.write_text(rows)\nos.link(out, out.parent / 'predictions2.csv')\n", True),
    "thousands of files beside it": (
        "out.write_text(rows)\nfor place in range(60000):\n    try:\n        (out.parent / f'f{place}').write_text('')\n    except OSError as error:\n"
        "        print(place, error)\n        break\n", None,
    ),
    "folders deeper than names can say": (
        "out.write_text(rows)\nos.chdir(out.parent)\nfor _ in range(3000):\n    try:\n        os.mkdir('d' * 100)\n        os.chdir('d' * 100)\n"
        "    except OSError as error:\n        print(error)\n        break\n", True,
    ),
    "names with everything that a name can hold": (
        "out.write_text(rows)\nfor name in (b'a\\nb', b'\\x1b[31m', b'\\xff\\xfe', b'-rf', b'$(id)', b'..', b'\\xe2\\x80\\xae', b'<b>', b'x' * 255):\n"
        "    try:\n        os.close(os.open(b'/out/' + name, os.O_CREAT | os.O_WRONLY))\n    except OSError as error:\n        print(error)\n", True,
    ),
    "rights and attributes on it": (
        "out.write_text(rows)\nos.chmod(out, 0o6777)\ntry:\n    os.setxattr(out, 'user.x', b'y')\nexcept OSError as error:\n    print(error)\n"
        "os.utime(out, (1, 1))\n", True,
    ),
}  # fmt: skip
"""What lies where the predictions should be, and whether valid predictions come out of it (None: either way)."""

_FILLING = '''
def fill(folder):
    written = 0
    try:
        while True:
            with open(f"{folder}/fill-{written}", "wb") as file:
                file.write(bytes(1 << 20))
            written += 1
            if written > 400:
                return f"{written} MB without end"
    except OSError as error:
        return f"{written} MB, then {error.strerror}"
    finally:
        for place in pathlib.Path(folder).glob("fill-*"):
            place.unlink()


def one_file(folder):
    try:
        os.truncate(os.open(f"{folder}/big", os.O_CREAT | os.O_WRONLY), 20 << 20)
        return "no limit"
    except OSError as error:
        return error.strerror


def descriptors(_):
    held = []
    try:
        while len(held) < 5000:
            held.append(os.open("/dev/null", os.O_RDONLY))
        return "no limit"
    except OSError as error:
        return f"{len(held)}, then {error.strerror}"
    finally:
        for one in held:
            os.close(one)


def processes(_):
    made = []
    try:
        while len(made) < 500:
            child = os.fork()
            if child == 0:
                import time
                time.sleep(60)
                os._exit(0)
            made.append(child)
        return "no limit"
    except OSError as error:
        return f"{len(made)}, then {error.strerror}"
    finally:
        for child in made:
            os.kill(child, 9)
            os.waitpid(child, 0)


import json
found = {}
for act, folders in ((fill, ("/work", "/tmp", "/dev/shm", "/out")), (one_file, ("/work",)),
                     (descriptors, ("",)), (processes, ("",))):
    for folder in folders:
        found[f"{act.__name__} {folder}".strip()] = act(folder)
out.write_text(rows)
print(json.dumps({"found": found}))
'''  # fmt: skip


def program(text: str) -> dict[str, str]:
    """A submission whose predict command is this program, after the rows were made ready."""
    return {**submission_files("x1"), "predict.py": _START + text}


def filling() -> dict[str, str]:
    return program(_FILLING)
