"""The server's sockets send at once.

Streamlit binds its socket without the protocol's number, so asyncio does not switch Nagle's
algorithm off, and a rerun's last small messages wait about 40 ms for the browser's receipt.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send


class SendAtOnce:
    """ASGI middleware: TCP_NODELAY on each connection.

    The outermost one, as uvicorn's own `receive` leads to the connection; under another server,
    or where there is no TCP, nothing happens.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is not None:
            with suppress(OSError, AttributeError):
                raw = transport.get_extra_info("socket")
                raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self._app(scope, receive, send)
