"""Validates agencies' own Word templates on upload."""

from __future__ import annotations

import io
import re
import zipfile

from ita.domain import FiscalYear, Instrument
from ita.i18n import _
from ita.measures.model import Measure
from ita.reports.docx_document import TemplateFault, fill_template, not_a_word_file
from ita.reports.looks import LOOKS, MEGABYTE
from ita.reports.narrative import NarrativeReport, NarrativeResult, NarrativeRow

__all__ = ["TemplateFault", "validate_template"]

MAX_TEMPLATE_BYTES = LOOKS["template"].max_bytes
MAX_UNPACKED_BYTES = 50 * MEGABYTE
MAX_PARTS = 1_000
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MACROS = re.compile(r"vba(Project|Data)|activeX|macroEnabled", re.IGNORECASE)
_LINKED = re.compile(r"<Relationship\s(?>[^<>]*?TargetMode=.External.)[^<>]*+>")

MAX_PLACEHOLDER = 1_000
MAX_TEMPLATE_STEPS = 100_000_000
"""Placeholders times characters of a part: a form of a hundred in half a megabyte has half as many."""
MAX_UNCLOSED = 200
_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_ENCODING_BYTES = 4
_TAG = re.compile(r"<[^<>]*+>")
_MARKS = ("{{", "{%", "{#", "}}", "%}", "#}")
_PLACEHOLDER = re.compile(r"\{[{%#][^{}]*+")
_BLANKS = re.compile(r"\s{9}")
_MERGE = re.compile(r"\{%\s*+[vh]m\s*+%\}")
_COMMENT = re.compile(r"<!--(?:(?!-->).)*+|<\?(?!xml )(?:(?!\?>).)*+", re.DOTALL)
_UNCLOSED = re.compile(r"<w:(?:r|t|tc|tr) [^<>]*+>(?<=/>)")
"""Elements with attributes and nothing in them, which docxtpl takes for beginnings."""


def validate_template(content: bytes) -> bytes:
    """Validates a file as a template and returns it unchanged.

    Raises:
        TemplateFault: it can't be used; says why and what to do.
    """
    if len(content) > MAX_TEMPLATE_BYTES:
        raise TemplateFault(
            _("แม่แบบใหญ่เกิน {limit} MB กรุณาลดขนาดภาพในแม่แบบ", limit=MAX_TEMPLATE_BYTES // MEGABYTE)
        )
    if content.startswith(_OLD_OFFICE):
        raise TemplateFault(
            _("แม่แบบเป็นแฟ้ม .doc รุ่นเก่าหรือมีรหัสผ่าน กรุณาเปิดใน Word แล้วบันทึกเป็น .docx ที่ไม่มีรหัสผ่าน")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_package(archive)
    except TemplateFault:
        raise
    except Exception:  # what a stranger's archive can make zipfile raise has no end
        raise not_a_word_file() from None
    fill_template(content, _sample_report())
    return content


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
        raise TemplateFault(_("แฟ้มนี้เป็น .dotx กรุณาเปิดใน Word แล้วบันทึกเป็น “เอกสาร Word (.docx)”"))
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
            raise TemplateFault(_("แม่แบบดึงภาพหรือแฟ้มจากที่อื่นทุกครั้งที่เปิด กรุณาฝังภาพไว้ในแม่แบบแทนการลิงก์"))


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
        if found := _MERGE.search(cell):
            merged -= len(_MERGE.findall(cell))
            start = cell.rfind("<w:t", 0, found.start())
            if cell.rfind("</w:tcPr") > start or cell.find("</w:t>", found.end()) < 0:
                merged = -1
                break
    if merged:
        raise TemplateFault(_("กรุณาพิมพ์คำสั่ง vm หรือ hm ในแม่แบบใหม่ทั้งคำสั่ง ให้อยู่ในข้อความของช่องตาราง"))


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
    return NarrativeReport("agency", "agency", year, rows, ())
