"""Runs everything and prints one table; an hour or more. `make torture`, or a part of it:

python -m tests.torture [kills] [faults] [doors] [small] [together] [mutants] [--seed S] [--share 0.1]
python -m tests.torture mutants --seed S --only N      one file again, with its trace
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb

from tests.torture.breaking import broken
from tests.torture.doors import guarded
from tests.torture.kills import killed
from tests.torture.mutants import mutant, mutated, try_out
from tests.torture.small import attacked
from tests.torture.tally import Tally, table
from tests.torture.together import met

FILES, FAULTS_EACH, ROUNDS = 100_000, 40, 10

PARTS: dict[str, Callable[[Path, int, float], Iterator[Tally]]] = {
    "kills": killed,
    "faults": lambda folder, seed, share: broken(folder, seed, _part(FAULTS_EACH, share)),
    "doors": guarded,
    "small": attacked,
    "together": lambda folder, seed, share: met(folder, seed, _part(ROUNDS, share)),
    "mutants": lambda folder, seed, share: mutated(
        seed, _part(FILES, share), max(1, os.cpu_count() or 1)
    ),
}


def _part(full: int, share: float) -> int:
    return max(1, round(full * share))


def main() -> int:
    given = _arguments()
    if given.only is not None:
        return _again(given.seed, given.only)
    begun, found = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="ita-torture-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        for part in given.parts or PARTS:
            for tally in PARTS[part](Path(name) / part, given.seed, given.share):
                print(
                    f"{tally.what}: {tally.tried:,}, wrong {tally.wrong} {tally.note}",
                    file=sys.stderr,
                )
                found.append(tally)
    print(table(found))
    print(
        f"\n{datetime.now():%Y-%m-%d %H:%M}, seed {given.seed}, {time.monotonic() - begun:,.0f} s; "
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}."
    )
    return int(any(tally.wrong for tally in found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", default=[])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--share", type=float, default=1.0, help="of the full numbers")
    parser.add_argument("--only", type=int, help="one mutated file")
    return parser.parse_args()


def _again(seed: int, number: int) -> int:
    one = mutant(seed, number)
    fate = try_out(one)
    print(f"{one.seed.name} as {one.kind}, {one.name}: {', '.join(one.changes)}")
    print(one.content[:500])
    print(f"{fate.how} in {fate.seconds:.2f} s\n{fate.trace}")
    return int(bool(fate.trace))


if __name__ == "__main__":
    sys.exit(main())
