"""A table in any format as filtered, or the whole store, as one file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import Action, User, require
from ita.domain import FiscalYear
from ita.exports.about import About, describe_file
from ita.exports.bundle import StoreBundle, load_bundle, write_bundle, write_table_zip
from ita.exports.selection import (
    EVERYTHING,
    TABLES,
    BatchRows,
    Selection,
    StoredRows,
    count_rows,
)
from ita.exports.writers import (
    FORMATS,
    ExportTable,
    load_export,
    mark_fractions,
    stream_export,
    write_export,
)
from ita.imports.history import check_history
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.workers import report_progress

# Stands for every table at once.
ALL = "all"
HISTORY_TABLE = TABLES[-1]
# Files of so many rows are written in the worker process, so that they hold up nobody's click; of more
# rows they are written there from disk, for these would be in memory as a whole here and there.
MIN_WORKER_ROWS, MAX_WORKER_ROWS = 20_000, 300_000
# Formats that take seconds of rows made in Python, or of packing; CSV is written by Arrow at once.
ROW_FORMATS = ("xlsx", "parquet", "json")
# A ZIP is the CSV with what explains it; all tables come in no other format.
DOWNLOAD_FORMATS = (*FORMATS, "zip")


def write_table(
    stream: IO[bytes],
    cursor: Cursor,
    table: str,
    file_format: str,
    reference: Reference,
    user: User,
    selection: Selection = EVERYTHING,
    where: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the rows of a table that a selection and COLUMN=VALUE filters leave.

    Raises:
        NotAllowed: of the history, which tells names; says who can.
        UnknownColumn: a filter names none of the table's columns.
        TooManyRows: more than a workbook's sheet holds.
    """
    _begin(cursor, table, user)
    if where:
        export = load_export(cursor, table, reference, where, selection)
        filters = tuple(f"{name}={value}" for name, value in where)
        about = describe_file(cursor, table, reference, selection, filters, len(export.records))
    else:
        about = describe_file(cursor, table, reference, selection)
        export = stream_export(cursor, table, reference, selection=selection)
    _write(stream, TableFile(file_format, export, about, reference))


def _begin(cursor: Cursor, table: str, user: User) -> None:
    require(user, Action.DOWNLOAD)
    if table == HISTORY_TABLE:
        check_history(cursor, user)
    cursor.begin()  # what the file says of itself and its rows are of one moment


def _write(stream: IO[bytes], file: TableFile) -> None:
    export = mark_fractions(file.export, file.reference)
    if file.file_format == "zip":
        write_table_zip(stream, export, file.about, file.reference)
    else:
        write_export(stream, export, file.file_format, file.about.lines())


class ExportTooLarge(Exception):
    """A file would take more memory than one may. limit: bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit:,} bytes")
        self.limit = limit


class _SizeLimited:
    """A file that may not grow beyond `limit` bytes; None = it may. arguments: of the file's own kind."""

    _is_over = False

    def __init__(self, limit: int | None, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.limit = limit

    def write(self, data: Any) -> int:
        """
        Raises:
            ExportTooLarge: it would be larger than it may be; once, for an archive that is closed then
                still writes its end, into nothing.
        """
        size = memoryview(data).nbytes
        if self._is_over:
            return size
        if self.limit is not None and self.tell() + size > self.limit:  # type: ignore[attr-defined]
            self._is_over = True
            raise ExportTooLarge(self.limit)
        return super().write(data)  # type: ignore[misc, no-any-return]


class _BoundedStream(_SizeLimited, io.BytesIO):
    """In memory."""


class _BoundedFile(_SizeLimited, io.FileIO):
    """On disk."""


@dataclass(frozen=True)
class TableFile:
    """A file of a table that is still to be written, with all that it takes."""

    file_format: str
    export: ExportTable
    about: About
    reference: Reference


def load_table_file(
    cursor: Cursor,
    table: str,
    file_format: str,
    reference: Reference,
    user: User,
    selection: Selection = EVERYTHING,
) -> TableFile | None:
    """What `table_bytes` would write, out of the store so that it can be written elsewhere.

    None where it is too little for another process, or so much that it should rather be streamed.

    Raises:
        NotAllowed: of the history, which tells names; says who can.
    """
    _begin(cursor, table, user)
    about = describe_file(cursor, table, reference, selection)
    if file_format not in ROW_FORMATS or not MIN_WORKER_ROWS <= about.rows <= MAX_WORKER_ROWS:
        return None
    export = stream_export(cursor, table, reference, selection=selection)
    rows = export.rows
    in_memory = BatchRows(list(rows.batches)) if isinstance(rows, StoredRows) else list(rows)
    return TableFile(file_format, replace(export, rows=in_memory), about, reference)


def table_file_bytes(file: TableFile) -> bytes:
    """The file: a job for the worker process."""
    stream = io.BytesIO()
    _write(stream, file)
    return stream.getvalue()


# Files of more rows are made on disk: the rows go batch by batch into a file of Arrow's, out of which
# the worker process writes the file that was asked for.


@dataclass(frozen=True)
class _SpooledBatches:
    """Rows in a file of Arrow's, which can be read again and again; how far is reported.

    before: rows that come before these; total: of all.
    """

    path: Path
    before: int
    total: int

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        done = self.before
        with pa.OSFile(str(self.path)) as source, pa.ipc.open_stream(source) as reader:
            for batch in reader:
                yield batch
                done += batch.num_rows
                report_progress(done, self.total)


def spool_table(
    cursor: Cursor,
    table: str,
    file_format: str,
    reference: Reference,
    user: User,
    selection: Selection,
    folder: Path,
    on_batch: Callable[[], None],
) -> TableFile:
    """What `table_bytes` would write, its rows in a file in the folder. on_batch: called all the while.

    Raises:
        NotAllowed: of the history, which tells names; says who can.
    """
    _begin(cursor, table, user)
    about = describe_file(cursor, table, reference, selection)
    export = stream_export(cursor, table, reference, selection=selection)
    spooled = _spooled(export, folder / "rows.arrow", 0, about.rows, on_batch)
    return TableFile(file_format, spooled, about, reference)


def _spooled(
    export: ExportTable, path: Path, before: int, total: int, on_batch: Callable[[], None]
) -> ExportTable:
    """A table whose rows are in a file, or in memory where they are not as they are stored."""
    if not isinstance(export.rows, StoredRows):
        return replace(export, rows=list(export.rows))
    batches = export.rows.batches
    packing = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_stream(sink, batches.schema, options=packing) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch)
            on_batch()
    return replace(export, rows=BatchRows(_SpooledBatches(path, before, total)))


def write_spooled(file: TableFile, path: Path, limit: int) -> bool:
    """Write the file on disk: a job for the worker process. limit: its bytes at most; False where it
    would be more."""
    return _write_bounded(path, limit, partial(_write, file=file))


def _write_bounded(path: Path, limit: int, write: Callable[[IO[bytes]], None]) -> bool:
    raw = _BoundedFile(limit, path, "w")
    try:
        with io.BufferedWriter(raw, WRITTEN_AT_ONCE) as stream:
            write(stream)
    except ExportTooLarge:
        return False
    return True


WRITTEN_AT_ONCE = 1024 * 1024


def table_bytes(
    cursor: Cursor,
    table: str,
    file_format: str,
    reference: Reference,
    user: User,
    selection: Selection = EVERYTHING,
    limit: int | None = None,
) -> bytes:
    """
    Raises:
        ExportTooLarge: more bytes than the limit. Else as `write_table`.
    """
    stream = _BoundedStream(limit)
    write_table(stream, cursor, table, file_format, reference, user, selection)
    return stream.getvalue()


def write_whole_store(stream: IO[bytes], store: Store, user: User, reference: Reference) -> None:
    """Write every table and file of the store; recorded first, so that none leaves unseen.

    Raises:
        NotAllowed: says who can.
        StoreUnavailable: the store failed.
    """
    _record_whole_store(store, user)
    with store.reading() as cursor:
        write_bundle(stream, load_bundle(cursor, reference), reference)


def _record_whole_store(store: Store, user: User) -> None:
    require(user, Action.EXPORT_ALL)
    with recording(store) as cursor:
        record(cursor, user, Action.EXPORT_ALL)


def whole_store_bytes(
    store: Store, user: User, reference: Reference, limit: int | None = None
) -> bytes:
    """
    Raises:
        ExportTooLarge: more bytes than the limit. Else as `write_whole_store`.
    """
    stream = _BoundedStream(limit)
    write_whole_store(stream, store, user, reference)
    logs.log_event(logs.LogEvent.EXPORTED_ALL)
    return stream.getvalue()


def is_large_store(cursor: Cursor) -> bool:
    """Whether the store has so many rows that its ZIP is made on disk."""
    return sum(_row_counts(cursor).values()) > MAX_WORKER_ROWS


def _row_counts(cursor: Cursor) -> dict[str, int]:
    return {table: count_rows(cursor, table, EVERYTHING) for table in TABLES}


@dataclass(frozen=True)
class _SpooledFiles:
    """Name in the ZIP of each file and its path, read one after the other."""

    paths: Sequence[tuple[str, Path]]

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for name, path in self.paths:
            yield name, path.read_bytes()


def spool_whole_store(
    store: Store, user: User, reference: Reference, folder: Path, on_batch: Callable[[], None]
) -> StoreBundle:
    """What `write_whole_store` would write, its rows and files in the folder. on_batch: called all the
    while.

    Raises:
        NotAllowed: says who can.
        StoreUnavailable: the store failed.
    """
    _record_whole_store(store, user)
    with store.reading() as cursor:
        bundle = load_bundle(cursor, reference)
        counts = _row_counts(cursor)
        tables: list[ExportTable] = []
        before, total = 0, sum(counts.values())
        for export in bundle.tables:
            path = folder / f"{export.table}.arrow"
            tables.append(_spooled(export, path, before, total, on_batch))
            before += counts[export.table]
        files = []
        for number, (name, content) in enumerate(bundle.files):
            path = folder / f"upload-{number}"
            path.write_bytes(content)
            files.append((name, path))
            on_batch()
    logs.log_event(logs.LogEvent.EXPORTED_ALL)
    return StoreBundle(tables, bundle.about, _SpooledFiles(files))


def write_spooled_store(bundle: StoreBundle, reference: Reference, path: Path, limit: int) -> bool:
    """`write_spooled` of the whole store."""
    write = partial(write_bundle, bundle=bundle, reference=reference)
    return _write_bounded(path, limit, write)


_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def table_file_name(
    table: str, file_format: str, selection: Selection, all_years: Sequence[FiscalYear] = ()
) -> str:
    """A name with table, agency and years. all_years: those of the table, for a selection that leaves
    none out."""
    span = selection.years or ((all_years[0], all_years[-1]) if all_years else None)
    years = "-".join(dict.fromkeys(str(int(year)) for year in span)) if span else ""
    agency = "" if table == HISTORY_TABLE else _NOT_IN_NAMES.sub("_", selection.agency or ALL)
    return f"{'-'.join(filter(None, ('ita', table, agency, years)))}.{file_format}"


def bundle_file_name(day: date) -> str:
    return f"ita-{ALL}-{day.isoformat()}.zip"
