"""The pack's data for one seed: made once in a sandbox, kept in the cache, the same wherever it is made."""

import hashlib
import hmac
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import PackError, SandboxError
from harness.model.pack import Pack
from harness.model.run import SandboxLost
from harness.running import jobs
from harness.running.kinds import kind_of
from harness.running.session import Session

SeedKind = Literal["demo", "candidate", "given"]


@dataclass(frozen=True)
class DataSet:
    """public/ may be shown to a submission; private/ never enters a sandbox."""

    root: Path
    digest: str

    @property
    def public(self) -> Path:
        return self.root / "public"


def seed_for(pack: Pack, secret: bytes | None, candidate: str | None, given: int | None) -> tuple[int, SeedKind]:
    """The seed of this candidate's data, and where it comes from."""
    if given is not None:
        return given, "given"
    if secret is None or candidate is None:
        return pack.data.demo_seed, "demo"
    digest = hmac.new(secret, f"{pack.id}\0{candidate}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:6], "big"), "candidate"


def find_or_make_data(pack: Pack, root: Path, data_digest: str, seed: int, session: Session) -> DataSet:
    """The data of one seed from the cache, or freshly generated."""
    place = session.cache / "data" / f"{pack.id}-{data_digest[:16]}-{seed}"
    manifest = place / "manifest.json"
    if not manifest.is_file():
        session.say(f"making the data of {pack.id} for seed {seed}")
        _make(pack, root, seed, session, place)
    kept = json.loads(manifest.read_text("ascii"))
    return DataSet(place, kept["digest"])


def _last_words(text: str) -> str:
    """The end of what was printed, on one line: of a Python traceback the last place and the error."""
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-3:])[-400:]


def _make(pack: Pack, root: Path, seed: int, session: Session, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        order = jobs.generate(session.environment, pack, root / pack.data.generator, seed)
        execution, artifacts, refused = session.run(order.job, order.put, building / "out")
        if isinstance(execution.outcome, SandboxLost):
            raise SandboxError(f"data could not be generated: {execution.outcome.reason}", next_step="harness doctor")
        if not execution.outcome.succeeded:
            raise PackError(
                f"the generator {execution.outcome.sentence()}; its last words: {_last_words(execution.stderr.text())!r}",
                where=str(root / pack.data.generator),
                next_step="run it by hand with the pack's environment",
            )
        data = building / "out" / "data"
        _expect_files(pack, data, root, refused)
        digest = hashlib.sha256(
            "".join(f"{a.name}\0{a.sha256}\n" for a in sorted(artifacts, key=lambda a: a.name)).encode()
        ).hexdigest()
        (data / "manifest.json").write_text(json.dumps({"seed": seed, "digest": digest}), "ascii")
        (data / "private").chmod(0o700)
        try:
            data.rename(place)
        except OSError:
            if not (place / "manifest.json").is_file():
                raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _expect_files(pack: Pack, data: Path, root: Path, refused: tuple[str, ...]) -> None:
    kind = kind_of(pack)
    wanted = [data / "public" / name for name in kind.public(pack)] + [data / "private" / name for name in kind.private(pack)]
    for file in wanted:
        if not file.is_file() or not file.stat().st_size:
            more = f"; refused: {refused[0]}" if refused else ""
            raise PackError(
                f"the generator did not write {file.parent.name}/{file.name}{more}", where=str(root / pack.data.generator)
            )
