"""What a person should look at in a draft, each with the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping

from ita.i18n import N_, _

DOUBT_SENTENCES: Mapping[str, str] = {
    "space": N_("ไม่แน่ใจว่าตรงนี้ต้นฉบับเว้นวรรคหรือไม่ กรุณาเทียบกับต้นฉบับ"),
    "lost-letters": N_("มีตัวอักษรที่อ่านไม่ออก (�) กรุณาพิมพ์เติมจากต้นฉบับ"),
    "continued": N_("ข้อความนี้ต่อมาจากหน้าก่อน ระบบต่อท้ายข้อสุดท้ายให้ กรุณาตรวจว่าเป็นข้อเดียวกัน"),
    "numbers": N_("เลขข้อไม่เรียงต่อกัน กรุณาตรวจว่าอ่านครบทุกข้อ"),
    "repeated": N_("แบบวัดนี้มีข้อความช่องเดียวกันหลายแห่ง ระบบนำมาต่อกันคนละบรรทัด กรุณาตรวจ"),
    "no-year": N_("ไม่พบปีงบประมาณในเอกสาร กรุณาระบุปีเอง"),
    "year-differs": N_("ปีที่ระบุไม่ตรงกับปีงบประมาณในเอกสาร กรุณาตรวจว่าเป็นแฟ้มที่ต้องการ"),
    "agency-differs": N_("หน่วยงานที่ระบุไม่ตรงกับชื่อในเอกสาร กรุณาตรวจว่าเป็นรายงานของหน่วยงานนี้"),
    "other-year": N_("ระยะเวลานี้เป็นของปีอื่นจากปีของรายงาน กรุณาตรวจ"),
}
"""By the doubt's stable code."""


def doubt_sentence(why: str) -> str:
    """In the language that is spoken now."""
    return _(DOUBT_SENTENCES[why])
