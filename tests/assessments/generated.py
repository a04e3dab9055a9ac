"""Data that a pack's own generator makes, as files and as tables."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd


@dataclass(frozen=True)
class Made:
    """The data of one seed: a table to learn from, one to score, and its labels."""

    root: Path
    train: pd.DataFrame
    score: pd.DataFrame
    labels: pd.DataFrame

    @property
    def both(self) -> pd.DataFrame:
        return pd.concat([self.train, self.score], ignore_index=True)


def try_to_generate(
    pack: Path, seed: int, out: Path, profile: dict[str, int] | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run the generator as a grading would, and hand over how it ended."""
    out.mkdir(parents=True, exist_ok=True)
    asked = out.with_name(f"{out.name}.profile.json")
    asked.write_text(json.dumps(profile or {}), "ascii")
    command = [sys.executable, "-B", str(pack / "generate.py"), "--seed", str(seed), "--profile", str(asked), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, env=environment or None, check=False)


def generate(pack: Path, seed: int, out: Path, profile: dict[str, int] | None = None, **environment: str) -> Path:
    ended = try_to_generate(pack, seed, out, profile, **environment)
    assert ended.returncode == 0, ended.stderr
    return out


def make(pack: Path, seed: int, out: Path, profile: dict[str, int] | None = None) -> Made:
    generate(pack, seed, out, profile)
    train, score = (pd.read_csv(out / "public" / name) for name in ("train.csv", "score.csv"))
    return Made(out, train, score, pd.read_csv(out / "private" / "labels.csv"))


def contents(out: Path) -> dict[str, bytes]:
    """Every file by its path."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
