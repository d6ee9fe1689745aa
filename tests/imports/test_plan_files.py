"""A draft as a file of measures and back; what an import takes is what was downloaded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Limits
from ita.domain import FiscalYear
from ita.exports.templates import template_csv, template_xlsx
from ita.imports.agencies import directory
from ita.measures.model import load_measures
from ita.measures.plan_drafts import PlanDraft, PlannedRow, planned_row
from ita.planning.plan_files import ReadPlan, plan_template, read_plan
from ita.store import Store, open_memory_store
from tests.imports.bringing import MEASURES, committed_reference, taken, two_agencies
from tests.imports.nasty import NASTY

YEAR = FiscalYear(2570)
WHOLE = PlannedRow(
    "IIT",
    "1",
    "จัดอบรม",
    "4,7",
    "จุดอ่อน",
    "ประชุม\nรายงาน",
    "กองคลัง\nกองช่าง",
    "1",
    "4",
    "ครบ",
    "ทุกไตรมาส",
    "ปี 2567 IIT 1",
)
MAKERS = {"x.csv": template_csv, "x.xlsx": template_xlsx}


@pytest.fixture(scope="module")
def agencies() -> Store:
    return two_agencies(open_memory_store())


def _made(draft: PlanDraft, name: str) -> bytes:
    return MAKERS[name](plan_template(draft, "A", YEAR, committed_reference()))


def _read(
    store: Store, content: bytes, name: str = "x.csv", limits: Limits | None = None
) -> ReadPlan:
    with store.reading() as cursor:
        known = directory(cursor, committed_reference())
    return read_plan(content, name, "A", YEAR, known, committed_reference(), limits or Limits())


@pytest.mark.parametrize("name", MAKERS)
def test_a_draft_comes_back_as_it_went(name: str, agencies: Store) -> None:
    draft = (WHOLE, PlannedRow("EIT", "1", cause="ยังไม่ได้คิด", origin="ยังไม่มีมาตรการ"))
    found = _read(agencies, _made(draft, name), name)
    assert (found.draft, found.year, found.skipped_rows) == (draft, YEAR, 0)


@pytest.mark.parametrize("name", MAKERS)
def test_nasty_texts_come_back_as_they_went(name: str, agencies: Store) -> None:
    # What a spreadsheet or an import would tidy away is not what is in question here.
    texts = [
        text for text in NASTY if text == text.strip() and not text.startswith(("'", "a_x005F"))
    ]
    draft = tuple(replace(WHOLE, seq=str(n), measure=t) for n, t in enumerate(texts, start=1))
    assert [row.measure for row in _read(agencies, _made(draft, name), name).draft] == texts


words = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20
)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(words, words, st.sampled_from(["", "1", "10", "1,2"])), min_size=1, max_size=5
    )
)
def test_any_texts_come_back(rows: list[tuple[str, str, str]]) -> None:
    draft = tuple(
        PlannedRow("IIT", str(n), text, numbers, cause)
        for n, (text, cause, numbers) in enumerate(rows, start=1)
    )
    with open_memory_store() as store:
        found = _read(two_agencies(store), _made(draft, "x.csv")).draft
    from ita.imports.cells import cell_text

    assert [(row.measure, row.cause) for row in found] == [
        (cell_text(row.measure), cell_text(row.cause)) for row in draft
    ]


def test_what_is_downloaded_is_what_an_import_takes(store: Store) -> None:
    two_agencies(store)
    taken(store, "measures", _made((WHOLE,), "x.csv"), name="ร่างจากแผน 2567.csv")
    with store.reading() as cursor:
        (found,) = load_measures(cursor, "A", YEAR)
    assert planned_row(found, WHOLE.origin) == WHOLE


def test_rows_of_another_agency_and_year_are_passed_over(agencies: Store) -> None:
    text = f"{MEASURES}2570,A,IIT,1,ก\n2570,B,IIT,1,ข\n2569,A,IIT,1,ค\n2570,ไม่รู้จัก,IIT,2,ง\n"
    found = _read(agencies, text.encode())
    assert [row.measure for row in found.draft] == ["ก"]
    assert (found.year, found.skipped_rows) == (YEAR, 3)


def test_without_the_plans_year_the_latest_is_taken(agencies: Store) -> None:
    text = f"{MEASURES}2566,A,IIT,1,ก\n2567,A,IIT,1,ข\n,A,IIT,2,ค\n"
    found = _read(agencies, text.encode())
    assert ([row.measure for row in found.draft], found.year) == (["ข", "ค"], 2567)


def test_cells_are_kept_as_typed_for_the_check_to_complain_of(agencies: Store) -> None:
    header = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ตัวชี้วัด,ไตรมาสเริ่ม,ผู้รับผิดชอบ\n"
    text = f"{header}2570,A,ITT,๓,ก,เจ็ด,ต้นปี,กองคลัง; กองช่าง\n2570,A,IIT,1,ข,ตัวชี้วัดที่ ๗,2,\n"
    first, second = _read(agencies, text.encode()).draft
    assert (first.instrument, first.seq, first.indicator, first.start_quarter) == (
        "ITT",
        "๓",
        "เจ็ด",
        "ต้นปี",
    )
    assert first.divisions == "กองคลัง\nกองช่าง"
    assert second.indicator == "7"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty-file"),
        (b"%PDF-1.7\n", "unreadable-encoding"),
        (MEASURES.encode(), "empty-file"),
        ("ปีงบประมาณ,แบบวัด\n2570,IIT\n".encode(), "missing-column"),
        (f"{MEASURES}2570,B,IIT,1,ของคนอื่น\n".encode(), "empty-file"),
    ],
)
def test_what_is_no_draft_is_told(content: bytes, kind: str, agencies: Store) -> None:
    found = _read(agencies, content)
    assert found.draft == ()
    assert found.problems[0].kind == kind
    assert found.problems[0].message()


def test_a_large_file_is_refused_as_on_every_way_in(agencies: Store) -> None:
    text = f"{MEASURES}2570,A,IIT,1,ก\n2570,A,IIT,2,ข\n"
    found = _read(agencies, text.encode(), limits=Limits(rows=1))
    assert [problem.kind for problem in found.problems] == ["file-too-large"]
