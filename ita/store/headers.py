"""Users' mappings of unknown headers to columns, stored for the next file of the same kind."""

from __future__ import annotations

from collections.abc import Mapping

from ita.store import Cursor


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
