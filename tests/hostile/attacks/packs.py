"""Packs of a third party that would do on the interviewer's machine what a submission may not do."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.builders import write_yaml
from tests.hostile.attacks import explorer
from tests.hostile.attacks.pack import read_yaml

Content = str | bytes


def exploring_generator(honest: str, targets: dict[str, Any]) -> str:
    """A generator that makes its data, and explores like a submission: what it found lies beside the data."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for source in Path(explorer.__file__).parent.glob("*.py"):
            archive.writestr(f"explorer/{source.name}", source.read_bytes())
    return f'''{honest}
import base64, io, json, os, sys, zipfile

os.makedirs("/tmp/exploring")
zipfile.ZipFile(io.BytesIO(base64.b64decode("{base64.b64encode(packed.getvalue()).decode()}"))).extractall("/tmp/exploring")
sys.path.insert(0, "/tmp/exploring")
os.chdir("/tmp/exploring")
from explorer.__main__ import explore

(out / "public" / "explored.json").write_text(json.dumps(explore(json.loads({json.dumps(json.dumps(targets))}))))
'''


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
DOCUMENTS: dict[str, Content] = {
    "aliases of aliases": BOMB,
    "an object to be made": "!!python/object/apply:os.system ['touch CANARY']\n",
    "an object in a field": "format: 1\nid: !!python/name:os.system\ntitle: !!python/object/new:os.system ['touch CANARY']\n",
    "lists in lists": "[" * 20_000,
    "maps in maps": "".join(" " * depth + "a:\n" for depth in range(2_000)),
    "five megabytes": "a: " + "x" * 5_000_000,
    "keys that are there twice": "format: 1\nformat: 1\n",
    "bytes that are no text": b"format: \xff\xfe\n",
    "a NUL": b"format: 1\0\n",
    "a list": "- 1\n- 2\n",
    "nothing": "",
    "a number that is none": "format: .nan\n",
    "a merge of itself": "a: &a\n  <<: *a\n",
}  # fmt: skip

PATHS: dict[str, dict[str, Any]] = {
    "a generator outside": {"data": {"generator": "../../../../../../etc/passwd"}},
    "an absolute generator": {"data": {"generator": "/etc/passwd"}},
    "training data outside": {"data": {"train": "../../../../../../etc/passwd"}},
    "data to score outside": {"data": {"score": "../private/labels.csv"}},
    "labels outside": {"data": {"labels": "/etc/passwd"}},
    "a lock outside": {"requirements": "../../../../../../etc/passwd"},
    "an absolute lock": {"requirements": "/etc/passwd"},
    "predictions outside": {"answer": {"file": "../../../../../../tmp/never.csv"}},
    "a rung outside": {"ladder": {"strong": "../../../../../../etc"}},
}
"""Fields that name a place, and name one outside the pack."""


def with_fields(pack: Path, changes: dict[str, Any]) -> None:
    document = read_yaml(pack / "pack.yaml")
    for name, value in changes.items():
        kept = document.get(name)
        document[name] = {**kept, **value} if isinstance(kept, dict) and isinstance(value, dict) else value
    write_yaml(pack / "pack.yaml", document)


GENERATORS: dict[str, str] = {
    "labels that are a link": "(out / 'private' / 'labels.csv').unlink()\n(out / 'private' / 'labels.csv').symlink_to('/etc/passwd')\n",
    "a folder that is a link": "import shutil\nshutil.rmtree(out / 'public')\n(out / 'public').symlink_to('/etc')\n",
    "an end without a word before anything": "import os\nos._exit(0)\n",
    "an end before anything": "raise SystemExit(0)\n",
    "a crash with words that act": "raise RuntimeError('\\x1b[2J\\n::error::x <script>')\n",
    "labels for other rows": "write(out / 'private' / 'labels.csv', ['row_id', 'label'], [['X1', 1]])\n",
    "a table of noise": "(out / 'public' / 'score.csv').write_bytes(bytes(range(256)) * 100)\n",
    "ids that are there twice": "write(out / 'public' / 'score.csv', ['row_id', 'x1', 'x2'], [[row[0], 1, 1] for row in holdout] * 2)\n",
    "a table without its id": "write(out / 'public' / 'score.csv', ['x1', 'x2'], [[1, 1] for row in holdout])\n",
    "fields that never end": "(out / 'public' / 'score.csv').write_text('row_id,x1,x2\\n\"' + 'x' * 12_000_000)\n",
}  # fmt: skip
"""What a generator may do instead of, or after, making data."""
