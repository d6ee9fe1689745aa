"""What the charts of the screen share: texts as annotations, their width, lines, the plain layout."""

from __future__ import annotations

import re
from html import escape, unescape
from textwrap import wrap
from typing import Any
from unicodedata import category

from ita.theme import FONT, LINE_COLOR

FONT_SIZE = 14
# Pixels that a label needs for itself.
LABEL_HEIGHT = 19
# Pixels of letters in Sarabun at 14 px: of those that are narrow or wide, and of any other.
LETTER_WIDTHS = {
    **dict.fromkeys(" .,:;()|'!ijl", 4.0),
    **dict.fromkeys("เโใไ/-ftr", 5.8),
    **dict.fromkeys("0123456789–", 7.8),
    **dict.fromkeys("mMW@ญณฑ●■◆✕▲…", 12.0),
}
LETTER_WIDTH = 8.4
# Letters in a line of a tooltip.
TOOLTIP_WIDTH = 46
Dict = dict[str, Any]
# Traces and layout, as Plotly takes them.
TracesAndLayout = tuple[list[Dict], Dict]
THIN: Dict = {"color": LINE_COLOR, "width": 1}


def base_layout(height: int, right: float) -> Dict:
    return {
        "height": height,
        "margin": {"l": 8, "r": right, "t": 44, "b": 8, "autoexpand": True},
        "font": {"family": FONT, "size": 15},
        "hovermode": "x unified",
        "dragmode": False,
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT, "size": 15}},
    }


def annotation(text: str, x: float, y: float, **more: Any) -> Dict:
    """A text on the chart. Plotly reads some HTML in every text, so ours comes escaped."""
    return {"text": text, "x": x, "y": y, "showarrow": False, **more}


def escaped(text: str) -> str:
    return escape(text, quote=False)


def wrapped_html(text: str) -> str:
    """A text wrapped to the width of a phone; Plotly breaks no lines itself."""
    return "<br>".join(map(escaped, wrap(text, TOOLTIP_WIDTH, tabsize=1)))


def tooltip(text: str) -> Dict:
    """The annotation properties of a tooltip; {} for ""."""
    if not text:
        return {}
    return {"hovertext": wrapped_html(text), "hoverlabel": {"font": {"family": FONT, "size": 14}}}


def text_width(text: str) -> float:
    """About how wide a label's longest line is in pixels; signs above and below a Thai letter take no
    width."""
    return max(map(_line_width, text.split("<br>")))


def _line_width(text: str) -> float:
    plain = unescape(re.sub("<[^<>]*+>", "", text))
    return sum(
        LETTER_WIDTHS.get(letter, LETTER_WIDTH) for letter in plain if category(letter) != "Mn"
    )


def line_shape(
    start: tuple[float, float], end: tuple[float, float], look: Dict = THIN, **more: str
) -> Dict:
    (x0, y0), (x1, y1) = start, end
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": look, **more}


def quiet_look(note: str) -> Dict:
    """How the name of a line or a level looks. note: its tooltip, "" for none."""
    return {"font": {"size": FONT_SIZE}, "opacity": 0.8, **tooltip(note)}
