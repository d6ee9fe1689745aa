"""Bodies while they come in: stalls, trickles and uploads that are not one part."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator

import pytest
from starlette.types import Message, Receive

from ita.config import Bounds
from ita.web.uploads import (
    PART_HEADER_BYTES,
    BodyRefused,
    boundary_of,
    receive_in_time,
    receive_one_part,
)

HEAD = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
END = b"\r\n--b--\r\n"


def receiving(parts: Iterable[bytes], pause: float = 0.0) -> Receive:
    parts = list(parts)
    messages: Iterator[Message] = (
        {"type": "http.request", "body": part, "more_body": n < len(parts) - 1}
        for n, part in enumerate(parts)
    )

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return next(messages)

    return receive


async def all_of(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            return body


def read(make: Callable[[], Receive]) -> bytes:
    async def reading() -> bytes:
        return await all_of(make())

    return asyncio.run(reading())


def pieces(body: bytes, seed: int) -> list[bytes]:
    dice, found = random.Random(seed), []
    while body:
        size = dice.randrange(1, 40)
        found.append(body[:size])
        body = body[size:]
    return found


@pytest.mark.parametrize("seed", range(20))
def test_one_part_comes_through_however_it_is_cut(seed: int) -> None:
    body = HEAD + random.Random(seed).randbytes(900).replace(b"--b", b"---") + END
    assert read(lambda: receive_one_part(receiving(pieces(body, seed)), b"b")) == body


@pytest.mark.parametrize("seed", range(20))
def test_a_second_part_is_refused_however_it_is_cut(seed: int) -> None:
    body = (HEAD + b"a,b\r\n") * 2 + END
    with pytest.raises(BodyRefused) as refused:
        read(lambda: receive_one_part(receiving(pieces(body, seed)), b"b"))
    assert (refused.value.reason, refused.value.status) == ("upload-shape", 400)


def test_a_header_without_an_end_is_refused_before_a_part_of_it_is_read() -> None:
    body = b"--b\r\nX: " + b"y" * PART_HEADER_BYTES
    with pytest.raises(BodyRefused):
        read(lambda: receive_one_part(receiving([body, b"z" * 1_000_000]), b"b"))
    with pytest.raises(BodyRefused):
        read(lambda: receive_one_part(receiving(pieces(body, 1)), b"b"))


def test_a_stall_ends() -> None:
    async def stalled() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    with pytest.raises(BodyRefused) as refused:
        asyncio.run(_once(receive_in_time(stalled, Bounds(body_seconds=0))))
    assert (refused.value.reason, refused.value.status) == ("body-slow", 408)


async def _once(receive: Callable[[], Awaitable[Message]]) -> Message:
    return await receive()


@pytest.mark.parametrize(
    ("size", "is_taken"),
    [(8 * 1024, True), (4 * 1024, False), (1, False)],
)
def test_a_trickle_ends_where_it_falls_behind(size: int, is_taken: bool) -> None:
    """A part a second, of which the bounds want eight kilobytes."""
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 1
        return now

    bounds = Bounds(body_seconds=30, least_kb_second=8)
    parts = [b"x" * size] * 90
    if is_taken:
        assert len(read(lambda: receive_in_time(receiving(parts), bounds, clock))) == 90 * size
    else:
        with pytest.raises(BodyRefused):
            read(lambda: receive_in_time(receiving(parts), bounds, clock))


def test_who_waits_for_an_answer_may_wait() -> None:
    """After the body only the end of the connection comes, maybe never."""

    async def asked() -> Message:
        receive = receive_in_time(receiving([b"all", b"gone"], pause=0.02), Bounds(body_seconds=1))
        await receive()
        return await receive()

    assert asyncio.run(asked())["body"] == b"gone"


@pytest.mark.parametrize(
    ("kind", "boundary"),
    [
        ("multipart/form-data; boundary=b", b"b"),
        ('multipart/form-data; boundary="b c"', b"b c"),
        ("multipart/form-data", None),
        ("multipart/form-data; boundary=" + "b" * 71, None),
        ("multipart/mixed; boundary=b", None),
        ("text/csv", None),
        ("", None),
    ],
)
def test_what_stands_between_parts(kind: str, boundary: bytes | None) -> None:
    scope = {"type": "http", "headers": [(b"content-type", kind.encode())]}
    assert boundary_of(scope) == boundary
