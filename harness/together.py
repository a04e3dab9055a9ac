"""A few slow calls at the same time, without standing in the way of an interrupt."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def together(work: Callable[[A], B], arguments: Sequence[A], at_once: int) -> list[B]:
    """The answers in the order of the arguments; the first failure is raised, and an interrupt is not kept waiting.

    The threads are daemons: a process that is told to end ends, and its sandboxes go with it.
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

    for _ in range(min(at_once, len(arguments))):
        threading.Thread(target=serve, daemon=True).start()
    answers: dict[int, B] = {}
    for _ in arguments:
        index, answer, failure = ended.get()
        if failure is not None:
            raise failure
        answers[index] = answer  # type: ignore[assignment]
    return [answers[index] for index in range(len(arguments))]
