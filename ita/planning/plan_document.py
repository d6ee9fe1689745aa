"""The plan of a year, the authority's first document, as one value and as files of every form.

It is Thai in every language, so it is built while the language is Thai; its texts are printable. Word and
typst are imported with the first file of theirs, so that a start doesn't pay for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ita.documents.html import html_bytes
from ita.documents.model import (
    Document,
    Paragraph,
    RuledTable,
    Section,
    TableRow,
    plain_lines,
    printable_texts,
)
from ita.documents.pdf import pdf_bytes
from ita.documents.settings import apply_settings
from ita.domain import TOTAL, FiscalYear, Instrument
from ita.formatting import change_text, part_text, score_text, thai_date
from ita.i18n import language_set_to
from ita.measures.plan_drafts import PlannedRow, parse_number
from ita.planning.analysis import PlanAnalysis
from ita.planning.needs import WeakPoint, measures_aiming_at
from ita.reference import Reference
from ita.tables import csv_bytes, xlsx_bytes

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


def build_plan_document(
    analysis: PlanAnalysis, rows: Sequence[PlannedRow], reference: Reference, is_draft: bool
) -> Document:
    """The document of a plan. analysis: built while the language is Thai. rows: its measures, in order."""
    year, scored = analysis.years.year, analysis.years.score_year
    item = reference.report_item(year, "measures")
    # Under the year's own name for it, where it has one, and what it is in every year.
    names = tuple(dict.fromkeys((item.title_or(TITLE) if item else TITLE, TITLE)))
    mark = (DRAFT_MARK,) if is_draft else ()
    year_suffix = f" ปีงบประมาณ {int(scored)}" if scored else ""
    with language_set_to("th"):
        sections = (
            Section(
                f"1. ผลการวิเคราะห์การประเมินคุณธรรมและความโปร่งใส (ITA){year_suffix}",
                tuple(_analysis(analysis)),
            ),
            Section(
                f"2. มาตรการและการนำไปสู่การปฏิบัติ ปีงบประมาณ {int(year)}",
                (_measures_table(rows, year, reference),),
            ),
            Section(
                "3. การกำกับติดตามและการรายงานผล",
                tuple(map(Paragraph, _follow_up(year))),
                keep_together=True,
            ),
        )
    document = Document(
        title=" ".join((f"{names[0]} ประจำปีงบประมาณ {int(year)}", *mark)),
        author=analysis.agency,
        heading=(*names, f"ประจำปีงบประมาณ {int(year)}", analysis.agency, *mark),
        blocks=(Paragraph(_introduction(analysis), is_introduction=True), *sections),
        is_draft=is_draft,
    )
    printed: Document = printable_texts(apply_settings(document, analysis.settings))
    return printed


def _introduction(analysis: PlanAnalysis) -> str:
    if analysis.years.score_year is None:
        return f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ {int(analysis.years.year)} มีดังนี้"
    return (
        f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ {int(analysis.years.year)} จัดทำจากการวิเคราะห์"
        f"ผลการประเมินคุณธรรมและความโปร่งใส (ITA) ปีงบประมาณ {int(analysis.years.score_year)} ดังนี้"
    )


def _analysis(analysis: PlanAnalysis) -> Iterator[Paragraph | RuledTable]:
    """What is known, then the weak points, or that there are none where that is known."""
    yield from map(Paragraph, _analysis_paragraphs(analysis))
    if analysis.weak_points:
        rows = [
            _weak_row(n, weak, analysis) for n, weak in enumerate(analysis.weak_points, start=1)
        ]
        yield RuledTable(_weak_columns(analysis.years.score_year), WEAK_WIDTHS, tuple(rows))
    elif not analysis.obstacle:
        yield Paragraph(NO_WEAK_POINT)


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


def _weak_row(number: int, weak: WeakPoint, analysis: PlanAnalysis) -> TableRow:
    indicator_name = f"ตัวชี้วัดที่ {weak.part} {weak.name_th} ({weak.instrument})"
    aimed = [f"{m.instrument} {m.seq}" for m in measures_aiming_at(weak, analysis.measures)]
    years = f" (ปี {int(analysis.years.work_year)})" if aimed and analysis.years.work_year else ""
    return TableRow(
        (
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
    )


def _change(weak: WeakPoint) -> str:
    if weak.previous is None or weak.change is None:
        return "ไม่มีปีที่เทียบได้"
    return f"{change_text(weak.change)}\nจากปี {int(weak.previous.fiscal_year)}"


def _measures_table(
    rows: Sequence[PlannedRow], year: FiscalYear, reference: Reference
) -> RuledTable:
    """By instrument in the authority's order; what names none of them comes last."""
    rules = reference.nearest_rules(year).instruments
    by_code: dict[str, list[TableRow]] = {instrument.value: [] for instrument in Instrument}
    for row in rows:
        if row.has_content:
            by_code.setdefault(row.instrument, []).append(_measure_row(row))
    names = {code.value: f"{rule.name_th} ({code})" for code, rule in rules.items()}
    table_rows = [
        row
        for code, own_rows in by_code.items()
        if own_rows
        for row in (TableRow((names.get(code, code),)), *own_rows)
    ]
    return RuledTable(MEASURE_COLUMNS, MEASURE_WIDTHS, tuple(table_rows), NO_MEASURES)


def _measure_row(row: PlannedRow) -> TableRow:
    aims = f"ตัวชี้วัดที่ {', '.join(row.indicator.split(','))}" if row.indicator else ""
    cause = "" if row.indicator and row.cause.startswith(aims) else aims
    return TableRow(
        (
            str(parse_number(row.seq) or row.seq),
            "\n".join(filter(None, (row.cause, cause and f"({cause})"))),
            f"{row.measure}\n(ยกเลิก: {row.cancelled})" if row.cancelled else row.measure,
            row.method,
            row.divisions,
            _period(row),
            row.target,
            row.follow_up,
        )
    )


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


# The plan as files.

INSTRUMENT = "แบบวัด"
# Widths of the workbook's columns, the instrument's first.
COLUMN_WIDTHS = (26, 6, 36, 46, 36, 24, 14, 20, 24)


def measure_rows(plan: Document) -> Iterator[tuple[str, ...]]:
    """The measures of a plan, each with the name of its instrument before its cells."""
    for instrument, rows in plan.tables[-1].groups():
        yield from ((instrument or "", *row.texts) for row in rows)


def csv_document(plan: Document) -> bytes:
    """The measures alone: a CSV holds one table."""
    return csv_bytes((INSTRUMENT, *MEASURE_COLUMNS), measure_rows(plan))


def xlsx_document(plan: Document) -> bytes:
    """The measures, and all else on the second sheet."""
    introduction, analysis, _measures, follow_up, *_signatures = plan.blocks
    notes = (*plan.heading, *plain_lines((introduction, analysis, follow_up)))
    rows = ((name, _typed(number), *rest) for name, number, *rest in measure_rows(plan))
    return xlsx_bytes("มาตรการ", (INSTRUMENT, *MEASURE_COLUMNS), rows, COLUMN_WIDTHS, notes)


def _typed(number: str) -> str | int:
    """A measure's number as a sheet sorts it; what a draft has between two (1.5) and Thai digits stay as
    written."""
    return int(number) if number.isdecimal() and number.isascii() else number


def docx_document(plan: Document) -> bytes:
    from ita.documents.docx import docx_bytes

    return docx_bytes(plan)


# Format → function of a plan that returns the bytes of a file.
DOCUMENT_WRITERS: Mapping[str, Callable[[Document], bytes]] = {
    "html": html_bytes,
    "csv": csv_document,
    "xlsx": xlsx_document,
    "docx": docx_document,
    "pdf": pdf_bytes,
}
