"""Chart values on paper: PNG, SVG and PDF out of one typst template, without a browser.

typst is imported with the first file, not with the program. What is said here on its own (what a
hollow dot means) follows `ita.wording.language()` of the moment.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Literal

from ita.charts.axis import plain
from ita.charts.drawing import drawing
from ita.charts.values import Chart
from ita.wording import language

FONTS = Path(__file__).resolve().parent.parent / "fonts"
"""The folder of the fonts that all printed matter is set in."""
TEMPLATES = Path(__file__).resolve().parent
DOTS_PER_INCH = 192
"""Two dots for each pixel of a screen: a chart is 1,920 dots wide."""
Format = Literal["png", "svg", "pdf"]


@dataclass(frozen=True)
class Caption:
    """What stands under a chart on paper, as finished phrases: source, day of the data, address."""

    source: str
    data_date: str
    link: str = ""


def png_bytes(chart: Chart, frame: Caption) -> bytes:
    return _printed(chart, frame, "png")


def svg_bytes(chart: Chart, frame: Caption) -> bytes:
    """A drawing with letters as outlines, the same on every machine, and its words for a reader."""
    drawn = _printed(chart, frame, "svg").decode("utf-8")
    opening, inner = drawn.split(">", 1)
    title, alt = (escape(plain(text), quote=False) for text in (chart.title, chart.alt))
    words = f"<title>{title}</title><desc>{alt}</desc>"
    return f'{opening} role="img">{words}{inner}'.encode()


def pdf_bytes(chart: Chart, frame: Caption) -> bytes:
    return _printed(chart, frame, "pdf")


def _printed(chart: Chart, frame: Caption, form: Format) -> bytes:
    # Here, so that a start doesn't pay for it.
    import typst

    # Texts travel as data and are never read as typst's code.
    caption = {name: plain(text) for name, text in asdict(frame).items()}
    told = json.dumps({"chart": drawing(chart), "caption": caption}, allow_nan=False)
    return typst.compile(
        str(TEMPLATES / "sheet.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=form,
        ppi=DOTS_PER_INCH,
        sys_inputs={"language": language(), "told": told},
    )
