"""Which measures a result of an old report answers: proposed by the words in common, confirmed by a person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from ita.domain import Instrument
from ita.reports.reading.report_draft import DraftRow, ReportDraft
from ita.reports.reading.thai_words import cut_words

_RUNS = re.compile("[\u0e01-\u0e4e]+|[A-Za-z]+")
_WORDS_OF_ANY_REPORT = frozenset(
    (
        *("ดำเนินการ", "ดำเนินงาน", "จัดทำ", "มีการ", "จัดให้มี", "ได้รับ", "เรียบร้อย", "เป็นไปตาม", "เป็นต้น"),
        *("หน่วยงาน", "บุคลากร", "เจ้าหน้าที่", "ประชาชน", "ทุกคน", "ทั้งหมด", "ทุกครั้ง", "ต่างๆ"),
        *("มาตรการ", "กิจกรรม", "โครงการ", "เกี่ยวข้อง", "เกี่ยวกับ", "เพื่อให้", "สามารถ", "อย่าง", "รวมถึง"),
        *("ปีงบประมาณ", "ประจำปี", "ไตรมาส", "ดังกล่าว", "ภายใน", "ปฏิบัติงาน"),
    )
)
_SHORTEST_WEIGHED = 3
"""Letters: shorter words are particles."""
MIN_SHARE, MIN_OF_BEST = 0.3, 0.7
"""Of the words of the shorter text those in common, and of the best measure's share another's."""


def propose_links(draft: ReportDraft) -> dict[tuple[Instrument, int], tuple[int, ...]]:
    """For the results of a draft the measures that they seem to answer; none for a result with no words
    in common with any."""
    return {
        (row.instrument, seq): measures
        for row in draft.rows
        for seq, measures in propose_links_of_row(row).items()
    }


def propose_links_of_row(row: DraftRow) -> dict[int, tuple[int, ...]]:
    """The same of one instrument: number of the result → numbers of the measures."""
    measures = [_telling_words(text) for text in row.measures]
    holders = Counter(word for words in measures for word in words)

    def weight(words: Collection[str]) -> float:
        """A long word tells more, and one that several measures have tells less of each."""
        return sum((len(word) - _SHORTEST_WEIGHED + 1) / (holders[word] or 1) for word in words)

    proposed = {}
    for seq, text in enumerate(row.results, 1):
        words = _telling_words(text)
        shares = {
            number: weight(words & of_measure) / min(weight(words), weight(of_measure))
            for number, of_measure in enumerate(measures, 1)
            if words & of_measure
        }
        least = max(MIN_SHARE, MIN_OF_BEST * max(shares.values(), default=0))
        answers = tuple(number for number, share in shares.items() if share >= least)
        if answers:
            proposed[seq] = answers
    return proposed


def _telling_words(text: str) -> frozenset[str]:
    words = (word for run in _RUNS.findall(text) for word in _words_of_run(run))
    return frozenset(w for w in words if len(w) >= _SHORTEST_WEIGHED) - _WORDS_OF_ANY_REPORT


def _words_of_run(run: str) -> Iterator[str]:
    if run.isascii():
        yield run.casefold()
        return
    start = 0
    for end in cut_words(run).ends:
        yield run[start:end]
        start = end
