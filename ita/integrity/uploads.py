"""The stored uploads: each there, and unchanged to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ita.integrity.findings import FindingKind, IntegrityFinding, make_findings
from ita.store import Cursor
from ita.store.changes import decompress_upload


def check_uploads(cursor: Cursor) -> Iterator[IntegrityFinding]:
    missing = cursor.execute(
        "SELECT b.batch_id, b.file_name FROM batch AS b LEFT JOIN upload AS u "
        "ON u.file_hash = b.file_hash WHERE b.file_hash IS NOT NULL AND u.file_hash IS NULL "
        "ORDER BY b.batch_id"
    ).fetchall()
    yield from make_findings(
        FindingKind.UPLOAD_MISSING, [f"{batch} {name}" for batch, name in missing]
    )
    yield from make_findings(FindingKind.UPLOAD_CHANGED, _changed_uploads(cursor))
    orphaned = cursor.execute(
        "SELECT u.file_hash FROM upload AS u LEFT JOIN batch AS b ON b.file_hash = u.file_hash "
        "WHERE b.batch_id IS NULL ORDER BY u.file_hash"
    ).fetchall()
    yield from make_findings(FindingKind.UPLOAD_OF_NO_BATCH, [digest for (digest,) in orphaned])


def _changed_uploads(cursor: Cursor) -> Iterator[str]:
    digests = cursor.execute("SELECT file_hash FROM upload ORDER BY file_hash").fetchall()
    for (digest,) in digests:  # one at a time: a file may be large
        row = cursor.execute(
            "SELECT content, codec FROM upload WHERE file_hash = $digest", {"digest": digest}
        ).fetchone()
        if row is None or not _is_unchanged(digest, *row):
            yield digest


def _is_unchanged(digest: str, content: bytes, codec: str | None) -> bool:
    try:
        return hashlib.sha256(decompress_upload(content, codec)).hexdigest() == digest
    except (OSError, ValueError):  # it can't be unpacked
        return False
