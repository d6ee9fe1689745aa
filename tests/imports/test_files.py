"""Files as filtered: the rows that were asked for, what is said of them, and back into a store."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from ita.domain import FiscalYear, Instrument
from ita.exports import selection as selections
from ita.exports.about import describe_file
from ita.exports.files import DOWNLOAD_FORMATS, bundle_file_name, table_bytes, table_file_name
from ita.exports.selection import (
    EVERYTHING,
    TABLES,
    Selection,
    columns,
    count_rows,
    has_column,
    years_of,
)
from ita.exports.writers import NOTES_KEY
from ita.i18n import language_set_to
from ita.imports.datasets import DICTIONARY, HISTORY, README, SUMS, Dataset
from ita.store import Store, open_memory_store
from ita.store.tables import TABLES as STORED
from tests.imports.bringing import (
    TESTER,
    committed_reference,
    everything,
    rows,
    taken,
    with_samples,
)
from tests.imports.nasty import NASTY, fill_with_traps

Record = dict[str, Any]
IIT, OIT = Instrument.IIT, Instrument.OIT


def years(first: int, last: int) -> tuple[FiscalYear, FiscalYear]:
    return FiscalYear(first), FiscalYear(last)


SELECTIONS = {
    "everything": EVERYTHING,
    "an agency": Selection(agency="SAMPLE"),
    "years": Selection(years=years(2567, 2568)),
    "a year of an agency": Selection(agency="SAMPLE", years=years(2567, 2567)),
    "instruments": Selection(instruments=(IIT, OIT)),
    "quarters": Selection(agency="SAMPLE", quarters=(2, 4), instruments=(IIT,)),
    "nothing": Selection(agency="=N", years=years(2500, 2501)),
}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_memory_store() as filled:
        yield fill_with_traps(filled)


def file_of(store: Store, table: str, form: str, selection: Selection = EVERYTHING) -> bytes:
    with store.reading() as cursor:
        return table_bytes(cursor, table, form, committed_reference(), TESTER, selection)


def asked_for(record: Record, selection: Selection) -> bool:
    """Whether a stored row belongs to a selection, told without SQL."""
    year = record.get("fiscal_year")
    if year is None and "day" in record:
        year = FiscalYear.containing(date.fromisoformat(record["day"]))
    if selection.agency is not None and record["agency_id"] != selection.agency:
        return False
    if selection.years and year is not None:
        first, last = selection.years
        if not first <= year <= last:
            return False
    if selection.instruments and record.get("instrument", IIT) not in selection.instruments:
        return False
    return not selection.quarters or record.get("quarter", 2) in selection.quarters


def stored(store: Store, name: str, selection: Selection) -> list[tuple[Any, ...]]:
    columns = STORED[name].columns
    found = rows(store, name, ", ".join(columns))
    return [row for row in found if asked_for(dict(zip(columns, row, strict=True)), selection)]


OF_KIND = {
    Dataset.AGENCIES: ("agency",),
    Dataset.SCORES: ("score", "annual_result"),
    Dataset.MEASURES: ("measure",),
    Dataset.PROGRESS: ("completion",),
    Dataset.NARRATIVE: ("narrative",),
    Dataset.ANNOTATIONS: ("annotation",),
}


def brought_back(store: Store, kind: Dataset, content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """What a file of one kind leaves in a store that knows the agencies and measures."""
    with open_memory_store() as fresh:
        for needed in (Dataset.AGENCIES, Dataset.MEASURES):
            if needed is not kind and kind is not Dataset.AGENCIES:
                taken(fresh, needed.value, file_of(store, needed.value, "csv"))
        taken(fresh, kind.value, content, name="x")
        return everything(fresh)


def content_of(form: str, file: bytes) -> bytes:
    if form != "zip":
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        (name,) = (n for n in archive.namelist() if n.split(".")[0] in TABLES)
        return archive.read(name)


@pytest.fixture(scope="module")
def samples() -> Iterator[Store]:
    with open_memory_store() as filled:
        yield with_samples(filled)


@pytest.mark.slow
@pytest.mark.parametrize("form", DOWNLOAD_FORMATS)
@pytest.mark.parametrize("chosen", [name for name in SELECTIONS if name != "nothing"])
def test_what_is_taken_away_as_filtered_comes_back_equal(
    form: str, chosen: str, samples: Store
) -> None:
    store = samples
    selection = SELECTIONS[chosen]
    for kind in Dataset:
        content = content_of(form, file_of(store, kind.value, form, selection))
        wanted = {name: stored(store, name, selection) for name in OF_KIND[kind]}
        assert any(wanted.values()), "a filter that leaves nothing tests nothing"
        back = brought_back(store, kind, content)
        assert {name: back[name] for name in OF_KIND[kind]} == wanted


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "parquet", "zip"])
def test_completion_of_one_agency_says_what_its_numbers_mean(form: str, samples: Store) -> None:
    content = content_of(form, file_of(samples, "progress", form, Selection("SAMPLE")))
    with open_memory_store() as fresh:
        for needed in ("agencies", "measures"):
            taken(fresh, needed, file_of(samples, needed, "csv"))
        assert not taken(fresh, "progress", content, name="x").problems, (
            "passed over without a word"
        )
    if form == "json":
        record = json.loads(content)[0]
        assert list(record)[-2:] == ["measure_shown", "agency_shown"]
        assert (
            record["agency_shown"].startswith("หน่วยงานตัวอย่าง") and len(record["measure_shown"]) > 10
        )
    if form == "csv":
        header, first, *_rest = content.decode("utf-8-sig").splitlines()
        assert header.endswith(",หลักฐาน,มาตรการ,ชื่อเต็มหน่วยงาน")
        assert first.endswith(',"หน่วยงานตัวอย่าง (รายงานจริง คะแนนสมมติ)"')
    whole = json.loads(file_of(samples, "progress", "json"))[0]
    assert "measure_shown" not in whole, "programs read a file of all agencies as it was"


@pytest.mark.slow
@pytest.mark.parametrize("chosen", SELECTIONS)
def test_rows_are_counted_as_they_are_given_out(chosen: str, store: Store) -> None:
    selection = SELECTIONS[chosen]
    for table in TABLES:
        with store.reading() as cursor:
            count = count_rows(cursor, table, selection)
            said = describe_file(cursor, table, committed_reference(), selection)
        assert said.rows == count == len(json.loads(file_of(store, table, "json", selection)))


def test_years_are_those_in_which_there_are_rows(store: Store) -> None:
    for table in TABLES:
        for agency in (None, "SAMPLE", "IPST", "nobody"):
            with store.reading() as cursor:
                found = years_of(cursor, table, agency)
            records = json.loads(file_of(store, table, "json", Selection(agency=agency)))
            if table in ("agencies", "history"):
                assert found == ()
            elif table == "annotations":
                days = [date.fromisoformat(record["date"]) for record in records]
                assert set(found) == {FiscalYear.containing(day) for day in days}
            else:
                assert set(found) == {record["fiscal_year"] for record in records}
            assert list(found) == sorted(found)


# What a file says of itself.


def told_in(form: str, file: bytes) -> str:
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(file))
        return "\n".join(str(row[0]) for row in book.worksheets[1].values)
    if form == "parquet":
        return pq.read_schema(io.BytesIO(file)).metadata[NOTES_KEY].decode()
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return archive.read(README).decode("utf-8-sig")


@pytest.mark.parametrize("form", ["xlsx", "parquet", "zip"])
def test_filter_rows_day_and_source_stand_in_the_file(form: str, store: Store) -> None:
    selection = Selection("SAMPLE", years(2567, 2567), (IIT,), (2,))
    said = told_in(form, file_of(store, "progress", form, selection))
    for words in (
        "ตาราง: ความสำเร็จรายไตรมาส (progress)",
        "หน่วยงาน SAMPLE หน่วยงานตัวอย่าง",
        "ปีงบประมาณ 2567",
        "แบบวัด IIT",
        "ไตรมาส 2",
        "จำนวน: 3 แถว",
        "แหล่งที่มา:",
        "progress_fictional.csv",
    ):
        assert words in said
    published = told_in(form, file_of(store, "scores", form, Selection("IPST")))
    assert "จำนวน: 10 แถว" in published
    assert "ไตรมาส" not in published.split("\n")[1]
    with store.reading() as cursor:
        day = describe_file(cursor, "scores", committed_reference(), EVERYTHING).day
    assert day is not None
    assert str(day.year + 543) in published


def test_what_is_said_follows_the_language(store: Store) -> None:
    with language_set_to("en"):
        said = told_in("xlsx", file_of(store, "scores", "xlsx", Selection("IPST")))
    assert "IPST" in said
    assert "ตาราง" not in said


def test_a_day_in_thailand_begins_at_five_in_the_afternoon_before(store: Store) -> None:
    with open_memory_store() as fresh:
        taken(fresh, "agencies", "agency_id,name_th\nA,ก\n")
        with fresh.writing() as cursor:
            cursor.execute("UPDATE batch SET saved_at = TIMESTAMP '2026-09-30 17:00:00'")
        with fresh.reading() as cursor:
            assert describe_file(cursor, "agencies", committed_reference(), EVERYTHING).day == date(
                2026, 10, 1
            )


def test_many_sources_are_named_as_far_as_a_reader_wants(store: Store) -> None:
    with open_memory_store() as fresh:
        lines = [f"{day}/4/2567,A,ก,,ที่มา {day}" for day in range(1, 28)]
        taken(fresh, "agencies", "agency_id,name_th\nA,ก\n")
        taken(fresh, "annotations", "date,agency,event,part,source\n" + "\n".join(lines))
        with fresh.reading() as cursor:
            said = describe_file(cursor, "annotations", committed_reference(), EVERYTHING)
    assert len(said.sources) == 21
    assert said.sources[-1] == "และอีก 7 แหล่ง"


# Forms.


def test_names_of_files_tell_table_agency_and_years() -> None:
    known = tuple(FiscalYear(year) for year in range(2558, 2568))
    named = table_file_name
    assert named("scores", "csv", Selection("YALA"), known) == "ita-scores-YALA-2558-2567.csv"
    one = Selection("YALA", years(2566, 2566))
    assert named("scores", "xlsx", one, known) == "ita-scores-YALA-2566.xlsx"
    assert named("agencies", "json", EVERYTHING) == "ita-agencies-all.json"
    assert named("history", "zip", EVERYTHING) == "ita-history.zip"
    assert named("scores", "csv", Selection('../=N "x"'), ()) == "ita-scores-.._N_x_.csv"
    assert bundle_file_name(date(2026, 11, 23)) == "ita-all-2026-11-23.zip"


def test_a_workbook_has_typed_cells_for_figures_years_and_days(store: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file_of(store, "annotations", "xlsx")))
    sheet = book.worksheets[0]
    assert sheet.title == "เหตุการณ์ของหน่วยงาน"
    assert isinstance(sheet["A2"].value, datetime)
    assert sheet["A2"].number_format == "[$-107041E]d mmm yyyy"
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(store, "progress", "xlsx"))).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    for name in ("ปีงบประมาณ", "ไตรมาส", "ลำดับ", "ร้อยละความสำเร็จ"):
        cells = next(sheet.iter_cols(min_row=2, min_col=header.index(name) + 1))
        assert {cell.data_type for cell in cells} == {"n"}
    assert sheet.auto_filter.ref == f"A1:I{sheet.max_row}"
    assert sheet.freeze_panes == "A2"


def test_texts_are_whole_and_harmless_in_every_form(store: Store) -> None:
    """Opened by other readers than our own."""
    selection = Selection("=N", instruments=(IIT,))
    text = file_of(store, "narrative", "csv", selection).decode("utf-8-sig")
    of_csv = [row["ข้อความ"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert [cell for cell in of_csv if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert all(cell in (text, f"'{text}") for cell, text in zip(of_csv, NASTY, strict=True))
    records = json.loads(file_of(store, "narrative", "json", selection))
    assert [record["text"] for record in records] == list(NASTY)
    table = pq.read_table(io.BytesIO(file_of(store, "narrative", "parquet", selection)))
    assert table.column("text").to_pylist() == list(NASTY)
    book = openpyxl.load_workbook(io.BytesIO(file_of(store, "narrative", "xlsx", selection)))
    cells = [row[5] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == list(NASTY)
    assert {cell.data_type for cell in cells} == {"s"}


def test_an_empty_selection_gives_whole_files(store: Store) -> None:
    nothing = SELECTIONS["nothing"]
    for kind in (
        Dataset.SCORES,
        Dataset.MEASURES,
        Dataset.PROGRESS,
        Dataset.NARRATIVE,
        Dataset.ANNOTATIONS,
    ):
        assert json.loads(file_of(store, kind.value, "json", nothing)) == []
        table = pq.read_table(io.BytesIO(file_of(store, kind.value, "parquet", nothing)))
        assert table.num_rows == 0
        assert len(table.column_names) == len(columns(kind, committed_reference(), nothing))
        book = openpyxl.load_workbook(io.BytesIO(file_of(store, kind.value, "xlsx", nothing)))
        assert book.worksheets[0].max_row == 1
        assert book.worksheets[0].auto_filter.ref.startswith("A1:")
        text = content_of("zip", file_of(store, kind.value, "zip", nothing)).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text, newline="")))) == 1


@pytest.mark.parametrize("table", TABLES)
def test_a_zip_explains_every_column_and_sums_every_file(table: str, store: Store) -> None:
    with zipfile.ZipFile(io.BytesIO(file_of(store, table, "zip"))) as archive:
        text = archive.read(f"{table}.csv").decode("utf-8-sig")
        header = next(csv.reader(io.StringIO(text, newline="")))
        explained = list(
            csv.DictReader(io.StringIO(archive.read(DICTIONARY).decode("utf-8-sig"), newline=""))
        )
        sums = dict(
            reversed(line.split("  ", 1))
            for line in archive.read(SUMS).decode().splitlines()  # type: ignore[misc]
        )
        made = {n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()}
    assert [row["column"] for row in explained] == header
    assert all(row["meaning"] and row["ความหมาย"] and row["type"] for row in explained)
    assert {name: digest for name, digest in made.items() if name != SUMS} == sums


def test_the_history_explains_what_a_batch_holds(store: Store) -> None:
    record = json.loads(file_of(store, "history", "json"))[0]
    assert list(record) == [column.name for column in HISTORY]


def test_every_filter_is_of_a_column_of_files() -> None:
    reference = committed_reference()
    assert has_column("progress", "quarter", reference)
    assert not has_column("agencies", "fiscal_year", reference)
    assert set(selections.TABLES) == {*Dataset, "history"}
