"""Batches: who imported what, when and why; and undo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from ita.i18n import _
from ita.store import Cursor, last_batch, one_value
from ita.store.changes import (
    Difference,
    apply_difference,
    compute_difference,
    rows_before,
    store_upload,
)
from ita.store.rollup import refresh_rollup
from ita.store.tables import TABLES, batches_of_orphans

# The person of batches of samples; no user may have this name.
SAMPLE_PERSON = "demo"


# How the request of a removal begins; of a file it begins with its hash.
REMOVAL_PREFIX = "remove "


@dataclass(frozen=True)
class BatchMetadata:
    """What a batch records of its import.

    request: the file's hash with everything that decides how it is parsed; the same request
    twice is the same import. rows_…: rows of the file.
    """

    person: str
    kind: str
    reason: str
    request: str
    file_name: str | None = None
    file_hash: str | None = None
    encoding: str | None = None
    rows_new: int = 0
    rows_changed: int = 0
    rows_same: int = 0
    undoes: int | None = None


class UndoBlocked(Exception):
    """A batch can't be undone; the text says why, `blocking_batches` which batches prevent it.

    is_over: it was undone before, and what would bring it back is named.
    """

    def __init__(
        self, message: str, blocking_batches: tuple[int, ...] = (), is_over: bool = False
    ) -> None:
        self.blocking_batches = blocking_batches
        self.is_over = is_over
        super().__init__(message)


def save_batch(
    cursor: Cursor,
    metadata: BatchMetadata,
    differences: Iterable[Difference],
    content: bytes | None = None,
) -> int:
    """Store a batch inside the caller's transaction; returns its number.

    differences: computed in that transaction, at most one a table.
    """
    batch_id = 1 + last_batch(cursor)
    cursor.execute(
        "INSERT INTO batch VALUES ($batch_id, $saved_at, $person, $kind, $file_name, $file_hash, "
        "$encoding, $request, $reason, $rows_new, $rows_changed, $rows_same, $undoes)",
        {
            "batch_id": batch_id,
            "saved_at": datetime.now(UTC).replace(tzinfo=None),
            **vars(metadata),
        },
    )
    if content is not None:
        store_upload(cursor, str(metadata.file_hash), content)
    applied = tuple(differences)
    for table_difference in applied:
        apply_difference(cursor, batch_id, table_difference)
    refresh_rollup(cursor, applied)
    return batch_id


def last_batch_of_kinds(cursor: Cursor, *kinds: str) -> int:
    """The number of the last batch that imported one of the kinds or undid one; 0 for none."""
    parameters = {f"kind_{index}": kind for index, kind in enumerate(kinds)}
    placeholders = ", ".join(f"${name}" for name in parameters)
    return one_value(
        cursor, f"SELECT max(batch_id) FROM batch WHERE kind IN ({placeholders})", **parameters
    )


def effective_batches(cursor: Cursor) -> frozenset[int]:
    """The numbers of batches in effect: neither undone nor undoing another."""
    pairs = cursor.execute("SELECT batch_id, undoes FROM batch ORDER BY batch_id DESC").fetchall()
    cancelled: set[int] = set()
    for batch_id, undoes in pairs:
        if undoes is not None and batch_id not in cancelled:
            cancelled |= {batch_id, undoes}
    return frozenset(batch_id for batch_id, _unused in pairs) - cancelled


def batch_of_request(cursor: Cursor, request: str) -> int | None:
    """The last batch of a request that is still in effect; None if there is none."""
    rows = cursor.execute(
        "SELECT batch_id FROM batch WHERE request = $request", {"request": request}
    ).fetchall()
    return max({number for (number,) in rows} & effective_batches(cursor), default=None)


def encoding_of(cursor: Cursor, batch_id: int) -> str | None:
    """The encoding in which a batch's file was decoded."""
    row = cursor.execute(
        "SELECT encoding FROM batch WHERE batch_id = $batch_id", {"batch_id": batch_id}
    ).fetchone()
    return row[0] if row else None


@dataclass(frozen=True)
class Batch:
    """One batch as the history lists it. saved_at: UTC. is_removal: it took rows out and is no file.
    is_effective: it is not undone."""

    batch_id: int
    saved_at: datetime
    person: str
    kind: str
    file_name: str | None
    file_hash: str | None
    encoding: str | None
    reason: str
    rows_new: int
    rows_changed: int
    rows_same: int
    undoes: int | None
    undone_by: int | None
    is_removal: bool
    is_effective: bool


def list_batches(cursor: Cursor) -> tuple[Batch, ...]:
    """Every batch, the newest first, with `undone_by`: the batch that undid it, if one did."""
    effective = effective_batches(cursor)
    rows = cursor.execute(
        "SELECT b.batch_id, b.saved_at, b.person, b.kind, b.file_name, b.file_hash, b.encoding, "
        "b.reason, b.rows_new, b.rows_changed, b.rows_same, b.undoes, u.batch_id, "
        f"starts_with(b.request, '{REMOVAL_PREFIX}') "
        "FROM batch AS b LEFT JOIN batch AS u ON u.undoes = b.batch_id ORDER BY b.batch_id DESC"
    ).fetchall()
    return tuple(Batch(*(*row, row[0] in effective)) for row in rows)


def has_only_samples(batches: Iterable[Batch]) -> bool:
    """Whether every batch in effect is one of samples."""
    return {batch.person for batch in batches if batch.is_effective} == {SAMPLE_PERSON}


def later_batches(cursor: Cursor, batch_id: int) -> tuple[int, ...]:
    """Later effective batches that changed a row which this one changed, oldest first."""
    rows = cursor.execute(
        "SELECT DISTINCT later.batch_id AS batch_id FROM change AS later JOIN change AS mine "
        "ON later.table_name = mine.table_name AND later.row_key = mine.row_key "
        "WHERE mine.batch_id = $batch_id AND later.batch_id > $batch_id ORDER BY batch_id",
        {"batch_id": batch_id},
    ).fetchall()
    effective = effective_batches(cursor)
    return tuple(number for (number,) in rows if number in effective)


def undo_within(cursor: Cursor, batch_id: int, person: str, reason: str) -> int:
    """Undo a batch by an inverse batch; returns that one's number. An undo can be undone, so a batch
    is undone at most once: after that, it is the undo that is undone.

    Inside the caller's transaction, which has checked the permission, and records it.

    Raises:
        UndoBlocked: there is no such batch, or later ones changed the same rows or refer to them;
            names them. The transaction must be rolled back.
    """
    return _undo(cursor, batch_id, person, reason)[0]


def _undo(
    cursor: Cursor, batch_id: int, person: str, reason: str
) -> tuple[int, tuple[Difference, ...]]:
    """As `undo_within`, with the differences that took the batch back, table by table."""
    batch_row = cursor.execute(
        "SELECT kind, file_name, rows_new + rows_changed FROM batch WHERE batch_id = $batch_id",
        {"batch_id": batch_id},
    ).fetchone()
    if batch_row is None:
        raise UndoBlocked(_("ไม่มีการนำเข้าครั้งที่ {batch}", batch=batch_id))
    _check_not_undone(cursor, batch_id)
    if later := later_batches(cursor, batch_id):
        raise UndoBlocked(
            _(
                "ยกเลิกครั้งที่ {batch} ไม่ได้ เพราะครั้งที่ {later} แก้ไขแถวเดียวกันภายหลัง กรุณายกเลิกครั้งนั้นก่อน",
                batch=batch_id,
                later=", ".join(map(str, later)),
            ),
            later,
        )
    inverse = tuple(
        compute_difference(cursor, name, rows_before(cursor, batch_id, name)) for name in TABLES
    )
    metadata = BatchMetadata(
        person,
        batch_row[0],
        reason,
        f"undo {batch_id}",
        batch_row[1],
        rows_changed=batch_row[2],
        undoes=batch_id,
    )
    number = save_batch(cursor, metadata, inverse)
    blocking_batches = batches_of_orphans(cursor, number, batch_id)
    if blocking_batches:
        raise UndoBlocked(
            _(
                "ยกเลิกครั้งที่ {batch} ไม่ได้ เพราะข้อมูลของครั้งที่ {later} ต้องใช้หน่วยงานหรือมาตรการเดียวกัน กรุณายกเลิกครั้งนั้นก่อน",
                batch=batch_id,
                later=", ".join(map(str, blocking_batches)),
            ),
            blocking_batches,
        )
    return number, inverse


@dataclass(frozen=True)
class UndoPreview:
    """What undoing a batch would do. differences: those of the undo; () where it is blocked.

    blocked: why it is not possible now, None where it is. undo_first: every batch that has to be
    undone before, as far as it is known, in the order in which that works.
    """

    batch_id: int
    differences: tuple[Difference, ...]
    blocked: UndoBlocked | None = None
    undo_first: tuple[int, ...] = ()


def preview_undo_within(cursor: Cursor, batch_id: int) -> UndoPreview:
    """What `undo_within` would do. Inside the caller's transaction, which must be rolled back."""
    try:
        _number, inverse = _undo(cursor, batch_id, "", "")
    except UndoBlocked as fault:
        first = () if fault.is_over else _undo_first(cursor, fault.blocking_batches)
        return UndoPreview(batch_id, (), fault, first)
    return UndoPreview(batch_id, inverse)


def _undo_first(cursor: Cursor, blocking: Iterable[int]) -> tuple[int, ...]:
    """Batches with all those that later changed the same rows, the newest first."""
    blocking_batches: set[int] = set()
    waiting = list(blocking)
    while waiting:
        batch_id = waiting.pop()
        if batch_id not in blocking_batches:
            blocking_batches.add(batch_id)
            waiting += later_batches(cursor, batch_id)
    return tuple(sorted(blocking_batches, reverse=True))


def _check_not_undone(cursor: Cursor, batch_id: int) -> None:
    last = batch_id
    while undone_by := one_value(
        cursor, "SELECT batch_id FROM batch WHERE undoes = $batch_id", batch_id=last
    ):
        last = undone_by
    if last == batch_id:
        return
    sentence = (
        _(
            "ครั้งที่ {batch} ถูกยกเลิกแล้วนำกลับมาแล้ว หากต้องการยกเลิกอีก ให้ยกเลิกครั้งที่ {undo}",
            batch=batch_id,
            undo=last,
        )
        if batch_id in effective_batches(cursor)
        else _(
            "ครั้งที่ {batch} ถูกยกเลิกไปแล้วโดยครั้งที่ {undo} หากต้องการนำกลับมา ให้ยกเลิกครั้งที่ {undo}",
            batch=batch_id,
            undo=last,
        )
    )
    raise UndoBlocked(sentence, (last,), is_over=True)


def affects_agency(cursor: Cursor, batch_id: int, agency_id: str) -> bool:
    """Whether a batch changed any data of an agency."""
    row = cursor.execute(
        "WITH own AS (SELECT CAST(json_array($agency_id) AS VARCHAR) AS row_key) "
        "SELECT count(*) AS rows FROM change AS c CROSS JOIN own WHERE c.batch_id = $batch_id "
        "AND (c.row_key = own.row_key OR starts_with(c.row_key, "
        "substr(own.row_key, 1, length(own.row_key) - 1) || ','))",
        {"agency_id": agency_id, "batch_id": batch_id},
    ).fetchone()
    return bool(row and row[0])
