"""Signing keys: ed25519, one private file that only its owner can read, one public file to hand out."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MAKE_ONE = "harness keys new"
_MOST_BYTES = 10_000


@dataclass(frozen=True)
class KeyPair:
    """Where a new key was written."""

    private: Path
    public: Path
    fingerprint: str


@dataclass(frozen=True)
class Signer:
    """A private key, ready to sign."""

    key: "Ed25519PrivateKey"

    @property
    def public(self) -> bytes:
        return _raw(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def make(private: Path) -> KeyPair:
    """Write a new key pair: `private` for its owner alone, and beside it the public half. Nothing is overwritten."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = private.with_name(private.name + ".pub")
    for place in (private, public):
        if os.path.lexists(place):
            raise UsageError("is there already", where=str(place), expected="a new file", next_step="name another --out")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    shown = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    try:
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(private, secret, 0o600)
        _write_new(public, shown, 0o644)
    except OSError as problem:
        raise UsageError(
            f"the key cannot be written: {problem.strerror}", where=str(private), next_step="name another --out"
        ) from problem
    return KeyPair(private, public, fingerprint(_raw(key.public_key())))


def signer(private: Path | None) -> Signer | None:
    """The key at this path; None when none is configured."""
    if private is None:
        return None
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _read(private, owner_only=True)
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise _no_key(private, "private") from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise _no_key(private, "private")
    return Signer(key)


def read_public(file: Path) -> bytes:
    """The 32 bytes of a public key file."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = _read(file)
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise _no_key(file, "public") from problem
    if not isinstance(key, Ed25519PublicKey):
        raise _no_key(file, "public")
    return _raw(key)


def signature_fits(public: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def fingerprint(public: bytes) -> str:
    """A short name of a key, in groups that can be read aloud and compared."""
    digest = hashlib.sha256(public).hexdigest()[:24]
    return "-".join(digest[start : start + 4] for start in range(0, 24, 4))


def _raw(key: "Ed25519PublicKey") -> bytes:
    return key.public_bytes_raw()


def _write_new(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(data)
        file.flush()
        os.fsync(handle)


def _read(path: Path, *, owner_only: bool = False) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if owner_only and stat.S_IMODE(mode) & 0o077:
                raise UsageError(
                    f"others can read this private key (mode {stat.S_IMODE(mode):04o})",
                    where=str(path),
                    expected="mode 0600",
                    next_step=f"chmod 600 {path}; if others may have read it, make a new one with {_MAKE_ONE}",
                )
            return file.read(_MOST_BYTES)
    except OSError as problem:
        raise UsageError(f"the key cannot be read: {problem.strerror}", where=str(path), next_step=_MAKE_ONE) from problem


def _no_key(path: Path, half: str) -> UsageError:
    return UsageError(
        f"is not an ed25519 {half} key", where=str(path), expected=f"the {half} file that {_MAKE_ONE} wrote (PEM)"
    )
