"""harness keys: the key that signs runs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from harness.commands import shared

app = typer.Typer(help="Keys that sign runs.", no_args_is_help=True)


@app.callback()
def _keys() -> None:
    """Keys that sign runs."""


@app.command("new")
def new(
    out: Annotated[
        Path | None, typer.Option("--out", help="The private file. [default: harness-key.pem]", show_default=False)
    ] = None,
    as_json: shared.AsJson = False,
) -> None:
    """Make an ed25519 key pair: a private file that only you can read, and FILE.pub to hand out.

    Name the private file in HARNESS_KEY, or with --key, and every run is signed. Keep it off machines that candidates' code
    or pull requests can reach; whoever has it can sign results in your name.
    """
    from harness.keys import make

    pair = make(out or Path("harness-key.pem"))
    if as_json:
        told = {"schema_version": 1, "private": str(pair.private), "public": str(pair.public), "fingerprint": pair.fingerprint}
        shared.out(json.dumps(told, indent=1))
        return
    shared.out(f"private key: {pair.private} (mode 0600; give it to nobody)")
    shared.out(f"public key:  {pair.public} (for `harness verify RUN --key {pair.public}`)")
    shared.out(f"fingerprint: {pair.fingerprint}")
