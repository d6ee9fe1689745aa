"""A script's glance at a download brings no file; whoever wants the file gets it whole."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message

from ita.web.index_page import DownloadProbe

FILE = b"year,score\r\n" * 50_000
GLANCE = {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
DOWNLOAD = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "empty"}
PICTURE = {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
OLD_BROWSER: dict[str, str] = {}


def answered(
    asked: dict[str, str],
    path: str = "/media/a.csv",
    method: str = "GET",
    answer: Response | None = None,
) -> tuple[int, str | None, bytes]:
    """Status, told length and body that go over the wire."""
    sent: list[Message] = []
    asked_once = [{"type": "http.request", "body": b"", "more_body": False}]
    given = answer or Response(FILE, media_type="text/csv")

    async def receive() -> Message:
        if not asked_once:
            await asyncio.Event().wait()  # the browser stays
        return asked_once.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    routes = [Route("/{path:path}", lambda request: given, methods=["GET", "POST"])]
    headers = [(name.encode(), value.encode()) for name, value in asked.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": headers,
    }
    asyncio.run(DownloadProbe(Starlette(routes=routes))(scope, receive, send))
    assert not sent[-1].get("more_body")
    told = dict(sent[0]["headers"]).get(b"content-length")
    return sent[0]["status"], told and told.decode(), b"".join(m.get("body", b"") for m in sent[1:])


def test_a_glance_tells_that_the_file_is_there_and_no_more() -> None:
    assert answered(GLANCE) == (200, "0", b"")


def test_a_glance_at_nothing_tells_so() -> None:
    assert answered(GLANCE, answer=Response(b"gone", 404)) == (404, "0", b"")


def test_a_file_that_comes_in_pieces_ends_once() -> None:
    pieces = StreamingResponse(iter([b"a", b"b", b"c"]))
    assert answered(GLANCE, answer=pieces) == (200, "0", b"")


@pytest.mark.parametrize(
    "asked", [DOWNLOAD, PICTURE, OLD_BROWSER], ids=["download", "picture", "old"]
)
def test_others_get_the_file(asked: dict[str, str]) -> None:
    assert answered(asked) == (200, str(len(FILE)), FILE)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/static/js/a.js", "GET"), ("/_stcore/upload_file/a", "GET"), ("/media/a.csv", "POST")],
)
def test_what_is_no_file_of_a_page_is_answered_as_it_was(path: str, method: str) -> None:
    assert answered(GLANCE, path, method)[2] == FILE
