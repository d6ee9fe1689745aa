"""A chart printed, and its page as it is read again: each text and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2

from ita.charts.typst_figures import Caption, pdf_bytes
from ita.charts.values import Chart

CAPTION = Caption("แหล่งที่มา: สสวท. (ประกาศ)", "ข้อมูล ณ 30 ก.ย. 2567", "https://example.org/trend?a=1")


def squeezed(text: str) -> str:
    """Without the blanks and line ends that a page may add."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class Page:
    """A printed page: its text, and where each sign of it stands, from the lower left, in points."""

    text: str
    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]

    def box(self, text: str, which: int = 0) -> tuple[float, float, float, float]:
        """left, bottom, right, top of a text that stands on one line."""
        start = [found.start() for found in re.finditer(re.escape(text), self.text)][which]
        boxes = self.boxes[start : start + len(text)]
        lows, highs = [b[:2] for b in boxes], [b[2:] for b in boxes]
        return (
            min(b[0] for b in lows),
            min(b[1] for b in lows),
            max(b[0] for b in highs),
            max(b[1] for b in highs),
        )


def page_of(chart: Chart, caption: Caption = CAPTION) -> Page:
    document = pypdfium2.PdfDocument(pdf_bytes(chart, caption))
    assert len(document) == 1
    page = document[0]
    words = page.get_textpage()
    count = words.count_chars()
    text = words.get_text_range(0, count)
    found = Page(text, *page.get_size(), tuple(words.get_charbox(n) for n in range(count)))
    document.close()
    return found
