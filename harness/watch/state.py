"""The durable state of a watch: one SQLite file. Every step is one transaction, so a kill at any moment loses nothing."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.errors import DamagedRunError
from harness.watch.rules import Push, PushState, Sight, Standing

_VERSION = 1
_TABLES = """
CREATE TABLE candidate (
    id TEXT PRIMARY KEY,
    good_look REAL,
    looked_at REAL,
    failures INTEGER NOT NULL DEFAULT 0,
    next_look REAL NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE sight (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    candidate TEXT NOT NULL REFERENCES candidate (id),
    ref TEXT NOT NULL,
    commit_id TEXT,
    absent_at REAL,
    seen_at REAL NOT NULL
);
CREATE TABLE push (
    candidate TEXT NOT NULL REFERENCES candidate (id),
    commit_id TEXT NOT NULL,
    first_seen REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('seen', 'kept', 'grading', 'graded', 'refused', 'trouble')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    run_id TEXT,
    PRIMARY KEY (candidate, commit_id)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Look:
    """One attempt to see what a repository holds."""

    candidate: str
    began: float
    ended: float
    commits: Mapping[str, str | None] | None
    """By ref; None when there was no answer."""
    problem: str = ""


@dataclass(frozen=True)
class Looked:
    """How looking at one repository has gone so far."""

    looked_at: float | None = None
    good_look: float | None = None
    failures: int = 0
    next_look: float = 0.0
    problem: str = ""


class State:
    """What is known, on disk. Only the watching process speaks to it; what it starts does not."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def looked(self, candidate: str) -> Looked:
        row = self._db.execute(
            "SELECT looked_at, good_look, failures, next_look, problem FROM candidate WHERE id = ?", (candidate,)
        ).fetchone()
        return Looked(*row) if row else Looked()

    def standing(self, candidate: str) -> Standing:
        sights = self._db.execute(
            "SELECT number, ref, commit_id, absent_at, seen_at FROM sight WHERE candidate = ? ORDER BY number", (candidate,)
        )
        return Standing(
            tuple(Sight(*row) for row in sights),
            tuple(self._pushes("candidate = ?", candidate)),
            self.looked(candidate).good_look,
        )

    def in_state(self, *states: PushState) -> list[Push]:
        marks = ", ".join("?" * len(states))
        return list(self._pushes(f"state IN ({marks})", *states))

    def record(self, look: Look, next_look: float) -> tuple[list[Sight], list[str]]:
        """Put a look on record. Returns the refs that changed, and the commits that were never seen before."""
        with self._transaction():
            before = self.looked(look.candidate)
            self._db.execute("INSERT OR IGNORE INTO candidate (id) VALUES (?)", (look.candidate,))
            failures = 0 if look.commits is not None else before.failures + 1
            good_look = before.good_look if look.commits is None else look.began
            self._db.execute(
                "UPDATE candidate SET looked_at = ?, good_look = ?, failures = ?, next_look = ?, problem = ? WHERE id = ?",
                (look.ended, good_look, failures, next_look, look.problem, look.candidate),
            )
            changed = self._changed(look, before.good_look)
            new = [sight.commit for sight in changed if sight.commit and self._is_new(look.candidate, sight.commit, look.ended)]
            return changed, new

    def begin(self, push: Push) -> None:
        """A grading begins: from here on it takes one of the candidate's gradings."""
        self._set(push, "grading", attempts=push.attempts + 1)

    def settle(
        self,
        push: Push,
        state: PushState,
        *,
        reason: str = "",
        not_before: float = 0.0,
        attempts: int = 0,
        run_id: str | None = None,
    ) -> None:
        """How a push stands now."""
        self._set(push, state, attempts=attempts, not_before=not_before, reason=reason, run_id=run_id)

    def forget(self, candidate: str) -> None:
        """Everything of one candidate, also what the file still holds of it in freed pages."""
        with self._transaction():
            for table, column in (("push", "candidate"), ("sight", "candidate"), ("candidate", "id")):
                self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (candidate,))  # noqa: S608 - names of ours
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _changed(self, look: Look, absent_at: float | None) -> list[Sight]:
        """What differs from the last look. A ref that was never looked at before may have been there long."""
        changed = []
        for ref, commit in (look.commits or {}).items():
            last = self._db.execute(
                "SELECT commit_id FROM sight WHERE candidate = ? AND ref = ? ORDER BY number DESC LIMIT 1",
                (look.candidate, ref),
            ).fetchone()
            if last is not None and last[0] == commit:
                continue
            number = self._db.execute(
                "INSERT INTO sight (candidate, ref, commit_id, absent_at, seen_at) VALUES (?, ?, ?, ?, ?)",
                (look.candidate, ref, commit, absent_at if last else None, look.ended),
            ).lastrowid
            changed.append(Sight(number or 0, ref, commit, absent_at if last else None, look.ended))
        return changed

    def _is_new(self, candidate: str, commit: str, seen_at: float) -> bool:
        made = self._db.execute(
            "INSERT OR IGNORE INTO push (candidate, commit_id, first_seen, state) VALUES (?, ?, ?, 'seen')",
            (candidate, commit, seen_at),
        )
        return made.rowcount == 1

    def _set(self, push: Push, state: PushState, **values: object) -> None:
        columns = ", ".join(f"{name} = ?" for name in ("state", *values))
        with self._transaction():
            self._db.execute(
                f"UPDATE push SET {columns} WHERE candidate = ? AND commit_id = ?",  # noqa: S608 - names of ours
                (state, *values.values(), push.candidate, push.commit),
            )

    def _pushes(self, condition: str, *values: object) -> Iterator[Push]:
        rows = self._db.execute(
            "SELECT candidate, commit_id, first_seen, state, attempts, not_before, reason, run_id FROM push "  # noqa: S608
            f"WHERE {condition} ORDER BY first_seen, commit_id",
            values,
        )
        yield from (Push(*row) for row in rows)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@contextmanager
def open_state(place: Path) -> Iterator[State]:
    """The state at this place, made when there is none. Each commit is on the disk before anything is done because of it."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(place, isolation_level=None, timeout=30)
    except sqlite3.Error as problem:
        raise _unusable(place, problem) from problem
    try:
        try:
            _prepare(connection, place)
        except sqlite3.DatabaseError as problem:
            raise _unusable(place, problem) from problem
        yield State(connection)
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, place: Path) -> None:
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version = {_VERSION};COMMIT;")
    elif version != _VERSION:
        raise DamagedRunError(
            f"was written by another version of the harness (format {version})",
            where=str(place),
            expected=f"format {_VERSION}",
            next_step="use the version that wrote it, or watch into a new folder",
        )


def _unusable(place: Path, problem: Exception) -> DamagedRunError:
    return DamagedRunError(
        f"the state of the watch cannot be used: {problem}",
        where=str(place),
        next_step="restore it from a copy, or watch into a new folder; nothing was changed",
    )
