"""หน่วยงานของเรา: settings by the form, who may, and the way to another agency."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.documents.settings import load_document_settings
from ita.imports.cells import IN_THAI
from ita.store.batches import list_batches
from ita.web import current_user
from ita.web.paths import AGENCY
from ita.web.store_access import get_store
from tests.imports.bringing import everything, rows
from tests.pages.conftest import OpenPage
from tests.pages.moves import button, html_of, labels, text_of


def field(app: AppTest, name: str) -> object:
    kinds = (app.text_input, app.selectbox, app.radio)
    (found,) = [f for kind in kinds for f in kind if f.key and f.key.endswith(f" {name}")]
    return found


def save(app: AppTest, label: str = "บันทึก", **typed: str) -> None:
    for name, text in typed.items():
        field(app, name).set_value(text)
    app.text_input(key="person").set_value("สมศรี")
    button(app, label).click().run()
    assert not app.exception


def stored(agency: str = "SAMPLE") -> tuple[object, ...]:
    columns = "agency_id, name_th, province, prepared_by, approved_position, digits"
    return next(row[1:] for row in rows(get_store(), "agency", columns) if row[0] == agency)


@pytest.mark.slow
def test_settings_are_an_import_like_any_other(open_page: OpenPage) -> None:
    app = open_page(AGENCY.file, agency="SAMPLE")
    before = everything(get_store())
    save(app, prepared_by=" นางสาวมะลิ ", approved_position="นายก", digits=IN_THAI, province="แพร่")
    assert "บันทึกข้อมูลหน่วยงานแล้ว เป็นการนำเข้าครั้งที่ 8" in text_of(app)
    assert stored()[1:] == ("แพร่", "นางสาวมะลิ", "นายก", IN_THAI)
    with get_store().reading() as cursor:
        newest = list_batches(cursor)[0]
        assert load_document_settings(cursor, "SAMPLE").signatories[0].name == "นางสาวมะลิ"
    assert (newest.person, newest.reason, newest.rows_changed) == ("สมศรี", "ปรับข้อมูลหน่วยงาน", 1)
    assert field(app, "prepared_by").value == "นางสาวมะลิ"
    # Back to what it was, and forth again: each is a change of its own.
    for prepared, digits in (("", ""), ("นางสาวมะลิ", IN_THAI), ("", "")):
        save(app, prepared_by=prepared, approved_position="", digits=digits, province="")
    assert stored()[1:] == (None, None, None, None)
    assert everything(get_store())["agency"] == before["agency"]


@pytest.mark.slow
def test_what_cannot_be_stands_below_its_field_and_changes_nothing(open_page: OpenPage) -> None:
    app = open_page(AGENCY.file, agency="SAMPLE")
    version = get_store().version()
    button(app, "บันทึก").click().run()
    assert "กรุณากรอก “ผู้บันทึก”" in text_of(app)
    save(app)
    assert "ยังไม่ได้เปลี่ยนอะไร" in text_of(app)
    save(app, name_th="  ")
    assert "กรุณากรอกข้อมูลในช่องนี้" in text_of(app)
    save(app, name_th="เทศบาล", prepared_by="ก" * 40_000)
    assert "ข้อความยาว 40000 ตัวอักษร" in text_of(app)
    assert get_store().version() == version


@pytest.mark.slow
def test_a_name_is_no_markup(open_page: OpenPage) -> None:
    app = open_page(AGENCY.file, agency="SAMPLE")
    save(app, prepared_by="<b>x</b> **y**", name_th="<img src=x> & [a](b)")
    bodies = html_of(app)
    assert "<img src=x>" not in bodies
    assert stored()[0] == "<img src=x> & [a](b)"


@pytest.mark.slow
def test_an_older_link_to_a_new_agency_leads_to_the_one_form(open_page: OpenPage) -> None:
    app = open_page(AGENCY.file, new="1")
    assert app.segmented_control(key="kind").value == "agencies"
    assert field(app, "name_th").value == ""
    assert "กรอกที่นี่" in app.segmented_control(key="way agencies").options


def test_another_agency_is_added_on_the_page_of_imports(open_page: OpenPage) -> None:
    app = open_page(AGENCY.file, agency="SAMPLE")
    (link,) = [link for link in app.page_link if link.label == "เพิ่มหน่วยงานอื่น →"]
    assert "kind=agencies" in link.proto.query_string


def test_an_empty_store_leads_to_the_form(empty_store: Path, open_page: OpenPage) -> None:
    app = open_page(AGENCY.file)
    assert "เพิ่มหน่วยงาน →" in [link.label for link in app.page_link]


@pytest.mark.parametrize(
    "person",
    [
        User("ผู้ชม", Role.VIEWER, account="local:v"),
        User("ก", Role.STAFF, "SAMPLE", account="local:s"),
    ],
    ids=lambda person: person.role.value,
)
def test_who_may_not_change_it_reads_it(
    person: User, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_user, "user_of", lambda asking: person)
    for choices in ({}, {"new": "1"}):
        app = open_page(AGENCY.file, agency="SAMPLE", **choices)
        assert not app.exception
        assert [field.key for field in app.text_input] == ["search words"]
        assert "บันทึก" not in labels(app)
        assert not [link for link in app.page_link if link.label.startswith("เพิ่มหน่วยงาน")]
        assert "หน่วยงานตัวอย่าง" in text_of(app)
        assert "ผู้แก้ไขได้คือผู้ดูแลระบบ" in text_of(app)
