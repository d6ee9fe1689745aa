"""What reading a file costs: `python -m tests.faulty.measure [NAME …]`, a process for each file.

Prints a line of JSON a file: seconds of the processor, memory above rest in MB, and the problems.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ita.imports import datasets, saving
from ita.imports.readers import sheets, workbooks
from ita.store import open_memory_store
from tests.faulty.bombs import BOMBS
from tests.imports.bringing import two_agencies

MOST_MEMORY = 6 * 1024**3
MOST_SECONDS = 25
WARM = (datasets, sheets, saving, workbooks)


def _peak() -> int:
    """Most memory that this process had so far, in kB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def _read(name: str, content: bytes) -> dict[str, Any]:
    """A file checked as the command line does it, in a store of its own. The time of the file's own
    bytes counts, and their memory."""
    from tests.imports.bringing import take

    bomb = BOMBS[name]
    with open_memory_store() as store:
        two_agencies(store)
        take(store, "scores", "fiscal_year,agency,total\n2567,A,80\n", dry_run=True)
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        rest, begin = _peak() - len(content) // 1024, time.process_time()
        outcome = take(store, "scores", content, bomb.file_name, dry_run=True)
        return {
            "seconds": round(time.process_time() - begin, 2),
            "megabytes": round((_peak() - rest) / 1024),
            "accepted": outcome.accepted,
            "problems": sorted({problem.kind.value for problem in outcome.problems}),
            "message": outcome.problems[0].message()[:300] if outcome.problems else "",
        }


def measured(name: str) -> dict[str, Any]:
    """What reading one of BOMBS costs, in a forked process."""
    content = BOMBS[name].content()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        answer: dict[str, Any] = {}
        try:
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
            answer = _read(name, content)
        except BaseException as fault:
            answer = {"failed": f"{type(fault).__name__}: {str(fault)[:200]}"}
        finally:
            os.write(theirs, json.dumps(answer, ensure_ascii=False).encode())
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        told = pipe.read()
    _, status, usage = os.wait4(child, 0)
    answer = (
        json.loads(told) if told else {"failed": f"ended by {status}, {usage.ru_maxrss // 1024} MB"}
    )
    return {"name": name, "bytes": len(content), **answer}


def measurements(names: Sequence[str]) -> Iterator[dict[str, Any]]:
    yield from map(measured, names)


if __name__ == "__main__":
    for found in measurements(sys.argv[1:] or list(BOMBS)):
        print(json.dumps(found, ensure_ascii=False), flush=True)
