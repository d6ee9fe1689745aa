"""Agencies' own Word templates and crests for printed reports: a file for each look, by its name."""

from __future__ import annotations

from ita.store import Cursor


def look_names(cursor: Cursor, agency_id: str) -> dict[str, str]:
    """look → the name of its file, of an agency."""
    rows = cursor.execute(
        "SELECT look, file_name FROM agency_look WHERE agency_id = $agency_id ORDER BY look",
        {"agency_id": agency_id},
    ).fetchall()
    return dict(rows)


def look_contents(cursor: Cursor, agency_id: str) -> dict[str, bytes]:
    """look → the bytes of its file, of an agency."""
    rows = cursor.execute(
        "SELECT look, content FROM agency_look WHERE agency_id = $agency_id ORDER BY look",
        {"agency_id": agency_id},
    ).fetchall()
    return dict(rows)


def store_look(cursor: Cursor, agency_id: str, look: str, file_name: str, content: bytes) -> None:
    """Store a file, replacing the one before, inside the caller's transaction."""
    cursor.execute(
        "INSERT INTO agency_look VALUES ($agency_id, $look, $file_name, $content) "
        "ON CONFLICT (agency_id, look) DO UPDATE SET "
        "file_name = excluded.file_name, content = excluded.content",
        {"agency_id": agency_id, "look": look, "file_name": file_name, "content": content},
    )


def delete_look(cursor: Cursor, agency_id: str, look: str) -> None:
    """Delete a file, inside the caller's transaction."""
    cursor.execute(
        "DELETE FROM agency_look WHERE agency_id = $agency_id AND look = $look",
        {"agency_id": agency_id, "look": look},
    )
