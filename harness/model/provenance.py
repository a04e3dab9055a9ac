"""provenance.json: who vouches for a run, and for exactly which bytes."""

from typing import Literal

from pydantic import Field

from harness.model.record import Record


class SignedFile(Record):
    """One file of the run folder, as it was when the run was signed."""

    name: str = Field(pattern=r"^[a-z][a-z0-9.]{0,63}$", description="A plain name in the run folder itself.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Statement(Record):
    """What is signed. lock.json and the records name everything else by digest: submission, pack, data, artifacts."""

    schema_version: Literal[1] = 1
    run_id: str
    harness_version: str
    signed_at: str
    files: tuple[SignedFile, ...]


class Provenance(Record):
    """A statement, the key that signed it, and the signature (ed25519, both in hexadecimal)."""

    schema_version: Literal[1] = 1
    statement: Statement
    public_key: str = Field(pattern=r"^[0-9a-f]{64}$")
    signature: str = Field(pattern=r"^[0-9a-f]{128}$")


class Verification(Record):
    """What `harness verify` found out. Only `verified` says that the run is what its signer wrote."""

    schema_version: Literal[1] = 1
    run: str
    state: Literal["verified", "altered", "unsigned", "unknown_key"]
    fingerprint: str | None = Field(default=None, description="Of the key that signed; short enough to be read aloud.")
    altered: tuple[str, ...] = Field(default=(), description="Each file that is not as it was signed, and how.")
    unsigned_files: tuple[str, ...] = Field(default=(), description="Files here that the signature says nothing about.")
    signed_at: str | None = None
