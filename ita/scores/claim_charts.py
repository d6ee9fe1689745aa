"""Claims beside their evidence: what is drawn and tabled for one score."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ita.charts.values import Dot, Line, LineChart
from ita.reference import Reference
from ita.scores.charts import trend_chart
from ita.scores.claims import JudgedClaim
from ita.scores.trends import Point, Trend
from ita.style import BREAK_COLOR
from ita.vocabulary import FiscalYear, Part
from ita.wording import change_text, part_text, say, score_text, year_text

MARGIN = 3
"""Points left free above and below the scores."""


@dataclass(frozen=True)
class EvidenceRow:
    """One year that a claim rests on. against: it speaks against a claim."""

    point: Point
    against: bool


def evidence_rows(
    judged: Sequence[JudgedClaim], part: Part, points: Sequence[Point]
) -> tuple[EvidenceRow, ...]:
    """The years that the claims on one part rest on, oldest first."""
    mine = [claim for claim in judged if claim.claim.part == part]
    years = {evidence.fiscal_year for claim in mine for evidence in claim.evidence}
    against = years_against(mine)
    return tuple(
        EvidenceRow(point, point.fiscal_year in against)
        for point in points
        if point.part == part and point.fiscal_year in years
    )


def years_against(judged: Sequence[JudgedClaim]) -> frozenset[FiscalYear]:
    return frozenset(year for claim in judged for year in claim.against)


def claim_chart(
    found: Trend,
    part: Part,
    year: FiscalYear,
    against: Collection[FiscalYear],
    reference: Reference,
) -> LineChart | None:
    """A part's scores up to a year, those that speak against a claim marked; None with fewer than two."""
    known = [p for p in found.of(part) if p.score is not None and p.fiscal_year <= year]
    if len(known) < 2:
        return None
    years = tuple(y for y in found.years if known[0].fiscal_year <= y <= year)
    chart = trend_chart(found, (part,), years, reference)
    own = tuple(_labelled(line, line is chart.lines[0]) for line in chart.lines)
    values = [dot.value for line in own for dot in line.dots]
    return replace(
        chart,
        title=say("{part} ถึง{year}", part=part_text(part), year=year_text(year)),
        alt=_alt(known, against),
        low=max(0, math.floor(min(values)) - MARGIN),
        high=math.ceil(max(values)) + MARGIN,
        lines=(*own, *_against(known, against, years)),
        reference_lines=(),
        marks=tuple(mark for mark in chart.marks if mark.strong),
        small=True,
    )


def _labelled(line: Line, own: bool) -> Line:
    """First and last score on the line itself: the card says whose they are."""
    if not own:
        return line
    dots = list(line.dots)
    told = (dots[0], dots[-1])
    runs = tuple(
        tuple(replace(d, label=f"{d.value:.2f}" if d in told else "", below=False) for d in run)
        for run in line.runs
    )
    return replace(line, runs=runs, end_label="")


def _against(
    known: Sequence[Point], against: Collection[FiscalYear], years: Sequence[FiscalYear]
) -> tuple[Line, ...]:
    marked = [point for point in known if point.fiscal_year in against]
    runs = tuple(
        (_dot(point, years.index(point.fiscal_year), point is known[-1]),) for point in marked
    )
    name = say("ปีที่ขัดกับข้อความ")
    return (Line(name, BREAK_COLOR, runs, symbol="x", size=12),) if runs else ()


def _dot(point: Point, place: int, last: bool) -> Dot:
    """A fall is told by how much it was; another score as it is, unless it is labelled already."""
    told = say("ขัดกับข้อความ: {year}", year=year_text(point.fiscal_year))
    label = "" if last else score_text(point.score)
    if point.change is not None and point.change < 0:
        label = change_text(point.change)
    return Dot(place, float(point.score or 0), told, label, below=True)


def _alt(known: Sequence[Point], against: Collection[FiscalYear]) -> str:
    told = ", ".join(
        f"{int(p.fiscal_year)}: {score_text(p.score)}"
        + (f" ({say('ขัดกับข้อความ')})" if p.fiscal_year in against else "")
        for p in known
    )
    return f"{part_text(known[0].part)} {told}"
