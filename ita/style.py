"""One look: colours per part and status, marks that tell without colour, the chart's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ita.vocabulary import TOTAL, Instrument, Part

FONT = "Sarabun, sans-serif"


@dataclass(frozen=True)
class PartStyle:
    """color: at least 3:1 against both our light and our dark ground. symbol: Plotly's marker."""

    color: str
    symbol: str
    dash: str
    width: float


PART_STYLES: dict[Part, PartStyle] = {
    TOTAL: PartStyle("#2F74B5", "circle", "solid", 3.5),
    Instrument.IIT: PartStyle("#A0569B", "square", "dash", 2),
    Instrument.EIT: PartStyle("#C9661B", "triangle-up", "dot", 2),
    Instrument.OIT: PartStyle("#2E8B67", "diamond", "dashdot", 2),
}
INDICATOR_STYLE = PartStyle("#6F7B86", "circle", "solid", 1.5)
NATIONAL_COLOR = "#7D8790"
LINE_COLOR = "rgba(125,135,144,0.45)"
BREAK_COLOR = "#B23A48"


def part_style(part: Part) -> PartStyle:
    return PART_STYLES.get(part, INDICATOR_STYLE)


def chart_layout(height: int) -> dict[str, Any]:
    """The layout that all charts share; ground and text colour come from the page's theme."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 28, "b": 8, "autoexpand": True},
        "font": {"family": FONT, "size": 15},
        "hovermode": "x unified",
        "dragmode": False,
        "legend": {"orientation": "h", "x": 0, "y": -0.14, "xanchor": "left", "yanchor": "top"},
        "hoverlabel": {"font": {"family": FONT, "size": 15}},
    }


CHART_CONFIG = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
    "locale": "en",
}
