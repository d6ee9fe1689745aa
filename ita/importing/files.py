"""One file to take away: any table in any form as filtered, or the whole store."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import IO

from ita import logs
from ita.access.audit import record, recording
from ita.access.people import Person
from ita.access.permissions import Action, check_may
from ita.importing.about import about
from ita.importing.bundle import write_bundle, write_table_zip
from ita.importing.export import FORMATS, exported, streamed, with_marked_fractions, write
from ita.importing.history import check_history
from ita.importing.selection import EVERYTHING, TABLES, Selection
from ita.reference import Reference
from ita.store import Cursor, Store
from ita.vocabulary import FiscalYear

ALL = "all"
"""Stands for every table at once."""
HISTORY_TABLE = TABLES[-1]
FORMS = (*FORMATS, "zip")
"""A ZIP is the CSV with what explains it; all tables come in no other form."""


def write_table(
    stream: IO[bytes],
    cursor: Cursor,
    table: str,
    form: str,
    reference: Reference,
    person: Person,
    selection: Selection = EVERYTHING,
    where: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the rows of a table that a selection and COLUMN=VALUE filters leave.

    Raises:
        NotAllowed: of the history, which tells names; says who can.
        UnknownColumn: a filter names none of the table's columns.
        TooManyRows: more than a workbook's sheet holds.
    """
    check_may(person, Action.DOWNLOAD)
    if table == HISTORY_TABLE:
        check_history(cursor, person)
    cursor.begin()  # what the file says of itself and its rows are of one moment
    if where:
        found = exported(cursor, table, reference, where, selection)
        told = tuple(f"{name}={value}" for name, value in where)
        said = about(cursor, table, reference, selection, told, len(found.records))
    else:
        said = about(cursor, table, reference, selection)
        found = streamed(cursor, table, reference, selection=selection)
    found = with_marked_fractions(found, reference)
    if form == "zip":
        write_table_zip(stream, found, said, reference)
    else:
        write(stream, found, form, said.lines())


def table_bytes(
    cursor: Cursor,
    table: str,
    form: str,
    reference: Reference,
    person: Person,
    selection: Selection = EVERYTHING,
) -> bytes:
    stream = io.BytesIO()
    write_table(stream, cursor, table, form, reference, person, selection)
    return stream.getvalue()


def write_whole_store(
    stream: IO[bytes], store: Store, person: Person, reference: Reference
) -> None:
    """Write every table and file of the store; recorded first, so that none leaves unseen.

    Raises:
        NotAllowed: says who can.
        StoreUnavailable: the store failed.
    """
    check_may(person, Action.EXPORT_ALL)
    with recording(store) as cursor:
        record(cursor, person, Action.EXPORT_ALL)
    with store.reading() as cursor:
        write_bundle(stream, cursor, reference)


def whole_store_bytes(store: Store, person: Person, reference: Reference) -> bytes:
    stream = io.BytesIO()
    write_whole_store(stream, store, person, reference)
    logs.note(logs.Event.EXPORTED_ALL)
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
