"""Exemplars as submissions for one seed, and what candidates are sent."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from harness.authoring.exemplars import materialise
from harness.authoring.export import Assignment, export
from harness.packs import OpenPack
from harness.running import find_or_make_data, open_session
from harness.settings import Settings, resolve

SECRET = b"of this organisation"


def silent(_: str) -> None:
    """Nobody listens."""


def settings_with_secret() -> Settings:
    return replace(resolve("bubblewrap"), secret=SECRET)


def materialised(opened: OpenPack, settings: Settings, name: str, seed: int, place: Path) -> Path:
    """An exemplar as a submission that suits the data of this seed."""
    with open_session(settings, opened.lock, "test", silent) as session:
        data = find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, session)
    return materialise(opened, name, place, data.root)


def exported(opened: OpenPack, candidate: str, place: Path) -> Path:
    """The folder that this candidate receives."""
    export(opened, Assignment(candidate), settings_with_secret(), place, silent)
    return place


def self_checked(kit: Path, *arguments: str) -> tuple[int, str]:
    """What the self-check in a candidate's folder says."""
    asked = [sys.executable, "self_check.py", *arguments]
    done = subprocess.run(asked, cwd=kit, capture_output=True, text=True, timeout=60, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout
