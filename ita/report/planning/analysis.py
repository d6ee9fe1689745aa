"""Step one of a plan as one value: last year's scores, its weak points, its measures, what they call for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ita.measures.model import Completion, Measure
from ita.measures.queries import load_completions, load_measures, load_years_of_work
from ita.measures.statuses import JudgedMeasure, judge_measures
from ita.reference import Reference, YearRules
from ita.report.aims import timing_sentence
from ita.report.planning.aimed import Aimed, aimed_at
from ita.report.planning.basis import PlanYears, years_before
from ita.report.planning.needs import Need, left_over, needs
from ita.report.planning.weak_points import WeakPoint, weak_points
from ita.scores.least_effort import next_level
from ita.scores.levels import said_level
from ita.scores.queries import published_scores
from ita.scores.trends import Point, Trend, trend
from ita.scores.what_if import starting_point
from ita.store import Cursor
from ita.vocabulary import TOTAL, FiscalYear
from ita.wording import say, score_text, year_text


@dataclass(frozen=True)
class PlanAnalysis:
    """What a plan starts from. scores: total and instruments of the analysed year, as far as known.
    level: as published, else as the rules give it. next_level: what it would take; "" where that
    can't be told. aimless: measures of the last year worked that name no indicator."""

    agency_id: str
    agency: str
    years: PlanYears
    scores: tuple[Point, ...]
    level: str | None
    next_level: str
    weak: tuple[WeakPoint, ...]
    aimed: tuple[Aimed, ...]
    aimless: tuple[Measure, ...]
    measures: tuple[Measure, ...]
    left_over: tuple[JudgedMeasure, ...]
    needs: tuple[Need, ...]
    timing: str
    obstacle: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Of the scores that are told, each once."""
        found = [weak.source for weak in self.weak] + [point.source for point in self.scores]
        return tuple(dict.fromkeys(source for source in found if source))


def plan_analysis(
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
    found = trend(published_scores(cursor, agency_id), reference)
    worked = next(iter(_worked(cursor, agency_id, year)), None)
    planned = load_measures(cursor, agency_id, worked) if worked else ()
    reported = load_completions(cursor, agency_id, worked) if worked else ()
    return analysed(
        agency_id,
        name[0] if name else agency_id,
        PlanYears(year, scored, worked),
        found,
        planned,
        reported,
        reference,
        today,
    )


def _worked(cursor: Cursor, agency_id: str, year: FiscalYear) -> tuple[FiscalYear, ...]:
    """Years before a plan that have measures and not just a report, the latest first."""
    before = years_before(load_years_of_work(cursor, agency_id), year)
    return tuple(earlier for earlier in before if load_measures(cursor, agency_id, earlier))


def analysed(
    agency_id: str,
    agency: str,
    years: PlanYears,
    found: Trend,
    planned: Sequence[Measure],
    reported: Sequence[Completion],
    reference: Reference,
    today: date,
) -> PlanAnalysis:
    """The same out of what is stored; pure. planned, reported: of the last year worked."""
    weak: tuple[WeakPoint, ...] = ()
    told: tuple[Point, ...] = ()
    level, step, timing = None, "", ""
    if years.scored is not None:
        weak = weak_points(found, years.scored, reference)
        told = _scores(found, years.scored, reference)
        level = _level(told, reference.rules(years.scored))
        start = starting_point(found, years.scored, reference)
        step = next_level(start) if start and start.levers else ""
        if planned and years.worked == years.scored:
            timing = timing_sentence(years.scored, reference)
    judged = judge_measures(planned, reported, today, reference.statuses)
    over = years.worked is not None and years.worked.last_day < today
    left = left_over(judged, over)
    return PlanAnalysis(
        agency_id,
        agency,
        years,
        told,
        level,
        step,
        weak,
        aimed_at(planned, found, years, reference),
        tuple(measure for measure in planned if not measure.indicators),
        tuple(planned),
        left,
        needs(weak, planned, left),
        timing,
        _obstacle(years, weak, told, reference),
    )


def _scores(found: Trend, year: FiscalYear, reference: Reference) -> tuple[Point, ...]:
    parts = (TOTAL, *reference.rules(year).instruments)
    points = {point.part: point for point in found.points if point.fiscal_year == year}
    told = (points[part] for part in parts if part in points)
    return tuple(point for point in told if point.score is not None)


def _level(told: Sequence[Point], rules: YearRules) -> str | None:
    total = next((point for point in told if point.part == TOTAL), None)
    return said_level(total.level_published or total.level, rules) if total else None


def _obstacle(
    years: PlanYears, weak: Sequence[WeakPoint], told: Sequence[Point], reference: Reference
) -> str:
    """Why the analysis can't say where the weak points are; "" where it can."""
    if years.scored is None:
        return say(
            "ยังไม่มีคะแนนของปีใดก่อน{year} จึงวิเคราะห์จุดอ่อนไม่ได้ เริ่มร่างจากมาตรการเดิมหรือเพิ่มแถวใหม่ได้",
            year=year_text(years.year),
        )
    words = {"year": year_text(years.scored)}
    if not reference.rules(years.scored).indicators:
        return say("คะแนน{year} มาจากรูปแบบการประเมินเดิมซึ่งไม่มีตัวชี้วัดให้เทียบ จึงบอกจุดอ่อนไม่ได้", **words)
    if weak or len(told) > 1:
        return ""
    total = next((point.score for point in told if point.part == TOTAL), None)
    return say(
        "{year} มีเฉพาะคะแนนรวม ({total}) จึงบอกไม่ได้ว่าจุดอ่อนอยู่ที่ใด กรุณานำเข้าคะแนนรายตัวชี้วัด",
        total=score_text(total),
        **words,
    )
