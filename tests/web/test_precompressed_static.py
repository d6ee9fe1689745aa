"""Streamlit's scripts packed once: right bytes, never somebody else's file, never in a visitor's way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from ita.web.index_page import PrecompressedStatic
from ita.web.streamlit_internals import STATIC_FOLDER

SCRIPT = "console.log('ก');" * 200
BROTLI = "gzip, deflate, br, zstd"
APP = "answered by the app"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for folder in ("js", "css"):
        (tmp_path / "static" / folder).mkdir(parents=True)
    (tmp_path / "static" / "js" / "page.Ab_-1.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "static" / "js" / "tiny.Ab1.js").write_text("1", encoding="utf-8")
    (tmp_path / "static" / "css" / "page.Ab1.css").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "secret.Ab1.js").write_text(SCRIPT, encoding="utf-8")
    return tmp_path / "static"


@dataclass(frozen=True)
class Answer:
    headers: dict[str, str]
    body: bytes


class Client:
    """Asks the ASGI app itself, so what would go over the wire is seen as it is."""

    def __init__(self, source: Path, packed: Path) -> None:
        def answer(request: object) -> PlainTextResponse:
            return PlainTextResponse(APP)

        app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
        self._app = PrecompressedStatic(app, source, packed, quiet=0.0)

    def ask(self, path: str, accepts: str = BROTLI, method: str = "GET") -> Answer:
        sent: list[Message] = []
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"accept-encoding", accepts.encode())],
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self._app(scope, receive, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(headers, b"".join(part.get("body", b"") for part in sent[1:]))

    def packed(self, path: str) -> Answer:
        """Asked until the packed one comes."""
        for _ in range(1_500):  # at the lowest priority, on a machine that may be busy
            answer = self.ask(path)
            if answer.headers.get("content-encoding") == "br":
                return answer
            assert answer.body == APP.encode()
            time.sleep(0.02)
        raise AssertionError("never packed")


@pytest.mark.parametrize(
    "path", ["/static/js/page.Ab_-1.js", "/below/a/path/static/css/page.Ab1.css"]
)
def test_the_app_answers_until_the_packed_file_is_there(
    source: Path, tmp_path: Path, path: str
) -> None:
    client = Client(source, tmp_path / "packed")
    assert client.ask(path).body == APP.encode()
    answer = client.packed(path)
    assert brotli.decompress(answer.body).decode() == SCRIPT
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_packed_file_is_kept_for_the_next_start(source: Path, tmp_path: Path) -> None:
    path = "/static/js/page.Ab_-1.js"
    first = Client(source, tmp_path / "packed").packed(path)
    answer = Client(source, tmp_path / "packed").ask(path)
    assert (answer.body, answer.headers["content-encoding"]) == (first.body, "br")
    assert "immutable" in answer.headers["cache-control"]


def test_it_is_packed_in_memory_where_nothing_can_be_written(source: Path, tmp_path: Path) -> None:
    (tmp_path / "packed").write_text("a file where the folder would be")
    client = Client(source, tmp_path / "packed")
    assert brotli.decompress(client.packed("/static/js/page.Ab_-1.js").body).decode() == SCRIPT


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/../secret.Ab1.js",
        "/static/js/%2e%2e/secret.Ab1.js",
        "/static/js/..%2fsecret.Ab1.js",
        "/static/js/none.Ab1.js",
        "/static/js/tiny.Ab1.js",
        "/static/media/font.Ab1.woff2",
        "/app/static/icon.png",
    ],
)
def test_everything_else_is_the_apps(source: Path, tmp_path: Path, path: str) -> None:
    client = Client(source, tmp_path / "packed")
    for _ in range(3):
        assert client.ask(path).body == APP.encode()
        time.sleep(0.02)


def test_who_takes_no_brotli_or_sends_something_gets_the_apps_answer(
    source: Path, tmp_path: Path
) -> None:
    client = Client(source, tmp_path / "packed")
    path = "/static/js/page.Ab_-1.js"
    client.packed(path)
    assert client.ask(path, "gzip").body == APP.encode()
    assert client.ask(path, "gzip;q=1, brotli").body == APP.encode()
    assert client.ask(path, method="POST").body == APP.encode()


def test_streamlits_own_files_are_where_we_look() -> None:
    assert any(file.name.startswith("PlotlyChart.") for file in (STATIC_FOLDER / "js").iterdir())
