"""Runs everything and prints the tables: the fifteen goals, then every figure. Nothing is asserted.

`python -m benchmarks --write` also writes docs/performance.md.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import performance
from benchmarks.browser import measure_browser
from benchmarks.documents import measure_documents
from benchmarks.exports import measure_exports
from benchmarks.files import measure_files
from benchmarks.goals import HEAD, fifteen
from benchmarks.growth import Growth, measure_growth
from benchmarks.load import measure_load
from benchmarks.nation import nation as make_nation
from benchmarks.nation import store_of
from benchmarks.rounds import LEAST_IDLE, Missing, Row, aligned, notes, table
from benchmarks.screens import measure_screens
from ita.settings import PROJECT


def main() -> None:
    started = time.perf_counter()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with tempfile.TemporaryDirectory(prefix="ita-bench-", ignore_cleanup_errors=True) as name:
        lines, growth = _all(Path(name))
    seconds = time.perf_counter() - started
    print(aligned([(line[1], line[0], *line[2:]) for line in (HEAD, *fifteen(lines))]))
    print(f"\n{performance.summary(lines)}\n\n{table(lines)}")
    print(
        f"\nMedians; the ratio is taken in each round, both sides in turn. (n*): rounds that began on "
        f"a machine less than {LEAST_IDLE:.0%} idle. Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {seconds:.0f} s.\n"
    )
    print(notes(lines))
    if "--write" in sys.argv[1:]:
        performance.write(PROJECT / "docs", lines, growth, seconds)


def _all(folder: Path) -> tuple[list[Row | Missing], Growth]:
    nation = make_nation()
    (folder / "agencies.csv").write_bytes(nation.agencies)
    (folder / "scores.csv").write_bytes(nation.scores)
    store = folder / "nation.duckdb"
    store_of(nation, store)
    growing, growth = measure_growth(folder, store)
    lines = [
        *measure_screens(folder, nation, store),
        *measure_browser(folder, nation, store),
        *measure_load(folder, store),
        *measure_files(folder),
        *measure_documents(),
        *measure_exports(folder),
        *growing,
    ]
    return lines, growth


if __name__ == "__main__":
    main()
