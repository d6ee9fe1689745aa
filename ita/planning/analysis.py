"""Step one of a plan as one value: last year's scores, its weak points, its measures, what they call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita.domain import TOTAL, FiscalYear
from ita.formatting import score_text, year_text
from ita.i18n import _
from ita.measures.model import Completion, Measure
from ita.measures.queries import load_completions, load_measures, load_years_of_work
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.planning.aims import timing_sentence
from ita.planning.needs import Need, carried_over_measures, compute_needs
from ita.planning.plan_years import PlanYears, years_before
from ita.planning.targeted_indicators import TargetedIndicator, targeted_indicators
from ita.planning.weak_points import WeakPoint, compute_weak_points
from ita.reference import Reference, YearRules
from ita.scores.least_effort import format_next_level
from ita.scores.levels import localized_level
from ita.scores.queries import load_published_scores
from ita.scores.trends import Point, Trend, compute_trend
from ita.scores.what_if import find_starting_point
from ita.store import Cursor


@dataclass(frozen=True)
class PlanAnalysis:
    """What a plan starts from. scores: total and instruments of the analysed year, as far as known.
    level: as published, else by the rules. next_level: what it would take; "" where unknown.
    without_indicator: measures of the last year of work that name no indicator."""

    agency_id: str
    agency: str
    years: PlanYears
    scores: tuple[Point, ...]
    level: str | None
    next_level: str
    weak_points: tuple[WeakPoint, ...]
    targeted_indicators: tuple[TargetedIndicator, ...]
    without_indicator: tuple[Measure, ...]
    measures: tuple[Measure, ...]
    carried_over: tuple[JudgedMeasure, ...]
    needs: tuple[Need, ...]
    timing_note: str
    obstacle: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Of the scores, each once."""
        sources = [weak.source for weak in self.weak_points] + [
            point.source for point in self.scores
        ]
        return tuple(dict.fromkeys(source for source in sources if source))


def load_plan_analysis(
    cursor: Cursor,
    agency_id: str,
    year: FiscalYear,
    scored: FiscalYear | None,
    reference: Reference,
    today: date,
) -> PlanAnalysis:
    """What an agency's plan of a year starts from. scored: the year to analyse, None where there is
    none; the measures are those of the last year before the plan that has any."""
    name = cursor.execute(
        "SELECT name_th FROM agency WHERE agency_id = $agency_id", {"agency_id": agency_id}
    ).fetchone()
    agency_trend = compute_trend(load_published_scores(cursor, agency_id), reference)
    worked = next(iter(_worked_years(cursor, agency_id, year)), None)
    worked_measures = load_measures(cursor, agency_id, worked) if worked else ()
    worked_completions = load_completions(cursor, agency_id, worked) if worked else ()
    return analyse_plan(
        agency_id,
        name[0] if name else agency_id,
        PlanYears(year, scored, worked),
        agency_trend,
        worked_measures,
        worked_completions,
        reference,
        today,
    )


def _worked_years(cursor: Cursor, agency_id: str, year: FiscalYear) -> tuple[FiscalYear, ...]:
    """Years before a plan that have measures and not just a report, the latest first."""
    earlier_years = years_before(load_years_of_work(cursor, agency_id), year)
    return tuple(earlier for earlier in earlier_years if load_measures(cursor, agency_id, earlier))


def analyse_plan(
    agency_id: str,
    agency: str,
    years: PlanYears,
    agency_trend: Trend,
    worked_measures: Sequence[Measure],
    worked_completions: Sequence[Completion],
    reference: Reference,
    today: date,
) -> PlanAnalysis:
    """The same out of what is stored; pure. planned, reported: of the last year worked."""
    weak: tuple[WeakPoint, ...] = ()
    scores: tuple[Point, ...] = ()
    level, next_level_text, timing_note = None, "", ""
    if years.score_year is not None:
        weak = compute_weak_points(agency_trend, years.score_year, reference)
        scores = _scores(agency_trend, years.score_year, reference)
        level = _level(scores, reference.rules(years.score_year))
        start = find_starting_point(agency_trend, years.score_year, reference)
        next_level_text = format_next_level(start) if start and start.levers else ""
        if worked_measures and years.work_year == years.score_year:
            timing_note = timing_sentence(years.score_year, reference)
    judged_measures = judge_measures(worked_measures, worked_completions, today, reference.statuses)
    year_is_over = years.work_year is not None and years.work_year.last_day < today
    unfinished = carried_over_measures(judged_measures, year_is_over)
    return PlanAnalysis(
        agency_id,
        agency,
        years,
        scores,
        level,
        next_level_text,
        weak,
        targeted_indicators(worked_measures, agency_trend, years, reference),
        tuple(measure for measure in worked_measures if not measure.indicators),
        tuple(worked_measures),
        unfinished,
        compute_needs(weak, worked_measures, unfinished),
        timing_note,
        _obstacle(years, weak, scores, reference),
    )


def _scores(agency_trend: Trend, year: FiscalYear, reference: Reference) -> tuple[Point, ...]:
    parts = (TOTAL, *reference.rules(year).instruments)
    points = {point.part: point for point in agency_trend.points if point.fiscal_year == year}
    known_points = (points[part] for part in parts if part in points)
    return tuple(point for point in known_points if point.score is not None)


def _level(scores: Sequence[Point], rules: YearRules) -> str | None:
    total = next((point for point in scores if point.part == TOTAL), None)
    return localized_level(total.published_level or total.level, rules) if total else None


def _obstacle(
    years: PlanYears, weak: Sequence[WeakPoint], scores: Sequence[Point], reference: Reference
) -> str:
    """Why the analysis can't say where the weak points are; "" where it can."""
    if years.score_year is None:
        return _(
            "ยังไม่มีคะแนนของปีใดก่อน{year} จึงวิเคราะห์จุดอ่อนไม่ได้ เริ่มร่างจากมาตรการเดิมหรือเพิ่มแถวใหม่ได้",
            year=year_text(years.year),
        )
    words = {"year": year_text(years.score_year)}
    if not reference.rules(years.score_year).indicators:
        return _("คะแนน{year} มาจากรูปแบบการประเมินเดิมซึ่งไม่มีตัวชี้วัดให้เทียบ จึงบอกจุดอ่อนไม่ได้", **words)
    if weak or len(scores) > 1:
        return ""
    total = next((point.score for point in scores if point.part == TOTAL), None)
    return _(
        "{year} มีเฉพาะคะแนนรวม ({total}) จึงบอกไม่ได้ว่าจุดอ่อนอยู่ที่ใด กรุณานำเข้าคะแนนรายตัวชี้วัด",
        total=score_text(total),
        **words,
    )
