"""Ids that a spreadsheet changed are asked about; they never make a second agency."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.auth.permissions import machine_owner
from ita.config import Limits
from ita.imports.agencies import SpoiltIds, unquoted, why_spoilt
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import ImportResult, import_file
from ita.store import Store
from tests.imports.bringing import committed_reference, counts, found, rows, take, taken

HEADER = "รหัสหน่วยงาน,ชื่อหน่วยงาน,ประเภท,จังหวัด\n"
STORED = (
    f"{HEADER}"
    "0057,เทศบาลตำบลป่าซาง,เทศบาลตำบล,ลำพูน\n"
    "2203045006001,เทศบาลเมืองสองพี่น้อง,เทศบาลเมือง,สุพรรณบุรี\n"
    "20011500000000457,สำนักงานนำร่อง,,\n"
    "3-4,หน่วยงานทดลอง,,เลย\n"
    "01250,เทศบาลตำบลวังทอง,เทศบาลตำบล,พิษณุโลก\n"
)


@pytest.fixture
def stored(store: Store) -> Store:
    taken(store, "agencies", STORED)
    return store


def with_mapping(store: Store, kind: str, content: str, *mapping: tuple[str, str]) -> ImportResult:
    request = ImportRequest(Dataset(kind), content.encode(), "file.csv", agency_mapping=mapping)
    reference = committed_reference()
    return import_file(store, request, reference, Limits(), machine_owner("tester"))


SPOILT = [
    ("57", "id-zeros", ["0057"]),
    ("057", "id-zeros", ["0057"]),
    ("๕๗", "id-zeros", ["0057"]),
    (" 5 7 ", "id-zeros", ["0057"]),
    ("57.0", "id-number", ["0057"]),
    ("57.00", "id-number", ["0057"]),
    ("1250", "id-zeros", ["01250"]),
    ('"1,250"', "id-number", ["01250"]),
    ("2.20305E+12", "id-scientific", ["2203045006001"]),
    ("2.2E+12", "id-scientific", ["2203045006001"]),
    ("2.203045e+12", "id-scientific", ["2203045006001"]),
    ("20011500000000400", "id-precision", ["20011500000000457"]),
    ("2.00115E+16", "id-scientific", ["20011500000000457"]),
    ("3-เม.ย.", "id-day", ["3-4"]),
    ("03-เม.ย.", "id-day", ["3-4"]),
    ("4-Mar", "id-day", ["3-4"]),
    ("Mar-04", "id-day", ["3-4"]),
    ("2026-04-03", "id-day", ["3-4"]),
    ("3/4/2569", "id-day", ["3-4"]),
]


@pytest.mark.parametrize(("text", "why", "likely"), SPOILT)
def test_a_spoilt_id_is_asked_about_in_every_kind(
    stored: Store, text: str, why: str, likely: list[str]
) -> None:
    name = dict(rows(stored, "agency", "agency_id, name_th"))[likely[0]]
    before = rows(stored, "agency")
    for kind, content, column in (
        ("agencies", f"{HEADER}{text},{name},,\n", "รหัสหน่วยงาน"),
        ("agencies", f"{HEADER}{text},ชื่ออื่น,,\n", "รหัสหน่วยงาน"),
        ("scores", f"ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2567,{text},80\n", "หน่วยงาน"),
        ("measures", f"ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ\n2567,{text},IIT,1,ก\n", "หน่วยงาน"),
        ("annotations", f"วันที่,หน่วยงาน,เหตุการณ์\n1/4/2567,{text},ก\n", "หน่วยงาน"),
    ):
        outcome = take(stored, kind, content)
        assert found(outcome) == [("spoilt-id", 2, column)]
        (problem,) = outcome.problems
        assert problem.expected["why"] == why
        assert [agency.agency_id for agency in problem.candidates] == likely
        assert f"น่าจะเป็น {likely[0]} {name}" in problem.message()
    assert rows(stored, "agency") == before


@pytest.mark.parametrize("form", ["xlsx", "json", "tsv"])
def test_numbers_of_other_forms_are_asked_about_as_well(stored: Store, form: str) -> None:
    head = ["agency_id", "name_th", "province"]
    listed = [[57, "เทศบาลตำบลป่าซาง", "ลำพูน"], [2203045006001, "เทศบาลเมืองสองพี่น้อง", "สุพรรณบุรี"]]
    if form == "xlsx":
        book = openpyxl.Workbook()
        for row in [head, *listed]:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        content = stream.getvalue()
    elif form == "json":
        content = json.dumps([dict(zip(head, row, strict=True)) for row in listed]).encode()
    else:
        content = "\n".join("\t".join(map(str, row)) for row in [head, *listed]).encode()
    outcome = take(stored, "agencies", content, name=f"file.{form}")
    assert found(outcome) == [("spoilt-id", 2, "agency_id")]
    assert len(rows(stored, "agency")) == 5


@pytest.mark.parametrize(
    "text", ['="0057"', "'0057", "0057", '"0057"', "“0057”", " 0057\u200b", "๐๐๕๗"]
)
def test_what_guards_an_id_is_no_part_of_it(stored: Store, text: str) -> None:
    cell = '"' + text.replace('"', '""') + '"'
    outcome = taken(stored, "agencies", f"{HEADER}{cell},เทศบาลตำบลป่าซาง,เทศบาลตำบล,ลำพูน\n")
    assert counts(outcome) == (0, 0, 1)
    taken(stored, "scores", f"ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2567,{cell},80\n")
    assert rows(stored, "annual_result", "agency_id") == [("0057",)]


def test_a_stored_agency_under_another_id_is_asked_about(stored: Store) -> None:
    for name, kind, province, asked in (
        ("ทต.ป่าซาง", "ทต.", "จ.ลำพูน", True),
        ("เทศบาลตำบลป่าซาง", "", "", True),
        ("เทศบาลตำบลป่าซาง จังหวัดลำพูน", "", "", True),
        ("เทศบาลตำบลป่าซาง", "เทศบาลตำบล", "เชียงราย", False),
        ("เทศบาลตำบลป่าซางน้อย", "เทศบาลตำบล", "ลำพูน", False),
        ("องค์การบริหารส่วนตำบลป่าซาง", "อบต.", "ลำพูน", False),
    ):
        outcome = take(stored, "agencies", f"{HEADER}LPN9,{name},{kind},{province}\n", dry_run=True)
        kinds = [p.kind.value for p in outcome.problems if p.blocks]
        assert kinds == (["spoilt-id"] if asked else []), name
    assert outcome.accepted


def test_a_file_that_names_both_knows_that_they_are_two(stored: Store) -> None:
    again = f"{HEADER}0057,เทศบาลตำบลป่าซาง,,ลำพูน\nLPN9,เทศบาลตำบลป่าซาง,,ลำพูน\n"
    assert take(stored, "agencies", again).accepted
    assert len(rows(stored, "agency")) == 6
    # The same name twice in one province, as districts have it; no id of them is spoilt.
    taken(stored, "agencies", f"{HEADER}811,อบต.โนนสูง,,ตาก\n812,อบต.โนนสูง,,ตาก\n")


def test_within_a_file_one_agency_with_and_without_its_zeros_is_asked_about(store: Store) -> None:
    outcome = take(store, "agencies", f"{HEADER}0099,ทต.ริมน้ำ,,ตาก\n99,เทศบาลตำบลริมน้ำ,,จ.ตาก\n")
    assert ("spoilt-id", 3, "รหัสหน่วยงาน") in found(outcome)
    assert not rows(store, "agency")
    taken(store, "agencies", f"{HEADER}0099,ทต.ริมน้ำ,,ตาก\n99,ทต.ริมทาง,,ตาก\n")


@pytest.mark.parametrize(
    "text", ["1.10101E+12", "41.0", "41,000", "1-ก.พ.", "5-Mar", "30010000000000000000"]
)
def test_an_id_that_shows_what_happened_to_it_is_asked_about_in_an_empty_store(
    store: Store, text: str
) -> None:
    outcome = take(store, "agencies", f'{HEADER}"{text}",หน่วยงานใหม่,,\n')
    assert found(outcome) == [("spoilt-id", 2, "รหัสหน่วยงาน")]
    assert outcome.problems[0].candidates == ()


@pytest.mark.parametrize(
    "text",
    [
        "41",
        "A1",
        "NAN",
        "E5",
        "12E3",
        "1-2",
        "01/02",
        "MAY01",
        "1234567890123",
        "A.0",
        "ก-1",
        "1.2",
    ],
)
def test_a_new_id_is_taken_as_it_stands(store: Store, text: str) -> None:
    taken(store, "agencies", f"{HEADER}{text},หน่วยงานใหม่,,\n")
    assert rows(store, "agency", "agency_id") == [(text,)]


def test_who_has_chosen_the_agency_may_bring_its_spoilt_id(stored: Store) -> None:
    table = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2567,57,80\n"
    taken(stored, "scores", table, agency="0057")
    assert rows(stored, "annual_result", "agency_id") == [("0057",)]
    other = take(stored, "scores", table, agency="01250")
    assert found(other) == [("spoilt-id", 2, "หน่วยงาน")]


def test_a_person_says_which_agency_a_text_means(stored: Store) -> None:
    table = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2567,57,80\n2568,57,81\n2567,ป่าซางเก่า,82\n"
    assert not take(stored, "scores", table).accepted
    outcome = with_mapping(stored, "scores", table, ("57", "0057"), ("ป่าซาง เก่า", "01250"))
    assert outcome.accepted
    assert rows(stored, "annual_result", "agency_id, fiscal_year") == [
        ("0057", 2567),
        ("0057", 2568),
        ("01250", 2567),
    ]
    nobody = with_mapping(stored, "scores", table, ("57", "NOBODY"))
    assert ("unknown-agency", None, None) in found(nobody)


def test_a_person_says_which_id_of_a_list_is_right(stored: Store) -> None:
    table = f"{HEADER}57,เทศบาลตำบลป่าซาง,,ลำพูน\n1250,เทศบาลตำบลอื่น,,ตาก\n"
    outcome = with_mapping(stored, "agencies", table, ("57", "0057"), ("1250", "1250"))
    assert outcome.accepted
    assert {"0057", "01250", "1250"} <= {i for (i,) in rows(stored, "agency", "agency_id")}
    assert len(rows(stored, "agency")) == 6


def test_rows_of_one_shortened_id_are_answered_each(stored: Store) -> None:
    taken(stored, "agencies", f"{HEADER}2203045006002,เทศบาลเมืองสามพี่น้อง,,สุพรรณบุรี\n")
    table = (
        f"{HEADER}2.20305E+12,เทศบาลเมืองสองพี่น้อง,,สุพรรณบุรี\n2.20305E+12,เทศบาลเมืองสามพี่น้อง,,สุพรรณบุรี\n"
    )
    asked = take(stored, "agencies", table)
    assert [[a.agency_id for a in p.candidates] for p in asked.problems if p.line][:1] == [
        ["2203045006001"]
    ]
    outcome = with_mapping(
        stored,
        "agencies",
        table,
        ("2.20305E+12 · เทศบาลเมืองสองพี่น้อง · สุพรรณบุรี", "2203045006001"),
        ("2.20305E+12 · เทศบาลเมืองสามพี่น้อง · สุพรรณบุรี", "2203045006002"),
    )
    assert outcome.accepted
    assert len(rows(stored, "agency")) == 6


IDS = st.text("0123456789", min_size=1, max_size=20)


@given(st.lists(IDS, min_size=1, max_size=8, unique=True), st.data())
def test_every_number_finds_the_ids_that_it_was_made_of(
    ids: list[str], data: st.DataObject
) -> None:
    spoilt = SpoiltIds(ids)
    known = data.draw(st.sampled_from(ids))
    number = int(known)
    kept = str(number) if number < 10**15 else str(number)[:15].ljust(len(str(number)), "0")
    for text in (kept, f"{kept}.0", f"{int(kept):,}"):
        assert known in (*spoilt.before(text), text)
    assert known not in spoilt.before(known)


@given(st.text(max_size=12))
def test_any_text_is_looked_at_without_a_fault(text: str) -> None:
    unquoted(text)
    why_spoilt(text)
    SpoiltIds(["0041", text]).before(text)
