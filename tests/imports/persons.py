"""Persons of every kind, what they may bring in, and imports and undos in their name."""

from __future__ import annotations

from ita.auth.permissions import Role, User, anonymous
from ita.config import Limits
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.history import undo
from ita.imports.saving import ImportResult, import_file
from ita.store import Store
from tests.imports.bringing import MEASURES, NARRATIVE, PROGRESS, SCORES, committed_reference

OF_A = User("สมศรี", Role.STAFF, "A", account="somsri")
OF_NOBODY = User("ใหม่", Role.STAFF, None, account="new")
CHIEF = User("ผู้บริหาร", Role.EXECUTIVE, account="chief")
NO_ONE = anonymous(public=False)
WORKS = User("ช่าง", Role.STAFF, "A", frozenset({"กองช่าง"}), "works")
WITH_DIVISIONS = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ,ผู้รับผิดชอบ\n"
MEASURES_OF_ALL = (
    f"{WITH_DIVISIONS}2567,A,IIT,1,ก,กองช่าง\n2567,A,IIT,2,ข,สำนักปลัด\n"
    "2567,A,IIT,3,ค,กองช่าง/สำนักปลัด\n2567,A,IIT,4,ง,\n2567,B,IIT,1,จ,กองช่าง\n"
)


def brought(
    store: Store, person: User, kind: str, content: str, agency: str | None = None, **how: bool
) -> ImportResult:
    request = ImportRequest(Dataset(kind), content.encode(), "file.csv", agency)
    return import_file(store, request, committed_reference(), Limits(), person, "r", **how)


def kinds(outcome: ImportResult) -> list[str]:
    return [problem.kind.value for problem in outcome.problems]


OWN = {
    "scores": f"{SCORES}2567,A,80\n",
    "measures": f"{MEASURES}2567,A,IIT,9,ใหม่\n",
    "progress": f"{PROGRESS}2567,1,A,IIT,1,50\n",
    "narrative": f"{NARRATIVE}2567,A,IIT,สรุปผล,1,ดีขึ้น,1\n",
    "annotations": "วันที่,หน่วยงาน,เหตุการณ์\n1 ม.ค. 2567,A,เหตุ\n",
}


def undone(store: Store, batch: int, person: User) -> int:
    return undo(store, batch, person, "r", committed_reference())
