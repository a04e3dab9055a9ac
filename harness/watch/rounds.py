"""Carrying a watch out: look, take in, grade what counts, tell; again and again, or once.

Everything that is decided is on the disk before it is done, and everything that is done can be done again: after a kill
at any moment the same command goes on, and grades nothing twice.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import partial

from harness.batch.child import Task
from harness.batch.engine import Done, Interrupted, LocalEngine, Signals
from harness.batch.limits import wall_of
from harness.erasing import tombstones
from harness.errors import UsageError
from harness.model.watch import CommitStatus, WatchOverview
from harness.store import write_whole
from harness.watch import units
from harness.watch.config import Plan, Watched
from harness.watch.folder import WatchFolder
from harness.watch.looking import is_due, look_at, next_look
from harness.watch.rules import Push, Standing, may_grade
from harness.watch.state import State
from harness.watch.status import overview, write_statuses
from harness.watch.units import Answer, Job

MOST_ATTEMPTS = 4
"""Gradings of one push that were begun and brought no result."""
_PAUSES_S = (30.0, 120.0, 600.0, 1800.0)
_KEEP_S = 400.0
_KEEPERS = 4
_STEP_S, _ASK_S, _LONGEST_SLEEP_S = 0.25, 1.0, 60.0
_NOT_LATER_S = 86_400.0

Say = Callable[[str], None]
Told = Callable[[Push, CommitStatus], None]


class _Quiet:
    """For processes of which nothing is told while they work."""

    def began(self, task: str, wall_s: float) -> None: ...
    def said(self, task: str, sentence: str) -> None: ...
    def left(self, task: str) -> None: ...
    def look(self) -> None: ...


class Rounds:
    """One watching process. Also who the engine tells while submissions are graded (harness.batch.engine.Watch)."""

    def __init__(
        self, plan: Plan, job: Job, state: State, signals: Signals, say: Say, told: Told, clock: Callable[[], float] = time.time
    ) -> None:
        self._plan = plan
        self._job = job
        self._state = state
        self._signals = signals
        self._say = say
        self._told = told
        self._clock = clock
        self._queue: deque[Task] = deque()
        self._pushes: dict[str, Push] = {}
        """What a task is about, by the task's name."""
        self._once = False
        self._host_trouble = 0
        self._not_before = 0.0
        """No grading begins earlier, because of trouble of this machine."""
        self._asked_at = 0.0
        """When it was last asked whether a look is due; the engine calls much more often."""
        self._keeper = LocalEngine(_KEEPERS, signals, _Quiet())
        self._grader = LocalEngine(plan.config.jobs, signals, self)
        pack = job.opened.pack
        self._wall_s = wall_of(pack, own_ladder=job.settings.secret is not None)

    def run(self, *, once: bool) -> WatchOverview:
        """Until a signal comes, or everything that can be done now is done. What is in progress at a signal goes on later."""
        self._once = once
        try:
            return self._rounds(once=once)
        except Interrupted:
            for push in self._state.in_state("grading"):
                self._state.settle(push, "grading", attempts=max(0, push.attempts - 1))  # ended by us: no attempt of theirs
            raise

    def _rounds(self, *, once: bool) -> WatchOverview:
        self._round()
        while True:
            for done in self._grader.run(self._queue):
                self._heed(done)
                self._refill()
            if once:
                return self.tell()
            self._sleep()
            self._round()

    def began(self, task: str, wall_s: float) -> None:
        del wall_s
        push = self._pushes[task]
        self._state.begin(push)
        self._say(f"{push.candidate} {push.commit[:10]}: grading")

    def said(self, task: str, sentence: str) -> None:
        push = self._pushes[task]
        self._say(f"{push.candidate} {push.commit[:10]}: {sentence}")

    def left(self, task: str) -> None:
        """Its end is heeded where it is yielded."""

    def look(self) -> None:
        """Repositories are looked at while others are graded: a deadline does not wait."""
        if not self._once and time.monotonic() - self._asked_at >= _ASK_S:
            self._asked_at = time.monotonic()
            if any(self._is_due(one) for one in self._plan.watched):
                self._round()

    def tell(self) -> WatchOverview:
        """Write where everybody stands: watch.json for the employer, and a status for each commit."""
        rows = []
        for one in self._plan.watched:
            standing = self._state.standing(one.candidate)
            for push, status in write_statuses(self._job.folder, self._job.opened.pack.id, one, standing):
                self._told(push, status)
            rows.append((one, standing, self._state.looked(one.candidate)))
        seen = overview(self._job.folder, self._job.opened.pack, rows, self._clock())
        write_whole(self._job.folder.overview, seen.to_json().encode("ascii"))
        return seen

    def _round(self) -> None:
        """Look at what is due, take in what is new, and line up what may be graded."""
        due = [one for one in self._plan.watched if self._is_due(one)]
        by_name = {one.candidate: one for one in due}
        for look in look_at(due, self._clock):
            watched, before = by_name[look.candidate], self._state.looked(look.candidate)
            _, new = self._state.record(look, next_look(watched, look, before, self._plan.config.interval_s))
            if look.problem and look.problem != before.problem:
                self._say(f"{look.candidate}: the repository gives no answer: {look.problem}")
            elif before.problem and not look.problem:
                self._say(f"{look.candidate}: the repository answers again")
            for commit in new:
                self._say(f"{look.candidate} {commit[:10]}: seen")
        self._take_in()
        self._refill()

    def _take_in(self) -> None:
        tasks: deque[Task] = deque()
        now = self._clock()
        for one in self._plan.watched:
            for push in self._state.standing(one.candidate).pushes:
                if push.state == "seen" and push.not_before <= now:
                    work = partial(units.keep, self._job, one, push.commit)
                    tasks.append(self._task("keep", push, work, _KEEP_S))
        for done in self._keeper.run(tasks):
            push, answer = self._pushes.pop(done.task.name), answer_of(done)
            tried = push.attempts + 1
            if answer.came in ("kept", "refused"):
                self._state.settle(push, "kept" if answer.came == "kept" else "refused", reason=answer.reason)
            elif answer.came == "fault" and tried >= MOST_ATTEMPTS:
                self._state.settle(push, "trouble", reason=answer.reason, attempts=tried)
            else:
                self._state.settle(push, "seen", reason=answer.reason, attempts=tried, not_before=self._later(tried))

    def _refill(self) -> None:
        """Line up afresh: what was begun before a kill, then what counts now. A push that was replaced in time gives way."""
        self.tell()
        running = set(self._pushes) - {task.name for task in self._queue}
        for task in self._queue:
            del self._pushes[task.name]
        self._queue.clear()
        now = self._clock()
        if now < self._not_before <= now + _NOT_LATER_S:
            return
        for push in self._next(now):
            name = _name("grade", push)
            if name in running:
                continue
            if push.attempts >= MOST_ATTEMPTS:
                self._state.settle(push, "trouble", reason=push.reason or "begun several times, and never ended", attempts=0)
                continue
            accept_loss = push.attempts + 1 >= MOST_ATTEMPTS
            work = partial(units.grade, self._job, push.candidate, push.commit, accept_loss)
            self._queue.append(self._task("grade", push, work, self._wall_s))

    def _next(self, now: float) -> list[Push]:
        standings = [(one, self._state.standing(one.candidate)) for one in self._plan.watched]
        begun = [push for _, standing in standings for push in standing.pushes if push.state == "grading"]
        busy = {push.candidate for push in begun}
        found = [may_grade(one, standing, now) for one, standing in standings if one.candidate not in busy]
        return begun + sorted((push for push in found if push is not None), key=lambda push: push.first_seen)

    def _heed(self, done: Done) -> None:
        """Put on record how a grading ended. Trouble of ours is tried again, later and later, and is never theirs."""
        begun, answer = self._pushes.pop(done.task.name), answer_of(done)
        push = self._state.standing(begun.candidate).push(begun.commit) or begun
        if answer.came == "graded":
            self._state.settle(push, "graded", reason=answer.reason, run_id=answer.run_id)
            self._job.folder.drop_kept(push.candidate, push.commit)
        elif answer.came == "refused":
            self._state.settle(push, "refused", reason=answer.reason)
        elif answer.came in ("host", "unreachable"):
            self._host_trouble += 1
            self._not_before = self._later(self._host_trouble)
            self._state.settle(push, "kept", reason=answer.reason, attempts=push.attempts - 1)
            self._say(f"{push.candidate} {push.commit[:10]}: not graded because of this machine: {answer.reason}")
            return
        elif push.attempts >= MOST_ATTEMPTS:
            self._state.settle(push, "trouble", reason=answer.reason, attempts=push.attempts)
        else:
            not_before = self._later(push.attempts)
            self._state.settle(push, "kept", reason=answer.reason, attempts=push.attempts, not_before=not_before)
        self._host_trouble = 0
        self._say(f"{push.candidate} {push.commit[:10]}: {answer.came} {answer.reason}".rstrip())

    def _task(self, kind: str, push: Push, work: Callable[..., dict[str, object]], wall_s: float) -> Task:
        name = _name(kind, push)
        self._pushes[name] = push
        return Task(name, work, self._job.folder.log(name), wall_s)

    def _is_due(self, one: Watched) -> bool:
        """Whoever asks for one look gets it, but for repositories that gave no answer the last times."""
        looked = self._state.looked(one.candidate)
        return (self._once and not looked.failures) or is_due(looked, self._clock(), self._plan.config.interval_s)

    def _later(self, attempts: int) -> float:
        return self._clock() + _PAUSES_S[min(max(attempts, 1), len(_PAUSES_S)) - 1]

    def _sleep(self) -> None:
        """Until a look is due, or something that waited may begin; a minute at the most, so that nothing is forgotten."""
        now = self._clock()
        moments = [now + _LONGEST_SLEEP_S, *(self._state.looked(one.candidate).next_look for one in self._plan.watched)]
        moments += [push.not_before for push in self._state.in_state("seen", "kept") if push.not_before > now]
        moments += [self._not_before] if self._not_before > now else []
        until = min(moments)
        while self._clock() < until <= self._clock() + _LONGEST_SLEEP_S:
            self._signals.raise_if_any()
            time.sleep(_STEP_S)
        self._signals.raise_if_any()


def _name(kind: str, push: Push) -> str:
    return f"{kind}-{push.candidate}-{push.commit[:16]}"


def answer_of(done: Done) -> Answer:
    """A unit's answer, or what its end means when it gave none."""
    if done.answer is not None:
        return Answer.model_validate(done.answer)
    if done.end == "over_limit":
        return Answer(came="fault", reason=f"stopped after {done.task.wall_s:g} s as a whole")
    return Answer(came="fault", reason=f"the harness's own process ended with code {done.code}; see logs/{done.task.name}.txt")


def refuse_erased(plan: Plan) -> None:
    """Whoever was erased here is not taken in again by a configuration that still names them."""
    for one in plan.watched:
        stone = tombstones.find(plan.root, one.candidate)
        if stone is not None:
            raise UsageError(
                f"{one.candidate} was erased here on {stone.date}",
                where="candidates of the configuration",
                next_step="take them out of it; or watch them into a new folder, if they hand in anew",
            )


def again(state: State, folder: WatchFolder, candidate: str) -> int:
    """Pushes of a candidate that had trouble, or were not taken in, are tried once more. Says how many."""
    standing: Standing = state.standing(candidate)
    stuck = [push for push in standing.pushes if push.state in ("trouble", "refused")]
    for push in stuck:
        kept = (folder.kept(candidate, push.commit) / units.SNAPSHOT).is_file()
        state.settle(push, "kept" if kept else "seen")
    return len(stuck)
