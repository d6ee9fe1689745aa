"""Output files, written whole or not at all."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ita.cli.exits import DONE, DiskFull, UsageError
from ita.cli.session import CliSession
from ita.i18n import _
from ita.tables import atomic_file

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_bytes(session: CliSession, content: bytes) -> int:
    return write_output(session, lambda stream: stream.write(content))


def write_output(
    session: CliSession, write_content: Callable[[IO[bytes]], object], path: Path | None = None
) -> int:
    """Write the output file, `--out` unless another path is given, whole or not at all.

    Raises:
        DiskFull, UsageError: it can't be written; says why.
    """
    path = path or Path(session.arguments.out)
    try:
        with atomic_file(path) as stream:
            write_content(stream)
    except (OSError, ValueError) as fault:  # a path without a file name is a ValueError
        if isinstance(fault, OSError) and fault.errno in DISK_FULL_ERRNOS:
            raise DiskFull(
                _("ดิสก์เต็ม เขียนแฟ้ม {file} ไม่ได้ กรุณาเพิ่มที่ว่างแล้วลองใหม่", file=path)
            ) from None
        raise UsageError(_("เขียนแฟ้ม {file} ไม่ได้ กรุณาตรวจโฟลเดอร์และสิทธิ์การเขียน", file=path)) from None
    session.print_message(_("เขียนแฟ้ม {file} แล้ว", file=path))
    return DONE
