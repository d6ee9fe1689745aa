"""An old report as it was read: a draft for a person to look through, nothing of it stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import FiscalYear, Instrument
from ita.i18n import N_, _
from ita.reports.reading.thai_repair import Repair


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


# What a person should look at in a draft, each with the sentence that says why.

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
