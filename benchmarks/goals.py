"""The performance goals: what is measured, against what, and what it means to a person."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.rounds import Missing, Row


@dataclass(frozen=True)
class Promise:
    """One goal. what: is measured. marks: "against → the most its ratio may be". means: to a person."""

    what: str
    marks: str
    means: str


PROMISES: Mapping[int, Promise] = {
    1: Promise(
        "process start → first chart of the overview",
        "stock with one chart ≤ 1.2",
        "After a restart the dashboard is back before anybody asks why it is gone.",
    ),
    2: Promise(
        "empty cache → total and level readable",
        "Dash's chart ≤ 0.65",
        "A mayor who opens the link reads the total before another program has drawn anything.",
    ),
    3: Promise(
        "empty cache → trend chart drawn",
        "Dash ≤ 1.0; naive ≤ 0.8; stock ≤ 1.0",
        "The chart follows about when a page written by hand would show it.",
    ),
    4: Promise(
        "the same over 20 Mbit/s + 40 ms",
        "Dash ≤ 0.65; stock ≤ 0.55",
        "On a phone's network the first visit waits for fewer bytes.",
    ),
    5: Promise(
        "bytes of a first visit",
        "stock ≤ 0.3",
        "A first visit spares the data plan.",
    ),
    6: Promise(
        "agency changed → chart redrawn",
        "stock with one box and one chart ≤ 1.15; naive ≤ 0.45",
        "Choosing another agency answers while the finger is still on the key.",
    ),
    7: Promise(
        "reruns a second, 10 sessions without pause",
        "stock ≥ 4",
        "One small server carries several times as many people as an untuned one.",
    ),
    8: Promise(
        "200 sessions, a click each 5 s: p95",
        "minimal stock page ≤ 0.1",
        "When the whole office looks after the results come out, clicks still answer.",
    ),
    9: Promise(
        "memory after 8; growth over 5,000 reruns",
        "stock with a metric and a box ≤ 1.25; itself ≤ 1.05",
        "The office's smallest machine will do, and it need not be restarted at night.",
    ),
    10: Promise(
        "100,000-row file → all of 1,000 planted errors; with difference",
        "DuckDB read_csv ≤ 1.5; ≤ 2.0",
        "A province's file says everything that is wrong with it about as fast as it can be read.",
    ),
    11: Promise(
        "the same file → committed with its history, read back",
        "DuckDB read_csv ≤ 4.5",
        "Saving it with its history costs a few times reading it, and nothing is lost.",
    ),
    12: Promise(
        "5,000 rows in the browser: chosen → checked, diffed, saved, visible",
        "Datasette ≤ 0.55",
        "A quarter's file is in, checked and signed for, in the time others need to swallow it unchecked.",
    ),
    13: Promise(
        "10,000-row filtered CSV, click → file; 100,000-row XLSX",
        "Datasette ≤ 0.6; pandas + openpyxl ≤ 0.45",
        "A filtered table is in Excel before the next thought.",
    ),
    14: Promise(
        "500 measures as DOCX; as PDF",
        "python-docx add_row ≤ 0.4; bare typst ≤ 1.0",
        "The largest report is ready to be handed in at the click.",
    ),
    15: Promise(
        "an agency's page when the store grows 100 times",
        "itself, overview ≤ 1.15; trend ≤ 1.15",
        "An agency does not feel that the whole nation is in the same store.",
    ),
    16: Promise(
        "national figures by pandas, first after a commit: league, bands and movers; completion",
        "plain DuckDB SQL ≤ 2.0; ≤ 2.0",
        "Whoever oversees a nation sees it anew as soon as an agency has handed in.",
    ),
    20: Promise(
        "the README's test command, warm environment, in seconds",
        "absolute ≤ 180",
        "Whoever changes a line knows within three minutes whether it broke another.",
    ),
}

HEAD = ("#", "what", "goal", "measured", "min–max", "")


def goal_rows(lines: Sequence[Row | Missing]) -> list[tuple[str, ...]]:
    """One row a goal, whatever was measured: a goal without figures says so."""
    of_goal: dict[int, list[Row]] = {number: [] for number in PROMISES}
    for line in lines:
        if isinstance(line, Row) and line.goal:
            of_goal[line.goal.number].append(line)
    return [
        (str(number), promise.what, promise.marks, *_measured(of_goal[number]))
        for number, promise in PROMISES.items()
    ]


def _measured(found: Sequence[Row]) -> tuple[str, str, str]:
    if not found:
        return "–", "–", "not measured"
    medians = [statistics.median(one.ratios) for one in found]
    spans = [
        f"{min(one.ratios):.2f}–{max(one.ratios):.2f}{f' ({one.marked}*)' if one.marked else ''}"
        for one in found
    ]
    met = [one.goal is not None and one.goal.met(m) for one, m in zip(found, medians, strict=True)]
    verdict = "met" if all(met) else "short" if len(found) == 1 else _each(met)
    return "; ".join(f"{m:.2f}" for m in medians), "; ".join(spans), verdict


def _each(met: Sequence[bool]) -> str:
    """Several marks of one goal: short as a whole, and which of them are met."""
    return f"short ({', '.join('met' if one else 'short' for one in met)})"
