"""Who signs report and plan and with which digits they are printed, in each form of file."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from docx import Document as open_document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from ita.documents.model import Signatory
from ita.documents.settings import (
    NO_SETTINGS,
    DocumentSettings,
    load_document_settings,
    with_digits,
)
from ita.domain import FiscalYear
from ita.imports.cells import IN_ARABIC, IN_THAI
from ita.planning.analysis import load_plan_analysis
from ita.planning.plan_document import DOCUMENT_WRITERS as PLAN_WRITERS
from ita.planning.plan_document import build_plan_document
from ita.reference import Reference
from ita.reports.docx_document import fill_template, starter_template
from ita.reports.narrative import NarrativeReport
from ita.reports.report_document import DOCUMENT_WRITERS
from ita.store import Store
from tests.imports.bringing import taken
from tests.reports.printing import pages_of_pdfium

PREPARED = Signatory("ผู้จัดทำ", "นางสาวมะลิ ใจงาม", "นักวิเคราะห์นโยบายและแผนชำนาญการ")
APPROVED = Signatory("ผู้อนุมัติ", "นายบุญมี ศรีสุข", "นายกเทศมนตรี")
BOTH = (PREPARED, APPROVED)


def signed(
    report: NarrativeReport, *signatories: Signatory, digits: str | None = None
) -> NarrativeReport:
    return replace(report, settings=DocumentSettings(signatories, digits))


def text_of_docx(content: bytes) -> str:
    document = open_document(io.BytesIO(content))
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )


def text_of_pdf(content: bytes) -> str:
    return "\n".join(page[0] for page in pages_of_pdfium(content)).replace("\r", "")


def texts(report: NarrativeReport) -> dict[str, str]:
    return {
        "pdf": text_of_pdf(DOCUMENT_WRITERS["pdf"](report)),
        "docx": text_of_docx(DOCUMENT_WRITERS["docx"](report)),
        "html": DOCUMENT_WRITERS["html"](report).decode().partition("<main>")[2],
    }


@pytest.mark.slow
def test_who_signs_stands_at_the_end_of_every_printed_form(report: NarrativeReport) -> None:
    for form, text in texts(signed(report, *BOTH)).items():
        end = text[text.index("(ลงชื่อ)") :]
        for signatory in BOTH:
            assert f"({signatory.name})" in end, form
            assert signatory.position in end, form
        assert end.count("(ลงชื่อ)") == 2, form
    for form, text in texts(report).items():
        assert "(ลงชื่อ)" not in text, form


def test_signatures_are_never_alone_on_a_page(report: NarrativeReport) -> None:
    """What stands before them is kept with them: a table's last row, or a paragraph."""
    document = open_document(io.BytesIO(DOCUMENT_WRITERS["docx"](signed(report, *BOTH))))
    tables = [block for block in document.element.body if block.tag == qn("w:tbl")]
    last_row = tables[-2].findall(qn("w:tr"))[-1]
    paragraphs = list(last_row.iter(qn("w:p")))
    assert paragraphs and all(
        p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for p in paragraphs
    )
    between = tables[-1].getprevious()
    while between is not tables[-2]:
        assert between.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None
        between = between.getprevious()


def test_what_is_not_known_is_left_to_be_written_by_hand(report: NarrativeReport) -> None:
    text = text_of_docx(DOCUMENT_WRITERS["docx"](signed(report, Signatory("ผู้จัดทำ", "", "ปลัด"))))
    assert re.search(r"\(\.{20,}\)", text)
    assert "ตำแหน่ง ปลัด" in text


TRAPS = (
    "<b>นาย</b> & ก",
    "#set page(fill: red)",
    "{{ agency }} {% for %}",
    "๑" * 200,
    "*_`$\\",
    "ก\nข",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAPS)
def test_a_name_is_text_and_nothing_else(name: str, report: NarrativeReport) -> None:
    for form, text in texts(signed(report, Signatory("ผู้จัดทำ", name, name))).items():
        shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert name.replace("\n", "") in re.sub(r"\s*\n\s*|<br>", "", shown), form


@pytest.mark.slow
@pytest.mark.parametrize(("digits", "never"), [(IN_THAI, "[0-9]"), (IN_ARABIC, "[๐-๙]")])
def test_a_document_has_one_kind_of_digits(
    digits: str, never: str, report: NarrativeReport
) -> None:
    rows = tuple(replace(row, outcome=f"{row.outcome} ปี ๒๕๖๗ ถึง 2568") for row in report.rows)
    mixed = signed(
        replace(report, rows=rows), Signatory("ผู้จัดทำ", "นาย ก", "กอง ๑ งาน 2"), digits=digits
    )
    written = texts(mixed) | {"csv": DOCUMENT_WRITERS["csv"](mixed).decode("utf-8-sig")}
    written["html"] = re.sub("<[^>]*>", "", written["html"])
    for form, text in written.items():
        assert not re.findall(never, text), form
    book = load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](mixed)))
    values = [
        str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row if v
    ]
    assert not re.findall(never, "".join(values))


def test_as_written_nothing_is_changed(report: NarrativeReport) -> None:
    assert DOCUMENT_WRITERS["csv"](report) == DOCUMENT_WRITERS["csv"](signed(report, *BOTH))


def test_addresses_keep_their_digits() -> None:
    text = "ดู https://a.go.th/2567/1.pdf ข้อ 3 หรือ ita2567@a.go.th ปี 2567"
    assert (
        with_digits(text, IN_THAI) == "ดู https://a.go.th/2567/1.pdf ข้อ ๓ หรือ ita2567@a.go.th ปี ๒๕๖๗"
    )
    assert with_digits(with_digits(text, IN_THAI), IN_ARABIC) == text
    assert with_digits(text, None) == text


def test_an_agencys_own_form_says_where_they_sign(report: NarrativeReport) -> None:
    own = open_document()
    own.add_paragraph("{{ approved_by }}; {{ prepared_position }}")
    own.add_paragraph("{% for row in rows %}{{ row.title }}{% endfor %}")
    stream = io.BytesIO()
    own.save(stream)
    filled = fill_template(stream.getvalue(), signed(report, *BOTH))
    assert f"{APPROVED.name}; {PREPARED.position}" in text_of_docx(filled)
    assert "(ลงชื่อ)" not in text_of_docx(filled)
    assert "(ลงชื่อ)" not in text_of_docx(starter_template())


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_a_plan_is_signed_and_in_the_same_digits(
    form: str, sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        analysis = load_plan_analysis(
            cursor, "SAMPLE", FiscalYear(2568), FiscalYear(2567), reference, date(2024, 11, 1)
        )
    assert analysis.settings == NO_SETTINGS
    analysis = replace(analysis, settings=DocumentSettings(BOTH, IN_THAI))
    content = PLAN_WRITERS[form](build_plan_document(analysis, (), reference, is_draft=False))
    text = {"pdf": text_of_pdf, "docx": text_of_docx}.get(form, bytes.decode)(content)
    text = re.sub("<[^>]*>", "", text.partition("<main>")[2]) if form == "html" else text
    assert not re.findall("[0-9]", text)
    assert f"({PREPARED.name})" in text


HEADER = "agency_id,name_th,prepared_by,prepared_position,approved_by,approved_position,digits\n"


def test_settings_come_with_the_list_of_agencies(store: Store) -> None:
    taken(store, "agencies", f"{HEADER}A,เทศบาล ก,มะลิ,,,นายก,เลขไทย\nB,เทศบาล ข,,,,,\n")
    with store.reading() as cursor:
        ours, others = (load_document_settings(cursor, agency) for agency in "AB")
        assert load_document_settings(cursor, "x") == NO_SETTINGS
    assert ours.digits == IN_THAI
    assert ours.signatories == (Signatory("ผู้จัดทำ", "มะลิ", ""), Signatory("ผู้อนุมัติ", "", "นายก"))
    assert others == NO_SETTINGS
    # A file that doesn't speak of them keeps them.
    taken(store, "agencies", "agency_id,name_th\nA,เทศบาลใหม่\n")
    with store.reading() as cursor:
        assert load_document_settings(cursor, "A") == ours
