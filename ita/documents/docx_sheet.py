"""The layout that all Word documents share: page, styles, ruled table, page numbers.

All formatting is in styles, so that an officer changes a font or a size in one place. Thai text
follows the complex-script half of each property (cs, szCs, bCs, bidi); without it Word takes
another font at 10 points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Row

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


def empty_sheet() -> Any:
    """An A4 landscape document with our styles and a page number on each page."""
    document = Document()
    _defaults(document)
    _page(document)
    _styles(document)
    _footer(document)
    return document


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
            f"<w:pPr {nsdecls('w')}><w:spacing w:before='0' w:after='0' w:line='240' "
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


def ruled_table(document: Any, rows: int, widths: Sequence[int]) -> Any:
    """An empty table over the whole width. widths: of its columns, in percent."""
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    lines = "".join(f"<w:{side} w:val='single' w:sz='4' w:color='000000'/>" for side in BORDERS)
    properties.find(qn("w:tblLayout")).addprevious(
        parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    )
    properties.find(qn("w:tblLayout")).addnext(
        parse_xml(
            f"<w:tblCellMar {nsdecls('w')}><w:top w:w='40' w:type='dxa'/><w:left w:w='85' w:type='dxa'/>"
            "<w:bottom w:w='40' w:type='dxa'/><w:right w:w='85' w:type='dxa'/></w:tblCellMar>"
        )
    )
    table_width = PAGE[0] - LEFT_MARGIN - OTHER_MARGINS
    for column, width in zip(table.columns, widths, strict=True):
        column.width = table_width * width // 100
        for cell in column.cells:
            cell.width = table_width * width // 100
    return table


def heading_row(row: _Row, labels: Sequence[str]) -> None:
    """A row of headings, which is repeated on each page."""
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))
    for cell, label in zip(row.cells, labels, strict=True):
        shade(cell, "EDEDED")
        cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:vAlign {nsdecls('w')} w:val='center'/>"))
        cell.paragraphs[0].text = label
        cell.paragraphs[0].style = "ITA Table Heading"


def shade(cell: Any, color: str) -> None:
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f"<w:shd {nsdecls('w')} w:val='clear' w:color='auto' w:fill='{color}'/>")
    )


# Characters of a title or author in the file's own properties.
MAX_PROPERTY_LENGTH = 255


def set_document_properties(document: Any, title: str, author: str) -> None:
    """Sets the file's properties; too long a title or author is cut."""
    properties = document.core_properties
    properties.title = title[:MAX_PROPERTY_LENGTH]
    properties.author = author[:MAX_PROPERTY_LENGTH]
    properties.language = "th-TH"


def _footer(document: Any) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = "ITA Cell"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, field in (("หน้า ", "PAGE"), (" จาก ", "NUMPAGES")):
        paragraph.add_run(words)
        paragraph._p.append(
            parse_xml(
                f"<w:fldSimple {nsdecls('w')} w:instr=' {field} '><w:r><w:t>1</w:t></w:r></w:fldSimple>"
            )
        )
