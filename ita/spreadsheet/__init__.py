"""Tables as the files that people open: CSV and XLSX in which no cell runs as a formula.

cells: one value as such a file has it; csv_batches: whole columns of them, imported by itself as it brings
pyarrow along; rows: rows of a workbook as XML; workbook: the whole of it.
"""

from ita.spreadsheet.cells import (
    FORMULA_MARKS,
    ByteSink,
    Cell,
    CellOrDay,
    csv_bytes,
    csv_rows,
    guarded,
    plain_number,
    unguarded,
    whole_file,
    write_file,
)
from ita.spreadsheet.rows import LONGEST_CELL, MOST_ROWS, TooManyRows, parted
from ita.spreadsheet.workbook import XLSX_MIME, without_markup, write_xlsx, xlsx_bytes

__all__ = [
    "FORMULA_MARKS",
    "LONGEST_CELL",
    "MOST_ROWS",
    "XLSX_MIME",
    "ByteSink",
    "Cell",
    "CellOrDay",
    "TooManyRows",
    "csv_bytes",
    "csv_rows",
    "guarded",
    "parted",
    "plain_number",
    "unguarded",
    "whole_file",
    "without_markup",
    "write_file",
    "write_xlsx",
    "xlsx_bytes",
]
