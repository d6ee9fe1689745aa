"""docs/performance.md: the goals with what was measured, the machine, and how cost grows.

`make bench` prints the same table; `python -m benchmarks --write` writes this page too.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.goals import HEAD, PROMISES, goal_rows
from benchmarks.growth import Growth
from benchmarks.peers import HERE
from benchmarks.rounds import LEAST_IDLE, Missing, Row, cells
from benchmarks.tabs import CHROMIUM
from ita.charts.typst_figures import Caption, svg_bytes
from ita.charts.values import Dot, Line, LineChart
from ita.i18n import language_set_to

PARTS = ("streamlit", "duckdb", "pandas", "plotly", "typst", "xlsxwriter", "python-docx")
COLORS = ("#1B5E8C", "#B4540A", "#1E7B57", "#7A4A97")
INTRO = """# Performance

Written by `python -m benchmarks --write`; `make bench` prints the same. Every figure is a ratio: both
sides are measured in turn, round by round, on one machine; the ratio is taken in each round, and its
median stands here with the least and the most. A round that begins on a machine less than {idle} idle
is marked. Row counts, error sets and drawn values are compared before a figure counts. What falls
short is written as short, and what could not be measured as not measured.
"""


def document(lines: Sequence[Row | Missing], growth: Growth, seconds: float) -> str:
    """The whole page as Markdown."""
    measured = [
        (number, what, goal, ratio, span, verdict, PROMISES[int(number)].means)
        for number, what, goal, ratio, span, verdict in goal_rows(lines)
    ]
    parts = [
        INTRO.format(idle=f"{LEAST_IDLE:.0%}"),
        f"{_machine(lines, seconds)}\n",
        "## The goals\n",
        _table((*HEAD[:-1], "verdict", "what it gives when met"), measured),
        *_grown(growth),
        "\n## Every figure\n",
        _table(
            ("", "ours", "against", "ratio", "min–max", "rounds", "goal", ""), map(cells, lines)
        ),
        "\n## What was done, and what was left out\n",
        "\n".join(_notes(lines)),
    ]
    return "\n".join(parts) + "\n"


def _grown(growth: Growth) -> list[str]:
    head = "\n## How cost grows with the store\n"
    if not growth:
        return [head, "Not measured."]
    return [
        head,
        "![Milliseconds of a rerun by agency-years in the store](growth.svg)\n",
        _table(("agency-years", *growth), _growth_rows(growth)),
    ]


def _machine(lines: Sequence[Row | Missing], seconds: float) -> str:
    memory = psutil.virtual_memory().total / 2**30
    ratios = sum(len(line.ours) for line in lines if isinstance(line, Row))
    marked = sum(line.marked for line in lines if isinstance(line, Row))
    ours = ", ".join(f"{name} {version(name)}" for name in PARTS)
    peers = ", ".join(
        (HERE / f"{peer}.txt").read_text(encoding="utf-8").split()[0].replace("==", " ")
        for peer in ("dash", "datasette")
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; {ours}; "
        f"{_chromium()}; against {peers}. {seconds / 60:.1f} minutes; {marked} of {ratios} ratios come "
        f"from a marked round: (n*) beside a span, n of its rounds."
    )


def _processor() -> str:
    """As the kernel names it, where that can be read."""
    place = Path("/proc/cpuinfo")
    told = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _chromium() -> str:
    try:
        done = subprocess.run(
            [CHROMIUM, "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return "no Chromium"
    return " ".join(done.stdout.split()[:2])


def _table(head: Sequence[str], rows: object) -> str:
    lines = [head, ["---"] * len(head), *rows]  # type: ignore[misc]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _growth_rows(growth: Growth) -> list[tuple[str, ...]]:
    sizes = list(next(iter(growth.values()), {}))
    return [
        (f"{size:,}", *(f"{by_size[size] * 1e3:.0f} ms" for by_size in growth.values()))
        for size in sizes
    ]


def _notes(lines: Sequence[Row | Missing]) -> list[str]:
    return [
        f"- **{line.name}**: {line.why if isinstance(line, Missing) else line.note}"
        for line in lines
        if isinstance(line, Missing) or line.note
    ]


def growth_drawing(growth: Growth) -> bytes:
    """The growth as SVG: a line a screen."""
    sizes = list(next(iter(growth.values())))
    lines = tuple(
        Line(
            screen,
            color,
            (tuple(_dot(place, by_size[size]) for place, size in enumerate(sizes)),),
            end_label=f"{screen} {by_size[sizes[-1]] * 1e3:.0f}",
        )
        for color, (screen, by_size) in zip(COLORS, growth.items(), strict=False)
    )
    chart = LineChart(
        "Milliseconds of a rerun by agency-years in the store",
        f"Medians: {growth}",
        tuple(f"{size:,}" for size in sizes),
        0,
        1.25e3 * max(max(by_size.values()) for by_size in growth.values()),
        lines,
    )
    with language_set_to("en"):
        return svg_bytes(chart, Caption("benchmarks/growth.py", f"{datetime.now(UTC):%Y-%m-%d}"))


def _dot(place: int, seconds: float) -> Dot:
    told = f"{seconds * 1e3:.0f}"
    return Dot(place, seconds * 1e3, told, told)


def write(folder: Path, lines: Sequence[Row | Missing], growth: Growth, seconds: float) -> None:
    """performance.md and growth.svg into a folder."""
    (folder / "performance.md").write_text(document(lines, growth, seconds), encoding="utf-8")
    if growth:
        (folder / "growth.svg").write_bytes(growth_drawing(growth))


def summary(lines: Sequence[Row | Missing]) -> str:
    """How many of the goals are met, for the end of the print."""
    verdicts = [line[-1] for line in goal_rows(lines)]
    counts = {
        word: sum(verdict.startswith(word) for verdict in verdicts)
        for word in ("met", "short", "not measured")
    }
    spans = [statistics.median(line.ratios) for line in lines if isinstance(line, Row)]
    return (
        ", ".join(f"{count} {word}" for word, count in counts.items()) + f" ({len(spans)} figures)"
    )
