"""A scenario and the least effort as a table: what goes out in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from ita.domain import TOTAL, Instrument, Part
from ita.formatting import part_text
from ita.i18n import _, either
from ita.reference import YearRules
from ita.scores.least_effort import EffortPlan
from ita.scores.levels import localized_level
from ita.scores.what_if import Lever, StartingPoint, point_worth
from ita.tables import CellValue

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
    return (Decimal(worth.numerator) / worth.denominator).quantize(WORTH_PLACES)


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before
