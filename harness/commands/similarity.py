"""harness similarity: passages that submissions share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared

if TYPE_CHECKING:
    from harness.model.similarity import Similarity
    from harness.similarity import Prints


def similarity(
    folder: Annotated[Path, typer.Argument(help="A folder with one entry a submission: a folder or an archive.")],
    pack: shared.PackName,
    least: Annotated[
        float, typer.Option("--least", min=0.01, max=1, help="Pairs that share at least this much of their own code.")
    ] = 0.25,
    packs: shared.PackFolders = None,
    as_json: shared.AsJson = False,
) -> None:
    """Find code that submissions have in common, beside what everybody was given.

    Names, numbers, comments and layout do not matter; what the pack gives to candidates, and what many of them have in
    common, does not count. Nothing is run. What is found is a reason to ask both people how they worked, not an answer:
    shared tutorials and shared tools look the same.
    """
    from harness.batch.entries import find_entries
    from harness.errors import HarnessError
    from harness.model.similarity import Similarity
    from harness.packs import open_pack
    from harness.settings import resolve
    from harness.similarity import code_below, compare, prints_of

    opened = open_pack(pack, resolve(None, tuple(packs or ())).packs)
    candidate = opened.root / "candidate"
    given = prints_of(code_below(candidate, [path.relative_to(candidate).as_posix() for path in candidate.rglob("*")]))
    found: dict[str, Prints] = {}
    unreadable: dict[str, str] = {}
    for entry in find_entries(folder, "own", b"", {}):
        try:
            found[entry.id] = _prints(entry.place)
        except HarnessError as error:
            unreadable[entry.id] = error.seen
    pairs, short = compare(found, given, least)
    told = Similarity(
        pack=opened.pack.id,
        submissions=len(found),
        least_share=least,
        unreadable=unreadable,
        too_short=tuple(short),
        pairs=tuple(pairs),
    )
    shared.out(told.to_json() if as_json else _text(told))


def _prints(place: Path) -> "Prints":
    import tempfile

    from harness import intake
    from harness.similarity import code_below, prints_of

    with tempfile.TemporaryDirectory(prefix="harness-similarity-", ignore_cleanup_errors=True) as scratch:
        files = Path(scratch) / "submission"
        snapshot = intake.take(str(place), files)
        return prints_of(code_below(files, snapshot.paths()))


def _text(told: "Similarity") -> str:
    lines = [f"{told.submissions} submissions, {len(told.pairs)} pairs with passages worth asking about"]
    for pair in told.pairs:
        lines += ["", f"{pair.one} and {pair.other}: {pair.one_share:.0%} and {pair.other_share:.0%} of their own code"]
        for one in pair.passages:
            first, second = (f"{a}-{b}" for a, b in (one.one_lines, one.other_lines))
            lines.append(f"  {one.one_file}:{first}  and  {one.other_file}:{second}")
    lines += ["", *(f"{name}: cannot be read: {why}" for name, why in told.unreadable.items())]
    lines += [f"{name}: too little code of its own to compare" for name in told.too_short]
    return "\n".join([*lines, told.limits])
