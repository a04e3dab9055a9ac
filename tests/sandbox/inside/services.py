"""Services as candidates write them, sound and otherwise, and what our program inside the sandbox makes of each."""

import socket
from pathlib import Path
from typing import Any

from tests.sandbox.inside.place import Ran, run_inside

SOUND = '''"""A service that doubles x."""
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def score(rows):
    return [2 * (row["x"] or 0.0) for row in rows]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.say(200 if self.path == "/health" else 404, {})

    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["rows"]
        self.say(200, {"predictions": score(rows)})

    def say(self, status, document, kind="application/json"):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''
COUNT = 10


def with_post(*lines: str) -> str:
    """The sound service with another answer to POST."""
    head, _, rest = SOUND.partition("    def do_POST(self):\n")
    _, _, tail = rest.partition("    def say(")
    body = "".join(f"        {line}\n" for line in lines)
    return f"{head}    def do_POST(self):\n{body}\n    def say({tail}"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def table(count: int = COUNT) -> dict[str, str]:
    rows = [f"R{10_000 + n},{n}.5,{'' if n % 3 else n},a{n % 2}" for n in range(count)]
    return {
        "score.csv": "row_id,x,gap,kind\n" + "\n".join(rows) + "\n",
        "train.csv": "row_id,x,gap,kind,label\nR1,1.0,,a0,1\nR2,2,7,12,0\n",
    }


def visit(root: Path, code: str, command: str = "python serve.py {port}", **request: Any) -> Ran:
    """Ask a service for every row of a small table."""
    asked = {
        "command": command,
        "port": free_port(),
        "places": {"data": str(root / "data"), "model": str(root / "model")},
        "env": {},
        "ready": "/health",
        "predict": "/predict",
        "ready_s": 20,
        "request_s": 10,
        "all_s": 60,
        "batch_rows": 4,
        "processors": 0,
        "id_column": "row_id",
        "value_column": "score",
        "score": "/data/score.csv",
        "train": "/data/train.csv",
        "out": "/out/predictions.csv",
        "singles": [[1, "R77777"], [8, "R88888"]],
        **request,
    }
    return run_inside(root, "ask_service.py", asked, {"serve.py": code}, table())
