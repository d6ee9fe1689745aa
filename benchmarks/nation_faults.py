"""The nation's scores with one row in a hundred spoilt, and what must be said of each.

`python -m benchmarks.nation_faults [--agencies N]` checks such a file and tells time and memory.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.nation import AGENCIES, Nation, nation
from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.repairs import grouped, problems_csv, problems_xlsx
from ita.imports.saving import import_file
from ita.imports.validation.rows import validate
from ita.reference import load_reference
from ita.store import open_memory_store

SHARE = 0.01
YEAR_AT, AGENCY_AT, IIT_AT, TOTAL_AT, FIRST_INDICATOR, LAST_INDICATOR, LEVEL_AT = (
    0,
    1,
    2,
    5,
    6,
    15,
    16,
)
Row = list[str]


@dataclass(frozen=True)
class FaultyNation:
    """scores: CSV as bytes. planted: line and kind of every problem in it, and no other."""

    scores: bytes
    planted: frozenset[tuple[int, ProblemKind]]


def faulty(found: Nation, share: float = SHARE, seed: int = 5) -> FaultyNation:
    """Same seed, same bytes. Only whole rows of the present model are spoilt, never two neighbours."""
    header, *rows = csv.reader(io.StringIO(found.scores.decode("utf-8-sig")))
    chance = np.random.default_rng(seed)
    whole = [place for place, row in enumerate(rows) if place % 2 and all(row)]
    count = min(len(whole), round(len(rows) * share))
    planted = set()
    for number, place in enumerate(sorted(chance.choice(whole, count, replace=False).tolist())):
        kind, spoil = _PLANTS[number % len(_PLANTS)]
        spoil(rows[place], rows[place - 1])
        planted.add((place + 2, kind))  # the header is line 1
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return FaultyNation(text.getvalue().encode("utf-8-sig"), frozenset(planted))


def _put(at: int, text: str) -> Callable[[Row, Row], None]:
    def spoil(row: Row, above: Row) -> None:
        row[at] = text

    return spoil


def _twice(row: Row, above: Row) -> None:
    row[YEAR_AT], row[AGENCY_AT] = above[YEAR_AT], above[AGENCY_AT]


def _other_total(row: Row, above: Row) -> None:
    """A total that its indicators don't make; without a level, which would differ too."""
    row[TOTAL_AT] = f"{float(row[TOTAL_AT]) / 2:.2f}"
    row[LEVEL_AT] = ""


_PLANTS: tuple[tuple[ProblemKind, Callable[[Row, Row], None]], ...] = (
    (ProblemKind.NOT_A_NUMBER, _put(TOTAL_AT, "แปดสิบ")),
    (ProblemKind.OUT_OF_RANGE, _put(FIRST_INDICATOR, "120")),
    (ProblemKind.UNKNOWN_AGENCY, _put(AGENCY_AT, "ไม่มีในระบบ")),
    (ProblemKind.UNKNOWN_YEAR, _put(YEAR_AT, "2599")),
    (ProblemKind.REQUIRED_VALUE, _put(YEAR_AT, "")),
    (ProblemKind.DUPLICATE_KEY, _twice),
    (ProblemKind.UNKNOWN_LEVEL, _put(LEVEL_AT, "ดีเหลือเกิน")),
    (ProblemKind.TOTAL_MISMATCH, _other_total),
    (ProblemKind.OUT_OF_RANGE, _put(LAST_INDICATOR, "-1")),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=AGENCIES)
    found = nation(parser.parse_args().agencies)
    spoilt = faulty(found)
    settings = Settings()
    reference = load_reference(settings.reference)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with open_memory_store() as store:
        agencies = ImportRequest(Dataset.AGENCIES, found.agencies, "agencies.csv")
        import_file(store, agencies, reference, settings.limits, machine_owner("bench"))
        started = time.perf_counter()
        with store.reading() as cursor:
            request = ImportRequest(Dataset.SCORES, spoilt.scores, "scores.csv")
            checked = validate(request, cursor, reference, settings.limits)
    seconds = time.perf_counter() - started
    told = {(problem.line, problem.kind) for problem in checked.problems}
    right = told == spoilt.planted and len(checked.problems) == len(spoilt.planted)
    print(
        f"{found.rows:,} rows, {len(checked.problems):,} problems in {seconds:.2f} s, exact: {right}"
    )
    print(Counter(kind.value for _, kind in spoilt.planted))
    for group in grouped(checked.problems):
        print(f"  {group.count:5} {group.kind.value}: {group.message[:70]}")
    for make in (problems_csv, problems_xlsx):
        started = time.perf_counter()
        size = len(make(checked)) / 1e6
        print(f"{make.__name__}: {size:.1f} MB in {time.perf_counter() - started:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory {before:.0f} → {peak:.0f} MB, file {len(spoilt.scores) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
