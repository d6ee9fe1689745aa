"""Files given out: whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ita.commands.exits import DONE, DiskFull, WrongCall
from ita.commands.session import Session
from ita.spreadsheet import whole_file
from ita.wording import say

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def write(session: Session, content: bytes) -> int:
    return write_by(session, lambda stream: stream.write(content))


def write_by(
    session: Session, make: Callable[[IO[bytes]], object], place: Path | None = None
) -> int:
    """Write the file that was asked for, `--out` unless another is named, whole or not at all.

    Raises:
        DiskFull, WrongCall: it can't be written; says why.
    """
    place = place or Path(session.arguments.out)
    try:
        with whole_file(place) as stream:
            make(stream)
    except (OSError, ValueError) as fault:  # a path without a file name is a ValueError
        if isinstance(fault, OSError) and fault.errno in NO_ROOM:
            raise DiskFull(
                say("ดิสก์เต็ม เขียนแฟ้ม {file} ไม่ได้ กรุณาเพิ่มที่ว่างแล้วลองใหม่", file=place)
            ) from None
        raise WrongCall(
            say("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=place)
        ) from None
    session.say(say("เขียนแฟ้ม {file} แล้ว", file=place))
    return DONE
