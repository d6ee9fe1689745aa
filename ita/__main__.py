"""The command line: python -m ita …

Exit codes: 0 done, 1 refused because of the data (nothing stored), 2 wrong call, 3 the store can't
be used now. With --json, standard output is one JSON document and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from ita.auth.permissions import NotAllowed
from ita.cli.output import DISK_FULL_ERRNOS
from ita.cli.parser import argument_parser
from ita.cli.session import (
    DONE,
    REFUSED,
    STORE_UNAVAILABLE,
    USAGE_ERROR,
    CliSession,
    CommandRefused,
    DiskFull,
    UsageError,
)
from ita.config import Settings, current_settings
from ita.i18n import _, set_language
from ita.reference import ReferenceFault
from ita.store.unavailable import StoreUnavailable, Trouble


def _fail(as_json: bool, code: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    if as_json:
        print(json.dumps({"error": {"exit": code, "message": sentence}}, ensure_ascii=False))
    return code


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one call and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles still open in cp874 or cp437; Thai and arrows must not end in a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    settings = current_settings()
    set_language(settings.language)
    given = sys.argv[1:] if words is None else list(words)
    try:
        code = _carried_out(given, settings)
        if sys.stdout is not None:  # as it is where somebody closed it
            sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read us has seen enough
        _say_no_more()
        return DONE
    except KeyboardInterrupt:
        told = _("หยุดแล้ว ดูได้ด้วยคำสั่ง history ว่าบันทึกไปก่อนหยุดหรือไม่")
        print(told, file=sys.stderr)
        return INTERRUPTED
    except OSError as fault:
        if fault.errno not in DISK_FULL_ERRNOS:
            raise
        _say_no_more()
        told = _("ดิสก์เต็ม เขียนคำตอบออกไม่ได้ งานอาจเสร็จแล้ว กรุณาเพิ่มที่ว่าง แล้วดูด้วยคำสั่ง history")
        print(told, file=sys.stderr)
        return STORE_UNAVAILABLE


INTERRUPTED = 130
"""As shells know it: 128 and the number of the signal."""


def _say_no_more() -> None:
    """What Python still holds for a reader who is gone must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _carried_out(given: Sequence[str], settings: Settings) -> int:
    as_json = "--json" in given
    try:
        arguments = argument_parser().parse_args(given)
        with CliSession(arguments, settings) as session:
            return int(arguments.run(session))
    except UsageError as fault:
        return _fail(as_json, USAGE_ERROR, str(fault))
    except (CommandRefused, NotAllowed, ReferenceFault) as fault:
        return _fail(as_json, REFUSED, str(fault))
    except (StoreUnavailable, DiskFull) as fault:
        return _fail(as_json, STORE_UNAVAILABLE, str(fault))
    except MemoryError:
        told = str(StoreUnavailable(Trouble.OUT_OF_MEMORY, settings.database))
        return _fail(as_json, STORE_UNAVAILABLE, told)


def _read_names_as_utf_8() -> None:
    """Start again where the machine's locale would make nonsense of Thai names of files."""
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


if __name__ == "__main__":
    _read_names_as_utf_8()
    sys.exit(main())
