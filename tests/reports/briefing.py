"""Agencies of every sort for the brief, brought in as files are, and the brief as a reader sees it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pypdfium2

from ita.domain import FiscalYear
from ita.imports.datasets import Dataset
from ita.reports.brief import Brief, brief_pdf, build_brief
from ita.store import Store
from tests.imports.bringing import committed_reference, delimited, taken

TODAY = date(2025, 3, 1)
"""After the last report of FY2567 was due."""
SCORES = ["ปีงบประมาณ", "หน่วยงาน", "IIT", "EIT", "OIT", "คะแนนรวม", "แหล่งที่มา"]
WHOLE = [*SCORES, *(f"ตัวชี้วัด {number}" for number in range(1, 11))]
LONG = "การส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน " * 60
HOSTILE = [
    "#panic()",
    "<script>alert(1)</script>",
    '#eval("1") #read("/etc/passwd")',
    "$x$ *b* _i_ @ref <label> = หัว",
    "]} {[ \\ // /* ไม่จบ",
]


def made(store: Store, agency: str, year: int = 2567, today: date = TODAY) -> Brief:
    with store.reading() as cursor:
        return build_brief(cursor, agency, FiscalYear(year), committed_reference(), today)


def bring(store: Store, kind: Dataset, *rows: list[str]) -> None:
    taken(store, kind.value, delimited([list(row) for row in rows]))


def an_agency(store: Store, name: str = "เทศบาลเมือง ก") -> None:
    bring(store, Dataset.AGENCIES, ["agency_id", "name_th"], ["A", name])


def totals(store: Store, *years: int, source: str = "ประกาศ") -> None:
    """Totals that rise and fall by turns."""
    rows = [[str(y), "A", "", "", "", f"{80 + (y % 3) * 4.25:.2f}", source] for y in years]
    bring(store, Dataset.SCORES, SCORES, *rows)


def measures(store: Store, count: int, text: str = "ทบทวนระเบียบการยืมทรัพย์สิน") -> None:
    """Measures of the whole FY2567 of which nothing was reported."""
    head = ["ปีงบประมาณ", "หน่วยงาน", "แบบวัด", "ลำดับ", "มาตรการ", "ไตรมาสเริ่ม", "ไตรมาสสิ้นสุด"]
    rows = [["2567", "A", "IIT", str(n), f"{text} {n}", "1", "4"] for n in range(1, count + 1)]
    bring(store, Dataset.MEASURES, head, *rows)


def every_indicator(store: Store, *years: int, start: float = 60) -> None:
    """Years with all ten indicators, each weak; no total is published."""
    rows = [
        [str(year), "A", "", "", "", "", "ประกาศ", *(f"{start + n + place:.2f}" for n in range(10))]
        for place, year in enumerate(years)
    ]
    bring(store, Dataset.SCORES, WHOLE, *rows)


def pages_of(found: Brief) -> list[str]:
    """The text of each page, without the blanks and line ends that a page may add."""
    document = pypdfium2.PdfDocument(BytesIO(brief_pdf(found)))
    texts = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    return texts


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufffe]", "", text)
