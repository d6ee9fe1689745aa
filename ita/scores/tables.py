"""Scores as tables, for pages and downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ita.domain import TOTAL, FiscalYear, Instrument, Part, to_decimal
from ita.formatting import part_text
from ita.i18n import _, either
from ita.reference import Reference, YearRules
from ita.scores.citations import mean_citation, rules_citation
from ita.scores.levels import localized_level
from ita.scores.trends import Point, Trend
from ita.scores.what_if import EffortPlan, Lever, StartingPoint, point_worth
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


# A scenario and the least effort as a table: what goes out in a file.

SCENARIO_WIDTHS = (16, 34, 12, 12, 12, 16, 14, 20, 14, 11, 11, 40)
WORTH_PLACES = Decimal("0.0001")


def scenario_header() -> tuple[str, ...]:
    return (
        _("ส่วน"),
        _("ชื่อ"),
        _("คะแนนปัจจุบัน"),
        _("คะแนนที่ลองปรับ"),
        _("เปลี่ยนแปลง"),
        _("1 คะแนนมีค่าในคะแนนรวม"),
        _("ทางที่ใช้แรงน้อยที่สุด"),
        _("ระดับ"),
        _("หน่วยงาน"),
        _("ปีของคะแนน"),
        _("เกณฑ์ของปี"),
        _("แหล่งที่มา"),
    )


def lever_name(part: Part, rules: YearRules) -> str:
    """The name of an indicator or an instrument in its year."""
    if part in rules.instruments:
        rule = rules.instruments[Instrument(part)]
        return either(rule.name_th, rule.name_en)
    indicator = rules.indicators[part]
    return either(indicator.name_th, indicator.name_en)


def scenario_records(
    start: StartingPoint, agency: str, changes: Mapping[Part, Decimal], plan: EffortPlan | None
) -> list[tuple[CellValue, ...]]:
    """A row a lever, then the instruments they make up, then the total with its level.

    plan: the scores of the least effort; its column stays empty without one.
    """
    planned = plan.changes if plan else None
    origin = (agency, int(start.year), int(start.rules.fiscal_year), start.total.source)
    rows = [_lever_record(lever, start.rules, changes, planned) for lever in start.levers]
    rows += _computed_records(start, changes, planned)
    return [(*row, *origin) for row in rows]


def _lever_record(
    lever: Lever,
    rules: YearRules,
    changes: Mapping[Part, Decimal],
    planned: Mapping[Part, Decimal] | None,
) -> tuple[CellValue, ...]:
    scenario_score = changes.get(lever.part, lever.start)
    return (
        part_text(lever.part),
        lever_name(lever.part, rules),
        lever.start,
        scenario_score,
        scenario_score - lever.start,
        _worth_decimal(lever.worth),
        None if planned is None else planned.get(lever.part, lever.start),
        None,
    )


def _computed_records(
    start: StartingPoint,
    changes: Mapping[Part, Decimal],
    planned: Mapping[Part, Decimal] | None,
) -> Iterator[tuple[CellValue, ...]]:
    current, scenario = start.outcome({}), start.outcome(changes)
    plan_outcome = None if planned is None else start.outcome(planned)
    for instrument in () if start.moves_instruments else start.rules.instruments:
        yield (
            part_text(instrument),
            lever_name(instrument, start.rules),
            current.instruments[instrument],
            scenario.instruments[instrument],
            _change(current.instruments[instrument], scenario.instruments[instrument]),
            _worth_decimal(point_worth(instrument, start.rules)),
            plan_outcome.instruments[instrument] if plan_outcome else None,
            None,
        )
    level = localized_level(scenario.judgement.text(), start.rules)
    total = plan_outcome.total if plan_outcome else None
    change = _change(current.total, scenario.total)
    yield (part_text(TOTAL), None, current.total, scenario.total, change, None, total, level)


def _worth_decimal(worth: Fraction) -> Decimal:
    return to_decimal(worth).quantize(WORTH_PLACES)


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before
