"""A national file of quarterly completion with Thai notes, and the same file with known errors in it.

Seeded, so every run has the same bytes. Nothing is written; files are values.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

YEAR = 2567
QUARTERS = 4
MEASURES = (("IIT", 4), ("EIT", 3), ("OIT", 3))
"""How many measures an agency has under each instrument."""

HEADER = (
    "ปีงบประมาณ",
    "ไตรมาส",
    "หน่วยงาน",
    "แบบวัด",
    "ลำดับ",
    "ร้อยละความสำเร็จ",
    "ผลการดำเนินงาน",
    "ปัญหา/อุปสรรค",
    "หลักฐาน",
)
YEAR_AT, QUARTER_AT, AGENCY_AT, INSTRUMENT_AT, SEQ_AT, PERCENT_AT, NOTE_AT = range(7)
LONG_TEXTS = 10
LONGEST_TEXT = 32_767

_WORK = (
    "ประชุมชี้แจงระเบียบการใช้ทรัพย์สินของราชการให้บุคลากรทุกสำนักและกองทราบ",
    "จัดทำคู่มือการให้บริการประชาชนและเผยแพร่บนเว็บไซต์ของหน่วยงาน",
    "เผยแพร่แผนการจัดซื้อจัดจ้างประจำปีและรายงานผลเป็นรายเดือน",
    "แต่งตั้งคณะทำงานติดตามและประเมินผลมาตรการส่งเสริมคุณธรรม",
    "เปิดช่องทางรับฟังความคิดเห็นผ่านระบบออนไลน์และตู้รับเรื่องร้องเรียน",
    "จัดอบรมจริยธรรมเจ้าหน้าที่ของรัฐแก่พนักงานจ้างและลูกจ้างประจำ",
    "ทบทวนแนวทางการยืมทรัพย์สินของราชการ พร้อมแบบฟอร์มขออนุญาต",
    "ประกาศนโยบาย No Gift Policy และรายงานต่อผู้บริหารทราบ",
    "กำกับดูแลการใช้รถยนต์ส่วนกลาง ตรวจสอบสมุดบันทึกการเดินทาง",
)
_TROUBLES = (
    "บุคลากรมีภารกิจหลายด้าน ทำให้เข้าร่วมประชุมไม่ครบ",
    "งบประมาณจำกัดและได้รับจัดสรรล่าช้ากว่าแผน",
    "ประชาชนเข้าถึงช่องทางออนไลน์ได้น้อย",
    "ระบบสารสนเทศขัดข้องในช่วงปลายไตรมาส",
)
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@dataclass(frozen=True)
class Planted:
    """An error that must be found: as a problem gives it, only without its words."""

    line: int
    kind: str
    column: str | None
    value: str | None


@dataclass(frozen=True)
class ProgressFile:
    """rows: the cells below the header, in order. planted: every error in them."""

    rows: Sequence[Sequence[str]]
    planted: frozenset[Planted] = frozenset()
    content: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", _csv(HEADER, self.rows))


def agencies_file(agencies: int) -> bytes:
    rows = [(_agency(i), f"เทศบาลตำบลตัวอย่างที่ {i}", "เทศบาลตำบล") for i in range(agencies)]
    return _csv(("รหัสหน่วยงาน", "ชื่อหน่วยงาน", "ประเภท"), rows)


def measures_file(agencies: int) -> bytes:
    """The measures that the progress is of."""
    rows = [
        (YEAR, _agency(i), instrument, seq, _WORK[(i + seq) % len(_WORK)])
        for i in range(agencies)
        for instrument, count in MEASURES
        for seq in range(1, count + 1)
    ]
    return _csv((*HEADER[:1], "หน่วยงาน", "แบบวัด", "ลำดับ", "มาตรการ"), rows)


def progress_file(agencies: int, seed: int = 1) -> ProgressFile:
    """A file without errors: 40 rows an agency, about 660 bytes each."""
    chance = random.Random(seed)
    rows: list[list[str]] = []
    for i in range(agencies):
        for instrument, count in MEASURES:
            for seq in range(1, count + 1):
                percent = Decimal(chance.randrange(500, 2500)) / 100
                for quarter in range(1, QUARTERS + 1):
                    rows.append(_row(chance, _agency(i), instrument, seq, quarter, percent))
                    percent += Decimal(chance.randrange(0, 2500)) / 100
    return ProgressFile(rows)


def large_measures_file(measures: int) -> str:
    """Many measures of the first agency alone."""
    rows = [
        (YEAR, _agency(0), "IIT", seq, _WORK[seq % len(_WORK)]) for seq in range(1, measures + 1)
    ]
    return _text((*HEADER[:1], "หน่วยงาน", "แบบวัด", "ลำดับ", "มาตรการ"), rows)


def large_quarters_file(measures: int) -> str:
    """All quarters of those measures; every one at 90.5 percent."""
    rows = [
        (YEAR, quarter, _agency(0), "IIT", seq, "90.5", _WORK[seq % len(_WORK)], "", "")
        for seq in range(1, measures + 1)
        for quarter in range(1, QUARTERS + 1)
    ]
    return _text(HEADER, rows)


def with_errors(clean: ProgressFile, errors: int, seed: int = 2) -> ProgressFile:
    """The same file with errors of every kind in it, at most one among the quarters of a measure.

    Errors of shape are left out, so that a reader without rules can read these bytes too.
    """
    chance = random.Random(seed)
    rows = [list(row) for row in clean.rows]
    planted = set()
    for number, group in enumerate(chance.sample(range(len(rows) // QUARTERS), errors)):
        plant = _too_long if number < LONG_TEXTS else _PLANTS[number % len(_PLANTS)]
        last = group * QUARTERS + QUARTERS - 1  # a measure's fourth quarter, after its others
        found = plant(rows, last, number)
        planted.add(replace(found, line=last + 2))
    return ProgressFile(rows, frozenset(planted))


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    return _text(header, rows).encode("utf-8-sig")


def _text(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _agency(number: int) -> str:
    return f"{number:07d}"


def _row(
    chance: random.Random, agency: str, instrument: str, seq: int, quarter: int, percent: Decimal
) -> list[str]:
    # As forms come: mostly plain, some with Thai digits, quarters spelt out, breaks within a cell.
    shown = f"{percent:.2f}"
    if chance.random() < 0.05:
        shown = shown.translate(_THAI_DIGITS)
    spelt = f"ไตรมาส {quarter}" if chance.random() < 0.1 else str(quarter)
    joint = "\n" if chance.random() < 0.03 else ", " if chance.random() < 0.2 else " "
    number = chance.randrange(1, 9_999)
    note = joint.join(chance.sample(_WORK, 2)) + f" ครั้งที่ {number}"
    trouble = chance.choice(_TROUBLES) if chance.random() < 0.6 else ""
    evidence = f'บันทึกข้อความ ที่ {number}/{YEAR} เรื่อง "รายงานผล" ของหน่วยงาน {agency} จำนวน 1 ฉบับ'
    return [str(YEAR), spelt, agency, instrument, str(seq), shown, note, trouble, evidence]


def _cell(position: int, kind: str, value: str) -> Callable[[list[list[str]], int, int], Planted]:
    """An error made by what stands in one cell."""

    def plant(rows: list[list[str]], row: int, number: int) -> Planted:
        rows[row][position] = value
        return Planted(0, kind, HEADER[position], value or None)

    return plant


def _unknown_measure(rows: list[list[str]], row: int, number: int) -> Planted:
    rows[row][SEQ_AT] = str(1_000 + number)  # each its own, or it would be a duplicate as well
    return Planted(0, "unknown-measure", HEADER[SEQ_AT], rows[row][SEQ_AT])


def _duplicate(rows: list[list[str]], row: int, number: int) -> Planted:
    # A copy of the first quarter, percent and all, so it does not matter which of the two counts.
    first = rows[row - QUARTERS + 1]
    rows[row][QUARTER_AT], rows[row][PERCENT_AT] = "1", first[PERCENT_AT]
    agency, instrument, seq = (rows[row][at] for at in (AGENCY_AT, INSTRUMENT_AT, SEQ_AT))
    return Planted(0, "duplicate-key", None, f"{agency} {YEAR} ไตรมาส 1 {instrument} {seq}")


def _too_long(rows: list[list[str]], row: int, number: int) -> Planted:
    rows[row][NOTE_AT] = "ก" * (LONGEST_TEXT + 1 + number)
    return Planted(0, "text-too-long", HEADER[NOTE_AT], str(len(rows[row][NOTE_AT])))


_PLANTS = (
    _cell(YEAR_AT, "unknown-year", "2599"),
    _cell(YEAR_AT, "unknown-year", "ปีที่แล้ว"),
    _cell(QUARTER_AT, "unknown-quarter", "5"),
    _cell(QUARTER_AT, "required-value", ""),
    _cell(AGENCY_AT, "unknown-agency", "เทศบาลที่ไม่มีในระบบ"),
    _cell(AGENCY_AT, "required-value", ""),
    _cell(INSTRUMENT_AT, "unknown-instrument", "ITA"),
    _cell(SEQ_AT, "out-of-range", "0"),
    _cell(SEQ_AT, "not-a-number", "หนึ่ง"),
    _cell(PERCENT_AT, "not-a-number", "แปดสิบ"),
    _cell(PERCENT_AT, "out-of-range", "120"),
    _cell(PERCENT_AT, "out-of-range", "-5"),
    _cell(PERCENT_AT, "required-value", ""),
    _cell(PERCENT_AT, "progress-fell", "1"),
    _unknown_measure,
    _duplicate,
)
