"""Whether a sentence compares scores in words that were attached to none of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from ita.scores.claim_texts.changes import CHANGE
from ita.scores.claim_texts.sentences import close, is_asserted
from ita.scores.claim_texts.subjects import Subjects, something_else

_COMPARES = re.compile(
    rf"(?P<change>{CHANGE.pattern})"
    r"|(?<!ประโยชน์)(?<!ผู้บริหาร)(?<!ประสิทธิภาพ)(?<!ประสิทธิผล)(?:สูง|ดี|มาก|ต่ำ)(?:ที่)?สุด"
    r"|(?:ไม่)?(?:สูง|มาก|ดี|ต่ำ|น้อย|เหนือ)กว่า|เกิน(?!ไป)|(?:อัน|ลำ)ดับที่|อันดับ|ผ่านเกณฑ์|(?:บรรลุ|ตาม)(?:ค่า)?เป้าหมาย|ใกล้เคียง|ทรงตัว"
    r"|ระดับ[\s“\"]*(?:ผ่าน|[A-F]{1,2}(?![A-Za-z]))"
    # A figure that may be a score; not the number of a paragraph, nor full marks.
    r"|(?<!^)(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])|(?<![\d.])\d{1,3}(?=\s*คะแนน(?!เต็ม))"
)
_FULL_MARKS = re.compile(r"(?:เต็ม|จาก\s*(?=100))\s*$")
_MENTION = re.compile(r"(?<!\d)(?<!\d\s)(?:คะแนน|ผล(?:การ)?ประเมิน)|(?:ITA|IIT|EIT|OIT)(?![A-Za-z])")
_ONLY_TOLD_OF = re.compile(
    r"(?:เกี่ยวกับ|เผยแพร่|รับทราบ|วิเคราะห์|ตอบ|ในการ|เข้าร่วม|ด้าน)(?:การ)?(?:ผล)?(?:ประเมิน|แบบวัด|แบบ)?\s*$"
)
_OF_A_SCORE = re.compile(r"ของ(?:ผล)?(?:คะแนน|การประเมิน)\s*(?:ITA|IIT|EIT|OIT)")


def compares_more(sentence: str, subjects: Subjects, understood: Sequence[tuple[int, int]]) -> bool:
    """Whether a score is compared, or a figure told, outside the places that are understood."""
    mentions = [*subjects, *_MENTION.finditer(sentence)]
    mentions.sort(key=lambda mention: mention.end())
    return any(
        not _is_understood(sentence, found, understood)
        and _is_of_scores(sentence, found, mentions)
        and is_asserted(sentence, found.start(), found.end())
        for found in _COMPARES.finditer(sentence)
    )


def _is_understood(
    sentence: str, found: re.Match[str], understood: Sequence[tuple[int, int]]
) -> bool:
    if _FULL_MARKS.search(close(sentence, found.start())):
        return True
    return any(start < found.end() and found.start() < end for start, end in understood)


def _is_of_scores(sentence: str, found: re.Match[str], mentions: Sequence[re.Match[str]]) -> bool:
    """Whether a score is mentioned that it can be said of."""
    place = bisect_right(mentions, found.start(), key=lambda mention: mention.end())
    if place:
        last = mentions[place - 1]
        return not (
            something_else(sentence, last.end(), found.start())
            or _ONLY_TOLD_OF.search(close(sentence, last.start()))
        )
    return bool(_OF_A_SCORE.match(sentence, found.end()))
