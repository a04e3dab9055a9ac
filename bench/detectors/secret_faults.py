"""Made-up secrets of many shapes, and what looks like one and is none. Drawn by seed: no value stands in a file of ours."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import base64
import json
import random
import string
import uuid
from collections.abc import Callable

from bench.detectors.code_faults import CLEAN_MODULE
from bench.detectors.programs import Files

Draw = Callable[[random.Random], str]


def _letters(chance: random.Random, count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(chance.choice(alphabet) for _ in range(count))


def _token(chance: random.Random) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps({"sub": _letters(chance, 12), "iat": chance.randrange(10**9)}).encode())
    return f"{header}.{body.decode().rstrip('=')}.{_letters(chance, 43)}"


def _fixed(line: str) -> Draw:
    """A line that needs no chance."""

    def draw(chance: random.Random) -> str:
        del chance
        return line

    return draw


SHAPES: dict[str, Draw] = {
    "a cloud key": lambda chance: f'KEY = "AKIA{_letters(chance, 16, string.ascii_uppercase + string.digits)}"',
    "a private key": lambda chance: f'KEY = """-----BEGIN RSA PRIVATE KEY-----\n{_letters(chance, 64)}\n-----END RSA PRIVATE KEY-----"""',
    "a password in an address": lambda chance: f'SOURCE = "postgresql://reader:{_letters(chance, 16)}@db.internal/ledger"',
    "a named password": lambda chance: f'password = "{_letters(chance, 14)}"',
    "a forge's token": lambda chance: f'TOKEN = "ghp_{_letters(chance, 36)}"',
    "a web token": lambda chance: f'TOKEN = "{_token(chance)}"',
    "a payment key": lambda chance: f'KEY = "sk_live_{_letters(chance, 24)}"',
    "a chat hook": lambda chance: f'HOOK = "xoxb-{_letters(chance, 12, string.digits)}-{_letters(chance, 12, string.digits)}-{_letters(chance, 24)}"',
    "a named key": lambda chance: f'api_key = "{_letters(chance, 32, string.hexdigits.lower())}"',
}  # fmt: skip
INNOCENT: dict[str, Draw] = {
    "a value kept elsewhere": _fixed('password = os.environ["DB_PASSWORD"]'),
    "a placeholder": _fixed('password = "your-password-here"'),
    "a digest": lambda chance: f'SHA256 = "sha256:{_letters(chance, 64, "0123456789abcdef")}"',
    "an id": lambda chance: f'RUN = "{uuid.UUID(int=chance.getrandbits(128))}"',
    "a commit": lambda chance: f'COMMIT = "{_letters(chance, 40, "0123456789abcdef")}"  # commit of the library',
    "a path": _fixed('SOURCE = "data/2025/parcels_of_march.csv"'),
    "an address without a password": _fixed('SOURCE = "postgresql://db.internal/ledger"'),
    "a column's name": _fixed('TOKEN_COLUMN = "token_count"'),
    "a sentence": _fixed('TEXT = "The password is asked for when the service starts"'),
}  # fmt: skip


def _book(line: str) -> str:
    cell: dict[str, object] = {"cell_type": "code", "source": line, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


PLACES: dict[str, Callable[[str], Files]] = {
    "code": lambda line: {"features.py": f"{CLEAN_MODULE}\n\n{line}\n"},
    "a cell": lambda line: {"features.py": CLEAN_MODULE, "look.ipynb": _book(line)},
    "a document": lambda line: {"features.py": CLEAN_MODULE, "README.md": f"# Work\n\nStart with\n\n    {line}\n"},
    "settings": lambda line: {"features.py": CLEAN_MODULE, "settings.toml": f"{line}\n"},
}


def shown_people(chance: random.Random) -> Files:
    """A notebook whose stored output shows made-up people."""
    name = _letters(chance, 7, string.ascii_lowercase)
    return {
        "look.ipynb": shown(
            f"{name}.{name[:4]}@mail-house.net  +49 170 {chance.randrange(1000, 9999)} {chance.randrange(1000, 9999)}"
        )
    }


def shown_numbers(chance: random.Random) -> Files:
    """A notebook whose stored output shows numbers."""
    return {"look.ipynb": shown(f"rows {chance.randrange(10**6)}  mean {chance.random():.6f}  ids p{chance.randrange(10**8)}")}


def shown(text: str) -> str:
    """A notebook with this stored output."""
    output = {"output_type": "stream", "name": "stdout", "text": text}
    cell = {"cell_type": "code", "source": "df.head()", "metadata": {}, "outputs": [output], "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
