"""What a file may hold, counted while it is read; and that pieces read as the whole does."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from ita.config import Limits
from ita.imports import sheet_tables
from ita.imports.header_names import Recogniser
from ita.imports.heavy import read_file
from ita.imports.readers import records
from ita.imports.readers.binary_workbooks import xls_worksheets
from ita.imports.readers.cell_text import KEEP_STORED, value_text
from ita.imports.readers.decoding import text_form
from ita.imports.readers.limits import Budget, Unreadable
from ita.imports.readers.records import json_rows, parquet_rows
from ita.imports.readers.sheets import AUTO, Sheet, read_sheet
from ita.workers.process import packed
from tests.faulty.bombs import _record, _xls, _xls_label, _xls_number, compound, parquet
from tests.tiers import examples

SCORES = Recogniser({"fiscal_year": "fiscal_year", "agency": "agency", "total": "total"})


def refused(content: str | bytes, name: str = "a.csv", **limits: int) -> tuple[str, str]:
    """Kind and sentence of the one problem of a file that is refused."""
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(Unreadable) as caught:
        read_sheet(raw, name, SCORES, Limits(**limits))
    return caught.value.problem.kind.value, caught.value.problem.message()


TABLE = "fiscal_year,agency,total\n2567,A,80\n2568,A,81\n"


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        ({"rows": 1}, "แถวข้อมูล"),
        ({"columns": 2}, "คอลัมน์ในตาราง"),
        ({"cells": 8}, "ช่องข้อมูล"),
        ({"characters": 20}, "ตัวอักษร"),
        ({"kept_bytes": 20}, "MB เมื่อคลายออกอ่าน"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_each_bound_is_named_with_what_is_too_much(
    form: str, limits: dict[str, int], what: str
) -> None:
    records = [
        {"fiscal_year": "2567", "agency": "A", "total": "80"},
        {"fiscal_year": "2568", "agency": "A", "total": "81"},
    ]
    content = {
        "csv": TABLE.encode(),
        "json": json.dumps(records).encode(),
        "parquet": parquet(pa.Table.from_pylist(records)),
    }[form]
    least = {"cells": 5} if limits.keys() == {"cells"} else limits
    least = {"characters": 12} if limits.keys() == {"characters"} else least
    kind, sentence = refused(content, f"a.{form}", **least)
    assert kind == "file-too-large"
    assert what in sentence
    read_sheet(content, f"a.{form}", SCORES, Limits())


@pytest.mark.parametrize("form", ["csv", "xlsx", "html"])
def test_more_headers_than_a_sheet_has_tables_are_refused(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a million rows of which every other is the header took minutes, and one place in the queue."""
    monkeypatch.setattr(sheet_tables, "MAX_TABLES", 30)
    header, row = ["fiscal_year", "agency", "total"], ["2567", "A", "80"]

    def content(headers: int) -> bytes:
        rows = [header, row] * headers
        if form == "csv":
            return "\n".join(map(",".join, rows)).encode()
        if form == "xlsx":
            return worksheet_bytes(rows)
        cells = ("".join(f"<td>{cell}</td>" for cell in cells) for cells in rows)
        return ("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>").encode()

    assert len(read_sheet(content(31), "a", SCORES, Limits()).rows) == 31
    kind, sentence = refused(content(32), "a")
    assert kind == "file-too-large"
    assert "ตารางในแผ่นงานเดียว" in sentence


def test_tables_below_each_other_are_handed_over_once() -> None:
    """Of a slice all that it is a slice of is handed over: 11 GB of a file of 22 MB."""
    page = "fiscal_year,agency,total\n" + "".join(f"2567,agency {n},80\n" for n in range(40))
    content = (page * 500).encode()
    sheet = read_file(content, "a.csv", SCORES, Limits(), AUTO)
    assert isinstance(sheet, Sheet) and len(sheet.rows) == 20_000
    assert sum(map(len, packed(sheet))) < 2 * len(content)


def worksheet_bytes(rows: list[list[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


def test_blank_columns_behind_the_last_are_no_columns() -> None:
    """A sheet that is formatted to its last column is saved with a separator for each."""
    wide = "".join(f"{line}{',' * 2_000}\n" for line in TABLE.splitlines())
    assert len(read_sheet(wide.encode(), "a.csv", SCORES, Limits()).rows) == 2
    assert refused(wide.replace("80,", "80" + "," * 1_500 + "x"))[0] == "file-too-large"


def test_a_cell_that_is_much_too_long_is_told_and_not_read_on() -> None:
    lines = ("x" * 99 + "\n") * 60_000
    assert refused(f'{TABLE}2569,"{lines}",1\n')[0] == "text-too-long"
    assert refused(json.dumps([{"total": "x" * 1_000_001}]), "a.json")[0] == "text-too-long"
    long = f"{TABLE}2569,{'x' * 40_000},1\n"
    assert len(read_sheet(long.encode(), "a.csv", SCORES, Limits()).rows[2][1]) == 40_000


def test_a_quote_that_is_never_closed_is_told_with_its_line_in_a_large_file() -> None:
    text = TABLE + '2569,"A,82\n' + "2570,B,83\n" * 200_000
    with pytest.raises(Unreadable) as caught:
        read_sheet(text.encode(), "a.csv", SCORES, Limits())
    assert (caught.value.problem.kind.value, caught.value.problem.line) == ("unreadable-csv", 4)


def test_a_row_that_comes_several_times_counts_as_often() -> None:
    budget = Budget(Limits())
    budget.take(["ก" * 10, "", "x"], 1_000)
    assert (budget.rows, budget.cells, budget.characters) == (1_000, 3_000, 11_000)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=12) | st.just(0.25),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from("abcdé"), VALUES, max_size=5), max_size=8)


@pytest.mark.slow
@tried(max_examples=examples(200), deadline=None)
@given(RECORDS, st.booleans(), st.sampled_from([None, 2]), st.integers(200, 260))
def test_records_read_from_pieces_are_those_of_the_whole(
    found: list[dict[str, Any]], ascii_only: bool, indent: int | None, piece: int
) -> None:
    text = json.dumps(found, ensure_ascii=ascii_only, indent=indent)
    longest = max((len(json.dumps(one, indent=indent)) * 7 for one in found), default=0)
    names = list(dict.fromkeys(name for record in found for name in record))
    decimals = json.loads(text, parse_float=Decimal)
    expected = [
        [value_text(record[n]) if n in record else KEEP_STORED if record else "" for n in names]
        for record in decimals
    ]
    before = records.MAX_RECORD_LENGTH
    records.MAX_RECORD_LENGTH = max(piece, longest)
    try:
        assert json_rows(text.encode(), Limits()) == [names, *expected]
    finally:
        records.MAX_RECORD_LENGTH = before


def test_a_record_longer_than_a_piece_is_refused() -> None:
    long = json.dumps([{"a": 1}, {"a": ["x" * 1_000] * 4_300}])
    assert refused(long, "a.json")[0] == "file-too-large"
    broken = json.dumps([{"a": 1}]) + "]" * 3_000_000
    assert refused(broken, "a.json")[0] == "unreadable-encoding"


def test_lists_within_lists_do_not_double_with_each_level() -> None:
    value: object = "ก"
    for _ in range(60):
        value = [value]
    assert len(value_text(value)) < 400


def test_the_form_of_a_text_is_found_without_holding_it() -> None:
    """Python decodes a text that is not ASCII into two bytes a character or more, all at once."""
    content = ("ปีงบประมาณ,หน่วยงาน\n" + "2567,A\n" * 4_000_000 + "ก\n\x1a\r\n").encode()
    tracemalloc.start()
    try:
        form = text_form(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (form.encoding, form.length) == ("utf-8", 20 + 7 * 4_000_000 + 1)
    assert peak < len(content) / 2


PARQUET_VALUES = st.lists(
    st.none() | st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
)


@tried(max_examples=examples(100), deadline=None)
@given(PARQUET_VALUES, st.booleans())
def test_texts_of_a_dictionary_are_those_of_the_file(found: list[str | None], packed: bool) -> None:
    table = pa.table({"a": pa.array(found, pa.string()), "b": pa.array(range(len(found)))})
    rows = parquet_rows(parquet(table, use_dictionary=packed), Limits())
    assert rows[1:] == [[value_text(text), str(at)] for at, text in enumerate(found)]


def test_characters_of_lists_and_records_count_too() -> None:
    nested = pa.table({"a": [[["ก" * 30]], [["ข" * 30], ["ค" * 30]]], "b": [{"c": "ง" * 30}] * 2})
    assert refused(parquet(nested), characters=149)[0] == "file-too-large"
    assert len(parquet_rows(parquet(nested), Limits(characters=1_000))) == 3


def test_cells_of_an_old_workbook_stand_where_they_are() -> None:
    content = compound(_xls(_xls_label(3, 2, "ก") + _xls_number(4, 3)))
    (found,) = xls_worksheets(content, Limits())
    assert [list(row) for row in found.rows] == [[], [], [], ["", "", "ก"], ["", "", "", "1"]]


@pytest.mark.parametrize("sizes", [(2**32 - 1, 65_535), (65_537, 3), (3, 257)])
def test_a_sheet_of_xls_that_says_it_is_larger_than_any_is_damaged(sizes: tuple[int, int]) -> None:
    dimensions = struct.pack("<IIHHH", 0, sizes[0], 0, sizes[1], 0)
    with pytest.raises(Unreadable):
        xls_worksheets(compound(_xls(_record(0x0200, dimensions) + _xls_number(1, 2))), Limits())
