"""Which files are read beside the server, in the worker process, and what comes back of them."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pyarrow as pa

from ita.config import Limits
from ita.imports.columns import text_array
from ita.imports.header_names import Recogniser
from ita.imports.problems import Problem
from ita.imports.readers.cell_text import filled_width
from ita.imports.readers.delimited import ColumnRows
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import Dialect, Sheet, read_sheet

SMALL_BYTES = 1024 * 1024
SMALL_ROWS = 5_000
_FAR_BELOW = re.compile(rb'[A-Z"]\d{5,}+"')
"""A number of five digits or more at the end of an attribute, as in r="1048576" and A1:C1048576."""
SMALL_UNPACKED_BYTES = 2 * 1024 * 1024


def is_heavy(content: bytes) -> bool:
    """Whether a file is read in the worker process: large, or of a format in which few bytes can say
    much. Others are read in less time than a new process takes to start (0.8 s)."""
    if len(content) >= SMALL_BYTES:
        return True
    if content.startswith(b"PK"):
        return _unpacks_to_much(content)
    if content.startswith((b"PAR1", b"\xd0\xcf\x11\xe0")):
        return True
    return content.count(b"\n") > SMALL_ROWS or content.count(b"\r") > SMALL_ROWS


def _unpacks_to_much(content: bytes) -> bool:
    """By what the archive says of itself, to which the readers hold it while they unpack, and by rows
    far below in its sheets: those between count as blank ones."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    with archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > SMALL_UNPACKED_BYTES:
            return True
        try:
            return any(
                _FAR_BELOW.search(part.read(SMALL_UNPACKED_BYTES))
                for entry in entries
                if "sheet" in entry.filename
                for part in [archive.open(entry)]
            )
        except Exception:  # what a stranger's archive can make zipfile raise has no end
            return True


def read_file(
    content: bytes, file_name: str, recognise: Recogniser, limits: Limits, reading: Dialect
) -> Sheet | Problem:
    """`read_sheet` as a job: the sheet, kept by column where it can be, or why there is none."""
    try:
        sheet = read_sheet(content, file_name, recognise, limits, reading)
    except Unreadable as fault:
        return fault.problem
    return by_column(sheet)


def by_column(sheet: Sheet) -> Sheet:
    """The same sheet with its rows in columns, which take a tenth of the time to hand over.

    Left as it is where a row says something beyond the header, and in a text, where the number of
    cells of a row tells something: only blanks at the end of cells are added or left out.
    """
    width = len(sheet.header)
    if isinstance(sheet.rows, ColumnRows) or width < 2:
        return sheet
    if sheet.separator is None:
        if any(len(row) > width and filled_width(row) > width for row in sheet.rows):
            return sheet
    elif any(len(row) != width for row in sheet.rows):
        return sheet
    columns = [
        text_array([row[place] if place < len(row) else "" for row in sheet.rows])
        for place in range(width)
    ]
    names = [f"f{place}" for place in range(width)]
    return replace(sheet, rows=ColumnRows(pa.Table.from_arrays(columns, names)))
