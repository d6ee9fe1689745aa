"""How the same province or type of agencies is spelled in what is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ita.store.schema import Cursor

OneSpelling: TypeAlias = Callable[[str], str | None]
"""Gives the one spelling of a text, None where it is not known."""


def group_conditions(
    cursor: Cursor,
    agency_type: str,
    province: str,
    type_spelling: OneSpelling,
    province_spelling: OneSpelling,
) -> tuple[list[str], dict[str, list[str]]]:
    """What a row of `agency AS a` must fulfil to be of a group, and the values bound in it.

    Args:
        agency_type, province: of the group in their one spelling; "" = whatever it is.
    """
    conditions: list[str] = []
    values: dict[str, list[str]] = {}
    for column, kept, spelling in (
        ("agency_type", agency_type, type_spelling),
        ("province", province, province_spelling),
    ):
        if kept:
            conditions.append(f"a.{column} = ANY(${column})")
            values[column] = _stored_spellings(cursor, column, kept, spelling)
    return conditions, values


def _stored_spellings(cursor: Cursor, column: str, kept: str, spelling: OneSpelling) -> list[str]:
    """Every text of a column of agencies that stands for the one spelling, that itself included."""
    rows = cursor.execute(
        f"SELECT DISTINCT {column} FROM agency WHERE {column} IS NOT NULL ORDER BY {column}"
    ).fetchall()
    same = [text for (text,) in rows if text != kept and spelling(text) == kept]
    return [kept, *same]
