"""A file in which nearly everything is wrong: the first problems of each kind are listed."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ita.config import Limits
from ita.imports.problems import Severity, format_count
from ita.store import Store
from tests.imports.bringing import MEASURES, SCORES, take, taken, two_agencies

FEW = Limits(problems=5)


def as_book(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.strip().split("\n"):
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("kind", "column"),
    [("not-a-number", "คะแนนรวม"), ("unknown-agency", "หน่วยงาน"), ("unknown-year", "ปีงบประมาณ")],
)
def test_the_first_of_many_are_listed(kind: str, column: str, form: str, store: Store) -> None:
    row = {"ปีงบประมาณ": "2567", "หน่วยงาน": "A", "คะแนนรวม": "88"}
    wrong = {"not-a-number": "ก{}", "unknown-agency": "ไม่มี{}", "unknown-year": "29{:02}"}[kind]
    lines = [",".join({**row, column: wrong.format(n)}.values()) for n in range(10, 27)]
    text = SCORES + "\n".join(lines) + "\n"
    content = as_book(text) if form == "xlsx" else text
    outcome = take(two_agencies(store), "scores", content, name=f"f.{form}", limits=FEW)
    assert not outcome.accepted
    listed = [p for p in outcome.problems if p.kind == kind and p.column == column]
    assert [p.line for p in listed] == [2, 3, 4, 5, 6]
    (more,) = [p for p in outcome.problems if p.kind == "more-problems"]
    assert "5" in more.message()


@pytest.mark.parametrize("column", ["คะแนนรวม", "หน่วยงาน", "ปีงบประมาณ"])
def test_as_many_as_are_listed_are_all(column: str, store: Store) -> None:
    right = {"ปีงบประมาณ": "2567", "หน่วยงาน": "A", "คะแนนรวม": "88"}
    lines = [",".join({**right, column: f"ไม่มี{n}"}.values()) for n in range(5)]
    lines += ["2566,A,80", "2565,B,81"]
    outcome = take(two_agencies(store), "scores", SCORES + "\n".join(lines) + "\n", limits=FEW)
    assert len([p for p in outcome.problems if p.column == column]) == 5
    assert not [p for p in outcome.problems if p.kind == "more-problems"]


def test_each_kind_and_column_has_its_own_room(store: Store) -> None:
    text = SCORES + "2567,,88\n" + "".join(f"2567,ไม่มี{n},ก{n}\n" for n in range(7))
    outcome = take(two_agencies(store), "scores", text, limits=FEW)
    count = {(p.kind.value, p.column): 0 for p in outcome.problems}
    for problem in outcome.problems:
        count[problem.kind.value, problem.column] += 1
    # The texts of a column that can't be read share its room, whatever is wrong with them.
    assert count["unknown-agency", "หน่วยงาน"] == 4
    assert count["not-a-number", "คะแนนรวม"] == 5
    assert count["required-value", "หน่วยงาน"] == 1
    assert sum(p.kind == "more-problems" for p in outcome.problems) == 1


def test_rows_of_another_width_are_counted_too(store: Store) -> None:
    text = SCORES + "2567,A,88,1\n" * 9
    outcome = take(two_agencies(store), "scores", text, limits=FEW)
    assert sum(p.kind == "ragged-row" for p in outcome.problems) == 5
    assert sum(p.kind == "more-problems" for p in outcome.problems) == 1


def test_warnings_alone_still_let_a_file_in(store: Store) -> None:
    text = "agency_id,name_th,province\n" + "".join(f"X{n},ตัวอย่าง{n},จ.น่าน\n" for n in range(9))
    outcome = taken(store, "agencies", text, limits=FEW)
    (more,) = [p for p in outcome.problems if p.kind == "more-problems"]
    assert more.severity is Severity.WARNS
    assert outcome.counts.new == 9


def test_long_texts_have_the_same_bound(store: Store) -> None:
    text = MEASURES + "".join(
        f"2567,A,OIT,{n},{'????????' if n % 100 == 0 else f'มาตรการที่ {n}'}\n"
        for n in range(1, 1501)
    )
    outcome = take(two_agencies(store), "measures", text, limits=FEW)
    assert sum(p.kind == "broken-text" for p in outcome.problems) == 5
    assert sum(p.kind == "more-problems" for p in outcome.problems) == 1


def test_nothing_is_said_where_all_are_listed(store: Store) -> None:
    text = SCORES + "".join(f"2567,ไม่มี{n},88\n" for n in range(4))
    outcome = take(two_agencies(store), "scores", text, limits=FEW)
    assert "more-problems" not in {p.kind.value for p in outcome.problems}


def test_a_count_of_what_is_listed_says_that_there_is_more(store: Store) -> None:
    text = SCORES + "".join(f"2567,ไม่มี{n},88\n" for n in range(9))
    outcome = take(two_agencies(store), "scores", text, limits=FEW)
    assert format_count(12_000, outcome.problems) == "อย่างน้อย 12,000"
    assert format_count(12_000, outcome.problems[:0]) == "12,000"
