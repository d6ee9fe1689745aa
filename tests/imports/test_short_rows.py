"""Cells that a spreadsheet left out at the end of rows: not said, so that what is stored stays."""

from __future__ import annotations

import pytest

from ita.store import Store
from tests.imports.bringing import (
    MEASURES,
    PARTS,
    PROGRESS,
    SCORES,
    counts,
    found,
    part,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)

SHORT = ("short-row", None, None)
FULL = PROGRESS.strip() + ",ผลการดำเนินงาน,ปัญหา/อุปสรรค,หลักฐาน\n"


def in_form(text: str, separator: str, encoding: str) -> bytes:
    return text.replace(",", separator).encode(encoding)


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(",", "utf-8-sig"), (",", "cp874"), (";", "utf-8"), ("|", "cp874"), ("\t", "utf-16")],
)
def test_rows_cut_short_come_in_and_are_told_once(
    separator: str, encoding: str, store: Store
) -> None:
    with_measures(store)
    text = f"{FULL}2567,1,A,IIT,1,50\n2567,1,A,IIT,2,40,ทำ\n2567,1,A,EIT,1,30,ทำ,ไม่มี,ภาพถ่าย\n"
    outcome = taken(store, "progress", in_form(text, separator, encoding))
    assert (found(outcome), counts(outcome)) == ([SHORT], (3, 0, 0))
    assert outcome.problems[0].lines == (2, 3)
    assert outcome.problems[0].value == "2"


def test_what_a_row_does_not_say_stays_and_what_it_leaves_empty_goes(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{FULL}2567,1,A,IIT,1,50,ก,ข,ค\n2567,1,A,IIT,2,50,ก,ข,ค\n")
    outcome = taken(store, "progress", f"{FULL}2567,1,A,IIT,1,60\n2567,1,A,IIT,2,60,,,\n")
    assert (found(outcome), counts(outcome)) == ([SHORT], (0, 2, 0))
    told = rows(store, "completion", "seq, CAST(percent AS INTEGER), note, obstacle, evidence")
    assert told == [(1, 60, "ก", "ข", "ค"), (2, 60, None, None, None)]


def test_a_row_cut_short_with_nothing_new_is_the_same(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{FULL}2567,1,A,IIT,1,50,ก,ข,ค\n")
    assert counts(taken(store, "progress", f"{FULL}2567,1,A,IIT,1,50,ก\n")) == (0, 0, 1)


def test_figures_that_a_row_does_not_say_stay(store: Store) -> None:
    two_agencies(store)
    header = f"{PARTS.strip()},ระดับ,แหล่งที่มา\n"
    taken(store, "scores", f"{header}2567,A,88,90,91,89.8,ผ่านดี,ประกาศ\n")
    outcome = taken(store, "scores", f"{header}2567,A,89,90\n", scale="percent")
    assert (found(outcome), counts(outcome)) == ([SHORT], (0, 1, 0))
    assert [part(store, 2567, p) for p in ("IIT", "EIT", "OIT")] == [89, 90, 91]
    assert float(part(store, 2567, "total") or 0) == 89.8
    assert rows(store, "annual_result", "level, source") == [("ผ่านดี", "ประกาศ")]


def test_a_weighted_row_cut_short_does_not_weigh_what_is_stored(store: Store) -> None:
    two_agencies(store)
    taken(store, "scores", f"{PARTS}2567,A,80,90,91,\n", scale="percent")
    taken(store, "scores", f"{PARTS}2567,A,24,27\n", scale="weighted")
    assert part(store, 2567, "OIT") == 91


def test_agencies_measures_narrative_and_events_too(store: Store) -> None:
    head = "agency_id,name_th,name_en,agency_type,province\n"
    taken(store, "agencies", f"{head}A,เทศบาลเมือง ก,Town A,เทศบาลเมือง,น่าน\n")
    taken(store, "agencies", f"{head}A,เทศบาลเมืองกอ\n")
    named = "agency_id, name_th, name_en, agency_type, province"
    assert rows(store, "agency", named) == [("A", "เทศบาลเมืองกอ", "Town A", "เทศบาลเมือง", "น่าน")]
    head = f"{MEASURES.strip()},ผู้รับผิดชอบ,ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
    taken(store, "measures", f"{head}2567,A,IIT,1,หนึ่ง,กองคลัง,2,3\n")
    taken(store, "measures", f"{head}2567,A,IIT,1,หนึ่งใหม่\n")
    told = rows(store, "measure", "measure, divisions, start_quarter, end_quarter")
    assert told == [("หนึ่งใหม่", "กองคลัง", 2, 3)]
    refused = take(store, "measures", f"{head}2567,A,IIT,1,หนึ่ง,กองคลัง,4\n")
    assert ("unknown-quarter", 2, "ไตรมาสสิ้นสุด") in found(refused)  # the stored end is before it
    head = "ปีงบประมาณ,แบบวัด,ประเภท,ลำดับ,ข้อความ,มาตรการที่\n"
    taken(store, "narrative", f"{head}2567,IIT,สรุปผล,1,ทำแล้ว,1\n")
    taken(store, "narrative", f"{head}2567,IIT,สรุปผล,1,ทำครบ\n")
    assert rows(store, "narrative", "text, measures") == [("ทำครบ", "1")]
    taken(store, "annotations", "วันที่,เหตุการณ์,ส่วน,แหล่งที่มา\n1/5/2567,อบรม,IIT,กองคลัง\n")
    taken(store, "annotations", "วันที่,เหตุการณ์,ส่วน,แหล่งที่มา\n1/5/2567,อบรมใหญ่\n")
    assert rows(store, "annotation", "event, part, source") == [("อบรมใหญ่", "IIT", "กองคลัง")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2567,1,A,IIT,1\n", "what is needed lacks"),
        ("2567,1,A,IIT,1,50,ก,ข,ค,ง\n", "a cell too many"),
        ("2567,1,IIT,1,50,ก\n", "the cells have moved under others"),
        ("2567,1,A,IIT,1,ทำแล้ว\n", "a text stands where a figure belongs"),
    ],
)
def test_other_rows_of_another_width_stay_refused(text: str, why: str, store: Store) -> None:
    outcome = take(with_measures(store), "progress", f"{FULL}2567,1,A,IIT,2,40,,,\n{text}")
    assert found(outcome) == [("ragged-row", 3, None)], why


def test_a_row_of_scores_without_any_figure_stays_refused(store: Store) -> None:
    outcome = take(two_agencies(store), "scores", f"{SCORES}2567,A,80\n2566,A\n")
    assert found(outcome) == [("ragged-row", 3, None)]


def test_an_agency_left_out_where_it_is_needed_is_refused(store: Store) -> None:
    text = "ปีงบประมาณ,คะแนนรวม,หน่วยงาน\n2567,80\n"
    assert found(take(two_agencies(store), "scores", text)) == [("ragged-row", 2, None)]
    assert found(taken(store, "scores", text, agency="A")) == [SHORT]


def test_a_large_file_with_rows_cut_short_is_read_as_a_small_one(store: Store) -> None:
    with_measures(store)
    header = f"{MEASURES.strip()},ผู้รับผิดชอบ,เป้าหมาย\n"
    whole = [f"2567,A,OIT,{number},{'ก' * 200},กองคลัง,ร้อยละ 80" for number in range(1, 1500)]
    cut = [line.removesuffix(",กองคลัง,ร้อยละ 80") for line in whole]
    taken(store, "measures", (header + "\n".join(whole)).encode("utf-8-sig"))
    lines = [*whole[:16], *cut[16:32], *whole[32:]]
    content = (header + "\n".join(lines)).encode("utf-8-sig")
    assert len(content) > 256 * 1024
    outcome = taken(store, "measures", content)
    assert (found(outcome), counts(outcome)) == ([SHORT], (0, 0, 1499))
    assert outcome.problems[0].value == "16"


@pytest.mark.parametrize("mark", ["\x1a", "\x1a\r\n", "\r\n\x1a\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_the_mark_by_which_old_programs_end_a_file_is_no_row(
    mark: str, encoding: str, store: Store
) -> None:
    content = f"{SCORES}2567,A,80\r\n{mark}".encode(encoding)
    outcome = taken(two_agencies(store), "scores", content)
    assert (found(outcome), counts(outcome)) == ([], (1, 0, 0))


def test_a_large_file_may_end_with_the_mark(store: Store) -> None:
    body = "".join(f"2567,A,OIT,{number},{'ก' * 200}\r\n" for number in range(1, 1500))
    outcome = taken(two_agencies(store), "measures", f"{MEASURES}{body}\x1a".encode("utf-8-sig"))
    assert (found(outcome), counts(outcome)) == ([], (1499, 0, 0))
