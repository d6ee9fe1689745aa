"""What was recorded at an import stands for a source that the file does not name."""

from __future__ import annotations

from ita.config import Limits
from ita.domain import FiscalYear
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.saving import import_file
from ita.scores.queries import load_recorded_reason
from ita.store import Store
from tests.imports.bringing import AGENCIES, TESTER, committed_reference, taken, undo


def _bring(store: Store, text: str, reason: str) -> None:
    request = ImportRequest(Dataset.SCORES, text.encode(), "scores.csv", None, None)
    assert import_file(store, request, committed_reference(), Limits(), TESTER, reason, False).batch


def _reason(store: Store, agency: str, year: int) -> str:
    with store.reading() as cursor:
        return load_recorded_reason(cursor, agency, FiscalYear(year))


def test_the_last_import_of_a_years_scores_speaks_and_an_undone_one_does_not(store: Store) -> None:
    taken(store, "agencies", AGENCIES)
    _bring(store, "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2566,A,80\n2567,A,90\n", "หนังสือที่ 12")
    _bring(store, "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2567,A,91\n", "แก้ตามประกาศ")
    assert _reason(store, "A", 2566) == "หนังสือที่ 12"
    assert _reason(store, "A", 2567) == "แก้ตามประกาศ"
    assert _reason(store, "B", 2567) == ""
    undo(store, 3, "ผู้ทดลอง", "พิมพ์ผิด")
    assert _reason(store, "A", 2567) == "หนังสือที่ 12"
