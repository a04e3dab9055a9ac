"""How long the door takes to open: `harness --help`, paired with a bare interpreter."""

import statistics

from clock import PYTHON, seconds, told

if __name__ == "__main__":
    bare = seconds([PYTHON, "-c", "pass"], runs=9)
    door = seconds([PYTHON.parent / "harness", "--help"], runs=9)
    print(told("python -c pass", bare))
    print(told("harness --help", door))
    print(f"ratio of the medians: {statistics.median(door) / statistics.median(bare):.1f}")
