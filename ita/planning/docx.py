"""The plan in Word's format: stays editable, in the styles of our Word documents."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from math import ceil
from typing import Any

from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ita.documents.docx_sheet import empty_sheet, heading_row, ruled_table, set_document_properties
from ita.planning.printed_plan import (
    MEASURE_COLUMNS,
    MEASURE_WIDTHS,
    NO_MEASURES,
    WEAK_WIDTHS,
    PrintedPlan,
)

GROUP_SHADE = "F7F7F7"
# The id of the style of our tables' cells.
CELL_STYLE = "ITACell"


def docx_document(plan: PrintedPlan) -> bytes:
    """The plan as a file."""
    document = empty_sheet()
    for line in plan.heading:
        _write(document.add_paragraph(style="ITA Title"), line)
    _write(document.add_paragraph(style="ITA Introduction"), plan.introduction)
    _analysis(document, plan)
    _measures(document, plan)
    _section(document, plan.follow_up_title, plan.follow_up, keep_together=True)
    set_document_properties(document, plan.title, plan.agency)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _section(
    document: Any, title: str, paragraphs: Sequence[str] = (), keep_together: bool = False
) -> None:
    """together: the paragraphs stay on one page."""
    _write(document.add_paragraph(style="ITA Section"), title)
    for number, text in enumerate(paragraphs, start=1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep_together and number < len(paragraphs)
        _write(paragraph, text)


def _analysis(document: Any, plan: PrintedPlan) -> None:
    _section(document, plan.analysis_title, plan.analysis)
    if plan.weak:
        _table(document, plan.weak_columns, WEAK_WIDTHS, plan.weak)
    elif plan.no_weak_text:
        _write(document.add_paragraph(), plan.no_weak_text)


def _measures(document: Any, plan: PrintedPlan) -> None:
    _section(document, plan.measures_title)
    rows = [row for group in plan.groups for row in ((group.title,), *group.rows)]
    _table(document, MEASURE_COLUMNS, MEASURE_WIDTHS, rows or [(NO_MEASURES,)])


def _table(
    document: Any, columns: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]
) -> None:
    """A table with its headings; a row of one text is one cell and heads what follows.

    Rows are written as XML: python-docx goes through the whole table for each cell that it is asked
    for, which takes half a minute with 500 measures.
    """
    table = ruled_table(document, 1, widths)
    heading_row(table.rows[0], columns)
    column_twips = [column.width.twips for column in table.columns]
    body = "".join(_row(texts, widths, column_twips) for texts in rows)
    for row in parse_xml(f"<w:tbl {nsdecls('w')}>{body}</w:tbl>"):
        table._tbl.append(row)
    document.add_paragraph(style="ITA End")


def _row(texts: Sequence[str], widths: Sequence[int], twips: Sequence[int]) -> str:
    if len(texts) == 1:
        span = f"<w:gridSpan w:val='{len(twips)}'/>"
        shade = f"<w:shd w:val='clear' w:color='auto' w:fill='{GROUP_SHADE}'/>"
        cells = _cell(texts[0], sum(twips), f"{span}{shade}", "<w:keepNext/>", "<w:b/><w:bCs/>")
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
    is_short = max(map(_line_count, texts, widths)) <= MAX_LINES_ON_ONE_PAGE
    properties = "<w:trPr><w:cantSplit/></w:trPr>" if is_short else ""
    return f"<w:tr>{properties}{''.join(map(_cell, texts, twips))}</w:tr>"


def _cell(
    text: str,
    twips: int,
    cell_properties: str = "",
    paragraph_properties: str = "",
    run_properties: str = "",
) -> str:
    """more, paragraph, run: further properties of each, as XML."""
    content = "<w:br/>".join(
        f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in text.split("\n")
    )
    return (
        f"<w:tc><w:tcPr><w:tcW w:w='{twips}' w:type='dxa'/>{cell_properties}</w:tcPr>"
        f"<w:p><w:pPr><w:pStyle w:val='{CELL_STYLE}'/>{paragraph_properties}</w:pPr>"
        f"<w:r><w:rPr>{run_properties}</w:rPr>{content}</w:r></w:p></w:tc>"
    )


# Of a row that stays on one page; a longer one may go on, for it might not fit on any.
MAX_LINES_ON_ONE_PAGE = 6
# That a percent of the table's width holds on a line, about.
LETTERS_PER_PERCENT = 1.1


def _line_count(text: str, width: int) -> int:
    return sum(ceil((len(line) or 1) / (width * LETTERS_PER_PERCENT)) for line in text.split("\n"))


def _write(paragraph: Any, text: str) -> None:
    """A text into a paragraph; its lines stay lines."""
    first, *rest = text.split("\n")
    run = paragraph.add_run(first)
    for line in rest:
        run.add_break(WD_BREAK.LINE)
        run.add_text(line)
