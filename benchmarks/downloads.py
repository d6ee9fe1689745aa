"""Filtered rows, click → file, in a real browser; against Datasette's CSV of the same rows."""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks.exports import FILTERED, STORE, fill, values_of
from benchmarks.peers import python_of
from benchmarks.rounds import Goal, Missing, NotMeasured, Row, interleaved, row
from benchmarks.screens import APP
from benchmarks.server import PROJECT, Served, Server
from benchmarks.tabs import Browsers
from ita.config import Settings
from ita.exports.selection import EVERYTHING
from ita.exports.writers import load_export
from ita.reference import load_reference
from ita.store import open_store

ROUNDS = 5
TYPES: dict[type, str] = {int: "INTEGER", float: "REAL"}
FILTER = "table=progress&whose=all&quarters=1&instruments=IIT"


def downloads(browsers: Browsers, stack: ExitStack, folder: Path) -> list[Row | Missing]:
    """The browser's row of goal 13; `folder` takes both stores."""
    place = folder / STORE
    with open_store(place) as store:
        fill(store)
        wanted = len(values_of(store, FILTERED))
        with store.reading() as cursor:
            found = load_export(
                cursor, "progress", load_reference(Settings().reference), selection=EVERYTHING
            )
        names = list(found.records[0])
        records = [tuple(_plain(value) for value in one.values()) for one in found.records]
    ours = _ours(browsers, stack, place)
    datasette = _datasette(browsers, stack, folder, names, records)
    sides = {
        "ours": partial(_seconds, *ours, wanted),
        "datasette": partial(_seconds, *datasette, wanted),
    }
    interleaved(sides, 1)
    note = (
        f"{wanted:,} of {len(records):,} rows, one quarter of one instrument; from the click to the whole "
        "file on disk, its rows counted; ours neutralises formulas"
    )
    name = f"{wanted:,} filtered rows as CSV, click → file"
    rounds = interleaved(sides, ROUNDS)
    return [
        row(f"{name}, against Datasette", "ms", rounds, "ours", "datasette", Goal(13, 0.6), note)
    ]


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int) else float(str(value))


def _seconds(page: Page, button: Locator, wanted: int) -> float:
    with page.expect_download() as coming:
        started = time.perf_counter()
        button.click()
    place = coming.value.path()
    seconds = time.perf_counter() - started
    text = place.read_text(encoding="utf-8-sig")
    read = sum(1 for _ in csv.reader(io.StringIO(text, newline=""))) - 1
    if read != wanted:
        raise NotMeasured(f"{read} rows came instead of {wanted}")
    return seconds


def _ours(browsers: Browsers, stack: ExitStack, place: Path) -> tuple[Page, Locator]:
    server = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(place)}))
    server.wait_until_served()
    page, _ = stack.enter_context(browsers.page())
    page.goto(server.url(f"download?{FILTER}"))
    button = page.get_by_role("button", name="CSV", exact=True)
    button.wait_for()
    page.wait_for_timeout(500)
    return page, button


def _datasette(
    browsers: Browsers,
    stack: ExitStack,
    folder: Path,
    names: list[str],
    records: list[tuple[object, ...]],
) -> tuple[Page, Locator]:
    place = folder / "given.db"
    # With their types, as sqlite-utils makes them: Datasette asks for the text "1" otherwise.
    columns = ", ".join(
        f"{name} {TYPES.get(type(value), 'TEXT')}"
        for name, value in zip(names, records[0], strict=True)
    )
    marks = ", ".join("?" * len(names))
    with sqlite3.connect(place) as store:
        store.execute(f"CREATE TABLE progress ({columns})")
        store.executemany(f"INSERT INTO progress VALUES ({marks})", records)
        for name in ("quarter", "instrument"):
            store.execute(f"CREATE INDEX by_{name} ON progress ({name})")
    words = ["serve", str(place), "--port", "{port}", "--setting", "max_csv_mb", "0"]
    server = stack.enter_context(
        Served([str(python_of("datasette")), "-m", "datasette", *words], folder)
    )
    server.wait_until_served()
    page, _ = stack.enter_context(browsers.page())
    page.goto(server.url("given/progress?quarter=1&instrument=IIT"))
    form = page.locator("form[action*='.csv']")
    form.locator("input[name=_stream]").check()
    form.locator("input[name=_dl]").check()
    return page, form.locator("input[type=submit]")
