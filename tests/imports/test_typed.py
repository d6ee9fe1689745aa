"""What is typed on a page goes in as a file like any other: nothing is lost, nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.auth.permissions import machine_owner
from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import record_of, typed_request
from ita.imports.problems import ProblemKind
from ita.imports.saving import ImportResult, import_file
from ita.imports.validation.rows import validate
from ita.store import Store
from tests.imports.bringing import committed_reference, rows, taken, with_measures

OWNER = machine_owner("tester")
NASTY = (
    '=HYPERLINK("http://example.com";"x")',
    "<script>alert(1)</script> & <b>",
    "บรรทัดหนึ่ง\nบรรทัดสอง; ก;ข;ค | ง\tจ",
    '"อ้าง", \'เดี่ยว',
    "'=1+1",
    "ปี ๒๕๖๗ 😀",
    "ก" * 5_000,
    "รวม",
)


def record(kind: str, text: str, seq: int | None = None, answers: str | None = None) -> dict:
    key = {"fiscal_year": 2567, "agency": "A", "instrument": "IIT"}
    return {**key, "type": kind, "seq": seq, "text": text, "measures": answers}


def typed(store: Store, *records: dict, blank_erases: bool = True) -> ImportResult:
    reference = committed_reference()
    request = typed_request(Dataset.NARRATIVE, "A", records, "x.csv", reference, blank_erases)
    return import_file(store, request, reference, Limits(), OWNER, "test")


def texts(store: Store) -> dict[tuple[str, int], str]:
    found = rows(store, "narrative", "type, seq, text")
    return {(kind, seq): text for kind, seq, text in found}


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_stored_as_it_was_typed(text: str, store: Store) -> None:
    with_measures(store)
    assert typed(store, record("สรุปผล", text, 1, "1,2"), record("ผลลัพธ์", text)).accepted
    assert texts(store) == {("result", 1): text, ("outcome", 0): text}


@pytest.mark.slow
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=6))
def test_a_problem_names_the_record_that_it_is_about(
    sample_store: Store, written: list[str]
) -> None:
    """Whatever stands in the other records: quotes, separators, ends of lines of every kind."""
    records = [record("สรุปผล", text, n) for n, text in enumerate(written, start=1)]
    records.append(record("ผลลัพธ์", "ก" * 40_000))
    records = [{**one, "agency": "SAMPLE"} for one in records]
    reference = committed_reference()
    request = typed_request(Dataset.NARRATIVE, "SAMPLE", records, "x.csv", reference, True)
    with sample_store.reading() as cursor:
        checked = validate(request, cursor, reference, Limits())
    told = [p for p in checked.problems if p.kind is ProblemKind.TEXT_TOO_LONG]
    assert [record_of(problem) for problem in told] == [len(written)]


def test_a_blank_text_takes_the_stored_one_out_and_nothing_else(store: Store) -> None:
    with_measures(store)
    typed(store, record("สรุปผล", "หนึ่ง", 1), record("สรุปผล", "สอง", 2), record("ผลลัพธ์", "ดี"))
    outcome = typed(store, record("สรุปผล", "", 1), record("ผลลัพธ์", " - "))
    assert outcome.accepted
    assert texts(store) == {("result", 2): "สอง"}


def test_in_a_file_a_blank_text_is_a_mistake(store: Store) -> None:
    with_measures(store)
    typed(store, record("ผลลัพธ์", "ดี"))
    outcome = typed(store, record("ผลลัพธ์", ""), blank_erases=False)
    assert [p.kind for p in outcome.problems] == [ProblemKind.REQUIRED_VALUE]
    assert texts(store) == {("outcome", 0): "ดี"}


def test_a_blank_text_of_what_is_not_stored_changes_nothing(store: Store) -> None:
    with_measures(store)
    outcome = typed(store, record("สรุปผล", "", 7))
    assert outcome.accepted
    assert (outcome.counts.new, outcome.counts.changed) == (0, 0)


def test_columns_that_no_record_has_are_left_alone(store: Store) -> None:
    with_measures(store)
    head = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,เป้าหมาย\n"
    taken(store, "measures", f"{head}2567,A,IIT,1,หนึ่ง,ร้อยละ 80\n")
    named = {"fiscal_year": 2567, "agency": "A", "instrument": "IIT", "seq": 1}
    records = [{**named, "measure": "หนึ่ง", "divisions": "กองคลัง, กองช่าง"}]
    reference = committed_reference()
    request = typed_request(Dataset.MEASURES, "A", records, "x.csv", reference)
    assert import_file(store, request, reference, Limits(), OWNER, "test").accepted
    found = rows(store, "measure", "instrument, seq, divisions, target")
    assert ("IIT", 1, "กองคลัง\nกองช่าง", "ร้อยละ 80") in found
