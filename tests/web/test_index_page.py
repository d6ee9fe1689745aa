"""Streamlit's page made ours before a browser sees it; every other answer as it was."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message

from ita.web.index_page import _PATCHES, IndexPage, patch_index_page
from ita.web.paths import PAGES, PageSpec
from ita.web.security_headers import SERVER_SCRIPT

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
OWN_FORM = "<!doctype html><html lang='th'><title>เข้าสู่ระบบ</title></html>"


def answered(app: Response, path: str = "/", query: bytes = b"") -> tuple[dict[str, str], bytes]:
    """Headers and body that go over the wire where the app answers so."""
    sent: list[Message] = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]
    routes = [Route("/{path:path}", lambda request: app)]

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()  # the browser stays
        return asked.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    asyncio.run(IndexPage(Starlette(routes=routes))(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return headers, b"".join(part.get("body", b"") for part in sent[1:])


def page(path: str = "/", query: bytes = b"") -> str:
    headers, body = answered(FileResponse(INDEX), path, query)
    assert headers["content-length"] == str(len(body))
    assert not {"etag", "last-modified"} & set(headers)
    return body.decode()


def test_every_mend_fits_the_installed_streamlit() -> None:
    page = INDEX.read_text(encoding="utf-8")
    assert [p for p, _ in _PATCHES if not re.search(p, page, flags=re.DOTALL)] == []


def test_the_page_speaks_thai_and_says_whose_it_is() -> None:
    text = page()
    assert '<html lang="th" translate="no">' in text
    assert '<meta name="google" content="notranslate">' in text
    assert "<title>ITA Trends</title>" in text
    assert "<noscript><p>ต้องเปิดใช้ JavaScript" in text
    assert "_stcore/agent" not in text
    assert '<div id="root"></div>' in text


@pytest.mark.parametrize(
    ("query", "language"), [(b"lang=en", "en"), (b"a=1&lang=en", "en"), (b"lang=%22%3E", "th")]
)
def test_the_address_decides_the_language(query: bytes, language: str) -> None:
    text = page(query=query)
    assert f'<html lang="{language}" translate="no">' in text
    assert ("This site needs JavaScript" in text) == (language == "en")


def test_the_scripts_of_streamlit_are_asked_for_as_before() -> None:
    before = INDEX.read_text(encoding="utf-8")
    after = page()
    scripts = re.findall(r'"\./static/[^"]+\.(?:js|css)"', before)
    assert len(scripts) > 10
    assert all(script in after for script in scripts)
    assert "window.prerenderReady = false" in after


def test_fonts_of_ours_come_early_and_streamlits_not_at_all() -> None:
    assert "SourceSans" not in page()
    assert 'href="./app/static/Sarabun-Regular.woff2" as="font"' in page()


def test_streamlits_font_leads_to_ours() -> None:
    fonts = (INDEX.parent / "static" / "media").glob("SourceSansVF-Upright*.woff2")
    for path in (
        f"/static/media/{next(fonts).name}",
        "/ita/static/media/SourceSansVF-Upright.x.woff2",
    ):
        headers, body = answered(PlainTextResponse("Streamlit's"), path)
        assert (headers["location"], body) == ("/app/static/Sarabun-Regular.woff2", b"")
    assert answered(PlainTextResponse("an icon"), "/static/media/MaterialSymbols.x.woff2")[1]


@pytest.mark.parametrize(
    ("path", "told"),
    [("/", True), ("/trend", True), ("/trend/", False), ("/nowhere", False), ("/a/trend", False)],
)
def test_the_server_is_told_where_it_is_one_step_above(path: str, told: bool) -> None:
    """Before the scripts that look for it."""
    text = page(path)
    script = f"<script>{SERVER_SCRIPT}</script>"
    assert (script in text) == told
    assert not told or text.index(script) < text.index('src="./static/js/index')


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.file)
def test_what_a_page_will_need_is_fetched_early(place: PageSpec) -> None:
    """By the names that the installed Streamlit gives its scripts."""
    told = re.findall(
        r'<script type="module"[^>]*src="\./static/js/([^"]+)"', page(f"/{place.url}")
    )
    own = set(re.findall(r'\./static/js/([^"]+)', INDEX.read_text("utf-8")))
    names = [name.partition(".")[0] for name in told if name not in own]
    assert names == [*place.scripts]
    assert all((INDEX.parent / "static" / "js" / name).exists() for name in told)


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse('<html lang="en"><div id="root"></div>'),
        HTMLResponse(OWN_FORM),
        HTMLResponse('<html lang="en"><div id="root"></div>', 404),
        HTMLResponse("x", headers={"content-encoding": "br"}),
        Response(INDEX.read_bytes(), media_type="application/octet-stream"),
    ],
)
def test_other_answers_stay_as_they_are(answer: Response) -> None:
    _, body = answered(answer)
    assert body == answer.body


def test_a_page_of_another_shape_keeps_what_does_not_fit() -> None:
    assert (
        patch_index_page(b'<div id="root"></div>', "th", ("PlotlyChart",), True)
        == b'<div id="root"></div>'
    )
