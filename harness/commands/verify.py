"""harness verify: whether a run is still what its signer wrote."""

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.commands import shared

if TYPE_CHECKING:
    from harness.model.provenance import Verification


class _Leave(IntEnum):
    VERIFIED = 0
    NOT_VOUCHED_FOR = 1
    ALTERED = 3


def verify(
    run: Annotated[Path, typer.Argument(help="A run folder that `harness grade` wrote.")],
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--key",
            help="A public key to trust; may be given more than once. [default: that of HARNESS_KEY]",
            show_default=False,
        ),
    ] = None,
    as_json: shared.AsJson = False,
) -> None:
    """Recompute every digest of a run and hold it against its signature.

    Exit codes: 0 verified; 1 unsigned, or signed by a key that was not named here: a result made elsewhere; 2 usage;
    3 altered since it was signed, and which file.
    """
    import os

    from harness.keys import read_public, signer
    from harness.provenance import verify as examine

    trusted = [read_public(one) for one in key or ()]
    own = os.environ.get("HARNESS_KEY")
    if not key and own:
        mine = signer(Path(own))
        trusted += [mine.public] if mine else []
    found = examine(run, trusted)
    shared.out(found.to_json() if as_json else _told(found, any_key=bool(trusted)))
    leave = {"verified": _Leave.VERIFIED, "altered": _Leave.ALTERED}.get(found.state, _Leave.NOT_VOUCHED_FOR)
    if leave:
        raise typer.Exit(leave)


def _told(found: "Verification", *, any_key: bool) -> str:
    signed = f"signed {found.signed_at} by the key {found.fingerprint}"
    if found.state == "verified":
        more = [f"  not part of what was signed: {name}" for name in found.unsigned_files]
        return "\n".join([f"verified: {found.run} is as it was {signed}", *more])
    if found.state == "altered":
        lines = [f"altered: {found.run} is not what was signed", *(f"  {one}" for one in found.altered)]
        return "\n".join([*lines, "  next: do not use these numbers; grade the submission again"])
    if found.state == "unsigned":
        return (
            f"unsigned: nothing says who made {found.run}\n"
            "  next: grade the submission yourself, with a key in HARNESS_KEY if runs are to be signed"
        )
    named = "the keys that were named do not include it" if any_key else "no key to trust was named"
    return (
        f"signed by an unknown key: {found.run} was {signed}, and {named}\n"
        "  next: name the public key you trust with --key; if this key is not yours, the result was made elsewhere"
    )
