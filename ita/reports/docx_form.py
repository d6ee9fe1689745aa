"""The default Word template: a DOCX with placeholders, made by code; agencies start from it too."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from docx.table import _Cell, _Row

from ita.documents.docx_sheet import empty_sheet, heading_row, ruled_table
from ita.reports.narrative import COLUMNS
from ita.reports.printed_report import EMPTY_TABLE_TEXT, WIDTHS

LIST_COLUMNS = ("measures", "results", "responsible")


@lru_cache(maxsize=1)
def starter_template() -> bytes:
    """The form with its placeholders, as a file."""
    document = empty_sheet()
    for line in ("{%p if crest %}", "{{ crest }}", "{%p endif %}"):
        document.add_paragraph(line, "ITA Title")
    for line in ("{{ title }}", "ประจำปีงบประมาณ {{ year }}", "{{ agency }}"):
        document.add_paragraph(line, "ITA Title")
    document.add_paragraph("{{ introduction }}", "ITA Introduction")
    _table(document)
    for line in ("{%p if not rows %}", EMPTY_TABLE_TEXT, "{%p endif %}"):
        document.add_paragraph(line, "ITA Cell")
    document.add_paragraph(style="ITA End")  # Word wants a paragraph behind a table
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document: Any) -> None:
    table = ruled_table(document, 4, WIDTHS)
    head, begin, content, end = table.rows
    heading_row(head, COLUMNS)
    _tag_row(begin, "{%tr for row in rows %}")
    _tag_row(end, "{%tr endfor %}")
    for cell, name in zip(content.cells, ("title", *LIST_COLUMNS, "outcome"), strict=True):
        _placeholder(cell, name)


def _tag_row(row: _Row, tag: str) -> None:
    """A row with only a tag of the loop, which is removed from the finished document."""
    for cell in row.cells:
        cell.paragraphs[0].style = "ITA Cell"
    row.cells[0].paragraphs[0].text = tag


def _placeholder(cell: _Cell, name: str) -> None:
    style = "ITA Item" if name in ("measures", "results") else "ITA Cell"
    cell.paragraphs[0].style = style
    if name not in LIST_COLUMNS:
        cell.paragraphs[0].text = f"{{{{ row.{name} }}}}"
        return
    cell.paragraphs[0].text = f"{{%p for text in row.{name} %}}"
    cell.add_paragraph("{{ text }}", style)
    cell.add_paragraph("{%p endfor %}", style)
