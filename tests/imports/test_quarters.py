"""Quarters as offices write them, and the years that they name."""

from __future__ import annotations

import pytest

from ita.config import Limits
from ita.domain import FiscalYear
from ita.imports.cells import CellError, fiscal_year
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.quarters import WrittenQuarter, quarter, written_quarter
from ita.imports.saving import ImportResult, import_file
from ita.store import Store
from tests.imports.bringing import (
    MEASURES,
    PROGRESS,
    TESTER,
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    with_measures,
)


@pytest.mark.parametrize(
    "written",
    [
        "3",
        "๓",
        "Q3",
        "q 3",
        "ไตรมาส 3",
        "ไตรมาสที่ ๓",
        "ไตรมาศ 3",
        "3.0",
        "Quarter 3",
        "ไตรมาสที่สาม",
        "3rd quarter",
    ],
)
def test_each_way_to_write_the_third_quarter(written: str) -> None:
    assert written_quarter(written) == WrittenQuarter(3)


@pytest.mark.parametrize(
    ("written", "number", "year"),
    [
        ("ไตรมาส 1 (ต.ค.-ธ.ค.)", 1, None),
        ("ไตรมาสแรก (ต.ค.-ธ.ค.)", 1, None),
        ("ไตรมาสสุดท้าย/2568", 4, 2568),
        ("ไตรมาสที่ ๒ (มกราคม–มีนาคม)", 2, None),
        ("ไตรมาสที่ ๑ (ตุลาคม–ธันวาคม 2567)", 1, 2568),
        ("ไตรมาสที่ ๑ (๑ ต.ค. ๒๕๖๗ – ๓๑ ธ.ค. ๒๕๖๗)", 1, 2568),
        ("ไตรมาส 2 (ม.ค. 68 - มี.ค. 68)", 2, 2568),
        ("ไตรมาส 1\n(ต.ค., พ.ย., ธ.ค. 66)", 1, 2567),
        ("ต.ค.–ธ.ค. 67", 1, 2568),
        ("เม.ย. ถึง มิ.ย. 2568", 3, 2568),
        ("Q4 (Jul-Sep 2025)", 4, 2568),
        ("กรกฎาคม - กันยายน", 4, None),
        ("Q1/2568", 1, 2568),
        ("1/2568", 1, 2568),
        ("๑/๖๘", 1, 2568),
        ("1-2568", 1, 2568),
        ("2568/1", 1, 2568),
        ("2568Q1", 1, 2568),
        ("FY2568 Q3", 3, 2568),
        ("ไตรมาส 1/2568", 1, 2568),
        ("ไตรมาสที่ 2 ปีงบประมาณ พ.ศ. ๒๕๖๘", 2, 2568),
        ("ไตรมาส 1 ปี 2568 (ต.ค.-ธ.ค. 2567)", 1, 2568),
        ("Quarter 1/2025", 1, 2568),
    ],
)
def test_a_year_beside_the_number_is_fiscal_and_beside_a_month_of_the_calendar(
    written: str, number: int, year: int | None
) -> None:
    assert written_quarter(written) == WrittenQuarter(number, year)


@pytest.mark.parametrize(
    "written",
    [
        *("0", "5", "1-4", "13", "1.5", "ต้น", "1/4", "2,3", "ไตรมาส", "2568", "2568-01-01", "1/1/2568"),
        *("ต.ค.", "ต.ค.-พ.ย.", "พ.ย.-ธ.ค.", "ต.ค.-มี.ค.", "ไตรมาส 1 (ม.ค.-มี.ค.)", "1/25", "-1", "²"),
        *("ไตรมาส 1/2567 (ต.ค.-ธ.ค. 2567)", "ต.ค. 66 - ธ.ค. 67", "ไตรมาส 1 และ 2", "01", "1/2499", "เดือนแรก", "ไตรมาสสามเดือนแรก", "สาม", "11th"),
    ],
)  # fmt: skip
def test_what_is_no_quarter_is_refused(written: str) -> None:
    with pytest.raises(CellError, match="unknown-quarter"):
        quarter(written)


def test_quarters_in_words_come_in(store: Store) -> None:
    text = f"{PROGRESS}2567,ไตรมาส 2 (ม.ค.-มี.ค. 2567),A,IIT,1,50\n2567,Q3/2567,A,IIT,1,60\n"
    outcome = taken(with_measures(store), "progress", text)
    assert (found(outcome), counts(outcome)) == ([], (2, 0, 0))
    assert rows(store, "completion", "quarter") == [(2,), (3,)]


@pytest.mark.parametrize("written", ["Q1/2568", "ต.ค.-ธ.ค. 2567", "ไตรมาส 1 (ตุลาคม-ธันวาคม 67)"])
def test_a_quarter_of_another_year_than_its_rows_is_told(written: str, store: Store) -> None:
    outcome = take(with_measures(store), "progress", f"{PROGRESS}2567,{written},A,IIT,1,50\n")
    assert found(outcome) == [("unknown-quarter", 2, "ไตรมาส")]
    assert "ไม่ตรงกับปีงบประมาณของแถว" in outcome.problems[0].message()


def test_the_quarters_of_a_plan_are_of_its_year(store: Store) -> None:
    head = f"{MEASURES.strip()},ไตรมาสเริ่ม,ไตรมาสสิ้นสุด\n"
    outcome = take(with_measures(store), "measures", f"{head}2567,A,OIT,1,ก,1/2567,2/2568\n")
    assert found(outcome) == [("unknown-quarter", 2, "ไตรมาสสิ้นสุด")]
    assert taken(store, "measures", f"{head}2567,A,OIT,1,ก,1/2567,2/2567\n").counts.new == 1


def test_a_file_without_years_takes_those_of_its_quarters(store: Store) -> None:
    with_measures(store)
    head = PROGRESS.removeprefix("ปีงบประมาณ,")
    outcome = taken(store, "progress", f"{head}2/2567,A,IIT,1,50\nQ3/67,A,IIT,1,60\n")
    assert found(outcome) == [("year-taken", None, None)]
    assert outcome.problems[0].value == "2567"
    assert rows(store, "completion", "fiscal_year, quarter") == [(2567, 2), (2567, 3)]
    refused = take(store, "progress", f"{head}2/2567,A,IIT,1,50\nQ3,A,IIT,1,60\n")
    assert ("missing-column", 1, None) in found(refused)


@pytest.mark.parametrize("year", ["2567", "๖๗", "2024"])
def test_the_year_said_beside_a_file_counts_where_it_has_none(year: str, store: Store) -> None:
    with_measures(store)
    head = PROGRESS.removeprefix("ปีงบประมาณ,")
    given = FiscalYear(fiscal_year(year))
    outcome = given_year(store, Dataset.PROGRESS, f"{head}2,A,IIT,1,50\n3,A,IIT,1,\n", given)
    assert (found(outcome), counts(outcome)) == ([("not-reported", None, None)], (1, 0, 0))
    assert rows(store, "completion", "fiscal_year, quarter") == [(2567, 2)]


@pytest.mark.parametrize(
    "kind", [Dataset.SCORES, Dataset.MEASURES, Dataset.PROGRESS, Dataset.NARRATIVE]
)
def test_any_kind_with_a_year_may_do_without_it(kind: Dataset, store: Store) -> None:
    with_measures(store)
    text = {
        Dataset.SCORES: "หน่วยงาน,คะแนนรวม\nA,88.5\nรวม,88.5\n",
        Dataset.MEASURES: "หน่วยงาน,แบบวัด,ลำดับ,มาตรการ\nA,OIT,1,ใหม่\n",
        Dataset.PROGRESS: "ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n1,A,IIT,1,9\n",
        Dataset.NARRATIVE: "หน่วยงาน,แบบวัด,ประเภท,ข้อความ\nA,IIT,ผลลัพธ์,ดี\n",
    }[kind]
    refused = take(store, kind, text)
    missing = next(p for p in refused.problems if p.kind.value == "missing-column")
    assert "--year" in missing.message()
    outcome = given_year(store, kind, text, FiscalYear(2567))
    assert (outcome.accepted, outcome.counts.new) == (True, 1)


def test_the_files_own_year_wins_and_is_told(store: Store) -> None:
    text = f"{PROGRESS}2567,2,A,IIT,1,50\n"
    outcome = given_year(with_measures(store), Dataset.PROGRESS, text, FiscalYear(2568))
    assert outcome.accepted
    assert found(outcome) == [("other-year", None, None)]
    assert rows(store, "completion", "fiscal_year") == [(2567,)]
    same = given_year(store, Dataset.PROGRESS, text + "\n", FiscalYear(2567))
    assert found(same) == []


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("ประจำปีงบประมาณ พ.ศ. ๒๕๖๗", ["2567"]),
        ("รายงานผล ปี 67 ไตรมาส 2", ["2567"]),
        ("แผนปีงบประมาณ 2568 จากผลปี 2567", ["2568", "2567"]),
        ("ฉบับที่ 2567", None),
    ],
)
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_year_in_the_title_is_offered_and_not_taken(
    title: str, years: list[str] | None, separator: str, store: Store
) -> None:
    text = f"{title},,,,\n{PROGRESS.removeprefix('ปีงบประมาณ,')}2,A,IIT,1,50\n"
    outcome = take(with_measures(store), "progress", text.replace(",", separator).encode("cp874"))
    (missing,) = outcome.problems
    assert (missing.kind.value, missing.as_json().get("candidates")) == ("missing-column", years)


def given_year(store: Store, kind: Dataset, text: str, year: FiscalYear) -> ImportResult:
    request = ImportRequest(kind, text.encode(), "f.csv", year=year)
    return import_file(store, request, committed_reference(), Limits(), TESTER)
