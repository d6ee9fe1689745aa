"""The report as DOCX: the default template or an agency's own, filled by docxtpl; editable in Word."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from lxml import etree
from markupsafe import escape

from ita.documents.docx_sheet import set_document_properties
from ita.i18n import _
from ita.reports.docx_form import starter_template
from ita.reports.docx_placeholders import TemplateEnvironment, TemplateFault, not_a_word_file
from ita.reports.narrative import NarrativeReport
from ita.reports.printed_report import PrintedReport, PrintedRow, build_printed_report

CREST_HEIGHT = Cm(2)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format.

    template: a file that `ita.reports.docx_templates.validate_template` validated; without one
    our own form is filled. crest: a picture that `ita.reports.crests.validate_crest` validated.

    Raises:
        TemplateFault: the template can't be filled.
    """
    return fill_template(template or starter_template(), build_printed_report(report), crest)


def fill_template(template: bytes, report: PrintedReport, crest: bytes | None = None) -> bytes:
    """Fills a template's placeholders with the report's texts.

    Raises:
        TemplateFault: says what to repair in the template.
    """
    environment = TemplateEnvironment()
    stream = io.BytesIO()
    try:
        form = _StrictTemplate(io.BytesIO(template))
        form.render(_context(form, report, crest), environment, autoescape=True)
        _finish(form.docx, report)
        form.save(stream)
        Document(stream)
    except TemplateFault:
        raise
    except TemplateError as fault:
        raise TemplateFault(_unreadable_message(fault)) from fault
    except Exception as fault:  # what a stranger's document can make the libraries raise has no end
        if not environment.parts:
            raise not_a_word_file() from fault
        environment.check_names()  # says more, where it has something to say
        raise TemplateFault(
            _("เติมแม่แบบนี้ไม่ได้ กรุณาตรวจว่า for … endfor อยู่ในแถวหรือย่อหน้าเดียวกัน หรือเริ่มจากแม่แบบตั้งต้น")
        ) from fault
    environment.check()
    return stream.getvalue()


class _StrictTemplate(DocxTemplate):  # type: ignore[misc]
    """A template that is filled completely or not at all: docxtpl repairs broken XML by dropping parts."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml)
        return super().fix_tables(xml)


class _PlainText(str):
    """A text of the store, escaped: never markup, never a tag of docxtpl's."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(escape(str(self))).replace("{", "&#123;").replace("}", "&#125;")


class _TextLines(tuple[_PlainText, ...]):
    """Texts for a loop; printed without one they become lines."""

    __slots__ = ()

    def __html__(self) -> str:
        return "\n".join(line.__html__() for line in self)


def _text_lines(texts: Iterable[str]) -> _TextLines:
    # A cell of Word must hold a paragraph, so a loop never goes through nothing.
    return _TextLines(map(_PlainText, texts)) or _TextLines((_PlainText(""),))


def _context(form: DocxTemplate, report: PrintedReport, crest: bytes | None) -> dict[str, Any]:
    picture = InlineImage(form, io.BytesIO(crest), height=CREST_HEIGHT) if crest else ""
    return {
        "title": _PlainText(report.heading[0]),
        "agency": _PlainText(report.agency),
        "year": _PlainText(report.year),
        "introduction": _PlainText(report.introduction),
        "crest": picture,
        "rows": list(map(_row, report.rows)),
    }


def _row(row: PrintedRow) -> dict[str, _PlainText | _TextLines]:
    return {
        "instrument": _PlainText(row.instrument),
        "title": _PlainText(row.title),
        "measures": _text_lines(f"{number}. {text}" for number, text in row.measures),
        "results": _text_lines(f"- {text}" for text in row.results),
        "divisions": _text_lines(row.divisions),
        "period": _PlainText(row.period),
        "responsible": _text_lines(row.responsible),
        "outcome": _PlainText(row.outcome),
    }


def _finish(document: Any, report: PrintedReport) -> None:
    """The file's own properties, and a paragraph in every cell that a template left without one."""
    set_document_properties(document, report.title, report.agency)
    for cell in document.element.body.iter(qn("w:tc")):
        if len(cell) == 0 or cell[-1].tag != qn("w:p"):
            cell.append(OxmlElement("w:p"))


def _unreadable_message(fault: TemplateError) -> str:
    nearby_lines = [line.strip() for line in getattr(fault, "docx_context", ()) if line.strip()]
    return _(
        "อ่านคำสั่งในแม่แบบไม่ได้ใกล้ “{near}” กรุณาตรวจวงเล็บปีกกาและ endfor, endif ({why})",
        near=" ".join(nearby_lines)[:80],
        why=fault.message or "",
    )
