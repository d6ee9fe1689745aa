"""Files given out: whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from ita.commands.exits import DONE, WrongCall
from ita.commands.session import Session
from ita.spreadsheet import whole_file
from ita.wording import say


def write(session: Session, content: bytes) -> int:
    return write_by(session, lambda stream: stream.write(content))


def write_by(session: Session, make: Callable[[IO[bytes]], object]) -> int:
    """Write the file that was asked for, whole or not at all."""
    place = Path(session.arguments.out)
    try:
        with whole_file(place) as stream:
            make(stream)
    except (OSError, ValueError):  # a path without a file name is a ValueError
        raise WrongCall(
            say("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=place)
        ) from None
    session.say(say("เขียนแฟ้ม {file} แล้ว", file=place))
    return DONE
