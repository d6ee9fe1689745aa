"""Step one of a plan as one value: last year's scores, its weak points, its measures, what they call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ita.documents.settings import NO_SETTINGS, DocumentSettings, load_document_settings
from ita.domain import TOTAL, FiscalYear, Part
from ita.formatting import score_text, year_text
from ita.i18n import _, either
from ita.measures.model import (
    Completion,
    Measure,
    active_measures,
    load_completions,
    load_measures,
    load_years_of_work,
)
from ita.measures.statuses import judge_measures
from ita.planning.aims import timing_sentence
from ita.planning.needs import (
    Need,
    WeakPoint,
    carried_over_measures,
    compute_needs,
    compute_weak_points,
    last_comparable,
)
from ita.reference import Reference, YearRules
from ita.scores.levels import localized_level
from ita.scores.queries import load_agency_names, load_published_scores
from ita.scores.trends import Point, Trend, compute_trend
from ita.scores.what_if import find_starting_point, format_next_level
from ita.store import Cursor

# The years of a plan: the one planned, the one whose scores are analysed, the last one of work.


@dataclass(frozen=True)
class PlanYears:
    """year: of the plan. score_year: whose scores are analysed; work_year: whose measures are continued;
    both earlier, None where there are none."""

    year: FiscalYear
    score_year: FiscalYear | None
    work_year: FiscalYear | None


def default_plan_year(score_years: Sequence[FiscalYear], today: date) -> FiscalYear:
    """The year after the last scored one, but never one that is over."""
    running = FiscalYear.containing(today)
    return max(running, FiscalYear(max(score_years) + 1)) if score_years else running


def plannable_years(
    score_years: Sequence[FiscalYear],
    work_years: Sequence[FiscalYear],
    today: date,
    last: FiscalYear,
) -> tuple[FiscalYear, ...]:
    """Years that may be planned, oldest first: from the first that can start from something to the
    one after this, and not beyond `last`, to which files of measures are taken."""
    running = FiscalYear.containing(today)
    first = min([running, *(year + 1 for year in (*score_years, *work_years))])
    end = min(last, max(default_plan_year(score_years, today), running + 1))
    return tuple(FiscalYear(year) for year in range(first, end + 1))


def years_before(years: Sequence[FiscalYear], year: FiscalYear) -> tuple[FiscalYear, ...]:
    """Those that a plan of a year may look back on, the latest first."""
    return tuple(sorted((earlier for earlier in years if earlier < year), reverse=True))


# The indicators that last year's measures targeted, with their scores; pure. No cause is claimed.


@dataclass(frozen=True)
class TargetedIndicator:
    """An indicator that measures targeted, its score of the analysed year and the last comparable one;
    None where unknown."""

    number: Part
    name_th: str
    name_en: str
    measures: tuple[Measure, ...]
    score: Decimal | None
    previous: Point | None

    @property
    def name(self) -> str:
        return f"{self.number} {either(self.name_th, self.name_en)}"

    @property
    def change(self) -> Decimal | None:
        if self.score is None or self.previous is None or self.previous.score is None:
            return None
        return self.score - self.previous.score


def targeted_indicators(
    measures: Sequence[Measure], trend: Trend, years: PlanYears, reference: Reference
) -> tuple[TargetedIndicator, ...]:
    """Each indicator that some measure names, in the authority's order."""
    numbers = {number for measure in measures for number in measure.indicators}
    if not measures or not numbers:
        return ()
    rules = reference.nearest_rules(measures[0].fiscal_year)
    return tuple(
        _targeted_indicator(number, rules, measures, trend, years, reference)
        for number in rules.indicators
        if number in numbers
    )


def _targeted_indicator(
    number: Part,
    rules: YearRules,
    measures: Sequence[Measure],
    trend: Trend,
    years: PlanYears,
    reference: Reference,
) -> TargetedIndicator:
    indicator = rules.indicators[number]
    own_measures = tuple(measure for measure in measures if number in measure.indicators)
    score, previous = None, None
    # A score of an earlier year says nothing of this work.
    if (
        years.score_year is not None
        and years.work_year is not None
        and years.work_year <= years.score_year
    ):
        points = {p.fiscal_year: p.score for p in trend.points_of(number)}
        score = points.get(years.score_year)
        previous = last_comparable(trend, number, years.score_year, reference)
    return TargetedIndicator(
        number, indicator.name_th, indicator.name_en, own_measures, score, previous
    )


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
    needs: tuple[Need, ...]
    timing_note: str
    obstacle: str
    settings: DocumentSettings = NO_SETTINGS

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
    agency_trend = compute_trend(load_published_scores(cursor, agency_id), reference)
    worked = next(iter(_worked_years(cursor, agency_id, year)), None)
    worked_measures = load_measures(cursor, agency_id, worked) if worked else ()
    worked_completions = load_completions(cursor, agency_id, worked) if worked else ()
    analysis = analyse_plan(
        agency_id,
        load_agency_names(cursor, agency_id)[0],
        PlanYears(year, scored, worked),
        agency_trend,
        worked_measures,
        worked_completions,
        reference,
        today,
    )
    return replace(analysis, settings=load_document_settings(cursor, agency_id))


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
    """The same out of what is stored; pure. planned, reported: of the last year worked; what was
    cancelled is not carried on."""
    worked_measures = active_measures(worked_measures)
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
