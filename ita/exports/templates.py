"""Files to fill in: the columns of a kind, already filled with what the store knows."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from ita.domain import FiscalYear, Instrument, Quarter
from ita.exports.writers import as_text, load_export
from ita.i18n import _
from ita.imports.cells import IN_ARABIC, IN_THAI
from ita.imports.datasets import (
    DATASET_LABELS,
    MEASURE_SHOWN,
    SIGNATORIES,
    Column,
    Dataset,
    columns_of,
)
from ita.reference import Reference
from ita.store import Cursor
from ita.store.tables import RESPONDENTS, TABLES
from ita.tables import CellValue, csv_bytes, without_markup
from ita.tables.sheet_xml import row_height
from ita.tables.workbook import FONT

# Rows below the filled ones in which drop-downs still work.
SPARE_ROWS = 200


@dataclass(frozen=True)
class Template:
    """columns: of the file, then those that only help to fill it in. rows: as far as known."""

    kind: Dataset
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.thai for column in self.columns)


def load_template(
    cursor: Cursor,
    kind: Dataset,
    agency_id: str | None,
    year: FiscalYear,
    quarter: Quarter | None,
    reference: Reference,
) -> Template:
    """The template of a kind for one agency and period, filled with what the store knows."""
    columns = list(columns_of(kind, reference))
    if kind is Dataset.PROGRESS and agency_id and quarter:
        columns.insert(5, MEASURE_SHOWN)
        records = _progress_records(cursor, agency_id, quarter)
    elif agency_id and kind in (Dataset.NARRATIVE, Dataset.MEASURES):
        filters = [("agency", agency_id), ("fiscal_year", str(int(year)))]
        stored = load_export(cursor, kind.value, reference, filters).records
        records = stored or _blank_records(kind, agency_id, year)
    elif agency_id and kind is Dataset.ANNOTATIONS:
        records = _annotation_records(cursor, agency_id, year, reference)
    elif agency_id and kind is Dataset.SCORES:
        records = [_score_record(cursor, agency_id, year, columns)]
    else:
        records = []
    rows = tuple(tuple(record.get(c.name) for c in columns) for record in records)
    return Template(kind, tuple(columns), rows)


def _blank_records(kind: Dataset, agency_id: str, year: FiscalYear) -> list[dict[str, Any]]:
    """What is required at least: a measure, or a result, period and outcome, per instrument."""
    if kind is Dataset.NARRATIVE:
        return [
            {"fiscal_year": int(year), "agency": agency_id, "instrument": i.value, "type": t}
            for i in Instrument
            for t in ("สรุปผล", "ระยะเวลา", "ผลลัพธ์")
        ]
    return [
        {"fiscal_year": int(year), "agency": agency_id, "instrument": i.value, "seq": 1}
        for i in Instrument
    ]


def _annotation_records(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference
) -> list[dict[str, Any]]:
    """The events of a fiscal year as they are stored."""
    stored = load_export(cursor, Dataset.ANNOTATIONS, reference, [("agency", agency_id)]).records
    return [
        {**record, "date": as_text(record["date"])}
        for record in stored
        if year.first_day <= record["date"] <= year.last_day
    ]


def _score_record(
    cursor: Cursor, agency_id: str, year: FiscalYear, columns: Sequence[Column]
) -> dict[str, Any]:
    """A year's scores as they are stored: a blank cell would take a stored figure out."""
    key = {"agency_id": agency_id, "year": int(year)}
    of_year = "WHERE agency_id = $agency_id AND fiscal_year = $year"
    values = dict(cursor.execute(f"SELECT part, value FROM score {of_year}", key).fetchall())
    names = TABLES["annual_result"].values
    result = cursor.execute(
        f"SELECT {', '.join(names)} FROM annual_result {of_year}", key
    ).fetchone()
    stored = dict(zip(names, result, strict=True)) if result else {}
    scores = {column.name: values.get(column.part) for column in columns if column.part}
    return {
        "fiscal_year": int(year),
        "agency": agency_id,
        **scores,
        **stored,
        "source": stored.get("source") or None,
    }


def _progress_records(cursor: Cursor, agency_id: str, quarter: Quarter) -> list[dict[str, Any]]:
    rows = cursor.execute(
        "SELECT m.instrument, m.seq, m.measure, c.percent, c.note, c.obstacle, c.evidence "
        "FROM measure AS m LEFT JOIN completion AS c ON c.agency_id = m.agency_id "
        "AND c.fiscal_year = m.fiscal_year AND c.instrument = m.instrument AND c.seq = m.seq "
        "AND c.quarter = $quarter "
        "WHERE m.agency_id = $agency_id AND m.fiscal_year = $year "
        "AND (m.cancelled IS NULL OR c.percent IS NOT NULL)",
        {
            "agency_id": agency_id,
            "year": int(quarter.fiscal_year),
            "quarter": quarter.number,
        },
    ).fetchall()
    order = list(Instrument)
    rows.sort(key=lambda row: (order.index(Instrument(row[0])), row[1]))
    return [
        {
            "fiscal_year": int(quarter.fiscal_year),
            "quarter": quarter.number,
            "agency": agency_id,
            "instrument": instrument,
            "seq": seq,
            "measure_shown": measure,
            "percent": percent,
            "note": note,
            "obstacle": obstacle,
            "evidence": evidence,
        }
        for instrument, seq, measure, percent, note, obstacle, evidence in rows
    ]


def template_csv(template: Template) -> bytes:
    return csv_bytes(template.headers, template.rows)


_WIDTHS = {
    "fiscal_year": 13,
    "quarter": 7,
    "agency": 13,
    "instrument": 8,
    "seq": 6,
    "measure": 42,
    "measure_shown": 45,
    "indicator": 9,
    "start_quarter": 11,
    "end_quarter": 13,
    "text": 70,
    "note": 38,
    "obstacle": 26,
    "evidence": 26,
    "divisions": 20,
    "target": 20,
    "cause": 26,
    "method": 26,
    "follow_up": 20,
    "cancelled": 18,
    "name_th": 34,
    "name_en": 30,
    **dict.fromkeys(SIGNATORIES, 20),
    "source": 34,
    "date": 18,
    "event": 60,
    "percent": 12,
}
"""Characters of a column; on paper all of them share the width of one page."""
_OTHER_WIDTH, _FIGURE_WIDTH = 14, 11
_CHOICES = {
    "instrument": [code.value for code in Instrument],
    "quarter": ["1", "2", "3", "4"],
    "start_quarter": ["1", "2", "3", "4"],
    "end_quarter": ["1", "2", "3", "4"],
    "type": ["สรุปผล", "ผลลัพธ์", "ระยะเวลา"],
    "digits": [IN_THAI, IN_ARABIC],
}


def template_xlsx(template: Template) -> bytes:
    """The template with drop-downs, bounds on figures, and a sheet that says how to fill it in."""
    return templates_xlsx({"กรอกข้อมูล": template})


def templates_xlsx(sheets: Mapping[str, Template]) -> bytes:
    """Templates of several kinds in one workbook, by the names of their sheets."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for name, template in sheets.items():
        _fill(book, name, template)
    _instructions(book, list(sheets.values()))
    book.close()
    return stream.getvalue()


def _fill(book: Any, name: str, template: Template) -> None:
    sheet = book.add_worksheet(name)
    look = {**FONT, "text_wrap": True, "valign": "top"}
    text, typed = book.add_format(look), book.add_format({**look, "num_format": "@"})
    ruled = {"border": 1, "border_color": "#B8C0C6"}
    heads = {
        required: book.add_format(
            {**look, **ruled, "bold": True, "bg_color": color, "valign": "vcenter"}
        )
        for required, color in ((True, "#CFE3F1"), (False, "#EEF2F3"))
    }
    cell = book.add_format({**look, **ruled})
    figure = book.add_format({**look, **ruled, "align": "center"})
    last = len(template.rows) + SPARE_ROWS
    widths = [
        _FIGURE_WIDTH if column.part else _WIDTHS.get(column.name, _OTHER_WIDTH)
        for column in template.columns
    ]
    for index, column in enumerate(template.columns):
        # As text, a day stays as it was typed: Excel would take "67" in it for 1967.
        plain = typed if column.name == "date" else text
        sheet.set_column(index, index, widths[index], plain)
        sheet.write_string(0, index, column.thai, heads[column.required])
        if rule := _validation(column):
            sheet.data_validation(1, index, last, index, rule)
    sheet.set_row(0, row_height(template.headers, widths))
    for line, row in enumerate(template.rows, start=1):
        sheet.set_row(line, row_height(row, widths))
        for index, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, index, without_markup(value), cell)
            elif value is not None:
                sheet.write_number(line, index, float(value), figure)
            else:
                sheet.write_blank(line, index, None, cell)
    sheet.freeze_panes(1, 0)
    # On paper as wide as A4 is, with its name and the header on each page.
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    title = DATASET_LABELS[template.kind]
    sheet.set_header(f'&C&"{FONT["font_name"]},Bold"&14 {title}', {"margin": 0.3})
    sheet.set_footer("&R&P / &N", {"margin": 0.3})


def _validation(column: Column) -> dict[str, Any] | None:
    """What a sheet lets a person type into a column; None for anything."""
    if column.name in _CHOICES:
        return {"validate": "list", "source": _CHOICES[column.name]}
    if column.name == "percent" or column.part:
        bounds = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
        message = _("กรุณากรอกตัวเลข 0 ถึง 100")
    elif column.name in RESPONDENTS.values():
        bounds = {"validate": "integer", "criteria": ">=", "value": 1}
        message = _("กรุณากรอกจำนวนเต็มตั้งแต่ 1 ขึ้นไป")
    else:
        return None
    return {**bounds, "error_title": _("ค่าไม่ถูกต้อง"), "error_message": message}


def _instructions(book: Any, templates: Sequence[Template]) -> None:
    sheet = book.add_worksheet("คำแนะนำ")
    wrap = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
    bold = book.add_format({**FONT, "bold": True})
    sheet.set_column(0, 0, 26, wrap)
    sheet.set_column(1, 1, 90, wrap)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    columns = {column.name: column for template in templates for column in template.columns}
    for line, (left, right) in enumerate(instruction_rows(list(columns.values()))):
        sheet.set_row(line, row_height((left, right), (26, 90)))
        sheet.write_string(line, 0, left, bold if line == 0 else wrap)
        sheet.write_string(line, 1, right, bold if line == 0 else wrap)


def instruction_rows(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """How each column is filled in, for the sheet of instructions."""
    rows = [(_("คอลัมน์"), _("วิธีกรอก"))]
    for column in columns:
        needed = _("ต้องกรอก") if column.required else _("กรอกเมื่อมีข้อมูล")
        rows.append((column.thai, f"{needed} · {column_hint(column)}"))
    rows.append(("", _("ช่องว่าง - ไม่มี N/A หมายถึงไม่มีข้อมูล ไม่ใช่ศูนย์ ลบแถวที่ยังไม่รายงานออกได้")))
    return rows


def column_hint(column: Column) -> str:
    """What a column holds, in the current language."""
    if column.name in _CHOICES:
        return _("เลือก {choices}", choices=", ".join(_CHOICES[column.name]))
    if column.name == "percent":
        return _("ตัวเลข 0 ถึง 100 เป็นค่าสะสมตั้งแต่ต้นปี")
    if column.part:
        return _("คะแนนเต็ม 100 ทศนิยมสองตำแหน่ง")
    if column.name in RESPONDENTS.values():
        return _("จำนวนผู้ตอบแบบวัด เป็นจำนวนเต็ม")
    return {
        "fiscal_year": _("ปี พ.ศ. เช่น 2567"),
        "date": _("วัน เดือน ปี พ.ศ. เช่น 21 เม.ย. 2567 วันละหนึ่งแถว ถ้ามีหลายเรื่องให้เขียนรวมกัน"),
        "part": _("คะแนนรวม, IIT, EIT, OIT หรือเลขตัวชี้วัด เว้นว่าง = เกี่ยวกับทุกส่วน"),
        "agency": _("รหัสหรือชื่อหน่วยงาน"),
        "seq": _("ลำดับตามแผนมาตรการ เช่น 1"),
        "measures": _("ลำดับมาตรการที่ตอบ เช่น 1,3"),
        "divisions": _("หลายหน่วยงานคั่นด้วยจุลภาค"),
        "indicator": _("เลขตัวชี้วัดที่มุ่งแก้ เช่น 7"),
        "cause": _("ข้อบกพร่องหรือจุดอ่อนที่มาตรการนี้แก้ จากผลคะแนนปีก่อน"),
        "method": _("ทำอย่างไร ตามลำดับ"),
        "follow_up": _("ใครติดตาม เมื่อใด และรายงานต่อใคร"),
        "cancelled": _("เหตุผลที่ยกเลิกมาตรการนี้ เว้นว่าง = คงเดิม พิมพ์ “ไม่ยกเลิก” เพื่อนำมาตรการกลับมา"),
        "measure_shown": _("มีไว้ให้อ่านประกอบ ระบบไม่นำเข้าคอลัมน์นี้"),
        "agency_shown": _("มีไว้ให้อ่านประกอบ ระบบไม่นำเข้าคอลัมน์นี้"),
    }.get(column.name, _("ข้อความ"))
