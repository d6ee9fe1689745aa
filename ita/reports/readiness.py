"""Whether a report is ready to hand in, what it lacks, and where and how that is repaired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import Instrument
from ita.i18n import N_, _
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.scores.claims.verdicts import ClaimVerdict, JudgedClaim

# Where gaps and claims of a report are repaired, and the hints how; pure.


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


class ReadinessKind(StrEnum):
    """In the order in which an assessor looks."""

    RESULTS = "results"
    DIVISIONS = "divisions"
    PERIODS = "periods"
    OUTCOMES = "outcomes"
    CLAIMS = "claims"


LABELS: Mapping[ReadinessKind, str] = {
    ReadinessKind.RESULTS: N_("ทุกมาตรการมีสรุปผล"),
    ReadinessKind.DIVISIONS: N_("ทุกมาตรการมีผู้รับผิดชอบ"),
    ReadinessKind.PERIODS: N_("ทุกมาตรการมีระยะเวลาดำเนินการ"),
    ReadinessKind.OUTCOMES: N_("ทุกแบบวัดมีผลลัพธ์"),
    ReadinessKind.CLAIMS: N_("ทุกข้อความที่อ้างคะแนนตรงกับคะแนน"),
}

GAP_BY_READINESS: Mapping[ReadinessKind, GapKind] = {
    ReadinessKind.RESULTS: GapKind.NO_RESULT,
    ReadinessKind.DIVISIONS: GapKind.NO_DIVISION,
    ReadinessKind.PERIODS: GapKind.NO_PERIOD,
    ReadinessKind.OUTCOMES: GapKind.NO_OUTCOME,
}


@dataclass(frozen=True)
class ReadinessLine:
    """One requirement. total: how often it must be met. addresses: the cells to repair, each once, so
    they may be fewer than what is missing. not_due: how many of the missing are not due yet."""

    kind: ReadinessKind
    done: int
    total: int
    addresses: tuple[CellAddress, ...] = ()
    not_due: int = 0

    @property
    def is_complete(self) -> bool:
        """Of nothing at all only claims are complete: a report without measures is not ready."""
        return self.done == self.total and (self.total > 0 or self.kind is ReadinessKind.CLAIMS)

    @property
    def is_early(self) -> bool:
        """Whether all that is missing is not due yet."""
        return not self.is_complete and self.not_due > 0 and self.done + self.not_due == self.total

    @property
    def label(self) -> str:
        return _(LABELS[self.kind])


@dataclass(frozen=True)
class Readiness:
    """All requirements. missing_instruments: without any text in the report; shown, not counted."""

    lines: tuple[ReadinessLine, ...]
    missing_instruments: tuple[Instrument, ...]

    @property
    def numbers(self) -> dict[CellAddress, int]:
        """The number of each cell to repair, from 1, in the order of the lines."""
        addresses = (address for line in self.lines for address in line.addresses)
        return {address: number for number, address in enumerate(dict.fromkeys(addresses), 1)}

    @property
    def lacking(self) -> int:
        """Cells that lack something. A claim lacks nothing, whatever the scores say to it."""
        lines = (line for line in self.lines if line.kind is not ReadinessKind.CLAIMS)
        return sum(len(line.addresses) for line in lines)

    @property
    def is_ready(self) -> bool:
        return all(line.is_complete for line in self.lines)

    @property
    def is_early(self) -> bool:
        """Whether all that is missing is not due yet."""
        return not self.is_ready and all(line.is_complete or line.is_early for line in self.lines)


def headline(report: NarrativeReport, result: Readiness) -> str:
    """Whether the report can be handed in, in a sentence."""
    if result.is_ready:
        return _("ครบถ้วน พร้อมส่ง")
    if not any(row.measures for row in report.rows):
        return _("ยังไม่มีมาตรการของปีนี้ จึงยังส่งไม่ได้")
    if result.lacking:
        return _("ยังขาด {count} รายการ จึงยังส่งไม่ได้", count=result.lacking)
    if contradicted := len(report.contradicted_claims):
        return _("ครบทุกช่อง แต่มีข้อความขัดกับคะแนน {count} แห่ง", count=contradicted)
    if result.is_early:
        return _("ยังไม่ถึงกำหนดรายงาน")
    return _("ครบทุกช่อง แต่มีข้อความที่คะแนนยังไม่พอยืนยัน")


def assess_readiness(report: NarrativeReport) -> Readiness:
    """The readiness of a report; of one narrowed to some instruments only those count."""
    present = {row.instrument for row in report.rows}
    return Readiness(
        tuple(_line(kind, report) for kind in ReadinessKind),
        tuple(instrument for instrument in Instrument if instrument not in present),
    )


def _line(kind: ReadinessKind, report: NarrativeReport) -> ReadinessLine:
    if kind is ReadinessKind.CLAIMS:
        open_claims = [c for c in report.claims if c.verdict is not ClaimVerdict.SUPPORTED]
        total = len(report.claims)
        return ReadinessLine(
            kind, total - len(open_claims), total, _unique(map(claim_address, open_claims))
        )
    total = sum(_required_count(kind, row) for row in report.rows)
    missing = sum(_missing_count(kind, row, row.gaps) for row in report.rows)
    not_due = sum(_missing_count(kind, row, row.gaps_not_due) for row in report.rows)
    gaps = (gap for row in report.rows for gap in row.gaps if gap.kind is GAP_BY_READINESS[kind])
    done = total - missing - not_due
    return ReadinessLine(kind, done, total, _unique(map(gap_address, gaps)), not_due)


def _required_count(kind: ReadinessKind, row: NarrativeRow) -> int:
    """How often a row must meet a requirement; a cancelled measure has none. An instrument that has
    results but no measures, as old reports do, owes one period."""
    if kind is ReadinessKind.OUTCOMES:
        return 1
    measures = len(row.active_measures)
    return max(1, measures) if kind is ReadinessKind.PERIODS else measures


def _missing_count(kind: ReadinessKind, row: NarrativeRow, row_gaps: Iterable[Gap]) -> int:
    """How often it does not; a gap of the whole instrument counts for all of its row."""
    gaps = [gap for gap in row_gaps if gap.kind is GAP_BY_READINESS[kind]]
    if any(gap.seq is None for gap in gaps):
        return _required_count(kind, row)
    return len(gaps)


def _unique(addresses: Iterable[CellAddress | None]) -> tuple[CellAddress, ...]:
    return tuple(dict.fromkeys(address for address in addresses if address))
