"""What stands above the table: the report's name, its year and its agency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress

from ita.domain import FiscalYear
from ita.imports.cells import CellError, fiscal_year

_ERA = r"(?:[พค]\s*+\.?\s*+ศ\s*+\.?\s*+)?"
_YEAR = re.compile(
    rf"ปี\s*+งบประมาณ\s*+{_ERA}(\d{{4}}|\d{{2}})(?!\d)|(?:ประจำ|รอบ)?ปี\s*+{_ERA}(\d{{4}})(?!\d)"
)
_KINDS = (
    r"องค์การบริหารส่วน(?:ตำบล|จังหวัด)|เทศบาล(?:ตำบล|เมือง|นคร)|เมืองพัทยา|กรุงเทพมหานคร"
    r"|อ\.?บ\.?ต\.?|อ\.?บ\.?จ\.?|ท\.?ต\.|ท\.?ม\.|ท\.?น\."
    r"|มหาวิทยาลัย|โรงพยาบาล|โรงเรียน|วิทยาลัย|สถาบัน|สำนักงาน(?!ปลัด)|กรม(?!การ)|กระทรวง|การ(?:ไฟฟ้า|ประปา|เคหะ|รถไฟ|ยาง)"
    r"|องค์การ(?!บริหาร)|จังหวัด"
)
# A name ends where the district, the year or the next phrase begins.
_AGENCY = re.compile(
    rf"(?:^|(?<=[\s(:：])|(?<=ของ)|(?<=หน่วยงาน))((?:{_KINDS})[^\s,:()]{{1,120}}+(?: [A-Za-z]{{1,40}}+){{0,9}}+(?: เขต \d{{1,2}}(?!\d))?)"
    r"(?=[\s,()]|$)"
)
_BEGINS_NAME = re.compile(
    rf"(?:ของ)?(?:{_KINDS})|(?:ประจำ)?ปี\s*(?:งบประมาณ|\d)|(?:สรุป|รายงาน)?ผลการ|รายงาน"
    # Of a memorandum.
    r"|บันทึกข้อความ|ส่วนราชการ|ที่\s|วันที่\s|เรื่อง\s|เรียน\s"
)
_REPORT = re.compile("รายงาน|สรุปผล|ผลการดำเนิน|มาตรการ|แบบวัด")
MAX_TITLE_PARAGRAPHS, MAX_TITLE_LENGTH = 8, 1_000


def year_in(text: str) -> FiscalYear | None:
    """The fiscal year that a text names first: B.E., also of two digits, or C.E."""
    for found in _YEAR.finditer(text):
        with suppress(CellError):
            return FiscalYear(fiscal_year(found[1] or found[2]))
    return None


def usual_year(texts: Iterable[str]) -> FiscalYear | None:
    """The year that texts name most often; None where none is named, or several as often."""
    years = Counter(year for text in texts if (year := year_in(text)))
    most = years.most_common(2)
    if not most or (len(most) == 2 and most[0][1] == most[1][1]):
        return None
    return most[0][0]


def agency_in(text: str) -> str | None:
    """The name of the agency that a title names, as it is written."""
    found = _AGENCY.search(text[:MAX_TITLE_LENGTH])
    return found[1].strip() if found else None


def begins_name(line: str) -> bool:
    """Whether a line of a title begins with the report's or an agency's name, or with the year."""
    return bool(_BEGINS_NAME.match(line.strip()))


def split_title(paragraphs: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paragraphs above the table: those of the title and its first sentence, and the others."""
    title: list[str] = []
    others: list[str] = []
    for number, text in enumerate(paragraphs):
        belongs = number < MAX_TITLE_PARAGRAPHS and (
            _REPORT.search(text) or year_in(text) or agency_in(text)
        )
        (title if belongs else others).append(text)
    return title, others
