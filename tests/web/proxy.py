"""A reverse proxy of our own: passes bytes on both ways, and says so in the headers as proxies do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def proxied(port: int) -> Iterator[str]:
    """The address of a proxy before a server on this machine, while the block runs."""
    listening = socket.create_server(("127.0.0.1", 0))
    ours = int(listening.getsockname()[1])
    threading.Thread(target=_accept, args=(listening, port), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{ours}"
    finally:
        listening.close()


def _accept(listening: socket.socket, port: int) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_serve, args=(client, port), daemon=True).start()


def _serve(client: socket.socket, port: int) -> None:
    """One connection: the first request's head gets the proxy's headers; keep-alive is switched off,
    so that there is only one."""
    with suppress(OSError), client, socket.create_connection(("127.0.0.1", port)) as server:
        head = b""
        while b"\r\n\r\n" not in head:
            part = client.recv(65_536)
            if not part:
                return
            head += part
        first, rest = head.split(b"\r\n", 1)
        said = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n"
        if b"upgrade: websocket" not in rest.lower():
            rest = rest.replace(b"Connection: keep-alive\r\n", b"")
            said += b"Connection: close\r\n"
        server.sendall(first + b"\r\n" + said + rest)
        back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        back.start()
        _pass_on(client, server)
        back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
