"""The evidence of claims on one score, as rows and as a chart."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ita.charts.values import Dot, Line, LineChart
from ita.domain import FiscalYear, Part
from ita.formatting import change_text, part_text, score_text, year_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.charts import trend_chart
from ita.scores.claims.verdicts import JudgedClaim
from ita.scores.trends import Point, Trend
from ita.theme import BREAK_COLOR

# Points left free above and below the scores.
AXIS_MARGIN = 3
# Of the usual height: there is one for each part.
CHART_HEIGHT = 0.4


@dataclass(frozen=True)
class EvidenceRow:
    """One year that a claim rests on. is_contradicting: its score contradicts a claim."""

    point: Point
    is_contradicting: bool


def evidence_rows(
    judged: Sequence[JudgedClaim], part: Part, points: Sequence[Point]
) -> tuple[EvidenceRow, ...]:
    """The years that the claims on one part rest on, oldest first."""
    part_claims = [claim for claim in judged if claim.claim.part == part]
    years = {evidence.fiscal_year for claim in part_claims for evidence in claim.evidence}
    against = contradicting_years(part_claims)
    return tuple(
        EvidenceRow(point, point.fiscal_year in against)
        for point in points
        if point.part == part and point.fiscal_year in years
    )


def contradicting_years(judged: Sequence[JudgedClaim]) -> frozenset[FiscalYear]:
    return frozenset(year for claim in judged for year in claim.against)


def claim_chart(
    trend: Trend,
    part: Part,
    year: FiscalYear,
    against: Collection[FiscalYear],
    reference: Reference,
) -> LineChart | None:
    """A part's scores up to a year, contradicting years marked; None with fewer than two scores."""
    scored = [p for p in trend.points_of(part) if p.score is not None and p.fiscal_year <= year]
    if len(scored) < 2:
        return None
    years = tuple(y for y in trend.years if scored[0].fiscal_year <= y <= year)
    chart = trend_chart(trend, (part,), years, reference)
    own = tuple(_label_ends(line, line is chart.lines[0]) for line in chart.lines)
    values = [dot.value for line in own for dot in line.dots]
    return replace(
        chart,
        title=_("{part} ถึง{year}", part=part_text(part), year=year_text(year)),
        # As in the table beside it; FY2567 (2024) would stand upright in so small a chart.
        categories=tuple(str(int(y)) for y in years),
        alt=_alt(scored, against),
        low=max(0, math.floor(min(values)) - AXIS_MARGIN),
        high=math.ceil(max(values)) + AXIS_MARGIN,
        lines=(*own, *_contradicting_line(scored, against, years)),
        reference_lines=(),
        marks=tuple(mark for mark in chart.marks if mark.strong),
        height_factor=CHART_HEIGHT,
    )


def _label_ends(line: Line, own: bool) -> Line:
    """Labels on the first and last point of the agency's own line instead of a label at its end."""
    if not own:
        return line
    dots = list(line.dots)
    ends = (dots[0], dots[-1])
    runs = tuple(
        tuple(replace(d, label=f"{d.value:.2f}" if d in ends else "", below=False) for d in run)
        for run in line.runs
    )
    return replace(line, runs=runs, end_label="")


def _contradicting_line(
    scored: Sequence[Point], against: Collection[FiscalYear], years: Sequence[FiscalYear]
) -> tuple[Line, ...]:
    contradicting = [point for point in scored if point.fiscal_year in against]
    runs = tuple(
        (_dot(point, years.index(point.fiscal_year), point is scored[-1]),)
        for point in contradicting
    )
    name = _("ปีที่ขัดกับข้อความ")
    return (Line(name, BREAK_COLOR, runs, symbol="x", size=12),) if runs else ()


def _dot(point: Point, position: int, last: bool) -> Dot:
    """A point of a contradicting year, labelled with its fall, else with its score."""
    tooltip = _("ขัดกับข้อความ: {year}", year=year_text(point.fiscal_year))
    label = "" if last else score_text(point.score)
    if point.change is not None and point.change < 0:
        label = change_text(point.change)
    return Dot(position, float(point.score or 0), tooltip, label, below=True)


def _alt(scored: Sequence[Point], against: Collection[FiscalYear]) -> str:
    values_text = ", ".join(
        f"{int(p.fiscal_year)}: {score_text(p.score)}"
        + (f" ({_('ขัดกับข้อความ')})" if p.fiscal_year in against else "")
        for p in scored
    )
    return f"{part_text(scored[0].part)} {values_text}"
