"""Stored spellings of the same province or type of agencies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ita.store.schema import Cursor

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
