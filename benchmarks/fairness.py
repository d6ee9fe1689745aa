"""What others wait for a click while one person imports or downloads a hundred thousand rows."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import xlsxwriter
from playwright.sync_api import Error, Page, sync_playwright

from benchmarks.crowd import Crowd
from benchmarks.generator import HEADER, agencies_file, measures_file, progress_file
from benchmarks.rounds import Missing, NotMeasured, Row
from benchmarks.screens import APP
from benchmarks.server import PROJECT, Server
from benchmarks.tabs import ARGUMENTS, CHROMIUM, Browsers
from benchmarks.uploads import _ANSWERED, AGREED, RECEIPT, SAID
from ita.auth.permissions import machine_owner
from ita.config import Settings
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.reference import load_reference
from ita.store import open_store

AGENCIES = 2_500
"""At forty rows each: 100,000."""
TABS, PAUSE, STRETCH = 10, 1.0, 1.0
"""Others who look, seconds between the clicks of each, seconds of a stretch of clicking."""
MOST_SECONDS = 0.2
"""What 95 of a hundred of their clicks may take at most."""
QUIET_SECONDS = 5.0


def measure_fairness(folder: Path) -> list[Row | Missing]:
    """A row for each heavy thing that somebody may do; `folder` takes the store."""
    name = "clicks of others"
    try:
        with ExitStack() as stack:
            return _Fairness(stack, folder).rows()
    except (NotMeasured, Error) as fault:
        return [Missing(name, str(fault).splitlines()[0])]


class _Fairness:
    """A server, people who look, and a browser in which one person works."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        place = folder / "fairness.duckdb"
        self._files = _filled(folder, place)
        server = stack.enter_context(Server(APP, PROJECT, {"ITA_DATABASE": str(place)}))
        server.wait_until_served()
        self._server = server
        # Before Playwright, whose own loop runs in this thread from then on.
        self._crowd = Crowd(server.port, TABS)
        stack.callback(self._crowd.close)
        self._crowd.click_for(2.0, PAUSE)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        stack.callback(browser.close)
        self._page, _ = stack.enter_context(Browsers(browser).page())
        small_file = folder / "first.csv"
        small_file.write_bytes(progress_file(2).content)
        self._look(small_file)  # what is loaded once in a server's life is not what others wait for

    def rows(self) -> list[Row | Missing]:
        csv_file, xlsx_file = self._files
        works: dict[str, Callable[[], None]] = {
            "nobody does more than look": lambda: time.sleep(QUIET_SECONDS),
            "100,000 rows of CSV checked and compared": lambda: self._look(csv_file),
            "they are saved": self._save,
            "100,000 rows of XLSX checked and compared": lambda: self._look(xlsx_file),
            "they are saved again": self._save,
            "100,000 rows are downloaded as XLSX": lambda: self._download("Excel (XLSX)"),
            "as CSV": lambda: self._download("CSV"),
            "as JSON": lambda: self._download("JSON"),
        }
        return [self._row(name, work) for name, work in works.items()]

    def _row(self, name: str, work: Callable[[], None]) -> Row:
        started = time.perf_counter()
        with self._clicking() as took:
            work()
        seconds = time.perf_counter() - started
        p95 = statistics.quantiles(took, n=20)[-1]
        note = (
            f"{seconds:.1f} s of it, {len(took)} clicks of {TABS} who look at the overview: "
            f"p50 {statistics.median(took) * 1e3:.0f} ms, longest {max(took) * 1e3:.0f} ms"
        )
        return Row(
            f"p95 of others' clicks while {name}", "ms", [p95], [MOST_SECONDS], 0, None, note
        )

    @contextmanager
    def _clicking(self) -> Iterator[list[float]]:
        took: list[float] = []
        faults: list[Exception] = []
        done = threading.Event()

        def click() -> None:
            try:
                while not done.is_set():
                    took.extend(self._crowd.click_for(STRETCH, PAUSE))
            except Exception as fault:
                faults.append(fault)

        thread = threading.Thread(target=click)
        thread.start()
        try:
            yield took
        finally:
            done.set()
            thread.join()
        if faults:
            raise NotMeasured(f"the crowd: {faults[0]}")

    def _look(self, file: Path) -> None:
        page = self._page
        page.goto(self._server.url("upload?kind=progress&year=2567&way=file"))
        page.locator("input[type=file]").wait_for(state="attached")
        page.wait_for_timeout(500)
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_role("button", name="บันทึก", exact=True).wait_for()

    def _save(self) -> None:
        self._page.evaluate(_ANSWERED, [SAID, AGREED, "บันทึก", RECEIPT])

    def _download(self, label: str) -> None:
        page: Page = self._page
        if "download" not in page.url:
            page.goto(self._server.url("download?table=progress&whose=all"))
        button = page.get_by_role("button", name=label, exact=True)
        button.wait_for()
        page.wait_for_timeout(500)
        with page.expect_download() as coming:
            button.click()
        if not Path(coming.value.path()).stat().st_size > 1_000_000:
            raise NotMeasured("the file is not whole")


def _filled(folder: Path, place: Path) -> tuple[Path, Path]:
    """A store that knows agencies, measures and the first one's quarters, so that the server has loaded what
    pages of completion need; the file of all quarters as CSV, and changed as XLSX."""
    text, workbook = folder / "quarters.csv", folder / "quarters.xlsx"
    reference = load_reference(Settings().reference)
    with open_store(place) as store:
        for kind, content in (
            (Dataset.AGENCIES, agencies_file(AGENCIES)),
            (Dataset.MEASURES, measures_file(AGENCIES)),
            (Dataset.PROGRESS, progress_file(1).content),
        ):
            request = ImportRequest(kind, content, f"{kind}.csv")
            person = machine_owner("bench")
            if not import_file(store, request, reference, Settings().limits, person).accepted:
                raise NotMeasured(f"the {kind} were refused")
    made = progress_file(AGENCIES)
    text.write_bytes(made.content)
    with xlsxwriter.Workbook(workbook, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADER, *made.rows]):
            cells = [*row[:6], f"{row[6]} แล้ว" if line else row[6], *row[7:]]
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, str(cell))
    return text, workbook
