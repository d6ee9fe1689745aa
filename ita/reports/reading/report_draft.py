"""An old report as it was read: a draft for a person to look through, nothing of it stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import FiscalYear, Instrument
from ita.i18n import N_, _
from ita.reports.reading.thai_repair import Repair, RepairKind, Sureness


class ReportColumn(StrEnum):
    """A column of these reports' tables. The first five of the values are the draft's own."""

    MEASURES = "measures"
    RESULTS = "results"
    DIVISIONS = "divisions"
    PERIOD = "period"
    OUTCOME = "outcome"
    INSTRUMENT = "instrument"
    INDICATOR = "indicator"
    SEQ = "seq"
    RESPONSIBLE = "responsible"  # divisions and period in one
    OTHER = "other"


@dataclass(frozen=True)
class DraftRow:
    """One instrument: texts in the order of the report. period, outcome: None where there is none."""

    instrument: Instrument
    measures: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    period: str | None = None
    outcome: str | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.measures or self.results or self.divisions or self.period or self.outcome)


@dataclass(frozen=True)
class Doubt:
    """What a person should look at. instrument, column: None for the report as a whole. why: a key of
    DOUBT_SENTENCES."""

    instrument: Instrument | None
    column: ReportColumn | None
    text: str
    why: str


@dataclass(frozen=True)
class ReportDraft:
    """A whole report. rows: of the instruments of which anything was read, in the authority's order.

    agency: its name as the report writes it, None where it names none. unplaced: paragraphs that belong
    to no column, in order; nothing of the file is in none of both.
    """

    title: str
    fiscal_year: FiscalYear | None
    agency: str | None
    rows: tuple[DraftRow, ...]
    unplaced: tuple[str, ...]
    repairs: tuple[Repair, ...]
    doubts: tuple[Doubt, ...]

    def repair_counts(self) -> dict[RepairKind, Counter[Sureness]]:
        """How many repairs of each kind are how sure; what was mended most often first."""
        kinds = Counter(repair.kind for repair in self.repairs)
        return {
            kind: Counter(repair.sure for repair in self.repairs if repair.kind is kind)
            for kind, _count in kinds.most_common()
        }


# What a person should look at in a draft, each with the sentence that says why.

DOUBT_SENTENCES: Mapping[str, str] = {
    "space": N_("ไม่แน่ใจว่าตรงนี้ต้นฉบับเว้นวรรคหรือไม่ กรุณาเทียบกับต้นฉบับ"),
    "lost-letters": N_("มีตัวอักษรที่อ่านไม่ออก (�) กรุณาพิมพ์เติมจากต้นฉบับ"),
    "continued": N_("ข้อความนี้ต่อมาจากหน้าก่อน ระบบต่อท้ายข้อสุดท้ายให้ กรุณาตรวจว่าเป็นข้อเดียวกัน"),
    "numbers": N_("เลขข้อไม่เรียงต่อกัน กรุณาตรวจว่าอ่านครบทุกข้อ"),
    "repeated": N_("แบบวัดนี้มีข้อความช่องเดียวกันหลายแห่ง ระบบนำมาต่อกันคนละบรรทัด กรุณาตรวจ"),
    "ocr": N_("อ่านจากภาพด้วยโปรแกรม อาจผิดทุกตัวอักษร กรุณาเทียบกับต้นฉบับ"),
    "picture-pages": N_("หน้าเหล่านี้เป็นภาพ ไม่มีตัวอักษรให้อ่าน จึงไม่อยู่ในร่าง กรุณาตรวจว่ามีส่วนของรายงานหรือไม่:"),
    "no-year": N_("ไม่พบปีงบประมาณในเอกสาร กรุณาระบุปีเอง"),
    "year-differs": N_("ปีที่ระบุไม่ตรงกับปีงบประมาณในเอกสาร กรุณาตรวจว่าเป็นไฟล์ที่ต้องการ"),
    "agency-differs": N_("หน่วยงานที่ระบุไม่ตรงกับชื่อในเอกสาร กรุณาตรวจว่าเป็นรายงานของหน่วยงานนี้"),
    "other-year": N_("ระยะเวลานี้เป็นของปีอื่นจากปีของรายงาน กรุณาตรวจ"),
}
"""By the doubt's stable code."""


def doubt_sentence(why: str) -> str:
    """In the language that is spoken now."""
    return _(DOUBT_SENTENCES[why])


REPAIR_LABELS: Mapping[RepairKind, str] = {
    RepairKind.FONT_GLYPH: N_("ตัวอักษรพิเศษของฟอนต์รุ่นเก่า"),
    RepairKind.INVISIBLE: N_("อักขระที่มองไม่เห็น"),
    RepairKind.SPLIT_VOWEL: N_("สระที่แยกเป็นสองตัว (ำ แ)"),
    RepairKind.TORN_MARK: N_("สระหรือวรรณยุกต์ที่หลุดจากพยัญชนะ"),
    RepairKind.MARK_ORDER: N_("สระและวรรณยุกต์ที่สลับลำดับ"),
    RepairKind.DOUBLED_MARK: N_("ตัวอักษรหรือวรรณยุกต์ที่ซ้ำ"),
    RepairKind.SPACED_LETTERS: N_("วรรคที่แทรกในคำหรือระหว่างคำ"),
    RepairKind.CUT_LINE: N_("ข้อความที่ถูกตัดท้ายบรรทัด"),
}
"""What was mended, as a heading over its places."""

SURENESS_LABELS: Mapping[Sureness, str] = {
    Sureness.CERTAIN: N_("แน่นอน"),
    Sureness.LIKELY: N_("น่าจะถูก"),
    Sureness.DOUBTFUL: N_("ไม่แน่ใจ กรุณาตรวจ"),
}
"""How sure a repair is."""
