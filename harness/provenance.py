"""Provenance of a run: a signed statement over the digests of its records, and the test of whether they still fit it.

A signature says who made a result, never that the result is right. Whatever is not verified is a result made elsewhere:
worth reading, never worth trusting.
"""

import hashlib
import json
import os
import stat
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from harness import __version__
from harness.documents import read_json
from harness.errors import DamagedRunError, UsageError
from harness.keys import Signer, fingerprint, signature_fits
from harness.model.provenance import Provenance, SignedFile, Statement, Verification
from harness.model.record import Record
from harness.model.report import Lock
from harness.model.rubric import Ratings
from harness.model.run import RunSet
from harness.model.submission import Snapshot
from harness.store import PROVENANCE, RECORDS, TOLD_NAME, RunFolder

R = TypeVar("R", bound=Record)

_DOMAIN = b"takehome-harness: statement over a run, version 1\n"
"""Keeps a signature made for a run from being shown as one over something else."""
_TOLD = ("report.html", "report.md", "report.junit.xml", "report.sarif")
_SIGNED = (*RECORDS.values(), *_TOLD)


def seal(folder: RunFolder, signer: Signer | None, now: datetime) -> None:
    """Sign what the run folder holds now. Without a key, take away a signature that no longer speaks of these files."""
    place = folder.root / PROVENANCE
    if signer is None:
        place.unlink(missing_ok=True)
        return
    statement = Statement(
        run_id=folder.load(Lock).run_id,
        harness_version=__version__,
        signed_at=now.isoformat(timespec="seconds"),
        files=tuple(SignedFile(name=name, sha256=_digest(folder.root / name)) for name in _to_sign(folder.root)),
    )
    signature = signer.sign(_message(statement))
    made = Provenance(statement=statement, public_key=signer.public.hex(), signature=signature.hex())
    folder.write(PROVENANCE, made.to_json())


def _to_sign(root: Path) -> list[str]:
    """Every record, and every format the run was told in, those of plug-ins last."""
    more = sorted(path.name for path in root.iterdir() if TOLD_NAME.fullmatch(path.name) and not path.is_symlink())
    return [name for name in dict.fromkeys((*_SIGNED, *more)) if (root / name).is_file()]


def verify(root: Path, trusted: Collection[bytes]) -> Verification:
    """Recompute every digest of a run folder and hold it against the signature. Nothing in the folder is believed before."""
    if not root.is_dir() or not any((root / name).exists() for name in RECORDS.values()):
        raise UsageError("is not a run folder", where=str(root), expected="a folder that `harness grade` wrote")
    run = str(root)
    if not os.path.lexists(root / PROVENANCE):
        return Verification(run=run, state="unsigned")
    try:
        found = read_json(root / PROVENANCE, Provenance, error=DamagedRunError)
    except DamagedRunError:
        return Verification(run=run, state="altered", altered=(f"{PROVENANCE}: it is not a statement with a signature",))
    public, statement = bytes.fromhex(found.public_key), found.statement
    named = {"run": run, "fingerprint": fingerprint(public), "signed_at": statement.signed_at}
    if not signature_fits(public, bytes.fromhex(found.signature), _message(statement)):
        return Verification(**named, state="altered", altered=(f"{PROVENANCE}: the signature does not fit the statement",))
    altered = tuple(_changed_records(root, statement)) or tuple(changed_contents(root))
    if altered:
        return Verification(**named, state="altered", altered=altered)
    state = "verified" if public in trusted else "unknown_key"
    return Verification(**named, state=state, unsigned_files=_unsigned(root, statement))


def still_ours(root: Path, signer: Signer | None, rewritten: Collection[type[Record]]) -> bool:
    """Whether this key signed the run as it stands, apart from records that are about to be written anew.

    Raises where files are not those that the records name, or records not those that were signed: that is the doing of
    whoever keeps the run, never of the submission, and to sign what follows from them would make them look sound.
    """
    changed = list(changed_contents(root))
    public = None
    if os.path.lexists(root / PROVENANCE):
        found = read_json(root / PROVENANCE, Provenance, error=DamagedRunError)
        public, fresh = bytes.fromhex(found.public_key), {RECORDS[Ratings]} | {RECORDS[record] for record in rewritten}
        if not signature_fits(public, bytes.fromhex(found.signature), _message(found.statement)):
            changed.append(f"{PROVENANCE}: the signature does not fit the statement")
        told = ((line.partition(":")[0], line) for line in _changed_records(root, found.statement))
        changed += [line for name, line in told if name not in fresh and not TOLD_NAME.fullmatch(name)]
    if changed:
        more = f", and {len(changed) - 5} more" if len(changed) > 5 else ""
        raise DamagedRunError(
            "files of this run are not what its records say: " + "; ".join(changed[:5]) + more,
            where=str(root),
            next_step="grade the submission again into a new folder",
        )
    return signer is not None and signer.public == public


def _changed_records(root: Path, statement: Statement) -> Iterator[str]:
    signed = {file.name for file in statement.files}
    missing_word = "was there when the run was signed, and is gone"
    for file in statement.files:
        digest = _digest(root / file.name)
        if digest != file.sha256:
            yield f"{file.name}: {'its content has changed' if digest else missing_word}"
    for name in RECORDS.values():
        if name not in signed and os.path.lexists(root / name):
            yield f"{name}: was added after the run was signed"
    for name in (RECORDS[Snapshot], RECORDS[RunSet], RECORDS[Lock]):
        if name not in signed:
            yield f"{name}: the signature does not cover it"


def changed_contents(root: Path) -> Iterator[str]:
    """Files that are not those which the records name by digest: the snapshot's, and what came out of the sandboxes."""
    known = {f"submission/{file.path}": (file.sha256, file.size) for file in _load(root, Snapshot).files}
    if (root / RECORDS[RunSet]).is_file():
        known |= {
            f"artifacts/{one.path}": (one.sha256, one.size) for step in _load(root, RunSet).steps for one in step.artifacts
        }
    for name, (digest, size) in known.items():
        found = _digest(root / name) if _stays_inside(root, name) else ""
        if found != digest or (root / name).stat().st_size != size:
            yield f"{name}: {'its content has changed' if found else 'is gone, or is no plain file'}"
    for folder, _, names in os.walk(root / "submission"):
        for name in names:
            path = Path(folder, name).relative_to(root).as_posix()
            if path not in known:
                yield f"{ascii(path)[1:-1]}: was added later"


def _unsigned(root: Path, statement: Statement) -> tuple[str, ...]:
    signed = {file.name for file in statement.files} | {PROVENANCE, "submission", "artifacts", "logs", "events.jsonl"}
    return tuple(sorted(ascii(path.name)[1:-1] for path in root.iterdir() if path.name not in signed))


def _load(root: Path, record: type[R]) -> R:
    return read_json(root / RECORDS[record], record, error=DamagedRunError)


def _stays_inside(root: Path, name: str) -> bool:
    """Whether a name leads to a place below the run folder, whatever links lie on the way."""
    return (root / name).resolve().is_relative_to(root.resolve())


def _digest(path: Path) -> str:
    """sha256 of a regular file; empty when there is none. A link in its place is not followed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return ""
    with os.fdopen(handle, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _message(statement: Statement) -> bytes:
    return _DOMAIN + json.dumps(statement.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode("ascii")
