"""Charts of scores as values, made without the store."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

from ita.charts.values import (
    Dot,
    LevelZone,
    Line,
    LineChart,
    Mark,
    ReferenceLine,
    ValueBand,
    joined_runs,
)
from ita.domain import TOTAL, BreakKind, FiscalYear, Part
from ita.formatting import (
    change_text,
    part_text,
    score_text,
    verdict_text,
    year_label,
    year_text,
)
from ita.i18n import _, either
from ita.reference import Band, Break, Reference
from ita.scores.citations import bands_note, mean_note
from ita.scores.trends import Point, Trend
from ita.theme import (
    BEST_ZONE,
    BREAK_COLOR,
    LOW_ZONE,
    NATIONAL_COLOR,
    PASSED_ZONE,
    part_style,
)

# More labels than this overlap on a phone; then only first, last, highest and lowest stay.
MAX_LABELLED_POINTS = 7
AXIS_MARGIN, SMALL_MARGIN = 6.0, 3.0
# The axis begins no higher, so that scores near the top don't look far apart.
MAX_AXIS_LOW = 80.0
# Room above 100 for a mark.
AXIS_HIGH = 101.5
# A national mean this close above a score would cover a label over it.
LABEL_OVERLAP_DISTANCE = 6
# The years on the axis, each with its position from the left.
YearPositions: TypeAlias = Mapping[FiscalYear, int]


def _labelled_years(points: Sequence[Point]) -> frozenset[FiscalYear]:
    """The years whose point has a label: all, or first, last, highest and lowest."""
    scored = [point for point in points if point.score is not None]
    if len(scored) <= MAX_LABELLED_POINTS:
        return frozenset(point.fiscal_year for point in scored)
    by_score = sorted(scored, key=lambda point: point.score or Decimal(0))
    return frozenset(p.fiscal_year for p in (scored[0], scored[-1], by_score[0], by_score[-1]))


def comparable_runs(
    points: Sequence[Point], positions: YearPositions, reference: Reference
) -> tuple[tuple[Point, ...], ...]:
    """Stretches of points between which lies no hole and no break of comparability."""

    def is_joined(before: Point, after: Point) -> bool:
        years = before.fiscal_year, after.fiscal_year
        return positions[years[1]] - positions[years[0]] == 1 and reference.comparable(*years)

    return joined_runs(points, is_joined)


def _line(
    points: Sequence[Point], part: Part, positions: YearPositions, reference: Reference
) -> Line | None:
    scored = [point for point in points if point.score is not None]
    if not scored:
        return None
    style, last = part_style(part), scored[-1]
    labelled = _labelled_years(points) - {last.fiscal_year} if part == TOTAL else frozenset()
    return Line(
        name=part_text(part),
        color=style.color,
        runs=tuple(
            tuple(_dot(point, point.fiscal_year in labelled, positions) for point in run)
            for run in comparable_runs(scored, positions, reference)
        ),
        symbol=style.symbol,
        dash=style.dash,
        width=style.width,
        size=11 if part == TOTAL else 9,
        end_label=f"{part_text(part)} {score_text(last.score)}",
    )


def _dot(point: Point, labelled: bool, positions: YearPositions) -> Dot:
    score = point.score or Decimal(0)
    above = (point.national_mean or Decimal(0)) - score
    return Dot(
        position=positions[point.fiscal_year],
        value=float(score),
        tooltip=_tooltip(point),
        label=score_text(score) if labelled else "",
        below=0 < above < LABEL_OVERLAP_DISTANCE,
        hollow=point.published_score is None,
    )


def _tooltip(point: Point) -> str:
    origin = _("ประกาศ") if point.published_score is not None else _("คำนวณ")
    change = f" ({change_text(point.change)})" if point.change is not None else ""
    return f"{part_text(point.part)} {score_text(point.score)}{change} · {origin}"


def _national_line(
    points: Sequence[Point], positions: YearPositions, reference: Reference
) -> Line | None:
    points_with_mean = [point for point in points if point.national_mean is not None]
    if not points_with_mean:
        return None
    dots = tuple(
        Dot(
            positions[point.fiscal_year],
            float(point.national_mean or 0),
            mean_note(mean)
            if (mean := reference.national_mean(point.fiscal_year, point.part))
            else "",
        )
        for point in points_with_mean
    )
    return Line(
        name=_("ค่าเฉลี่ยทั้งประเทศ"),
        color=NATIONAL_COLOR,
        runs=(dots,),
        symbol="x-thin-open",
        dash="dot",
        width=1.5,
        size=8,
        end_label=f"{_('เฉลี่ยประเทศ')} {score_text(points_with_mean[-1].national_mean)}",
    )


def axis_low(values: Iterable[float]) -> float:
    """Where the axis of a chart of scores begins."""
    return max(0.0, min([*values, MAX_AXIS_LOW]) - AXIS_MARGIN)


def _level_names(bands: Sequence[Band]) -> tuple[str, str]:
    """The levels with the same minimum total, with and without their minimum for instruments."""
    short = " / ".join(either(band.level, band.name_en) for band in bands)
    return " / ".join(map(_level_name, bands)), short


def _level_name(band: Band) -> str:
    """A level with its minimum for instruments: ผ่านดี (ทุกแบบวัด ≥ 85)."""
    name = either(band.level, band.name_en)
    if band.min_instrument is None:
        return name
    return _("{level} (ทุกแบบวัด ≥ {mark})", level=name, mark=f"{band.min_instrument:f}")


# The start of a level, its name, and its name without conditions.
LevelStart: TypeAlias = tuple[Decimal, str, str]


def _level_eras(
    years: Sequence[FiscalYear], reference: Reference
) -> Iterator[tuple[tuple[LevelStart, ...], list[FiscalYear]]]:
    """The levels, the best first, with the neighbouring years that they were valid in."""

    def levels(year: FiscalYear) -> tuple[LevelStart, ...]:
        if not reference.knows(year):
            return ()
        # Of two levels with the same minimum total, the one without further conditions is first.
        bands = sorted(reference.rules(year).bands, key=lambda b: b.min_instrument is not None)
        names: dict[Decimal, list[Band]] = {}
        for band in bands:
            names.setdefault(band.min_total, []).append(band)
        starts = ((start, *_level_names(same_start)) for start, same_start in names.items())
        return tuple(sorted(starts, reverse=True))

    for level_starts, era in groupby(years, key=levels):
        yield level_starts, list(era)


def _level_lines(
    years: Sequence[FiscalYear], reference: Reference, lowest: float
) -> Iterator[ReferenceLine]:
    """The minimum total of each level, as a reference line over the years it was valid."""
    for level_starts, era in _level_eras(years, reference):
        left, right = years.index(era[0]) - 0.5, years.index(era[-1]) + 0.5
        for start, name, short in level_starts:
            if float(start) > lowest:
                tooltip = _level_tooltip(start, era, reference)
                yield ReferenceLine(left, right, float(start), name, short, tooltip)


def level_zones(
    years: Sequence[FiscalYear], reference: Reference, low: float, high: float
) -> Iterator[LevelZone]:
    """The levels as ranges of the total over the years they were valid, as far as the axis shows them.

    low, high: of the axis, with the room above 100.
    """
    for level_starts, era in _level_eras(years, reference):
        left, right = years.index(era[0]) - 0.5, years.index(era[-1]) + 0.5
        pass_mark = reference.rules(era[0]).pass_mark if level_starts else None
        end = high
        for start, _name, short in level_starts:
            if end > low:
                passed = pass_mark is not None and start >= pass_mark
                color = BEST_ZONE if end == high else PASSED_ZONE
                bottom = max(low, float(start))
                tooltip = _level_tooltip(start, era, reference)
                yield LevelZone(
                    left, right, bottom, end, short, color if passed else LOW_ZONE, tooltip
                )
            end = float(start)


def _level_tooltip(start: Decimal, years: Sequence[FiscalYear], reference: Reference) -> str:
    """The levels that start at a total, as the rules of these years have them, each once."""
    return bands_note(
        [b for year in years for b in reference.rules(year).bands if b.min_total == start]
    )


def break_marks(years: Sequence[FiscalYear], reference: Reference) -> tuple[Mark, ...]:
    """Breaks of the rules within the years shown, numbered, each with what it means."""
    if not years:
        return ()
    position = {year: index for index, year in enumerate(years)}
    breaks = reference.breaks_between(years[0], years[-1])
    return tuple(
        _break_mark(number, position[rule_break.after] - 0.5, rule_break)
        for number, rule_break in enumerate(breaks, start=1)
        if rule_break.after in position
    )


def break_signs(years: Sequence[FiscalYear], reference: Reference) -> Mapping[FiscalYear, str]:
    """The break signs by year, for the table of the same years."""
    signs: dict[FiscalYear, str] = {}
    if years:
        for number, rule_break in enumerate(reference.breaks_between(years[0], years[-1]), start=1):
            signs[rule_break.after] = f"{signs.get(rule_break.after, '')}({number})"
    return signs


def _break_mark(number: int, position: float, rule_break: Break) -> Mark:
    effect = {
        BreakKind.MODEL: _("คะแนนก่อนและหลังเทียบกันไม่ได้"),
        BreakKind.LABELS: _("คะแนนยังเทียบกันได้"),
        BreakKind.CONTENT: _("คะแนนยังเทียบกันได้ แต่คะแนนที่เพิ่มขึ้นอาจมาจากสิ่งที่ประเมินซึ่งเปลี่ยนไป"),
    }[rule_break.kind]
    label = either(rule_break.label_th, rule_break.label_en)
    note = f"({number}) {int(rule_break.before)} | {int(rule_break.after)} {label}: {effect}"
    source = _("ที่มา: {source}", source=rule_break.citation)
    strong = not rule_break.comparable
    return Mark(position, f"({number})", note, BREAK_COLOR, strong=strong, source=source)


def trend_chart(
    trend: Trend,
    parts: Sequence[Part],
    years: Sequence[FiscalYear],
    reference: Reference,
    events: Sequence[Mark] = (),
    bands: Sequence[ValueBand] = (),
) -> LineChart:
    """Scores of the chosen parts over the chosen years.

    Filled marks are published, open ones computed. Lines end at a hole and at a break of
    comparability; breaks and the agency's events have signs with notes.
    events, bands: at positions of the same years. A band of years to come widens the axis.
    """
    points = [p for p in trend.points if p.part in parts and p.fiscal_year in years]
    ahead = max((math.ceil(edge[0]) for s in bands for edge in s.edges), default=0)
    axis = [*years, *(FiscalYear(y) for y in range(years[-1] + 1, years[0] + ahead + 1))]
    position = {year: index for index, year in enumerate(axis)}
    by_part = ([point for point in points if point.part == part] for part in parts)
    lines = [
        _line(part_points, part, position, reference)
        for part, part_points in zip(parts, by_part, strict=True)
    ]
    if TOTAL in parts:
        lines.append(
            _national_line([point for point in points if point.part == TOTAL], position, reference)
        )
    values = (float(v) for p in points for v in (p.score, p.national_mean) if v is not None)
    lowest = min(
        [axis_low(values), *(max(0.0, low) for s in bands for _unused, low, _unused in s.edges)]
    )
    return LineChart(
        title=_("คะแนน ITA รายปี"),
        alt=trend_alt(trend, parts, years),
        categories=tuple(map(year_label, axis)),
        low=lowest,
        high=AXIS_HIGH,
        lines=tuple(line for line in lines if line),
        bands=tuple(bands),
        reference_lines=tuple(_level_lines(years, reference, lowest)),
        marks=(*break_marks(years, reference), *events),
        zones=tuple(level_zones(axis, reference, lowest, AXIS_HIGH)) if TOTAL in parts else (),
    )


def total_chart(trend: Trend, reference: Reference) -> LineChart:
    """The total over all years beside the nation's mean, with the pass mark alone: for a small picture
    among figures, which has figures at the lines' ends and their names beside it."""
    scored = [p.fiscal_year for p in trend.points_of(TOTAL) if p.score is not None]
    years = [year for year in trend.years if not scored or year >= scored[0]]
    chart = trend_chart(trend, (TOTAL,), years, reference)
    position = {year: index for index, year in enumerate(years)}
    eras = groupby(years, lambda y: reference.rules(y).pass_mark if reference.knows(y) else None)
    marks = [(mark, list(era)) for mark, era in eras if mark is not None]
    values = [dot.value for line in chart.lines for dot in line.dots]
    values += [float(mark) for mark, _era in marks]
    return replace(
        chart,
        low=max(0.0, min(values, default=0.0) - SMALL_MARGIN),
        high=min(chart.high, max(values, default=100.0) + SMALL_MARGIN),
        lines=tuple(replace(line, end_label=_last_value(line)) for line in chart.lines),
        reference_lines=tuple(
            ReferenceLine(position[era[0]], position[era[-1]], float(mark), f"{mark:f}")
            for mark, era in marks
        ),
        marks=tuple(mark for mark in chart.marks if mark.strong),
    )


def _last_value(line: Line) -> str:
    return score_text(list(line.dots)[-1].value)


def trend_alt(trend: Trend, parts: Sequence[Part], years: Sequence[FiscalYear]) -> str:
    """The chart in words, out of the same values."""
    sentences = []
    for part in parts:
        scored = [
            p for p in trend.points_of(part) if p.score is not None and p.fiscal_year in years
        ]
        verdict = trend.verdict(part)
        if scored:
            first, last = scored[0], scored[-1]
            sentences.append(
                _(
                    "{part}: {first_score} ใน{first_year} ถึง {last_score} ใน{last_year} ({verdict})",
                    part=part_text(part),
                    first_score=score_text(first.score),
                    first_year=year_text(first.fiscal_year),
                    last_score=score_text(last.score),
                    last_year=year_text(last.fiscal_year),
                    verdict=verdict_text(verdict.verdict) if verdict else "",
                )
            )
    return _("กราฟเส้นคะแนน ITA รายปี") + " " + "; ".join(sentences)
