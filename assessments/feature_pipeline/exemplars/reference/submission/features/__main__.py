"""python -m features build --data DIR --out DIR/features.csv"""

import argparse
from pathlib import Path

from features.build import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="features", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build", help="write the features of every pair in pairs.csv")
    building.add_argument("--data", type=Path, required=True, help="folder with events_*.csv and pairs.csv")
    building.add_argument("--out", type=Path, required=True, help="the table to write; the other files go beside it")
    asked = parser.parse_args()
    build(asked.data, asked.out)


if __name__ == "__main__":
    main()
