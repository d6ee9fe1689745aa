"""The words of a rise, of a fall, of figures and years that several readers share."""

from __future__ import annotations

import re
from decimal import Decimal

from ita.vocabulary import FiscalYear

RISE = (
    r"(?:(?:เพิ่ม|ขยับ|ปรับตัว|พัฒนา|ก้าวหน้า)?(?:สูง|มาก|ดี)ขึ้น|(?:เพิ่ม|ก้าวหน้า|ขยับ|พัฒนา)ขึ้น"
    r"|เพิ่ม(?=\s*ทุก)|(?:สูง|มาก|ดี)กว่าปี)"
)
FALL = r"(?:(?:ปรับตัว)?(?:ลด)?(?:ต่ำ|น้อย|แย่|ถด)ลง|(?:ปรับตัว)?ลดลง|(?:ต่ำ|น้อย)กว่าปี|ลด(?=\s*ทุก))"
UNCHANGED = r"(?:คงที่|คงเดิม|เท่าเดิม|เท่า(?:กับ|กัน)?ปี(?=ที่|ก่อน|งบ|\s*\d)|ไม่เปลี่ยนแปลง)"

YEAR = r"ปี(?:งบประมาณ)?\s*(?:พ\.ศ\.\s*)?(?P<{}>[2๒][5๕]\d\d)(?!\d)"
ANY_YEAR = r"ปี(?:งบประมาณ)?\s*(?:พ\.ศ\.\s*)?[2๒][5๕]\d\d(?!\d)"
_NOT_COUNT = (
    r"(?!\d|\.\d|\s*(?:ปี(?!\s*(?:งบ|พ\.ศ|\d))|ข้อ|แบบ|ตัวชี้วัด|ครั้ง|คน|ราย|อันดับ|ลำดับ|เท่า|ระดับ(?!\s*[“\"]?[A-Fผต])"
    r"|หน่วยงาน|แห่ง|เรื่อง|ด้าน|ประเด็น))"
)
NUMBER = r"(?<![\d.])(?P<{}>\d{{1,3}}(?:\.\d{{1,2}})?)" + _NOT_COUNT
UNIT = r"(?:\s*(?:คะแนน|%|เปอร์เซ็นต์|จุด)(?!เต็ม))?"

_COUNTED = {
    "หนึ่ง": 1,
    "สอง": 2,
    "สาม": 3,
    "สี่": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "แปด": 8,
    "เก้า": 9,
    "สิบ": 10,
}
COUNT = rf"(?:\d{{1,2}}|{'|'.join(_COUNTED)})"


def counted(text: str) -> int:
    """A number of years, in digits or in words."""
    return _COUNTED.get(text) or int(text)


def year_in(found: re.Match[str], group: str) -> FiscalYear | None:
    return FiscalYear(int(found[group])) if found[group] else None


def number_in(found: re.Match[str], group: str) -> Decimal:
    """A figure with the places it is written with; Thai digits are read too."""
    return Decimal(found[group])
