"""The report as DOCX: the default template or an agency's own, filled by docxtpl; editable in Word."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import escape

from ita.documents.docx import docx_bytes, set_document_properties
from ita.documents.model import Document, Paragraph, RuledTable, TableRow, printable
from ita.i18n import _
from ita.reports.looks import LookFault
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeRow
from ita.reports.report_document import EMPTY_TABLE_TEXT, WIDTHS, introduction

# The default Word template: a DOCX with placeholders, which agencies start from too.


@lru_cache(maxsize=1)
def starter_template() -> bytes:
    """The form with its placeholders, as a file."""
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
        )
    )


# Checks the placeholders of an agency's Word template, which is a small Jinja program. A template
# names the placeholders below, goes through the rows and asks whether a text is there. It calls
# nothing and counts nothing, so a stranger's file can do no more than misplace our texts.

TEXTS = ("title", "agency", "year", "introduction", "crest")
ROW_TEXTS = ("instrument", "title", "period", "outcome")
# A loop makes each entry a paragraph; without one they are lines of one paragraph.
ROW_LISTS = ("measures", "results", "divisions", "responsible")
# Every placeholder; compared with the documentation by a test.
PLACEHOLDERS = (*TEXTS, "rows", *(f"row.{name}" for name in (*ROW_TEXTS, *ROW_LISTS)))

_LOOP = ("index", "first", "last")
_MAX_LOOP_DEPTH = 2
_MAX_TAGS = 500
_ALLOWED_NODES = (nodes.Template, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const)
# Name → its type: text, lines, row, rows or loop.
NameTypes = Mapping[str, str]


class TemplateFault(LookFault):
    """The file can't serve as a template; the text says why and what to do."""


def not_a_word_file() -> TemplateFault:
    return TemplateFault(_("แฟ้มนี้ไม่ใช่เอกสาร Word (.docx) หรือแฟ้มเสียหาย กรุณาเลือกแฟ้ม .docx"))


@dataclass(frozen=True)
class _RawTemplate:
    """Replaces a part with a fault: rendered as its source, so that none of it runs."""

    source: str

    def render(self, *_values: Any, **_named: Any) -> str:
        return self.source


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja for untrusted templates; collects names and instructions of all parts of the document.

    used: placeholders. unknown: names that are none. forbidden: other instructions.
    parts: how many parts of the document were read.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.used: set[str] = set()
        self.unknown: dict[str, None] = {}
        self.forbidden: dict[str, None] = {}
        self.parts = 0
        self._tags = 0

    def from_string(self, source: Any, *more: Any, **named: Any) -> Any:
        self.parts += 1
        problem_count = len(self.unknown) + len(self.forbidden)
        self._visit(self.parse(source), {**dict.fromkeys(TEXTS, "text"), "rows": "rows"}, 0)
        if len(self.unknown) + len(self.forbidden) > problem_count:
            return _RawTemplate(str(source))
        return super().from_string(source, *more, **named)

    def check(self) -> None:
        """Checks that only known placeholders are used, and that the rows are.

        Raises:
            TemplateFault: says what to repair.
        """
        self.check_names()
        self._check_required()

    def check_names(self) -> None:
        """Checks that only known placeholders are used; raises as `check` does."""
        known = ", ".join(PLACEHOLDERS)
        if self.unknown:
            names = ", ".join(f"“{name}”" for name in self.unknown)
            raise TemplateFault(
                _("แม่แบบมีตัวแทนข้อความที่ไม่รู้จัก: {names} ใช้ได้เฉพาะ {known}", names=names, known=known)
            )
        if self.forbidden:
            raise TemplateFault(
                _(
                    "แม่แบบมีคำสั่งที่ใช้ไม่ได้: {names} ใช้ได้เฉพาะตัวแทนข้อความ for ของ rows และรายการในแถว และ if",
                    names=", ".join(self.forbidden),
                )
            )

    def _check_required(self) -> None:
        if not self.used:
            raise TemplateFault(
                _(
                    "แม่แบบไม่มีตัวแทนข้อความเลย กรุณาใส่ เช่น {example} หรือเริ่มจากแม่แบบตั้งต้น",
                    example="{{ agency }}",
                )
            )
        if "rows" not in self.used or not any(name.startswith("row.") for name in self.used):
            raise TemplateFault(
                _(
                    "แม่แบบไม่มีตารางของรายงาน กรุณาใส่แถว {begin} … {end} หรือเริ่มจากแม่แบบตั้งต้น",
                    begin="{%tr for row in rows %}",
                    end="{%tr endfor %}",
                )
            )

    def _visit(self, node: nodes.Node, name_types: NameTypes, depth: int) -> None:
        if isinstance(node, nodes.For):
            self._visit_loop(node, name_types, depth)
        elif isinstance(node, nodes.Output):
            for shown in node.nodes:
                self._visit_output(shown, name_types)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            self._type_of(node, name_types)
        elif isinstance(node, _ALLOWED_NODES):
            for child in node.iter_child_nodes():
                self._visit(child, name_types, depth)
        else:
            self.forbidden.setdefault(type(node).__name__.casefold())

    def _visit_output(self, node: nodes.Node, name_types: NameTypes) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        self._count_tag()
        if not isinstance(node, nodes.Name | nodes.Getattr):
            self.forbidden.setdefault(type(node).__name__.casefold())
        elif self._type_of(node, name_types) in ("rows", "row", "loop"):
            self.unknown.setdefault(node.name if isinstance(node, nodes.Name) else node.attr)

    def _visit_loop(self, node: nodes.For, name_types: NameTypes, depth: int) -> None:
        self._count_tag()
        item_type = {"rows": "row", "lines": "text"}.get(self._type_of(node.iter, name_types))
        is_plain = isinstance(node.target, nodes.Name) and not node.recursive and not node.test
        if item_type is None or not is_plain or depth == _MAX_LOOP_DEPTH:
            self.forbidden.setdefault("for")
            return
        inner = {**name_types, "loop": "loop", getattr(node.target, "name", ""): item_type}
        for child in (*node.body, *node.else_):
            self._visit(child, inner, depth + 1)

    def _type_of(self, node: nodes.Node, name_types: NameTypes) -> str:
        """The type of an expression; records the placeholder as used or unknown."""
        if isinstance(node, nodes.Name):
            if node.name not in name_types:
                self.unknown.setdefault(node.name)
            elif node.name in (*TEXTS, "rows"):
                self.used.add(node.name)
            return name_types.get(node.name, "")
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return self._field_type(node.node.name, node.attr, name_types.get(node.node.name, ""))
        self.forbidden.setdefault(type(node).__name__.casefold())
        return ""

    def _field_type(self, parent_name: str, name: str, parent_type: str) -> str:
        if parent_type == "row" and name in (*ROW_TEXTS, *ROW_LISTS):
            self.used.add(f"row.{name}")
            return "lines" if name in ROW_LISTS else "text"
        if not (parent_type == "loop" and name in _LOOP):
            self.unknown.setdefault(f"{parent_name}.{name}")
        return "text"

    def _count_tag(self) -> None:
        self._tags += 1
        if self._tags > _MAX_TAGS:
            raise TemplateFault(_("แม่แบบมีตัวแทนข้อความเกิน {most} ตำแหน่ง กรุณาลดลง", most=_MAX_TAGS))


CREST_HEIGHT = Cm(2)


def docx_document(
    report: NarrativeReport, template: bytes | None = None, crest: bytes | None = None
) -> bytes:
    """The report in Word's format.

    template: a file that `ita.reports.docx_templates.validate_template` validated; without one
    our own form is filled. crest: a picture that `ita.reports.looks.validate_crest` validated.

    Raises:
        TemplateFault: the template can't be filled.
    """
    return fill_template(template or starter_template(), report, crest)


def fill_template(template: bytes, report: NarrativeReport, crest: bytes | None = None) -> bytes:
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


def _text(text: object) -> _PlainText:
    return _PlainText(printable(str(text)))


def _text_lines(texts: Iterable[str]) -> _TextLines:
    # A cell of Word must hold a paragraph, so a loop never goes through nothing.
    return _TextLines(map(_text, texts)) or _TextLines((_text(""),))


def _context(form: DocxTemplate, report: NarrativeReport, crest: bytes | None) -> dict[str, Any]:
    picture = InlineImage(form, io.BytesIO(crest), height=CREST_HEIGHT) if crest else ""
    return {
        "title": _text(report.name),
        "agency": _text(report.agency),
        "year": _text(int(report.fiscal_year)),
        "introduction": _text(introduction(report.fiscal_year)),
        "crest": picture,
        "rows": list(map(_row, report.rows)),
    }


def _row(row: NarrativeRow) -> dict[str, _PlainText | _TextLines]:
    return {
        "instrument": _text(row.instrument.value),
        "title": _text(row.title),
        "measures": _text_lines(row.measure_items),
        "results": _text_lines(row.result_items),
        "divisions": _text_lines(row.divisions),
        "period": _text(row.period or ""),
        "responsible": _text_lines(row.responsible),
        "outcome": _text(row.outcome or ""),
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
