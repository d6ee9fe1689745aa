"""First visits in a real browser: words to read, chart drawn, bytes sent; against the peers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from benchmarks.nation import FIRST, Nation
from benchmarks.rounds import Goal, Missing, Row, interleaved, row
from benchmarks.tabs import Browsers, Visit

ROUNDS = 5
BYTES_BEFORE = 600.0
CONSTANTS = ("79.69", "95.30")
"""Two of what the stock page draws."""


def overview_words(found: Nation) -> tuple[str, ...]:
    """What the overview is waited for: the total and its level; the other sides' pages have none."""
    return (found.last_total, f"ระดับ {found.last_level}")


def slow_line(browsers: Browsers, overview: str, found: Nation) -> list[Row | Missing]:
    """What comes before the overview's figures, and how long that takes over the lines of villages."""
    words = overview_words(found)
    browsers.read(overview, words)  # the first visitor makes a server pack its scripts
    bytes_before = browsers.read(overview, words).sent / 1000
    rows: list[Row | Missing] = [
        Row(
            "bytes before total and level are readable",
            "kB",
            [bytes_before],
            [BYTES_BEFORE],
            0,
            note="against the bound of 600 kB, headers and WebSocket included",
        )
    ]
    for kbits in (400, 1600):
        seconds = browsers.read(overview, words, kbits).words
        name = f"over {kbits} kbit/s and 150 ms: total and level readable"
        rows.append(Row(name, "s", [seconds], [seconds], 0))
    return rows


def first_visits(
    browsers: Browsers, servers: Mapping[str, str], overview: str, found: Nation, slow: bool
) -> list[Row | Missing]:
    """servers: the page of each side that draws the chart, ours the trend. overview: ours, of figures."""
    words = dict.fromkeys(servers, (found.last_total,)) | {"stock": CONSTANTS[:1]}
    values = dict.fromkeys(servers, found.totals[FIRST]) | {"stock": CONSTANTS}
    visits: dict[str, list[Visit]] = {name: [] for name in servers}

    def side(name: str) -> float:
        whole = name in ("ours", "stock") and not slow  # whose bytes are compared
        seen = browsers.visit(servers[name], words[name], values[name], slow, whole)
        visits[name].append(seen)
        return seen.chart

    names = [n for n in servers if not (slow and n == "naive")]
    if not slow:  # the first visitor makes a server pack its scripts
        for name in ("ours", "stock"):
            side(name)
            visits[name].clear()
    rounds = interleaved({name: partial(side, name) for name in names}, ROUNDS)
    marked = sum(one.marked for one in rounds)
    if slow:
        return [
            row(
                "over 20 Mbit/s: chart drawn, against Dash",
                "s",
                rounds,
                "ours",
                "dash",
                Goal(4, 0.65),
            ),
            row(
                "over 20 Mbit/s: chart drawn, against stock",
                "s",
                rounds,
                "ours",
                "stock",
                Goal(4, 0.55),
            ),
        ]
    dash = [visit.chart for visit in visits["dash"]]
    text = [browsers.read(overview, overview_words(found)).words for _visit in dash]
    return [
        Row(
            "first visit: total and level readable",
            "s",
            text,
            dash,
            marked,
            Goal(2, 0.65),
            "against Dash's chart drawn",
        ),
        row("first visit: chart drawn, against Dash", "s", rounds, "ours", "dash", Goal(3, 1.0)),
        row("first visit: chart drawn, against naive", "s", rounds, "ours", "naive", Goal(3, 0.8)),
        row("first visit: chart drawn, against stock", "s", rounds, "ours", "stock", Goal(3, 1.0)),
        Row(
            "bytes of a first visit",
            "MB",
            [visit.sent for visit in visits["ours"]],
            [visit.sent for visit in visits["stock"]],
            marked,
            Goal(5, 0.3),
            "everything that came over the wire, WebSocket included",
        ),
    ]
