"""Probes of a review pack: what was planted is where it is said to be, the scorer tells reviews apart, repairs are seen."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import checking, intake
from harness.authoring.exemplars import all_exemplars, materialise
from harness.errors import HarnessError
from harness.model.answers import ReviewAnswer
from harness.model.authoring import Probe
from harness.model.calls import CallProbes
from harness.model.pack import Pack
from harness.model.review import Planted
from harness.model.submission import Snapshot
from harness.running import EntryChoice, Running, run_answer_only
from harness.running.calls import call_in

if TYPE_CHECKING:
    from harness.authoring.validate import Tried

BROKEN = {
    "no JSON": b"not json",
    "no list": b"{}",
    "a key twice": b'[{"file": "a.py", "file": "b.py", "lines": [1, 1], "mechanism": "other", "severity": 1}]',
    "NaN": b'[{"file": "a.py", "lines": [1, 1], "mechanism": "other", "severity": 1, "confidence": NaN}]',
    "lines upside down": b'[{"file": "a.py", "lines": [9, 1], "mechanism": "other", "severity": 1}]',
    "an unknown mechanism": b'[{"file": "a.py", "lines": [1, 1], "mechanism": "no such one", "severity": 1}]',
    "nested too deep": b"[" * 5000 + b"]" * 5000,
}


def planted(tried: "Tried") -> Iterator[Probe]:
    """Lines exist, names are the candidates' own, and no decoy can be mistaken for a fault by the matching itself."""
    pack, known = tried.opened.pack, _planted(tried)
    contract, root = _contract(pack), tried.data.public / _contract(pack).repository
    marked = [(one.id, place) for one in known.bugs for place in one.places]
    marked += [(one.id, place) for one in known.decoys for place in one.places]
    wrong = [
        f"{name} at {place}"
        for name, place in marked
        if not (root / place.file).is_file() or place.last > len((root / place.file).read_text("utf-8").splitlines())
    ]
    yield Probe(
        name="planted lines exist",
        ok=not wrong,
        seen="; ".join(wrong) or f"{len(known.bugs)} faults and {len(known.decoys)} decoys",
        expected="files and lines that the repository has",
    )
    names = {name for bug in known.bugs for name in bug.names} | {name for decoy in known.decoys for name in decoy.tempts}
    unknown = sorted(names - set(contract.mechanisms))
    yield Probe(
        name="mechanisms are the candidates' own",
        ok=not unknown,
        seen=", ".join(unknown) or f"{len(names)} names, all in the list",
        expected="names of answer.mechanisms",
    )
    both = [
        f"{bug.id} and {decoy.id}"
        for bug in known.bugs
        for decoy in known.decoys
        if bug.names & set(decoy.tempts)
        and any(here.overlaps(there, 2 * contract.line_slack) for here in bug.places for there in decoy.places)
    ]
    yield Probe(
        name="faults and decoys lie apart",
        ok=not both,
        seen="; ".join(both) or "no finding can be about both",
        expected="different lines, or different mechanisms",
    )
    yield from _marks(root)


def _marks(root: Path) -> Iterator[Probe]:
    marked = [path.name for path in root.rglob("*") if path.is_file() and ("#<" in (text := path.read_text()) or "#@" in text)]
    yield Probe(
        name="no mark of the author's is left",
        ok=not marked,
        seen=", ".join(marked) or "none",
        expected="code as a colleague would have written it",
    )


def scorer(tried: "Tried") -> Iterator[Probe]:
    """A perfect review, an empty one, one with every mechanism wrong, one about decoys, and broken files."""
    pack, known, reference = tried.opened.pack, _planted(tried), tried.exchange.labels
    names = _contract(pack).mechanisms

    def value(document: bytes) -> float | None:
        try:
            return checking.metric_value(pack, pack.metric, document, reference)
        except HarnessError:
            return None

    def rows(found: list[tuple[Any, str]]) -> bytes:
        return json.dumps(
            [
                {"file": place.file, "lines": [place.first, place.last], "mechanism": name, "severity": 1}
                for place, name in found
            ]
        ).encode()

    perfect = value(rows([(bug.places[0], bug.mechanism) for bug in known.bugs]))
    empty = value(b"[]")
    wrong = value(rows([(bug.places[0], next(n for n in names if n not in bug.names)) for bug in known.bugs]))
    odd = value(rows([(decoy.places[0], decoy.tempts[0]) for decoy in known.decoys]))
    told = f"perfect {perfect}, empty {empty}, mechanisms wrong {wrong}, decoys only {odd}"
    sound = perfect is not None and empty is not None and wrong is not None and odd is not None
    yield Probe(
        name="perfect reviews are best",
        ok=sound and perfect == 1.0 and empty == 0.0 and (wrong or 0.0) <= 0.0 and ((odd or 0.0) < 0.0 or not known.decoys),
        seen=told,
        expected="1, 0, at most 0, below 0",
    )
    accepted = [name for name, document in BROKEN.items() if value(document) is not None]
    yield Probe(
        name="broken reviews are refused",
        ok=not accepted,
        seen="accepted: " + ", ".join(accepted) if accepted else f"{len(BROKEN)} kinds refused",
        expected="all of " + ", ".join(BROKEN),
    )


def repairs(tried: "Tried") -> Iterator[Probe]:
    """No hidden probe holds for the repository as it is, and each holds once some exemplar has repaired it."""
    pack, known = tried.opened.pack, _planted(tried)
    asked = pack.steps.calls
    if asked is None:
        return
    probes = CallProbes.model_validate_json((tried.exchange.labels.parent / asked.file).read_bytes())
    lost = {name for bug in known.bugs for name in bug.probes} - {probe.id for probe in probes.probes}
    yield Probe(
        name="every fault has its probe",
        ok=not lost and all(bug.probes for bug in known.bugs),
        level="warning" if not lost else "error",
        seen=", ".join(sorted(lost)) or f"{len(probes.probes)} probes",
        expected="probes that probes.json has",
    )
    with tempfile.TemporaryDirectory() as folder:
        bare = _running(tried, Path(folder) / "none", Path(folder) / "bare")
        call_in(bare, asked, tried.data.public / _contract(pack).repository)
        already = checking.faults_repaired(pack, tried.exchange.labels, bare.artifacts)
        yield Probe(
            name="no probe holds before a repair",
            ok=not already,
            seen=", ".join(already) or "none holds",
            expected="probes that tell the fault",
        )
        left = {bug.id for bug in known.bugs if bug.probes} - _repaired(tried, Path(folder), len(known.bugs))
    yield Probe(
        name="every probe holds after a repair",
        ok=not left,
        seen=f"never repaired: {', '.join(sorted(left))}" if left else "every fault is repaired by an exemplar's patch",
        expected="an exemplar whose patches repair everything",
    )


def _repaired(tried: "Tried", folder: Path, all_of_them: int) -> set[str]:
    done: set[str] = set()
    for name in reversed(all_exemplars(tried.opened)):
        place = folder / f"exemplar-{name}"
        materialise(tried.opened, name, place, tried.data.root)
        if len(done) == all_of_them or not (place / "patches").is_dir():
            continue
        running = _running(tried, place, folder / f"run-{name}")
        run_answer_only(running)
        done |= set(checking.faults_repaired(tried.opened.pack, tried.exchange.labels, running.artifacts))
    return done


def _running(tried: "Tried", submission: Path, place: Path) -> Running:
    submission.mkdir(exist_ok=True)
    snapshot: Snapshot = intake.take(str(submission), place / "files")
    nothing = EntryChoice(None, "a review runs nothing of its own")
    return Running(
        tried.session,
        tried.opened.pack,
        snapshot,
        place / "files",
        nothing,
        tried.data.public,
        tried.exchange,
        place / "artifacts",
    )


def _planted(tried: "Tried") -> Planted:
    return Planted.model_validate_json(tried.exchange.labels.read_bytes())


def _contract(pack: Pack) -> ReviewAnswer:
    if not isinstance(pack.answer, ReviewAnswer):
        message = f"a pack of the kind {pack.kind} returns no review"
        raise TypeError(message)
    return pack.answer
