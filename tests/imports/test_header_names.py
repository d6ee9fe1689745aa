"""Headers as forms print them: numbers, units, scales, other words, two rows."""

from __future__ import annotations

import io

import openpyxl
import pytest

from ita.imports.datasets import Dataset, columns_of
from ita.imports.header_names import HeaderName, best_guesses, column_scales, header_name
from ita.store import Store
from tests.imports.bringing import (
    MEASURES,
    PROGRESS,
    committed_reference,
    counts,
    found,
    part,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)


@pytest.mark.parametrize(
    ("written", "name", "scale"),
    [
        ("(๖) ร้อยละความสำเร็จ", "ร้อยละความสำเร็จ", None),
        ("๖. ร้อยละความสำเร็จ (%)", "ร้อยละความสำเร็จ", None),
        ("6) ร้อยละ\nความสำเร็จ *", "ร้อยละความสำเร็จ", None),
        ("งบประมาณ (บาท)", "งบประมาณ", None),
        ("IIT (๓๐)", "iit", 30),
        ("IIT (เต็ม ๓๐)", "iit", 30),
        ("IIT (คะแนนเต็ม 100 คะแนน)", "iit", 100),
        ("OIT เต็ม 40", "oit", 40),
        ("คะแนนรวม (๑๐๐)", "คะแนนรวม", 100),
        ("IIT (ร้อยละ 30)", "iit", None),
        ("IIT (30%)", "iit", None),
        ("ร้อยละความสำเร็จ (แผน)", "ร้อยละความสำเร็จ(แผน)", None),
        ("ตัวชี้วัด 1", "ตัวชี้วัด1", None),
        ("2567", "2567", None),
        ("๑.", "1.", None),
    ],
)
def test_what_stands_beside_a_name(written: str, name: str, scale: int | None) -> None:
    assert header_name(written) == HeaderName(name, scale)


FORM = "(๑) ปีงบประมาณ (พ.ศ.),(๒) ไตรมาสที่,(๓) ชื่อหน่วยงาน,(๔) แบบวัด*,(๕) ลำดับที่,(๖) ร้อยละความสำเร็จ (%),๗. ผลการดำเนินการ\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874", "utf-16"])
def test_a_form_with_its_numbers_is_read(encoding: str, store: Store) -> None:
    with_measures(store)
    text = FORM.replace("ไตรมาสที่", "ไตรมาส") + "2567,1,A,IIT,1,50,ดี\n"
    separator = "\t" if encoding == "utf-16" else ","
    outcome = taken(store, "progress", text.replace(",", separator).encode(encoding))
    assert (found(outcome), counts(outcome)) == ([], (1, 0, 0))
    assert rows(store, "completion", "note") == [("ดี",)]


def test_the_same_form_as_a_workbook_with_its_numbers_below(store: Store) -> None:
    with_measures(store)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["แบบรายงานผล ประจำปีงบประมาณ พ.ศ. ๒๕๖๗"])
    header = FORM.replace("ไตรมาสที่", "ไตรมาส").strip().split(",")
    sheet.append([cell.replace(" ", "\n") for cell in header])
    sheet.append([f"({number})" for number in range(1, 8)])
    sheet.append([2567, 1, "A", "IIT", 1, 50])
    stream = io.BytesIO()
    book.save(stream)
    outcome = taken(store, "progress", stream.getvalue(), name="f.xlsx")
    assert (found(outcome), counts(outcome)) == ([("skipped-rows", None, None)], (1, 0, 0))


def test_other_words_of_measures(store: Store) -> None:
    text = (
        "ปีงบประมาณ,ชื่อหน่วยงาน,แบบวัด,ข้อ,มาตรการหรือกิจกรรม,ตัวชี้วัดที่,เริ่ม,สิ้นสุด\n2567,A,OIT,1,เผยแพร่,9,1,4\n"
    )
    taken(two_agencies(store), "measures", text)
    assert rows(store, "measure", "measure, indicator, start_quarter, end_quarter") == [
        ("เผยแพร่", "9", 1, 4)
    ]


def test_what_is_exactly_named_wins(store: Store) -> None:
    text = "ปีงบประมาณ,รหัสหน่วยงาน,ชื่อหน่วยงาน,คะแนน ITA,คะแนนรวม\n2567,A,เทศบาลเมือง ข,10,88\n"
    outcome = taken(two_agencies(store), "scores", text)
    assert found(outcome) == [
        ("unknown-column", 1, "ชื่อหน่วยงาน"),
        ("unknown-column", 1, "คะแนน ITA"),
    ]
    assert part(store, 2567, "total") == 88


def test_two_that_may_mean_one_column_mean_neither(store: Store) -> None:
    text = "ปีงบประมาณ,หน่วยงาน,IIT (30),IIT (100),คะแนนรวม\n2567,A,27,90,88\n"
    outcome = taken(two_agencies(store), "scores", text)
    assert [kind for kind, _, _ in found(outcome)] == ["unknown-column", "unknown-column"]
    assert part(store, 2567, "IIT") is None


def test_a_plan_beside_what_was_done_is_not_taken_for_it(store: Store) -> None:
    text = f"{PROGRESS.strip()} (แผน),ร้อยละความสำเร็จ (ผล)\n2567,1,A,IIT,1,50,40\n"
    outcome = take(with_measures(store), "progress", text)
    assert ("missing-column", 1, None) in found(outcome)


SCALED = "ปีงบประมาณ,หน่วยงาน,IIT ({0}),EIT ({1}),OIT ({2})\n2567,A,{3}\n"


@pytest.mark.parametrize(
    ("marks", "figures", "iit"),
    [
        (("๓๐", "๓๐", "๔๐"), "27,24,30", 90),
        (("เต็ม 30", "เต็ม 30", "เต็ม 40"), "27,24,30", 90),
        (("100", "100", "100"), "27,24,30", 27),
        (("๑๐๐ คะแนน", "๑๐๐ คะแนน", "๑๐๐ คะแนน"), "27,24,30", 27),
    ],
)
def test_a_scale_in_the_headers_settles_what_figures_cant(
    marks: tuple[str, ...], figures: str, iit: int, store: Store
) -> None:
    taken(two_agencies(store), "scores", SCALED.format(*marks, figures))
    assert part(store, 2567, "IIT") == iit


def test_a_weight_in_the_header_of_percents_does_not_weigh_them(store: Store) -> None:
    text = "ปีงบประมาณ,หน่วยงาน,IIT (30),EIT (30),OIT (40),คะแนน ITA (100)\n2567,A,90,80,75,81\n"
    taken(two_agencies(store), "scores", text)
    assert [part(store, 2567, p) for p in ("IIT", "EIT", "OIT", "total")] == [90, 80, 75, 81]


def test_headers_that_contradict_the_figures_are_asked_about(store: Store) -> None:
    text = "ปีงบประมาณ,หน่วยงาน,IIT (100),EIT (100),OIT (100),คะแนนรวม\n2567,A,27,24,30,81\n"
    assert ("ambiguous-scale", None, None) in found(take(two_agencies(store), "scores", text))
    assert column_scales({"iit": "IIT (๓๐)", "eit": "EIT"}) == {"iit": 30}


@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_header_over_two_rows_is_one(separator: str, store: Store) -> None:
    text = "รายงานคะแนน,,,,,\nปีงบประมาณ,หน่วยงาน,คะแนนรายแบบวัด,,,คะแนนรวม\n,,IIT,EIT,OIT,\n2567,A,90,80,75,81\n"
    outcome = taken(two_agencies(store), "scores", text.replace(",", separator).encode("cp874"))
    assert (found(outcome), counts(outcome)) == ([], (1, 0, 0))
    assert part(store, 2567, "OIT") == 75


@pytest.mark.parametrize("vertical", [True, False])
def test_a_header_over_two_rows_of_a_workbook(vertical: bool, store: Store) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["ปีงบประมาณ", "หน่วยงาน", "คะแนนรายแบบวัด", None, None, "คะแนนรวม"])
    sheet.append([None, None, "IIT", "EIT", "OIT"])
    sheet.append([2567, "A", 90, 80, 75, 81])
    sheet.merge_cells("C1:E1")
    if vertical:
        for area in ("A1:A2", "B1:B2", "F1:F2"):
            sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    outcome = taken(two_agencies(store), "scores", stream.getvalue(), name="f.xlsx")
    assert (found(outcome), counts(outcome)) == ([], (1, 0, 0))
    assert [part(store, 2567, p) for p in ("IIT", "total")] == [90, 81]


def test_a_row_of_data_is_no_second_half_of_a_header(store: Store) -> None:
    text = f"{MEASURES}2567,A,IIT,1,มาตรการ\n2567,A,IIT,2,ตัวชี้วัด\n"
    assert counts(taken(two_agencies(store), "measures", text)) == (2, 0, 0)


def test_the_likeliest_column_is_offered_and_never_taken(store: Store) -> None:
    columns = columns_of(Dataset.PROGRESS, committed_reference())
    samples = {"ร้อยละผลสำเร็จ": ["50", "-"], "สีของปก": ["ฟ้า"], "งบประมาณ": ["120,000", "5,000"]}
    assert best_guesses(samples, columns) == {"ร้อยละผลสำเร็จ": "percent"}
    assert best_guesses({"ร้อยละผลสำเร็จ": ["ดี", "มาก"]}, columns) == {}
    text = PROGRESS.replace("ร้อยละความสำเร็จ", "ร้อยละผลสำเร็จ") + "2567,1,A,IIT,1,50\n"
    outcome = take(with_measures(store), "progress", text)
    assert not outcome.accepted
    told = {p.kind.value: p.as_json() for p in outcome.problems}
    assert told["unknown-column"]["candidates"] == ["ร้อยละความสำเร็จ"]
    assert told["missing-column"]["candidates"] == ["ร้อยละผลสำเร็จ"]
    assert "“ร้อยละผลสำเร็จ”" in str(told["missing-column"]["message"])
