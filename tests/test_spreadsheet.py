"""Cells that no spreadsheet runs, and files that are whole."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.spreadsheet import (
    FORMULA_MARKS,
    LONGEST_CELL,
    csv_bytes,
    guarded,
    plain_number,
    unguarded,
    write_file,
    xlsx_bytes,
)

TEXTS = st.one_of(st.text(), st.text(alphabet="'=+-@\t\rก1"))


@given(TEXTS)
def test_a_guarded_text_never_begins_as_a_formula_and_comes_back(text: str) -> None:
    assert not guarded(text).startswith(FORMULA_MARKS)
    assert unguarded(guarded(text)) == text


@given(TEXTS)
def test_an_unguarded_text_is_guarded_back_or_needs_no_guard(text: str) -> None:
    if unguarded(text) != text:
        assert guarded(unguarded(text)) == text


@given(TEXTS, TEXTS)
def test_two_texts_never_share_a_guarded_form(one: str, other: str) -> None:
    assert (guarded(one) == guarded(other)) == (one == other)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (85, "85"),
        (100, "100"),
        (Decimal("85.500000"), "85.5"),
        (Decimal("100"), "100"),
        (Decimal("0E-6"), "0"),
        (Decimal("1E+2"), "100"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (-5, "-5"),
    ],
)
def test_a_number_without_exponent_and_needless_zeros(value: int | Decimal, shown: str) -> None:
    assert plain_number(value) == shown


def test_a_negative_number_stays_a_number_and_a_text_is_guarded() -> None:
    assert (
        csv_bytes(["ก"], [[-5], ["-5"], [None]]).decode("utf-8-sig") == 'ก\r\n-5\r\n\'-5\r\n""\r\n'
    )


def sheet_of(*values: str | int | float | Decimal | None) -> openpyxl.worksheet.worksheet.Worksheet:
    content = xlsx_bytes("ทดสอบ", ["ก"], [[value] for value in values], [10], ["ที่มา"])
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def test_texts_of_a_workbook_are_texts_and_numbers_are_numbers() -> None:
    sheet = sheet_of("=1+1", "http://example.com", Decimal("85.5"), None, "2567")
    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [cell.value for cell in cells] == ["=1+1", "http://example.com", 85.5, None, "2567"]
    assert [cell.data_type for cell in cells] == ["s", "s", "n", "n", "s"]
    assert not any(cell.hyperlink for cell in cells)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_and_not_lost() -> None:
    shown = sheet_of("ก" * (LONGEST_CELL + 1), "ข" * LONGEST_CELL)
    assert shown["A2"].value == "ก" * (LONGEST_CELL - 1) + "…"
    assert shown["A3"].value == "ข" * LONGEST_CELL


def test_a_workbook_is_ready_to_print() -> None:
    sheet = sheet_of("ก\nข")
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.row_dimensions[2].height > sheet_of("ก").row_dimensions[2].height
    assert sheet["A2"].alignment.wrap_text


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    place = tmp_path / "ก.csv"
    write_file(place, b"one")
    write_file(place, b"two")
    assert place.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [place]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    place = tmp_path / "folder"
    place.mkdir()
    with pytest.raises(OSError, match="folder"):
        write_file(place, b"one")
    assert list(tmp_path.iterdir()) == [place]
