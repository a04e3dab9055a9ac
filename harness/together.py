"""A few slow calls at the same time, without standing in the way of an interrupt."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

HEAD_START_S = 0.1
"""For the caller to start what it will wait for: two threads that compute only stand in each other's way."""

A = TypeVar("A")
B = TypeVar("B")


def together(work: Callable[[A], B], arguments: Sequence[A], at_once: int) -> list[B]:
    """The answers in the order of the arguments. After a failure nothing more is begun, and what is under way is waited for.

    An interrupt is not kept waiting: the threads are daemons, so a process that is told to end ends, and its sandboxes with it.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, B | None, BaseException | None]] = queue.SimpleQueue()
    for index in range(len(arguments)):
        waiting.put(index)

    def serve() -> None:
        while True:
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ended.put((index, work(arguments[index]), None))
            except BaseException as failure:
                ended.put((index, None, failure))

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(min(at_once, len(arguments)))]
    for thread in threads:
        thread.start()
    answers: dict[int, B] = {}
    for _ in arguments:
        index, answer, failure = ended.get()
        if failure is not None:
            _drop(waiting)
            for thread in threads:
                thread.join()
            raise failure
        answers[index] = answer  # type: ignore[assignment]
    return [answers[index] for index in range(len(arguments))]


def one_ahead(values: Iterator[A]) -> Iterator[A]:
    """The same values; each is made while the caller waits for something outside that it starts with the one before."""

    def make() -> A | None:
        time.sleep(HEAD_START_S)
        return next(values, None)

    value = next(values, None)
    with ThreadPoolExecutor(max_workers=1) as beside:
        while value is not None:
            following = beside.submit(make)
            yield value
            value = following.result()


def _drop(waiting: "queue.SimpleQueue[int]") -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        return
