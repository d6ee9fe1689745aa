"""Builds the executive's brief as one value (standing, reasons, next steps) and sets it as a PDF of two pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from ita.charts.typst_figures import chart_data
from ita.config import PROJECT
from ita.documents.model import printable_texts
from ita.documents.pdf import typeset
from ita.domain import FICTIONAL_MARK, THAILAND, FiscalYear, is_fictional
from ita.formatting import date_text, no_data, shortened, year_text
from ita.i18n import _, either, language
from ita.measures.model import load_completions, load_work, load_years_of_work
from ita.measures.statuses import outstanding_measures
from ita.reference import Reference, ReferenceFault
from ita.reports.brief_scores import (
    BriefSection,
    BriefStanding,
    brief_standing,
    indicator_section,
    movement_section,
    score_sources,
    trend_section,
)
from ita.reports.brief_work import Todo, WorkSection, YearWork, build_work_section
from ita.reports.narrative import load_narrative_report
from ita.reports.next_steps import StepItem, latest_weakness, open_report_year
from ita.scores.events import load_agency_events
from ita.scores.queries import load_agency_names, load_agency_type, load_published_scores
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
    trend: BriefSection
    movement: BriefSection
    indicators: BriefSection
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
        agency=either(*load_agency_names(cursor, agency_id)),
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


# The brief as PDF: at most two pages of A4 upright, set by typst; typst is imported with the first.

TEMPLATE = PROJECT / "ita" / "reports" / "brief.typ"

# Items of one kind; the page shows fewer where it has less room, and says how many are left out.
MAX_ITEMS = 12
MAX_NAME_LENGTH, MAX_LEVEL_LENGTH, MAX_TEXT_LENGTH, MAX_MESSAGE_LENGTH = 160, 60, 70, 220
# Letters; a longer text is cut and ends in …
MAX_NOTE_LENGTH, MAX_SOURCE_LENGTH = 260, 420


def brief_pdf(brief: Brief) -> bytes:
    """The brief as PDF/A-2a and PDF/UA-1; a sign that no font has is printed as an empty box.

    The document's own texts are in the current `ita.i18n.language()`.
    """
    return typeset(TEMPLATE, printable_texts(_template_data(brief)))


def _template_data(brief: Brief) -> Any:
    agency = _line(brief.agency, MAX_NAME_LENGTH)
    return {
        "language": language(),
        "title": brief.title,
        "agency": agency,
        "as_of": [brief.as_of.year, brief.as_of.month, brief.as_of.day],
        "data_date": brief.data_date,
        "fictional_mark": brief.fictional_mark,
        "standing": _standing(brief.standing) if brief.standing else None,
        "no_standing": _("ยังไม่มีคะแนนของหน่วยงานนี้จนถึง{year}", year=year_text(brief.year)),
        "trend": _section(brief.trend),
        "movement": _section(brief.movement),
        "indicators": _section(brief.indicators),
        "work": _work(brief.work),
        "notes": [_line(note, MAX_NOTE_LENGTH) for note in brief.notes],
        "sources_title": _("แหล่งที่มา"),
        "sources": _list([_line(source, MAX_SOURCE_LENGTH) for source in brief.sources]),
        "foot": f"{brief.title} · {shortened(agency, 48)}",
        "pages": [[_page(n, count) for n in range(1, count + 1)] for count in (1, 2)],
    }


def _page(number: int, count: int) -> str:
    return _("หน้า {number} จาก {count}", number=number, count=count)


def _standing(standing: BriefStanding) -> dict[str, Any]:
    return asdict(standing) | {
        "level": _line(standing.level, MAX_LEVEL_LENGTH),
        "notes": [_line(note, MAX_NOTE_LENGTH) for note in standing.notes],
    }


def _section(section: BriefSection) -> dict[str, Any]:
    charts = [chart_data(chart) for chart in section.charts]
    signs, counts = (charts[0]["notes"], charts[0]["counts"]) if charts else ([], [])
    return {
        "title": section.title,
        "headline": section.headline,
        "charts": charts,
        "signs": _list([[sign, _line(note, MAX_NOTE_LENGTH)] for sign, note in signs], counts),
        "notes": [_line(note, MAX_NOTE_LENGTH) for note in section.notes],
        "legend": [list(pair) for pair in section.legend],
    }


def _work(work: WorkSection) -> dict[str, Any]:
    return asdict(work) | {"todos": list(map(_todo, work.todos))}


def _todo(todo: Todo) -> dict[str, Any]:
    items = [_item(item) for item in todo.items[:MAX_ITEMS]]
    return {"title": todo.title, "counts": todo.counts} | _list(items, total=len(todo.items))


def _item(item: StepItem) -> dict[str, str]:
    return {
        "name": item.name,
        "text": _line(item.text, MAX_TEXT_LENGTH),
        "message": _line(item.message, MAX_MESSAGE_LENGTH),
    }


def _list(
    items: list[Any], counts: Sequence[int] | None = None, total: int | None = None
) -> dict[str, Any]:
    """Items, and for each number of shown items the text about the remaining ones.

    counts: how many things each item stands for, default 1. total: how many there are, more than the
    items where the list was cut.
    """
    each = [1] * len(items) if counts is None else counts
    remaining = sum(each) if total is None else total
    more = []
    for count in (0, *each):
        remaining -= count
        more.append(_("และอีก {more} รายการ", more=remaining) if remaining else "")
    return {"items": items, "more": more}


def _line(text: str, max_length: int) -> str:
    return shortened(" ".join(text.split()), max_length)
