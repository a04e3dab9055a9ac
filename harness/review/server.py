"""The web app for raters: on this machine only, without scripts, behind a key that is made for each start.

Pages show text that candidates wrote; nothing of it is ever markup. Each request must name this host, carry the key's
cookie, and, where it changes something, come from a form of ours.
"""

import hmac
import http.server
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from harness.errors import HarnessError
from harness.publishing import review_list, review_page
from harness.review.desk import Desk

_COOKIE = "harness-review"
_MOST_BYTES = 200_000
_REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class ReviewServer(http.server.ThreadingHTTPServer):
    """One rater's desk. Browsers keep idle connections open, so each has a thread; the desk is used by one at a time."""

    daemon_threads = True

    def __init__(self, desk: Desk, key: str, token: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.desk, self.key, self.token = desk, key, token
        self.turn = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def first_address(self) -> str:
        """With the key, which is asked for once and then lives in a cookie."""
        return f"{self.address}/enter?key={self.key}"


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class _Handler(http.server.BaseHTTPRequestHandler):
    server: ReviewServer
    server_version, sys_version = "harness", ""
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Addresses hold a key; nothing is written."""

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        if not self._is_ours():
            self._plain(HTTPStatus.MISDIRECTED_REQUEST, "This desk is at another address.")
        elif place.path == "/enter":
            self._enter(parse_qs(place.query).get("key", [""])[0])
        elif not self._is_known():
            self._plain(HTTPStatus.FORBIDDEN, "Open the address that `harness review` printed.")
        else:
            self._guarded(lambda: self._show(place.path.strip("/").split("/")))

    def do_POST(self) -> None:
        origin = self.headers.get("Origin", self.server.address)
        if not (self._is_ours() and self._is_known() and origin in self._addresses()):
            self._plain(HTTPStatus.FORBIDDEN, "This did not come from a page of this desk.")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BYTES:
            self._plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The form is too large.")
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        form = {name: values[-1] for name, values in parse_qs(body, max_num_fields=500).items()}
        if not hmac.compare_digest(form.get("token", "").encode(), self.server.token.encode()):
            self._plain(HTTPStatus.FORBIDDEN, "This did not come from a page of this desk.")
            return
        self._guarded(lambda: self._save(urlsplit(self.path).path.strip("/").split("/"), form))

    def _show(self, parts: list[str]) -> None:
        desk = self.server.desk
        if parts == [""]:
            self._page(*review_list(desk.rows(), desk.rater))
        elif (number := self._number(parts)) is None:
            self._plain(HTTPStatus.NOT_FOUND, "There is no such page.")
        elif len(parts) == 2:
            self._page(*review_page(desk.page(number)))
        else:
            whole = desk.report_file(number)
            if whole is None:
                self._plain(HTTPStatus.FORBIDDEN, "The whole report opens once everything that is yours to rate is rated.")
            else:
                self._answer(HTTPStatus.OK, whole, "text/html; charset=utf-8", _REPORT_POLICY)

    def _save(self, parts: list[str], form: dict[str, str]) -> None:
        number = self._number(parts)
        if number is None or len(parts) != 2:
            self._plain(HTTPStatus.NOT_FOUND, "There is no such page.")
            return
        try:
            said, status = self.server.desk.save(number, form), HTTPStatus.OK
        except HarnessError as error:
            said, status = str(error), HTTPStatus.BAD_REQUEST
        text, policy = review_page(self.server.desk.page(number, said))
        self._answer(status, text.encode(), "text/html; charset=utf-8", policy)

    def _number(self, parts: list[str]) -> int | None:
        """Of run/N, or run/N/report."""
        fits = parts[0] == "run" and len(parts) in (2, 3) and parts[2:] in ([], ["report"])
        if not fits or not (parts[1].isascii() and parts[1].isdecimal()) or len(parts[1]) > 9:
            return None
        return int(parts[1]) if 1 <= int(parts[1]) <= len(self.server.desk.runs) else None

    def _enter(self, key: str) -> None:
        if not hmac.compare_digest(key.encode(), self.server.key.encode()):
            self._plain(HTTPStatus.FORBIDDEN, "Open the address that `harness review` printed.")
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", f"{_COOKIE}={self.server.key}; HttpOnly; SameSite=Strict; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_ours(self) -> bool:
        """A name that leads here but is not ours belongs to somebody who makes a browser ask for them."""
        return f"http://{self.headers.get('Host', '')}" in self._addresses()

    def _addresses(self) -> tuple[str, str]:
        return self.server.address, self.server.address.replace("127.0.0.1", "localhost")

    def _is_known(self) -> bool:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(_COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self.server.key.encode())

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            with self.server.turn:
                work()
        except HarnessError as error:
            self._plain(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))

    def _page(self, text: str, policy: str) -> None:
        self._answer(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8", policy)

    def _plain(self, status: HTTPStatus, sentence: str) -> None:
        self._answer(status, sentence.encode(), "text/plain; charset=utf-8", "default-src 'none'")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str, policy: str) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", f"{policy}; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
