"""Scores as tables: what stands beside a chart and in a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ita.scores.trends import Point, Trend
from ita.spreadsheet import Cell
from ita.vocabulary import TOTAL, FiscalYear, Part
from ita.wording import part_text, say


def trend_points(
    found: Trend, parts: Sequence[Part], years: Sequence[FiscalYear]
) -> tuple[Point, ...]:
    """The points that a filter leaves, newest year first, parts in their order."""
    order = {part: place for place, part in enumerate(parts)}
    shown = (p for p in found.points if p.part in order and p.fiscal_year in years)
    return tuple(sorted(shown, key=lambda p: (-p.fiscal_year, order[p.part])))


def trend_header() -> tuple[str, ...]:
    return (
        say("ปีงบประมาณ"),
        say("ส่วน"),
        say("คะแนน"),
        say("เปลี่ยนแปลง"),
        say("ระดับตามเกณฑ์"),
        say("ระดับที่ประกาศ"),
        say("คะแนนที่คำนวณ"),
        say("ทั้งประเทศ"),
        say("แหล่งที่มา"),
    )


@dataclass(frozen=True)
class YearRow:
    """One year of the table beside the chart: its points by part."""

    fiscal_year: FiscalYear
    points: Mapping[Part, Point]

    @property
    def total(self) -> Point | None:
        return self.points.get(TOTAL)


def year_rows(points: Sequence[Point]) -> tuple[YearRow, ...]:
    """The same points, a row per year, newest first."""
    years = sorted({point.fiscal_year for point in points}, reverse=True)
    return tuple(YearRow(y, {p.part: p for p in points if p.fiscal_year == y}) for y in years)


def trend_record(point: Point) -> tuple[Cell, ...]:
    """A point as a spreadsheet keeps it: typed, blanks where nothing is known."""
    return (
        int(point.fiscal_year),
        part_text(point.part),
        point.score,
        point.change,
        point.level,
        point.level_published,
        point.computed,
        point.national,
        point.source,
    )
