"""Streamlit's own scripts and styles, compressed once as well as can be.

Streamlit serves them as they are, and compressing 4.7 MB anew for each visitor costs both of them
more than the chart does. Their names change with their content, so a packed one stays right: it is
made in quiet moments, kept on disk, and a fifth smaller than what can be had on the fly.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import brotli
import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ita.config import PROJECT
from ita.tables import write_file
from ita.web.streamlit_internals import STATIC_FOLDER

PACKED = PROJECT / "data" / "local" / "assets"
MIN_BYTES = 1_000
QUIET_SECONDS = 3.0
"""No visitor waits while we pack."""
_ASSET = re.compile(r"/static/((js|css)/[\w-]+\.[\w-]+\.(?:js|css))$")
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
FOREVER = "public, immutable, max-age=31536000"


def _assets(source: Path) -> Iterator[str]:
    for file in source.glob("*/*"):
        if file.suffix.lstrip(".") in _TYPES and file.stat().st_size >= MIN_BYTES:
            yield f"{file.parent.name}/{file.name}"


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
        self._known = frozenset(_assets(source))  # else whoever asks for nonsense fills our memory
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
