"""What an agency's own Word template may hold: a stranger's file, which fills and runs nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from ita.i18n import _
from ita.imports.datasets import SIGNATORIES
from ita.reports.looks import LOOKS, MEGABYTE, LookFault


class TemplateFault(LookFault):
    """The file can't serve as a template; the text says why and what to do."""


def not_a_word_file() -> TemplateFault:
    return TemplateFault(_("ไฟล์นี้ไม่ใช่เอกสาร Word (.docx) หรือไฟล์เสียหาย กรุณาเลือกไฟล์ .docx"))


MAX_TEMPLATE_BYTES = LOOKS["template"].max_bytes
MAX_UNPACKED_BYTES = 50 * MEGABYTE
MAX_PARTS = 1_000
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MACROS = re.compile(r"vba(Project|Data)|activeX|macroEnabled", re.IGNORECASE)
_LINKED = re.compile(r"<Relationship\s(?>[^<>]*?TargetMode=.External.)[^<>]*+>")

MAX_PLACEHOLDER = 1_000
# Placeholders times characters of a part: a form of a hundred in half a megabyte has half as many.
MAX_TEMPLATE_STEPS = 100_000_000
MAX_UNCLOSED = 200
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_ENCODING_BYTES = 4
_TAG = re.compile(r"<[^<>]*+>")
_MARKS = ("{{", "{%", "{#", "}}", "%}", "#}")
_PLACEHOLDER = re.compile(r"\{[{%#][^{}]*+")
_BLANKS = re.compile(r"\s{9}")
_MERGE = re.compile(r"\{%\s*+[vh]m\s*+%\}")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*+|<\?(?!xml )(?:(?!\?>).)*+", re.DOTALL)
# Elements with attributes and nothing in them, which docxtpl takes for beginnings.
_UNCLOSED = re.compile(r"<w:(?:r|t|tc|tr) [^<>]*+>(?<=/>)")


def check_template(content: bytes) -> None:
    """Checks the package: its size, its parts, and what would hold up whoever fills it.

    Raises:
        TemplateFault: it can't be used; says why and what to do.
    """
    if len(content) > MAX_TEMPLATE_BYTES:
        raise TemplateFault(
            _("แม่แบบใหญ่เกิน {limit} MB กรุณาลดขนาดภาพในแม่แบบ", limit=MAX_TEMPLATE_BYTES // MEGABYTE)
        )
    if content.startswith(_OLD_OFFICE):
        raise TemplateFault(
            _("แม่แบบเป็นไฟล์ .doc รุ่นเก่าหรือมีรหัสผ่าน กรุณาเปิดใน Word แล้วบันทึกเป็น .docx ที่ไม่มีรหัสผ่าน")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_package(archive)
    except TemplateFault:
        raise
    except Exception:  # what a stranger's archive can make zipfile raise has no end
        raise not_a_word_file() from None


def _check_package(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise TemplateFault(
            _("แม่แบบเมื่อคลายแล้วใหญ่เกิน {limit} MB จึงไม่เปิด", limit=MAX_UNPACKED_BYTES // MEGABYTE)
        )
    types = archive.read("[Content_Types].xml").decode()
    if any(map(_MACROS.search, [types, *archive.namelist()])):
        raise TemplateFault(
            _("แม่แบบมีแมโครจึงไม่รับ กรุณาเปิดใน Word แล้วบันทึกเป็น “เอกสาร Word (.docx)” ที่ไม่มีแมโคร")
        )
    if _DOTX in types:
        raise TemplateFault(_("ไฟล์นี้เป็น .dotx กรุณาเปิดใน Word แล้วบันทึกเป็น “เอกสาร Word (.docx)”"))
    if _MAIN not in types:
        raise not_a_word_file()
    for name in archive.namelist():
        part = archive.read(name)
        if name.endswith((".xml", ".rels")) or part.lstrip(_BEFORE_XML).startswith(b"<"):
            _check_part(part)
            _check_placeholders(part)


def _check_part(part: bytes) -> None:
    """Refuses entities, which can grow without end, and links that Word fetches when it opens."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise not_a_word_file()
    for link in _LINKED.findall(part.decode("utf-8", "replace")):
        if "/hyperlink" not in link and re.search(r'Target="(?:https?:|\\\\|//|ftp:)', link):
            raise TemplateFault(_("แม่แบบดึงภาพหรือไฟล์จากที่อื่นทุกครั้งที่เปิด กรุณาฝังภาพไว้ในแม่แบบแทนการลิงก์"))


def _check_placeholders(part: bytes) -> None:
    """Refuses what docxtpl's patterns would go over again and again: their time is bounded by the
    number of placeholders times the length of the part, if each is short and elements are closed."""
    if b"\0" in part[:_ENCODING_BYTES]:
        raise not_a_word_file()  # UTF-16, which Word never writes
    xml = part.decode("utf-8", "replace")
    if "<w:" not in xml:
        return
    text = _TAG.sub("", xml)
    # Within attributes as well, and joined as docxtpl joins what Word has parted.
    marks = sum(max(text.count(mark), xml.count(mark)) for mark in _MARKS)
    unclosed = len(_UNCLOSED.findall(xml)) + xml.count("<w:p ", xml.rfind("</w:p>") + 1)
    commented = any("<" in word[2:] or "{" in word for word in _COMMENT.findall(xml))
    if marks * len(xml) > MAX_TEMPLATE_STEPS or unclosed > MAX_UNCLOSED or commented:
        raise TemplateFault(_("แม่แบบซับซ้อนเกินไปจึงไม่รับ กรุณาเปิดใน Word แล้วบันทึกใหม่ หรือเริ่มจากแม่แบบตั้งต้น"))
    for placeholder in _PLACEHOLDER.findall(text) + _PLACEHOLDER.findall(xml):
        plain = _TAG.sub("", placeholder)
        if len(plain) > MAX_PLACEHOLDER or _BLANKS.search(plain):
            raise TemplateFault(
                _(
                    "คำสั่งในแม่แบบยาวเกินไปหรือมีช่องว่างติดกันมากเกินไปใกล้ “{near}” กรุณาพิมพ์คำสั่งให้สั้นและปิดวงเล็บปีกกา",
                    near=" ".join(plain.split())[:40],
                )
            )
    _check_merged_cells(xml, text)


def _check_merged_cells(xml: str, text: str) -> None:
    """Refuses a command to merge cells that does not stand in the text of a cell, behind its properties."""
    merged = max(len(_MERGE.findall(text)), len(_MERGE.findall(xml)))
    for cell in xml.split("</w:tc>") if merged else ():
        if match := _MERGE.search(cell):
            merged -= len(_MERGE.findall(cell))
            start = cell.rfind("<w:t", 0, match.start())
            if cell.rfind("</w:tcPr") > start or cell.find("</w:t>", match.end()) < 0:
                merged = -1
                break
    if merged:
        raise TemplateFault(_("กรุณาพิมพ์คำสั่ง vm หรือ hm ในแม่แบบใหม่ทั้งคำสั่ง ให้อยู่ในข้อความของช่องตาราง"))


# Checks the placeholders of an agency's Word template, which is a small Jinja program. A template
# names the placeholders below, goes through the rows and asks whether a text is there. It calls
# nothing and counts nothing, so a stranger's file can do no more than misplace our texts.

TEXTS = ("title", "agency", "year", "introduction", "crest", *SIGNATORIES)
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
