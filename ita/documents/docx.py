"""Documents in Word's format, editable: page, styles, ruled tables, page numbers.

All formatting is in styles, so that an officer changes a font or a size in one place. Thai text
follows the complex-script half of each property (cs, szCs, bCs, bidi); without it Word takes
another font at 10 points.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from math import ceil
from typing import Any

from docx import Document as new_document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Row
from docx.text.parfmt import ParagraphFormat

from ita.documents.model import (
    Block,
    Cell,
    Document,
    NumberedList,
    Paragraph,
    Picture,
    RuledTable,
    Section,
    Signatures,
    TableRow,
    printable_texts,
)

FONT = "TH SarabunPSK"
# The font that Word uses where an office has only its newer edition.
ALTERNATIVE_FONT = "TH Sarabun New"
BODY, SMALL, LARGE = 16, 14, 18
PAGE = (Cm(29.7), Cm(21))
LEFT_MARGIN, OTHER_MARGINS = Cm(3), Cm(2)
# The layout of Word 2013 and later; an older number shows "compatibility mode" in the title bar.
WORD_2013 = "15"
FONT_TABLE = (
    f"<w:fonts {nsdecls('w')}><w:font w:name='{FONT}'><w:altName w:val='{ALTERNATIVE_FONT}'/>"
    "<w:charset w:val='DE'/><w:family w:val='swiss'/><w:pitch w:val='variable'/></w:font></w:fonts>"
)
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


GROUP_SHADE = "F7F7F7"
# The ids of the styles of a cell's text and of a list in it.
CELL_STYLE, ITEM_STYLE = "ITACell", "ITAItem"
SIGNATURE_STYLE = "ITA Signature"


def docx_bytes(document: Document) -> bytes:
    document = printable_texts(document)
    word = new_document()
    _defaults(word)
    _page(word)
    _styles(word)
    _footer(word, document.thai_digits)
    for line in document.heading:
        _write(word.add_paragraph(style="ITA Title"), line)
    _add_blocks(word, document.blocks)
    set_document_properties(word, document.title, document.author)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def _add_blocks(word: Any, blocks: Sequence[Block], keep_together: bool = False) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                style = "ITA Introduction" if block.is_introduction else None
                paragraph = word.add_paragraph(style=style)
                _write(paragraph, block.text)
                if keep_together and block is not blocks[-1]:
                    paragraph.paragraph_format.keep_with_next = True
            case NumberedList():
                for line in block.numbered_lines:
                    _write(word.add_paragraph(style="ITA Item"), line)
            case Picture():
                width = (PAGE[0] - LEFT_MARGIN - OTHER_MARGINS) * block.width // 100
                word.add_picture(str(block.file), width=width)
                word.inline_shapes[-1]._inline.docPr.set("descr", block.alt)
            case RuledTable():
                _add_table(word, block)
            case Signatures():
                add_signatures(word, block)
            case Section():
                _write(word.add_paragraph(style="ITA Section"), block.title)
                _add_blocks(word, block.blocks, block.keep_together)


def add_signatures(word: Any, block: Signatures) -> None:
    """The places to sign at the end of a document that has our styles."""
    table = word.add_table(rows=1, cols=len(block.signatories))
    _keep_with_next(table._tbl.getprevious())
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, signatory in zip(row.cells, block.signatories, strict=True):
        first, *more = signatory.lines
        cell.paragraphs[0].style = SIGNATURE_STYLE
        cell.paragraphs[0].paragraph_format.space_before = Pt(24)
        cell.paragraphs[0].add_run(first)
        for line in more:
            cell.add_paragraph(line, style=SIGNATURE_STYLE)
    word.add_paragraph(style="ITA End")


def _keep_with_next(element: Any) -> None:
    """Keep what stands last in a body with what comes after it: signatures alone on a page are of no
    document. Of a table, its last row."""
    while element is not None and element.tag in (qn("w:p"), qn("w:tbl")):
        is_table = element.tag == qn("w:tbl")
        last = element.findall(qn("w:tr"))[-1:] if is_table else [element]
        for paragraph in (p for part in last for p in part.iter(qn("w:p"))):
            ParagraphFormat(paragraph).keep_with_next = True
        if is_table or "".join(element.itertext()).strip():
            return
        element = element.getprevious()


def _write(paragraph: Any, text: str) -> None:
    """A text into a paragraph; its lines stay lines."""
    first, *rest = text.split("\n")
    run = paragraph.add_run(first)
    for line in rest:
        run.add_break(WD_BREAK.LINE)
        run.add_text(line)


def _defaults(document: Any) -> None:
    """Font, size and language of the whole document, in place of the library's own."""
    run = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
    run.clear()
    run.append(
        parse_xml(
            f"<w:rPr {nsdecls('w')}><w:rFonts w:ascii='{FONT}' w:hAnsi='{FONT}' w:eastAsia='{FONT}' "
            f"w:cs='{FONT}'/><w:sz w:val='{2 * BODY}'/><w:szCs w:val='{2 * BODY}'/>"
            "<w:lang w:val='en-US' w:eastAsia='en-US' w:bidi='th-TH'/></w:rPr>"
        )
    )
    paragraph = document.styles.element.find(qn("w:docDefaults")).find(qn("w:pPrDefault"))
    paragraph.clear()
    paragraph.append(
        parse_xml(
            f"<w:pPr {nsdecls('w')}><w:widowControl/><w:spacing w:before='0' w:after='0' w:line='240' "
            "w:lineRule='auto'/></w:pPr>"
        )
    )
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:bidi"), "th-TH")
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), WORD_2013)
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = FONT_TABLE.encode()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = PAGE
    section.left_margin = LEFT_MARGIN
    section.right_margin = section.top_margin = section.bottom_margin = OTHER_MARGINS
    section.header_distance = section.footer_distance = Cm(1)


def _styles(document: Any) -> None:
    title = _style(document, "ITA Title", LARGE, bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.keep_with_next = True
    introduction = _style(document, "ITA Introduction", BODY)
    introduction.paragraph_format.first_line_indent = Cm(2.5)
    introduction.paragraph_format.space_before = introduction.paragraph_format.space_after = Pt(6)
    introduction.paragraph_format.keep_with_next = True
    section = _style(document, "ITA Section", BODY, bold=True)
    section.paragraph_format.space_before = section.paragraph_format.space_after = Pt(6)
    section.paragraph_format.keep_with_next = True
    head = _style(document, "ITA Table Heading", SMALL, bold=True)
    head.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.paragraph_format.keep_with_next = True
    _style(document, "ITA Cell", SMALL)
    item = _style(document, "ITA Item", SMALL)
    item.paragraph_format.left_indent = Cm(0.5)
    item.paragraph_format.first_line_indent = Cm(-0.5)
    signature = _style(document, SIGNATURE_STYLE, BODY)
    signature.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    signature.paragraph_format.keep_with_next = True
    _style(document, "ITA End", 1).paragraph_format.line_spacing = Pt(1)


def _style(document: Any, name: str, points: int, bold: bool = False) -> Any:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    style.font.size = Pt(points)
    properties = style.element.get_or_add_rPr()
    if bold:
        style.font.bold = True
        style.font.cs_bold = True
    size = OxmlElement("w:szCs")
    size.set(qn("w:val"), str(2 * points))
    properties.find(qn("w:sz")).addnext(size)
    return style


def _add_table(word: Any, table: RuledTable) -> None:
    """A table over the whole width, its headings repeated on each page.

    Rows are written as XML: python-docx goes through the whole table for each cell that it is asked
    for, which takes half a minute with 500 measures.
    """
    added = word.add_table(rows=1, cols=len(table.widths))
    added.autofit = False
    layout = added._tbl.tblPr.find(qn("w:tblLayout"))
    lines = "".join(f"<w:{side} w:val='single' w:sz='4' w:color='000000'/>" for side in BORDERS)
    layout.addprevious(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))
    layout.addnext(
        parse_xml(
            f"<w:tblCellMar {nsdecls('w')}><w:top w:w='40' w:type='dxa'/><w:left w:w='85' w:type='dxa'/>"
            "<w:bottom w:w='40' w:type='dxa'/><w:right w:w='85' w:type='dxa'/></w:tblCellMar>"
        )
    )
    whole_width = PAGE[0] - LEFT_MARGIN - OTHER_MARGINS
    for column, width in zip(added.columns, table.widths, strict=True):
        column.width = column.cells[0].width = whole_width * width // 100
    _fill_heading(added.rows[0], table.columns)
    twips = [column.width.twips for column in added.columns]
    rows = table.rows or ((TableRow((table.empty_text,)),) if table.empty_text else ())
    body = "".join(_row(row, table.widths, twips) for row in rows)
    for row in parse_xml(f"<w:tbl {nsdecls('w')}>{body}</w:tbl>"):
        added._tbl.append(row)
    word.add_paragraph(style="ITA End")  # Word wants a paragraph behind a table


def _fill_heading(row: _Row, labels: Sequence[str]) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))
    for cell, label in zip(row.cells, labels, strict=True):
        cell_properties = cell._tc.get_or_add_tcPr()
        cell_properties.append(parse_xml(_shade("EDEDED", nsdecls("w"))))
        cell_properties.append(parse_xml(f"<w:vAlign {nsdecls('w')} w:val='center'/>"))
        cell.paragraphs[0].text = label
        cell.paragraphs[0].style = "ITA Table Heading"


def _shade(color: str, namespaces: str = "") -> str:
    return f"<w:shd {namespaces} w:val='clear' w:color='auto' w:fill='{color}'/>"


def _row(row: TableRow, widths: Sequence[int], twips: Sequence[int]) -> str:
    if row.is_heading:
        span = f"<w:gridSpan w:val='{len(twips)}'/>{_shade(GROUP_SHADE)}"
        bold = "<w:rPr><w:b/><w:bCs/></w:rPr>"
        cells = _cell(row.cells[0], sum(twips), span, "<w:keepNext/>", bold)
    else:
        cells = "".join(map(_cell, row.cells, twips))
    is_short = max(map(_line_count, row.texts, widths)) <= MAX_LINES_ON_ONE_PAGE
    is_whole = row.is_heading or (is_short and not row.continued)
    return f"<w:tr>{'<w:trPr><w:cantSplit/></w:trPr>' if is_whole else ''}{cells}</w:tr>"


def _cell(
    cell: Cell,
    twips: int,
    cell_properties: str = "",
    paragraph_properties: str = "",
    run_properties: str = "",
) -> str:
    """A cell of one paragraph, or of one for each entry of a list; properties as XML."""
    style, texts = (CELL_STYLE, (cell,)) if isinstance(cell, str) else (ITEM_STYLE, cell or ("",))
    paragraphs = "".join(
        f"<w:p><w:pPr><w:pStyle w:val='{style}'/>{paragraph_properties}</w:pPr>"
        f"<w:r>{run_properties}{_line_texts(text)}</w:r></w:p>"
        for text in texts
    )
    width = f"<w:tcW w:w='{twips}' w:type='dxa'/>"
    return f"<w:tc><w:tcPr>{width}{cell_properties}</w:tcPr>{paragraphs}</w:tc>"


def _line_texts(text: str) -> str:
    lines = text.split("\n")
    return "<w:br/>".join(f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in lines)


# Of a row that stays on one page; a longer one may go on, for it might not fit on any.
MAX_LINES_ON_ONE_PAGE = 6
# That a percent of the table's width holds on a line, about.
LETTERS_PER_PERCENT = 1.1


def _line_count(text: str, width: int) -> int:
    return sum(ceil((len(line) or 1) / (width * LETTERS_PER_PERCENT)) for line in text.split("\n"))


# Characters of a title or author in the file's own properties.
MAX_PROPERTY_LENGTH = 255


def set_document_properties(document: Any, title: str, author: str) -> None:
    """Sets the file's properties; too long a title or author is cut."""
    properties = document.core_properties
    properties.title = title[:MAX_PROPERTY_LENGTH]
    properties.author = author[:MAX_PROPERTY_LENGTH]
    properties.language = "th-TH"


def _footer(document: Any, thai_digits: bool) -> None:
    section = document.sections[0]
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "ITA Cell"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    fields = [("หน้า ", "PAGE"), (" จาก ", "NUMPAGES")]
    if thai_digits:
        # The form of the section's numbers is the only one that no program takes for letters; the count
        # of pages doesn't follow it.
        fields.pop()
        form = parse_xml(f"<w:pgNumType {nsdecls('w')} w:fmt='thaiNumbers'/>")
        section._sectPr.find(qn("w:pgMar")).addnext(form)
    for words, field in fields:
        paragraph.add_run(words)
        paragraph._p.append(
            parse_xml(
                f"<w:fldSimple {nsdecls('w')} w:instr=' {field} '><w:r>"
                f"<w:t>{'๑' if thai_digits else '1'}</w:t></w:r></w:fldSimple>"
            )
        )
