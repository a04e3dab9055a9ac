"""Every error a person can meet: what was seen, where, what was expected, what to do next, and the exit code it means."""

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    GRADED = 0
    BELOW_BAR = 1
    USAGE = 2
    BAD_PACK = 3
    BAD_SUBMISSION = 4
    INFRASTRUCTURE = 5
    SOME_UNGRADED = 6
    OUR_BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


HOST_TROUBLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS})
"""What a machine runs out of or breaks at, whatever is being done at that moment: nobody's fault, and trying again helps."""


class HarnessError(Exception):
    """A failure with words for the person who meets it. Printed without a traceback."""

    exit_code = ExitCode.OUR_BUG

    def __init__(self, seen: str, *, where: str = "", expected: str = "", next_step: str = "") -> None:
        super().__init__(seen)
        self.seen = seen
        self.where = where
        self.expected = expected
        self.next_step = next_step

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.seen}" if self.where else self.seen]
        lines += [f"  expected: {self.expected}"] if self.expected else []
        lines += [f"  next: {self.next_step}"] if self.next_step else []
        return "\n".join(lines)


class UsageError(HarnessError):
    """The command was asked for something it does not offer."""

    exit_code = ExitCode.USAGE


class PackError(HarnessError):
    """A pack, rubric or configuration file is not valid."""

    exit_code = ExitCode.BAD_PACK


class PluginError(HarnessError):
    """A plug-in cannot be loaded, or breaks the contract of what it says it is."""

    exit_code = ExitCode.BAD_PACK


class SubmissionError(HarnessError):
    """There is nothing gradable at the place that was named."""

    exit_code = ExitCode.BAD_SUBMISSION


class UnreachableError(SubmissionError):
    """The place that was named could not be reached now; trying again makes sense."""

    exit_code = ExitCode.INFRASTRUCTURE


class SandboxError(HarnessError):
    """The sandbox or the host failed; trying again makes sense."""

    exit_code = ExitCode.INFRASTRUCTURE


class DamagedRunError(HarnessError):
    """A run folder does not hold what it should."""

    exit_code = ExitCode.BAD_PACK
