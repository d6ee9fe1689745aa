"""Plain HTTP, one request at a time, nothing followed: what a browser, or who plays one, may send."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from urllib.parse import urlencode

from tests.patience import PATIENCE
from tests.serving import Served


@dataclass(frozen=True)
class Answer:
    """What came back. headers: by their names in small letters; cookies: each with its attributes."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode("utf-8", "replace"))

    def value(self, cookie: str) -> str:
        return self.cookies[cookie].partition(";")[0]

    def alert(self) -> str:
        found = re.search(r'role="alert">([^<]*)<', self.text)
        return found[1] if found else ""


def ask(
    served: Served,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    cookies: Mapping[str, str] | None = None,
    **headers: str,
) -> Answer:
    """headers: with _ for -."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if cookies:
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    try:
        connection.request(method, served.root + path, body, sent)
        response = connection.getresponse()
        given = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            dict(cookie.split("=", 1) for cookie in given),
            response.read(),
        )
    finally:
        connection.close()


_places = count(1)


def _own_address() -> str:
    """So that the tries of one test don't count against another's."""
    number = next(_places)
    return f"10.9.{number // 250}.{number % 250}"


@dataclass
class Visitor:
    """Somebody at our forms, with a browser's cookies, behind a proxy that says where they are."""

    served: Served
    cookies: dict[str, str]
    address: str = field(default_factory=_own_address)

    def open(self, path: str, **headers: str) -> Answer:
        sent = {"X_Forwarded_For": self.address, **headers}
        return self._took(ask(self.served, path, cookies=self.cookies, **sent))

    def fill(self, path: str, query: str = "", **fields: str) -> Answer:
        """Open a form, fill it in and send it, with all that stands in it unseen."""
        page = self.open(path + query)
        unseen = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self.post(path, {**unseen, **fields})

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        sent = {
            "Content_Type": "application/x-www-form-urlencoded",
            "X_Forwarded_For": self.address,
            **headers,
        }
        body = urlencode(fields).encode()
        return self._took(ask(self.served, path, "POST", body, self.cookies, **sent))

    def sign_in(self, account: str, password: str, query: str = "") -> Answer:
        return self.fill("/sign-in", query, account=account, password=password)

    def _took(self, answer: Answer) -> Answer:
        for name, value in answer.cookies.items():
            self.cookies[name] = value.partition(";")[0].strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer
