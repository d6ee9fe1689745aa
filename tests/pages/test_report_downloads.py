"""The report page gives out every format, and takes an agency's own form and crest."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import NotAllowed, Role, User, machine_owner
from ita.reports.docx_document import starter_template
from ita.reports.looks import LookFault, remove_look, save_look
from ita.store.looks import look_contents
from ita.ui.components.markup import escape_markdown
from ita.ui.narrative import documents
from ita.ui.narrative.documents import looks_for
from ita.web import current_user
from ita.web.store_access import get_store
from ita.workers import QueueFull, WorkerMemoryExceeded, run_limited
from tests.pages.conftest import MadeFiles, OpenPage
from tests.pages.moves import button, labels, text_of
from tests.reports.printing import picture

REPORT, AGENCY = "pages/report/narrative.py", "pages/data/agency.py"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page(AGENCY, agency="SAMPLE")
    assert not app.exception
    return app


def upload(app: AppTest, key: str, name: str, content: bytes, mime: str) -> None:
    (place,) = [f for f in app.file_uploader if f.key.startswith(f"report {key} ")]
    place.set_value((name, content, mime)).run()
    assert not app.exception


def template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_every_format_is_in_one_menu_that_says_what_the_file_lacks(open_page: OpenPage) -> None:
    app = open_page(REPORT, agency="SAMPLE", year="2567")
    labels = [button.label for button in app.get("download_button")]
    in_order = ("PDF", "DOCX", "XLSX", "CSV", "HTML")
    assert labels == [f"ดาวน์โหลด {name}" for name in in_order]
    told = text_of(app)
    assert "ยังขาด 4 รายการ ไฟล์ที่ได้เป็นฉบับร่าง" in told
    assert "ข้อความ 1 แห่งขัดกับคะแนน และจะอยู่ในไฟล์ตามที่เขียนไว้" in told


def test_an_agencys_own_form_is_taken(page: AppTest) -> None:
    upload(page, "template", "form.docx", starter_template(), DOCX)
    assert f"ใช้ {escape_markdown('form.docx')} กับไฟล์ที่ดาวน์โหลดในครั้งนี้" in text_of(page)
    assert not page.error


def test_a_form_that_will_not_do_is_refused_with_a_sentence(page: AppTest) -> None:
    upload(page, "template", "form.docx", template("{{ agncy }}"), DOCX)
    (error,) = page.error
    assert "“agncy”" in error.value
    assert "กับไฟล์ที่ดาวน์โหลดในครั้งนี้" not in text_of(page)


def test_a_crest_is_taken_or_refused(page: AppTest) -> None:
    upload(page, "crest", "crest.png", picture("PNG"), "image/png")
    assert f"ใช้ {escape_markdown('crest.png')}" in text_of(page)
    upload(page, "crest", "crest.png", b"GIF89a", "image/png")
    (error,) = page.error
    assert "ใช้ภาพนี้เป็นตราหน่วยงานไม่ได้" in error.value


def test_a_kept_crest_is_there_on_the_next_visit_until_it_is_given_up(
    page: AppTest, open_page: OpenPage
) -> None:
    before = kept()
    upload(page, "crest", "ตรา.png", picture("PNG"), "image/png")
    button(page, "เก็บไว้ใช้ครั้งต่อไป").click().run()
    assert kept() == {**before, "crest": picture("PNG")}
    other = open_page(AGENCY, agency="SAMPLE")
    assert "ใช้ ตรา.png ที่เก็บไว้ของหน่วยงาน" in text_of(other)
    assert looks_for("SAMPLE", "pdf", {}) == {"crest": picture("PNG")}
    assert looks_for("SAMPLE", "csv", {}) == {}
    assert looks_for("YALA", "pdf", {}) == {}
    button(other, "เลิกใช้").click().run()
    assert kept() == before
    assert "ที่เก็บไว้ของหน่วยงาน" not in text_of(other)


def test_what_is_chosen_goes_before_what_is_kept(page: AppTest) -> None:
    save_look(get_store(), machine_owner("x"), "SAMPLE", "crest", "a.png", picture("PNG"))
    chosen = {"crest": picture("JPEG")}
    assert looks_for("SAMPLE", "docx", chosen) == chosen


def test_nobody_keeps_what_will_not_do_or_is_another_agencys(page: AppTest) -> None:
    owner = machine_owner("x")
    with pytest.raises(LookFault):
        save_look(get_store(), owner, "SAMPLE", "crest", "a.png", b"GIF89a")
    staff = User("สมชาย", Role.STAFF, "YALA", account="local:s")
    with pytest.raises(NotAllowed):
        save_look(get_store(), staff, "SAMPLE", "crest", "a.png", picture("PNG"))
    with pytest.raises(NotAllowed):
        remove_look(get_store(), staff, "SAMPLE", "crest")
    assert kept() == {}


def test_a_viewer_may_choose_but_not_keep(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = User("ผู้ชม", Role.VIEWER, account="local:v")
    monkeypatch.setattr(current_user, "user_of", lambda asking: viewer)
    app = open_page(AGENCY, agency="SAMPLE")
    upload(app, "crest", "crest.png", picture("PNG"), "image/png")
    assert f"ใช้ {escape_markdown('crest.png')}" in text_of(app)
    assert "เก็บไว้ใช้ครั้งต่อไป" not in labels(app)


def kept() -> dict[str, bytes]:
    with get_store().reading() as cursor:
        return look_contents(cursor, "SAMPLE")


def test_a_form_that_eats_its_process_is_a_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> str:
        raise WorkerMemoryExceeded(256 * 1024**2)

    monkeypatch.setattr(documents, "run_limited", fail)
    upload(page, "template", "form.docx", starter_template() + b" ", DOCX)
    (error,) = page.error
    assert "งานนี้ต้องใช้หน่วยความจำเกิน 256 MB" in error.value
    assert "กับไฟล์ที่ดาวน์โหลดในครั้งนี้" not in text_of(page)


@pytest.mark.slow
@pytest.mark.parametrize("full", [False, True])
def test_an_agencys_own_form_is_filled_in_the_worker(
    full: bool, open_page: OpenPage, made: MadeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []
    waited: list[float] = []

    def counted(function: Any, *arguments: Any, **options: Any) -> Any:
        run.append(function.__name__)
        waited.append(options["patience"])
        if full:
            raise QueueFull(12)
        return run_limited(function, *arguments, **options)

    app = open_page(AGENCY, agency="SAMPLE")
    upload(app, "template", "form.docx", starter_template(), DOCX)
    app.switch_page(REPORT).run()
    monkeypatch.setattr(documents, "run_limited", counted)
    if full:  # a template is never filled in the server
        with pytest.raises(QueueFull):
            made("ดาวน์โหลด DOCX")
        assert waited == [documents.PATIENCE_SECONDS]
        return
    files = made("ดาวน์โหลด DOCX", "ดาวน์โหลด CSV")
    document = Document(io.BytesIO(files["ดาวน์โหลด DOCX"][1]))
    assert len(document.tables[0].rows) > 1
    assert run == ["docx_document"]
