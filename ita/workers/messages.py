"""How the server and its worker process speak: pickled values in frames, large parts beside them.

A frame is a head (its kind, the number of parts, the length of each) and the parts: the pickle first,
then the buffers that it leaves out, such as bytes and the columns of Arrow tables.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import IO, Any

_HEAD = struct.Struct("!BI")
_LENGTH = struct.Struct("!Q")
MAX_PARTS = 100_000
WRITTEN_AT_ONCE = 1024 * 1024


class Frame(IntEnum):
    """What a frame holds; a job is all that the server sends."""

    JOB = 0
    PROGRESS = 1
    RESULT = 2
    FAULT = 3
    NO_MEMORY = 4
    TOO_LARGE = 5


class FrameTooLarge(Exception):
    """More bytes than the receiver takes."""


FramePart = bytes | bytearray | memoryview


def packed(value: object) -> list[FramePart]:
    """A value as the parts of a frame; its buffers are not copied."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return [head, *(buffer.raw() for buffer in buffers)]


def unpacked(parts: Sequence[FramePart]) -> Any:
    # Of our own process, which runs our own code.
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301


class Beside:
    """Bytes that a frame carries beside its pickle, without a copy; they come out as plain bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __reduce_ex__(self, protocol: Any) -> tuple[Callable[[FramePart], bytes], tuple[object]]:
        return _as_bytes, (pickle.PickleBuffer(self.content),)


def _as_bytes(part: FramePart) -> bytes:
    if isinstance(part, memoryview) and isinstance(part.obj, bytes):
        return part.obj
    return bytes(part)


def write_frame(stream: IO[bytes], kind: Frame, parts: Sequence[FramePart]) -> None:
    """
    Raises:
        OSError: nobody reads any more.
    """
    lengths = b"".join(_LENGTH.pack(len(part)) for part in parts)
    stream.write(_HEAD.pack(kind, len(parts)) + lengths)
    for part in parts:
        view = memoryview(part)
        for start in range(0, len(view), WRITTEN_AT_ONCE):
            stream.write(view[start : start + WRITTEN_AT_ONCE])
    stream.flush()


def read_frame(stream: IO[bytes], most: int) -> tuple[Frame, list[FramePart]]:
    """most: bytes of all its parts.

    Raises:
        EOFError: the other side is gone.
        FrameTooLarge: it says that more bytes will come.
    """
    kind, count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if count > MAX_PARTS:
        raise FrameTooLarge
    lengths = [_LENGTH.unpack(_exactly(stream, _LENGTH.size))[0] for _ in range(count)]
    if sum(lengths) > most:
        raise FrameTooLarge
    return Frame(kind), [_exactly(stream, length) for length in lengths]


def _exactly(stream: IO[bytes], length: int) -> bytes:
    """
    Raises:
        EOFError: fewer came.
    """
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found
