"""ดาวน์โหลด: what is chosen is what is shown, counted, named and given."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import machine_owner
from ita.config import Bounds
from ita.exports import files
from ita.exports.files import DOWNLOAD_FORMATS
from ita.exports.selection import TABLES
from ita.ui import download
from ita.web.paths import CLAIMS, DOWNLOAD, HISTORY, TREND
from ita.web.prepared_files import PreparedFiles
from ita.web.store_access import get_reference, get_store
from ita.workers import WorkerDied, WorkerFailure, WorkerTimeout, run_limited
from tests.imports.bringing import taken
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import PROGRESS, UPLOAD, choose, html_of, text_of, unfold, upload

PAGE = DOWNLOAD.file
CHANGES = "สิ่งที่ครั้งนี้เปลี่ยน"


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def shown_rows(app: AppTest) -> int:
    """Rows of the table that the page shows."""
    bodies = [e.proto.body for e in app.get("html") if "<table" in e.proto.body]
    return bodies[-1].count("<tr>") - 1 if bodies else 0


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_every_table_is_shown_counted_and_given_in_every_form(
    table: str, lang: str, open_page: OpenPage, made: MadeFiles
) -> None:
    app = open_page(PAGE, table=table, whose="all", lang=lang)
    assert not app.exception
    files = made(*(f"download {form}" for form in DOWNLOAD_FORMATS))
    assert [name.rsplit(".", 1)[1] for name, _ in files.values()] == [
        "xlsx",
        "csv",
        "zip",
        "parquet",
        "json",
    ]
    records = json.loads(files["download json"][1])
    assert f"{len(records):,}" in re.findall(r"[\d,]+", app.header[0].value)
    assert shown_rows(app) == min(len(records), download.PREVIEW_ROWS)
    assert len(csv_rows(files["download csv"][1])) == len(records) + 1


def test_scores_of_one_agency_are_what_is_offered_first(
    open_page: OpenPage, made: MadeFiles
) -> None:
    app = open_page(PAGE)
    assert app.selectbox(key="table").value == "scores"
    assert "จำนวน: 5 แถว" in text_of(app)
    assert made("download csv")["download csv"][0] == "ita-scores-SAMPLE-2563-2567.csv"


@pytest.mark.slow
def test_filters_stand_in_the_url_and_hold_for_every_form(
    open_page: OpenPage, made: MadeFiles
) -> None:
    choices = {"table": "progress", "agency": "SAMPLE", "quarters": "2,3", "instruments": "OIT"}
    app = open_page(PAGE, **choices)
    assert not app.exception
    assert "แบบวัด OIT" in text_of(app)
    assert "ไตรมาส 2, 3" in text_of(app)
    files = made()
    rows = csv_rows(files["download csv"][1])
    assert {(row[1], row[3]) for row in rows[1:]} == {("2", "OIT"), ("3", "OIT")}
    records = json.loads(files["download json"][1])
    assert len(records) == len(rows) - 1
    book = openpyxl.load_workbook(io.BytesIO(files["download xlsx"][1]))
    assert book.worksheets[0].max_row == len(rows)
    said = "\n".join(str(row[0]) for row in book.worksheets[1].values)
    assert "ไตรมาส 2, 3" in said
    assert files["download csv"][0].startswith("ita-progress-SAMPLE-")
    for name, value in choices.items():
        if name != "agency":
            assert app.query_params[name] in (value, [value])


@pytest.mark.slow
def test_years_narrow_the_rows_and_the_name(open_page: OpenPage, made: MadeFiles) -> None:
    open_page(PAGE, table="scores", agency="IPST", years="2563-2565")
    name, content = made()["download csv"]
    assert name == "ita-scores-IPST-2563-2565.csv"
    assert [row[0] for row in csv_rows(content)[1:]] == ["2563", "2564", "2565"]


@pytest.mark.slow
def test_every_agency_at_once(open_page: OpenPage, made: MadeFiles) -> None:
    open_page(PAGE, table="scores", whose="all")
    name, content = made()["download csv"]
    assert name == "ita-scores-all-2558-2567.csv"
    assert {row[1] for row in csv_rows(content)[1:]} == {"SAMPLE", "IPST", "YALA"}


@pytest.mark.parametrize(
    "choices",
    [
        {"table": "nonsense", "agency": "nobody", "whose": "x"},
        {"years": "9-1", "quarters": "7,x", "instruments": "XIT"},
        {"table": "history", "agency": "IPST", "years": "2563-2565", "quarters": "1"},
    ],
)
def test_nonsense_in_the_url_is_passed_over(choices: dict[str, str], open_page: OpenPage) -> None:
    app = open_page(PAGE, **choices)
    assert not app.exception
    assert not app.error


def test_a_filter_without_rows_says_so_and_gives_headers(
    open_page: OpenPage, made: MadeFiles
) -> None:
    app = open_page(PAGE, table="measures", agency="YALA")
    assert "ไม่มีแถวตามตัวกรองนี้" in text_of(app)
    files = made()
    assert len(csv_rows(files["download csv"][1])) == 1
    assert json.loads(files["download json"][1]) == []
    assert openpyxl.load_workbook(io.BytesIO(files["download xlsx"][1])).worksheets[0].max_row == 1


@pytest.mark.slow
def test_what_stands_in_a_file_speaks_the_language_of_the_page(
    open_page: OpenPage, made: MadeFiles
) -> None:
    open_page(PAGE, lang="en")
    book = openpyxl.load_workbook(io.BytesIO(made()["download xlsx"][1]))
    assert str(book.worksheets[1]["A1"].value).startswith("Table:")


def test_texts_from_the_store_are_no_markup_on_the_page(open_page: OpenPage) -> None:
    open_page(PAGE)
    odd = "agency_id,name_th\nX,<script>alert(1)</script>\n"
    taken(get_store(), "agencies", odd, name="<img src=x>.csv")
    app = open_page(PAGE, table="agencies", whose="all")
    bodies = html_of(app)
    assert "<script>alert" not in bodies
    assert "<img src=x>" not in bodies
    assert "&lt;script&gt;" in bodies


@pytest.mark.slow
def test_long_texts_are_cut_on_the_page_and_whole_in_the_file(
    open_page: OpenPage, made: MadeFiles
) -> None:
    open_page(PAGE)
    header = "fiscal_year,agency,instrument,seq,measure\n"
    taken(get_store(), "measures", f"{header}2567,YALA,IIT,1,{'ยาว ' * 1_250}จบ\n")
    app = open_page(PAGE, table="measures", agency="YALA")
    assert "ข้อความยาวย่อไว้" in text_of(app)
    assert "จบ" not in text_of(app).split("ตัวกรอง:")[0]
    assert csv_rows(made()["download csv"][1])[1][4].endswith("จบ")


def test_more_rows_than_a_sheet_holds_are_no_workbook(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "MAX_SHEET_ROWS", 3)
    app = open_page(PAGE, table="scores", whose="all")
    blocked = {element.label for element in app.download_button if element.disabled}
    assert blocked == {"Excel (XLSX)"}


@pytest.mark.slow
def test_the_whole_store_is_one_button_away(open_page: OpenPage, made: MadeFiles) -> None:
    open_page(PAGE)
    name, content = made()["download all"]
    assert name.startswith("ita-all-20")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "1_agencies.csv" in archive.namelist()


def test_one_agency_alone_is_not_asked_for(empty_store: Path, open_page: OpenPage) -> None:
    open_page(PAGE)
    taken(get_store(), "agencies", "agency_id,name_th\nA,ก\n")
    taken(get_store(), "scores", "fiscal_year,agency,total\n2567,A,90\n")
    app = open_page(PAGE)
    assert not app.exception
    assert {box.key for box in app.selectbox} & {"agency", "whose"} == set()
    assert "จำนวน: 1 แถว" in text_of(app)


def test_a_file_that_outgrew_its_page_is_told(
    open_page: OpenPage, made: MadeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    open_page(PAGE, table="progress", whose="all")
    monkeypatch.setattr(download, "current_bounds", lambda: Bounds(export_mb=0))
    monkeypatch.setattr(download, "note_failure", lambda _user, sentence: told.append(sentence))
    with pytest.raises(files.ExportTooLarge):
        made("download csv")
    assert ["0 MB" in sentence for sentence in told] == [True]


# Beside the tables of other pages.


@pytest.mark.slow
def test_tables_of_other_pages_can_be_had_too(open_page: OpenPage, made: MadeFiles) -> None:
    wanted = {
        TREND.file: ("ita-statistics-SAMPLE",),
        CLAIMS.file: ("ita-claims-SAMPLE-2567",),
        HISTORY.file: ("batches", "changes", "past"),
    }
    for page, keys in wanted.items():
        app = open_page(page, agency="SAMPLE")
        if "changes" in keys:
            unfold(app, CHANGES)
        assert not app.exception
        for key in keys:
            files = made(f"{key} CSV", f"{key} XLSX")
            header, *rows = csv_rows(files[f"{key} CSV"][1])
            assert rows, key
            assert all(header)
            book = openpyxl.load_workbook(io.BytesIO(files[f"{key} XLSX"][1]))
            assert book.worksheets[0].max_row == len(rows) + 1
            assert len(book.worksheets) == 2


def test_the_file_of_a_batch_s_changes_holds_those_that_are_not_shown(
    open_page: OpenPage, made: MadeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.ui import history

    monkeypatch.setattr(history, "MAX_SHOWN_CHANGES", 2)
    unfold(open_page(HISTORY.file), CHANGES)
    assert len(csv_rows(made()["changes CSV"][1])) > 3


@pytest.mark.slow
def test_what_an_upload_would_change_can_be_had_whole(
    open_page: OpenPage, made: MadeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ita.ui.upload import confirm_step

    monkeypatch.setattr(confirm_step, "SHOWN_CHANGES", 1)
    app = open_page(UPLOAD, agency="SAMPLE")
    choose(app)
    upload(app, f"{PROGRESS}2567,4,SAMPLE,OIT,1,90,=ใกล้เสร็จ\n2567,4,SAMPLE,IIT,1,99,ครบ\n")
    name, content = made()["diff changed CSV"]
    assert name.startswith("ita-progress-changed-")
    told = csv_rows(content)
    assert told[0] == ["แถว", "ช่อง", "เดิม", "ใหม่"]
    assert len(told) > 2
    assert "'=ใกล้เสร็จ" in [row[3] for row in told]


@pytest.mark.slow
@pytest.mark.parametrize("broken", [False, True])
def test_many_rows_are_written_in_the_worker_or_where_that_fails_in_the_server(
    broken: bool, open_page: OpenPage, made: MadeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(function: Any, *arguments: Any, **options: Any) -> Any:
        asked.append(1)
        if broken:
            raise WorkerDied
        return run_limited(function, *arguments, **options)

    monkeypatch.setattr(files, "MIN_WORKER_ROWS", 1)
    monkeypatch.setattr(download, "run_limited", counted)
    open_page(PAGE, table="progress", whose="all")
    records = json.loads(made("download json")["download json"][1])
    with get_store().reading() as cursor:
        (count,) = cursor.execute("SELECT count(*) FROM completion").fetchone()
    assert (len(records), asked) == (count, [1])


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Any file is a large one; gives who made one, and by what failure none is made."""
    owners: list[str] = []

    class Pool:
        failure: Exception | None = None

        def run(self, function: Any, *arguments: Any, owner: str, **_options: Any) -> Any:
            owners.append(owner)
            if self.failure:
                raise self.failure
            return function(*arguments)

    pool = Pool()
    monkeypatch.setattr(download, "MAX_WORKER_ROWS", 0)
    monkeypatch.setattr(download, "PREPARED", PreparedFiles())
    monkeypatch.setattr(download, "get_pool", lambda _name: pool)
    yield owners
    Pool.failure = None


@pytest.mark.parametrize("form", DOWNLOAD_FORMATS)
def test_a_large_file_is_made_first_and_fetched_then(
    form: str, open_page: OpenPage, made: MadeFiles, large: list[str]
) -> None:
    page = open_page(PAGE, table="progress", whose="all")
    assert made(f"download {form}") == {}
    page = page.button(key=f"make {form}").click().run()
    assert not page.exception
    name, content = made(f"download {form}")[f"download {form}"]
    assert name.endswith(form)
    with get_store().reading() as cursor:
        here = files.table_bytes(cursor, "progress", form, get_reference(), machine_owner("t"))
    if form in ("csv", "json"):
        assert content == here
    assert len(content) > len(here) // 2
    assert len(large) == 1
    assert any(f"({1} MB)" in button.label for button in page.get("download_button"))
    # Of another choice it is no more what is offered.
    page = open_page(PAGE, table="measures", whose="all")
    assert page.button(key=f"make {form}")


@pytest.mark.slow
def test_a_large_store_is_made_first_and_fetched_then(
    open_page: OpenPage, made: MadeFiles, large: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "is_large_store", lambda _cursor: True)
    download._is_large_store.cache_clear()
    page = open_page(PAGE)
    assert "download all" not in made()
    page = page.button(key="make all").click().run()
    assert not page.exception
    name, content = made()["download all"]
    assert name.startswith("ita-all-20")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {"1_agencies.csv", "history.csv"} <= set(archive.namelist())
    assert len(large) == 1
    download._is_large_store.cache_clear()


@pytest.mark.parametrize("failure", [WorkerDied(), WorkerTimeout(300.0)])
def test_a_large_file_that_cannot_be_made_is_a_sentence(
    failure: WorkerFailure,
    open_page: OpenPage,
    made: MadeFiles,
    large: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = open_page(PAGE, table="progress", whose="all")
    pool = download.get_pool(download.EXPORT_POOL)
    monkeypatch.setattr(type(pool), "failure", failure)
    page = page.button(key="make json").click().run()
    assert [error.value for error in page.error] == [failure.sentence]
    monkeypatch.setattr(type(pool), "failure", None)
    page = page.button(key="job again").click().run()
    assert not page.error
    assert json.loads(made("download json")["download json"][1])


def test_a_file_larger_than_one_may_be_is_told(
    open_page: OpenPage, large: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "current_bounds", lambda: Bounds(export_mb=0))
    page = open_page(PAGE, table="progress", whose="all")
    page = page.button(key="make json").click().run()
    assert ["0 MB" in error.value for error in page.error] == [True]
    assert page.button(key="make json")
    assert not page.run().error
