"""Streamlit's glance at a file before the download is answered without the file.

A click on a download asks for the file twice: a script of the page looks whether the address answers
and never reads what comes, then the browser fetches it. What nobody reads holds a connection, and a
browser has six for us: after five large files of one visit no further one came.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ita.web.places import MEDIA, below_root
from ita.web.requests import header


class DownloadProbe:
    """ASGI middleware around Streamlit, inside of what compresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_glance(scope):
            await self._app(scope, receive, _without_body(send))
        else:
            await self._app(scope, receive, send)


def _is_glance(scope: Scope) -> bool:
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
