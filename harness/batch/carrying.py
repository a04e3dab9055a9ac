"""A batch from beginning to end: prepare once, look up what is known, grade the rest, gather the cohort."""

import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from harness import __version__, keys
from harness.batch import units
from harness.batch.child import Task, Tell
from harness.batch.engine import Done, LocalEngine, Signals
from harness.batch.entries import Entry, Naming, expect_entries, find_entries, in_shard
from harness.batch.folder import BatchFolder, expect_space, hold
from harness.batch.limits import wall_limit
from harness.batch.members import not_graded
from harness.batch.publishing import gather
from harness.batch.results import ResultStore
from harness.batch.trouble import Trouble, answer_of
from harness.batch.units import Answer, Batch, Ground
from harness.batch.watching import BatchWatch
from harness.errors import HOST_TROUBLE, ExitCode, HarnessError, PackError, SandboxError, UsageError
from harness.packs import OpenPack
from harness.settings import Format, Settings
from harness.warming import load_what_grading_needs

_OURS_S = 600.0
"""For what is ours alone: environments, data, ladders, the cohort's page."""
_ENVIRONMENT_S = 3600.0
_LOOK_S = 300.0


@dataclass(frozen=True)
class Ask:
    """What the command line asked for."""

    source: Path
    root: Path
    opened: OpenPack
    settings: Settings
    store: ResultStore
    profile: str
    formats: tuple[Format, ...]
    files: tuple[str, ...]
    jobs: int
    seed: int | None = None
    shard: tuple[int, int] | None = None
    wall_s: float | None = None
    naming: Naming = "pseudonyms"
    bar: float | None = None


@dataclass
class Tally:
    """Counts, never reports: the memory of a batch does not grow with what it grades."""

    states: Counter[str] = field(default_factory=Counter)
    below_bar: list[str] = field(default_factory=list)
    nothing_measured: int = 0
    """Reports in which no check could be asked, such as that of an empty folder."""
    stopped: str = ""
    stop_code: ExitCode = ExitCode.GRADED

    @property
    def graded(self) -> int:
        return self.states["kept"] + self.states["stored"] + self.states["graded"]


@dataclass(frozen=True)
class Outcome:
    """How a batch ended."""

    entries: int
    tally: Tally

    @property
    def exit_code(self) -> ExitCode:
        if self.tally.stopped:
            return self.tally.stop_code
        if self.tally.graded < self.entries or self.tally.nothing_measured:
            return ExitCode.SOME_UNGRADED
        return ExitCode.BELOW_BAR if self.tally.below_bar else ExitCode.GRADED


def carry_out(ask: Ask, watch: BatchWatch) -> Outcome:
    """Grade every entry of a folder, and write the cohort's page. Whatever ends it, what is finished is kept."""
    expect_entries(ask.source)
    keys.signer(ask.settings.key)  # a key that cannot be used is said now, and not of every submission
    with closing(watch), _host_trouble(), hold(ask.root, ask.source) as folder, Signals() as signals:
        expect_space(folder.root, ask.store.root, Path(tempfile.gettempdir()))
        entries = _entries(ask, folder)
        chosen = in_shard(entries, ask.shard)
        batch = Batch(ask.opened, ask.settings, folder, ask.store, ask.profile, ask.seed, ask.formats, ask.files)
        work = _Work(ask, batch, watch, signals, {entry.id: entry for entry in chosen})
        work.prepare()
        missing = work.look_up()
        work.grade(missing)
        work.gather(entries)
        return Outcome(len(chosen), work.tally)


@contextmanager
def _host_trouble() -> Iterator[None]:
    """A full disk, or a machine out of files or memory, is told as what it is."""
    try:
        yield
    except OSError as problem:
        if problem.errno not in HOST_TROUBLE:
            raise
        raise SandboxError(
            f"this machine: {problem.strerror}",
            where=str(problem.filename or ""),
            next_step="what was graded is kept; once there is room, the same command goes on from there",
        ) from problem


def _entries(ask: Ask, folder: BatchFolder) -> tuple[Entry, ...]:
    """The entries under their ids. Ids that were given here before are kept."""
    before, names = folder.read("batch.json"), folder.read("names.json")
    pack = before.get("pack", ask.opened.pack.id)
    if pack != ask.opened.pack.id:
        raise UsageError(
            f"holds a batch of the pack {pack!r}",
            where=str(folder.root),
            expected=f"a new folder, or one of {ask.opened.pack.id!r}",
            next_step="name another --out",
        )
    given = names.get("names", {}) if names.get("naming") == ask.naming else {}
    known = {str(name): str(one) for one, name in given.items()}
    secret = ask.settings.secret or f"takehome-harness {ask.opened.pack.id}".encode()
    entries = find_entries(ask.source, ask.naming, secret, known)
    kept = {one: name for name, one in known.items()} | {entry.id: entry.place.name for entry in entries}
    folder.write("names.json", {"schema_version": 1, "naming": ask.naming, "names": kept}, private=True)
    return entries


@dataclass
class _Work:
    ask: Ask
    batch: Batch
    watch: BatchWatch
    signals: Signals
    entries: dict[str, Entry]
    tally: Tally = field(default_factory=Tally)

    def prepare(self) -> None:
        """The environment, the shared data and its ladder, once; a failure here is nobody's submission's."""
        done = self._engine(1).one(self._task("prepare", partial(units.prepare, self.batch), _ENVIRONMENT_S + _OURS_S))
        if done.answer is None:
            raise SandboxError(
                f"the environment could not be made ready; the process {_ending(done)}",
                where=str(done.task.log),
                next_step="harness doctor",
            )
        ground = Ground.model_validate(done.answer)
        if ground.exit_code:
            raise _error_of(ground)
        self.batch = self.batch.standing_on(ground)
        asked = {"pack": self.batch.opened.pack.id, "profile": self.batch.profile, "seed": self.batch.shared_seed}
        made = {"harness_version": __version__, "backend": ground.backend, "environment_digest": ground.environment}
        self.batch.folder.write("batch.json", {"schema_version": 1, **asked, **made, "footing": self.batch.footing})
        self.batch.folder.note("prepared", **asked, **made, footing=self.batch.footing)

    def look_up(self) -> list[tuple[Entry, str]]:
        """What is known already is counted; what is missing comes back, with its key."""
        self.watch.plan(len(self.entries))
        _load_what_looking_needs()
        queue = deque(
            self._task(name, partial(units.look_up, self.batch, entry), _LOOK_S) for name, entry in self.entries.items()
        )
        missing = []
        for done in self._engine(self.ask.jobs).run(queue):
            entry, answer = self.entries[done.task.name], answer_of(done)
            if answer.found == "missing" and answer.key:
                missing.append((entry, answer.key))
            else:
                self._record(entry, answer, done)
        order = {name: index for index, name in enumerate(self.entries)}
        return sorted(missing, key=lambda one: order[one[0].id])

    def grade(self, missing: list[tuple[Entry, str]]) -> None:
        """Grade what is missing. Of equal submissions one is graded, and the others take its result."""
        if not missing:
            return
        import harness.pipeline  # noqa: F401  found imported by every child

        load_what_grading_needs()
        by_key: dict[str, deque[Entry]] = {}
        for entry, key in missing:
            by_key.setdefault(key, deque()).append(entry)
        queue = deque(self._grading(followers.popleft(), key) for key, followers in by_key.items())
        keys = {entry.id: key for entry, key in missing}
        trouble = Trouble()
        with closing(self._engine(self.ask.jobs).run(queue)) as endings:
            for done in endings:
                entry, answer = self.entries[done.task.name], answer_of(done)
                again = trouble.heed(entry.id, answer)
                if again:
                    self.watch.warn(entry.id, f"{answer.reason}; it will be tried once more")
                    queue.append(self._grading(entry, keys[entry.id], pause_s=trouble.PAUSE_S))
                else:
                    self._record(entry, answer, done)
                    if by_key[keys[entry.id]]:
                        queue.append(self._grading(by_key[keys[entry.id]].popleft(), keys[entry.id]))
                if trouble.must_stop(self._sandbox_works):
                    self.tally.stopped, self.tally.stop_code = trouble.sentence, trouble.exit_code
                    self.watch.warn("", trouble.sentence)
                    return

    def gather(self, entries: Iterable[Entry]) -> None:
        """The cohort's page and its data, made in a process of its own: its size is not ours to carry."""
        ids = [entry.id for entry in entries]
        done = self._engine(1).one(self._task("cohort", partial(gather, self.batch, ids), _OURS_S))
        if done.answer is None:
            raise SandboxError(
                f"the cohort's page could not be written; the process {_ending(done)}",
                where=str(done.task.log),
                next_step="give the same command again: what was graded is kept",
            )

    def _record(self, entry: Entry, answer: Answer, done: Done) -> None:
        """Count it, say it, and put it on record where the unit could not do so itself."""
        self.tally.states[answer.found] += 1
        if answer.found == "fault" and done.answer is None:
            doing = answer.doing or "harness"
            self.batch.folder.save(not_graded(entry.id, self.batch.footing, doing, answer.reason, answer.key))
        self.tally.nothing_measured += answer.found != "fault" and answer.automatic is None
        bar = self.ask.bar
        if answer.found != "fault" and bar is not None and (answer.automatic is None or answer.automatic < bar or answer.held):
            self.tally.below_bar.append(entry.id)
        self.batch.folder.note("ended", id=entry.id, found=answer.found, doing=answer.doing, cpu_s=round(done.cpu_s, 2))
        self.watch.ended(entry.id, answer, done.seconds)

    def _grading(self, entry: Entry, key: str, pause_s: float = 0.0) -> Task:
        limit = wall_limit(self.batch, self.ask.wall_s)
        return self._task(entry.id, partial(units.grade, self.batch, entry, key, pause_s), limit)

    def _sandbox_works(self) -> bool:
        done = self._engine(1).one(self._task("doctor", partial(units.sandbox_works, self.batch), _OURS_S))
        return bool(done.answer and done.answer.get("works"))

    def _task(self, name: str, work: Callable[[Tell], dict[str, object]], wall_s: float) -> Task:
        return Task(name, work, self.batch.folder.log(name), wall_s)

    def _engine(self, jobs: int) -> LocalEngine:
        return LocalEngine(jobs, self.signals, self.watch)


def _load_what_looking_needs() -> None:
    """Imported once here, and shared by every process forked from now on."""
    import harness.intake
    import harness.keys
    import harness.provenance
    import harness.running  # noqa: F401


def _ending(done: Done) -> str:
    if done.end == "over_limit":
        return f"was stopped at its limit of {done.task.wall_s:g} s, at: {done.last_said or 'its start'}"
    return f"ended with code {done.code}"


def _error_of(ground: Ground) -> HarnessError:
    kinds: dict[int, type[HarnessError]] = {ExitCode.BAD_PACK: PackError, ExitCode.USAGE: UsageError}
    return kinds.get(ground.exit_code, SandboxError)(ground.trouble)
