"""Runs everything and prints the table; takes a few minutes. Figures only, nothing is asserted."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.browser import measure_browser
from benchmarks.documents import measure_documents
from benchmarks.exports import measure_exports
from benchmarks.files import measure_files
from benchmarks.nation import nation as make_nation
from benchmarks.nation import store_of
from benchmarks.rounds import LEAST_IDLE, Missing, Row, notes, table
from benchmarks.screens import measure_screens


def main() -> None:
    started = time.perf_counter()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with tempfile.TemporaryDirectory(prefix="ita-bench-", ignore_cleanup_errors=True) as name:
        lines = _all(Path(name))
    print(table(lines))
    print(
        f"\nMedians; the ratio is taken in each round, both sides in turn. (n*): rounds that began on "
        f"a machine less than {LEAST_IDLE:.0%} idle. Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {time.perf_counter() - started:.0f} s.\n"
    )
    print(notes(lines))


def _all(folder: Path) -> list[Row | Missing]:
    nation = make_nation()
    (folder / "agencies.csv").write_bytes(nation.agencies)
    (folder / "scores.csv").write_bytes(nation.scores)
    store = folder / "nation.duckdb"
    store_of(nation, store)
    return [
        *measure_screens(folder, nation, store),
        *measure_browser(folder, nation, store),
        *measure_files(folder),
        *measure_documents(),
        *measure_exports(folder),
    ]


if __name__ == "__main__":
    main()
