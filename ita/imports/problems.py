"""Every mistake a file can have, as a value; its sentence is made last, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ita.i18n import N_, _
from ita.imports.readers.cell_text import SheetLine, place_of_line


class Severity(StrEnum):
    BLOCKS = "blocks"
    WARNS = "warns"


class ProblemKind(StrEnum):
    """Stable codes; others rely on them."""

    EMPTY_FILE = "empty-file"
    FILE_TOO_LARGE = "file-too-large"
    UNREADABLE_ENCODING = "unreadable-encoding"
    UNREADABLE_CSV = "unreadable-csv"
    RAGGED_ROW = "ragged-row"
    SHORT_ROW = "short-row"
    SKIPPED_ROWS = "skipped-rows"
    NOT_REPORTED = "not-reported"
    YEAR_TAKEN = "year-taken"
    OTHER_YEAR = "other-year"
    MISSING_COLUMN = "missing-column"
    DUPLICATE_COLUMN = "duplicate-column"
    UNKNOWN_COLUMN = "unknown-column"
    REQUIRED_VALUE = "required-value"
    NOT_A_NUMBER = "not-a-number"
    OUT_OF_RANGE = "out-of-range"
    UNKNOWN_YEAR = "unknown-year"
    UNKNOWN_INSTRUMENT = "unknown-instrument"
    UNKNOWN_QUARTER = "unknown-quarter"
    UNKNOWN_TYPE = "unknown-type"
    UNKNOWN_AGENCY = "unknown-agency"
    UNKNOWN_MEASURE = "unknown-measure"
    UNKNOWN_LEVEL = "unknown-level"
    UNKNOWN_PART = "unknown-part"
    NOT_A_DATE = "not-a-date"
    DUPLICATE_KEY = "duplicate-key"
    AMBIGUOUS_SCALE = "ambiguous-scale"
    TOTAL_MISMATCH = "total-mismatch"
    LEVEL_MISMATCH = "level-mismatch"
    PROGRESS_FELL = "progress-fell"
    CANCELLED_MEASURE = "cancelled-measure"
    TEXT_TOO_LONG = "text-too-long"
    BROKEN_TEXT = "broken-text"
    FRACTION_SCALE = "fraction-scale"
    SCALE_CONVERTED = "scale-converted"
    ALREADY_IMPORTED = "already-imported"
    NOT_ALLOWED = "not-allowed"
    SHEETS_NOT_READ = "sheets-not-read"
    UNKNOWN_SHEET = "unknown-sheet"
    HIDDEN_ROWS = "hidden-rows"
    HIDDEN_COLUMNS = "hidden-columns"
    TABLES_BELOW = "tables-below"
    WIDE_FORM = "wide-form"
    SPOILT_ID = "spoilt-id"
    OLD_SPELLING = "old-spelling"
    UNKNOWN_SPELLING = "unknown-spelling"
    BLANKS_COLLAPSED = "blanks-collapsed"
    MORE_PROBLEMS = "more-problems"


WARNINGS = frozenset(
    {
        ProblemKind.SHORT_ROW,
        ProblemKind.SKIPPED_ROWS,
        ProblemKind.NOT_REPORTED,
        ProblemKind.YEAR_TAKEN,
        ProblemKind.OTHER_YEAR,
        ProblemKind.UNKNOWN_COLUMN,
        ProblemKind.UNKNOWN_LEVEL,
        ProblemKind.TOTAL_MISMATCH,
        ProblemKind.LEVEL_MISMATCH,
        ProblemKind.PROGRESS_FELL,
        ProblemKind.CANCELLED_MEASURE,
        ProblemKind.SCALE_CONVERTED,
        ProblemKind.ALREADY_IMPORTED,
        ProblemKind.SHEETS_NOT_READ,
        ProblemKind.HIDDEN_ROWS,
        ProblemKind.HIDDEN_COLUMNS,
        ProblemKind.OLD_SPELLING,
        ProblemKind.UNKNOWN_SPELLING,
        ProblemKind.BLANKS_COLLAPSED,
        ProblemKind.MORE_PROBLEMS,
    }
)
"""What a person may go on with; everything else must be mended first."""

SENTENCES: Mapping[ProblemKind, str] = {
    ProblemKind.MORE_PROBLEMS: N_(
        "มีแบบเดียวกันมากกว่า {limit} แห่ง จึงแสดงเพียงแบบละ {limit} แห่งแรก "
        "กรุณาตรวจก่อนว่าเลือกชนิดข้อมูลและไฟล์ถูกต้อง"
    ),
    ProblemKind.EMPTY_FILE: N_("ไฟล์นี้ไม่มีข้อมูลให้นำเข้า {why}"),
    ProblemKind.FILE_TOO_LARGE: N_(
        "ไฟล์ใหญ่เกินไป: {value} {unit} รับได้ไม่เกิน {limit} {unit} กรุณาแบ่งเป็นหลายไฟล์แล้วนำเข้าทีละไฟล์"
    ),
    ProblemKind.UNREADABLE_ENCODING: N_(
        "{why} กรุณาเปิดใน Excel แล้วบันทึกเป็น “CSV UTF-8” หรือ .xlsx แล้วนำเข้าใหม่"
    ),
    ProblemKind.UNREADABLE_CSV: N_(
        "{why} กรุณาตรวจเครื่องหมายคำพูดและตัวคั่นแถวนั้น หรือบันทึกไฟล์จาก Excel อีกครั้ง"
    ),
    ProblemKind.RAGGED_ROW: N_("แถวนี้มี {value} ช่อง แต่หัวตารางมี {columns} ช่อง {why}"),
    ProblemKind.SHORT_ROW: N_(
        "{value} แถวมีช่องน้อยกว่าหัวตาราง เพราะโปรแกรมตารางตัดช่องว่างท้ายแถวออก (บรรทัด {lines}) "
        "ช่องที่ขาดถือว่าไม่ได้กล่าวถึง ค่าที่เก็บไว้แล้วจะคงเดิม หากต้องการลบค่าเดิม กรุณาบันทึกเป็น .xlsx แล้วนำเข้าใหม่"
    ),
    ProblemKind.SKIPPED_ROWS: N_(
        "ข้าม {value} แถวที่ไม่ใช่ข้อมูล เช่น ผลรวม ลายเซ็น หมายเหตุ หรือหัวตารางซ้ำ: {words} (บรรทัด {lines}) {why}"
    ),
    ProblemKind.NOT_REPORTED: N_(
        "{value} แถวยังไม่รายงาน (ว่างทั้งร้อยละ ผลการดำเนินงาน ปัญหา และหลักฐาน) "
        "จึงไม่นำเข้าแถวเหล่านี้ ค่าที่เก็บไว้แล้วคงเดิม (บรรทัด {lines})"
    ),
    ProblemKind.YEAR_TAKEN: N_(
        "ไฟล์นี้ไม่มีคอลัมน์ปีงบประมาณ จึงใช้ปีที่เขียนไว้ในช่องไตรมาส ({value}) กรุณาตรวจว่าถูกต้อง"
    ),
    ProblemKind.OTHER_YEAR: N_(
        "ไฟล์นี้เป็นของปี {value} ไม่ใช่ปี {given} ที่ระบุ ระบบใช้ปีตามไฟล์ กรุณาตรวจว่าเลือกไฟล์ถูก"
    ),
    ProblemKind.MISSING_COLUMN: N_(
        "ไม่พบคอลัมน์ {value} กรุณาเพิ่มคอลัมน์นี้ในแถวหัวตาราง (ใช้ชื่อ {names} ก็ได้) {why}{likely}"
    ),
    ProblemKind.DUPLICATE_COLUMN: N_("คอลัมน์ {column} มีซ้ำกันมากกว่าหนึ่งคอลัมน์ กรุณาเหลือไว้คอลัมน์เดียว"),
    ProblemKind.UNKNOWN_COLUMN: N_(
        "ไม่รู้จักคอลัมน์ {column} จึงไม่นำเข้าคอลัมน์นี้ หากเป็นข้อมูลที่ต้องใช้ กรุณาแก้ชื่อหัวคอลัมน์{likely}"
    ),
    ProblemKind.REQUIRED_VALUE: N_("ยังไม่ได้กรอก {what} กรุณากรอกข้อมูลในช่องนี้"),
    ProblemKind.NOT_A_NUMBER: N_("“{value}” ไม่ใช่ตัวเลข กรุณากรอกเป็นตัวเลข เช่น {example}"),
    ProblemKind.OUT_OF_RANGE: N_("“{value}” อยู่นอกช่วง กรุณากรอกค่าตั้งแต่ {low} ถึง {high}"),
    ProblemKind.UNKNOWN_YEAR: N_("ไม่รู้จักปี “{value}” {why}"),
    ProblemKind.UNKNOWN_INSTRUMENT: N_(
        "ไม่รู้จักแบบวัด “{value}” กรุณากรอก IIT, EIT หรือ OIT อย่างใดอย่างหนึ่ง"
    ),
    ProblemKind.UNKNOWN_QUARTER: N_("ใช้ไตรมาส “{value}” ไม่ได้ {why}"),
    ProblemKind.UNKNOWN_TYPE: N_("ไม่รู้จักประเภท “{value}” {why}"),
    ProblemKind.UNKNOWN_AGENCY: N_("หน่วยงาน “{value}” {why}{likely}"),
    ProblemKind.UNKNOWN_MEASURE: N_(
        "ไม่มีมาตรการที่ {value} ของ {instrument} ปี {year} ในระบบ "
        "กรุณาตรวจลำดับมาตรการ หรือนำเข้ามาตรการของปีนี้ก่อน"
    ),
    ProblemKind.UNKNOWN_LEVEL: N_(
        "ระดับ “{value}” ไม่อยู่ในเกณฑ์ของปี {year} ({levels}) ระบบจะเก็บไว้ตามที่กรอก กรุณาตรวจกับประกาศ"
    ),
    ProblemKind.UNKNOWN_PART: N_(
        "ไม่รู้จักส่วน “{value}” กรุณากรอก คะแนนรวม, IIT, EIT, OIT หรือเลขตัวชี้วัด หากเกี่ยวกับทุกส่วนให้เว้นว่าง"
    ),
    ProblemKind.NOT_A_DATE: N_("“{value}” ใช้เป็นวันที่ไม่ได้ {why}"),
    ProblemKind.DUPLICATE_KEY: N_("แถวนี้ซ้ำกับบรรทัด {first} ({value}) กรุณาลบหรือแก้ให้เหลือแถวเดียว"),
    ProblemKind.AMBIGUOUS_SCALE: N_(
        "บอกไม่ได้ว่าคะแนน IIT, EIT, OIT ในไฟล์นี้เป็นคะแนนเต็ม 100 หรือคะแนนถ่วงน้ำหนัก ({weights}) "
        "กรุณาเพิ่มคอลัมน์คะแนนรวม แก้แถวที่ไม่ตรงกัน หรือเลือกในหน้านำเข้าข้อมูล (บรรทัดคำสั่ง: --scale percent หรือ --scale weighted)"
    ),
    ProblemKind.TOTAL_MISMATCH: N_(
        "ค่าที่กรอก {value} ไม่ตรงกับที่คำนวณได้ {computed} ระบบจะเก็บค่าที่กรอกไว้ กรุณาตรวจกับประกาศ"
    ),
    ProblemKind.LEVEL_MISMATCH: N_(
        "ระดับ “{value}” ไม่ตรงกับที่คำนวณจากคะแนน ({computed}) ระบบจะเก็บระดับที่กรอกไว้ กรุณาตรวจกับประกาศ"
    ),
    ProblemKind.PROGRESS_FELL: N_(
        "ร้อยละความสำเร็จ {value} {why}ไตรมาส {quarter} ({before}) ทั้งที่เป็นค่าสะสม หากไม่ได้ตั้งใจ กรุณาแก้ไข"
    ),
    ProblemKind.CANCELLED_MEASURE: N_(
        "มาตรการที่ {value} ของ {instrument} ปี {year} ยกเลิกแล้ว (เหตุผล: {reason}) ระบบจะเก็บรายงานนี้ไว้ "
        "แต่ไม่นับในค่าเฉลี่ยและสถานะ หากยังดำเนินการอยู่ กรุณานำมาตรการกลับมาทำในหน้ามาตรการ"
    ),
    ProblemKind.TEXT_TOO_LONG: N_(
        "ข้อความยาว {value} ตัวอักษร รับได้ไม่เกิน {limit} กรุณาย่อ หรือย้ายรายละเอียดไปไว้ในเอกสารแนบ"
    ),
    ProblemKind.BROKEN_TEXT: N_("“{value}” {why}"),
    ProblemKind.FRACTION_SCALE: N_(
        "ทุกค่าในคอลัมน์ {column} อยู่ระหว่าง 0 ถึง 1 ({value}) ระบบจึงบอกไม่ได้ว่าเป็นสัดส่วนที่ต้องคูณ 100 ({example}) "
        "หรือเป็นร้อยละจริง กรุณาเลือกในหน้านำเข้าข้อมูล หรือแก้ค่าในไฟล์ (บรรทัดคำสั่ง: --scale fraction หรือ --scale percent)"
    ),
    ProblemKind.SCALE_CONVERTED: N_(
        "อ่าน {count} ค่าเป็น{what} และจะเก็บเป็นค่าเต็ม 100: {conversions} กรุณาตรวจว่าถูกต้อง"
    ),
    ProblemKind.ALREADY_IMPORTED: N_("ไฟล์นี้นำเข้าไปแล้วในครั้งที่ {value} จึงไม่มีอะไรถูกบันทึกซ้ำ"),
    ProblemKind.NOT_ALLOWED: N_("ไม่ได้บันทึกอะไร {reason}"),
    ProblemKind.SHEETS_NOT_READ: N_("ไม่ได้อ่านแผ่นงาน {value} {why} (แผ่นงานที่อ่าน: {read})"),
    ProblemKind.UNKNOWN_SHEET: N_(
        "ไม่มีแผ่นงาน “{value}” ให้อ่านในไฟล์นี้ กรุณาเลือกจาก {sheets} (แผ่นงานที่ซ่อนอยู่ต้องยกเลิกการซ่อนก่อน)"
    ),
    ProblemKind.HIDDEN_ROWS: N_("มีแถวที่ถูกซ่อนหรือกรองออก {value} แถว (บรรทัด {lines}) {why}"),
    ProblemKind.HIDDEN_COLUMNS: N_(
        "คอลัมน์ {column} ถูกซ่อนไว้ในไฟล์ แต่ระบบอ่านด้วย หากไม่ต้องการให้นำเข้า กรุณาลบคอลัมน์นี้ออกจากไฟล์ก่อน"
    ),
    ProblemKind.TABLES_BELOW: N_(
        "มีอีกตารางหนึ่ง {rows} แถว เริ่มที่บรรทัดนี้ ({value}) {why} จึงอ่านรวมกันไม่ได้ "
        "กรุณาย้ายตารางนั้นไปไว้ในแผ่นงานหรือไฟล์อื่น แล้วนำเข้าทีละตาราง"
    ),
    ProblemKind.WIDE_FORM: N_(
        "ตารางนี้วางช่วงเวลาเป็นคอลัมน์ ({value}) ระบบยังไม่รับตารางแนวนี้ กรุณาจัดใหม่ให้หนึ่งแถวเป็นหนึ่งมาตรการของหนึ่งไตรมาส "
        "โดยมีคอลัมน์ ไตรมาส และ ร้อยละความสำเร็จ หรือใช้แบบฟอร์มจากหน้านำเข้าข้อมูล"
    ),
    ProblemKind.SPOILT_ID: N_(
        "รหัสหน่วยงาน “{value}” {why}{likely} กรุณาตั้งรูปแบบคอลัมน์รหัสเป็น “ข้อความ” แล้วใส่รหัสเดิม หรือกดเลือกในหน้านำเข้าข้อมูล "
        "(บรรทัดคำสั่ง: --same-agency รหัสในไฟล์=รหัสในระบบ)"
    ),
    ProblemKind.OLD_SPELLING: N_("{what} “{value}” ระบบจะเก็บเป็น “{kept}” เพื่อให้จัดกลุ่มได้ตรงกัน"),
    ProblemKind.UNKNOWN_SPELLING: N_(
        "ไม่รู้จัก{what} “{value}” ระบบจะเก็บไว้ตามที่กรอก และจะเป็นกลุ่มของตัวเองในหน้าเปรียบเทียบ กรุณาตรวจตัวสะกด"
    ),
    ProblemKind.BLANKS_COLLAPSED: N_(
        "คอลัมน์ {column} มี {value} ช่องที่เว้นวรรค แท็บ หรือขึ้นบรรทัดใหม่ติดกันเกิน {limit} ตัวกลางข้อความ (บรรทัด {lines}) "
        "ระบบจะเก็บเป็นเว้นวรรคเดียว หรือเว้นไม่เกินหนึ่งบรรทัด ถ้อยคำคงเดิมทุกคำ หากเว้นไว้เพื่อจัดเป็นตาราง กรุณาแยกเป็นบรรทัดแทน"
    ),
}

REASONS: Mapping[str, str] = {
    "no-rows": N_("กรุณาเลือกไฟล์ที่มีหัวคอลัมน์และข้อมูลอย่างน้อยหนึ่งแถว"),
    "none-reported": N_("ทุกแถวยังว่าง กรุณากรอกร้อยละความสำเร็จอย่างน้อยหนึ่งมาตรการ แล้วนำเข้าใหม่"),
    "separators": N_("กรุณาตรวจว่ามีตัวคั่นเกินหรือขาดในข้อความ"),
    "beyond-header": N_("กรุณาใส่ชื่อหัวคอลัมน์ให้ช่องที่เกิน หรือลบข้อความในช่องนั้นหากไม่ใช่ข้อมูล"),
    "only-skipped": N_("มีแต่แถวผลรวม ลายเซ็น หรือหมายเหตุ กรุณาตรวจว่าเลือกไฟล์ถูก"),
    "skipped-keep": N_("หากเป็นข้อมูลจริง ให้เลือกนำแถวเหล่านี้เข้าด้วย (บรรทัดคำสั่ง: --keep-rows)"),
    "skipped-headers": N_("เพราะอยู่เหนือหัวตาราง เป็นหัวตารางที่มีซ้ำ หรือเป็นชื่อของตารางถัดไป"),
    "sheet-differs": N_(
        "เพราะหัวตารางต่างจากแผ่นงานที่อ่าน หากต้องการแผ่นงานนั้น ให้เลือกแผ่นงานในหน้านำเข้าข้อมูล (บรรทัดคำสั่ง: --sheet) แล้วนำเข้าอีกครั้ง"
    ),
    "sheet-copy": N_("เพราะทุกแถวซ้ำกับแผ่นงานที่อ่านแล้ว"),
    "sheet-hidden": N_("เพราะถูกซ่อนไว้ หากเป็นข้อมูลที่ต้องใช้ กรุณายกเลิกการซ่อนใน Excel แล้วนำเข้าใหม่"),
    "hidden-read": N_(
        "ระบบอ่านแถวเหล่านี้ด้วย หากไม่ต้องการ ให้เลือกข้ามแถวที่ซ่อน (บรรทัดคำสั่ง: --hidden-rows skip)"
    ),
    "hidden-skipped": N_("ไม่ได้อ่านแถวเหล่านี้ ตามที่เลือกไว้"),
    "table-differs": N_("มีหัวคอลัมน์ต่างจากตารางที่อ่าน"),
    "table-beside": N_("อยู่ข้างตารางที่อ่าน"),
    "not-text": N_("ไฟล์นี้ไม่ใช่ไฟล์ข้อความ (มีอักขระว่างที่อ่านไม่ได้ อาจเสียหายหรือเป็นไฟล์ชนิดอื่น)"),
    "no-encoding": N_("อ่านตัวอักษรในไฟล์นี้ไม่ได้ ไม่ใช่ทั้ง UTF-8, UTF-16 และ windows-874"),
    "not-as-picked": N_("ไฟล์นี้ไม่ได้อยู่ในรหัสอักขระที่เลือก"),
    "pdf": N_("ไฟล์นี้เป็น PDF ไม่ใช่ตาราง แม้ชื่อจะลงท้ายแบบอื่น"),
    "password": N_("ไฟล์นี้มีรหัสผ่าน ระบบจึงเปิดอ่านไม่ได้ (ต้องเอารหัสผ่านออกเมื่อบันทึก)"),
    "open-document": N_("ไฟล์นี้เป็นเอกสาร OpenDocument ที่ไม่ใช่ตาราง (เช่น .odt)"),
    "word": N_("ไฟล์นี้เป็นเอกสาร Word ไม่ใช่ตาราง แม้ชื่อจะลงท้ายแบบอื่น"),
    "slides": N_("ไฟล์นี้เป็น PowerPoint ไม่ใช่ตาราง แม้ชื่อจะลงท้ายแบบอื่น"),
    "other-zip": N_("ไฟล์นี้เป็นไฟล์บีบอัด (ZIP, RAR) ไม่ใช่ตาราง กรุณาแตกไฟล์ก่อน"),
    "web-page": N_("ไฟล์นี้เป็นหน้าเว็บ (HTML) หรือ XML ที่ไม่มีตาราง แม้ชื่อจะลงท้ายแบบอื่น เช่น .xls"),
    "picture": N_("ไฟล์นี้เป็นรูปภาพ ไม่ใช่ตาราง"),
    "broken-xlsx": N_("เปิดไฟล์ Excel นี้ไม่ได้ ไฟล์เสียหายหรือบันทึกไม่สมบูรณ์"),
    "broken-data-file": N_("เปิดไฟล์ข้อมูลนี้ไม่ได้ ไฟล์เสียหายหรือไม่ใช่ตาราง"),
    "unclosed-quote": N_('มีเครื่องหมายคำพูด (") ที่เปิดแล้วไม่ปิด เริ่มที่บรรทัดนี้'),
    "stray-quote": N_('มีเครื่องหมายคำพูด (") อยู่ผิดที่ในบรรทัดนี้'),
    "say-year": N_("หากทุกแถวเป็นของปีเดียวกัน ให้เลือกปีนั้นในหน้านำเข้าข้อมูล (บรรทัดคำสั่ง: --year)"),
    "year-form": N_("กรุณากรอกเป็นปี พ.ศ. เช่น 2567"),
    "year-rules": N_("ยังไม่มีเกณฑ์ของปีนี้ กรุณาเพิ่มแถวของปีนี้ในไฟล์ data/reference/years.csv"),
    "quarter-form": N_("กรุณากรอก 1, 2, 3 หรือ 4 (เช่น ไตรมาส 1, Q1/2568 หรือ ต.ค.–ธ.ค. 2567 ก็ได้)"),
    "quarter-months": N_(
        "เดือนในช่องนี้ไม่ตรงกับไตรมาสของปีงบประมาณ (1 ต.ค.–ธ.ค. 2 ม.ค.–มี.ค. 3 เม.ย.–มิ.ย. 4 ก.ค.–ก.ย.) กรุณาแก้ให้ตรงกัน"
    ),
    "quarter-years": N_(
        "ในช่องนี้มีปีที่ไม่ตรงกัน กรุณาแก้ให้ตรงกัน (ปีหลังเดือนเป็นปีปฏิทิน เช่น ต.ค.–ธ.ค. 2567 คือไตรมาส 1 ของปีงบประมาณ 2568)"
    ),
    "quarter-other-year": N_(
        "ปีในช่องนี้ไม่ตรงกับปีงบประมาณของแถว กรุณาแก้ให้ตรงกัน (ปีหลังเดือนเป็นปีปฏิทิน เช่น ต.ค.–ธ.ค. 2567 คือไตรมาส 1 ของปีงบประมาณ 2568)"
    ),
    "quarter-order": N_("ไตรมาสสิ้นสุดมาก่อนไตรมาสเริ่ม กรุณาสลับหรือแก้ไข"),
    "date-form": N_("กรุณากรอกวัน เดือน และปี พ.ศ. ตามลำดับ เช่น 21 เม.ย. 2567 หรือ 21/4/2567"),
    "date-impossible": N_("ไม่มีวันนี้ในปฏิทิน กรุณาตรวจวันและเดือน (วันมาก่อนเดือน เช่น 21/4/2567)"),
    "date-years": N_("ปีอยู่นอกช่วงปีที่มีการประเมิน กรุณาตรวจว่าเป็นปี พ.ศ. ที่ถูกต้อง เช่น 2567"),
    "below-earlier": N_("น้อยกว่า"),
    "above-later": N_("มากกว่า"),
    "agency-unknown": N_("ไม่มีในระบบ กรุณาตรวจรหัสหรือชื่อ หรือนำเข้ารายชื่อหน่วยงานก่อน"),
    "agency-other-province": N_(
        "มีในระบบ แต่อยู่คนละจังหวัดกับที่ไฟล์ระบุ ({province}) กรุณาตรวจชื่อและจังหวัด หรือใช้รหัสหน่วยงานแทนชื่อ"
    ),
    "agency-shared-name": N_("เป็นชื่อของหลายหน่วยงาน กรุณาใช้รหัสหน่วยงานแทนชื่อ"),
    "id-zeros": N_("ไม่มีในระบบ และดูเหมือนเลขศูนย์ข้างหน้าหายไปเมื่อเปิดใน Excel"),
    "id-number": N_("เป็นรูปแบบที่ Excel ใช้เขียนตัวเลข ไม่ใช่รหัสเดิม"),
    "id-scientific": N_("เป็นตัวเลขที่ Excel ย่อไว้ รหัสเต็มไม่อยู่ในไฟล์แล้ว"),
    "id-precision": N_("ยาวเกิน 15 หลัก Excel จึงเปลี่ยนหลักท้าย ๆ เป็น 0"),
    "id-day": N_("ถูก Excel เปลี่ยนเป็นวันที่"),
    "id-namesake": N_("ไม่มีในระบบ แต่ชื่อและจังหวัดตรงกับหน่วยงานที่มีอยู่แล้ว"),
    "id-in-file": N_("ดูเหมือนเป็นหน่วยงานเดียวกับอีกแถวหนึ่งในไฟล์นี้ ที่รหัสมีเลขศูนย์ข้างหน้า"),
    "narrative-type": N_("กรุณากรอก สรุปผล, ผลลัพธ์ หรือ ระยะเวลา อย่างใดอย่างหนึ่ง"),
    "digits": N_("กรุณากรอก ไทย หรือ อารบิก หรือเว้นว่างเพื่อพิมพ์ตามที่เขียนไว้"),
    "province": N_("จังหวัด"),
    "agency-type": N_("ประเภทหน่วยงาน"),
    "any-figure": N_("คะแนนอย่างน้อยหนึ่งช่อง (คะแนนรวม, IIT, EIT, OIT)"),
    "megabytes": N_("MB"),
    "rows": N_("แถวข้อมูล"),
    "cells": N_("ช่องข้อมูล"),
    "columns": N_("คอลัมน์ในตาราง"),
    "sheets": N_("แผ่นงาน"),
    "tables": N_("ตารางในแผ่นงานเดียว"),
    "parts": N_("ไฟล์ย่อยในไฟล์บีบอัด"),
    "sheet-extras": N_("รายการประกอบของแผ่นงาน เช่น การจัดรูปแบบและลิงก์"),
    "tags": N_("แท็กในหน้าเว็บหรือ XML"),
    "characters": N_("ตัวอักษร"),
    "line-characters": N_("ตัวอักษรในบรรทัดเดียว"),
    "record-characters": N_("ตัวอักษรในระเบียนเดียว"),
    "unpacked": N_("MB เมื่อคลายออกอ่าน"),
    "merged": N_("กลุ่มช่องที่ผสานกัน"),
    "agency-other": N_("ไม่ตรงกับหน่วยงานที่เลือกนำเข้า กรุณาตรวจว่าเลือกไฟล์ถูกหน่วยงาน"),
    "question-marks": N_(
        "ตัวอักษรไทยหายไปตอนบันทึกไฟล์ เหลือแต่เครื่องหมาย ? และกู้คืนจากไฟล์นี้ไม่ได้ "
        "กรุณาเปิดต้นฉบับใน Excel แล้วบันทึกเป็น “CSV UTF-8” หรือ .xlsx แล้วนำเข้าใหม่"
    ),
    "replaced-letters": N_(
        "มีตัวอักษรหายไป เหลือแต่เครื่องหมาย � กรุณาพิมพ์ข้อความให้ครบ "
        "หรือเปิดต้นฉบับใน Excel แล้วบันทึกเป็น “CSV UTF-8” หรือ .xlsx แล้วนำเข้าใหม่"
    ),
    "letters-lost": N_(
        "เป็นภาษาไทยที่ถูกเปิดด้วยรหัสอักขระผิดแล้วบันทึกทับ และตัวอักษรบางตัวหายไป "
        "กรุณาเปิดต้นฉบับใน Excel แล้วบันทึกเป็น “CSV UTF-8” หรือ .xlsx แล้วนำเข้าใหม่"
    ),
    "wrong-encoding": N_(
        "เป็นภาษาไทยที่ถูกเปิดด้วยรหัสอักขระผิดแล้วบันทึกทับ ข้อความเดิมน่าจะเป็น “{repaired}” "
        "กรุณาแก้ข้อความ หรือเปิดต้นฉบับใน Excel แล้วบันทึกเป็น “CSV UTF-8” หรือ .xlsx แล้วนำเข้าใหม่"
    ),
    "escaped-letters": N_("เขียนตัวอักษรเป็นรหัสของโปรแกรม ข้อความเดิมน่าจะเป็น “{repaired}” กรุณาแก้ข้อความ"),
    "spreadsheet-error": N_(
        "เป็นข้อผิดพลาดของสูตรในตารางคำนวณ ไม่ใช่ข้อความ กรุณาแก้สูตรหรือพิมพ์ข้อความที่ถูกต้อง หากไม่มีข้อมูลให้เว้นว่าง"
    ),
    "formula": N_(
        "เป็นสูตรที่ยังไม่มีผลลัพธ์ ไม่ใช่ข้อความ กรุณาเปิดใน Excel แล้วบันทึกอีกครั้งเพื่อให้คำนวณ หรือพิมพ์ข้อความที่ถูกต้อง"
    ),
    "narrow-column": N_(
        "เป็นเครื่องหมายที่ตารางคำนวณแสดงเมื่อคอลัมน์แคบกว่าค่าในช่อง "
        "กรุณาขยายคอลัมน์ในต้นฉบับแล้วบันทึกใหม่ หรือพิมพ์ข้อความที่ถูกต้อง"
    ),
    "program-null": N_("เป็นคำที่โปรแกรมใช้แทนค่าว่าง ไม่ใช่ข้อความ กรุณาพิมพ์ข้อความที่ถูกต้อง หากไม่มีข้อมูลให้เว้นว่าง"),
    "fractions": N_("สัดส่วน 0–1"),
    "weighted-points": N_("คะแนนถ่วงน้ำหนัก"),
    "program-value": N_("เป็นค่าที่เขียนแบบโปรแกรม ไม่ใช่ข้อความ กรุณาพิมพ์ข้อความที่ถูกต้อง หากไม่มีข้อมูลให้เว้นว่าง"),
    "program-bytes": N_("เป็นไบต์ที่เขียนแบบโปรแกรม ข้อความเดิมน่าจะเป็น “{repaired}” กรุณาแก้ข้อความ"),
    "list": N_("เป็นรายการหลายค่าที่เขียนแบบโปรแกรม กรุณาเขียนเป็นข้อความเดียว เช่น “{repaired}”"),
    "nested": N_("เป็นข้อมูลซ้อนหลายชั้นแบบโปรแกรม ช่องนี้รับข้อความเดียว กรุณาเหลือไว้เฉพาะข้อความที่ต้องการ"),
    "control-characters": N_(
        "มีอักขระควบคุมที่มองไม่เห็นปนอยู่ มักเกิดจากการคัดลอกหรือเปิดด้วยรหัสอักขระผิด กรุณาพิมพ์ข้อความใหม่"
    ),
}
"""Parts of sentences, by a stable word."""

_OPTION = N_("(บรรทัดคำสั่ง:")
"""How a sentence begins what it says to those who work on the command line; it ends with a bracket."""

_REASONED = ("why", "what", "unit")
"""Places of a sentence that a word of REASONS may fill."""


@dataclass(frozen=True)
class LikelyAgency:
    """An agency that a text or a search may mean, as a person chooses it. province, type: "" = none."""

    agency_id: str
    name_th: str
    province: str
    type: str

    @property
    def text(self) -> str:
        """0041 องค์การบริหารส่วนตำบล… (น่าน)"""
        place = f" ({self.province})" if self.province else ""
        return f"{self.agency_id} {self.name_th}{place}"


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what stands there, and what was expected.

    line: the row that a spreadsheet shows, None for the whole file. column: the header as the file
    has it, None for the whole row. expected: fills the sentence; words of REASONS by what they stand for;
    `candidates`: the agencies that an unknown or spoilt one may be, the likeliest first; `headers`: the
    columns that an unknown one may be, or the headers that a missing one may be called by.
    """

    kind: ProblemKind
    line: int | None = None
    column: str | None = None
    value: str | None = None
    expected: Mapping[str, Any] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity.WARNS if self.kind in WARNINGS else Severity.BLOCKS

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKS

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that it is about: its own, or of a problem of several rows all of them."""
        own = (self.line,) if self.line else ()
        return own or tuple(self.expected.get("lines", ()))

    @property
    def sheet(self) -> str | None:
        """The sheet that it is about, where several were read; None also where it is of more of them."""
        sheets = {line.sheet if isinstance(line, SheetLine) else None for line in self.lines}
        return sheets.pop() if len(sheets) == 1 else None

    @property
    def candidates(self) -> tuple[LikelyAgency, ...]:
        """The agencies of the store that the row may be of, the likeliest first."""
        return tuple(self.expected.get("candidates", ()))

    @property
    def headers(self) -> tuple[str, ...]:
        """What an unknown or missing column may be, the likeliest first."""
        return tuple(self.expected.get("headers", ()))

    def message(self) -> str:
        """What is wrong and how to mend it, in the language that is spoken now."""
        if isinstance(self.line, SheetLine):
            return _("แผ่นงาน “{sheet}”: {sentence}", sheet=self.sheet, sentence=self._whole())
        return self._whole()

    def sentence(self) -> str:
        """The message for the page and the file of problems: without the sheet, which stands beside it,
        and without options of the command line, for which the page has buttons."""
        return re.sub(rf" ?{re.escape(_(_OPTION))} [^()]*+\)", "", self._whole()).strip()

    def _whole(self) -> str:
        given = {**self.expected, "value": _shortened(self.value or "")}
        if "repaired" in given:
            given["repaired"] = _shortened(given["repaired"])
        words: dict[str, Any] = {"why": ""}
        words |= {
            name: _(REASONS[word], **given) if name in _REASONED and word in REASONS else word
            for name, word in given.items()
        }
        if "lines" in words:
            words["lines"] = line_list(self.lines)
        if "conversions" in words:
            shown = words["conversions"][:SHOWN_CONVERSIONS]
            more = " …" if len(shown) < words["count"] else ""
            words["conversions"] = ", ".join(conversion.text for conversion in shown) + more
        words["likely"] = self._likely()
        return _(SENTENCES[self.kind], line=self.line, column=self.column, **words).strip()

    def _likely(self) -> str:
        """The candidates as the end of a sentence; "" without any."""
        texts = [agency.text for agency in self.candidates] or [f"“{h}”" for h in self.headers]
        if not texts:
            return ""
        listed = _(" หรือ ").join(texts)
        return _(" · น่าจะเป็น {agencies}", agencies=listed)

    def as_json(self) -> dict[str, object]:
        """The contract's form. lines: of a problem of several rows. why, repaired: of a broken text.
        count, examples: of converted figures."""
        document: dict[str, object] = {
            "kind": self.kind.value,
            "severity": self.severity.value,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "message": self.message(),
            "sheet": self.sheet,
            **({"candidates": [vars(c) for c in self.candidates]} if self.candidates else {}),
            **({"candidates": list(self.headers)} if self.headers else {}),
        }
        if "lines" in self.expected:
            document["lines"] = list(self.lines)
        if "conversions" in self.expected:
            document["count"] = self.expected["count"]
            document["examples"] = [
                conversion.as_json
                for conversion in self.expected["conversions"][:SHOWN_CONVERSIONS]
            ]
        if self.kind is ProblemKind.BROKEN_TEXT:
            document |= {"why": self.expected["why"], "repaired": self.expected["repaired"] or None}
        return document


MAX_LINES = 12


def line_list(numbers: Sequence[int], most: int = MAX_LINES) -> str:
    """Line numbers for a sentence: the first of them, and a sign that there are more; of several
    sheets each with its name."""
    by_sheet: dict[str, list[str]] = {}
    for line in numbers[:most]:
        sheet = line.sheet if isinstance(line, SheetLine) else ""
        by_sheet.setdefault(sheet, []).append(str(int(line)))
    shown = "; ".join(
        f"{sheet}: {', '.join(lines)}" if sheet else ", ".join(lines)
        for sheet, lines in by_sheet.items()
    )
    return f"{shown} …" if len(numbers) > most else shown


SHOWN_CONVERSIONS = 3


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def more_problems(limit: int) -> Problem:
    """That a file has more problems of a kind in a column than so many, which are listed."""
    return Problem(ProblemKind.MORE_PROBLEMS, expected={"limit": f"{limit:,}"})


def format_count(count: int, problems: Sequence[Problem]) -> str:
    """A count of a file's problems or of their rows; not all of very many are listed."""
    if any(problem.kind is ProblemKind.MORE_PROBLEMS for problem in problems):
        return _("อย่างน้อย {count}", count=f"{count:,}")
    return f"{count:,}"


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Problems as a reader goes through the file: the whole file's first, then line by line."""
    return tuple(sorted(problems, key=lambda p: (p.line is not None, *place_of_line(p.line or 0))))
