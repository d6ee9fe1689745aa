"""A quarter's file chosen → saved and to be seen, in a real browser; against Datasette and Dash."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.generator import (
    QUARTERS,
    YEAR,
    agencies_file,
    large_measures_file,
    large_quarters_file,
)
from benchmarks.nation import nation
from benchmarks.peers import HERE, python_of
from benchmarks.rounds import Goal, Missing, NotMeasured, Row, against, interleaved, row
from benchmarks.screens import APP
from benchmarks.server import PROJECT, Served, Server
from benchmarks.tabs import Browsers, until_said
from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import load_reference
from ita.store import open_store

ROUNDS = 5
FEW_AGENCIES = 20
Upload = Callable[[Page, bytes, int], float]
"""Does it all; the page's clock when its rows could be seen, in milliseconds."""
UPLOAD_MEASURES = 1_250
"""At four quarters each: the 5,000 rows of goal 12."""


def uploads(browsers: Browsers, stack: ExitStack, folder: Path) -> list[Row | Missing]:
    """5,000 rows of one agency: the file chosen → saved, and its rows to be seen."""
    name = "5,000 rows: file chosen → saved and visible"
    content = large_quarters_file(UPLOAD_MEASURES).encode("utf-8-sig")
    rounds = {"ours": 0, "dash": 0, "datasette": 0}

    def side(peer: str, work: Upload) -> float:
        rounds[peer] += 1
        # Every round's file differs, or ours would say that it is in already.
        mine = content.replace(b"90.5", f"9{rounds[peer]}.5".encode())
        with browsers.page() as (page, _):
            return (work(page, mine, rounds[peer]) - float(page.evaluate("window.chosen"))) / 1e3

    sides = {
        "ours": partial(side, "ours", _ours_upload(stack, folder)),
        "dash": partial(side, "dash", _dash_upload(stack, folder)),
        "datasette": partial(side, "datasette", _datasette_upload(stack, folder)),
    }
    found = interleaved(sides, ROUNDS)
    note = (
        "ours checks, shows the difference, is given a name and a reason, waits for the click on save "
        "and keeps the history; its receipt counts every row; against Dash, which stores it unchecked: "
        f"{against(found, 'ours', 'dash'):.2f}"
    )
    return [
        row(f"{name}, against Datasette", "s", found, "ours", "datasette", Goal(12, 0.55), note)
    ]


def _give(page: Page, content: bytes, name: str = "quarters.csv") -> None:
    """Choose the file; the page's clock starts when the browser has it."""
    page.evaluate(
        "document.querySelector('input[type=file]').addEventListener("
        "'change', () => { window.chosen = performance.now() }, {capture: true, once: true})"
    )
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]


RECEIPT = "บันทึกแล้ว เป็นการนำเข้าครั้งที่"
SAID = {"ผู้นำเข้า": "เจ้าหน้าที่", "เหตุผลหรือที่มาของข้อมูล": "วัดความเร็ว"}
AGREED = "ตรวจดูข้อควรระวังแล้ว ยืนยันว่าถูกต้อง"
_ANSWERED = """async ([said, agreed, save, receipt]) => {
    const frame = () => new Promise(requestAnimationFrame);
    const found = async look => {
        for (;;) { const it = look(); if (it) return it; await frame(); }
    };
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    for (const [label, text] of Object.entries(said)) {
        const field = await found(() => document.querySelector(`input[aria-label='${label}']`));
        field.focus();
        set.call(field, text);
        field.dispatchEvent(new Event('input', {bubbles: true}));
        field.blur();
    }
    const labels = () => [...document.querySelectorAll('label')];
    const asked = await found(() => labels().find(one => one.innerText.includes(agreed)));
    asked.querySelector('input').click();
    await frame();
    const buttons = () => [...document.querySelectorAll('button')];
    (await found(() => buttons().find(one => one.innerText.trim() === save))).click();
    await found(() => document.body.innerText.includes(receipt));
    return performance.now();
}"""
"""The page's questions answered in the page, as soon as each is there: what is measured is what the
page takes, and not the hands of a robot. Gives the page's clock when the receipt is there."""


def _ours_upload(stack: ExitStack, folder: Path) -> Upload:
    place = folder / "upload.duckdb"
    settings = Settings()
    reference = load_reference(settings.reference)
    with open_store(place) as store:
        for kind, content in (
            (Dataset.AGENCIES, agencies_file(1)),
            (Dataset.MEASURES, large_measures_file(UPLOAD_MEASURES).encode("utf-8-sig")),
        ):
            request = ImportRequest(kind, content, f"{kind}.csv")
            if not import_file(
                store, request, reference, settings.limits, machine_owner("bench")
            ).accepted:
                raise NotMeasured(f"the {kind} of the upload were refused")
    server = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(place)}))
    server.wait_until_served()

    def work(page: Page, content: bytes, number: int) -> float:
        page.goto(server.url("upload?kind=progress&way=file"))
        page.locator("input[type=file]").wait_for(state="attached")
        page.get_by_role("combobox", name=re.compile("ปีงบประมาณ")).click()
        page.get_by_role("option", name=f"ปี {YEAR}", exact=True).click()
        page.wait_for_timeout(500)
        _give(page, content)
        # All four quarters at once are not the one that was chosen: the page wants that confirmed.
        seen = page.evaluate(_ANSWERED, [SAID, AGREED, "บันทึก", RECEIPT])
        _, *counts = map(int, re.findall(r"\d+", page.get_by_text(RECEIPT).inner_text()))
        if sum(counts) != UPLOAD_MEASURES * QUARTERS:
            raise NotMeasured(f"the receipt counts {counts}")
        return seen

    return work


def _dash_upload(stack: ExitStack, folder: Path) -> Upload:
    place = folder / "dash upload"  # few agencies: its list is not what is measured
    place.mkdir()
    few = nation(FEW_AGENCIES)
    (place / "agencies.csv").write_bytes(few.agencies)
    (place / "figures.csv").write_bytes(few.figures)
    command = [str(python_of("dash")), str(HERE / "dash_page.py"), "{port}", str(place)]
    server = stack.enter_context(Served(command, place))
    server.wait_until_served()

    def work(page: Page, content: bytes, number: int) -> float:
        page.goto(server.url())
        page.locator("input[type=file]").wait_for(state="attached")
        _give(page, content)
        return until_said(page, f"{UPLOAD_MEASURES * QUARTERS} rows of")

    return work


def _datasette_upload(stack: ExitStack, folder: Path) -> Upload:
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

    def work(page: Page, content: bytes, number: int) -> float:
        page.context.add_cookies([{"name": "ds_actor", "value": actor, "url": server.url()}])
        page.goto(server.url("-/upload-csvs"))
        _give(page, content, f"quarters{number}.csv")
        # The clock survives the change of page that ends the upload.
        page.evaluate("sessionStorage.chosen = performance.timeOrigin + window.chosen")
        page.get_by_role("button", name="Upload file").click()
        page.wait_for_url(re.compile(f"/datasette/quarters{number}"))
        seen = until_said(page, f"{UPLOAD_MEASURES * QUARTERS:,} rows")
        page.evaluate("window.chosen = sessionStorage.chosen - performance.timeOrigin")
        return seen

    return work
