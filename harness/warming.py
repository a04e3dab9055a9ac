"""Importing ahead of need what every grade needs, with one thread a library, so that forking afterwards is safe."""

import importlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_READING = ("detect_secrets.core.plugins.util", "detect_secrets.filters.heuristic")
_GRADING = ("numpy", *_READING, "jinja2", "reports.formats")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def load_what_grading_needs() -> None:
    """Found imported by every process that is forked from now on."""
    with _one_thread_a_library():
        _load(_GRADING)


def load_what_reading_needs() -> None:
    """The same where nothing is run: worth it for many submissions, and slower for one."""
    _load(_READING)


@contextmanager
def beside_the_sandboxes() -> Iterator[None]:
    """The imports happen while this process would only wait for sandboxes.

    Variables are set and taken back outside the loading thread: whoever copies the environment meanwhile, as clients of
    Docker and subprocesses do, must not find one gone between its name and its value.
    """
    with _one_thread_a_library():
        loading = threading.Thread(target=_load, args=(_GRADING,), daemon=True)
        loading.start()
        yield
        loading.join()


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


@contextmanager
def _one_thread_a_library() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
