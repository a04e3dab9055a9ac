"""Trouble that is no submission's doing: tried once more; after several in a row the batch stops, and fails nobody."""

from collections.abc import Callable

from harness.batch.engine import Done
from harness.batch.units import Answer
from harness.errors import ExitCode

_KILLED = -9


class Trouble:
    """Counts troubles in a row. A submission can make its own sandbox die, so a row of losses is doubted before it counts."""

    IN_A_ROW = 3
    PAUSE_S = 2.0

    def __init__(self) -> None:
        self.sentence = ""
        self.exit_code = ExitCode.GRADED
        self._tried: set[str] = set()
        self._row: list[tuple[str, Answer]] = []

    def heed(self, member: str, answer: Answer) -> bool:
        """Note how one ended. True when it should be tried once more."""
        if answer.doing not in ("infrastructure", "pack"):
            self._row.clear()
            return False
        self._row.append((member, answer))
        again = answer.doing == "infrastructure" and member not in self._tried
        self._tried.add(member)
        return again

    def must_stop(self, sandbox_works: Callable[[], bool]) -> bool:
        """Whether going on would only fail everybody."""
        if len(self._row) < self.IN_A_ROW:
            return False
        last = self._row[-1][1]
        doubtful = not all(answer.sure or answer.doing == "pack" for _, answer in self._row)
        if doubtful and sandbox_works():
            self._row.clear()
            return False
        whose = "the pack" if last.doing == "pack" else "this machine"
        self.exit_code = ExitCode.BAD_PACK if last.doing == "pack" else ExitCode.INFRASTRUCTURE
        self.sentence = f"stopped: {len(self._row)} in a row could not be graded because of {whose}; the last: {last.reason}"
        return True


def answer_of(done: Done) -> Answer:
    """The unit's answer, or what its end means when it gave none."""
    if done.answer is not None:
        return Answer.model_validate(done.answer)
    if done.end == "over_limit":
        at = f", at: {done.last_said}" if done.last_said else ""
        reason = f"stopped at the batch's limit of {done.task.wall_s:g} s for one submission{at}"
        return Answer(found="fault", doing="time_limit", reason=reason)
    if done.code == _KILLED:
        reason = "the process that graded it was killed from outside, most likely for want of memory"
        return Answer(found="fault", doing="infrastructure", reason=reason)
    reason = f"the harness's own process ended with code {done.code}; what it printed is in logs/{done.task.name}.txt"
    return Answer(found="fault", doing="harness", reason=reason)
