"""The headings of these reports by their many spellings: columns, instruments, indicators.

All patterns are of compact text, without spaces, for broken text layers tear spaces into words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from ita.domain import Instrument
from ita.reference import Reference
from ita.reports.reading.report_draft import ReportColumn
from ita.reports.reading.thai_words import MARKS

_WORK = r"(?:มาตรการ|กิจกรรม|โครงการ|แนวทาง(?:การ)?(?:ปฏิบัติ|ดำเนินการ|ดำเนินงาน)?|วิธี(?:การ)?ดำเนินการ|แผนงาน)"
_ENDS = r"(?:(?:ภายใน|ของ|ใน)?(?:หน่วยงาน|องค์กร|ส่วนราชการ)(?!(?:ที่|ผู้)?รับผิดชอบ))?"
_MEASURES = (
    rf"{_WORK}(?:(?:/|หรือ|และ|,)?{_WORK})*+(?:ที่(?:จะ|ได้)?ดำเนินการ|การดำเนินการ|การดำเนินงาน)?"
    r"(?:เพื่อ|ใน)?(?:การ)?(?:ส่งเสริม|ยกระดับ|พัฒนา|ปรับปรุง)?(?:คุณธรรมและความโปร่งใส|คุณธรรมความโปร่งใส)?"
    rf"{_ENDS}"
)
_RESULTS = (
    r"(?:สรุป|รายงาน)?ผลการ(?:ดำเนินการ|ดำเนินงาน|ปฏิบัติงาน|ปฏิบัติ)"
    rf"(?:(?:ตาม|ของ){_WORK}(?:(?:/|หรือ|และ)?{_WORK})*+(?:ที่กำหนด)?)?|สรุปผล"
)
_RESPONSIBLE = (
    r"(?:ผู้|หน่วยงาน|ส่วนราชการ|ฝ่าย|กอง|ส่วนงาน|สำนัก|/){1,4}+(?:ที่|ผู้)?รับผิดชอบ(?:หลัก|ดำเนินการ)?"
)
_PERIOD = (
    r"(?:กำหนด|ช่วง|ห้วง)?(?:ระยะ)?เวลา(?:ที่|ในการ|การ)?(?:ดำเนินการ|ดำเนินงาน|ปฏิบัติงาน)?"
    r"|ไตรมาส(?:ที่ดำเนินการ)?|วันที่ดำเนินการ"
)
_OUTCOME = (
    r"ผล(?:ลัพธ์|สำเร็จ|สัมฤทธิ์|ผลิต|ที่ได้รับ)(?:(?:หรือ|และ|/)?(?:ความสำเร็จ|ผลสัมฤทธิ์|ผลลัพธ์|ผลผลิต))*"
    r"(?:ของ|ที่ได้(?:รับ)?|จาก|ที่เกิดขึ้น)*(?:การดำเนินการ|การดำเนินงาน)?"
    r"|ความสำเร็จของการ(?:ดำเนินการ|ดำเนินงาน)|ประโยชน์ที่ได้รับ"
)
LABELS: Mapping[ReportColumn, str] = {
    ReportColumn.RESPONSIBLE: rf"{_RESPONSIBLE}(?:/|และ|,)(?:{_PERIOD})",
    ReportColumn.DIVISIONS: _RESPONSIBLE,
    ReportColumn.PERIOD: _PERIOD,
    ReportColumn.OUTCOME: _OUTCOME,
    ReportColumn.RESULTS: _RESULTS,
    ReportColumn.MEASURES: _MEASURES,
    ReportColumn.INDICATOR: r"(?:ประเด็น)?ตัวชี้วัด(?:ที่|การประเมิน)?(?:ITA)?|ประเด็น(?:การ)?ประเมิน",
    ReportColumn.INSTRUMENT: r"(?:(?:ประเด็น)?ตัวชี้วัด(?:/|และ|,))?(?:แบบวัด|แบบประเมิน|แบบสำรวจ|เครื่องมือ)"
    r"(?:การรับรู้|การประเมิน|ประเมิน)?(?:ITA)?(?:(?:/|และ|,)ตัวชี้วัด)?",
    ReportColumn.SEQ: r"ลำดับ(?:ที่)?|ที่|ข้อ(?:ที่)?",
    ReportColumn.OTHER: r"งบประมาณ(?:ที่ใช้)?(?:\(บาท\))?|หมายเหตุ|ปัญหา(?:/|และ|,)?อุปสรรค"
    r"(?:/|และ|,)?(?:ข้อเสนอแนะ)?|ข้อเสนอแนะ|(?:เอกสาร|หลักฐาน)(?:อ้างอิง|ประกอบ|เชิงประจักษ์)*|สถานะ",
}
"""Of two that fit, the first."""
_LABEL = {column: re.compile(pattern) for column, pattern in LABELS.items()}
_MARK = re.compile(f"[{MARKS}]")
_BARE_LABEL = {
    column: re.compile(_MARK.sub("", pattern))
    for column, pattern in LABELS.items()
    if column is not ReportColumn.SEQ
}
"""A heading that is mistyped in its marks, or whose marks an OCR did not see, is the same heading."""
_MIN_HEAD, MAX_COLUMNS = 3, 20
MAX_HEAD_LINES = 24
MAX_LABEL_LENGTH = 120


_Key = TypeVar("_Key")


def _fitting(text: str, patterns: Mapping[_Key, re.Pattern[str]]) -> _Key | None:
    """The first whose pattern fits a text, the whole of it."""
    return next((key for key, pattern in patterns.items() if pattern.fullmatch(text)), None)


def label_column(compact: str) -> ReportColumn | None:
    """The column that a heading names, the whole of it."""
    bare = compact.strip(":：()*")
    if not bare or len(bare) > MAX_LABEL_LENGTH:
        return None
    return _fitting(bare, _LABEL) or _fitting(_MARK.sub("", bare), _BARE_LABEL)


def head_columns(compact: str) -> tuple[ReportColumn, ...]:
    """The columns of a table's head that was written one heading after the other; () for other text."""
    columns: list[ReportColumn] = []
    at = 0
    while at < len(compact):
        ends = {c: m.end() for c, p in _LABEL.items() if (m := p.match(compact, at))}
        column = max(ends, key=lambda c: ends[c], default=None)
        if column is None or ends[column] == at or len(columns) == MAX_COLUMNS:
            return ()
        at = ends[column]
        columns.append(column)
    known = {*columns}
    if ReportColumn.MEASURES not in known or not known & {
        ReportColumn.RESULTS,
        ReportColumn.OUTCOME,
        ReportColumn.RESPONSIBLE,
        ReportColumn.DIVISIONS,
    }:
        return ()
    return tuple(columns) if len(columns) >= _MIN_HEAD else ()


def may_begin_head(compact: str) -> bool:
    """Whether a line may be the first of a head, asked before lines are tried together."""
    return bool(compact) and len(compact) <= MAX_LABEL_LENGTH and bool(_BEGINNING.match(compact))


_BEGINNING = re.compile(
    "แบบ|เครื่องมือ|ประเด็น|ตัวชี้วัด|ลำดับ|ที่$|ข้อ|มาตรการ|กิจกรรม|โครงการ|แนวทาง|วิธี|แผนงาน"
)

_STAKEHOLDERS = r"(?:การ)?(?:รับรู้)?(?:ของ)?ผู้มีส่วนได้(?:ส่วน)?เสีย"
_NAMES = {
    Instrument.IIT: rf"{_STAKEHOLDERS}ภายใน(?:หน่วยงาน)?",
    Instrument.EIT: rf"{_STAKEHOLDERS}ภายนอก(?:หน่วยงาน)?",
    Instrument.OIT: r"(?:การ)?เปิดเผยข้อมูล(?:ต่อ)?สาธารณะ",
}
_ENGLISH = {
    Instrument.IIT: r"Internal\s*Integrity",
    Instrument.EIT: r"External\s*Integrity",
    Instrument.OIT: r"Open\s*Data\s*Integrity",
}
_FORM = r"(?:แบบ(?:วัด|ประเมิน|สำรวจ|ตรวจ)|เครื่องมือ)?(?:การ)?(?:วัด|ประเมิน)?"
_BEFORE = (
    r"(?:ตารางที่|ส่วนที่|ตอนที่|หมวดที่|ด้านที่|ข้อที่|ข้อ)?[(]?\d{0,2}[.):]?"
    r"(?:(?:สรุป|รายงาน)?ผลการดำเนิน(?:การ|งาน)|มาตรการ)?(?:ตาม|ของ|ด้าน)?"
)


def _title(instrument: Instrument) -> str:
    code = instrument.value
    tail = (
        rf"(?:{_ENGLISH[instrument]}(?:and|&)?TransparencyAssessment|หรือ|แบบวัด|แบบประเมิน|{code}"
        r"|[()\[\]:,/–—-])*"
    )
    names = (
        rf"(?:{_NAMES[instrument]}|{_ENGLISH[instrument]}(?:and|&)?TransparencyAssessment|{code})"
    )
    return rf"{_BEFORE}{_FORM}[(]?{names}{tail}"


_TITLES = {i: re.compile(_title(i), re.IGNORECASE) for i in Instrument}
_BARE_TITLES = {i: re.compile(_MARK.sub("", _title(i)), re.IGNORECASE) for i in Instrument}
MAX_TITLE_LINES = 7
_MAX_TITLE_LENGTH = 180


def title_instrument(compact: str) -> Instrument | None:
    """The instrument that a heading names, the whole of it."""
    if not compact or len(compact) > _MAX_TITLE_LENGTH:
        return None
    return _fitting(compact, _TITLES) or _fitting(_MARK.sub("", compact), _BARE_TITLES)


_NAME = {instrument: re.compile(name) for instrument, name in _NAMES.items()}
_CODE = re.compile(r"(?<![A-Za-z])(IIT|EIT|OIT)(?![A-Za-z])", re.IGNORECASE)


def named_instrument(compact: str) -> Instrument | None:
    """The one instrument that a cell or heading names anywhere."""
    found = {Instrument(code.upper()) for code in _CODE.findall(compact)}
    found |= {i for i, name in _NAME.items() if name.search(compact)}
    return found.pop() if len(found) == 1 else None


class IndicatorNames:
    """The indicators of the assessment and whose they are, of any year."""

    def __init__(self, reference: Reference) -> None:
        self._by_number: dict[int, Instrument] = {}
        self._by_name: dict[str, Instrument] = {}
        for rules in reference.years.values():
            for number, indicator in rules.indicators.items():
                self._by_number[int(number)] = indicator.instrument
                self._by_name["".join(indicator.name_th.split())] = indicator.instrument

    def instrument(self, compact: str) -> Instrument | None:
        """The instrument of an indicator that is written ตัวชี้วัดที่ 7, with or without its name, or by
        its name alone."""
        found = _INDICATOR.match(compact)
        if found and found["number"]:
            return self._by_number.get(int(found["number"]))
        return self._by_name.get(compact[found.end() :] if found else compact)


_INDICATOR_TITLE = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})?[.)]?)?(?:ประเด็น)?ตัวชี้วัด(?:ที่)?\d{1,2}")
_INDICATOR = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})?[.)]?)?(?:ประเด็น)?ตัวชี้วัด(?:ที่)?(?P<number>\d{1,2})?[.:)]?|(?P<bare>)"
)


def is_indicator_title(compact: str) -> bool:
    return len(compact) <= MAX_LABEL_LENGTH and bool(_INDICATOR_TITLE.match(compact))
