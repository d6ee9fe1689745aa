"""Derived figures: published totals by the weights of the year, and the rollup."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from ita.domain import TOTAL, Instrument, Part
from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.reference import Reference
from ita.scores.totals import has_mismatch
from ita.store import Cursor
from ita.store.rollup import find_rollup_errors

_BATCH_SIZE = 50_000


def check_totals(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    disagreements = [
        f"{agency} {year} {part}"
        for (agency, year), values in _scores_by_year(cursor)
        if reference.knows(year)
        for part in (TOTAL, *Instrument)
        if has_mismatch(values, reference.rules(year), part)
    ]
    yield from make_findings(FindingKind.TOTAL_DIFFERS, disagreements)


def check_rollup(cursor: Cursor) -> Iterator[IntegrityFinding]:
    errors = (f"{agency} {year}/{quarter}" for agency, year, quarter in find_rollup_errors(cursor))
    yield from make_findings(FindingKind.SUMS_DIFFER, errors)


def _scores_by_year(cursor: Cursor) -> Iterator[tuple[tuple[str, int], dict[Part, Decimal]]]:
    """(agency, year) → part → score, one year of one agency after the other."""
    cursor.execute(
        "SELECT agency_id, fiscal_year, part, value FROM score ORDER BY agency_id, fiscal_year"
    )
    rows = (row for rows in iter(lambda: cursor.fetchmany(_BATCH_SIZE), []) for row in rows)
    for key, year_rows in groupby(rows, key=_agency_and_year):
        yield key, {part: value for _, _, part, value in year_rows}


def _agency_and_year(row: tuple[Any, ...]) -> tuple[str, int]:
    return row[0], row[1]
