"""The brief's sections on scores: standing, trend, movement, indicators; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ita.charts.values import Bar, BarChart, CellGrid, GridCell, LineChart
from ita.domain import TOTAL, Certainty, FiscalYear, Instrument
from ita.formatting import change_text, part_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference, YearRules
from ita.scores.charts import trend_chart
from ita.scores.citations import means_line, rule_citation_sentences
from ita.scores.contributions import (
    NoSplit,
    Split,
    last_comparable_pair,
    split_change,
    totals_by_year,
)
from ita.scores.events import AgencyEvent, event_marks
from ita.scores.indicator_charts import SHADES, indicator_grid, weak_sentence, year_zones, zone_text
from ita.scores.indicators import (
    IndicatorRow,
    IndicatorTable,
    indicator_table,
    indicator_years,
    years_of_older_model,
)
from ita.scores.levels import localized_level
from ita.scores.standing import (
    ScoreComparison,
    Standing,
    change_label,
    compute_standing,
    headline,
    indicator_scores,
    score_comparisons,
    verdict_sentence,
)
from ita.scores.totals import YearScores
from ita.scores.trends import Trend
from ita.scores.waterfall import change_headline, refusal_text, split_notes, waterfall_chart
from ita.scores.what_if import next_level_sentence
from ita.theme import INDICATOR_STYLE, part_style

# The latest years of the trend; the names of more would not fit.
MAX_TREND_YEARS = 15
MAX_INDICATOR_YEARS = 5
# Shares of a chart's usual height that the trend may take.
HEIGHTS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.42, 0.33)
# Maximum numbers of steps between two totals, one chart each; the smallest steps become one.
WATERFALL_STEP_LIMITS = (7, 5, 3)


@dataclass(frozen=True)
class Tile:
    """One instrument. change: against which year, or why there is none. direction: −1 a fall, 1 a
    rise that has reached the mark, else 0."""

    name: str
    color: str
    score: str
    change: str
    direction: int


@dataclass(frozen=True)
class BriefStanding:
    """The agency's standing. level: "" where unknown. has_passed: whether it reached the pass mark.
    direction: as of a tile. comparisons: with the national mean and the agency's own best year.

    ahead: what the next level takes, or how far the marks are. notes: on the score. without_tiles:
    why there are no instruments.
    """

    title: str
    score: str
    level: str
    has_passed: bool
    change: str
    direction: int
    comparisons: tuple[ScoreComparison, ...]
    headline: str
    ahead: str
    tiles: tuple[Tile, ...]
    without_tiles: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class BriefSection:
    """A heading, a sentence, a chart where there is one, and notes.

    charts: the same figures in several sizes, the fullest first; the page takes one that fits.
    Without any, the headline says what is missing. legend: colours of cells and what they mean.
    """

    title: str
    headline: str
    charts: tuple[LineChart | BarChart | CellGrid, ...] = ()
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()


def brief_standing(trend: Trend, year: FiscalYear, reference: Reference) -> BriefStanding | None:
    """The agency's standing in its latest year; None without scores."""
    total = compute_standing(trend, TOTAL, reference)
    if total is None:
        return None
    instruments = [s for i in Instrument if (s := compute_standing(trend, i, reference))]
    known = any(part.score is not None for part in instruments)
    ahead = next_level_sentence(trend, reference) or total.targets_text
    return BriefStanding(
        title=f"{part_text(TOTAL)} {year_text(total.year)}",
        score=score_text(total.score),
        level=_level(total, reference.rules(total.year)),
        has_passed=total.has_passed,
        change=change_label(total) if total.change_since is not None else "",
        direction=total.change_sign,
        comparisons=score_comparisons(total),
        headline=headline(total, instruments, indicator_scores(trend, reference)),
        ahead=ahead,
        tiles=tuple(map(_tile, instruments)) if known else (),
        without_tiles="" if known else _without_tiles(total.year, reference),
        notes=tuple(_notes(total, year, reference)),
    )


def _level(total: Standing, rules: YearRules) -> str:
    published = (total.point.published_level or total.point.level) if total.point else None
    level = localized_level(published, rules)
    return _("ไม่ทราบระดับ") if level is None else _("ระดับ {level}", level=level)


def _tile(part: Standing) -> Tile:
    return Tile(
        part_text(part.part),
        part_style(part.part).color,
        "–" if part.score is None else score_text(part.score),
        part.sentence() if part.change_since is None else change_label(part),
        part.change_sign,
    )


def _without_tiles(year: FiscalYear, reference: Reference) -> str:
    if not reference.rules(year).instruments:
        return _("{year} ใช้รูปแบบการประเมินเดิมที่ไม่มีแบบวัด IIT EIT OIT", year=year_text(year))
    return _(
        "ยังไม่มีคะแนนรายแบบวัด ({names}) ของ{year} เมื่อนำเข้าแล้วจะบอกได้ว่าแบบวัดใดดีขึ้นหรือยังได้ไม่เต็ม",
        names=", ".join(Instrument),
        year=year_text(year),
    )


def _notes(total: Standing, year: FiscalYear, reference: Reference) -> Iterator[str]:
    """Notes on the total: which year it is of, and how certain."""
    if total.year < year:
        yield _(
            "ยังไม่มีคะแนนของ{year} จึงแสดงปีล่าสุดที่มี คือ{latest}",
            year=year_text(year),
            latest=year_text(total.year),
        )
    rules, point = reference.rules(total.year), total.point
    if point and point.has_mismatch:
        yield _(
            "คะแนนรวมที่ประกาศ ({published}) ต่างจากที่คำนวณจากส่วนต่าง ๆ ({computed}) ควรตรวจคะแนนที่นำเข้า",
            published=score_text(point.published_score),
            computed=score_text(point.computed_score),
        )
    elif point and point.published_score is None and point.score is not None:
        yield _("คะแนนรวมนี้คำนวณจากส่วนต่าง ๆ ยังไม่มีคะแนนรวมที่ประกาศ")
    if point and point.level and point.has_level_mismatch:
        yield _(
            "ระดับที่ประกาศ ({published}) ต่างจากระดับตามเกณฑ์ของปี ({computed})",
            published=localized_level(point.published_level, rules),
            computed=localized_level(point.level, rules),
        )
    if rules.certainty is Certainty.ASSUMED:
        yield _("เกณฑ์ของปี {years} คาดไว้ตามปีอื่น ยังไม่พบเอกสาร", years=int(total.year))


def trend_section(
    trend: Trend, events: Sequence[AgencyEvent], reference: Reference
) -> BriefSection:
    """The total over its years, with breaks, events, levels and the national mean."""
    if not trend.years:
        return BriefSection(_("คะแนน ITA รายปี"), _("ยังไม่มีคะแนนของหน่วยงานนี้"))
    years = trend.years[-MAX_TREND_YEARS:]
    marks = event_marks(events, years, TOTAL, reference)
    chart = trend_chart(trend, (TOTAL,), years, reference, marks)
    verdict = trend.verdict(TOTAL)
    headline = verdict_sentence(verdict, trend, reference) if verdict else ""
    return BriefSection(
        chart.title, headline, tuple(replace(chart, height_factor=height) for height in HEIGHTS)
    )


def movement_section(scores: Sequence[YearScores], reference: Reference) -> BriefSection:
    """What moved the total between the last two comparable years, or why that is unknown."""
    title = _("อะไรทำให้คะแนนรวมเปลี่ยน")
    by_year = {year.fiscal_year: year for year in scores}
    pair = last_comparable_pair(list(totals_by_year(scores, reference)), reference)
    if pair is None:
        return BriefSection(title, _("ต้องมีคะแนนรวมอย่างน้อยสองปีจึงจะบอกได้ว่าอะไรทำให้คะแนนเปลี่ยน"))
    split = split_change(by_year[pair[0]], by_year[pair[1]], reference)
    if isinstance(split, NoSplit):
        return BriefSection(title, refusal_text(split))
    charts = tuple(
        dict.fromkeys(_waterfall(split, limit, reference) for limit in WATERFALL_STEP_LIMITS)
    )
    notes = (
        _("แกนไม่ได้เริ่มที่ 0"),
        *split_notes(split),
    )
    return BriefSection(title, change_headline(split, reference), charts, notes)


def _waterfall(split: Split, max_steps: int, reference: Reference) -> BarChart:
    """The steps as a chart; where there are more than `max_steps`, the smallest become one."""
    chart = waterfall_chart(split, reference)
    if len(split.steps) <= max_steps:
        return chart
    largest = sorted(split.steps, key=lambda step: -abs(step.exact))[: max_steps - 1]
    bars, total = [chart.bars[0]], split.start
    for step, bar in zip(split.steps, chart.bars[1:-1], strict=True):
        if step in largest:
            bars.append(replace(bar, start=float(total), end=float(total + step.points)))
            total += step.points
    name = _("อีก {count} รายการรวมกัน", count=len(split.steps) - len(largest))
    label = change_text(split.end - total)
    color = INDICATOR_STYLE.color
    bars.append(Bar(name, float(total), float(split.end), color, label, f"{name} {label}"))
    return replace(chart, bars=(*bars, chart.bars[-1]))


def indicator_section(trend: Trend, reference: Reference) -> BriefSection:
    """Every indicator over the last years, with the zone of each score."""
    years = indicator_years(trend, reference)[-MAX_INDICATOR_YEARS:]
    if not years:
        return BriefSection(_("คะแนนรายตัวชี้วัด"), _without_indicators(trend, reference))
    table = indicator_table(trend, years, tuple(Instrument), reference)
    grid = indicator_grid(table)
    rows = tuple(
        (f"{name} ({row.instrument})", (*cells, _change(row, table)))
        for row, (name, cells) in zip(table.rows, grid.rows, strict=True)
    )
    grid_with_change = replace(grid, columns=(*grid.columns, _("เปลี่ยนแปลง")), rows=rows)
    key = tuple(
        (SHADES[zone].color, zone_text(starts, zone))
        for _unused, starts in table.eras[-1:]
        for zone in year_zones(starts)
    )
    note = _("สีเทียบกับเกณฑ์ของคะแนนรวมในปีนั้น ซึ่งไม่ใช่ระดับของตัวชี้วัด · “–” คือไม่มีข้อมูล ไม่ใช่ศูนย์")
    return BriefSection(grid.title, weak_sentence(table), (grid_with_change,), (note,), key)


def _change(row: IndicatorRow, table: IndicatorTable) -> GridCell:
    """The change of the last year shown in which any indicator has a score."""
    latest = row.latest_cell
    if latest is None or latest.change is None or latest.fiscal_year != table.latest_year:
        return GridCell("–", "")
    return GridCell(change_text(latest.change), "")


def _without_indicators(trend: Trend, reference: Reference) -> str:
    sentences = [_("ยังไม่มีคะแนนรายตัวชี้วัดของหน่วยงานนี้ จึงยังบอกไม่ได้ว่าตัวใดอ่อน นำเข้าได้ในไฟล์คะแนน")]
    older = years_of_older_model(trend, reference)
    if older:
        numbers = ", ".join(str(int(year)) for year in older)
        sentences.append(_("ปี {years} ใช้รูปแบบการประเมินเดิม ซึ่งไม่มีตัวชี้วัดเหล่านี้", years=numbers))
    return " ".join(sentences)


def score_sources(trend: Trend, reference: Reference) -> tuple[str, ...]:
    """The sources of the scores shown and of the national means, each once."""
    years = trend.years[-MAX_TREND_YEARS:]
    own_sources = [p.source for p in trend.points if p.score is not None and p.fiscal_year in years]
    rules = rule_citation_sentences(years[-1:], reference)
    sources = (*own_sources, means_line(years, reference), *rules)
    return tuple(dict.fromkeys(source for source in sources if source))
