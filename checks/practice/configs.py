"""Values from configuration files of the submission: JSON, YAML and TOML, read as data with caps."""

import json
from typing import Any

from checks.practice.reading_data import same_file
from checks.practice.values import UNKNOWN, Const, Items, Mapping, Value
from harness.model.evidence import Evidence

MAX_CONFIG_BYTES = 200_000
MAX_ENTRIES = 500


def read_config(evidence: Evidence, path: str, kind: str) -> Value:
    """The file that a path of the code means, as values; unknown when it is absent or not understood."""
    found = next((one for one in evidence.snapshot.paths() if same_file(one, path)), None)
    if found is None or not found.lower().endswith((".json", ".yaml", ".yml", ".toml")):
        return UNKNOWN
    text = evidence.read_text(found, MAX_CONFIG_BYTES)
    if text is None:
        return UNKNOWN
    del kind
    return as_value(_parsed(found.lower(), text))


def _parsed(path: str, text: str) -> Any:
    try:
        if path.endswith(".json"):
            return json.loads(text)
        if path.endswith(".toml"):
            import tomllib

            return tomllib.loads(text)
        return _yaml(text)
    except (ValueError, RecursionError):
        return None


def _yaml(text: str) -> Any:
    if "&" in text and "*" in text:
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError, TypeError, AttributeError):
        return None


def as_value(found: Any, depth: int = 8) -> Value:
    if depth == 0:
        return UNKNOWN
    if isinstance(found, dict):
        entries = list(found.items())[:MAX_ENTRIES]
        return Mapping({key: as_value(value, depth - 1) for key, value in entries if isinstance(key, (str, int, float, bool))})
    if isinstance(found, list):
        return Items([as_value(value, depth - 1) for value in found[:MAX_ENTRIES]])
    if found is None or isinstance(found, (str, int, float, bool)):
        return Const(found) if found is not None else UNKNOWN
    return UNKNOWN
