"""Work as candidates hand it in, which hardening must not break: every ordinary means, in one submission."""

import json

from tests.hostile.attacks.forging import notebook_of

PACKAGE = {
    "src/ranker/__init__.py": '"""Ranks rows."""\n',
    "src/ranker/score.py": '"""The score."""\n\nfrom .weights import WEIGHTS\n\n\ndef score(row):\n    """The score of one row."""\n    return sum(WEIGHTS[name] * float(row[name]) for name in WEIGHTS)\n',
    "src/ranker/weights.py": '"""What each column counts."""\n\nWEIGHTS = {"x1": 2.0, "x2": 1.0}\n',
}

MEANS: dict[str, str] = {
    "threads": """
import threading
done = []
workers = [threading.Thread(target=lambda: done.append(1)) for _ in range(16)]
[one.start() for one in workers], [one.join() for one in workers]
assert len(done) == 16
""",
    "a pool of threads": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    assert sum(pool.map(abs, range(-50, 0))) == 1275
""",
    "a pool of processes": """
import multiprocessing
with multiprocessing.get_context("fork").Pool(3) as pool:
    assert pool.map(abs, range(-20, 0)) == list(range(20, 0, -1))
""",
    "a pool of fresh processes": """
import multiprocessing
with multiprocessing.get_context("spawn").Pool(2) as pool:
    assert pool.map(abs, range(-5, 0)) == [5, 4, 3, 2, 1]
""",
    "joblib": """
from joblib import Memory, Parallel, delayed
assert Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(8)) == list(range(8))
assert Memory("cache", verbose=0).cache(abs)(-3) == 3
""",
    "shared memory": """
from multiprocessing.shared_memory import SharedMemory
block = SharedMemory(create=True, size=8 << 20)
block.buf[0] = 7
again = SharedMemory(name=block.name)
assert again.buf[0] == 7
again.close(), block.close(), block.unlink()
""",
    "four hundred megabytes": """
import numpy
held = numpy.ones(400 << 17)
assert held.nbytes == 400 << 20
assert held.sum() == 400 << 17
del held
""",
    "mapped files": """
import mmap, tempfile
with tempfile.TemporaryFile() as file:
    file.truncate(1 << 20)
    with mmap.mmap(file.fileno(), 1 << 20) as held:
        held[0] = 9
""",
    "programs of the system": """
import subprocess
assert subprocess.run("echo one; echo two >&2", shell=True, capture_output=True, text=True).stdout == "one\\n"
assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True).stdout == "1\\n"
""",
    "a loop of events": """
import asyncio
async def work(number):
    await asyncio.sleep(0)
    return number
async def main():
    return await asyncio.gather(*map(work, range(10)))
assert asyncio.run(main()) == list(range(10))
""",
    "sockets of its own": """
import socket
with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
    client.sendall(b"x")
one, other = socket.socketpair()
one.close(), other.close()
""",
    "a database": """
import sqlite3
with sqlite3.connect("cache/x.db") as base:
    base.execute("create table if not exists t(x)")
base.close()
""",
    "figures": """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2], [3, 4])
figure.savefig("figures/one.png")
plt.close("all")
assert pathlib.Path("figures/one.png").stat().st_size > 1000
""",
    "models and tables": """
import joblib, pandas
from sklearn.linear_model import LogisticRegression
table = pandas.read_csv("data/train.csv")
model = LogisticRegression().fit(table[["x1", "x2"]], table["label"])
joblib.dump(model, "cache/model.joblib")
assert joblib.load("cache/model.joblib").score(table[["x1", "x2"]], table["label"]) > 0.8
table.to_parquet("cache/x.parquet") if False else table.to_csv("cache/x.csv")
""",
    "coloured and long logs": """
import logging
logging.basicConfig(level=logging.INFO)
for place in range(3000):
    logging.info("\\x1b[32mepoch %d\\x1b[0m loss=%.4f é 数 🙂", place, 1 / (place + 1))
print("\\r".join(f"{place} %" for place in range(500)))
""",
    "accents everywhere": """
pathlib.Path("cache/größe 数.txt").write_text("é", "utf-8")
assert sorted(path.name for path in pathlib.Path("cache").glob("gr*")) == ["größe 数.txt"]
print("naïve café", file=sys.stderr)
""",
    "where it is": """
import getpass, os, platform, tempfile
assert pathlib.Path.home().is_dir()
assert getpass.getuser()
assert os.cpu_count() >= 1
assert platform.system() == "Linux"
pathlib.Path(tempfile.gettempdir(), "x").write_text("x")
""",
    "resources of a package": """
import importlib.resources, importlib.metadata
assert importlib.metadata.version("numpy")
assert importlib.resources.files("ranker").joinpath("weights.py").is_file()
""",
    "warnings and deep recursion": """
import warnings
warnings.warn("a warning is no error")
sys.setrecursionlimit(5000)
def down(depth):
    return 0 if not depth else 1 + down(depth - 1)
assert down(3000) == 3000
""",
    "signals and timers": """
import signal
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
""",
}

_MAIN = '''"""Use every ordinary means, then predict."""

import csv
import pathlib
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "src"))

from ranker.score import score


def main(data, out):
    """Score every row."""
    with open(pathlib.Path(data) / "score.csv", newline="") as file:
        rows = [(row["row_id"], score(row)) for row in csv.DictReader(file)]
    with open(out, "w", newline="") as file:
        csv.writer(file).writerows([("row_id", "score"), *rows])


if __name__ == "__main__":
    for folder in ("cache", "figures"):
        pathlib.Path(folder).mkdir(exist_ok=True)
    for means in sorted(pathlib.Path("means").glob("*.py")):
        try:
            exec(compile(means.read_text("utf-8"), str(means), "exec"), {"sys": sys, "pathlib": pathlib, "__name__": "__main__"})
            print(f"MEANS {means.stem} works", flush=True)
        except BaseException:
            print(f"MEANS {means.stem} fails {traceback.format_exc()[-600:]!r}", flush=True)
    main(*sys.argv[1:3])
'''

TESTS = '''"""Tests as people write them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from ranker.score import score


@pytest.fixture
def row(tmp_path):
    (tmp_path / "x").write_text("x")
    return {"x1": "1", "x2": "2"}


@pytest.mark.parametrize(("x1", "expected"), [("0", 2.0), ("1", 4.0)])
def test_the_score_adds_up(x1, expected, row):
    assert score({**row, "x1": x1}) == expected


def test_a_number_is_asked_for(row, capsys, monkeypatch):
    with pytest.raises(ValueError):
        score({**row, "x1": "none"})
'''


def name_of(means: str) -> str:
    return means.replace(" ", "_")


def files() -> dict[str, str]:
    declared = {"pack": "small", "entry": {"kind": "command", "predict": "python -m predict {data} {out}"}}
    cells = (
        "import pandas as pd\nimport matplotlib.pyplot as plt\ntable = pd.read_csv('data/train.csv')\ntable.head()",
        "table['x1'].hist()\nplt.show()",
        "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>bold</b>'), Markdown('# x'))",
        "import sys\nsys.path.insert(0, 'src')\nfrom ranker.score import score\nscore({'x1': 1, 'x2': 1})",
        "%matplotlib inline\nprint('\\x1b[31mred\\x1b[0m é 数')\n!echo shell",
        "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(4).map(abs, range(4)))",
    )
    return {
        **PACKAGE,
        **{f"means/{name_of(means)}.py": text for means, text in MEANS.items()},
        "predict.py": _MAIN,
        "tests/__init__.py": "",
        "tests/test_score.py": TESTS,
        "analysis.ipynb": notebook_of(*cells),
        "pyproject.toml": '[project]\nname = "ranker"\nversion = "1.0"\n\n[tool.pytest.ini_options]\npythonpath = ["src"]\n',
        "setup.cfg": "[options]\npackage_dir =\n    = src\n",
        "README.md": "# Ranker\n\nRun `python -m predict data out.csv`.\n",
        "submission.json": json.dumps(declared),
    }
