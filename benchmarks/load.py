"""Many people at once: reruns a second, how long a click takes, and what it all weighs in memory."""

from __future__ import annotations

import shutil
import statistics
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.crowd import Crowd
from benchmarks.rounds import BESIDE_GOALS, Goal, Missing, NotMeasured, Row, interleaved, row
from benchmarks.screens import APP, BARE
from benchmarks.server import PROJECT, Server
from benchmarks.session import Session

ROUNDS = 5
BUSY, WITHOUT_PAUSE = 10, 2.0
MANY, PAUSE, STRETCH = 200, 5.0, 7.5
"""Sessions, seconds between a session's clicks, seconds of a round."""
RERUNS, WARM_UP = 5_000, 500
NOTE = "the overview at national size over WebSockets"
OWN_STOCK = """import gc
import sys

sys.path.insert(0, {project!r})
from ita.ui import sign_in
sign_in.visitor = lambda: sign_in.Visitor(near=True)
gc.freeze = lambda: None
{front}"""
"""Our front door as `streamlit run` finds it when there is no server of ours in it; and as our middleware
is part of that server, its word that a visitor sits at this machine is given here."""


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
        self._own_stock = self._own_pages_stock(store)
        self._bare = self._server(BARE, self._stock)
        with Session(self._ours.port) as session:
            session.rerun()
            elements = session.rerun().elements
        self._same = urlencode(elements)
        with Session(self._own_stock.port) as session:
            shown = session.rerun().elements
        if any(
            shown[kind] != elements[kind] for kind in ("plotly_chart", "html", "download_button")
        ):
            raise NotMeasured(f"under stock the pages show {shown} instead of {elements}")

    def _server(
        self, script: Path, place: Path, environment: dict[str, str] | None = None
    ) -> Server:
        server = self._stack.enter_context(Server(script, place, environment))
        server.wait_until_served()
        return server

    def _own_pages_stock(self, store: Path) -> Server:
        """The same pages under plain `streamlit run`: no server, no configuration, no gc.freeze of
        ours."""
        place = self._folder / "own pages, stock"
        place.mkdir(exist_ok=True)
        (place / "pages").symlink_to(PROJECT / "pages", target_is_directory=True)
        (place / "static").symlink_to(PROJECT / "static", target_is_directory=True)
        front, _, _ = APP.read_text(encoding="utf-8").rpartition("\nelse:\n")
        script = place / "front.py"
        script.write_text(OWN_STOCK.format(project=str(PROJECT), front=front), encoding="utf-8")
        copy = place / "nation.duckdb"
        shutil.copy(store, copy)
        return self._server(script, place, {"ITA_DATABASE": str(copy)})

    def rows(self) -> list[Row | Missing]:
        return [*self._throughput(), self._waiting(), *self._memory()]

    def _throughput(self) -> list[Row | Missing]:
        wanted = {"ours": (self._ours, ("",)), "own": (self._own_stock, ("",))}
        if BESIDE_GOALS:
            wanted["bare"] = (self._bare, (self._same,))
        with ExitStack() as crowds:
            sides = {
                name: partial(_rate, crowds.enter_context(closing(Crowd(server.port, BUSY, asked))))
                for name, (server, asked) in wanted.items()
            }
            interleaved(sides, 1)
            rounds = interleaved(sides, ROUNDS)
        name = f"reruns a second, {BUSY} sessions, against"
        same = f"{NOTE}; the same pages under plain `streamlit run`, without our server, settings and gc.freeze"
        bare_note = (
            f"{NOTE}; constants in as many elements, nothing read or worked out; no goal names it"
        )
        lines: list[Row | Missing] = [
            row(f"{name} stock", "/s", rounds, "ours", "own", Goal(7, 4, least=True), same)
        ]
        if BESIDE_GOALS:
            constants = f"{name} a page of constants"
            lines.append(row(constants, "/s", rounds, "ours", "bare", None, bare_note))
        return lines

    def _waiting(self) -> Row:
        asked = ("metric=1&selectbox=1",)
        self._crowd = self._stack.enter_context(closing(Crowd(self._ours.port, MANY)))
        self._other = self._stack.enter_context(closing(Crowd(self._bare.port, MANY, asked)))
        sides = {
            "ours": partial(_slow_click, self._crowd),
            "stock": partial(_slow_click, self._other),
        }
        rounds = interleaved(sides, ROUNDS)
        note = (
            f"{MANY} sessions, each a click every {PAUSE:g} s; ours: the whole overview, stock: one "
            "metric and one selectbox under `streamlit run`"
        )
        return row(
            f"{MANY} sessions: p95 of a click", "ms", rounds, "ours", "stock", Goal(8, 0.1), note
        )

    def _memory(self) -> list[Row | Missing]:
        """What both servers weigh with their sessions still there, and ours after many more reruns."""
        sides = {
            "ours": partial(_weight_after, self._crowd, self._ours),
            "stock": partial(_weight_after, self._other, self._bare),
        }
        rounds = interleaved(sides, ROUNDS)
        self._click(WARM_UP)  # what a process takes once it takes here
        weights = [_weight(self._ours)]
        for _ in range(ROUNDS):
            self._click(RERUNS // ROUNDS)
            weights.append(_weight(self._ours))
        return [
            row(
                f"memory with {MANY} sessions",
                "MB",
                rounds,
                "ours",
                "stock",
                Goal(9, 1.25),
                "USS after a stretch of clicks, as many sessions on stock Streamlit with a metric and a selectbox",
            ),
            Row(
                f"memory after {RERUNS:,} reruns more",
                "MB",
                weights[1:],
                weights[:1] * ROUNDS,
                0,
                Goal(9, 1.05),
                f"USS, five times on the way, each against the start; over all "
                f"{weights[-1] / weights[0] - 1:+.1%}; up to 5 % is taken for noise",
            ),
        ]

    def _click(self, reruns: int) -> None:
        done = 0
        while done < reruns:
            done += len(self._crowd.click_for(1.0))


def _rate(crowd: Crowd) -> float:
    return len(crowd.click_for(WITHOUT_PAUSE)) / WITHOUT_PAUSE


def _slow_click(crowd: Crowd) -> float:
    return statistics.quantiles(crowd.click_for(STRETCH, PAUSE), n=20)[-1]


def _weight_after(crowd: Crowd, server: Server) -> float:
    crowd.click_for(PAUSE, PAUSE)
    return _weight(server)


def _weight(server: Server) -> float:
    """Bytes that only this server has, its processes together."""
    process = psutil.Process(server.pid)
    return float(
        sum(one.memory_full_info().uss for one in (process, *process.children(recursive=True)))
    )
