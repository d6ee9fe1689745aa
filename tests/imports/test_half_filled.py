"""The form that we hand out, filled in by half."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ita.domain import FiscalYear, Quarter
from ita.exports.templates import load_template, template_csv, template_xlsx
from ita.imports.datasets import Dataset
from ita.store import Store
from tests.imports.bringing import (
    PROGRESS,
    committed_reference,
    found,
    rows,
    take,
    taken,
    with_measures,
)

FULL = PROGRESS.strip() + ",ผลการดำเนินงาน,ปัญหา/อุปสรรค,หลักฐาน\n"
NOT_REPORTED = ("not-reported", None, None)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_our_own_form_half_filled_comes_in(form: str, store: Store) -> None:
    with_measures(store)
    with store.reading() as cursor:
        quarter = Quarter(FiscalYear(2567), 1)
        given = load_template(
            cursor, Dataset.PROGRESS, "A", FiscalYear(2567), quarter, committed_reference()
        )
    if form == "csv":
        lines = template_csv(given).decode("utf-8-sig").split("\r\n")
        at = lines[0].split(",").index("ร้อยละความสำเร็จ")
        cells = lines[2].split(",")
        cells[at] = "45"
        content = "\r\n".join([*lines[:2], ",".join(cells), *lines[3:]]).encode("utf-8-sig")
    else:
        book = openpyxl.load_workbook(io.BytesIO(template_xlsx(given)))
        sheet = book.worksheets[0]
        at = [cell.value for cell in sheet[1]].index("ร้อยละความสำเร็จ") + 1
        sheet.cell(3, at, 45)
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
    outcome = taken(store, "progress", content, name=f"form.{form}", agency="A")
    assert found(outcome) == [NOT_REPORTED]
    assert vars(outcome.counts) == {"new": 1, "changed": 0, "same": 0, "not_reported": 2}
    assert outcome.problems[0].lines == (2, 4)


def test_what_is_stored_of_a_row_left_empty_stays(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{FULL}2567,1,A,IIT,1,50,ก,,\n")
    outcome = taken(store, "progress", f"{FULL}2567,1,A,IIT,1,-,,ไม่มี,\n2567,1,A,IIT,2,70,,,\n")
    assert outcome.counts.not_reported == 1
    told = rows(store, "completion", "seq, CAST(percent AS INTEGER), note")
    assert told == [(1, 50, "ก"), (2, 70, None)]


@pytest.mark.parametrize("column", ["ก,,", ",ข,", ",,ค"])
def test_a_row_that_says_anything_needs_its_percent(column: str, store: Store) -> None:
    text = f"{FULL}2567,1,A,IIT,1,50,,,\n2567,1,A,IIT,2,,{column}\n"
    outcome = take(with_measures(store), "progress", text)
    assert found(outcome) == [("required-value", 3, "ร้อยละความสำเร็จ")]


def test_a_row_left_empty_whose_measure_cant_be_read_is_a_mistake(store: Store) -> None:
    text = f"{FULL}2567,1,A,IIT,1,50,,,\n2567,9,A,IIT,2,,,,\n"
    outcome = take(with_measures(store), "progress", text)
    assert ("unknown-quarter", 3, "ไตรมาส") in found(outcome)


def test_spare_rows_with_nothing_but_the_period_are_passed_over(store: Store) -> None:
    text = f"{FULL}2567,1,A,IIT,1,50,,,\n" + "2567,1,A,,,,,,\n" * 3
    assert found(taken(with_measures(store), "progress", text)) == [NOT_REPORTED]
