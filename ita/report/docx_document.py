"""The report as DOCX: our form, or an agency's template, filled by docxtpl; stays editable in Word."""

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

from ita.report.docx_form import starter_template
from ita.report.docx_placeholders import TemplateEnvironment, TemplateFault, not_word
from ita.report.docx_sheet import name_itself
from ita.report.narrative import NarrativeReport
from ita.report.printed import PrintedReport, PrintedRow, printed
from ita.wording import say

CREST_HEIGHT = Cm(2)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format.

    template: a file that `ita.report.docx_templates.checked_template` has let through; without one
    our own form is filled. crest: a picture that `ita.report.crests.checked_crest` has let through.

    Raises:
        TemplateFault: the template can't be filled.
    """
    return filled(template or starter_template(), printed(report), crest)


def filled(template: bytes, report: PrintedReport, crest: bytes | None = None) -> bytes:
    """A template with the report's texts in its places.

    Raises:
        TemplateFault: says what of the template has to be mended.
    """
    environment = TemplateEnvironment()
    stream = io.BytesIO()
    try:
        form = _Form(io.BytesIO(template))
        form.render(_context(form, report, crest), environment, autoescape=True)
        _finish(form.docx, report)
        form.save(stream)
        Document(stream)
    except TemplateFault:
        raise
    except TemplateError as fault:
        raise TemplateFault(_unreadable(fault)) from fault
    except Exception as fault:  # what a stranger's document can make the libraries raise has no end
        if not environment.parts:
            raise not_word() from fault
        environment.check_found()  # says more, where it has something to say
        raise TemplateFault(
            say("เติมแม่แบบนี้ไม่ได้ กรุณาตรวจว่า for … endfor อยู่ในแถวหรือย่อหน้าเดียวกัน หรือเริ่มจากแม่แบบตั้งต้น")
        ) from fault
    environment.check()
    return stream.getvalue()


class _Form(DocxTemplate):  # type: ignore[misc]
    """A template that is filled whole or not at all: docxtpl would mend broken XML by leaving out."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml)
        return super().fix_tables(xml)


class _Words(str):
    """A text of the store: never markup, never a tag of docxtpl's."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(escape(str(self))).replace("{", "&#123;").replace("}", "&#125;")


class _Lines(tuple[_Words, ...]):
    """Texts that a loop goes through; shown without one they stand as lines."""

    __slots__ = ()

    def __html__(self) -> str:
        return "\n".join(line.__html__() for line in self)


def _lines(texts: Iterable[str]) -> _Lines:
    # A cell of Word must hold a paragraph, so a loop never goes through nothing.
    return _Lines(map(_Words, texts)) or _Lines((_Words(""),))


def _context(form: DocxTemplate, report: PrintedReport, crest: bytes | None) -> dict[str, Any]:
    picture = InlineImage(form, io.BytesIO(crest), height=CREST_HEIGHT) if crest else ""
    return {
        "title": _Words(report.heading[0]),
        "agency": _Words(report.agency),
        "year": _Words(report.year),
        "introduction": _Words(report.introduction),
        "crest": picture,
        "rows": list(map(_row, report.rows)),
    }


def _row(row: PrintedRow) -> dict[str, _Words | _Lines]:
    return {
        "instrument": _Words(row.instrument),
        "title": _Words(row.title),
        "measures": _lines(f"{number}. {text}" for number, text in row.measures),
        "results": _lines(f"- {text}" for text in row.results),
        "divisions": _lines(row.divisions),
        "period": _Words(row.period),
        "responsible": _lines(row.responsible),
        "outcome": _Words(row.outcome),
    }


def _finish(document: Any, report: PrintedReport) -> None:
    """The file's own properties, and a paragraph in every cell that a template left without one."""
    name_itself(document, report.title, report.agency)
    for cell in document.element.body.iter(qn("w:tc")):
        if len(cell) == 0 or cell[-1].tag != qn("w:p"):
            cell.append(OxmlElement("w:p"))


def _unreadable(fault: TemplateError) -> str:
    near = [line.strip() for line in getattr(fault, "docx_context", ()) if line.strip()]
    return say(
        "อ่านคำสั่งในแม่แบบไม่ได้ใกล้ “{near}” กรุณาตรวจวงเล็บปีกกาและ endfor, endif ({why})",
        near=" ".join(near)[:80],
        why=fault.message or "",
    )
