"""Where what a report lacks is mended, and how that is said; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.report.gaps import Gap, GapKind
from ita.scores.claims import ClaimVerdict, JudgedClaim
from ita.vocabulary import Instrument
from ita.wording import later, say


class Cell(StrEnum):
    """What can be written in an instrument's row. ANSWERS: which measures a result speaks of."""

    RESULT = "result"
    ANSWERS = "answers"
    DIVISIONS = "divisions"
    PERIOD = "period"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Place:
    """A cell of an instrument's row. seq: of the measure that it is about; None: of the whole row."""

    instrument: Instrument
    cell: Cell | None = None
    seq: int | None = None

    @property
    def code(self) -> str:
        """The place as it stands in an address: IIT, IIT-outcome, IIT-result-3."""
        parts = (self.instrument, self.cell, self.seq)
        return "-".join(str(part) for part in parts if part is not None)

    @classmethod
    def of_code(cls, code: str) -> Place | None:
        """None for what is no place."""
        instrument, *rest = code.split("-")
        try:
            cell = Cell(rest[0]) if rest else None
            seq = int(rest[1]) if len(rest) > 1 else None
            found = cls(Instrument(instrument), cell, seq)
        except ValueError:
            return None
        return found if found.code == code else None


CELL_OF: Mapping[GapKind, Cell] = {
    GapKind.NO_RESULT: Cell.RESULT,
    GapKind.NO_PERIOD: Cell.PERIOD,
    GapKind.NO_DIVISION: Cell.DIVISIONS,
    GapKind.NO_OUTCOME: Cell.OUTCOME,
}
"""The gaps that are mended in the report itself; the others need reports or measures."""

HOW: Mapping[GapKind, str] = {
    GapKind.NO_RESULT: later("เพิ่มสรุปผลของมาตรการนี้ หรือเลือกมาตรการนี้ในสรุปผลที่มีอยู่แล้ว"),
    GapKind.NO_PERIOD: later("ระบุระยะเวลาของแบบวัดนี้ เช่น ไตรมาส 1-4"),
    GapKind.NO_DIVISION: later("เลือกกองหรือสำนักที่รับผิดชอบมาตรการนี้"),
    GapKind.NO_OUTCOME: later("เขียนผลลัพธ์ที่เกิดขึ้นจากมาตรการของแบบวัดนี้"),
    GapKind.NO_PROGRESS: later("นำเข้าความสำเร็จของไตรมาสที่ขาด"),
    GapKind.WEAK_INDICATOR_WITHOUT_MEASURE: later("เพิ่มมาตรการที่ระบุตัวชี้วัดนี้"),
}


def place_of(gap: Gap) -> Place | None:
    """Where a gap is mended in the report; None where the report alone can't mend it.

    A period is written once for the instrument and stands for all its measures.
    """
    cell = CELL_OF.get(gap.kind)
    if cell is None:
        return None
    return Place(gap.instrument, cell, None if cell is Cell.PERIOD else gap.seq)


def how_to_mend(gap: Gap) -> str:
    return say(HOW[gap.kind])


def place_of_claim(judged: JudgedClaim) -> Place:
    return Place(Instrument(judged.instrument), Cell.OUTCOME)


def how_to_mend_claim(judged: JudgedClaim) -> str:
    """What makes a claim hold; nothing where it holds already."""
    if judged.verdict is ClaimVerdict.SUPPORTED:
        return ""
    if judged.verdict is ClaimVerdict.CONTRADICTED:
        return say("ปรับถ้อยคำให้ตรงกับคะแนน")
    if not judged.of_stored_figures:
        return say("แนบหลักฐานรายข้อแล้วปรับถ้อยคำให้อ้างหลักฐานนั้น หรือใช้ถ้อยคำที่คะแนนยืนยันได้")
    lacking = ", ".join(map(str, _years_without_score(judged)))
    if not lacking:
        return say("ปรับถ้อยคำให้คะแนนที่มีอยู่ยืนยันได้")
    return say("นำเข้าคะแนนปี {years} หรือปรับถ้อยคำให้คะแนนที่มีอยู่ยืนยันได้", years=lacking)


def _years_without_score(judged: JudgedClaim) -> tuple[int, ...]:
    """The years from the first that the claim is judged by up to its own that have no score."""
    known = {int(e.fiscal_year) for e in judged.evidence if e.score is not None}
    year = int(judged.year)
    return tuple(y for y in range(min(known, default=year), year + 1) if y not in judged.scored)
