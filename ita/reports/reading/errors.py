"""Why a file of an old report can't be read, each with the sentence that is shown for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ita.i18n import N_, _

SENTENCES: Mapping[str, str] = {
    "empty": N_("ไฟล์นี้ว่าง กรุณาเลือกไฟล์รายงานที่มีข้อความ"),
    "too-large": N_(
        "ไฟล์นี้มีขนาด {found} MB เกิน {limit} MB ที่อ่านได้ กรุณาลดขนาดภาพในไฟล์ หรือแยกเฉพาะหน้าที่เป็นรายงาน"
    ),
    "too-many-pages": N_(
        "ไฟล์นี้มี {found} หน้า เกิน {limit} หน้าที่อ่านได้ในครั้งเดียว กรุณาแยกเฉพาะหน้าที่เป็นรายงานแล้วนำเข้าใหม่"
    ),
    "too-complex": N_(
        "ไฟล์นี้มีข้อความหรือเส้นมากผิดปกติ (หน้า {page}) ระบบจึงหยุดอ่าน กรุณาบันทึกเป็น PDF ใหม่จากต้นฉบับ "
        "หรือแยกเฉพาะหน้าที่เป็นรายงาน"
    ),
    "too-heavy": N_(
        "การอ่านไฟล์นี้ใช้หน่วยความจำหรือเวลามากผิดปกติ ระบบจึงหยุดไว้ ไม่มีข้อมูลใดเปลี่ยน กรุณาบันทึกเป็น PDF ใหม่จากต้นฉบับ "
        "หรือแยกเฉพาะหน้าที่เป็นรายงาน"
    ),
    "unpacks-too-large": N_("ไฟล์นี้เมื่อคลายแล้วใหญ่เกิน {limit} MB ระบบจึงไม่เปิด กรุณาบันทึกใหม่จากต้นฉบับ"),
    "encrypted": N_("ไฟล์นี้มีรหัสผ่าน ระบบจึงเปิดอ่านไม่ได้ กรุณาบันทึกใหม่โดยไม่ใส่รหัสผ่าน"),
    "damaged": N_("เปิดไฟล์นี้ไม่ได้ ไฟล์เสียหายหรือบันทึกไม่สมบูรณ์ กรุณาขอไฟล์ใหม่ หรือบันทึกใหม่จากต้นฉบับ"),
    "scan": N_(
        "ไฟล์นี้เป็นภาพ (สแกน) ไม่มีตัวอักษรให้อ่าน กรุณาใช้ไฟล์ที่บันทึกจาก Word หรือ Excel โดยตรง หรือพิมพ์ข้อความเอง"
    ),
    "ocr-missing": N_(
        "ไฟล์นี้เป็นภาพ (สแกน) และเครื่องนี้ยังไม่มีโปรแกรมอ่านอักษรจากภาพ (Tesseract ภาษาไทย) หรือปิดไว้ กรุณาให้ผู้ดูแลระบบติดตั้ง "
        "หรือใช้ไฟล์ที่บันทึกจาก Word หรือ Excel โดยตรง"
    ),
    "ocr-too-many-pages": N_(
        "ไฟล์นี้เป็นภาพ {found} หน้า เกิน {limit} หน้าที่อ่านอักษรจากภาพได้ในครั้งเดียว กรุณาแยกเฉพาะหน้าที่เป็นรายงานแล้วนำเข้าใหม่"
    ),
    "ocr-no-text": N_(
        "อ่านตัวอักษรจากภาพในไฟล์นี้ไม่ได้ ภาพอาจเล็ก จาง หรือตะแคง กรุณาสแกนใหม่ให้คมชัดอย่างน้อย 300 จุดต่อนิ้ว หรือพิมพ์ข้อความเอง"
    ),
    "picture": N_("ไฟล์นี้เป็นรูปภาพ ไม่ใช่เอกสาร แม้ชื่อจะลงท้ายแบบอื่น กรุณาใช้ไฟล์ PDF หรือ Word ที่มีตัวอักษร"),
    "macros": N_(
        "ไฟล์ Word นี้มีแมโครจึงไม่รับ กรุณาเปิดใน Word แล้วบันทึกเป็น “เอกสาร Word (.docx)” ที่ไม่มีแมโคร"
    ),
    "old-word": N_(
        "ไฟล์นี้เป็น Word รุ่นเก่า (.doc) หรือมีรหัสผ่าน กรุณาเปิดใน Word แล้วบันทึกเป็น .docx หรือ PDF ที่ไม่มีรหัสผ่าน"
    ),
    "other-kind": N_("ไฟล์นี้ไม่ใช่เอกสารที่อ่านได้ กรุณาใช้ PDF, Word (.docx), หน้าเว็บ (.html) หรือไฟล์ข้อความ"),
    "xfa-form": N_(
        "ไฟล์นี้เป็นแบบฟอร์มของ Adobe (XFA) ซึ่งเปิดได้เฉพาะใน Acrobat กรุณาเปิดแล้วสั่งพิมพ์เป็น PDF ก่อนนำเข้า"
    ),
    "portfolio": N_(
        "ไฟล์นี้เป็น PDF ที่รวมเอกสารหลายไฟล์ไว้ข้างใน (Portfolio) กรุณาเปิดแล้วบันทึกไฟล์รายงานที่อยู่ข้างในออกมา แล้วนำเข้าไฟล์นั้น"
    ),
    "no-text": N_("ไฟล์นี้ไม่มีข้อความให้อ่าน กรุณาเลือกไฟล์รายงานที่มีข้อความ"),
}
"""By the error's stable code: what is the matter and what to do."""


@dataclass(frozen=True)
class ReadError:
    """Why nothing is read of a file. code: a key of SENTENCES; values: what its sentence names."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self) -> str:
        """In the language that is spoken now."""
        return _(SENTENCES[self.code], **self.values)


class UnreadableDocument(Exception):
    """A file as a whole can't be read; carries the error to show."""

    def __init__(self, code: str, **values: object) -> None:
        self.error = ReadError(code, values)
        super().__init__(code)


# How much of one document is read; what is larger is refused before it costs anything.

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ReadLimits:
    """unpacked_bytes: of the parts of a packed file. characters, cells: of the whole document.

    scan_characters: fewer a page beside pictures are a page number or a stamp on a scan. ocr_pages: of
    a scan, that are read in one go.
    """

    file_bytes: int = 100 * MEGABYTE
    pages: int = 300
    unpacked_bytes: int = 100 * MEGABYTE
    parts: int = 5_000
    characters: int = 2_000_000
    cells: int = 100_000
    scan_characters: int = 25
    ocr_pages: int = 20


READ_LIMITS = ReadLimits()
