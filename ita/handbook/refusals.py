"""What files are refused for, as the handbook lists it: an example of each kind of problem, so that its
sentence is the one that the import itself shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ita.documents.model import RuledTable, TableRow
from ita.i18n import N_, _
from ita.imports.problems import WARNINGS, LikelyAgency, Problem, ProblemKind
from ita.imports.validation.scores import Conversion

_LINES = {"lines": (9, 10, 11)}
_NEIGHBOURS = (
    LikelyAgency("0041", "องค์การบริหารส่วนตำบลหนองบัว", "น่าน", ""),
    LikelyAgency("0412", "องค์การบริหารส่วนตำบลหนองบัว", "อุดรธานี", ""),
)
_HALF = Conversion(2, "ร้อยละความสำเร็จ", Decimal("0.45"), Decimal(100), Decimal(45))

TITLES: Mapping[str, str] = {
    "file": N_("เปิดไฟล์ไม่ได้"),
    "table": N_("ตารางและแผ่นงาน"),
    "header": N_("หัวคอลัมน์"),
    "cell": N_("ค่าในช่อง"),
    "keys": N_("ปี ไตรมาส แบบวัด และมาตรการ"),
    "scores": N_("คะแนนและระดับ"),
    "agency": N_("หน่วยงาน"),
}

# Kinds of problems as an officer meets them: the file, its table, its columns, its cells, its agency.
GROUPS: Mapping[str, tuple[Problem, ...]] = {
    "file": (
        Problem(ProblemKind.EMPTY_FILE, expected={"why": "no-rows"}),
        Problem(
            ProblemKind.FILE_TOO_LARGE, value="62", expected={"limit": "50", "unit": "megabytes"}
        ),
        Problem(ProblemKind.UNREADABLE_ENCODING, expected={"why": "password"}),
        Problem(ProblemKind.UNREADABLE_CSV, 7, expected={"why": "unclosed-quote"}),
        Problem(ProblemKind.ALREADY_IMPORTED, value="12"),
    ),
    "table": (
        Problem(ProblemKind.RAGGED_ROW, 5, value="8", expected={"columns": 7, "why": "separators"}),
        Problem(ProblemKind.SHORT_ROW, value="3", expected=_LINES),
        Problem(
            ProblemKind.SKIPPED_ROWS,
            value="2",
            expected={"lines": (9, 10), "words": "“รวม”, “ผู้จัดทำ”", "why": "skipped-keep"},
        ),
        Problem(
            ProblemKind.TABLES_BELOW, 14, value="ลำดับ", expected={"rows": 6, "why": "table-differs"}
        ),
        Problem(ProblemKind.WIDE_FORM, value="ไตรมาส 1, ไตรมาส 2"),
        Problem(
            ProblemKind.SHEETS_NOT_READ,
            value="“สรุป”",
            expected={"why": "sheet-differs", "read": "“ไตรมาส 1”"},
        ),
        Problem(
            ProblemKind.UNKNOWN_SHEET,
            value="ไตรมาส 5",
            expected={"sheets": "“ไตรมาส 1”, “ไตรมาส 2”"},
        ),
        Problem(ProblemKind.HIDDEN_ROWS, value="3", expected={**_LINES, "why": "hidden-read"}),
        Problem(ProblemKind.HIDDEN_COLUMNS, column="“หมายเหตุ”"),
        Problem(ProblemKind.MORE_PROBLEMS, expected={"limit": "1,000"}),
    ),
    "header": (
        Problem(
            ProblemKind.MISSING_COLUMN,
            value="ปีงบประมาณ",
            expected={"names": "fiscal_year", "why": "say-year"},
        ),
        Problem(ProblemKind.DUPLICATE_COLUMN, column="“IIT”"),
        Problem(
            ProblemKind.UNKNOWN_COLUMN, column="“ร้อยล่ะ”", expected={"headers": ("ร้อยละความสำเร็จ",)}
        ),
    ),
    "cell": (
        Problem(ProblemKind.REQUIRED_VALUE, 4, expected={"what": "ลำดับ"}),
        Problem(ProblemKind.NOT_A_NUMBER, 4, value="ครึ่ง", expected={"example": "45.50"}),
        Problem(ProblemKind.OUT_OF_RANGE, 4, value="120", expected={"low": 0, "high": 100}),
        Problem(ProblemKind.NOT_A_DATE, 4, value="31/2/2567", expected={"why": "date-impossible"}),
        Problem(ProblemKind.TEXT_TOO_LONG, 4, value="5,210", expected={"limit": "4,000"}),
        Problem(ProblemKind.BROKEN_TEXT, 4, value="????", expected={"why": "question-marks"}),
        Problem(
            ProblemKind.BLANKS_COLLAPSED,
            column="“หลักฐาน”",
            value="3",
            expected={**_LINES, "limit": 100},
        ),
        Problem(ProblemKind.DUPLICATE_KEY, 9, value="IIT 3", expected={"first": 4}),
    ),
    "keys": (
        Problem(ProblemKind.UNKNOWN_YEAR, 2, value="2024.5", expected={"why": "year-form"}),
        Problem(ProblemKind.OTHER_YEAR, value="2566", expected={"given": 2567}),
        Problem(ProblemKind.YEAR_TAKEN, value="2567"),
        Problem(ProblemKind.UNKNOWN_QUARTER, 2, value="5", expected={"why": "quarter-form"}),
        Problem(ProblemKind.UNKNOWN_INSTRUMENT, 2, value="ITI"),
        Problem(ProblemKind.UNKNOWN_TYPE, 2, value="สรุป"),
        Problem(ProblemKind.UNKNOWN_PART, 2, value="ทั้งหมด"),
        Problem(
            ProblemKind.UNKNOWN_MEASURE, 2, value="9", expected={"instrument": "IIT", "year": 2567}
        ),
        Problem(ProblemKind.NOT_REPORTED, value="3", expected=_LINES),
        Problem(
            ProblemKind.PROGRESS_FELL,
            2,
            value="40",
            expected={"why": "below-earlier", "quarter": 2, "before": "60"},
        ),
        Problem(
            ProblemKind.CANCELLED_MEASURE,
            2,
            value="3",
            expected={"instrument": "IIT", "year": 2567, "reason": "งบประมาณไม่ผ่านสภา"},
        ),
    ),
    "scores": (
        Problem(ProblemKind.AMBIGUOUS_SCALE, expected={"weights": "30/30/40"}),
        Problem(
            ProblemKind.FRACTION_SCALE, column="“ร้อยละ”", value="0.45", expected={"example": "45"}
        ),
        Problem(
            ProblemKind.SCALE_CONVERTED,
            expected={"what": "fractions", "count": 1, "conversions": (_HALF,)},
        ),
        Problem(ProblemKind.TOTAL_MISMATCH, 2, value="88.12", expected={"computed": "88.92"}),
        Problem(ProblemKind.LEVEL_MISMATCH, 2, value="ผ่าน", expected={"computed": "ผ่านดี"}),
        Problem(
            ProblemKind.UNKNOWN_LEVEL, 2, value="ดี", expected={"year": 2567, "levels": "ผ่าน, ผ่านดี"}
        ),
    ),
    "agency": (
        Problem(
            ProblemKind.UNKNOWN_AGENCY,
            2,
            value="อบต.หนองบัว",
            expected={"why": "agency-shared-name", "candidates": _NEIGHBOURS},
        ),
        Problem(
            ProblemKind.SPOILT_ID,
            2,
            value="41",
            expected={"why": "id-zeros", "candidates": _NEIGHBOURS[:1]},
        ),
        Problem(
            ProblemKind.OLD_SPELLING,
            2,
            value="กทม.",
            expected={"what": "province", "kept": "กรุงเทพมหานคร"},
        ),
        Problem(
            ProblemKind.UNKNOWN_SPELLING, 2, value="เทศบาลพิเศษ", expected={"what": "agency-type"}
        ),
        Problem(ProblemKind.NOT_ALLOWED),
    ),
}


def refusals_table() -> RuledTable:
    """Each group with its sentences, and beside each whether the import waits for it to be mended."""
    rows = []
    for group, problems in GROUPS.items():
        rows.append(TableRow((_(TITLES[group]),)))
        rows += [TableRow((_sentence(p), _effect(p))) for p in problems]
    return RuledTable((_("ระบบบอกว่า (ตัวอย่าง)"), _("ผล")), (78, 22), tuple(rows))


def _sentence(problem: Problem) -> str:
    if problem.kind is ProblemKind.NOT_ALLOWED:
        problem = replace(problem, expected={"reason": _("ข้อมูลเป็นของหน่วยงานอื่น")})
    return problem.sentence()


def _effect(problem: Problem) -> str:
    return _("ควรตรวจ") if problem.kind in WARNINGS else _("ต้องแก้ก่อน")
