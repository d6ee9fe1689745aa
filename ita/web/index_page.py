"""What Streamlit answers before anything runs, made ours: its page's words, font and scripts, its downloads.

Streamlit sends the same page to everybody: in English, under Streamlit's name, with a font that is
seen only until our theme is there, and without a word of the chart, which the browser then asks for
last of all. Each patch is a pattern of Streamlit 1.67's page; one that no longer fits leaves that part
as it came.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import brotli
import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ita.config import PROJECT
from ita.i18n import _, language_set_to
from ita.tables import write_file
from ita.web.forms import html_part
from ita.web.link_preview import LinkPreview, link_preview
from ita.web.paths import MEDIA, RouteKind, below_root, page_at, root, route_kind
from ita.web.requests import header, requested_language
from ita.web.security_headers import SERVER_SCRIPT
from ita.web.streamlit_internals import STATIC_FOLDER

# Streamlit's own scripts and styles, compressed once as well as can be. Streamlit serves them as they
# are, and compressing 4.7 MB anew for each visitor costs both of them more than the chart does. Their
# names change with their content, so a packed one stays right: it is made in quiet moments, kept on
# disk, and a fifth smaller than what can be had on the fly.

PACKED = PROJECT / "data" / "local" / "assets"
MIN_BYTES = 1_000
QUIET_SECONDS = 3.0
"""No visitor waits while we pack."""
_ASSET = re.compile(r"/static/((js|css)/[\w-]+\.[\w-]+\.(?:js|css))$")
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FOREVER = "public, immutable, max-age=31536000"


class PrecompressedStatic:
    """ASGI middleware: answers with the packed file where there is one; else notes that one is
    wanted, and lets the app answer."""

    def __init__(
        self,
        app: ASGIApp,
        source: Path = STATIC_FOLDER,
        packed: Path = PACKED,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._app = app
        self._source = source
        self._packed = packed
        self._quiet = quiet
        self._known = frozenset(  # else whoever asks for nonsense fills our memory
            f"{file.parent.name}/{file.name}"
            for file in source.glob("*/*")
            if file.suffix.lstrip(".") in _TYPES and file.stat().st_size >= MIN_BYTES
        )
        self._contents: dict[str, bytes | None] = {}
        self._wanted: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._packing: threading.Thread | None = None
        self._last_asked = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._last_asked = time.monotonic()
        answer = self._answer(scope) if scope["type"] == "http" else None
        await (answer or self._app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        match = _ASSET.search(scope["path"])
        if match is None or scope["method"] not in ("GET", "HEAD"):
            return None
        if match[1] not in self._known:
            return None
        if "br" not in re.findall(r"[\w-]+", Headers(scope=scope).get("accept-encoding", "")):
            return None
        content = self._content(match[1])
        if content is None:
            return None
        headers = {
            "content-encoding": "br",
            "content-type": _TYPES[match[2]],
            "cache-control": FOREVER,
            "vary": "Accept-Encoding",
        }
        return Response(content, headers=headers)

    def _content(self, name: str) -> bytes | None:
        """The packed bytes, None where there are none yet; each name is looked for once."""
        if name in self._contents:
            return self._contents[name]
        kept = self._contents[name] = self._read_packed(name)
        if kept is None:
            self._wanted.put(name)
            self._start_packing()
        return kept  # not what lies there by now: who asks first never gets what they made us pack

    def _read_packed(self, name: str) -> bytes | None:
        try:
            return self._packed_file(name).read_bytes()
        except OSError:
            return None

    def _packed_file(self, name: str) -> Path:
        """Under the version: the same name never stands for other bytes."""
        return self._packed / st.__version__ / f"{name}.br"

    def _start_packing(self) -> None:
        if self._packing is None:
            self._packing = threading.Thread(target=self._pack, name="packing", daemon=True)
            self._packing.start()

    def _pack(self) -> None:
        with suppress(AttributeError, OSError):  # Linux: of this thread alone
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        while True:
            name = self._wanted.get()
            while time.monotonic() - self._last_asked < self._quiet:
                time.sleep(self._quiet / 4)
            with suppress(OSError):
                self._contents[name] = self._compress(name)

    def _compress(self, name: str) -> bytes | None:
        kept = self._read_packed(name)  # another server may have been quicker
        if kept is not None:
            return kept
        content: bytes = brotli.compress((self._source / name).read_bytes(), quality=11)
        with suppress(OSError):  # a folder that can't be written to: then in memory only
            self._packed_file(name).parent.mkdir(parents=True, exist_ok=True)
            write_file(self._packed_file(name), content)
        return content


FONTS = ("Regular", "Bold")
"""Of ours, those that the first words are set in."""

ICONS = PROJECT / "static" / "icons.woff2"
"""Those of Streamlit's icons that a page may show; its own font has four thousand, in 370 kB."""

_STREAMLITS_ICONS = re.compile(r"/static/media/MaterialSymbols-Rounded\.[\w-]+\.woff2$")
_STREAMLITS_FONT = re.compile(r"/static/media/SourceSansVF-\w+\.[\w.-]+\.woff2$")
_STREAMLIT_ROOT = re.compile(rb"<div id=\"root\">")
_PATCHES: tuple[tuple[str, str], ...] = (
    # A browser's translation takes Thai for what it is not, and its words for Streamlit's: headings go wrong.
    (r"<html lang=\"\w+\">", '<html lang="{language}" translate="no">'),
    (
        r"<title>[^<]*</title>",
        '<title>ITA Trends</title><meta name="google" content="notranslate">{preview}{server}',
    ),
    (r"href=\"\./favicon\.png\"", 'href="./app/static/icon.png"'),
    (r"<link\s+rel=\"preload\"\s+href=\"[^\"]*SourceSans[^>]*>", "{fonts}"),
    (r"<!--(?:(?!-->).)*RFC 8631(?:(?!-->).)*-->\s*<link rel=\"service-desc\"[^>]*>", ""),
    (r"<noscript>.*</noscript>", "{needs_scripts}"),
    (r"</body>", "{scripts}</body>"),
)


class IndexPage:
    """ASGI middleware around Streamlit, inside of what compresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and scope["method"] == "GET":
            if _STREAMLITS_FONT.search(scope["path"]):
                app = _our_font  # 171 kB for a second or so, and it has no Thai letter
            elif _STREAMLITS_ICONS.search(scope["path"]):
                app = FileResponse(ICONS, headers={"cache-control": "public, max-age=86400"})
            elif route_kind(below_root(scope["path"])) is RouteKind.PAGE:
                send = _PatchedAnswer(scope, send).send
                scope = _uncompressed(scope)
        await app(scope, receive, send)


def _uncompressed(scope: Scope) -> Scope:
    """A request for an answer that is not compressed: Streamlit packs every page but the first itself,
    and a packed one can't be mended. What is around us packs it afterwards."""
    headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return {**scope, "headers": headers}


async def _our_font(scope: Scope, receive: Receive, send: Send) -> None:
    url = f"{root()}/app/static/Sarabun-{FONTS[0]}.woff2"
    await RedirectResponse(url, 302, {"cache-control": FOREVER})(scope, receive, send)


class _PatchedAnswer:
    """Holds an answer that is a page until it is whole; lets every other through as it comes."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_mended(self._start)

    async def _send_mended(self, start: Message) -> None:
        body = self._body
        if _STREAMLIT_ROOT.search(body):  # else it is a page of ours
            spoken = requested_language(self._scope)
            preview = await run_in_threadpool(link_preview, self._scope, spoken)
            body = patch_index_page(body, spoken, *_page_scripts(self._scope), preview)
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-length"] = str(len(body))
        # They tell when Streamlit's file changed, not when what we make of it did.
        for name in ("etag", "last-modified"):
            del headers[name]
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return bool(
        start["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "content-encoding" not in headers
    )


def _page_scripts(scope: Scope) -> tuple[tuple[str, ...], bool]:
    """The scripts that a page will ask for, and whether the server's root is one step above it."""
    path = below_root(scope["path"])
    page = page_at(path)
    if page is None:
        return (), False
    return page.scripts, path == f"/{page.url}"


@lru_cache(maxsize=16)
def patch_index_page(
    page: bytes,
    language: str,
    scripts: tuple[str, ...],
    below_server: bool,
    preview: LinkPreview | None = None,
) -> bytes:
    """Streamlit's page as ours. scripts: by name, what it is to load and run before it is asked for.
    below_server: its address is the server's and one name.

    Running the chart's script takes a browser longer than all else. Here it does so while it waits
    for the server, and not between the page's words and their first showing, which wait for it then.
    """
    with language_set_to(language):
        needs_scripts = html_part(
            "needs_scripts", _("ต้องเปิดใช้ JavaScript ในเบราว์เซอร์จึงจะใช้ระบบนี้ได้")
        )
    files = (f.name for s in scripts for f in sorted(STATIC_FOLDER.glob(f"js/{s}.*.js")))
    parts = {
        "language": language,
        "needs_scripts": needs_scripts,
        "preview": html_part("link_preview", preview) if preview else "",
        "server": html_part("server_script", SERVER_SCRIPT) if below_server else "",
        "fonts": html_part("fonts", FONTS),
        "scripts": html_part("module_scripts", tuple(files)),
    }
    text = page.decode("utf-8")
    for pattern, ours in _PATCHES:
        literally = ours.format(**parts).replace("\\", r"\\")
        text = re.sub(pattern, literally, text, count=1, flags=re.DOTALL)
    return text.encode("utf-8")


# Streamlit's glance at a file before the download is answered without the file. A click on a download
# asks for the file twice: a script of the page looks whether the address answers and never reads what
# comes, then the browser fetches it. What nobody reads holds a connection, and a browser has six for
# us: after five large files of one visit no further one came.


class DownloadProbe:
    """ASGI middleware around Streamlit, inside of what compresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_probe(scope):
            await self._app(scope, receive, _without_body(send))
        else:
            await self._app(scope, receive, send)


def _is_probe(scope: Scope) -> bool:
    """Whether a script asks, and not the browser for a download or a picture; browsers say which."""
    return (
        scope["method"] == "GET"
        and below_root(scope["path"]).startswith(MEDIA)
        and header(scope, "sec-fetch-mode") == "cors"
        and header(scope, "sec-fetch-dest") == "empty"
    )


def _without_body(send: Send) -> Send:
    """Sends how an answer begins, and nothing of what follows."""
    over = False

    async def begin(message: Message) -> None:
        nonlocal over
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            headers["content-length"] = "0"
            await send({**message, "headers": headers.raw})
        elif not over:
            over = True
            await send({"type": "http.response.body", "body": b""})

    return begin
