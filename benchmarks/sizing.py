"""How large a machine: people looking at once, what they wait for, what the server takes.

`python -m benchmarks.sizing` prints the table of docs/running.md.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil

from benchmarks.crowd import Crowd
from benchmarks.nation import AGENCIES, nation, store_of
from benchmarks.screens import APP
from benchmarks.server import PROJECT, Server
from benchmarks.session import Session

PAUSE, STRETCH = 5.0, 20.0
PEOPLE = (10, 50, 100, 200)
STORES = {"one agency, ten years": 1, "the nation, ten years": AGENCIES}
HEAD = "| store | file | people | half of the clicks within | 95 % within | of one core | memory |\n|---|---|---|---|---|---|---|"


def main() -> None:
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="ita-sizing-") as name:
        for told, agencies in STORES.items():
            place = Path(name) / f"{agencies}.duckdb"
            store_of(nation(agencies), place)
            for people in PEOPLE:
                print(
                    f"| {told} | {place.stat().st_size / 1e6:.0f} MB | {_measured(place, people)} |"
                )


def _measured(place: Path, people: int) -> str:
    with Server(APP, PROJECT, {"ITA_DATABASE": str(place)}) as server:
        server.wait_until_served()
        Session(server.port).rerun()
        process = psutil.Process(server.pid)
        with closing(Crowd(server.port, people)) as crowd:
            crowd.click_for(PAUSE, PAUSE)
            before, started = sum(process.cpu_times()[:2]), time.perf_counter()
            clicks = crowd.click_for(STRETCH, PAUSE)
            busy = (sum(process.cpu_times()[:2]) - before) / (time.perf_counter() - started)
            memory = process.memory_full_info().uss / 1e6
    shares = statistics.quantiles(clicks, n=20)
    half, most = (f"{value * 1e3:.0f} ms" for value in (statistics.median(clicks), shares[-1]))
    return f"{people} | {half} | {most} | {busy:.0%} | {memory:.0f} MB"


if __name__ == "__main__":
    main()
