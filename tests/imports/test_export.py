"""What is written out comes back the same, whatever stands in it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest

from ita.exports.selection import TABLES
from ita.exports.writers import FORMATS, UnknownColumn, load_export
from ita.imports.datasets import Dataset, columns_of
from ita.store import Store, open_memory_store
from tests.imports.bringing import (
    committed_reference,
    everything,
    export_bytes,
    found,
    rows,
    take,
    taken,
    two_agencies,
)
from tests.imports.nasty import NASTY, fill_with_traps


@pytest.fixture(scope="module")
def nasty() -> Iterator[Store]:
    with open_memory_store() as store:
        yield fill_with_traps(store)


def file_of(
    store: Store, table: str, file_format: str, *where: tuple[str, str], notes: tuple[str, ...] = ()
) -> bytes:
    with store.reading() as cursor:
        return export_bytes(
            load_export(cursor, table, committed_reference(), where), file_format, notes
        )


def test_nasty_texts_are_stored_as_they_are(nasty: Store) -> None:
    with nasty.reading() as cursor:
        stored = cursor.execute(
            "SELECT text FROM narrative WHERE agency_id = '=N' AND type = 'result' ORDER BY seq"
        ).fetchall()
    assert [text for (text,) in stored] == list(NASTY)


@pytest.mark.slow
@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_exported_is_imported_to_the_same_tables(nasty: Store, file_format: str) -> None:
    with open_memory_store() as fresh:
        for kind in Dataset:
            content = file_of(nasty, kind.value, file_format)
            outcome = taken(fresh, kind.value, content, name=f"x.{file_format}", scale="percent")
            assert {problem.kind for problem in outcome.problems} <= {
                "total-mismatch",
                "level-mismatch",
            }
        assert everything(fresh) == everything(nasty)


@pytest.mark.slow
@pytest.mark.parametrize("file_format", FORMATS)
def test_importing_an_export_over_its_own_store_changes_nothing(
    nasty: Store, file_format: str
) -> None:
    for kind in Dataset:
        content = file_of(nasty, kind.value, file_format)
        outcome = take(
            nasty, kind.value, content, name=f"x.{file_format}", scale="percent", dry_run=True
        )
        assert outcome.accepted, (kind, found(outcome))
        assert (outcome.counts.new, outcome.counts.changed) == (0, 0)
        assert outcome.differences == ()


def test_the_scale_of_an_export_is_recognised_without_being_told(sample_store: Store) -> None:
    assert take(
        sample_store, "scores", file_of(sample_store, "scores", "csv"), dry_run=True
    ).accepted


def test_csv_has_a_bom_and_line_ends_of_windows(nasty: Store) -> None:
    for table in TABLES:
        content = file_of(nasty, table, "csv")
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.endswith(b"\r\n")
        header = content.decode("utf-8-sig").split("\r\n")[0]
        assert "\n" not in header


def test_no_cell_of_a_csv_runs_as_a_formula(nasty: Store) -> None:
    for table in TABLES:
        text = file_of(nasty, table, "csv").decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(nasty: Store) -> None:
    for table in TABLES:
        book = openpyxl.load_workbook(io.BytesIO(file_of(nasty, table, "xlsx")))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
        assert "=1+1" in [cell.value for cell in cells] or table not in ("measures", "narrative")


def test_figures_of_a_workbook_are_numbers(nasty: Store) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(nasty, "scores", "xlsx"))).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    figures = sheet.iter_rows(min_row=2, min_col=header.index("คะแนนรวม") + 1)
    assert {type(row[0].value) for row in figures} <= {int, float, type(None)}


def test_the_columns_are_those_of_the_import(nasty: Store) -> None:
    for kind in Dataset:
        columns = columns_of(kind, committed_reference())
        header = file_of(nasty, kind.value, "csv").decode("utf-8-sig").split("\r\n")[0]
        assert header.split(",") == [column.thai for column in columns]
        record = json.loads(file_of(nasty, kind.value, "json"))[0]
        assert list(record) == [column.name for column in columns]


def test_json_keeps_texts_raw_and_missing_null(nasty: Store) -> None:
    records = json.loads(file_of(nasty, "scores", "json", ("agency", "=N")))
    assert [record["source"] for record in records] == ["", "+1"]
    assert records[1]["oit"] == pytest.approx(33.333333)
    assert records[1]["total"] is None


def test_filters_all_hold(sample_store: Store) -> None:
    found = json.loads(file_of(sample_store, "measures", "json", ("แบบวัด", "IIT"), ("seq", "2")))
    assert [(record["instrument"], record["seq"]) for record in found] == [("IIT", 2)]


def test_a_filter_by_a_figure(sample_store: Store) -> None:
    assert len(json.loads(file_of(sample_store, "scores", "json", ("total", "90.73")))) == 1
    assert json.loads(file_of(sample_store, "scores", "json", ("total", "1"))) == []


def test_a_filter_that_finds_nothing_leaves_the_header(sample_store: Store) -> None:
    text = file_of(sample_store, "scores", "csv", ("fiscal_year", "2569")).decode("utf-8-sig")
    assert text.count("\r\n") == 1
    for file_format in FORMATS:
        file_of(sample_store, "scores", file_format, ("fiscal_year", "2569"))


def test_a_filter_by_an_unknown_column_names_the_known_ones(sample_store: Store) -> None:
    with pytest.raises(UnknownColumn, match="fiscal_year, agency"):
        file_of(sample_store, "scores", "csv", ("colour", "red"))


def test_the_history_has_whole_numbers_and_no_files(sample_store: Store) -> None:
    records = json.loads(file_of(sample_store, "history", "json"))
    assert [record["batch_id"] for record in records] == [7, 6, 5, 4, 3, 2, 1]
    assert records[0]["undone_by"] is None
    assert "content" not in records[0]


def test_notes_stand_on_a_second_sheet(sample_store: Store) -> None:
    content = file_of(sample_store, "scores", "xlsx", notes=("ตัวกรอง: ทั้งหมด",))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.worksheets[1]["A1"].value == "ตัวกรอง: ทั้งหมด"


@pytest.mark.slow
def test_scores_go_through_every_format_to_the_last_place(nasty: Store) -> None:
    for file_format in FORMATS:
        with open_memory_store() as fresh:
            taken(fresh, "agencies", file_of(nasty, "agencies", file_format), name="x")
            content = file_of(nasty, "scores", file_format, ("agency", "=N"))
            taken(fresh, "scores", content, name="x", scale="percent")
            assert (Decimal("33.333333"),) in rows(fresh, "score", "value")


@pytest.mark.parametrize("file_format", FORMATS)
def test_low_scores_come_back_though_they_would_fit_both_scales(file_format: str) -> None:
    """Figures below the weights, without a total, tell no scale: the header of the export does."""
    low = "fiscal_year,agency,iit,oit\n2567,A,20,30\n"
    with open_memory_store() as store, open_memory_store() as again:
        taken(two_agencies(store), "scores", low, scale="percent")
        with store.reading() as cursor:
            content = export_bytes(
                load_export(cursor, "scores", committed_reference()), file_format
            )
        taken(two_agencies(again), "scores", content)
        assert everything(again) == everything(store)
