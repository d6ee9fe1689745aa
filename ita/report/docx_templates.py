"""Validates agencies' own Word templates on upload."""

from __future__ import annotations

import io
import re
import zipfile

from ita.report.docx_document import fill_template
from ita.report.docx_placeholders import TemplateFault, not_a_word_file
from ita.report.looks import LOOKS, MEGABYTE
from ita.report.printed_report import PrintedReport, PrintedRow
from ita.wording import _

__all__ = ["TemplateFault", "validate_template"]

MAX_TEMPLATE_BYTES = LOOKS["template"].max_bytes
MAX_UNPACKED_BYTES = 50 * MEGABYTE
MAX_PARTS = 1_000
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MACROS = re.compile(r"vba(Project|Data)|activeX|macroEnabled", re.IGNORECASE)
_LINKED = re.compile(r"<Relationship\s(?>[^<>]*?TargetMode=.External.)[^<>]*+>")


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
    fill_template(content, SAMPLE_REPORT)
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
        if name.endswith((".xml", ".rels")):
            _check_part(archive.read(name))


def _check_part(part: bytes) -> None:
    """Refuses entities, which can grow without end, and links that Word fetches when it opens."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise not_a_word_file()
    for link in _LINKED.findall(part.decode("utf-8", "replace")):
        if "/hyperlink" not in link and re.search(r'Target="(?:https?:|\\\\|//|ftp:)', link):
            raise TemplateFault(_("แม่แบบดึงภาพหรือแฟ้มจากที่อื่นทุกครั้งที่เปิด กรุณาฝังภาพไว้ในแม่แบบแทนการลิงก์"))


def _row(number: int) -> PrintedRow:
    name = f"row {number}"
    return PrintedRow("IIT", name, ((1, name), (2, name)), ("a", "b"), ("c",), "d", ("c", "d"), "e")


# A template is validated by filling it with this.
SAMPLE_REPORT = PrintedReport(
    "title", ("title", "year", "agency"), "agency", 2567, "introduction", (_row(1), _row(2))
)
