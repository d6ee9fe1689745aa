"""One file to take away: any table in any form as filtered, or the whole store."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import IO

from ita import logs
from ita.auth.audit import record, recording
from ita.auth.permissions import Action, User, require
from ita.domain import FiscalYear
from ita.exports.bundle import About, about, write_bundle, write_table_zip
from ita.exports.selection import EVERYTHING, TABLES, BatchRows, Selection, StoredRows
from ita.exports.writers import FORMATS, Exported, exported, streamed, with_marked_fractions, write
from ita.imports.history import check_history
from ita.reference import Reference
from ita.store import Cursor, Store

ALL = "all"
"""Stands for every table at once."""
HISTORY_TABLE = TABLES[-1]
MANY_ROWS = 20_000
"""From here on a file is written in the worker process, so that it holds up nobody's click."""
MAX_ROWS_APART = 300_000
"""Up to here: they are in memory as a whole then, here and in the other process."""
BY_ROW = ("xlsx", "parquet", "json")
"""Forms that are written row by row, while CSV is by Arrow, which lets others work meanwhile."""
FORMS = (*FORMATS, "zip")
"""A ZIP is the CSV with what explains it; all tables come in no other form."""


def write_table(
    stream: IO[bytes],
    cursor: Cursor,
    table: str,
    form: str,
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
    _check(cursor, table, user)
    cursor.begin()  # what the file says of itself and its rows are of one moment
    if where:
        found = exported(cursor, table, reference, where, selection)
        told = tuple(f"{name}={value}" for name, value in where)
        said = about(cursor, table, reference, selection, told, len(found.records))
    else:
        said = about(cursor, table, reference, selection)
        found = streamed(cursor, table, reference, selection=selection)
    _write(stream, TableFile(form, found, said, reference))


def _check(cursor: Cursor, table: str, user: User) -> None:
    require(user, Action.DOWNLOAD)
    if table == HISTORY_TABLE:
        check_history(cursor, user)


def _write(stream: IO[bytes], made: TableFile) -> None:
    found = with_marked_fractions(made.found, made.reference)
    if made.form == "zip":
        write_table_zip(stream, found, made.said, made.reference)
    else:
        write(stream, found, made.form, made.said.lines())


@dataclass(frozen=True)
class TableFile:
    """A file of a table that is still to be written, with all that it takes."""

    form: str
    found: Exported
    said: About
    reference: Reference


def taken_out(
    cursor: Cursor,
    table: str,
    form: str,
    reference: Reference,
    user: User,
    selection: Selection = EVERYTHING,
) -> TableFile | None:
    """What `table_bytes` would write, out of the store so that it can be written elsewhere.

    None where it is little, where no other process is worth its while, or so much that it should rather be streamed.

    Raises:
        NotAllowed: of the history, which tells names; says who can.
    """
    _check(cursor, table, user)
    cursor.begin()  # what the file says of itself and its rows are of one moment
    said = about(cursor, table, reference, selection)
    if form not in BY_ROW or not MANY_ROWS <= said.rows <= MAX_ROWS_APART:
        return None
    found = streamed(cursor, table, reference, selection=selection)
    rows = found.rows
    taken = BatchRows(list(rows.batches)) if isinstance(rows, StoredRows) else list(rows)
    found = replace(found, rows=taken)
    return TableFile(form, found, said, reference)


def file_bytes(made: TableFile) -> bytes:
    """The file: a job for the worker process."""
    stream = io.BytesIO()
    _write(stream, made)
    return stream.getvalue()


def table_bytes(
    cursor: Cursor,
    table: str,
    form: str,
    reference: Reference,
    user: User,
    selection: Selection = EVERYTHING,
) -> bytes:
    stream = io.BytesIO()
    write_table(stream, cursor, table, form, reference, user, selection)
    return stream.getvalue()


def write_whole_store(stream: IO[bytes], store: Store, user: User, reference: Reference) -> None:
    """Write every table and file of the store; recorded first, so that none leaves unseen.

    Raises:
        NotAllowed: says who can.
        StoreUnavailable: the store failed.
    """
    require(user, Action.EXPORT_ALL)
    with recording(store) as cursor:
        record(cursor, user, Action.EXPORT_ALL)
    with store.reading() as cursor:
        write_bundle(stream, cursor, reference)


def whole_store_bytes(store: Store, user: User, reference: Reference) -> bytes:
    stream = io.BytesIO()
    write_whole_store(stream, store, user, reference)
    logs.log_event(logs.LogEvent.EXPORTED_ALL)
    return stream.getvalue()


_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def table_file_name(
    table: str, form: str, selection: Selection, known: Sequence[FiscalYear] = ()
) -> str:
    """A name that tells table, agency and years. known: the years that there are, for a selection
    that leaves none out."""
    span = selection.years or ((known[0], known[-1]) if known else None)
    years = "-".join(dict.fromkeys(str(int(year)) for year in span)) if span else ""
    whose = "" if table == HISTORY_TABLE else _NOT_IN_NAMES.sub("_", selection.agency or ALL)
    return f"{'-'.join(filter(None, ('ita', table, whose, years)))}.{form}"


def bundle_file_name(day: date) -> str:
    return f"ita-{ALL}-{day.isoformat()}.zip"
