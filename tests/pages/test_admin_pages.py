"""Accounts and the audit log as an administrator works with them; and every page's first line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ita.auth.accounts import RoleGrant, add_account, list_accounts
from ita.auth.audit import AuditEvent, record
from ita.auth.permissions import Role, machine_owner
from ita.auth.sessions import start_session
from ita.auth.sign_in import sign_in as let_in
from ita.config import PROJECT, Settings
from ita.web import current_user, paths
from ita.web.paths import PAGES, PageSpec
from ita.web.requests import SESSION_COOKIE
from ita.web.sign_in_routes import login_throttle
from ita.web.store_access import get_store
from pages.admin.audit import PAGE_SIZE
from tests.pages.conftest import OpenPage
from tests.pages.moves import button, labels, text_of, to_copy

ACCOUNTS, AUDIT = paths.ACCOUNTS.file, paths.AUDIT.file
NAMES = {place: name for name, place in vars(paths).items() if isinstance(place, PageSpec)}


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.url or "overview")
def test_the_first_line_of_each_page_asks_for_what_the_menu_asks(place: PageSpec) -> None:
    body = ast.parse((PROJECT / place.file).read_text(encoding="utf-8")).body
    page = next(node for node in body if isinstance(node, ast.FunctionDef))
    assert page.name == "show_page"
    assert ast.unparse(body[-1]) == "if __name__ == '__main__':\n    show_page()"
    looking = place.action is paths.Action.VIEW
    assert ast.unparse(page.body[0]) == ("guard()" if looking else f"guard({NAMES[place]})")


def as_account(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """From here on the browser is somebody's."""
    with get_store().writing() as cursor:
        token = start_session(cursor, name, Settings().sign_in)
    monkeypatch.setattr(current_user, "connection", lambda: ({}, {SESSION_COOKIE: token}))


def add(app: AppTest, name: str, shown: str, role: Role | None = None) -> AppTest:
    app.text_input(key="new account").set_value(name)
    app.text_input(key="new name").set_value(shown)
    if role:
        app.radio(key="role of new").set_value(role)
    app.run()
    return button(app, "เพิ่มบัญชี").click().run()


@pytest.mark.slow
def test_the_first_account_is_an_administrators_and_ends_the_owners_rule(
    open_page: OpenPage,
) -> None:
    app = open_page(ACCOUNTS)
    assert "ยังไม่มีบัญชี" in text_of(app)
    assert app.radio(key="role of new").options == ["ผู้ดูแลระบบ"]
    add(app, "somchai", "สมชาย <b>ใจดี</b>")
    assert "กรุณาเข้าสู่ระบบ" in text_of(app)
    assert "88.92" not in text_of(open_page())


@pytest.mark.slow
def test_an_administrator_adds_changes_and_shuts_accounts(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page()
    owner = machine_owner("ผู้ติดตั้ง")
    add_account(get_store(), owner, "admin", "ผู้ดูแล", RoleGrant(Role.ADMIN), "ฝนตกที่บ้านนา2567")
    as_account(monkeypatch, "admin")
    app = add(open_page(ACCOUNTS), "somchai", "สมชาย **ใจดี**", Role.STAFF)
    assert "ต้องมีหน่วยงาน" in text_of(app)  # nothing lost: it is asked for on the same page
    app.selectbox(key="agency of new").set_value("YALA").run()
    button(app, "เพิ่มบัญชี").click().run()
    assert "เพิ่มบัญชี somchai แล้ว" in text_of(app)
    once = to_copy(app)[0]
    found = let_in(get_store(), login_throttle(), Settings().sign_in, "somchai", once, "127.0.0.1")
    assert getattr(found, "must_change", False)
    assert not to_copy(app.run())  # shown this once
    app.selectbox(key="account").set_value("somchai").run()
    app.radio(key="role of somchai").set_value(Role.EXECUTIVE).run()
    button(app, "บันทึกบทบาท").click().run()
    assert "ต้องเข้าสู่ระบบใหม่" in text_of(app)
    button(app, "ปิดบัญชี").click().run()
    with get_store().reading() as cursor:
        (somchai,) = [a for a in list_accounts(cursor) if a.account == "somchai"]
    assert (somchai.role, somchai.disabled) == (Role.EXECUTIVE, True)
    assert "เปิดบัญชี" in labels(app)
    app.selectbox(key="account").set_value("admin").run()
    button(app, "ปิดบัญชี").click().run()
    assert "อย่างน้อยหนึ่งบัญชี" in text_of(app)


@pytest.mark.slow
def test_the_audit_log_is_filtered_and_whole(open_page: OpenPage) -> None:
    app = open_page(AUDIT)
    assert "7 รายการ เรียงจากใหม่ไปเก่า" in text_of(app)
    assert "ชนิดข้อมูล: ความสำเร็จรายไตรมาส" in text_of(app)
    app.text_input(key="audit person").set_value("nobody").run()
    assert "ไม่มีรายการตามตัวกรองนี้" in text_of(app)
    app.text_input(key="audit person").set_value("demo").run()
    app.selectbox(key="audit action").set_value("import").run()
    assert "7 รายการ เรียงจากใหม่ไปเก่า" in text_of(app)
    button(app, "ตรวจว่าบันทึกครบถ้วน").click().run()
    assert "ครบถ้วน" in app.success[0].value


@pytest.mark.slow
def test_a_log_that_was_edited_is_told(open_page: OpenPage) -> None:
    app = open_page(AUDIT)
    with get_store().writing() as cursor:
        cursor.execute("UPDATE audit SET person = 'x' WHERE entry = 3")
    button(app, "ตรวจว่าบันทึกครบถ้วน").click().run()
    assert "รายการที่ 3" in text_of(app)


@pytest.mark.slow
def test_the_audit_log_comes_a_page_at_a_time(
    open_page: OpenPage,
) -> None:
    open_page()
    with get_store().writing() as cursor:
        for _unused in range(2 * PAGE_SIZE):
            record(cursor, machine_owner("ผู้ติดตั้ง"), AuditEvent.SIGN_IN)
    for asked, shown in (("2", 2), ("99", 3), ("0", 1), ("x", 1)):
        app = open_page(AUDIT)
        app.query_params["page"] = asked
        assert app.run().number_input(key="audit page").value == shown


@pytest.mark.slow
@pytest.mark.parametrize("name", ["viewer", "executive"])
def test_others_are_told_who_may(
    name: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, database: Path
) -> None:
    open_page()
    owner = machine_owner("ผู้ติดตั้ง")
    for role in (Role.ADMIN, Role(name)):
        add_account(get_store(), owner, role.value, role.value, RoleGrant(role), "ฝนตกที่บ้านนา2567")
    as_account(monkeypatch, name)
    for page in (ACCOUNTS, AUDIT):
        app = open_page(page)
        assert "ผู้ที่ทำได้คือผู้ดูแลระบบ" in text_of(app)
        assert [field.key for field in app.text_input] == ["search words"]
