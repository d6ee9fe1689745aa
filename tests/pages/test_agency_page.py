"""หน่วยงานของเรา: settings by the form, who may, and a new agency from its name alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.permissions import Role, User
from ita.documents.settings import load_document_settings
from ita.imports.cells import IN_THAI
from ita.store import open_store
from ita.store.batches import list_batches
from ita.web import current_user
from ita.web.paths import AGENCY
from ita.web.store_access import get_store
from tests.imports.bringing import AGENCIES, everything, rows, taken
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
def test_an_empty_store_needs_a_name_only(database: Path, open_page: OpenPage) -> None:
    open_store(database).close()
    app = open_page(AGENCY.file)
    save(app, "บันทึกหน่วยงาน", name_th="เทศบาลตำบลห้วยแก้ว")
    assert "เพิ่มหน่วยงานแล้ว" in text_of(app)
    assert rows(get_store(), "agency", "agency_id, name_th") == [("A001", "เทศบาลตำบลห้วยแก้ว")]
    assert field(app, "name_th").value == "เทศบาลตำบลห้วยแก้ว"


@pytest.mark.slow
def test_another_agency_never_takes_a_code_that_is_taken(
    database: Path, open_page: OpenPage
) -> None:
    store = open_store(database)
    taken(store, "agencies", AGENCIES)
    store.close()
    app = open_page(AGENCY.file, new="1")
    save(app, "บันทึกหน่วยงาน", name_th="อบต.ใหม่", agency_id=" a ")
    assert "รหัส “ a ” เป็นของหน่วยงานอื่นแล้ว" in text_of(app)
    save(app, "บันทึกหน่วยงาน", agency_id="ใหม่-1")
    assert ("ใหม่-1", "อบต.ใหม่") in rows(get_store(), "agency", "agency_id, name_th")
    assert app.query_params["agency"] in ("ใหม่-1", ["ใหม่-1"])
    assert "new" not in app.query_params
    assert field(app, "name_th").value == "อบต.ใหม่"


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
        assert not {"บันทึก", "บันทึกหน่วยงาน", "เพิ่มหน่วยงานอื่น"} & set(labels(app))
        assert "หน่วยงานตัวอย่าง" in text_of(app)
        assert "ผู้แก้ไขได้คือผู้ดูแลระบบ" in text_of(app)
