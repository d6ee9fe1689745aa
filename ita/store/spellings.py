"""How the same province or type of agencies is spelled in what is stored."""

from __future__ import annotations

from collections.abc import Callable

from ita.store.schema import Cursor


def stored_spellings(
    cursor: Cursor, column: str, kept: str, spell: Callable[[str], str | None]
) -> list[str]:
    """Every text of a column of agencies that stands for the one spelling, that itself included.

    Args:
        column: `province` or `agency_type`.
        spell: gives the one spelling of a text, None where it is not known.
    """
    rows = cursor.execute(
        f"SELECT DISTINCT {column} FROM agency WHERE {column} IS NOT NULL ORDER BY {column}"
    ).fetchall()
    same = [text for (text,) in rows if text != kept and spell(text) == kept]
    return [kept, *same]
