"""The screens over real sessions: a cold start against the naive page, warm reruns against a bare one."""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.nation import Nation
from benchmarks.rounds import (
    BESIDE_GOALS,
    Goal,
    Missing,
    NotMeasured,
    Row,
    against,
    interleaved,
    row,
)
from benchmarks.server import PROJECT, Server
from benchmarks.session import Drawn, Session

APP = PROJECT / "app.py"
NAIVE = PROJECT / "benchmarks" / "naive_page.py"
BARE = PROJECT / "benchmarks" / "bare_page.py"
CHOICE = PROJECT / "benchmarks" / "choice_page.py"
SAMPLES = PROJECT / "data" / "samples"
COLD_ROUNDS = 5
WARM_ROUNDS = 5
WARM_UP = 10
RERUNS = 20
"""Reruns of one side in a round, one after the other without a pause; their median counts."""


@dataclass(frozen=True)
class Screen:
    """path: in the URL. says: what must stand on the page for its figure to count. elements: what a page
    of constants is asked for."""

    name: str
    path: str
    says: Sequence[str]
    elements: Mapping[str, int] = field(default_factory=dict)


CHART = Screen("a chart of constants", "", (), {"plotly_chart": 1})

OTHERS = (
    Screen("indicators", "indicators", ("82.31",)),
    Screen("what if", "what-if", ("88.92",)),
    Screen("claims", "claims", ("81.64",)),
)


def measure_screens(folder: Path, nation: Nation, store: Path) -> list[Row | Missing]:
    """The rows of goal 1, with the nation's store, and beside the goals of warm reruns, with the samples.

    folder: takes the samples' store, holds the nation's CSVs, and is where stock pages run.
    """
    stock = folder / "stock"
    stock.mkdir()
    lines: list[Row | Missing] = []

    def add(name: str, measure: Callable[[], list[Row]]) -> None:
        try:
            lines.extend(measure())
        except NotMeasured as fault:
            lines.append(Missing(name, str(fault)))

    add("start → first chart", partial(_cold, nation, stock, store, folder))
    if not BESIDE_GOALS:
        return lines
    totals = _totals()
    overview = Screen("overview", "", totals[-1:])
    trend = Screen("trend", "trend", totals)
    environment = {"ITA_DATABASE": str(folder / "screens.duckdb")}
    try:
        _load_samples(environment)
    except NotMeasured as fault:
        return [*lines, Missing("screens", str(fault))]
    for screen in (overview, trend, *OTHERS):
        add(f"{screen.name}: rerun", partial(_warm, screen, stock, environment))
    return lines


def _load_samples(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ita", "demo"],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"the samples did not load: {done.stderr[-300:]}")


def _totals() -> list[str]:
    """The total scores of the samples' first agency by year; both pages begin with it."""
    with (SAMPLES / "agencies.csv").open(encoding="utf-8-sig", newline="") as file:
        agency = next(csv.DictReader(file))["รหัสหน่วยงาน"]
    with (SAMPLES / "scores_fictional.csv").open(encoding="utf-8-sig", newline="") as file:
        mine = [row for row in csv.DictReader(file) if row["หน่วยงาน"] == agency]
    return [row["คะแนนรวม"] for row in sorted(mine, key=lambda row: row["ปีงบประมาณ"])]


def _cold(nation: Nation, stock: Path, store: Path, folder: Path) -> list[Row]:
    overview = Screen("overview", "", (nation.last_total,))

    def start(
        script: Path, place: Path, environment: dict[str, str], screen: Screen = overview
    ) -> float:
        started = time.perf_counter()
        with Server(script, place, environment) as server:
            server.wait_until_served()
            with Session(server.port, choices=screen.elements) as session:
                drawn = session.rerun()
                seconds = time.perf_counter() - started
        _verify(drawn, screen)
        if not drawn.elements["plotly_chart"]:
            raise NotMeasured("the first run draws no chart")
        return seconds

    sides = {
        "ours": lambda: start(APP, PROJECT, {"ITA_DATABASE": str(store)}),
        "naive": lambda: start(NAIVE, stock, {"ITA_BENCH_CSV": str(folder)}),
        "floor": lambda: start(BARE, stock, {}, CHART),
    }
    interleaved(sides, 1)  # compiles what has to be compiled, and fills the cache of the disk
    rounds = interleaved(sides, COLD_ROUNDS)
    note = (
        "cold process, warm disk; HTML served, one session's first run finished, the year's total "
        f"and the chart on it; no browser; {nation.rows:,} agency years; against stock Streamlit with a chart "
        f"of constants alone; ours against naive: {against(rounds, 'ours', 'naive'):.2f}"
    )
    return [row("start → first chart", "s", rounds, "ours", "floor", Goal(1, 1.2), note)]


def _warm(screen: Screen, stock: Path, environment: dict[str, str]) -> list[Row]:
    with ExitStack() as stack:
        ours = stack.enter_context(Server(APP, PROJECT, environment))
        bare = stack.enter_context(Server(BARE, stock))
        ours.wait_until_served()
        bare.wait_until_served()
        # The first page first: a process that has not run yet may not know its other pages.
        stack.enter_context(Session(ours.port)).rerun()
        mine = stack.enter_context(Session(ours.port, screen.path))
        mine.rerun()
        wanted = mine.rerun().elements
        other = stack.enter_context(Session(bare.port, choices=wanted))
        drawn = other.rerun().elements
        for _ in range(WARM_UP):
            _verify(mine.rerun(), screen)
            other.rerun()
        sent: dict[str, list[int]] = {"ours": [], "bare": []}

        def burst(name: str, session: Session) -> float:
            runs = [session.rerun() for _ in range(RERUNS)]
            if name == "ours":
                _verify(runs[-1], screen)
            sent[name].append(round(statistics.median(run.sent for run in runs)))
            return statistics.median(run.seconds for run in runs)

        sides = {
            "ours": lambda: burst("ours", mine),
            "bare": lambda: burst("bare", other),
        }
        rounds = interleaved(sides, WARM_ROUNDS)
    shown = ", ".join(f"{count} {kind}" for kind, count in sorted(drawn.items()))
    left_out = ", ".join(sorted(wanted - drawn))
    note = (
        f"both draw {shown}{f' (only ours: {left_out})' if left_out else ''}; bare: constants under "
        f"stock configuration; {RERUNS} reruns in a row a round, so the collection that Streamlit "
        "runs after each counts"
    )
    marked = sum(one.marked for one in rounds)
    return [
        row(f"{screen.name}: rerun", "ms", rounds, "ours", "bare", None, note),
        Row(f"{screen.name}: bytes a rerun", "kB", sent["ours"], sent["bare"], marked),
    ]


def _verify(drawn: Drawn, screen: Screen) -> None:
    """That the page shows what it is about.

    Raises:
        NotMeasured: a figure is missing on it.
    """
    lacking = [text for text in screen.says if text.encode() not in drawn.content]
    if lacking:
        raise NotMeasured(f"the page does not show {', '.join(lacking)}")
