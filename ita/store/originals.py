"""Originals: the documents that reports were read from, kept with the batches that brought the reports in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ita.store import Cursor, one_value
from ita.store.batches import effective_batches
from ita.store.changes import decompress_upload, file_hash, store_upload


@dataclass(frozen=True)
class OriginalFile:
    """A document as it came; of pasted text its UTF-8."""

    name: str
    content: bytes


@dataclass(frozen=True)
class ReportOriginal:
    """Where an original is kept: with which batch, of which agencies it reports, and under what name."""

    batch_id: int
    agencies: frozenset[str]
    file_name: str
    file_hash: str


def save_original(
    cursor: Cursor, batch_id: int, reports: Iterable[tuple[str, int]], file: OriginalFile
) -> None:
    """Keep a document with a batch inside the caller's transaction; its bytes once, however many name it.

    reports: agency and fiscal year of each report that the batch brought in.
    """
    digest = file_hash(file.content)
    known = "SELECT count(*) FROM upload WHERE file_hash = $file_hash"
    if not one_value(cursor, known, file_hash=digest):  # packing a large one again takes a while
        store_upload(cursor, digest, file.content)
    for agency_id, year in sorted(reports):
        cursor.execute(
            "INSERT INTO report_original "
            "VALUES ($batch_id, $agency_id, $fiscal_year, $file_name, $file_hash)",
            {
                "batch_id": batch_id,
                "agency_id": agency_id,
                "fiscal_year": year,
                "file_name": file.name,
                "file_hash": digest,
            },
        )


def original_of_report(cursor: Cursor, agency_id: str, year: int) -> ReportOriginal | None:
    """The newest original of a report whose batch is in effect; None where there is none."""
    rows = cursor.execute(
        "SELECT batch_id FROM report_original "
        "WHERE agency_id = $agency_id AND fiscal_year = $fiscal_year ORDER BY batch_id DESC",
        {"agency_id": agency_id, "fiscal_year": year},
    ).fetchall()
    if not rows:
        return None
    effective = effective_batches(cursor)
    newest = next((batch for (batch,) in rows if batch in effective), None)
    return None if newest is None else original_of_batch(cursor, newest)


def original_of_batch(cursor: Cursor, batch_id: int) -> ReportOriginal | None:
    """The original of a batch, undone or not; None where it has none."""
    rows = cursor.execute(
        "SELECT agency_id, file_name, file_hash FROM report_original WHERE batch_id = $batch_id",
        {"batch_id": batch_id},
    ).fetchall()
    if not rows:
        return None
    return ReportOriginal(batch_id, frozenset(row[0] for row in rows), *rows[0][1:])


def batches_with_originals(cursor: Cursor) -> tuple[int, ...]:
    """Of each document the first batch that it is kept with, in their order."""
    rows = cursor.execute(
        "SELECT min(batch_id) AS first FROM report_original GROUP BY file_hash ORDER BY first"
    ).fetchall()
    return tuple(number for (number,) in rows)


def load_original(cursor: Cursor, batch_id: int) -> OriginalFile | None:
    """The original of a batch with its bytes; None where it has none."""
    row = cursor.execute(
        "SELECT o.file_name, u.content, u.codec FROM report_original AS o "
        "JOIN upload AS u ON u.file_hash = o.file_hash WHERE o.batch_id = $batch_id LIMIT 1",
        {"batch_id": batch_id},
    ).fetchone()
    return OriginalFile(row[0], decompress_upload(row[1], row[2])) if row else None
