"""python -m bench.detectors: try every case, and write the table that is shipped."""

import argparse
import sys
from pathlib import Path

from bench.detectors.cases import all_trials
from bench.detectors.rates import count
from bench.detectors.table import as_markdown, as_record
from bench.detectors.trying import try_all

ROOT = Path(__file__).parent.parent.parent
TABLE, PAGE = ROOT / "harness" / "detector_rates.json", ROOT / "docs" / "detectors.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.detectors", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true", help="write nothing; leave with 1 when the shipped table differs")
    options = parser.parse_args()
    tally = count(try_all(all_trials(options.seed)))
    table = as_record(tally, options.seed)
    texts = {TABLE: table.to_json(), PAGE: as_markdown(table, tally)}
    for group, (right, total) in table.groups.items():
        print(f"{group:<8} {right:>6,} of {total:,}")
    if options.check:
        stale = [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what these cases give: run python -m bench.detectors", file=sys.stderr)
        return 1 if stale else 0
    for path, text in texts.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
