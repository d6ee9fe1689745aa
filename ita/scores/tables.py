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
from ita.tables import CellValue, Table, TableColumn, cell_columns


def trend_points(
    trend: Trend, parts: Sequence[Part], years: Sequence[FiscalYear]
) -> tuple[Point, ...]:
    """The points that a filter leaves, newest year first, parts in their order."""
    order = {part: index for index, part in enumerate(parts)}
    points = (p for p in trend.points if p.part in order and p.fiscal_year in years)
    return tuple(sorted(points, key=lambda p: (-p.fiscal_year, order[p.part])))


def trend_table(
    points: Sequence[Point], reference: Reference, agency: str, notes: Sequence[str]
) -> Table[Point]:
    """A row a point as a spreadsheet keeps it: typed, blanks where nothing is known."""
    columns: list[TableColumn[Point]] = [
        TableColumn(_("ปีงบประมาณ"), lambda p: int(p.fiscal_year), 10),
        TableColumn(_("ส่วน"), lambda p: part_text(p.part), 14),
        TableColumn(_("คะแนน"), lambda p: p.score, 10),
        TableColumn(_("เปลี่ยนแปลง"), lambda p: p.change),
        TableColumn(_("ระดับตามเกณฑ์"), lambda p: p.level, 22),
        TableColumn(_("ระดับที่ประกาศ"), lambda p: p.published_level, 16),
        TableColumn(_("คะแนนที่คำนวณ"), lambda p: p.computed_score, 14),
        TableColumn(_("ทั้งประเทศ"), lambda p: p.national_mean),
        TableColumn(_("แหล่งที่มา"), lambda p: p.source, 40),
        TableColumn(_("ทั้งประเทศเปลี่ยนแปลง"), lambda p: p.national_change),
        TableColumn(_("เทียบกับทั้งประเทศ"), lambda p: p.distance_to_national),
        TableColumn(_("ค่าเฉลี่ยของประเภท"), lambda p: p.type_mean.mean if p.type_mean else None),
        TableColumn(_("เทียบกับประเภท"), lambda p: p.distance_to_type),
        TableColumn(
            _("ปีที่ดีที่สุดของตนเอง"), lambda p: int(p.own_best.fiscal_year) if p.own_best else None
        ),
        TableColumn(_("เทียบกับปีที่ดีที่สุด"), lambda p: p.own_best.distance if p.own_best else None),
        TableColumn(
            _("แหล่งที่มาของค่าเฉลี่ยประเทศ"),
            lambda p: mean_citation(p.fiscal_year, p.part, reference)[0],
            40,
        ),
        TableColumn(
            _("ความแน่ชัดของค่าเฉลี่ยประเทศ"),
            lambda p: mean_citation(p.fiscal_year, p.part, reference)[1],
            16,
        ),
        TableColumn(
            _("แหล่งที่มาของเกณฑ์ระดับ"), lambda p: rules_citation(p.fiscal_year, reference)[0], 40
        ),
        TableColumn(
            _("ความแน่ชัดของเกณฑ์ระดับ"), lambda p: rules_citation(p.fiscal_year, reference)[1], 16
        ),
        TableColumn(_("หน่วยงาน"), lambda p: agency, 14),
    ]
    return Table(columns, points, notes=notes)


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


# A scenario and the least effort as a table: what goes out in a file.

WORTH_PLACES = Decimal("0.0001")


def lever_name(part: Part, rules: YearRules) -> str:
    """The name of an indicator or an instrument in its year."""
    if part in rules.instruments:
        rule = rules.instruments[Instrument(part)]
        return either(rule.name_th, rule.name_en)
    indicator = rules.indicators[part]
    return either(indicator.name_th, indicator.name_en)


def scenario_table(
    start: StartingPoint,
    agency: str,
    changes: Mapping[Part, Decimal],
    plan: EffortPlan | None,
    notes: Sequence[str] = (),
) -> Table[tuple[CellValue, ...]]:
    """A row a lever, then the instruments they make up, then the total with its level.

    plan: the scores of the least effort; its column stays empty without one.
    """
    planned = plan.changes if plan else None
    origin = (agency, int(start.year), int(start.rules.fiscal_year), start.total.source)
    rows = [_lever_record(lever, start.rules, changes, planned) for lever in start.levers]
    rows += _computed_records(start, changes, planned)
    columns = cell_columns(
        (_("ส่วน"), 16),
        (_("ชื่อ"), 34),
        (_("คะแนนปัจจุบัน"), 12),
        (_("คะแนนที่ลองปรับ"), 12),
        (_("เปลี่ยนแปลง"), 12),
        (_("1 คะแนนมีค่าในคะแนนรวม"), 16),
        (_("ทางที่ใช้แรงน้อยที่สุด"), 14),
        (_("ระดับ"), 20),
        (_("หน่วยงาน"), 14),
        (_("ปีของคะแนน"), 11),
        (_("เกณฑ์ของปี"), 11),
        (_("แหล่งที่มา"), 40),
    )
    return Table(columns, [(*row, *origin) for row in rows], notes=notes)


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
