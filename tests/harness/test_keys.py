"""Signing keys: private for their owner alone, never overwritten, told apart by fingerprint."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from harness.errors import UsageError
from harness.keys import make, read_public, signature_fits, signer
from tests.commands import harness


def test_only_the_owner_can_read_the_private_half(tmp_path: Path) -> None:
    pair = make(tmp_path / "keys" / "mine.pem")

    assert stat.S_IMODE(pair.private.stat().st_mode) == 0o600
    assert pair.public == tmp_path / "keys" / "mine.pem.pub"
    assert b"PRIVATE" not in pair.public.read_bytes()


def test_both_halves_belong_together_and_no_two_keys_are_the_same(tmp_path: Path) -> None:
    pair, other = make(tmp_path / "a.pem"), make(tmp_path / "b.pem")
    mine = signer(pair.private)
    assert mine is not None

    assert signature_fits(read_public(pair.public), mine.sign(b"text"), b"text")
    assert not signature_fits(read_public(pair.public), mine.sign(b"text"), b"other text")
    assert not signature_fits(read_public(other.public), mine.sign(b"text"), b"text")
    assert pair.fingerprint != other.fingerprint


@pytest.mark.parametrize("taken", ["key.pem", "key.pem.pub"])
def test_nothing_is_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("precious")

    with pytest.raises(UsageError, match="is there already"):
        make(tmp_path / "key.pem")

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(taken, "precious")]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_private_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    pair = make(tmp_path / "key.pem")
    pair.private.chmod(mode)

    with pytest.raises(UsageError, match="others can read"):
        signer(pair.private)


def test_no_key_configured_is_no_error(tmp_path: Path) -> None:
    assert signer(None) is None


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x00" * 100])
def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(content)
    (tmp_path / "key.pem").chmod(0o600)

    with pytest.raises(UsageError, match="is not an ed25519 private key"):
        signer(tmp_path / "key.pem")
    with pytest.raises(UsageError, match="is not an ed25519 public key"):
        read_public(tmp_path / "key.pem")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = generate_private_key(public_exponent=65537, key_size=2048)
    (tmp_path / "rsa.pem").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "rsa.pem").chmod(0o600)

    with pytest.raises(UsageError, match="is not an ed25519 private key"):
        signer(tmp_path / "rsa.pem")


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="harness keys new"):
        signer(tmp_path / "gone.pem")


def test_keys_new_tells_both_files_and_the_fingerprint(tmp_path: Path) -> None:
    answer = harness("keys", "new", "--out", tmp_path / "key.pem")

    assert answer.returncode == 0
    assert str(tmp_path / "key.pem.pub") in answer.stdout
    assert "fingerprint: " in answer.stdout
    assert harness("keys", "new", "--out", tmp_path / "key.pem").returncode == 2
