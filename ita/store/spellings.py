"""What people settled once and every later file goes by: spellings of provinces and types, meanings of headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ita.store.engine import Cursor

# Gives the canonical spelling of a text, None where it is not known.
CanonicalSpelling: TypeAlias = Callable[[str], str | None]


def group_conditions(
    cursor: Cursor,
    agency_type: str,
    province: str,
    type_spelling: CanonicalSpelling,
    province_spelling: CanonicalSpelling,
) -> tuple[list[str], dict[str, list[str]]]:
    """SQL conditions for a row of `agency AS a` to be in a group, and the values bound in them.

    Args:
        agency_type, province: of the group in their canonical spelling; "" = any.
    """
    conditions: list[str] = []
    values: dict[str, list[str]] = {}
    for column, canonical, spelling in (
        ("agency_type", agency_type, type_spelling),
        ("province", province, province_spelling),
    ):
        if canonical:
            conditions.append(f"a.{column} = ANY(${column})")
            values[column] = _stored_spellings(cursor, column, canonical, spelling)
    return conditions, values


def _stored_spellings(
    cursor: Cursor, column: str, canonical: str, spelling: CanonicalSpelling
) -> list[str]:
    """Every stored text of a column of agencies with that canonical spelling, itself included."""
    rows = cursor.execute(
        f"SELECT DISTINCT {column} FROM agency WHERE {column} IS NOT NULL ORDER BY {column}"
    ).fetchall()
    variants = [text for (text,) in rows if text != canonical and spelling(text) == canonical]
    return [canonical, *variants]


# Users' mappings of unknown headers to columns, stored for the next file of the same kind.


def header_meanings(cursor: Cursor, kind: str) -> dict[str, str]:
    """header → column name of a kind; "" = skip the column."""
    rows = cursor.execute(
        "SELECT header, column_name FROM header_meaning WHERE kind = $kind ORDER BY header",
        {"kind": kind},
    ).fetchall()
    return dict(rows)


def remember_headers(cursor: Cursor, kind: str, meanings: Mapping[str, str]) -> None:
    """Store or change header mappings, inside the caller's transaction."""
    for header, name in meanings.items():
        cursor.execute(
            "INSERT INTO header_meaning VALUES ($kind, $header, $name) "
            "ON CONFLICT (kind, header) DO UPDATE SET column_name = excluded.column_name",
            {"kind": kind, "header": header, "name": name},
        )


def forget_headers(cursor: Cursor, kind: str) -> None:
    """Delete the header mappings of a kind, inside the caller's transaction."""
    cursor.execute("DELETE FROM header_meaning WHERE kind = $kind", {"kind": kind})
