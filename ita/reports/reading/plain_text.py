"""Text as it was pasted, or taken out of a document: lines, pages by form feeds, tables by tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable

_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_MIN_TABS = 2
"""Tabs of a line that make it a row of a table."""


def read_plain_text(text: str) -> Layout:
    """A text as blocks in its order. Empty lines stay: they stand between the cells of a column.

    Rows with tabs, as spreadsheets and word processors put them on the clipboard, are tables.
    """
    pages = _LINE_ENDS.sub("\n", text.replace("\x1a", "")).split("\f")
    blocks = [block for page, part in enumerate(pages, 1) for block in _blocks(part, page)]
    return Layout(tuple(blocks), len(pages), "text")


def _blocks(text: str, page: int) -> Iterator[TextLine | TextTable]:
    lines = text.split("\n")
    if any(line.count("\t") >= _MIN_TABS for line in lines):
        yield from _with_tables(text, page)
        return
    for line in lines:
        yield TextLine(line, page, None)


def _with_tables(text: str, page: int) -> Iterator[TextLine | TextTable]:
    """A cell with several lines stands in quotes, as in a CSV."""
    table: list[list[str]] = []
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    except csv.Error:  # a cell of more than 128 kB
        rows = [line.split("\t") for line in text.split("\n")]
    for row in rows:
        if len(row) > _MIN_TABS or (table and len(row) > 1):
            table.append(row)
            continue
        yield from _table(table, page)
        table = []
        for line in "\t".join(row).split("\n"):
            yield TextLine(line, page, None)
    yield from _table(table, page)


def _table(rows: Sequence[Sequence[str]], page: int) -> Iterator[TextTable]:
    if not rows:
        return
    yield TextTable(
        tuple(
            tuple(
                TextCell(tuple(TextLine(line, page, None) for line in cell.split("\n")))
                for cell in row
            )
            for row in rows
        ),
        page,
        ruled=True,
    )
