"""What a person waits for in a real browser: first visits, a filter, an upload, a download."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from benchmarks.choosing import choosing
from benchmarks.downloads import downloads
from benchmarks.nation import Nation
from benchmarks.peers import HERE, python_of
from benchmarks.rounds import Missing, NotMeasured, Row
from benchmarks.screens import APP, BARE, CHOICE, NAIVE
from benchmarks.server import PROJECT, Served, Server
from benchmarks.session import Session
from benchmarks.tabs import ARGUMENTS, CHROMIUM, Browsers
from benchmarks.uploads import uploads
from benchmarks.visits import first_visits, slow_line


def measure_browser(folder: Path, found: Nation, store: Path) -> list[Row | Missing]:
    """The rows of goals 2–6, 12 and 13; `store` holds the nation, `folder` its CSVs.

    Raises:
        NotMeasured: there is no Chromium.
    """
    lines: list[Row | Missing] = []
    with sync_playwright() as playwright, ExitStack() as stack:
        if not Path(CHROMIUM).exists():
            return [Missing("in the browser", f"no {CHROMIUM}")]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        browsers = Browsers(chromium)
        try:
            servers = _servers(stack, folder, store)
            overview = servers.pop("overview")
            visited = {name: url for name, url in servers.items() if name != "floor"}
            parts = {
                "first visits": partial(
                    first_visits, browsers, visited, overview, found, slow=False
                ),
                "over 20 Mbit/s": partial(
                    first_visits, browsers, visited, overview, found, slow=True
                ),
                "over a slow line": partial(slow_line, browsers, overview, found),
                "agency changed": partial(choosing, browsers, servers, found),
                "10,000 rows": partial(downloads, browsers, stack, folder),
                "5,000 rows": partial(uploads, browsers, stack, folder),
            }
            for name, measure in parts.items():
                lines += _measured(name, measure)
        except NotMeasured as fault:
            lines.append(Missing("in the browser", str(fault)))
        finally:
            chromium.close()
    return lines


def _measured(name: str, measure: Callable[[], list[Row | Missing]]) -> list[Row | Missing]:
    """The rows of one part; where a page doesn't do what it should, the rest is measured still."""
    try:
        return measure()
    except (NotMeasured, Error) as fault:
        return [Missing(name, str(fault).splitlines()[0])]


def _servers(stack: ExitStack, folder: Path, store: Path) -> dict[str, str]:
    """Each side's address, its server warm: one visit done."""
    stock = folder / "stock browser"
    stock.mkdir(exist_ok=True)
    ours = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(store)}))
    naive = stack.enter_context(Server(NAIVE, stock, {"ITA_BENCH_CSV": str(folder)}))
    bare = stack.enter_context(Server(BARE, stock))
    floor = stack.enter_context(Server(CHOICE, stock))
    command = [str(python_of("dash")), str(HERE / "dash_page.py"), "{port}", str(folder)]
    dash = stack.enter_context(Served(command, folder))
    for server in (ours, naive, bare, dash, floor):
        server.wait_until_served()
    with Session(ours.port) as session:
        wanted = session.rerun().elements
    with Session(naive.port) as session:
        session.rerun()
    choices = "&".join(f"{kind}={count}" for kind, count in wanted.items())
    return {
        "overview": ours.url(),
        "ours": ours.url("trend"),
        "naive": naive.url(),
        "stock": bare.url(f"?{choices}"),
        "dash": dash.url(),
        "floor": floor.url(),
    }
