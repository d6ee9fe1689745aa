"""One look: colours per part and status, and marks that tell without colour."""

from __future__ import annotations

from dataclasses import dataclass

from ita.domain import TOTAL, Instrument, Part

FONT = "Sarabun, sans-serif"
INK = {"light": "#1F2A33", "dark": "#E6EBEE"}
"""Text on our light and dark ground, as .streamlit/config.toml has it."""
AXIS_COLOR = {INK["light"]: "#4A555E", INK["dark"]: "#BAC3C9"}
"""Years and values at the edges of a chart, by the colour of its other texts."""


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
AGENCY_STYLES = (
    PartStyle("#2F74B5", "circle", "solid", 3.5),
    PartStyle("#C9661B", "triangle-up", "solid", 2),
    PartStyle("#A0569B", "square", "solid", 2),
    PartStyle("#7D8790", "diamond", "solid", 2),
    PartStyle("#8A7412", "x-thin-open", "solid", 2),
)
"""Agencies beside each other, the own one first."""
INDICATOR_STYLE = PartStyle("#6F7B86", "circle", "solid", 1.5)
NATIONAL_COLOR = "#7D8790"
LINE_COLOR = "rgba(125,135,144,0.45)"
BREAK_COLOR = "#BF4351"
EVENT_COLOR = "#7468B8"
PEERS_COLOR = "#7D8790"
BEST_ZONE, PASSED_ZONE, LOW_ZONE = (
    "rgba(46,139,103,0.20)",
    "rgba(46,139,103,0.11)",
    "rgba(125,135,144,0.09)",
)
"""Ground of the levels on a chart: the best, the others that pass, and every other one below."""
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


_PALETTE = {
    "line": "#7D8790",
    "total": PART_STYLES[TOTAL].color,
    "passed": PASSED_COLOR,
    "mark-note": "#7A8791",
    "mark-good": "#1E9B6A",
    "mark-warn": "#C97F12",
    "mark-bad": "#D04A5A",
}
PALETTE: dict[str, dict[str, str]] = {
    "light": _PALETTE
    | {
        "ink": INK["light"],
        "quiet": AXIS_COLOR[INK["light"]],
        "ground": "#F0F3F4",
        "card": "#FFFFFF",
        "accent": "#1B5E8C",
        "hairline": "rgba(31,42,51,.07)",
        "shade": "rgba(31,42,51,.22)",
        "on-primary": "#FFFFFF",
        "good": "#1E7B57",
        "warn": "#9A5B00",
        "bad": "#B23A48",
        "note": "#55616B",
        "missing": "rgba(154,91,0,.75)",
    },
    "dark": _PALETTE
    | {
        "ink": INK["dark"],
        "quiet": AXIS_COLOR[INK["dark"]],
        "ground": "#0D1215",
        "card": "#161D22",
        "accent": "#6DB3E0",
        "hairline": "rgba(230,235,238,.09)",
        "shade": "rgba(0,0,0,.75)",
        "on-primary": "#12181D",
        "good": "#62C79B",
        "warn": "#F0B45E",
        "bad": "#F2919A",
        "note": "#AEB8C0",
        "missing": "rgba(240,180,94,.8)",
    },
}
"""Variables of style sheets in each theme. ground: of the page, card: of what lies on it, accent: of what
can be chosen, hairline: of a card's edge. good, warn, bad, note, quiet: 4.5:1 against ground and card;
good is for a target that is reached and nothing else. mark-…: of marked text, in both."""
