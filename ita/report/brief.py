"""The executive's brief as one value: two pages of where we stand, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ita.measures.queries import load_completions, load_work, load_years_of_work
from ita.measures.statuses import outstanding_measures
from ita.reference import Reference, ReferenceFault
from ita.report.brief_scores import (
    indicator_section,
    moved_section,
    place,
    score_sources,
    trend_section,
)
from ita.report.brief_values import Place, Section, Work
from ita.report.brief_work import WorkOfYear, work
from ita.report.narrative import narrative_report
from ita.report.next_steps import latest_weakness, open_report
from ita.scores.events import agency_events
from ita.scores.queries import agency_type, published_scores
from ita.scores.totals import YearScores
from ita.scores.trends import Trend, trend
from ita.store import Cursor
from ita.vocabulary import FICTIONAL_MARK, THAILAND, FiscalYear, is_fictional
from ita.wording import date_text, either, no_data, say, year_text


@dataclass(frozen=True)
class Brief:
    """One agency and year. place: None without scores. mark: that figures are made up, or "".

    made: the day on which what is late was judged. day: of the last change of the data, as a phrase.
    """

    title: str
    agency: str
    year: FiscalYear
    made: date
    day: str
    mark: str
    place: Place | None
    trend: Section
    moved: Section
    indicators: Section
    work: Work
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all is stored of which the brief could speak."""
        return self.place is None and not self.work.settled and not self.work.todos


def brief(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference, today: date
) -> Brief:
    """The brief of an agency as its scores stood in a year and its work of that year on a day.

    Scores of later years are left out; where the year has none, the latest before it speak.
    """
    stored = [s for s in published_scores(cursor, agency_id) if s.fiscal_year <= year]
    scores = [s for s in stored if reference.knows(s.fiscal_year)]
    found = trend(scores, reference, agency_type(cursor, agency_id))
    done = _work(cursor, agency_id, year, found, reference, today)
    sources = score_sources(found, reference)
    evidence = [c.evidence for c in load_completions(cursor, agency_id, year)]
    return Brief(
        title=say("บทสรุปผู้บริหาร ITA {year}", year=year_text(year)),
        agency=_name(cursor, agency_id),
        year=year,
        made=today,
        day=_day(cursor),
        mark=say(FICTIONAL_MARK) if any(map(is_fictional, [*sources, *evidence])) else "",
        place=place(found, year, reference),
        trend=trend_section(found, agency_events(cursor, agency_id), reference),
        moved=moved_section(scores, reference),
        indicators=indicator_section(found, reference),
        work=done,
        notes=_left_out(stored, reference),
        sources=sources,
    )


def _work(
    cursor: Cursor,
    agency_id: str,
    year: FiscalYear,
    found: Trend,
    reference: Reference,
    today: date,
) -> Work:
    years = load_years_of_work(cursor, agency_id)
    before = open_report(years, year, today)
    try:
        report = narrative_report(cursor, agency_id, year, reference, today)
        earlier = narrative_report(cursor, agency_id, before, reference, today) if before else None
    except ReferenceFault as fault:  # scores of a year without rules: claims can't be judged
        title = say("สิ่งที่ควรทำต่อ {year}", year=year_text(year))
        return Work(title, str(fault), (), "", ())
    by_year = {y: load_work(cursor, agency_id, y) for y in years}
    planned, reported = by_year.get(year, ((), ()))
    late = [
        one
        for open_year, stored in by_year.items()
        if open_year <= year
        for one in outstanding_measures(*stored, today, reference.statuses)
    ]
    of_all_years = [one for of_year, _ in by_year.values() for one in of_year]
    weak = latest_weakness(found, of_all_years, reference)
    of_this_year = WorkOfYear(report, planned, reported, late, weak, today, earlier)
    return work(of_this_year, years, reference)


def _name(cursor: Cursor, agency_id: str) -> str:
    row = cursor.execute(
        "SELECT name_th, name_en FROM agency WHERE agency_id = $agency_id", {"agency_id": agency_id}
    ).fetchone()
    return either(row[0], row[1] or "") if row else agency_id


def _day(cursor: Cursor) -> str:
    """Of the last change of the store, on a Thai calendar day."""
    row = cursor.execute("SELECT max(saved_at) FROM batch").fetchone()
    saved: datetime | None = row[0] if row else None
    day = date_text((saved + THAILAND).date()) if saved else no_data()
    return say("ข้อมูล ณ {day}", day=day)


def _left_out(stored: Sequence[YearScores], reference: Reference) -> tuple[str, ...]:
    years = [s.fiscal_year for s in stored if not reference.knows(s.fiscal_year)]
    if not years:
        return ()
    told = say(
        "ไม่ได้แสดงคะแนนของ {years} เพราะยังไม่มีเกณฑ์ของปีในข้อมูลอ้างอิง",
        years=", ".join(map(year_text, years)),
    )
    return (told,)
