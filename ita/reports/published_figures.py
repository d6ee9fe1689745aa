"""The published figures of an agency, so that an import can preview how it changes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ita.domain import TOTAL, FiscalYear
from ita.formatting import no_data, quarter_text, score_text, year_text
from ita.i18n import _
from ita.measures.means import mean_text, overall_means
from ita.measures.model import Work, load_work
from ita.reference import Reference, ReferenceFault
from ita.reports.narrative import load_narrative_report
from ita.scores.claims.messages import claim_text
from ita.scores.claims.texts.kinds import RISES
from ita.scores.claims.verdicts import ClaimVerdict
from ita.scores.levels import localized_level
from ita.scores.queries import load_published_scores
from ita.scores.trends import compute_trend
from ita.store import Cursor

# Label of a figure → its text, in reading order.
Figures = dict[str, str]


@dataclass(frozen=True)
class FigureChange:
    """A published figure before and after."""

    name: str
    before: str
    after: str


def load_published_figures(
    cursor: Cursor,
    agency_id: str,
    years: Iterable[FiscalYear],
    reference: Reference,
    today: date,
) -> Figures:
    """Totals, levels, mean completion, gaps and claims of an agency in some years."""
    figures: Figures = {}
    points = {
        p.fiscal_year: p
        for p in compute_trend(load_published_scores(cursor, agency_id), reference).points_of(TOTAL)
    }
    for year in sorted(years):
        point = points.get(year)
        level = None
        if point and reference.knows(year):
            level = localized_level(point.published_level or point.level, reference.rules(year))
        words = {"year": year_text(year)}
        figures[_("คะแนนรวม {year}", **words)] = score_text(point.score if point else None)
        figures[_("ระดับ {year}", **words)] = level or no_data()
        work = load_work(cursor, agency_id, year)
        means = overall_means(*work)
        for quarter in year.quarters:
            name = _("ความสำเร็จเฉลี่ย{quarter}", quarter=quarter_text(quarter))
            figures[name] = mean_text(means.mean_of(quarter)) if means else no_data()
        figures |= _report_figures(cursor, agency_id, year, reference, today, work)
    return figures


def _report_figures(
    cursor: Cursor,
    agency_id: str,
    year: FiscalYear,
    reference: Reference,
    today: date,
    work: Work,
) -> Figures:
    try:
        report = load_narrative_report(cursor, agency_id, year, reference, today, work)
    except ReferenceFault:
        return {}
    figures = {
        _("สิ่งที่รายงานยังขาด {year}", year=year_text(year)): _(
            "{count} รายการ", count=len(report.gaps)
        )
    }
    verdicts = {
        ClaimVerdict.SUPPORTED: _("ข้อความตรงกับคะแนน"),
        ClaimVerdict.CONTRADICTED: _("ข้อความขัดกับคะแนน"),
        ClaimVerdict.NOT_ENOUGH_DATA: _("คะแนนไม่พอที่จะยืนยันข้อความ"),
    }
    for judged in report.claims:
        words = {"instrument": judged.instrument, "year": year_text(year)}
        name = _("ข้อความว่าคะแนนเพิ่มขึ้นของ {instrument} {year}", **words)
        if judged.claim.kind not in RISES:
            claim_name = claim_text(judged.claim)
            name = _("ข้อความ “{claim}” ของ {instrument} {year}", claim=claim_name, **words)
        figures[name] = verdicts[judged.verdict]
    return figures


def figure_changes(before: Figures, after: Figures) -> tuple[FigureChange, ...]:
    """The figures that differ; one that is missing on a side is "no data" there."""
    names = dict.fromkeys([*before, *after])
    changes = (
        FigureChange(name, before.get(name, no_data()), after.get(name, no_data()))
        for name in names
    )
    return tuple(change for change in changes if change.before != change.after)
