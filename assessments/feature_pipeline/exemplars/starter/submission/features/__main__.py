"""python -m features build --data DIR --out DIR/features.csv"""

import argparse
from pathlib import Path

from features.build import build


def main() -> None:
    parser = argparse.ArgumentParser(prog="features")
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("--data", type=Path, required=True)
    building.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    build(asked.data, asked.out)


if __name__ == "__main__":
    main()
