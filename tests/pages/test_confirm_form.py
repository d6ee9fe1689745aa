"""The pages of data as staff see them: their own agency, signed with their own name."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from ita.auth.accounts import RoleGrant, add_account
from ita.auth.permissions import Action, Resource, Role, can, can_on_some, machine_owner
from ita.auth.sessions import start_session
from ita.config import SignInSettings
from ita.store.batches import list_batches
from ita.web import current_user as sign_in
from ita.web.current_user import current_user
from ita.web.paths import PAGES
from ita.web.requests import SESSION_COOKIE
from ita.web.store_access import get_store
from tests.imports.bringing import taken
from tests.pages.conftest import OpenPage
from tests.pages.moves import (
    HISTORY,
    PROGRESS,
    UPLOAD,
    button,
    choose,
    labels,
    text_of,
    unfold,
    upload,
)

OWNER = machine_owner("เจ้าของ")
DOWNLOAD = "pages/data/download.py"
OWN_FILE = f"{PROGRESS}2567,4,SAMPLE,OIT,2,90,เกือบเสร็จ\n"

SignIn = Callable[..., None]


@pytest.fixture
def signed_in(database: Path, monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> SignIn:
    open_page()  # brings the samples in

    def as_whom(role: Role, agency: str | None = None, *divisions: str) -> None:
        standing = RoleGrant(role, agency, frozenset(divisions))
        store = get_store()
        for name, shown, what in (
            ("boss", "หัวหน้า", RoleGrant(Role.ADMIN)),
            ("somsri", "สมศรี ใจดี", standing),
        ):
            add_account(store, OWNER, name, shown, what, "ปลาวาฬกินข้าวเหนียว 77")
        with store.writing() as cursor:
            token = start_session(cursor, "somsri", SignInSettings())
        monkeypatch.setattr(sign_in, "connection", lambda: ({}, {SESSION_COOKIE: token}))

    return as_whom


@pytest.mark.slow
def test_who_has_signed_in_needs_no_other_name(signed_in: SignIn, open_page: OpenPage) -> None:
    signed_in(Role.STAFF, "SAMPLE")
    page = open_page(UPLOAD, agency="SAMPLE")
    choose(page)
    upload(page, OWN_FILE)
    assert "ผู้นำเข้า: สมศรี ใจดี" in text_of(page)
    assert [field.key for field in page.text_input if field.key == "person"] == []
    next(t for t in page.text_input if t.key.startswith("reason ")).set_value("ไตรมาส 4")
    button(page, "บันทึก").click().run()
    assert "บันทึกแล้ว" in text_of(page)
    with get_store().reading() as cursor:
        newest = list_batches(cursor)[0]
    assert (newest.person, newest.reason) == ("สมศรี ใจดี", "ไตรมาส 4")


@pytest.mark.slow
def test_a_file_of_another_agency_is_refused_in_a_sentence(
    signed_in: SignIn, open_page: OpenPage
) -> None:
    signed_in(Role.STAFF, "YALA")
    page = open_page(UPLOAD, agency="SAMPLE")
    choose(page)
    upload(page, OWN_FILE)
    told = text_of(page)
    assert "ไม่ได้บันทึกอะไร" in told
    assert "หน่วยงานอื่น" in told
    assert "บันทึก" not in labels(page)


@pytest.mark.slow
def test_what_staff_say_of_a_header_holds_for_their_visit(
    signed_in: SignIn, open_page: OpenPage
) -> None:
    signed_in(Role.STAFF, "SAMPLE")
    page = open_page(UPLOAD, agency="SAMPLE")
    choose(page)
    upload(page, OWN_FILE.replace("ร้อยละความสำเร็จ", "ผลสำเร็จ"))
    page.selectbox(key="map progress ผลสำเร็จ").set_value("percent").run()
    button(page, "ใช้การจับคู่นี้กับไฟล์ของฉัน").click().run()
    assert "ไม่พบข้อผิดพลาด" in text_of(page)
    with get_store().reading() as cursor:
        assert cursor.execute("SELECT count(*) FROM header_meaning").fetchone() == (0,)


@pytest.mark.slow
def test_the_history_shows_staff_their_agency_and_takes_back_in_their_name(
    signed_in: SignIn, open_page: OpenPage
) -> None:
    theirs = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n2568,YALA,80\n"
    mine = taken(get_store(), "progress", OWN_FILE, name="mine.csv").batch
    taken(get_store(), "scores", theirs, name="theirs.csv")
    signed_in(Role.STAFF, "SAMPLE")
    page = open_page(HISTORY, batch=str(mine))
    unfold(page, f"ยกเลิกการนำเข้าครั้งที่ {mine}")
    told = text_of(page)
    assert "ผู้ยกเลิก: สมศรี ใจดี" in told
    assert "mine.csv" in told
    assert "theirs.csv" not in told
    next(t for t in page.text_input if t.key.startswith("reason undo")).set_value("ผิด")
    button(page, "ยกเลิกครั้งนี้").click().run()
    assert f"ยกเลิกครั้งที่ {mine} แล้ว" in text_of(page)
    with get_store().reading() as cursor:
        assert list_batches(cursor)[0].person == "สมศรี ใจดี"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "whole", "history"),
    [(Role.ADMIN, True, True), (Role.EXECUTIVE, True, True), (Role.STAFF, False, False)],
)
def test_downloads_are_those_of_the_role(
    role: Role, whole: bool, history: bool, signed_in: SignIn, open_page: OpenPage
) -> None:
    signed_in(role, "SAMPLE" if role is Role.STAFF else None)
    page = open_page(DOWNLOAD)
    assert ("ทั้งระบบ" in text_of(page)) == whole
    tables = page.selectbox(key="table").options
    assert any("ประวัติ" in name for name in tables) == history


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EXECUTIVE, Role.STAFF])
def test_nobody_is_led_to_what_they_may_not_do(
    role: Role, signed_in: SignIn, open_page: OpenPage
) -> None:
    signed_in(role, "SAMPLE" if role is Role.STAFF else None)
    by_url = {place.url: place for place in PAGES}
    led = set()
    for place in PAGES:
        for agency in ("SAMPLE", "IPST"):
            page = open_page(place.file, agency=agency)
            assert not page.exception
            html = "".join(element.proto.body for element in page.get("html"))
            told = [unescape(href) for href in re.findall('href="([^"]*)"', html)]
            told += [f"{one.proto.page}?{one.proto.query_string}" for one in page.get("page_link")]
            for href in map(urlsplit, told):
                if (there := by_url.get(href.path.strip("./"))) is None:
                    continue
                asked = parse_qs(href.query)
                if there.action is Action.IMPORT and {"agency", "kind"} <= asked.keys():
                    thing = Resource(frozenset(asked["agency"]), asked["kind"][0])
                    assert can(current_user(), there.action, thing).allowed, href
                assert can_on_some(current_user(), there.action).allowed, href
                led.add(there.url)
    assert {"measures", "indicators"} <= led
    assert ("upload" in led) == (role is Role.STAFF)
