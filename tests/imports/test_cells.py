"""Cells as offices write them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.imports import cells, quarters
from ita.imports.cells import CellError, cell_text, fold, is_missing, tidy
from ita.imports.problems import ProblemKind
from ita.tables import escape_formula

DIRT = "กำํา่้เแ= +-@'\t\r\n\u00a0\u200b\u200d\u200e\ufeff\u2003\u3000๙9aA"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("85.50", "85.50"),
        ("๘๕.๕", "85.5"),
        ("85 %", "85"),
        ("85%", "85"),
        ("ร้อยละ 85", "85"),
        ("1,234.5", "1234.5"),
        ("+7", "7"),
        ("−7", "-7"),
        ("-7", "-7"),
        (".5", "0.5"),
        ("0", "0"),
        ("007", "7"),
    ],
)
def test_a_number_as_offices_write_it(written: str, meant: str) -> None:
    assert cells.number(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written", ["85,5", "1,23", "8 5", "แปด", "1e5", "+", ".", "85..5", "85.", "NaN", "0x1", "1/2"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="not-a-number"):
        cells.number(written)


def test_a_score_is_kept_to_six_places() -> None:
    assert cells.score_number("57.12345678") == Decimal("57.123457")


@pytest.mark.parametrize("written", ["100.000001", "-0.1", "1,234", "9" * 400])
def test_a_score_outside_0_to_100_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="out-of-range"):
        cells.score_number(written)


@pytest.mark.parametrize("written", ["0", "100", "100.00", "0.000000"])
def test_both_ends_of_the_scale_are_scores(written: str) -> None:
    assert cells.score_number(written) == Decimal(written)


@pytest.mark.parametrize(
    "written",
    [
        "2567",
        "๒๕๖๗",
        "67",
        "๖๗",
        "2024",
        "พ.ศ. 2567",
        "พ.ศ.๒๕๖๗",
        "พศ 2567",
        "ค.ศ. 2024",
        "ปี 2567",
        "ปีงบประมาณ พ.ศ. 2567",
        "ปีงบประมาณ 2567",
        "2567.0",
        "2567.00",
        " 2567 ",
    ],
)
def test_each_way_to_write_2567(written: str) -> None:
    assert cells.fiscal_year(written) == 2567


@pytest.mark.parametrize(
    ("written", "year"),
    [("50", 2550), ("99", 2599), ("2500", 2500), ("2699", 2699), ("1957", 2500), ("2156", 2699)],
)
def test_the_ends_of_each_range_of_years(written: str, year: int) -> None:
    assert cells.fiscal_year(written) == year


@pytest.mark.parametrize(
    "written", ["49", "00", "2499", "2700", "1956", "2157", "256", "25670", "2567.5", "ปี", "-67"]
)
def test_what_is_no_year_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="unknown-year"):
        cells.fiscal_year(written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("IIT", "IIT"),
        ("eit", "EIT"),
        ("แบบวัด OIT", "OIT"),
        ("แบบวัดOIT", "OIT"),
        ("IIT: Internal Integrity and Transparency Assessment", "IIT"),
        ("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน", "IIT"),
        ("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)", "EIT"),
        ("แบบวัดการเปิดเผยข้อมูล สาธารณะ", "OIT"),
        ("Open Data Integrity", "OIT"),
    ],
)
def test_an_instrument_by_code_or_name(written: str, code: str) -> None:
    assert cells.instrument(written) == code


@pytest.mark.parametrize("written", ["ITT", "IIT/EIT", "IITs", "แบบวัด", "1"])
def test_no_instrument_or_two_are_refused(written: str) -> None:
    with pytest.raises(CellError, match="unknown-instrument"):
        cells.instrument(written)


@pytest.mark.parametrize("written", ["3", "๓", "3.", "ข้อ 3", "ข้อที่ ๓", "ลำดับที่ 3", "3.0"])
def test_each_way_to_write_running_number_3(written: str) -> None:
    assert cells.seq(written) == 3


@pytest.mark.parametrize("written", ["0", "-1", "10000"])
def test_a_running_number_out_of_range_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="out-of-range"):
        cells.seq(written)


def test_half_a_running_number_is_none() -> None:
    with pytest.raises(CellError, match="not-a-number") as refused:
        cells.seq("1.5")
    assert refused.value.expected["example"] == "3"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("1,3", "1,3"),
        ("3, 1", "1,3"),
        ("1/3", "1,3"),
        ("1;3;1", "1,3"),
        ("1 3", "1,3"),
        ("ข้อ 1 และ ข้อ 3", "1,3"),
        ("มาตรการที่ ๑, ๓", "1,3"),
        ("10,9", "9,10"),
        ("1\n3", "1,3"),
    ],
)
def test_several_running_numbers(written: str, numbers: str) -> None:
    assert cells.seqs(written) == numbers


@pytest.mark.parametrize("written", [",", "ข้อ", "1-3", "ก", " ; "])
def test_what_holds_no_running_number_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="not-a-number"):
        cells.seqs(written)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [("8", "8"), ("ตัวชี้วัดที่ 8", "8"), ("ตัวชี้วัด 1, ตัวชี้วัด 3", "1,3"), ("ind10", "10")],
)
def test_indicators_of_a_measure(written: str, numbers: str) -> None:
    assert cells.indicators(written) == numbers


@pytest.mark.parametrize("written", ["สำนักปลัด,กองคลัง", "สำนักปลัด ; กองคลัง", "สำนักปลัด/\nกองคลัง/"])
def test_divisions_stand_one_a_line(written: str) -> None:
    assert cells.divisions(written) == "สำนักปลัด\nกองคลัง"


def test_divisions_keep_their_spelling_and_stand_once() -> None:
    assert cells.divisions("กองการศึกษาฯ, กองช่าง, กองการศึกษาฯ") == "กองการศึกษาฯ\nกองช่าง"


def test_separators_alone_are_no_division() -> None:
    assert cells.divisions(" / ") is None


@pytest.mark.parametrize(
    "written", ["", "-", "–", "—", "ไม่มี", "ไม่มีข้อมูล", "N/A", "n/a", "NA", "null"]
)
def test_missing_is_written_in_many_ways(written: str) -> None:
    assert is_missing(written)


@pytest.mark.parametrize("written", ["0", "0.00", "ไม่", "--x"])
def test_zero_is_not_missing(written: str) -> None:
    assert not is_missing(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("น\u0e4d\u0e32", "นำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("เเผน", "แผน"),
        ("แผน\u200b\ufeff", "แผน"),
        ("\u00a0ก\u00a0ข ", "ก ข"),
        ("ก\r\nข\rค", "ก\nข\nค"),
        ("ก\x00\x07ข", "กข"),
        ("85.5\u200e", "85.5"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("ทีถูกต้อง ย่างเคร่งครัด", "ทีถูกต้อง ย่างเคร่งครัด"),
    ],
)
def test_tidy_repairs_what_is_not_meant(written: str, meant: str) -> None:
    assert tidy(written) == meant


@pytest.mark.slow
@given(st.one_of(st.text(), st.text(alphabet=DIRT)))
def test_tidy_text_is_tidy(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.one_of(st.text(), st.text(alphabet=DIRT)))
def test_a_tidy_text_comes_back_from_a_guarded_cell(text: str) -> None:
    meant = tidy(text)
    assert cell_text(escape_formula(meant)) == meant


@given(st.text(alphabet=DIRT))
def test_headers_compare_without_spaces_case_and_invisible_characters(text: str) -> None:
    dirty = "".join(f"{letter}\u200b \u00a0" for letter in text.upper())
    assert fold(dirty) == fold(text)


def test_a_letter_in_two_halves_with_a_blank_between_them_is_one() -> None:
    assert fold("คะเ เนน") == fold("คะแนน")


@pytest.mark.parametrize(
    "read",
    [
        cells.number,
        cells.score_number,
        cells.fiscal_year,
        quarters.quarter,
        cells.instrument,
        cells.seq,
        cells.seqs,
        cells.divisions,
        cells.narrative_type,
    ],
)
@given(text=st.one_of(st.text(max_size=20), st.text(alphabet="0123456789๐๙.,-+%/ e²½ข้อปีQพศ")))
def test_any_text_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    with suppress(CellError):
        read(tidy(text))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ตัวชี้วัดที่ 2 การใช้งบประมาณ", "2"),
        ("๗ ประสิทธิภาพการสื่อสาร", "7"),
        ("ตัวชี้วัดที่ 1 และ 3", "1,3"),
        ("1, 3", "1,3"),
    ],
)
def test_indicators_with_their_names(text: str, numbers: str) -> None:
    assert cells.indicators(text) == numbers


@pytest.mark.parametrize("read", [cells.seq, cells.seqs, cells.indicators])
@pytest.mark.parametrize("written", ["หนึ่ง", "85.50", "1-3", "x"])
def test_an_example_can_be_read_by_who_gives_it(
    read: Callable[[str], object], written: str
) -> None:
    with pytest.raises(CellError) as refused:
        read(written)
    assert refused.value.kind is ProblemKind.NOT_A_NUMBER
    assert read(refused.value.expected["example"])
