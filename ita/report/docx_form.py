"""The report's own Word form: a DOCX with placeholders, made by code; agencies start from it too.

Everything is said by styles, so that an officer changes a font or a size in one place. Thai text
follows the complex-script half of each property (cs, szCs, bCs, bidi); without it Word takes
another font at 10 points.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import _Cell, _Row

from ita.report.narrative import COLUMNS
from ita.report.printed import NOTHING, WIDTHS

FONT = "TH SarabunPSK"
OTHER_NAMES = "TH Sarabun New"
"""What Word takes where an office has only the newer edition of the font."""
BODY, SMALL, LARGE = 16, 14, 18
PAGE = (Cm(29.7), Cm(21))
LEFT, OTHERS = Cm(3), Cm(2)
LIST_COLUMNS = ("measures", "results", "responsible")
WORD_2013 = "15"
"""The layout of Word 2013 and later; an older number shows "compatibility mode" in the title bar."""
FONT_TABLE = (
    f"<w:fonts {nsdecls('w')}><w:font w:name='{FONT}'><w:altName w:val='{OTHER_NAMES}'/>"
    "<w:charset w:val='DE'/><w:family w:val='swiss'/><w:pitch w:val='variable'/></w:font></w:fonts>"
)
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


@lru_cache(maxsize=1)
def starter_template() -> bytes:
    """The form with its placeholders, as a file."""
    document = Document()
    _defaults(document)
    _page(document)
    _styles(document)
    for line in ("{%p if crest %}", "{{ crest }}", "{%p endif %}"):
        document.add_paragraph(line, "ITA Title")
    for line in ("{{ title }}", "ประจำปีงบประมาณ {{ year }}", "{{ agency }}"):
        document.add_paragraph(line, "ITA Title")
    document.add_paragraph("{{ introduction }}", "ITA Introduction")
    _table(document)
    for line in ("{%p if not rows %}", NOTHING, "{%p endif %}"):
        document.add_paragraph(line, "ITA Cell")
    document.add_paragraph(style="ITA End")  # Word wants a paragraph behind a table
    _footer(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


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
    section.left_margin = LEFT
    section.right_margin = section.top_margin = section.bottom_margin = OTHERS
    section.header_distance = section.footer_distance = Cm(1)


def _styles(document: Any) -> None:
    title = _style(document, "ITA Title", LARGE, bold=True)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.keep_with_next = True
    introduction = _style(document, "ITA Introduction", BODY)
    introduction.paragraph_format.first_line_indent = Cm(2.5)
    introduction.paragraph_format.space_before = introduction.paragraph_format.space_after = Pt(6)
    introduction.paragraph_format.keep_with_next = True
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


def _table(document: Any) -> None:
    table = document.add_table(rows=4, cols=len(COLUMNS))
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
    whole = PAGE[0] - LEFT - OTHERS
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = whole * width // 100
        for cell in column.cells:
            cell.width = whole * width // 100
    head, begin, content, end = table.rows
    _heading_row(head)
    _only(begin, "{%tr for row in rows %}")
    _only(end, "{%tr endfor %}")
    for cell, name in zip(content.cells, ("title", *LIST_COLUMNS, "outcome"), strict=True):
        _placeholder(cell, name)


def _heading_row(row: _Row) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        properties.append(OxmlElement(name))
    for cell, label in zip(row.cells, COLUMNS, strict=True):
        cell._tc.get_or_add_tcPr().append(
            parse_xml(f"<w:shd {nsdecls('w')} w:val='clear' w:color='auto' w:fill='EDEDED'/>")
        )
        cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:vAlign {nsdecls('w')} w:val='center'/>"))
        cell.paragraphs[0].text = label
        cell.paragraphs[0].style = "ITA Table Heading"


def _only(row: _Row, tag: str) -> None:
    """A row that is nothing but a tag of the loop; it is gone from the finished document."""
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
