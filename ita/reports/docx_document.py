"""The report as DOCX: our own template or an agency's, filled by docxtpl; editable in Word."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from lxml import etree
from markupsafe import escape

from ita.documents.docx import add_signatures, docx_bytes, set_document_properties
from ita.documents.model import (
    Document,
    Paragraph,
    RuledTable,
    Signatory,
    Signatures,
    TableRow,
    printable,
    printable_texts,
)
from ita.documents.settings import DocumentSettings, with_digits
from ita.domain import FiscalYear, Instrument
from ita.i18n import _
from ita.imports.cells import IN_THAI
from ita.measures.model import Measure
from ita.reports.docx_templates import (
    TemplateEnvironment,
    TemplateFault,
    check_template,
    not_a_word_file,
)
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeResult, NarrativeRow
from ita.reports.report_document import EMPTY_TABLE_TEXT, WIDTHS, introduction

# The default Word template: a DOCX with placeholders, which agencies start from too.


@lru_cache(maxsize=2)
def starter_template(thai_digits: bool = False) -> bytes:
    """The form with its placeholders, as a file. thai_digits: of the numbers of pages."""
    crest = ("{%p if crest %}", "{{ crest }}", "{%p endif %}")
    # One that makes an entry of a list a paragraph.
    items = ("{{%p for text in row.{} %}}", "{{{{ text }}}}", "{{%p endfor %}}")
    measures, results = (
        tuple(line.format(name) for line in items) for name in ("measures", "results")
    )
    cells = ("{{ row.title }}", measures, results, "{{ row.responsible }}", "{{ row.outcome }}")
    rows = (
        TableRow(("{%tr for row in rows %}",)),
        TableRow(cells, continued="…"),
        TableRow(("{%tr endfor %}",)),
    )
    if_empty = ("{%p if not rows %}", EMPTY_TABLE_TEXT, "{%p endif %}")
    return docx_bytes(
        Document(
            "",
            "",
            (*crest, "{{ title }}", "ประจำปีงบประมาณ {{ year }}", "{{ agency }}"),
            (
                Paragraph("{{ introduction }}", is_introduction=True),
                RuledTable(COLUMNS, WIDTHS, rows),
                *map(Paragraph, if_empty),
            ),
            thai_digits=thai_digits,
        )
    )


CREST_HEIGHT = Cm(2)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format.

    template: a file that `validate_template` validated; without one
    our own form is filled. crest: a picture that `ita.reports.looks.validate_crest` validated.

    Raises:
        TemplateFault: the template can't be filled.
    """
    settings = report.settings
    form = template or starter_template(settings.digits == IN_THAI)
    # An agency's own form has its own place for them.
    signatures = () if template else settings.signatories
    return fill_template(form, report, crest, signatures)


def fill_template(
    template: bytes,
    report: NarrativeReport,
    crest: bytes | None = None,
    signatories: tuple[Signatory, ...] = (),
) -> bytes:
    """Fills a template's placeholders with the report's texts. signatories: who signs at its end.

    Raises:
        TemplateFault: says what to repair in the template.
    """
    environment = TemplateEnvironment()
    stream = io.BytesIO()
    try:
        form = _StrictTemplate(io.BytesIO(template))
        form.render(_context(form, report, crest), environment, autoescape=True)
        _finish(form.docx, report)
        if signatories:
            block = Signatures(printable_texts(with_digits(signatories, report.settings.digits)))
            add_signatures(form.docx, block)
        form.save(stream)
        open_document(stream)
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


def _text(text: object, digits: str | None = None) -> _PlainText:
    return _PlainText(printable(with_digits(str(text), digits)))


def _text_lines(texts: Iterable[str], digits: str | None) -> _TextLines:
    # A cell of Word must hold a paragraph, so a loop never goes through nothing.
    return _TextLines(_text(text, digits) for text in texts) or _TextLines((_text(""),))


def _context(form: DocxTemplate, report: NarrativeReport, crest: bytes | None) -> dict[str, Any]:
    picture = InlineImage(form, io.BytesIO(crest), height=CREST_HEIGHT) if crest else ""
    digits = report.settings.digits
    return {
        "title": _text(report.name, digits),
        "agency": _text(report.agency, digits),
        "year": _text(int(report.fiscal_year), digits),
        "introduction": _text(introduction(report.fiscal_year), digits),
        "crest": picture,
        "rows": [_row(row, digits) for row in report.rows],
        **{name: _text(text, digits) for name, text in report.settings.signed_by().items()},
    }


def _row(row: NarrativeRow, digits: str | None) -> dict[str, _PlainText | _TextLines]:
    return {
        "instrument": _text(row.instrument.value),
        "title": _text(row.title, digits),
        "measures": _text_lines(row.measure_items, digits),
        "results": _text_lines(row.result_items, digits),
        "divisions": _text_lines(row.divisions, digits),
        "period": _text(row.period or "", digits),
        "responsible": _text_lines(row.responsible, digits),
        "outcome": _text(row.outcome or "", digits),
    }


def _finish(document: Any, report: NarrativeReport) -> None:
    """The file's own properties, and a paragraph in every cell that a template left without one."""
    set_document_properties(document, report.title, printable(report.agency))
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


def validate_template(content: bytes) -> bytes:
    """Validates a file as a template and returns it unchanged.

    Raises:
        TemplateFault: it can't be used; says why and what to do.
    """
    check_template(content)
    fill_template(content, _sample_report())
    return content


def _sample_row(instrument: Instrument, year: FiscalYear) -> NarrativeRow:
    measures = tuple(
        Measure(year, instrument, seq, f"measure {seq}", (), ("division",), None) for seq in (1, 2)
    )
    results = tuple(NarrativeResult(seq, f"result {seq}", (seq,)) for seq in (1, 2))
    return NarrativeRow(instrument, "instrument", measures, results, "period", "outcome", (), ())


def _sample_report() -> NarrativeReport:
    """What a template is filled with to validate it."""
    year = FiscalYear(2567)
    rows = tuple(_sample_row(instrument, year) for instrument in (Instrument.IIT, Instrument.EIT))
    settings = DocumentSettings((Signatory("duty", "name", "position"),))
    return NarrativeReport("agency", "agency", year, rows, (), settings=settings)
