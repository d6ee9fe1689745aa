"""One look: colours per part and status, and marks that tell without colour."""

from __future__ import annotations

from dataclasses import dataclass

from ita.domain import TOTAL, Instrument, Part

FONT = "Sarabun, sans-serif"
INK = {"light": "#1F2A33", "dark": "#E6EBEE"}
"""Text on our light and dark ground, as .streamlit/config.toml has it."""


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
EVENT_COLOR = "#6B5FB0"
PEERS_COLOR = "#7D8790"
PASSED_COLOR, BELOW_COLOR, UNKNOWN_COLOR = "#2E8B67", "#C9661B", "#7D8790"
"""Bars of agencies that reached the pass mark, that did not, and of which it can't be told."""


def part_style(part: Part) -> PartStyle:
    return PART_STYLES.get(part, INDICATOR_STYLE)


CHART_CONFIG = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "responsive": True,
    "locale": "en",
}
