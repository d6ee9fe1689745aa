"""The command line: python -m ita …

Exit codes: 0 done, 1 refused because of the data (nothing stored), 2 wrong call, 3 the store can't
be used now. With --json, standard output is one JSON document and nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from ita.access.rules import NotAllowed
from ita.commands.exits import (
    DONE,
    REFUSED,
    STORE_UNAVAILABLE,
    WRONG_CALL,
    DiskFull,
    Refused,
    WrongCall,
)
from ita.commands.parser import argument_parser
from ita.commands.session import Session
from ita.reference import ReferenceFault
from ita.settings import current_settings
from ita.store.unavailable import StoreUnavailable, Trouble
from ita.wording import speak


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
    speak(settings.language)
    given = sys.argv[1:] if words is None else list(words)
    as_json = "--json" in given
    try:
        arguments = argument_parser().parse_args(given)
        with Session(arguments, settings) as session:
            code = int(arguments.run(session))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read us has seen enough; what Python still holds for them must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except WrongCall as fault:
        return _fail(as_json, WRONG_CALL, str(fault))
    except (Refused, NotAllowed, ReferenceFault) as fault:
        return _fail(as_json, REFUSED, str(fault))
    except (StoreUnavailable, DiskFull) as fault:
        return _fail(as_json, STORE_UNAVAILABLE, str(fault))
    except MemoryError:
        told = str(StoreUnavailable(Trouble.OUT_OF_MEMORY, settings.database))
        return _fail(as_json, STORE_UNAVAILABLE, told)


if __name__ == "__main__":
    sys.exit(main())
