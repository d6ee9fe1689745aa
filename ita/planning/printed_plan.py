"""The printed plan: the authority's first document of the year, analysis and measures, as one value.

Every format renders it. It is Thai in every language, so it is built while the language is Thai; its
texts are printable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ita.documents.typeset import printable, split_lines, typeset
from ita.domain import TOTAL, FiscalYear, Instrument
from ita.formatting import change_text, part_text, score_text, thai_date
from ita.i18n import language_set_to
from ita.measures.plan_drafts import PlannedRow, parse_number
from ita.planning.analysis import PlanAnalysis
from ita.planning.needs import WeakPoint, measures_aiming_at
from ita.reference import Reference

TITLE = "มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
DRAFT_MARK = "(ร่าง)"
MEASURE_COLUMNS = (
    "ที่",
    "ประเด็นที่ต้องแก้ไข",
    "มาตรการหรือกิจกรรม",
    "ขั้นตอนหรือวิธีปฏิบัติ",
    "ผู้รับผิดชอบ",
    "ระยะเวลา",
    "เป้าหมาย",
    "การกำกับติดตาม",
)
# Of the columns, in percent of the table.
MEASURE_WIDTHS = (4, 16, 26, 16, 12, 8, 9, 9)
WEAK_WIDTHS = (4, 36, 10, 12, 11, 13, 14)

NO_WEAK_POINT = "ไม่มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ คะแนนลดลง หรือยังไม่ถึงระดับสูงสุด"
NO_MEASURES = "ยังไม่มีมาตรการของปีนี้"


@dataclass(frozen=True)
class PlanGroup:
    """The measures of one instrument. rows: a cell per column of MEASURE_COLUMNS; texts may hold "\\n"."""

    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PrintedPlan:
    """heading: the lines of the title. analysis: paragraphs above the table of weak points.

    weak_columns: their headings, which name the year. follow_up: when what is reported, a line each.
    """

    title: str
    is_draft: bool
    heading: tuple[str, ...]
    agency: str
    year: int
    introduction: str
    analysis_title: str
    analysis: tuple[str, ...]
    weak_columns: tuple[str, ...]
    weak: tuple[tuple[str, ...], ...]
    no_weak_text: str
    measures_title: str
    groups: tuple[PlanGroup, ...]
    follow_up_title: str
    follow_up: tuple[str, ...]


def build_printed_plan(
    analysis: PlanAnalysis, rows: Sequence[PlannedRow], reference: Reference, is_draft: bool
) -> PrintedPlan:
    """The document of a plan. analysis: built while the language is Thai. rows: its measures, in order."""
    with language_set_to("th"):
        return _build(analysis, rows, reference, is_draft)


def _build(
    analysis: PlanAnalysis, rows: Sequence[PlannedRow], reference: Reference, is_draft: bool
) -> PrintedPlan:
    year, scored = analysis.years.year, analysis.years.score_year
    agency = printable(analysis.agency)
    item = reference.report_item(year, "measures")
    # Under the year's own name for it, where it has one, and what it is in every year.
    names = tuple(dict.fromkeys((item.title_or(TITLE) if item else TITLE, TITLE)))
    title = f"{names[0]} ประจำปีงบประมาณ {int(year)}"
    mark = (DRAFT_MARK,) if is_draft else ()
    year_suffix = f" ปีงบประมาณ {int(scored)}" if scored else ""
    return PrintedPlan(
        title=" ".join((title, *mark)),
        is_draft=is_draft,
        heading=(*names, f"ประจำปีงบประมาณ {int(year)}", agency, *mark),
        agency=agency,
        year=int(year),
        introduction=_introduction(analysis),
        analysis_title=f"1. ผลการวิเคราะห์การประเมินคุณธรรมและความโปร่งใส (ITA){year_suffix}",
        analysis=tuple(map(printable, _analysis_paragraphs(analysis))),
        weak_columns=_weak_columns(scored),
        weak=tuple(
            _weak_row(n, weak, analysis) for n, weak in enumerate(analysis.weak_points, start=1)
        ),
        no_weak_text="" if analysis.obstacle else NO_WEAK_POINT,
        measures_title=f"2. มาตรการและการนำไปสู่การปฏิบัติ ปีงบประมาณ {int(year)}",
        groups=tuple(_groups(rows, year, reference)),
        follow_up_title="3. การกำกับติดตามและการรายงานผล",
        follow_up=tuple(_follow_up(year)),
    )


def _introduction(analysis: PlanAnalysis) -> str:
    if analysis.years.score_year is None:
        return f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ {int(analysis.years.year)} มีดังนี้"
    return (
        f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ {int(analysis.years.year)} จัดทำจากการวิเคราะห์"
        f"ผลการประเมินคุณธรรมและความโปร่งใส (ITA) ปีงบประมาณ {int(analysis.years.score_year)} ดังนี้"
    )


def _analysis_paragraphs(analysis: PlanAnalysis) -> Iterator[str]:
    """Paragraphs: scores with their level, the way to the next, why nothing can be said, sources."""
    scores = "  ".join(
        f"{'คะแนนรวม' if point.part == TOTAL else part_text(point.part)} {score_text(point.score)}"
        for point in analysis.scores
    )
    if scores:
        yield f"{scores}  ระดับ {analysis.level}" if analysis.level else scores
    if analysis.next_level:
        yield analysis.next_level
    if analysis.obstacle:
        yield analysis.obstacle
    if analysis.sources:
        yield f"แหล่งที่มาของคะแนน: {' / '.join(analysis.sources)}"


def _weak_columns(scored: FiscalYear | None) -> tuple[str, ...]:
    return (
        "ที่",
        "ประเด็นที่เป็นข้อบกพร่องหรือจุดอ่อน",
        f"คะแนนปี {int(scored)}" if scored else "คะแนน",
        "เปลี่ยนแปลง",
        "เกณฑ์ถัดไป",
        "ถ้าถึงเกณฑ์ คะแนนรวมเพิ่ม",
        "มาตรการเดิมที่มุ่งแก้",
    )


def _weak_row(number: int, weak: WeakPoint, analysis: PlanAnalysis) -> tuple[str, ...]:
    indicator_name = f"ตัวชี้วัดที่ {weak.part} {weak.name_th} ({weak.instrument})"
    aimed = [f"{m.instrument} {m.seq}" for m in measures_aiming_at(weak, analysis.measures)]
    years = f" (ปี {int(analysis.years.work_year)})" if aimed and analysis.years.work_year else ""
    cells = (
        str(number),
        f"{indicator_name if weak.is_indicator else weak.name_th}\n{weak.weakness_label()}",
        score_text(weak.score),
        _change(weak),
        f"{weak.next_mark:f}\n(ขาด {score_text(weak.gap)})"
        if weak.next_mark is not None
        else "ถึงระดับสูงสุดแล้ว",
        "–" if weak.total_gain is None else score_text(weak.total_gain),
        f"{', '.join(aimed)}{years}" if aimed else "ไม่มี",
    )
    return tuple(map(printable, cells))


def _change(weak: WeakPoint) -> str:
    if weak.previous is None or weak.change is None:
        return "ไม่มีปีที่เทียบได้"
    return f"{change_text(weak.change)}\nจากปี {int(weak.previous.fiscal_year)}"


def _groups(
    rows: Sequence[PlannedRow], year: FiscalYear, reference: Reference
) -> Iterator[PlanGroup]:
    """By instrument in the authority's order; what names none of them comes last."""
    rows_with_content = [row for row in rows if row.has_content]
    rules = reference.nearest_rules(year).instruments
    for code in dict.fromkeys(
        (*(i.value for i in Instrument), *(row.instrument for row in rows_with_content))
    ):
        own_rows = tuple(_cells(row) for row in rows_with_content if row.instrument == code)
        instrument_rule = rules.get(Instrument(code)) if code in tuple(Instrument) else None
        if own_rows:
            yield PlanGroup(
                printable(f"{instrument_rule.name_th} ({code})" if instrument_rule else code),
                own_rows,
            )


def _cells(row: PlannedRow) -> tuple[str, ...]:
    aims = f"ตัวชี้วัดที่ {', '.join(row.indicator.split(','))}" if row.indicator else ""
    cause = "" if row.indicator and row.cause.startswith(aims) else aims
    cells = (
        str(parse_number(row.seq) or row.seq),
        "\n".join(filter(None, (row.cause, cause and f"({cause})"))),
        f"{row.measure}\n(ยกเลิก: {row.cancelled})" if row.cancelled else row.measure,
        row.method,
        row.divisions,
        _period(row),
        row.target,
        row.follow_up,
    )
    return tuple(map(printable, cells))


def _period(row: PlannedRow) -> str:
    """ไตรมาส 1-4; only what was given, for half a period is not filled in."""
    first, last = row.start_quarter.strip(), row.end_quarter.strip()
    if first and last and first != last:
        return f"ไตรมาส {first}-{last}"
    return f"ไตรมาส {first or last}" if first or last else ""


def _follow_up(year: FiscalYear) -> Iterator[str]:
    """Rule 101/1: each quarter's report with the day it is due and the day it must be public."""
    yield "ผู้รับผิดชอบรายงานร้อยละความสำเร็จ ผลการดำเนินงาน และปัญหาอุปสรรคของทุกมาตรการเป็นรายไตรมาส ดังนี้"
    for quarter in year.quarters:
        yield (
            f"ไตรมาส {quarter.number} ({thai_date(quarter.first_day)} ถึง {thai_date(quarter.last_day)}) "
            f"รายงานภายใน {thai_date(quarter.report_due)} และเผยแพร่ภายใน {thai_date(quarter.public_by)}"
        )


# The plan as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file.

TEMPLATE = Path(__file__).resolve().parent / "plan.typ"


def pdf_document(plan: PrintedPlan) -> bytes:
    """The plan on A4 across. A sign that no font has, such as an emoji, is printed as an empty box."""
    data = json.dumps(_template_data(plan), ensure_ascii=False)
    return typeset(TEMPLATE, data, datetime.now(UTC).replace(microsecond=0))


def _template_data(plan: PrintedPlan) -> dict[str, Any]:
    def rows(cells: tuple[tuple[str, ...], ...]) -> list[Any]:
        return [[split_lines(cell) for cell in row] for row in cells]

    return {
        "title": plan.title,
        "agency": plan.agency,
        "heading": list(map(split_lines, plan.heading)),
        "introduction": split_lines(plan.introduction),
        "analysis_title": split_lines(plan.analysis_title),
        "analysis": list(map(split_lines, plan.analysis)),
        "weak_columns": list(map(split_lines, plan.weak_columns)),
        "weak_widths": WEAK_WIDTHS,
        "weak": rows(plan.weak),
        "no_weak": split_lines(plan.no_weak_text),
        "measures_title": split_lines(plan.measures_title),
        "columns": list(map(split_lines, MEASURE_COLUMNS)),
        "widths": MEASURE_WIDTHS,
        "groups": [
            {"title": split_lines(group.title), "rows": rows(group.rows)} for group in plan.groups
        ],
        "nothing": NO_MEASURES,
        "follow_up_title": split_lines(plan.follow_up_title),
        "follow_up": list(map(split_lines, plan.follow_up)),
    }
