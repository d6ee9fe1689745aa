"""Renders chart values as PNG, SVG and PDF with one typst template, without a browser.

typst is imported with the first file, not with the program. The template's own texts (what a hollow
dot means) are in the current `ita.i18n.language()`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Literal

from ita.charts.label_placement import printable_text
from ita.charts.typst_data import chart_data
from ita.charts.values import Chart
from ita.i18n import language

# The folder of the fonts that all printed matter is set in.
FONTS = Path(__file__).resolve().parent.parent / "fonts"
TEMPLATES = Path(__file__).resolve().parent
# Two dots for each pixel of a screen: a chart is 1,920 dots wide.
DOTS_PER_INCH = 192
Format = Literal["png", "svg", "pdf"]


@dataclass(frozen=True)
class Caption:
    """The caption under a chart on paper, as finished phrases: source, day of the data, URL."""

    source: str
    data_date: str
    link: str = ""


def png_bytes(chart: Chart, caption: Caption) -> bytes:
    return _compile(chart, caption, "png")


def svg_bytes(chart: Chart, caption: Caption) -> bytes:
    """An SVG with letters as outlines, the same on every machine, and title and desc for readers."""
    svg = _compile(chart, caption, "svg").decode("utf-8")
    opening, inner = svg.split(">", 1)
    title, alt = (escape(printable_text(text), quote=False) for text in (chart.title, chart.alt))
    words = f"<title>{title}</title><desc>{alt}</desc>"
    return f'{opening} role="img">{words}{inner}'.encode()


def pdf_bytes(chart: Chart, caption: Caption) -> bytes:
    return _compile(chart, caption, "pdf")


def _compile(chart: Chart, caption: Caption, file_format: Format) -> bytes:
    # Here, so that a start doesn't pay for it.
    import typst

    # Texts travel as data and are never read as typst's code.
    caption_texts = {name: printable_text(text) for name, text in asdict(caption).items()}
    data = json.dumps({"chart": chart_data(chart), "caption": caption_texts}, allow_nan=False)
    return typst.compile(
        str(TEMPLATES / "sheet.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format=file_format,
        ppi=DOTS_PER_INCH,
        sys_inputs={"language": language(), "data": data},
    )
