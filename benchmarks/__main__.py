"""Runs everything and prints the table; takes a few minutes. Figures only, nothing is asserted."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.files import measure_files
from benchmarks.rounds import LEAST_IDLE, notes, table
from benchmarks.screens import measure_screens


def main() -> None:
    started = time.perf_counter()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with tempfile.TemporaryDirectory(prefix="ita-bench-", ignore_cleanup_errors=True) as name:
        lines = measure_screens(Path(name)) + measure_files(Path(name))
    print(table(lines))
    print(
        f"\nMedians; the ratio is taken in each round, both sides in turn. (n*): rounds that began on "
        f"a machine less than {LEAST_IDLE:.0%} idle. Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {time.perf_counter() - started:.0f} s.\n"
    )
    print(notes(lines))


if __name__ == "__main__":
    main()
