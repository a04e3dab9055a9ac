"""A few slow calls at the same time, without standing in the way of an interrupt."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

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


def _drop(waiting: "queue.SimpleQueue[int]") -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        return
