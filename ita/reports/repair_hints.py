"""Where gaps and claims of a report are repaired, and the hints how; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import Instrument
from ita.i18n import N_, _
from ita.reports.gaps import Gap, GapKind
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim


class ReportCell(StrEnum):
    """The editable cells of an instrument's row. ANSWERS: the measures that a result answers."""

    RESULT = "result"
    ANSWERS = "answers"
    DIVISIONS = "divisions"
    PERIOD = "period"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class CellAddress:
    """A cell of an instrument's row. seq: of the measure that it is about; None: of the whole row."""

    instrument: Instrument
    cell: ReportCell | None = None
    seq: int | None = None

    @property
    def code(self) -> str:
        """The code in a URL: IIT, IIT-outcome, IIT-result-3."""
        parts = (self.instrument, self.cell, self.seq)
        return "-".join(str(part) for part in parts if part is not None)

    @classmethod
    def parse(cls, code: str) -> CellAddress | None:
        """The address of a code; None for an invalid one."""
        instrument, *more = code.split("-")
        try:
            cell = ReportCell(more[0]) if more else None
            seq = int(more[1]) if len(more) > 1 else None
            address = cls(Instrument(instrument), cell, seq)
        except ValueError:
            return None
        return address if address.code == code else None


# The gaps that are repaired in the report itself; the others need reports or measures.
CELL_BY_GAP: Mapping[GapKind, ReportCell] = {
    GapKind.NO_RESULT: ReportCell.RESULT,
    GapKind.NO_PERIOD: ReportCell.PERIOD,
    GapKind.NO_DIVISION: ReportCell.DIVISIONS,
    GapKind.NO_OUTCOME: ReportCell.OUTCOME,
}

REPAIR_HINTS: Mapping[GapKind, str] = {
    GapKind.NO_RESULT: N_("เพิ่มสรุปผลของมาตรการนี้ หรือเลือกมาตรการนี้ในสรุปผลที่มีอยู่แล้ว"),
    GapKind.NO_PERIOD: N_("ระบุระยะเวลาของแบบวัดนี้ เช่น ไตรมาส 1-4"),
    GapKind.NO_DIVISION: N_("เลือกกองหรือสำนักที่รับผิดชอบมาตรการนี้"),
    GapKind.NO_OUTCOME: N_("เขียนผลลัพธ์ที่เกิดขึ้นจากมาตรการของแบบวัดนี้"),
    GapKind.NO_PROGRESS: N_("นำเข้าความสำเร็จของไตรมาสที่ขาด"),
    GapKind.WEAK_INDICATOR_WITHOUT_MEASURE: N_("เพิ่มมาตรการที่ระบุตัวชี้วัดนี้"),
}


def gap_address(gap: Gap) -> CellAddress | None:
    """The cell in which a gap is repaired; None where the report alone can't repair it.

    A period is written once for the instrument and stands for all its measures.
    """
    cell = CELL_BY_GAP.get(gap.kind)
    if cell is None:
        return None
    return CellAddress(gap.instrument, cell, None if cell is ReportCell.PERIOD else gap.seq)


def gap_repair_hint(gap: Gap) -> str:
    return _(REPAIR_HINTS[gap.kind])


def claim_address(judged: JudgedClaim) -> CellAddress:
    return CellAddress(Instrument(judged.instrument), ReportCell.OUTCOME)


def claim_repair_hint(judged: JudgedClaim) -> str:
    """How to make a claim hold; "" where it holds already."""
    if judged.verdict is ClaimVerdict.SUPPORTED:
        return ""
    if judged.verdict is ClaimVerdict.CONTRADICTED:
        return _("ปรับถ้อยคำให้ตรงกับคะแนน")
    if not judged.of_stored_figures:
        return _("แนบหลักฐานรายข้อแล้วปรับถ้อยคำให้อ้างหลักฐานนั้น หรือใช้ถ้อยคำที่คะแนนยืนยันได้")
    missing_years = ", ".join(map(str, _years_without_score(judged)))
    if not missing_years:
        return _("ปรับถ้อยคำให้คะแนนที่มีอยู่ยืนยันได้")
    return _("นำเข้าคะแนนปี {years} หรือปรับถ้อยคำให้คะแนนที่มีอยู่ยืนยันได้", years=missing_years)


def _years_without_score(judged: JudgedClaim) -> tuple[int, ...]:
    """The years from the first that the claim is judged by up to its own that have no score."""
    known = {int(e.fiscal_year) for e in judged.evidence if e.score is not None}
    year = int(judged.year)
    return tuple(y for y in range(min(known, default=year), year + 1) if y not in judged.scored)
