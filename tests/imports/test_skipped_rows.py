"""Rows that hold no record: passed over, told once, and taken in where a person says so."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_file
from ita.store import Store
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    TESTER,
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)

SKIPPED = ("skipped-rows", None, None)

BELOW = {
    "agencies": ("agency_id,name_th,province\nX1,เทศบาลตำบลดอนทราย,น่าน\n", "รวม ๑ แห่ง,,\n", ",,\n"),
    "scores": (f"{SCORES}2567,A,88.5\n", "ค่าเฉลี่ย,,88.5\n", "เฉลี่ย,,\n"),
    "measures": (
        f"{MEASURES}2567,A,OIT,1,เผยแพร่แผน\n",
        ",,,,รวม ๑ มาตรการ\n",
        "รวมทั้งสิ้น 1 มาตรการ,,,,\n",
    ),
    "progress": (f"{PROGRESS}2567,2,A,IIT,1,50\n", "รวม,,,,,50\n", ",,,,เฉลี่ย,50\n"),
    "narrative": (f"{NARRATIVE}2567,A,IIT,ผลลัพธ์,,ดีขึ้น,\n", "รวม,,,,,,\n", ",,,,,รวมทั้งหมด 1 ข้อ,\n"),
    "annotations": (
        "วันที่,หน่วยงาน,เหตุการณ์\n21 เม.ย. 2567,A,อบรม\n",
        "รวม,,1 เรื่อง\n",
        "จำนวนทั้งหมด,,1\n",
    ),
}
"""Kind → a file with one record, and two total rows of its width."""

SIGNED = (
    "ลงชื่อ ................ ผู้รายงาน",
    "(นางสาวสมร ใจงาม)",
    "ตำแหน่ง นักวิชาการ",
    "วันที่ 5 มกราคม 2568",
)
NOTES = ("หมายเหตุ ข้อมูลเบื้องต้น", "* ยังไม่รวมกองช่าง", "ที่มา: ระบบ ITAS", "จัดทำจากแบบรายงานของทุกกอง")


def lone(text: str, header: str, at: int = 0) -> str:
    """A line as wide as its table with one cell filled."""
    width = header.split("\n", 1)[0].count(",") + 1
    return ",".join(text if place == at else "" for place in range(width)) + "\n"


def as_book(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.strip().split("\n"):
        book.active.append([cell or None for cell in line.split(",")])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def forms_of(text: str) -> list[tuple[bytes, str]]:
    return [
        (text.encode("utf-8-sig"), "f.csv"),
        (text.encode("cp874"), "f.csv"),
        (text.replace(",", "\t").encode("utf-16"), "f.txt"),
        (text.replace(",", ";").encode(), "f.csv"),
        (as_book(text), "f.xlsx"),
    ]


@pytest.mark.parametrize("kind", Dataset)
@pytest.mark.parametrize("form", range(5))
def test_totals_signatures_and_notes_are_no_rows(kind: str, form: int, store: Store) -> None:
    with_measures(store)
    text, *totals = BELOW[kind]
    text += "".join(totals) + "".join(lone(line, text, at=1) for line in SIGNED)
    text += "".join(lone(line, text) for line in NOTES[:3])
    content, name = forms_of(text)[form]
    outcome = taken(store, kind, content, name=name, agency=None if kind == "agencies" else "A")
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (1, 0, 0))
    (told,) = outcome.problems
    expected = [3, 4, *range(5, 12)]
    if kind == "agencies":
        expected.remove(4)  # a row of nothing but separators is none
    assert list(told.lines) == expected
    assert told.value == str(len(expected))
    assert "--keep-rows" in told.message()
    assert told.as_json()["lines"] == expected


def test_a_sentence_alone_below_the_table_is_a_note(store: Store) -> None:
    text = f"{PROGRESS}2567,2,A,IIT,1,50\n" + lone(NOTES[3], PROGRESS)
    outcome = taken(with_measures(store), "progress", text)
    assert found(outcome) == [SKIPPED]
    assert "จัดทำจากแบบรายงาน" in outcome.problems[0].message()


HEADED = [
    ("measures", MEASURES, "2567,A,OIT,1,เผยแพร่แผน\n", "2567,A,OIT,2,อบรม\n", "กองคลัง", 0),
    ("measures", MEASURES, "2567,A,OIT,1,เผยแพร่แผน\n", "2567,A,IIT,1,อบรม\n", "แบบวัด IIT", 2),
    ("measures", MEASURES, "2567,A,OIT,1,เผยแพร่แผน\n", "2567,A,OIT,2,อบรม\n", "1. สำนักปลัด", 3),
    ("progress", PROGRESS, "2567,2,A,IIT,1,50\n", "2567,2,A,IIT,2,50\n", "กองช่าง", 0),
    ("scores", SCORES, "2567,A,88.5\n", "2566,A,87.5\n", "ผลย้อนหลัง", 0),
    (
        "agencies",
        "agency_id,name_th\n",
        "X1,เทศบาลตำบลดอนทราย\n",
        "X2,เทศบาลตำบลปากน้ำ\n",
        "จังหวัดน่าน",
        0,
    ),
]


@pytest.mark.parametrize(("kind", "header", "first", "second", "heading", "at"), HEADED)
@pytest.mark.parametrize("form", range(5))
def test_the_heading_of_a_group_is_no_row(
    kind: str, header: str, first: str, second: str, heading: str, at: int, form: int, store: Store
) -> None:
    if kind in ("measures", "scores"):
        two_agencies(store)
    elif kind == "progress":
        with_measures(store)
    text = header + lone(heading, header, at) + first + lone(heading, header, at) + second
    content, name = forms_of(text)[form]
    outcome = taken(store, kind, content, name=name, agency=None if kind == "agencies" else "A")
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (2, 0, 0))
    assert heading in outcome.problems[0].message()
    assert list(outcome.problems[0].lines) == [2, 4]


@pytest.mark.parametrize(
    ("kind", "header", "text", "at"),
    [
        ("measures", MEASURES, "อบรมเจ้าหน้าที่", 4),
        ("progress", PROGRESS, "75", 5),
        ("progress", PROGRESS, "12", 4),
        ("progress", PROGRESS, "#REF!", 4),
        ("agencies", "agency_id,name_th\n", "X9", 0),
        ("agencies", "agency_id,name_th\n", "เทศบาลตำบลบ้านใหม่", 1),
    ],
)
def test_what_is_left_of_a_record_is_a_mistake(
    kind: str, header: str, text: str, at: int, store: Store
) -> None:
    with_measures(store)
    after = {
        "measures": "2567,A,OIT,1,เผยแพร่แผน\n",
        "progress": "2567,2,A,IIT,1,50\n",
        "agencies": "X1,เทศบาลตำบลดอนทราย\n",
    }[kind]
    outcome = take(store, kind, header + lone(text, header, at) + after)
    assert not outcome.accepted
    assert {line for _, line, _ in found(outcome)} == {2}


@pytest.mark.parametrize("units", [("", "", "(ร้อยละ)"), ("", "", "คะแนน"), ("", "", "(%)")])
@pytest.mark.parametrize("form", range(5))
def test_the_units_under_a_header_are_no_row(
    units: tuple[str, ...], form: int, store: Store
) -> None:
    content, name = forms_of(f"{SCORES}{','.join(units)}\n2567,A,88.5\n")[form]
    outcome = taken(two_agencies(store), "scores", content, name=name, agency="A")
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (1, 0, 0))


@pytest.mark.parametrize("marks", ["(1),(2),(3),(4),(5),(6)", "๑,๒,๓,๔,๕,๖", "1.,2.,3.,4.,5.,6."])
def test_the_numbers_of_a_forms_columns_are_no_row(marks: str, store: Store) -> None:
    outcome = taken(with_measures(store), "progress", f"{PROGRESS}{marks}\n2567,2,A,IIT,1,50\n")
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (1, 0, 0))


@pytest.mark.parametrize(
    ("kind", "text", "table", "name"),
    [
        ("agencies", "agency_id,name_th\nX1,รวมใจ\nรวมใจ,เทศบาลตำบลรวมใจ\n", "agency", "รวมใจ"),
        ("agencies", "agency_id,name_th\nX1,เฉลี่ยสุข\n", "agency", "เฉลี่ยสุข"),
        ("measures", f"{MEASURES}2567,A,OIT,1,รวมพลังต้านโกง\n", "measure", "รวมพลังต้านโกง"),
        ("measures", f"{MEASURES}2567,A,OIT,1,ลงชื่อร่วมเจตจำนง\n", "measure", "ลงชื่อร่วมเจตจำนง"),
        ("measures", f"มาตรการ,{MEASURES.strip().removesuffix(',มาตรการ')}\nผู้จัดทำแผนเข้าอบรม,2567,A,OIT,1\n", "measure", "ผู้จัดทำแผนเข้าอบรม"),
        ("measures", f"มาตรการ,{MEASURES.strip().removesuffix(',มาตรการ')}\nรวม,2567,A,OIT,1\n", "measure", "รวม"),
        ("narrative", f"{NARRATIVE}2567,A,IIT,ผลลัพธ์,,หมายเหตุครบถ้วน,\n", "narrative", "หมายเหตุครบถ้วน"),
        ("annotations", "วันที่,เหตุการณ์\n1/5/2567,รวม\n", "annotation", "รวม"),
    ],
)  # fmt: skip
def test_records_that_sound_like_totals_stay(
    kind: str, text: str, table: str, name: str, store: Store
) -> None:
    two_agencies(store)
    outcome = taken(store, kind, text, agency=None if kind == "agencies" else "A")
    assert outcome.problems == ()
    assert any(name in row for row in rows(store, table))


@pytest.mark.parametrize(
    "row",
    ["รวมพลังคนดี,2567,A,OIT,", "ผู้จัดทำแผนเข้าอบรม,2567,A,,1", "รวม,2567,A,OIT,", "ลงชื่อร่วมกัน,2567,A,,"],
)
def test_a_row_with_part_of_its_key_is_a_mistake_and_not_passed_over(
    row: str, store: Store
) -> None:
    header = f"มาตรการ,{MEASURES.strip().removesuffix(',มาตรการ')}"
    outcome = take(two_agencies(store), "measures", f"{header}\nดี,2567,A,OIT,7\n{row}\n")
    assert not outcome.accepted
    assert ("skipped-rows", None, None) not in found(outcome)


@pytest.mark.parametrize(
    "row", ["2567,เฉลี่ย,85", "2567,ค่าเฉลี่ยระดับจังหวัด,85", "2567,รวม 2 แห่ง,170", "2567,ภาพรวม,85"]
)
def test_a_total_among_agencies_that_names_its_year_is_no_row(row: str, store: Store) -> None:
    text = f"{SCORES}2567,A,88.5\n{row}\n2567,B,81.5\n"
    two_agencies(store)
    for content, name in forms_of(text):
        outcome = taken(store, "scores", content, name=name)
        assert found(outcome) == [SKIPPED]
        assert len(rows(store, "score")) == 2


@pytest.mark.parametrize("row", ["รวมกองคลัง,,,3,", "ค่าเฉลี่ยกองช่าง,,,,", "รวม,,,3,"])
def test_a_divisions_total_in_the_middle_is_no_row(row: str, store: Store) -> None:
    text = f"{MEASURES}2567,A,OIT,1,เผยแพร่แผน\n{row}\n2567,A,OIT,2,อบรม\n"
    outcome = taken(two_agencies(store), "measures", text)
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (2, 0, 0))


def test_a_row_that_begins_with_a_star_and_says_more_is_a_record_or_a_mistake(
    store: Store,
) -> None:
    agencies = "agency_id,name_th,province\n*91,เทศบาลตำบลดาว,น่าน\nX2,*ดาว,น่าน\n* ยุบแล้ว,,\n"
    outcome = taken(store, "agencies", agencies)
    assert (found(outcome), outcome.problems[0].value, counts(outcome)) == (
        [SKIPPED],
        "1",
        (2, 0, 0),
    )
    scores = f"{SCORES}*2567,A,88.5\n2567,B,81\n* ไม่รวมศูนย์เด็กเล็ก,,\n"
    outcome = take(two_agencies(store), "scores", scores)
    assert not outcome.accepted
    assert ("unknown-year", 2, "ปีงบประมาณ") in found(outcome)


def test_a_forms_own_line_number_stands_beside_the_measures_number(store: Store) -> None:
    text = "ที่,ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ\n1,2567,A,OIT,4,ก\n2,2567,A,OIT,5,ข\n"
    outcome = taken(two_agencies(store), "measures", text)
    assert [seq for (seq,) in rows(store, "measure", "seq")] == [4, 5]
    assert found(outcome) == [("unknown-column", 1, "ที่")]


def kept(store: Store, kind: Dataset, text: str) -> ImportResult:
    request = ImportRequest(kind, text.encode(), "f.csv", "A", keep_rows=True)
    return import_file(store, request, committed_reference(), Limits(), TESTER)


def test_a_person_may_say_that_they_are_data(store: Store) -> None:
    text = f"{PROGRESS}2567,2,A,IIT,1,50\nรวม,,,,,50\n"
    outcome = kept(with_measures(store), Dataset.PROGRESS, text)
    assert not outcome.accepted
    assert {line for _, line, _ in found(outcome)} == {3}


def test_a_file_with_nothing_but_a_total_says_so(store: Store) -> None:
    outcome = take(with_measures(store), "progress", f"{PROGRESS}รวม,,,,,50\n")
    assert found(outcome) == [SKIPPED, ("empty-file", None, None)]
    assert "มีแต่แถวผลรวม" in outcome.problems[1].message()


def test_totals_of_a_large_file_are_found_by_column(store: Store) -> None:
    with_measures(store)
    pad = "ก" * 200
    body = "".join(f"2567,A,OIT,{number},{pad}\n" for number in range(1, 1500))
    text = f"{MEASURES}{body}รวม 1499 มาตรการ,,,,\n"
    assert len(text.encode()) > 256 * 1024
    outcome = taken(store, "measures", text.encode("utf-8-sig"))
    assert (found(outcome), counts(outcome)) == ([SKIPPED], (1499, 0, 0))
