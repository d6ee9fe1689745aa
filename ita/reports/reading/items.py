"""The parts of a cell: numbered and dashed items, divisions, periods."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ita.reports.reading.thai_repair import MendedLine

_WORD = r"(?:ข้อ(?:ที่)?|มาตรการที่|กิจกรรมที่|โครงการที่|แนวทางที่|ผล(?:การดำเนินการ|การดำเนินงาน)?ที่)"
_LETTERS = "กขคฆงจฉชซฌญ"
"""Those that lists count by, without two that are no longer written; many lists leave out ฆ too."""
_NUMBER = re.compile(
    rf"\s*+(?:{_WORD}\s*+)?(?P<open>\()?\s*+(?P<number>\d{{1,2}})\s*+(?P<close>[.)])(?!\s*+\d)\s*+"
    rf"|\s*+{_WORD}\s*+(?P<named>\d{{1,2}})\s*+[:.]?(?!\d)(?<=[\s:.])\s*+"
    # 1.2 of a heading 1 counts by its last; an amount is one of something.
    r"|\s*+(?:ข้อ(?:ที่)?\s*+)?\(?\d{1,2}\.(?:\d{1,2}\.)?+(?P<second>[12๑๒]?\d)(?:[.)]\s*+|\s++)"
    r"(?!น\.|ล้าน|บาท|หมื่น|แสน|พัน|คะแนน|ร้อยละ|เปอร์เซ็นต์|เท่า|ไร่|กม|กิโล|เมตร|ลิตร|ชั่วโมง|นาที|ถึง|[%,=-])(?=[^\W\d]|[(\"“])"
    # ก. is a month or an abbreviation where such a letter with a dot follows: ก.ย., ค.ศ.
    rf"|\s*+(?P<lettered>\()?(?P<letter>[{_LETTERS}])(?P<end>[.)])(?!\s*+[คพยศบ]\s*+\.)\s++"
)
_DASH = re.compile(r"\s*+[-–—•●▪◦‐‑➢✓*\uf0b7](?![-–—*.])\s*+(?=\S)")
_DECORATION = re.compile(r"[^\w\u0e00-\u0e7f]*|(?P<one>\S)(?P=one){3,}")


def item_number(text: str) -> int | None:
    """The number that a line begins with: 1. ๑. (1) ข้อ 1 1.1 ก.; None for another line."""
    mark = _item_mark(text)
    return mark[1] if mark else None


def _item_mark(text: str) -> tuple[str, int] | None:
    """The form of the number that a line begins with, and the number."""
    found = _NUMBER.match(text)
    if not found or found.end() > len(text.rstrip()):
        return None
    if found["letter"]:
        return f"{found['lettered'] or ''}ก{found['end']}", _LETTERS.index(found["letter"]) + 1
    if found["second"]:
        return "1.1", int(found["second"])
    form = f"{found['open'] or ''}1{found['close']}" if found["number"] else "ข้อ 1"
    return form, int(found["number"] or found["named"])


def begins_with_dash(text: str) -> bool:
    return bool(_DASH.match(text))


def begins_item(text: str) -> bool:
    return item_number(text) is not None or begins_with_dash(text)


def is_decoration(text: str) -> bool:
    """A rule of stars or dots, or nothing."""
    return bool(_DECORATION.fullmatch("".join(text.split())))


def without_marker(line: MendedLine) -> MendedLine:
    """A line without the number or dash that it begins with."""
    found = _NUMBER.match(line.text) or _DASH.match(line.text)
    return line.without(0, found.end()) if found else line


class ListMarks:
    """Which lines of a list begin its items: those marked as its first one is, and counting on.

    Lists within an item have another form of mark: (1) below 1., ก. below 1). last: the number of the
    item that began last; skips: whether it leaves some out.
    """

    def __init__(self) -> None:
        self._form: str | None = None
        self._inner: set[str] = set()
        self.last = 0
        self.skips = False

    def begin(self, text: str) -> None:
        """Take a line as the first of the list, or as the first of an item that another mark began."""
        mark = _item_mark(text)
        if self._form is None:
            self._form = mark[0] if mark else _DASHED if begins_with_dash(text) else ""
        if mark and mark[0] == self._form:
            self.last = mark[1]

    def begins(self, text: str) -> bool:
        """Whether a line begins the next item; it is asked of each line in turn."""
        if self._form == _DASHED:
            return begins_with_dash(text)
        mark = _item_mark(text) if self._form else None
        if mark is None:
            return False
        form, number = mark
        if form != self._form and (number == 1 or form in self._inner):
            self._inner.add(form)
            return False
        if not counts_up(self.last, number):
            return False
        left_out = _LETTERS[self.last : number - 1] if "ก" in form else ""
        self.skips = number not in (1, self.last + 1) and left_out != "ฆ"
        self.last = number
        return True


_DASHED = "-"
MAX_SKIPPED = 2


def counts_up(last: int, number: int) -> bool:
    """Whether a number begins the item after one: the next, or 1 anew; some may have been lost."""
    return number == 1 or last < number <= last + 1 + MAX_SKIPPED


Item = list[MendedLine]


def split_items(lines: Sequence[MendedLine], each_line: bool = False) -> tuple[list[Item], bool]:
    """The items of a cell, each without its number or dash, and whether their numbers leave some out.

    The first item says what marks one: in a numbered cell dashes are within its items, and numbers count
    on. each_line: whether a cell without either has an item a line.
    """
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return [], False
    marks = ListMarks()
    # What stands before the first mark is an item of its own, or goes on with one of a page before.
    first = next((line for line in lines if item_number(line.text) == 1), lines[0])
    if item_number(first.text) is None:
        first = next((line for line in lines if begins_with_dash(line.text)), first)
    marks.begin(first.text)
    marked = begins_item(first.text)
    items: list[Item] = []
    skips = False
    for line in lines:
        starts = line is first or (marks.begins(line.text) if marked else each_line)
        skips |= marks.skips
        if starts or not items:
            items.append([without_marker(line)])
        else:
            items[-1].append(line)
    return items, skips


_MONTH = (
    r"(?:มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|ม\.?ค\.?|ก\.?พ\.?|มี\.?ค\.?|เม\.?ย\.?|พ\.?ค\.?|มิ\.?ย\.?|ก\.?ค\.?|ส\.?ค\.?|ก\.?ย\.?|ต\.?ค\.?|พ\.?ย\.?|ธ\.?ค\.?)"
)
_SAYS_A_TIME = rf"ไตรมาส|ปีงบประมาณ|งบประมาณพ|(?:พ\.?ศ\.?)?\d{{4}}|{_MONTH}|รอบ\d|ตลอดปี|ตลอดทั้งปี|ทุก(?:เดือน|ปี|สัปดาห์|ไตรมาส|วัน)|\bQ[1-4]"
_PERIOD_WORD = (
    r"ดำเนินการ|ระยะเวลา(?:ดำเนินการ|ดำเนินงาน)?|ช่วงเวลา|ตั้งแต่|ระหว่าง|ภายใน|จนถึง|ถึง|และ|ใน|เริ่ม|สิ้นสุด"
    rf"|ไตรมาส(?:ที่)?|(?:ประจำ)?ปีงบประมาณ|(?:ประจำ)?ปี|พ\.?ศ\.?|\d{{1,4}}|{_MONTH}|วันที่|เดือน(?:ละ)?|ตลอด(?:ทั้ง)?"
    r"|ทั้ง|ทุก|รอบ|ครั้ง|ละ|Q[1-4]|สิ้น|ต้น|เป็นต้นไป|อย่างต่อเนื่อง|ต่อเนื่อง|สัปดาห์|วัน|แรก|หลัง|[-–—:：,./()]"
)
_PERIOD_LINE = re.compile(rf"(?:{_PERIOD_WORD})++")
_HAS_TIME = re.compile(_SAYS_A_TIME)
WORD_BEFORE_PERIOD = frozenset(
    {"ดำเนินการ", "ระยะเวลาดำเนินการ", "ระยะเวลา", "ระยะเวลาดำเนินงาน", "ช่วงเวลา", "ช่วงเวลาดำเนินการ"}
)


def is_period(compact: str) -> bool:
    """Whether a line says nothing but a time: ไตรมาส 1-4, ปีงบประมาณ 2567, ต.ค. 66 - ก.ย. 67."""
    return bool(_PERIOD_LINE.fullmatch(compact) and _HAS_TIME.search(compact))


def is_word_before_period(compact: str) -> bool:
    return compact.strip(":：-") in WORD_BEFORE_PERIOD


_DIVISION = re.compile(
    r"(?:สำนัก|กอง|ฝ่าย|หน่วย|งาน|ส่วน|กลุ่ม|ศูนย์|แผนก|โรงเรียน|คณะกรรมการ|คณะทำงาน|คณะ|ทุก(?:ส่วน|กอง|สำนัก|หน่วย|ฝ่าย|งาน)"
    r"|ผู้|ปลัด|รองปลัด|นายก|รองนายก|นัก|นิติกร|หัวหน้า|เจ้าหน้าที่|เจ้าพนักงาน|พนักงาน|บุคลากร|ตรวจสอบภายใน|สถาบัน|ภาควิชา"
    r"|สำนักงาน|สนง|ผอ|ทุกคน)"
)
MAX_DIVISION_LENGTH = 60
_UNIT = r"(?:สำนัก|กอง|ฝ่าย|หน่วย|ศูนย์|แผนก|กลุ่มงาน)[\u0e00-\u0e4e]"
_SEPARATOR = re.compile("[,;/]")
_LISTED = re.compile(
    rf"{_SEPARATOR.pattern}|(?<!\s)\s*+และ\s*+(?={_UNIT})|(?<!\s)\s++และ\s++(?=(?:งาน|กลุ่ม|ส่วน)[\u0e00-\u0e4e])|(?<!\s)\s++(?={_UNIT})"
)
"""What parts several divisions of one line: a space, or และ, before the word that one begins with."""
_GOES_ON = re.compile(r"และ|ศาสนา|หรือ|วัฒนธรรม|แผน|[(]|ภายใน")
"""How the second line of a division's name begins."""


def begins_division(compact: str) -> bool:
    """Whether a line may be the name of a division."""
    bare = compact.lstrip("-–•0123456789.)")
    return bool(bare) and len(bare) <= MAX_DIVISION_LENGTH and bool(_DIVISION.match(bare))


def division_names(text: str) -> list[str]:
    """The divisions that a line lists, parted as an import parts them."""
    names = (name.strip() for name in _LISTED.split(text))
    return [name for name in names if name and not is_decoration(name)]


def continues_division(compact: str) -> bool:
    return len(compact) <= MAX_DIVISION_LENGTH and bool(_GOES_ON.match(compact))


_LACKS_MORE = re.compile("(?:และ|การ|ด้าน|บริหาร|ส่งเสริม|พัฒนา|ประกัน|ควบคุม)$")
"""How a name ends that the next line goes on with: กองบริหาร, and below it งานบุคคล."""
_BARE_PREFIX = re.compile(r"(?:สำนัก(?:งาน)?|กอง|ฝ่าย|กลุ่ม(?:งาน)?|ส่วน|ศูนย์|แผนก|หน่วย|งาน|คณะ)")


def split_responsible(
    lines: Sequence[MendedLine], each_line: bool = False
) -> tuple[list[Item], list[MendedLine]]:
    """The divisions and the period of a cell that holds both; the word ดำเนินการ between them is
    neither.

    each_line: whether a line is a division of its own, however it begins; else it may go on with the name
    before it.
    """
    divisions: list[Item] = []
    period: list[MendedLine] = []
    in_period = False
    for line in lines:
        compact = line.compact
        if not compact or is_word_before_period(compact):
            in_period = in_period or bool(compact)
        elif is_period(compact) or (in_period and (period or not begins_division(compact))):
            period.append(line)
            in_period = True
        elif divisions and not each_line and _goes_on(divisions[-1], compact):
            divisions[-1].append(line)
        else:
            divisions.append([without_marker(line)])
    return divisions, period


def _goes_on(before: Item, compact: str) -> bool:
    """Whether a line goes on with the name of a division that its column was too narrow for."""
    named = _SEPARATOR.split("".join(line.compact for line in before))[-1]
    return not begins_division(compact) or bool(
        _BARE_PREFIX.fullmatch(named) or _LACKS_MORE.search(named)
    )
