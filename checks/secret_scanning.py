"""Finding what looks like a key or a password in lines of text. No value found here ever leaves this file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

MAX_LINE = 4_000
MAX_LINES = 60_000
LIKELY, POSSIBLE, WEAK = 0.9, 0.6, 0.3
"""Confidence of a key's own shape, of a password's name beside a value, and of mere disorder."""

_SHAPED = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "IbmCloudIamDetector", "IbmCosHmacDetector", "JwtTokenDetector",
    "MailchimpDetector", "NpmDetector", "SendGridDetector", "SlackDetector", "SoftlayerDetector",
    "SquareOAuthDetector", "StripeDetector", "TwilioKeyDetector",
)  # fmt: skip
_NAMED = ("KeywordDetector",)
_DISORDERED = (("Base64HighEntropyString", {"limit": 4.5}), ("HexHighEntropyString", {"limit": 3.0}))
_WORTH_A_LOOK = re.compile(r"[A-Za-z0-9+/=_\-]{16}|-----BEGIN|(?i:pass|pwd|secret|token|api|key|auth|cred)|://")
_PLACEHOLDER = re.compile(
    r"(?i)your|example|dummy|change_?me|placeholder|xxxx|\*\*\*|\.\.\.|<|>|\{|\$|todo|insert|replace|fake|sample|redacted|"
    r"^(?:test|pass|password|passwd|pwd|secret|token|none|null|true|false|string|admin|root|user|foo|bar|abc\w*|12345\w*)$"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----")
_NAME_OF_A_NAME = re.compile(
    r"(?i)(?:pass\w*|pwd|secret|token|key|auth\w*|cred\w*)s?(?:_col|_column|_name|_field|_feature|_count|_type)s?[\"']?\s*[=:]"
)
"""`token_column = "token_count"`: what is kept there is what something is called."""
_HASHED = re.compile(r"--hash=|sha(?:256|512|1)[:=-]|md5[:=]|(?i:digest|checksum|fingerprint|revision|commit)")


@dataclass(frozen=True)
class Hit:
    """Something that looks like a secret, without the thing itself."""

    line: int
    kind: str
    length: int
    confidence: float


def scan(name: str, lines: Sequence[str]) -> Iterator[Hit]:
    """What looks like a secret in these lines; comments that ask a scanner to look away have no effect."""
    for number, line in enumerate(lines[:MAX_LINES], start=1):
        text = line[:MAX_LINE]
        if _WORTH_A_LOOK.search(text) and not _HASHED.search(text):
            yield from _scan_line(name, number, text)


def _scan_line(name: str, number: int, text: str) -> Iterator[Hit]:
    found: dict[str, Hit] = {}
    if _PRIVATE_KEY.search(text):
        yield Hit(number, "Private Key", len(text), LIKELY)
        return
    for plugin, confidence in _plugins():
        for secret in plugin.analyze_line(filename=name, line=text, line_number=number) or ():
            value = secret.secret_value or ""
            if not _is_nothing(value, text, confidence):
                known = found.get(value)
                if known is None or known.confidence < confidence:
                    found[value] = Hit(number, str(secret.type), len(value), confidence)
    yield from found.values()


def _is_nothing(value: str, text: str, confidence: float) -> bool:
    """Placeholders, references to a value kept elsewhere, and values that count up or are known to be ids."""
    from detect_secrets.filters import heuristic

    if confidence >= LIKELY:
        return bool(_PLACEHOLDER.search(value))
    if confidence == POSSIBLE and _NAME_OF_A_NAME.search(text):
        return True
    if len(value) < 4 or _PLACEHOLDER.search(value) or heuristic.is_indirect_reference(text):
        return True
    if confidence <= WEAK and (" " in value or "/" in value.strip("/") or value.isalpha() or len(value) < 20):
        return True
    return bool(
        heuristic.is_sequential_string(value)
        or heuristic.is_potential_uuid(value)
        or heuristic.is_templated_secret(value)
        or heuristic.is_not_alphanumeric_string(value)
    )


@cache
def _plugins() -> tuple[tuple[Any, float], ...]:
    """The detectors, without any that would ask a service whether a secret is live."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    classes = {one.__name__: one for one in get_mapping_from_secret_type_to_class().values()}
    shaped = [(classes[name](), LIKELY) for name in _SHAPED]
    named = [(classes[name](), POSSIBLE) for name in _NAMED]
    disordered = [(classes[name](**settings), WEAK) for name, settings in _DISORDERED]
    return (*shaped, *named, *disordered)
