"""Many people at once: reruns a second, how long a click takes, and what it all weighs in memory."""

from __future__ import annotations

import statistics
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.crowd import Crowd
from benchmarks.rounds import Goal, Missing, NotMeasured, Row, interleaved, row
from benchmarks.screens import APP, BARE, NAIVE
from benchmarks.server import PROJECT, Server
from benchmarks.session import Session

ROUNDS = 5
BUSY, WITHOUT_PAUSE = 10, 3.0
MANY, PAUSE, STRETCH = 50, 2.0, 6.0
"""Sessions, seconds between a session's clicks, seconds of a round."""
RERUNS = 1_000
NOTE = "the overview at national size over WebSockets; stock: a bare page of the same elements"


def measure_load(folder: Path, store: Path) -> list[Row | Missing]:
    """The rows of goals 7, 8 and 9; `store` holds the nation, `folder` its CSVs."""
    try:
        with ExitStack() as stack:
            return _Load(stack, folder, store).rows()
    except NotMeasured as fault:
        return [Missing("many sessions", str(fault))]


class _Load:
    """Our server and the stock one, warm."""

    def __init__(self, stack: ExitStack, folder: Path, store: Path) -> None:
        self._stack = stack
        self._folder = folder
        self._stock = folder / "stock load"
        self._stock.mkdir(exist_ok=True)
        self._ours = self._server(APP, PROJECT, {"ITA_DATABASE": str(store)})
        self._bare = self._server(BARE, self._stock)
        with Session(self._ours.port) as session:
            session.rerun()
            self._same = urlencode(session.rerun().elements)

    def _server(
        self, script: Path, place: Path, environment: dict[str, str] | None = None
    ) -> Server:
        server = self._stack.enter_context(Server(script, place, environment))
        server.wait_until_served()
        return server

    def rows(self) -> list[Row | Missing]:
        return [self._throughput(), self._waiting(), *self._memory()]

    def _throughput(self) -> Row:
        with (
            closing(Crowd(self._ours.port, BUSY)) as ours,
            closing(Crowd(self._bare.port, BUSY, (self._same,))) as bare,
        ):
            sides = {"ours": partial(_rate, ours), "stock": partial(_rate, bare)}
            interleaved(sides, 1)
            rounds = interleaved(sides, ROUNDS)
        return row(
            f"reruns a second, {BUSY} sessions",
            "/s",
            rounds,
            "ours",
            "stock",
            Goal(7, 3, least=True),
            NOTE,
        )

    def _waiting(self) -> Row:
        self._crowd = self._stack.enter_context(closing(Crowd(self._ours.port, MANY)))
        with closing(Crowd(self._bare.port, MANY, ("metric=1&selectbox=1",))) as bare:
            sides = {"ours": partial(_slow_click, self._crowd), "stock": partial(_slow_click, bare)}
            interleaved(sides, 1)
            rounds = interleaved(sides, ROUNDS)
        note = (
            f"{MANY} sessions, each a click every {PAUSE:g} s; ours: the whole overview, stock: one "
            "metric and one selectbox under `streamlit run`"
        )
        return row(
            f"{MANY} sessions: p95 of a click", "ms", rounds, "ours", "stock", Goal(8, 0.6), note
        )

    def _memory(self) -> list[Row | Missing]:
        """What the server weighs with its 50 sessions still there, and after many more reruns."""
        ours = _weight(self._ours)
        naive = self._server(NAIVE, self._stock, {"ITA_BENCH_CSV": str(self._folder)})
        with closing(Crowd(naive.port, BUSY)) as crowd:
            crowd.click_for(WITHOUT_PAUSE)
            theirs = _weight(naive)
        self._click(RERUNS)  # what a process takes once it takes here
        before = _weight(self._ours)
        done = self._click(RERUNS)
        after = _weight(self._ours)
        return [
            Row(
                f"memory with {MANY} sessions",
                "MB",
                [ours],
                [theirs],
                0,
                Goal(9, 0.08),
                f"USS, once; naive: the scores alone in pandas, {BUSY} sessions",
            ),
            Row(
                f"memory after {done:,} reruns more",
                "MB",
                [after],
                [before],
                0,
                Goal(9, 1.05),
                "USS, against itself after the first thousand; up to 5 % is taken for noise",
            ),
        ]

    def _click(self, reruns: int) -> int:
        done = 0
        while done < reruns:
            done += len(self._crowd.click_for(WITHOUT_PAUSE))
        return done


def _rate(crowd: Crowd) -> float:
    return len(crowd.click_for(WITHOUT_PAUSE)) / WITHOUT_PAUSE


def _slow_click(crowd: Crowd) -> float:
    return statistics.quantiles(crowd.click_for(STRETCH, PAUSE), n=20)[-1]


def _weight(server: Server) -> float:
    return float(psutil.Process(server.pid).memory_full_info().uss)
