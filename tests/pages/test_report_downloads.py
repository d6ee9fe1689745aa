"""The report page gives out every format, and takes an agency's own form and crest."""

from __future__ import annotations

import io

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from ita.report.docx_form import starter_template
from tests.pages.conftest import OpenPage
from tests.pages.moves import text_of
from tests.report.printing import picture

REPORT = "pages/report/narrative.py"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(REPORT, agency="SAMPLE", year="2567")
    assert not app.exception
    return app


def upload(app: AppTest, key: str, name: str, content: bytes, mime: str) -> None:
    app.file_uploader(key=f"report {key}").set_value((name, content, mime)).run()
    assert not app.exception


def template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_every_format_has_its_button(page: AppTest) -> None:
    labels = [button.label for button in page.get("download_button")]
    for name in ("HTML", "CSV", "XLSX", "DOCX", "PDF"):
        assert f"ดาวน์โหลด {name}" in labels
    assert "ดาวน์โหลดแม่แบบตั้งต้น" in labels


def test_an_agencys_own_form_is_taken(page: AppTest) -> None:
    upload(page, "template", "form.docx", starter_template(), DOCX)
    assert "ใช้ form.docx กับแฟ้มที่ดาวน์โหลดจากหน้านี้" in text_of(page)
    assert not page.error


def test_a_form_that_will_not_do_is_refused_with_a_sentence(page: AppTest) -> None:
    upload(page, "template", "form.docx", template("{{ agncy }}"), DOCX)
    (error,) = page.error
    assert "“agncy”" in error.value
    assert "ใช้ form.docx" not in text_of(page)


def test_a_crest_is_taken_or_refused(page: AppTest) -> None:
    upload(page, "crest", "crest.png", picture("PNG"), "image/png")
    assert "ใช้ crest.png" in text_of(page)
    upload(page, "crest", "crest.png", b"GIF89a", "image/png")
    (error,) = page.error
    assert "ใช้ภาพตรานี้ไม่ได้" in error.value
