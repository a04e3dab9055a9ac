"""The model behind HTTP: GET /health, POST /predict."""

import json
import pathlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ranking import score

LEARNED = json.loads((pathlib.Path(sys.argv[1]) / "model.json").read_text())


def as_text(row: dict[str, object]) -> dict[str, str]:
    """A row as the table has it."""
    return {name: "" if value is None else str(value) for name, value in row.items()}


class Handler(BaseHTTPRequestHandler):
    """Answers in JSON."""

    def do_GET(self) -> None:
        """Whether it can be asked."""
        self.say({})

    def do_POST(self) -> None:
        """A score for each row."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.say({"predictions": [score(LEARNED, as_text(row)) for row in asked["rows"]]})

    def say(self, document: dict[str, object]) -> None:
        """One document."""
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
