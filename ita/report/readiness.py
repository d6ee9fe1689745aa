"""Whether a report is ready to hand in: what must be there, counted, with the places that lack it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ita.report.gaps import Gap, GapKind
from ita.report.mending import Place, place_of, place_of_claim
from ita.report.narrative import NarrativeReport, NarrativeRow
from ita.scores.claims import ClaimVerdict
from ita.vocabulary import Instrument
from ita.wording import later, say


class ReadinessKind(StrEnum):
    """In the order in which an assessor looks."""

    RESULTS = "results"
    DIVISIONS = "divisions"
    PERIODS = "periods"
    OUTCOMES = "outcomes"
    CLAIMS = "claims"


LABELS: Mapping[ReadinessKind, str] = {
    ReadinessKind.RESULTS: later("ทุกมาตรการมีสรุปผล"),
    ReadinessKind.DIVISIONS: later("ทุกมาตรการมีผู้รับผิดชอบ"),
    ReadinessKind.PERIODS: later("ทุกมาตรการมีระยะเวลาดำเนินการ"),
    ReadinessKind.OUTCOMES: later("ทุกแบบวัดมีผลลัพธ์"),
    ReadinessKind.CLAIMS: later("ทุกข้อความที่อ้างคะแนนตรงกับคะแนน"),
}

GAP_OF: Mapping[ReadinessKind, GapKind] = {
    ReadinessKind.RESULTS: GapKind.NO_RESULT,
    ReadinessKind.DIVISIONS: GapKind.NO_DIVISION,
    ReadinessKind.PERIODS: GapKind.NO_PERIOD,
    ReadinessKind.OUTCOMES: GapKind.NO_OUTCOME,
}


@dataclass(frozen=True)
class ReadinessLine:
    """One thing that must be there. total: how often it must be; places: where it is mended, each
    once, so they may be fewer than what is missing. awaited: how many of those that are not there
    need not be yet."""

    kind: ReadinessKind
    done: int
    total: int
    places: tuple[Place, ...] = ()
    awaited: int = 0

    @property
    def complete(self) -> bool:
        """Of nothing at all only claims are complete: a report without measures is not ready."""
        return self.done == self.total and (self.total > 0 or self.kind is ReadinessKind.CLAIMS)

    @property
    def early(self) -> bool:
        """Whether it is not complete only for what need not be there yet."""
        return not self.complete and self.awaited > 0 and self.done + self.awaited == self.total

    @property
    def label(self) -> str:
        return say(LABELS[self.kind])


@dataclass(frozen=True)
class Readiness:
    """All of it. absent: instruments of which the report says nothing; told, but not counted."""

    lines: tuple[ReadinessLine, ...]
    absent: tuple[Instrument, ...]

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def ready(self) -> bool:
        return all(line.complete for line in self.lines)

    @property
    def early(self) -> bool:
        """Whether nothing lacks but what need not be there yet."""
        return not self.ready and all(line.complete or line.early for line in self.lines)


def readiness(report: NarrativeReport) -> Readiness:
    """How far a whole report is; of one narrowed to some instruments only those are counted."""
    present = {row.instrument for row in report.rows}
    return Readiness(
        tuple(_line(kind, report) for kind in ReadinessKind),
        tuple(instrument for instrument in Instrument if instrument not in present),
    )


def _line(kind: ReadinessKind, report: NarrativeReport) -> ReadinessLine:
    if kind is ReadinessKind.CLAIMS:
        open_ = [c for c in report.claims if c.verdict is not ClaimVerdict.SUPPORTED]
        total = len(report.claims)
        return ReadinessLine(kind, total - len(open_), total, _once(map(place_of_claim, open_)))
    total = sum(_owed(kind, row) for row in report.rows)
    missing = sum(_missing(kind, row, row.gaps) for row in report.rows)
    awaited = sum(_missing(kind, row, row.awaited) for row in report.rows)
    gaps = (gap for row in report.rows for gap in row.gaps if gap.kind is GAP_OF[kind])
    done = total - missing - awaited
    return ReadinessLine(kind, done, total, _once(map(place_of, gaps)), awaited)


def _owed(kind: ReadinessKind, row: NarrativeRow) -> int:
    """How often a row must have something. An instrument that has results but no measures, as old
    reports do, owes one period."""
    if kind is ReadinessKind.OUTCOMES:
        return 1
    return max(1, len(row.measures)) if kind is ReadinessKind.PERIODS else len(row.measures)


def _missing(kind: ReadinessKind, row: NarrativeRow, of_row: Iterable[Gap]) -> int:
    """A gap of the whole instrument stands for all that its row owes."""
    gaps = [gap for gap in of_row if gap.kind is GAP_OF[kind]]
    if any(gap.seq is None for gap in gaps):
        return _owed(kind, row)
    return len(gaps)


def _once(places: Iterable[Place | None]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for place in places if place))
