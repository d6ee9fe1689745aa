"""Runs what the goals name and prints the tables: the goals, then every figure. Nothing is
asserted.

`python -m benchmarks files exports` runs some parts; `--all` measures figures beside the goals too,
which takes twice as long; `--write` also writes docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks import performance
from benchmarks.browser import measure_browser
from benchmarks.documents import measure_documents
from benchmarks.exports import measure_exports
from benchmarks.fairness import measure_fairness
from benchmarks.files import measure_files
from benchmarks.goals import HEAD, goal_rows
from benchmarks.growth import Growth, measure_growth
from benchmarks.load import measure_load
from benchmarks.nation import nation as make_nation
from benchmarks.nation import store_of
from benchmarks.national import measure_national
from benchmarks.rounds import LEAST_IDLE, Missing, Row, aligned, notes, table
from benchmarks.screens import measure_screens
from benchmarks.testing import measure_tests
from ita.config import PROJECT

PARTS = (
    "screens",
    "browser",
    "load",
    "files",
    "documents",
    "exports",
    "growth",
    "national",
    "tests",
    "fairness",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--all", action="store_true", help="figures too that no goal names")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.part) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}")
    if asked.write and asked.part:
        parser.error("--write wants every part")
    started = time.perf_counter()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with tempfile.TemporaryDirectory(prefix="ita-bench-", ignore_cleanup_errors=True) as name:
        lines, growth = _measured(Path(name), asked.part or PARTS)
    seconds = time.perf_counter() - started
    print(aligned([(line[1], line[0], *line[2:]) for line in (HEAD, *goal_rows(lines))]))
    print(f"\n{performance.summary(lines)}\n\n{table(lines)}")
    print(
        f"\nMedians; the ratio is taken in each round, both sides in turn. (n*): rounds that began on "
        f"a machine less than {LEAST_IDLE:.0%} idle. Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {seconds:.0f} s.\n"
    )
    print(notes(lines))
    if asked.write:
        performance.write(PROJECT / "docs", lines, growth, seconds)


def _measured(folder: Path, wanted: Sequence[str]) -> tuple[list[Row | Missing], Growth]:
    nation = make_nation()
    (folder / "agencies.csv").write_bytes(nation.agencies)
    (folder / "figures.csv").write_bytes(nation.figures)
    store = folder / "nation.duckdb"
    store_of(nation, store)
    growth: Growth = {}

    def growing() -> list[Row | Missing]:
        lines, found = measure_growth(folder, nation, store)
        growth.update(found)
        return lines

    parts: dict[str, Callable[[], list[Row | Missing]]] = {
        "screens": partial(measure_screens, folder, nation, store),
        "browser": partial(measure_browser, folder, nation, store),
        "load": partial(measure_load, folder, store),
        "files": partial(measure_files, folder),
        "documents": measure_documents,
        "exports": partial(measure_exports, folder),
        "growth": growing,
        "national": partial(measure_national, folder, store),
        "tests": measure_tests,
        "fairness": partial(measure_fairness, folder),
    }
    return [line for name in wanted for line in whole(name, parts[name])], growth


def whole(name: str, measure: Callable[[], list[Row | Missing]]) -> list[Row | Missing]:
    """The lines of a part; what breaks in it is told in its line, and the others are measured still."""
    started = time.perf_counter()
    try:
        return measure()
    except Exception as fault:
        traceback.print_exc()
        return [Missing(name, f"{type(fault).__name__}: {fault}".splitlines()[0])]
    finally:
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
