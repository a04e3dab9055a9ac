"""Inside the sandbox: writes down what a submission's code does with scikit-learn and its relatives.

Wrapped are splits, fits, resamplings, transformations, predictions, metrics and cross-validation. For each call that the
submission makes itself: which rows it was given (as hashes, a consistent sample above some hundreds), shapes, class
names, class balance, place in the code. Calls that a library makes within such a call are only counted.

What is written is the word of a process in which a candidate's code runs: it may raise or clear a doubt, never award.
The promise in return is to disturb nothing: no value is touched, no error of ours reaches the submission, work is bounded.
"""

import os
import sys

LAUNCHERS = ("/harness/run_command.py", "/harness/notebook.py")
"""Programs of ours that only start the submission's: to trace them would cost it a start of the tracer and tell nothing."""


def start(path: str) -> None:
    """Begin to trace this process, unless it is one of ours or a worker of one that is traced already."""
    if is_worker() or any(word in LAUNCHERS for word in getattr(sys, "orig_argv", sys.argv)[:4]):
        return
    from .hooks import Finder
    from .journal import Journal

    journal = Journal(path)
    sys.meta_path.insert(0, Finder(journal))
    os.register_at_fork(after_in_child=journal.stop)


def is_worker() -> bool:
    """Pools of processes work for a traced call of their parent; what they do is not the submission's own step."""
    words = " ".join(getattr(sys, "orig_argv", sys.argv)[:6])
    return "loky" in words or "multiprocessing" in words
