"""Tables as the files that people open: CSV and XLSX in which no cell runs as a formula.

cells: one value as such a file has it, and CSV; csv_batches: CSV column by column, imported on its own as
it needs pyarrow; sheet_xml: rows of a workbook as XML; workbook: the whole of it; table: what screens and
files draw, as a value.
"""

from ita.tables.cells import (
    FORMULA_MARKS,
    ByteSink,
    CellOrDate,
    CellValue,
    atomic_file,
    csv_bytes,
    escape_formula,
    plain_number,
    unescape_formula,
    write_csv_rows,
    write_file,
)
from ita.tables.sheet_xml import MAX_CELL_LENGTH, MAX_SHEET_ROWS, TooManyRows, split_row
from ita.tables.table import Kind, Table, TableColumn, cell_columns, screen_columns
from ita.tables.workbook import XLSX_MIME, without_markup, write_xlsx, xlsx_bytes

__all__ = [
    "FORMULA_MARKS",
    "MAX_CELL_LENGTH",
    "MAX_SHEET_ROWS",
    "XLSX_MIME",
    "ByteSink",
    "CellOrDate",
    "CellValue",
    "Kind",
    "Table",
    "TableColumn",
    "TooManyRows",
    "atomic_file",
    "cell_columns",
    "csv_bytes",
    "escape_formula",
    "plain_number",
    "screen_columns",
    "split_row",
    "unescape_formula",
    "without_markup",
    "write_csv_rows",
    "write_file",
    "write_xlsx",
    "xlsx_bytes",
]
