"""Whether a report is ready to hand in: what it must have, counted, and the cells that lack it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.domain import Instrument
from ita.i18n import N_, _
from ita.reports.gaps import Gap, GapKind
from ita.reports.narrative import NarrativeReport, NarrativeRow
from ita.reports.repair_hints import CellAddress, claim_address, gap_address
from ita.scores.claims.verdicts import ClaimVerdict


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
    def done(self) -> int:
        return sum(line.done for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def is_ready(self) -> bool:
        return all(line.is_complete for line in self.lines)

    @property
    def is_early(self) -> bool:
        """Whether all that is missing is not due yet."""
        return not self.is_ready and all(line.is_complete or line.is_early for line in self.lines)


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
    """How often a row must meet a requirement. An instrument that has results but no measures, as old
    reports do, owes one period."""
    if kind is ReadinessKind.OUTCOMES:
        return 1
    return max(1, len(row.measures)) if kind is ReadinessKind.PERIODS else len(row.measures)


def _missing_count(kind: ReadinessKind, row: NarrativeRow, row_gaps: Iterable[Gap]) -> int:
    """How often it does not; a gap of the whole instrument counts for all of its row."""
    gaps = [gap for gap in row_gaps if gap.kind is GAP_BY_READINESS[kind]]
    if any(gap.seq is None for gap in gaps):
        return _required_count(kind, row)
    return len(gaps)


def _unique(addresses: Iterable[CellAddress | None]) -> tuple[CellAddress, ...]:
    return tuple(dict.fromkeys(address for address in addresses if address))
