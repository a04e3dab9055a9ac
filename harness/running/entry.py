"""How predictions are asked for: what the submission declares, else the first of the pack's offers that applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from harness.model.pack import NotebookOffer, Offer
from harness.model.submission import Declaration, Entry, FunctionEntry, NotebookEntry, Snapshot

MAX_SEARCHED_BYTES = 20_000_000


@dataclass(frozen=True)
class EntryChoice:
    """The entry, and how it was found; or no entry, and why."""

    entry: Entry | None
    reason: str


def choose_entry(
    declaration: Declaration, problem: str, snapshot: Snapshot, files: Path, offers: Sequence[Offer]
) -> EntryChoice:
    """The way to ask this submission for predictions."""
    if not offers:
        return EntryChoice(None, "this kind of task runs no code of the submission's own")
    paths = snapshot.paths()
    if problem:
        note = f"submission.json could not be used ({problem}); "
    elif declaration.entry is not None:
        missing = _missing(declaration.entry, paths)
        if missing:
            return EntryChoice(None, f"submission.json names {missing}, which is not in the submission")
        return EntryChoice(declaration.entry, "named in submission.json")
    else:
        note = "submission.json names no entry point; " if "submission.json" in paths else "there is no submission.json; "
    for offer in offers:
        entry = _applies(offer, paths, files)
        if entry is not None:
            return EntryChoice(entry, f"{note}found {_named(entry, offer)}")
    wanted = " or ".join(sorted({_wish(offer) for offer in offers}))
    return EntryChoice(None, f"{note}looked for {wanted} and found none")


def _missing(entry: Entry, paths: Sequence[str]) -> str:
    if isinstance(entry, NotebookEntry) and entry.path not in paths:
        return entry.path
    if isinstance(entry, FunctionEntry):
        module = entry.call.split(":")[0].replace(".", "/")
        places = [f"{root}{module}{end}" for root in ("", "src/") for end in (".py", "/__init__.py")]
        return "" if set(places) & set(paths) else f"{module}.py"
    return ""


def _applies(offer: Offer, paths: Sequence[str], files: Path) -> Entry | None:
    if isinstance(offer, NotebookOffer):
        return _notebook(offer, paths, files)
    return offer.entry if offer.needs_file in paths else None


def _notebook(offer: NotebookOffer, paths: Sequence[str], files: Path) -> NotebookEntry | None:
    """The shallowest notebook that speaks of the predictions file; the only notebook when there is just one."""
    pattern = offer.entry.path
    found = [
        path
        for path in paths
        if path.endswith(".ipynb") and (fnmatch(path, pattern) or fnmatch(PurePosixPath(path).name, pattern))
    ]
    found.sort(key=lambda path: (path.count("/"), path))
    wanted = PurePosixPath(offer.entry.writes).name.encode()
    speaking = [path for path in found if _contains(files / path, wanted)]
    chosen = speaking[0] if speaking else found[0] if len(found) == 1 else None
    return NotebookEntry(path=chosen, writes=offer.entry.writes) if chosen else None


def _contains(file: Path, wanted: bytes) -> bool:
    return file.stat().st_size <= MAX_SEARCHED_BYTES and wanted in file.read_bytes()


def _named(entry: Entry, offer: Offer) -> str:
    if isinstance(entry, NotebookEntry):
        return entry.path
    return offer.needs_file if not isinstance(offer, NotebookOffer) else "a notebook"


def _wish(offer: Offer) -> str:
    if isinstance(offer, NotebookOffer):
        return f"a notebook that writes {offer.entry.writes}"
    kind = {"command": "command line", "function": "function", "service": "service"}[offer.kind]
    return f"{offer.needs_file} (the pack's {kind})"
