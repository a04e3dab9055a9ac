"""For pre-commit: lint every pack of which one of the given files is a part. `harness-pack-lint FILE...`"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from harness.authoring.linting import lint_pack
from harness.errors import HarnessError


def packs_of(files: Iterable[str]) -> Iterator[Path]:
    """The pack that each file lies in, once each: the nearest folder above it that holds a pack.yaml."""
    seen = set()
    for file in map(Path, files):
        root = next((folder for folder in file.absolute().parents if (folder / "pack.yaml").is_file()), None)
        if root is not None and root not in seen:
            seen.add(root)
            yield root


def main() -> NoReturn:
    failed = False
    for root in packs_of(sys.argv[1:]):
        try:
            problems = lint_pack(root)
        except HarnessError as error:
            failed = True
            sys.stdout.write(f"{root.name}: {error}\n")
            continue
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        failed = failed or any(problem.level == "error" for problem in problems)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
