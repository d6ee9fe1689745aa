"""The body of a request while it comes in: in time, and an upload as the one part that a page sends.

Streamlit reads whatever comes for as long as it comes: one byte a minute, a hundred thousand parts,
a part whose header alone has a megabyte.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from python_multipart.multipart import parse_options_header
from starlette.types import Message, Receive, Scope

from ita.config import Bounds
from ita.web.requests import header

PART_HEADER_BYTES = 8 * 1024
"""The most that the header of an upload's part may have; a name of 255 letters takes some 2 kB."""

BOUNDARY_BYTES = 70
"""The most that RFC 2046 allows."""


class BodyRefused(OSError):
    """Why a body is not read on. An OSError, at which Starlette closes its temporary files."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


def in_time(
    receive: Receive, bounds: Bounds, clock: Callable[[], float] = time.monotonic
) -> Receive:
    """Receive a body that neither stalls nor trickles.

    Raises, out of what it returns:
        BodyRefused: nothing came for `body_seconds`, or all of it together too slowly.
    """
    begun, received, is_whole = clock(), 0, False

    async def receive_in_time() -> Message:
        nonlocal received, is_whole
        if is_whole:  # what comes now is that the visitor has gone
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), bounds.body_seconds)
        except TimeoutError:
            raise BodyRefused("body-slow", 408) from None
        received += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        due = (clock() - begun - bounds.body_seconds) * bounds.least_kb_second * 1024
        if not is_whole and received < due:
            raise BodyRefused("body-slow", 408)
        return message

    return receive_in_time


def boundary_of(scope: Scope) -> bytes | None:
    """What stands between the parts of an upload; None where it is no upload of a page."""
    kind, options = parse_options_header(header(scope, "content-type") or "")
    found = options.get(b"boundary", b"")
    return found if kind == b"multipart/form-data" and 0 < len(found) <= BOUNDARY_BYTES else None


def one_part(receive: Receive, boundary: bytes) -> Receive:
    """Receive an upload of one part with a header of a file's size.

    Raises, out of what it returns:
        BodyRefused: it has more parts, or a header without an end.
    """
    mark, marks, head, tail = b"--" + boundary, 0, b"", b""
    is_head = True

    async def receive_part() -> Message:
        nonlocal marks, head, tail, is_head
        message = await receive()
        body = message.get("body", b"")
        if is_head:
            head += body[: PART_HEADER_BYTES + 1 - len(head)]
            is_head = b"\r\n\r\n" not in head
            if is_head and len(head) > PART_HEADER_BYTES:
                raise BodyRefused("upload-shape", 400)
        looked = tail + body
        marks += looked.count(mark)
        tail = looked[len(looked) - len(mark) + 1 :] if len(mark) <= len(looked) else looked
        if marks > 2:
            raise BodyRefused("upload-shape", 400)
        return message

    return receive_part
