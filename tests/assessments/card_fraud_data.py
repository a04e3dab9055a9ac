"""Generated data of card_fraud for tests: small by default, whole where a test asks for it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2] / "assessments" / "card_fraud"
SMALL = {"cards": 600, "merchants": 120}


@dataclass(frozen=True)
class Made:
    """The data of one seed, as files and as tables."""

    root: Path
    train: pd.DataFrame
    score: pd.DataFrame
    labels: pd.DataFrame

    @property
    def both(self) -> pd.DataFrame:
        return pd.concat([self.train, self.score], ignore_index=True)


def generate(
    seed: int, out: Path, profile: dict[str, int] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    out.mkdir(parents=True, exist_ok=True)
    (out / "profile.json").write_text(json.dumps(profile or {}), "ascii")
    command = [sys.executable, str(ROOT / "generate.py"), "--seed", str(seed), "--profile", str(out / "profile.json")]
    return subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, env=environment or None, check=False)


def make(seed: int, out: Path, profile: dict[str, int] | None = None) -> Made:
    ended = generate(seed, out, profile)
    assert ended.returncode == 0, ended.stderr
    train, score = (pd.read_csv(out / "public" / name) for name in ("train.csv", "score.csv"))
    return Made(out, train, score, pd.read_csv(out / "private" / "labels.csv"))


def moments(table: pd.DataFrame) -> pd.Series:
    """Both formats, read as the dictionary's owners know them to be."""
    iso = pd.to_datetime(table["timestamp"], format="%Y-%m-%d %H:%M:%S", errors="coerce")
    return iso.fillna(pd.to_datetime(table["timestamp"], format="%d/%m/%Y %H:%M", errors="coerce"))


def message(table: pd.DataFrame) -> pd.Series:
    """Which rows repeat an earlier one in everything but the id."""
    return table.drop(columns="txn_id").duplicated()
