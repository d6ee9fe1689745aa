"""Each row by itself, and its references to other rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ita.domain import TOTAL, Instrument
from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.reference import Reference
from ita.store import Cursor
from ita.store.changes import row_key_sql
from ita.store.references import find_orphans
from ita.store.tables import TABLES

_INSTRUMENT = f"instrument NOT IN ({', '.join(repr(str(i)) for i in Instrument)})"
_QUARTER = "NOT ({0} BETWEEN 1 AND 4)"

OUT_OF_RANGE = {
    "agency": ("agency_id = ''", "name_th = ''"),
    "score": ("value IS NULL OR NOT (value BETWEEN 0 AND 100)",),
    "annual_result": ("iit_respondents < 0", "eit_respondents < 0", "source IS NULL"),
    "measure": (
        _INSTRUMENT,
        "seq < 1",
        _QUARTER.format("start_quarter"),
        _QUARTER.format("end_quarter"),
        "measure IS NULL",
    ),
    "completion": (
        _INSTRUMENT,
        "seq < 1",
        _QUARTER.format("quarter"),
        "percent IS NULL OR NOT (percent BETWEEN 0 AND 100)",
    ),
    "narrative": (
        _INSTRUMENT,
        "type NOT IN ('result', 'outcome', 'period')",
        "seq < 0",
        "text IS NULL",
    ),
    "annotation": ("event IS NULL",),
}
"""Table → what no row of it may be. The engine holds most of it; this is asked of what is on disk."""

SCORE_TABLES = ("score", "annual_result")
MEASURE_TABLES = ("measure", "completion", "narrative")
# Work of a year starts before its rules are announced (docs/decisions.md).
MAX_YEARS_AHEAD = 2


def check_ranges(cursor: Cursor) -> Iterator[IntegrityFinding]:
    keys: list[str] = []
    for name, rules in OUT_OF_RANGE.items():
        keys += _matching_keys(cursor, name, " OR ".join(f"({rule})" for rule in rules))
    days = cursor.execute("SELECT agency_id, day FROM annotation").fetchall()
    keys += [f'annotation ["{agency}","{day}"]' for agency, day in days if not _is_day(day)]
    yield from make_findings(FindingKind.OUT_OF_RANGE, keys)


def _matching_keys(cursor: Cursor, table: str, rule: str) -> list[str]:
    rows = cursor.execute(
        f"SELECT {row_key_sql(TABLES[table], 't')} AS row_key FROM {table} AS t WHERE {rule} "
        "ORDER BY row_key"
    ).fetchall()
    return [f"{table} {key}" for (key,) in rows]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def check_years(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    known = [int(year) for year in reference.years]
    planned = range(min(known), max(known) + MAX_YEARS_AHEAD + 1)
    keys: list[str] = []
    for tables, years in ((SCORE_TABLES, known), (MEASURE_TABLES, planned)):
        rule = f"fiscal_year NOT IN ({', '.join(map(str, years))})"
        for table in tables:
            keys += _matching_keys(cursor, table, rule)
    yield from make_findings(FindingKind.UNKNOWN_YEAR, keys)


def check_parts(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    stored = cursor.execute(
        "SELECT DISTINCT fiscal_year, part FROM score ORDER BY fiscal_year, part"
    ).fetchall()
    unknown = [f"{year} {part}" for year, part in stored if not _has_part(reference, year, part)]
    yield from make_findings(FindingKind.UNKNOWN_PART, unknown)


def check_spellings(cursor: Cursor, reference: Reference) -> Iterator[IntegrityFinding]:
    """Provinces and types of agencies that an earlier version stored in other spellings."""
    old_spellings: list[str] = []
    for column, spell in (
        ("province", reference.province),
        ("agency_type", reference.agency_type),
    ):
        texts = cursor.execute(
            f"SELECT DISTINCT {column} FROM agency WHERE {column} IS NOT NULL ORDER BY {column}"
        ).fetchall()
        old_spellings += [
            f"{text} → {canonical}"
            for (text,) in texts
            if (canonical := spell(text) or text) != text
        ]
    yield from make_findings(FindingKind.OLD_SPELLING, old_spellings)


def _has_part(reference: Reference, year: int, part: str) -> bool:
    if not reference.knows(year):
        return True  # told as a year
    # Of a year whose indicators are not known, the import takes them as they come.
    indicators = reference.rules(year).indicators or reference.indicator_numbers()
    return part in (TOTAL, *Instrument, *indicators)


def check_references(cursor: Cursor) -> Iterator[IntegrityFinding]:
    orphans = list(find_orphans(cursor))
    for kind, parent in ((FindingKind.NO_AGENCY, "agency"), (FindingKind.NO_MEASURE, "measure")):
        yield from make_findings(
            kind, [f"{o.table} {o.row_key}" for o in orphans if o.parent == parent]
        )
