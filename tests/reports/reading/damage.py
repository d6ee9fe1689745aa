"""What text layers do to Thai, done on purpose: a clean report printed in columns, then broken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from ita.reports.reading.thai_words import cut_words
from tests.reports.reading.invented import NAMES, InventedReport, InventedRow

HEAD = """แบบวัดการรับรู้
มาตรการหรือกิจกรรมที่ดำเนินการเพื่อ
ส่งเสริมคุณธรรมและความโปร่งใสภาย

ในหน่วยงาน

สรุปผลการดำเนินการตามมาตรการ
หรือกิจกรรม

ผู้รับผิดชอบ /
ระยะเวลาดำเนินการ

ผลลัพธ์หรือความสำเร็จของ
การดำเนินการ
"""
_MARKS = "ัิ-ฺ็-๎"
_TONES = "่-๋"


def wrapped(text: str, width: int) -> Iterator[str]:
    """A paragraph in lines as Word breaks them: between words, the space of a break at the line's end."""
    line = ""
    for piece in re.findall(r"[ก-๎]+|[^ก-๎ ]+| +", text):
        ends = cut_words(piece).ends if re.match("[ก-๎]", piece) else (len(piece),)
        for start, end in zip((0, *ends), ends, strict=False):
            word = piece[start:end]
            if line and len(line) + len(word) > width and word.strip():
                yield line
                line = ""
            line += word
    yield f"{line} "


def printed(report: InventedReport, width: int = 34) -> str:
    """The text that a reader of PDF makes of the report's table: cell below cell, head on each page."""
    lines = [report.title, "", f"ผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ {report.year} ดังนี้ ", ""]
    for row in report.rows:
        lines += [HEAD, *cell_lines(row, width)]
    return "\n".join([*lines, "*" * 60, ""])


def cell_lines(row: InventedRow, width: int) -> Iterator[str]:
    yield from wrapped(NAMES[row.instrument], width)
    yield ""
    for number, measure in enumerate(row.measures, 1):
        yield from wrapped(f"{number}. {measure}", width)
    yield ""
    for result in row.results:
        yield from wrapped(f"- {result}", width)
    yield ""
    yield from (f"{division} " for division in row.divisions)
    yield "ดำเนินการ "
    if row.period:
        yield ""
        yield from wrapped(row.period, width)
    yield ""
    yield from wrapped(row.outcome, width)


def by_line(text: str, share: float, seed: int, damage: Callable[[str, Random], str]) -> str:
    """Damage a share of the lines that hold Thai."""
    random = Random(seed)
    return "\n".join(
        damage(line, random) if re.search("[ก-๎]", line) and random.random() < share else line
        for line in text.split("\n")
    )


def torn(line: str, random: Random) -> str:
    """A space before marks, as justified lines have it."""
    return re.sub(f"(?<=[ก-๎])(?=[{_MARKS}])", lambda _: " " if random.random() < 0.6 else "", line)


def reordered(line: str, random: Random) -> str:
    """A tone before its vowel."""
    return re.sub(f"([ัิ-ื])([{_TONES}])", r"\2\1", line)


def drawn_apart(line: str, random: Random) -> str:
    """Letters apart; the spaces between words wider."""
    wide = re.sub(" (?=.)", "  ", line)
    return re.sub("(?<=[ก-๎])(?=[ก-๎])", lambda _: " " if random.random() < 0.5 else "", wide)


def doubled(line: str, random: Random) -> str:
    """A mark drawn twice."""
    return re.sub(f"[{_MARKS}]", lambda m: m[0] * (2 if random.random() < 0.5 else 1), line)


def split_am(line: str, random: Random) -> str:
    """สระอำ as two letters, สระแอ as two สระเอ."""
    return re.sub("([่-๋]?)ำ", "ํ\\1า", line).replace("แ", "เเ")


_GLYPHS = str.maketrans(
    dict(
        zip(
            "ิีึื่้๊๋์ัํ็ฺุู",
            "\uf701\uf702\uf703\uf704\uf70a\uf70b\uf70c\uf70d\uf70e\uf710\uf711\uf712\uf718\uf719\uf71a",
            strict=True,
        )
    )
)


def old_font(line: str, random: Random) -> str:
    """The shifted glyphs of fonts before OpenType."""
    return "".join(c.translate(_GLYPHS) if random.random() < 0.5 else c for c in line)


def drawn_twice(line: str, random: Random) -> str:
    """A letter with two marks drawn twice, as Sarabun's are when they are copied."""
    return re.sub(f"([ก-ฮ][{_MARKS}]{{2}})", r"\1\1", line)


def moved_on(line: str, random: Random) -> str:
    """A mark behind the next letter."""
    return re.sub("([ก-ฮ])([็-์])([ก-ฮ])(?![ัิ-ฺ็-๎])", r"\1\3\2", line)


DAMAGES = (torn, reordered, drawn_apart, doubled, split_am, old_font, drawn_twice, moved_on)
