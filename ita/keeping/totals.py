"""What is made of other figures: published totals by the weights of the year, and kept sums."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from ita.keeping.findings import Finding, FindingKind, finding
from ita.reference import Reference
from ita.scores.totals import disagrees
from ita.store import Cursor
from ita.store.rollup import find_rollup_errors
from ita.vocabulary import TOTAL, Instrument, Part

_AT_ONCE = 50_000


def of_totals(cursor: Cursor, reference: Reference) -> Iterator[Finding]:
    found = [
        f"{agency} {year} {part}"
        for (agency, year), values in _years(cursor)
        if reference.knows(year)
        for part in (TOTAL, *Instrument)
        if disagrees(values, reference.rules(year), part)
    ]
    yield from finding(FindingKind.TOTAL_DIFFERS, found)


def of_sums(cursor: Cursor) -> Iterator[Finding]:
    found = (f"{agency} {year}/{quarter}" for agency, year, quarter in find_rollup_errors(cursor))
    yield from finding(FindingKind.SUMS_DIFFER, found)


def _years(cursor: Cursor) -> Iterator[tuple[tuple[str, int], dict[Part, Decimal]]]:
    """(agency, year) → part → score, one year of one agency after the other."""
    cursor.execute(
        "SELECT agency_id, fiscal_year, part, value FROM score ORDER BY agency_id, fiscal_year"
    )
    rows = (row for rows in iter(lambda: cursor.fetchmany(_AT_ONCE), []) for row in rows)
    for key, of_year in groupby(rows, key=_agency_and_year):
        yield key, {part: value for _, _, part, value in of_year}


def _agency_and_year(row: tuple[Any, ...]) -> tuple[str, int]:
    return row[0], row[1]
