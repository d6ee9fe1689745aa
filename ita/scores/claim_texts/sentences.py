"""Sentences of an outcome text, and whether what stands in one is asserted at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_SENTENCE = re.compile(
    r"[\n;!?]+"
    # A full stop ends a sentence only behind a long word: not in 84.30, พ.ศ. or อบต.
    r"|(?<=[^\s.\d]{6})\.(?=\s|$)"
    r"|\s(?=แต่(?!ละ)|อย่างไรก็ตาม|ส่วน(?!ได้|เสีย|ร่วม|ราชการ)|ในขณะที่|ขณะที่)"
    r"|\s*(?<!จะ)(?<!เพื่อ)(?<!ไม่)(?<!ไม่ได้)(?<!อาจ)(?<!หวัง)(?=ส่งผลให้|ทำให้)"
)
"""Where a new statement starts. A hope before "ส่งผลให้" isn't one behind it."""

LINK = r"(?:มี|ที่(?:จะ)?|แนวโน้ม|การพัฒนา(?:การ)?|พัฒนาการ|ความก้าวหน้า|การปรับตัว|การ|ได้|ก็|\s)*"
"""What may stand between a subject and its verb without changing either."""

_DENIED = re.compile(rf"(?:ไม่(?:เคย|ค่อย|สามารถ|ใช่|ครบ)?|มิ(?:ใช่)?)(?:คะแนน|อยู่(?:ใน)?)?{LINK}$")
_HOPED = re.compile(
    r"เพื่อ(?:ไม่)?(?:ทำ|ส่งผล)?ให้|คาด(?:ว่า|หวัง|การณ์)|หวัง(?:ว่า|ให้)|มุ่ง(?:เน้น)?ให้|ตั้งเป้า"
    r"|เป้าหมาย(?:ให้|คือ|(?=\s*(?:คะแนน|ผล|ร้อยละ)))|ต้องการ|ควร|พยายาม|(?<!ปัญ)หาก(?!เปรียบ|เทียบ)|ถ้า"
    r"|จะ(?:ทำ|ส่งผล)ให้|อาจ(?:ทำ|ส่งผล)ให้"
    r"|ไม่(?:ได้)?(?:ทำ|ส่งผล)ให้|ไม่(?:พบ|ปรากฏ)ว่า|ปี(?:ถัดไป|ต่อไป|หน้า)"
)
_WISHED = re.compile(r"(?:(?<!ที่)จะ|อาจ|ให้)(?:มี|แนวโน้ม|อยู่(?:ใน)?|ได้|\s)*$|เพื่อ\S{0,15}$")
_OPEN = re.compile(r"[^\s]{0,20}\s*(?:หรือ(?:ไม่|ยัง|เปล่า)|(?:ใน)?ปี(?:ถัดไป|ต่อไป|หน้า))")


def sentences(text: str) -> Iterator[str]:
    """The statements of a text, one after the other; a question states nothing."""
    start = 0
    for cut in _SENTENCE.finditer(text):
        if text[start : cut.start()].strip() and "?" not in cut[0]:
            yield text[start : cut.start()].strip()
        start = cut.end()
    if text[start:].strip():
        yield text[start:].strip()


def close(sentence: str, end: int) -> str:
    """The words right before a place."""
    return sentence[max(0, end - 80) : end]


@lru_cache(maxsize=64)
def _hope(sentence: str) -> int | None:
    """Where the first hope of a sentence ends."""
    found = _HOPED.search(sentence)
    return found.end() if found else None


def is_asserted(sentence: str, start: int, end: int) -> bool:
    """Whether what stands there is stated: neither denied, nor hoped for, nor asked."""
    hope = _hope(sentence)
    before = close(sentence, start)
    return not (
        (hope is not None and hope <= start)
        or _DENIED.search(before)
        or _WISHED.search(before)
        or _OPEN.match(sentence, end)
    )
