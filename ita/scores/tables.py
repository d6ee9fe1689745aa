"""Scores as tables, for pages and downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ita.domain import TOTAL, FiscalYear, Part
from ita.formatting import part_text
from ita.i18n import _
from ita.reference import Reference
from ita.scores.citations import mean_citation, rules_citation
from ita.scores.trends import Point, Trend
from ita.tables import CellValue


def trend_points(
    trend: Trend, parts: Sequence[Part], years: Sequence[FiscalYear]
) -> tuple[Point, ...]:
    """The points that a filter leaves, newest year first, parts in their order."""
    order = {part: index for index, part in enumerate(parts)}
    points = (p for p in trend.points if p.part in order and p.fiscal_year in years)
    return tuple(sorted(points, key=lambda p: (-p.fiscal_year, order[p.part])))


def trend_header() -> tuple[str, ...]:
    return (
        _("ปีงบประมาณ"),
        _("ส่วน"),
        _("คะแนน"),
        _("เปลี่ยนแปลง"),
        _("ระดับตามเกณฑ์"),
        _("ระดับที่ประกาศ"),
        _("คะแนนที่คำนวณ"),
        _("ทั้งประเทศ"),
        _("แหล่งที่มา"),
        _("ทั้งประเทศเปลี่ยนแปลง"),
        _("เทียบกับประเทศ"),
        _("ค่าเฉลี่ยของประเภท"),
        _("เทียบกับประเภท"),
        _("ปีที่ดีที่สุดของตนเอง"),
        _("เทียบกับปีที่ดีที่สุด"),
        _("แหล่งที่มาของค่าเฉลี่ยประเทศ"),
        _("ความแน่ชัดของค่าเฉลี่ยประเทศ"),
        _("แหล่งที่มาของเกณฑ์ระดับ"),
        _("ความแน่ชัดของเกณฑ์ระดับ"),
        _("หน่วยงาน"),
    )


@dataclass(frozen=True)
class YearRow:
    """One year of the chart's table: its points by part."""

    fiscal_year: FiscalYear
    points: Mapping[Part, Point]

    @property
    def total(self) -> Point | None:
        return self.points.get(TOTAL)


def year_rows(points: Sequence[Point]) -> tuple[YearRow, ...]:
    """The same points, a row per year, newest first."""
    years = sorted({point.fiscal_year for point in points}, reverse=True)
    return tuple(YearRow(y, {p.part: p for p in points if p.fiscal_year == y}) for y in years)


def trend_record(point: Point, reference: Reference, agency: str) -> tuple[CellValue, ...]:
    """A point as a spreadsheet keeps it: typed, blanks where nothing is known."""
    best = point.own_best
    return (
        int(point.fiscal_year),
        part_text(point.part),
        point.score,
        point.change,
        point.level,
        point.published_level,
        point.computed_score,
        point.national_mean,
        point.source,
        point.national_change,
        point.distance_to_national,
        point.type_mean.mean if point.type_mean else None,
        point.distance_to_type,
        int(best.fiscal_year) if best else None,
        best.distance if best else None,
        *mean_citation(point.fiscal_year, point.part, reference),
        *rules_citation(point.fiscal_year, reference),
        agency,
    )
