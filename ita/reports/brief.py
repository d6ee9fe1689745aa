"""Builds the executive's brief as one value: standing, reasons and next steps on two pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ita.domain import FICTIONAL_MARK, THAILAND, FiscalYear, is_fictional
from ita.formatting import date_text, no_data, year_text
from ita.i18n import _, either
from ita.measures.queries import load_completions, load_work, load_years_of_work
from ita.measures.statuses import outstanding_measures
from ita.reference import Reference, ReferenceFault
from ita.reports.brief_scores import (
    brief_standing,
    indicator_section,
    movement_section,
    score_sources,
    trend_section,
)
from ita.reports.brief_values import BriefStanding, Section, WorkSection
from ita.reports.brief_work import YearWork, build_work_section
from ita.reports.narrative import load_narrative_report
from ita.reports.next_steps import latest_weakness, open_report_year
from ita.scores.events import load_agency_events
from ita.scores.queries import load_agency_type, load_published_scores
from ita.scores.totals import YearScores
from ita.scores.trends import Trend, compute_trend
from ita.store import Cursor


@dataclass(frozen=True)
class Brief:
    """One agency and year. standing: None without scores. fictional_mark: "" for real figures.

    as_of: the day as of which late work was judged. data_date: of the last change, as a phrase.
    """

    title: str
    agency: str
    year: FiscalYear
    as_of: date
    data_date: str
    fictional_mark: str
    standing: BriefStanding | None
    trend: Section
    movement: Section
    indicators: Section
    work: WorkSection
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether neither scores nor work are stored."""
        return self.standing is None and not self.work.all_clear and not self.work.todos


def build_brief(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference, today: date
) -> Brief:
    """The brief of an agency: its scores up to a year and its work of that year as of a day.

    Scores of later years are left out; where the year has none, the latest before it are used.
    """
    stored = [s for s in load_published_scores(cursor, agency_id) if s.fiscal_year <= year]
    scores = [s for s in stored if reference.knows(s.fiscal_year)]
    agency_trend = compute_trend(scores, reference, load_agency_type(cursor, agency_id))
    work = _build_work(cursor, agency_id, year, agency_trend, reference, today)
    sources = score_sources(agency_trend, reference)
    evidence = [c.evidence for c in load_completions(cursor, agency_id, year)]
    return Brief(
        title=_("บทสรุปผู้บริหาร ITA {year}", year=year_text(year)),
        agency=_agency_name(cursor, agency_id),
        year=year,
        as_of=today,
        data_date=_data_date(cursor),
        fictional_mark=_(FICTIONAL_MARK) if any(map(is_fictional, [*sources, *evidence])) else "",
        standing=brief_standing(agency_trend, year, reference),
        trend=trend_section(agency_trend, load_agency_events(cursor, agency_id), reference),
        movement=movement_section(scores, reference),
        indicators=indicator_section(agency_trend, reference),
        work=work,
        notes=_omitted_years_notes(stored, reference),
        sources=sources,
    )


def _build_work(
    cursor: Cursor,
    agency_id: str,
    year: FiscalYear,
    agency_trend: Trend,
    reference: Reference,
    today: date,
) -> WorkSection:
    years = load_years_of_work(cursor, agency_id)
    open_year = open_report_year(years, year, today)
    try:
        report = load_narrative_report(cursor, agency_id, year, reference, today)
        earlier = (
            load_narrative_report(cursor, agency_id, open_year, reference, today)
            if open_year
            else None
        )
    except ReferenceFault as fault:  # scores of a year without rules: claims can't be judged
        title = _("สิ่งที่ควรทำต่อ {year}", year=year_text(year))
        return WorkSection(title, str(fault), (), "", ())
    by_year = {y: load_work(cursor, agency_id, y) for y in years}
    planned, reported = by_year.get(year, ((), ()))
    late_measures = [
        measure
        for open_year, stored in by_year.items()
        if open_year <= year
        for measure in outstanding_measures(*stored, today, reference.statuses)
    ]
    all_measures = [
        measure for year_measures, _unused in by_year.values() for measure in year_measures
    ]
    weak = latest_weakness(agency_trend, all_measures, reference)
    year_work = YearWork(report, planned, reported, late_measures, weak, today, earlier)
    return build_work_section(year_work, years, reference)


def _agency_name(cursor: Cursor, agency_id: str) -> str:
    row = cursor.execute(
        "SELECT name_th, name_en FROM agency WHERE agency_id = $agency_id", {"agency_id": agency_id}
    ).fetchone()
    return either(row[0], row[1] or "") if row else agency_id


def _data_date(cursor: Cursor) -> str:
    """A phrase with the Thai calendar day of the store's last change."""
    row = cursor.execute("SELECT max(saved_at) FROM batch").fetchone()
    saved: datetime | None = row[0] if row else None
    day = date_text((saved + THAILAND).date()) if saved else no_data()
    return _("ข้อมูล ณ {day}", day=day)


def _omitted_years_notes(stored: Sequence[YearScores], reference: Reference) -> tuple[str, ...]:
    years = [s.fiscal_year for s in stored if not reference.knows(s.fiscal_year)]
    if not years:
        return ()
    note = _(
        "ไม่ได้แสดงคะแนนของ {years} เพราะยังไม่มีเกณฑ์ของปีในข้อมูลอ้างอิง",
        years=", ".join(map(year_text, years)),
    )
    return (note,)
