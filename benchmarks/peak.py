"""A process of its own that checks one file: prints how many problems and by how many bytes it grew."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.files import SETTINGS, request_for
from ita.imports.validation.rows import validate
from ita.reference import load_reference
from ita.store import open_store


def status(field: str) -> int:
    """Bytes that the kernel counts for this process: VmRSS, VmHWM."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def main(file: Path, folder: Path) -> None:
    reference = load_reference(SETTINGS.reference)
    with open_store(folder / "store.duckdb") as store, store.reading() as cursor:
        before = status("VmRSS")
        found = validate(request_for(file.read_bytes()), cursor, reference, SETTINGS.limits)
        print(len(found.problems), status("VmHWM") - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
