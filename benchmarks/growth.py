"""How cost grows with the store: the same agency's pages over 1, 10 and 100 times the rows."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.nation import AGENCIES, FIRST, Nation, nation, store_of
from benchmarks.rounds import Goal, Missing, NotMeasured, Row, interleaved, row
from benchmarks.screens import APP
from benchmarks.server import PROJECT, Server
from benchmarks.session import Session

TIMES = (1, 10, 100)
SCREENS = {"overview": "", "trend": "trend"}
GOALS = {"overview": Goal(15, 1.15), "trend": Goal(15, 1.15)}
ROUNDS, WARM_UP, RERUNS = 5, 8, 12

Growth = dict[str, dict[int, float]]
"""Seconds of a rerun, by screen and by agency-years in the store."""


def measure_growth(
    folder: Path, largest: Nation, whole: Path
) -> tuple[list[Row | Missing], Growth]:
    """The row of goal 15, and the medians by size; `whole` holds the largest nation."""
    try:
        with ExitStack() as stack:
            sizes = _sessions(stack, folder, largest, whole)
            lines: list[Row | Missing] = []
            growth: Growth = {}
            for screen, goal in GOALS.items():
                rounds = interleaved(
                    {
                        str(rows): partial(_burst, by_screen[screen])
                        for rows, by_screen in sizes.items()
                    },
                    ROUNDS,
                )
                growth[screen] = {
                    rows: statistics.median(one.figures[str(rows)] for one in rounds)
                    for rows in sizes
                }
                note = (
                    f"{min(sizes):,} and {max(sizes):,} agency-years; the same agency, warm reruns"
                )
                lines.append(
                    row(
                        f"{screen} of an agency, store 100 times as large",
                        "ms",
                        rounds,
                        str(max(sizes)),
                        str(min(sizes)),
                        goal,
                        note,
                    )
                )
            return lines, growth
    except NotMeasured as fault:
        return [Missing("growth of the store", str(fault))], {}


def _sessions(
    stack: ExitStack, folder: Path, largest: Nation, whole: Path
) -> Mapping[int, dict[str, Session]]:
    """A warm session a screen, by the agency-years of its store."""
    sizes = {}
    for times in TIMES:
        found, place = largest, whole
        if times < max(TIMES):
            found = nation(AGENCIES * times // max(TIMES))
            place = folder / f"growth-{times}.duckdb"
            store_of(found, place)
        server = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(place)}))
        server.wait_until_served()
        stack.enter_context(Session(server.port)).rerun()
        sizes[found.rows] = {
            name: _warm(stack, server, path, found.last_total) for name, path in SCREENS.items()
        }
    return sizes


def _warm(stack: ExitStack, server: Server, path: str, total: str) -> Session:
    session = stack.enter_context(Session(server.port, path, {"agency": FIRST}))
    for _ in range(WARM_UP):
        drawn = session.rerun()
    if total.encode() not in drawn.content or not drawn.elements["plotly_chart"]:
        raise NotMeasured(f"/{path} shows no chart or not the total of the agency")
    return session


def _burst(session: Session) -> float:
    return statistics.median(session.rerun().seconds for _ in range(RERUNS))
