"""What a person waits for in a real browser: first visits, a filter, an upload; against the peers."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from benchmarks.generator import (
    QUARTERS,
    YEAR,
    agencies_file,
    large_measures_file,
    large_quarters_file,
)
from benchmarks.nation import FIRST, Nation
from benchmarks.peers import HERE, python_of
from benchmarks.rounds import Goal, Missing, NotMeasured, Round, Row, interleaved, row
from benchmarks.screens import APP, BARE, NAIVE
from benchmarks.server import PROJECT, Served, Server
from benchmarks.session import Session
from ita.importing.draft import Request
from ita.importing.kinds import Kind
from ita.importing.saving import bring_in
from ita.reference import load_reference
from ita.settings import Settings
from ita.store import open_store

CHROMIUM = "/usr/bin/chromium"
ROUNDS = 5
CHART = "document.querySelector('.js-plotly-plot .scatterlayer .trace path.js-line')"
LINE = f"({CHART} || {{getAttribute: () => ''}}).getAttribute('d')"
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 2.5e6, "uploadThroughput": 2.5e6}
"""20 Mbit/s and 40 ms, as Chromium wants it: bytes a second, milliseconds."""
OTHER_AGENCY = "0000777"
UPLOAD_MEASURES = 1_250
"""At four quarters each: the 5,000 rows of goal 12."""


@dataclass(frozen=True)
class Visit:
    """What one first visit cost: seconds to the words and to the chart, None where not waited for."""

    words: float
    chart: float
    sent: int


class Browsers:
    """Chromium, and every visit with an empty cache."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @contextmanager
    def page(self, slow: bool = False) -> Iterator[tuple[Page, Callable[[], int]]]:
        """A tab of its own, and how many bytes have come to it so far."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1200})
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        if slow:
            wire.send("Network.emulateNetworkConditions", SLOW)
        sent = [0]

        def add(count: float) -> None:
            sent[0] += int(count)

        wire.on("Network.loadingFinished", lambda m: add(m["encodedDataLength"]))
        wire.on("Network.webSocketFrameReceived", lambda m: add(_frame(m)))
        try:
            yield page, lambda: sent[0]
        finally:
            context.close()

    def visit(self, url: str, words: str, slow: bool = False) -> Visit:
        """Open a page and wait for its words and its chart.

        Raises:
            NotMeasured: they did not come.
        """
        with self.page(slow) as (page, sent):
            started = time.perf_counter()
            page.goto(url, wait_until="commit")
            page.wait_for_function(
                "words => document.body && document.body.innerText.includes(words)",
                arg=words,
                polling="raf",
            )
            told = time.perf_counter() - started
            page.wait_for_function(f"() => !!{LINE}", polling="raf")
            drawn = time.perf_counter() - started
            page.wait_for_load_state("networkidle")
            return Visit(told, drawn, sent())


def _frame(message: Mapping[str, Any]) -> float:
    """Bytes of a WebSocket frame; a binary one comes as base64."""
    payload = message["response"]["payloadData"]
    return len(payload) * (0.75 if message["response"]["opcode"] == 2 else 1)


def measure_browser(folder: Path, found: Nation, store: Path) -> list[Row | Missing]:
    """The rows of goals 2–6 and 12; `store` holds the nation, `folder` its CSVs.

    Raises:
        NotMeasured: there is no Chromium.
    """
    lines: list[Row | Missing] = []
    with sync_playwright() as playwright, ExitStack() as stack:
        if not Path(CHROMIUM).exists():
            return [Missing("in the browser", f"no {CHROMIUM}")]
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        browsers = Browsers(chromium)
        try:
            servers = _servers(stack, folder, store)
            parts = {
                "first visits": partial(_first_visits, browsers, servers, found, slow=False),
                "over 20 Mbit/s": partial(_first_visits, browsers, servers, found, slow=True),
                "agency changed": partial(_filter, browsers, servers),
                "5,000 rows": partial(_uploads, browsers, stack, folder),
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
    command = [str(python_of("dash")), str(HERE / "dash_page.py"), "{port}", str(folder)]
    dash = stack.enter_context(Served(command, folder))
    for server in (ours, naive, bare, dash):
        server.wait_until_served()
    with Session(ours.port) as session:
        wanted = session.rerun().elements
    with Session(naive.port) as session:
        session.rerun()
    choices = "&".join(f"{kind}={count}" for kind, count in wanted.items())
    return {
        "ours": ours.url(),
        "naive": naive.url(),
        "stock": bare.url(f"?{choices}"),
        "dash": dash.url(),
    }


def _first_visits(
    browsers: Browsers, servers: Mapping[str, str], found: Nation, slow: bool
) -> list[Row | Missing]:
    words = {"ours": found.last_total, "naive": found.last_total, "dash": found.last_total}
    words["stock"] = "79.69"
    visits: dict[str, list[Visit]] = {name: [] for name in servers}

    def side(name: str) -> float:
        seen = browsers.visit(servers[name], words[name], slow)
        visits[name].append(seen)
        return seen.chart

    names = [n for n in servers if not (slow and n == "naive")]
    for name in names:
        side(name)
        visits[name].clear()
    rounds = interleaved({name: partial(side, name) for name in names}, ROUNDS)
    marked = sum(one.marked for one in rounds)
    text = [visit.words for visit in visits["ours"]]
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
        row("first visit: chart drawn, against Dash", "s", rounds, "ours", "dash", Goal(3, 1.15)),
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


def _filter(browsers: Browsers, servers: Mapping[str, str]) -> list[Row | Missing]:
    """Another agency chosen → the chart's line is another one."""
    with ExitStack() as stack:
        pages = {}
        for name in ("ours", "naive", "dash"):
            page, _ = stack.enter_context(browsers.page())
            page.goto(servers[name])
            page.wait_for_function(f"() => !!{LINE}")
            page.wait_for_timeout(500)
            pages[name] = page
        turn = dict.fromkeys(pages, 0)

        def change(name: str) -> float:
            wanted = (OTHER_AGENCY, FIRST)[turn[name] % 2]
            turn[name] += 1
            return _choose(pages[name], wanted, dash=name == "dash")

        for name in pages:
            change(name)
        rounds: Sequence[Round] = interleaved({n: partial(change, n) for n in pages}, 2 * ROUNDS)
    note = "Enter pressed on another agency's name → the line redrawn, by the page's own clock"
    return [
        row(
            "agency changed → chart redrawn, against naive",
            "ms",
            rounds,
            "ours",
            "naive",
            Goal(6, 0.15),
            note,
        ),
        row(
            "agency changed → chart redrawn, against Dash",
            "ms",
            rounds,
            "ours",
            "dash",
            Goal(6, 1.2),
        ),
    ]


def _choose(page: Page, agency: str, dash: bool) -> float:
    """Choose an agency; seconds from the choice to the new line.

    Ours and naive: its number typed, as the name has it, and Enter. Dash, whose list of thousands
    can't be typed into reliably, is told the choice by its own function, which spares it the list.
    """
    before = page.evaluate(LINE)
    if dash:
        page.evaluate(f"before => {{ {_WATCH} window.watch(before) }}", before)
        page.evaluate(f"window.dash_clientside.set_props('agency', {{value: '{agency}'}})")
    else:
        page.get_by_role("combobox").first.click()
        page.keyboard.type(f"ตัวอย่างที่ {int(agency)}")
        page.wait_for_timeout(600)
        page.evaluate(
            f"before => {{ {_WATCH} document.addEventListener('keydown', e => "
            "{ if (e.key === 'Enter') window.watch(before) }, {capture: true, once: true}) }",
            before,
        )
        page.keyboard.press("Enter")
    page.wait_for_function("() => window.redrawn > 0", polling=20)
    milliseconds: float = page.evaluate("window.redrawn")
    page.wait_for_timeout(300)
    return milliseconds / 1e3


_WATCH = f"""
window.redrawn = 0;
window.watch = before => {{
    const started = performance.now();
    const look = () => {{
        const now = {LINE};
        if (now && now !== before) window.redrawn = performance.now() - started;
        else requestAnimationFrame(look);
    }};
    look();
}};
"""


def _uploads(browsers: Browsers, stack: ExitStack, folder: Path) -> list[Row | Missing]:
    """5,000 rows of one agency: the file chosen → saved, and its rows to be seen."""
    name = "5,000 rows: file chosen → saved and visible"
    content = large_quarters_file(UPLOAD_MEASURES).encode("utf-8-sig")
    rounds = {"ours": 0, "dash": 0, "datasette": 0}

    def side(peer: str, work: Callable[[Page, bytes, int], None]) -> float:
        rounds[peer] += 1
        # Every round's file differs, or ours would say that it is in already.
        mine = content.replace(b"90.5", f"9{rounds[peer]}.5".encode())
        with browsers.page() as (page, _):
            work(page, mine, rounds[peer])
            return float(page.evaluate("performance.now() - window.chosen")) / 1e3

    sides = {
        "ours": partial(side, "ours", _ours_upload(stack, folder)),
        "dash": partial(side, "dash", _dash_upload(stack, folder)),
        "datasette": partial(side, "datasette", _datasette_upload(stack, folder)),
    }
    interleaved(sides, 1)
    found = interleaved(sides, ROUNDS)
    note = "ours checks, shows the difference, waits for the click on save and keeps the history"
    return [
        row(f"{name}, against Datasette", "s", found, "ours", "datasette", Goal(12, 0.5), note),
        row(f"{name}, against Dash", "s", found, "ours", "dash", Goal(12, 1.0)),
    ]


def _give(page: Page, content: bytes, name: str = "quarters.csv") -> None:
    """Choose the file; the page's clock starts when the browser has it."""
    page.evaluate(
        "document.querySelector('input[type=file]').addEventListener("
        "'change', () => { window.chosen = performance.now() }, {capture: true, once: true})"
    )
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]


def _ours_upload(stack: ExitStack, folder: Path) -> Callable[[Page, bytes, int], None]:
    place = folder / "upload.duckdb"
    settings = Settings()
    reference = load_reference(settings.reference)
    with open_store(place) as store:
        for kind, content in (
            (Kind.AGENCIES, agencies_file(1)),
            (Kind.MEASURES, large_measures_file(UPLOAD_MEASURES).encode("utf-8-sig")),
        ):
            request = Request(kind, content, f"{kind}.csv")
            if not bring_in(store, request, reference, settings.limits, "bench").accepted:
                raise NotMeasured(f"the {kind} of the upload were refused")
    server = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(place)}))
    server.wait_until_served()

    def work(page: Page, content: bytes, number: int) -> None:
        page.goto(server.url("upload"))
        page.locator("input[type=file]").wait_for(state="attached")
        page.get_by_role("combobox", name=re.compile("ปีงบประมาณ")).click()
        page.get_by_role("option", name=f"ปี {YEAR}", exact=True).click()
        page.wait_for_timeout(500)
        _give(page, content)
        for label, text in (("ผู้นำเข้า", "เจ้าหน้าที่"), ("เหตุผลหรือที่มาของข้อมูล", "วัดความเร็ว")):
            box = page.get_by_role("textbox", name=label, exact=True)
            box.fill(text)
            box.press("Tab")
        # All four quarters at once are not the one that was chosen: the page wants that confirmed.
        page.get_by_text("ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง").click()
        page.get_by_role("button", name="บันทึก", exact=True).click()
        page.get_by_text("บันทึกแล้ว เป็นการนำเข้าครั้งที่").wait_for()

    return work


def _dash_upload(stack: ExitStack, folder: Path) -> Callable[[Page, bytes, int], None]:
    command = [str(python_of("dash")), str(HERE / "dash_page.py"), "{port}", str(folder)]
    server = stack.enter_context(Served(command, folder))
    server.wait_until_served()

    def work(page: Page, content: bytes, number: int) -> None:
        page.goto(server.url())
        page.locator("input[type=file]").wait_for(state="attached")
        _give(page, content)
        page.get_by_text(f"{UPLOAD_MEASURES * QUARTERS} rows of").wait_for()

    return work


def _datasette_upload(stack: ExitStack, folder: Path) -> Callable[[Page, bytes, int], None]:
    python = python_of("datasette")
    place = folder / "datasette.db"
    sqlite3.connect(place).executescript("CREATE TABLE IF NOT EXISTS one (n INTEGER)")
    command = [
        *(str(python), "-m", "datasette", "serve", str(place), "--port", "{port}"),
        *("--setting", "max_returned_rows", "100", "--root", "--secret", "bench"),
    ]
    server = stack.enter_context(Served(command, folder))
    server.wait_until_served()
    actor = subprocess.run(
        [
            python,
            "-c",
            "import itsdangerous as i; print(i.URLSafeSerializer('bench', 'actor').dumps({'a': {'id': 'root'}}))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    def work(page: Page, content: bytes, number: int) -> None:
        page.context.add_cookies([{"name": "ds_actor", "value": actor, "url": server.url()}])
        page.goto(server.url("-/upload-csvs"))
        _give(page, content, f"quarters{number}.csv")
        # The clock survives the change of page that ends the upload.
        page.evaluate("sessionStorage.chosen = performance.timeOrigin + window.chosen")
        page.get_by_role("button", name="Upload file").click()
        page.wait_for_url(re.compile(f"/datasette/quarters{number}"))
        page.get_by_text(f"{UPLOAD_MEASURES * QUARTERS:,} rows").first.wait_for()
        page.evaluate("window.chosen = sessionStorage.chosen - performance.timeOrigin")

    return work
