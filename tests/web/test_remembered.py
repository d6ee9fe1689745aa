"""A visit begins with the account's agency, else with what this browser chose last; the URL goes before."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ita.ui.components.url_state import AGENCY_COOKIE
from ita.web.paths import NARRATIVE, OVERVIEW, PLANNING, PROGRESS, TREND, UPLOAD, PageSpec
from ita.web.requests import LANGUAGE_COOKIE
from ita.web.security_headers import REMEMBER_SCRIPT
from tests.web.asking import ask
from tests.web.conftest import Office
from tests.web.tabs import Came, visited


def agency_of(came: Came) -> str:
    """The agency that the page's picker shows."""
    box = next(b for b in came.elements("selectbox") if b.label in ("หน่วยงาน", "Agency"))
    return str(box.raw_value or box.options[box.default])


OF = {"SAMPLE": "หน่วยงานตัวอย่าง", "YALA": "เทศบาลนครยะลา", "IPST": "สถาบันส่งเสริม"}
EVERYWHERE = (OVERVIEW, TREND, PROGRESS, PLANNING, NARRATIVE)


@pytest.mark.parametrize("place", EVERYWHERE, ids=lambda place: place.url or "overview")
@pytest.mark.parametrize(
    ("account", "last", "agency"),
    [
        ("other-staff", None, "YALA"),
        ("other-staff", "IPST", "YALA"),
        ("own-staff", "YALA", "SAMPLE"),
        ("viewer", "YALA", "YALA"),
        ("viewer", None, "SAMPLE"),
        ("viewer", "NOBODY", "SAMPLE"),
        ("admin", "IPST", "IPST"),
        ("executive", "YALA", "YALA"),
    ],
)
def test_a_visit_begins_with_the_persons_own_agency(
    office: Office, place: PageSpec, account: str, last: str | None, agency: str
) -> None:
    shown = office.cookies(account) | ({AGENCY_COOKIE: last} if last else {})
    came = visited(office.served, place.url, cookies=shown)
    assert agency_of(came).startswith(OF[agency])


def test_the_upload_is_for_the_own_agency_with_its_last_import(office: Office) -> None:
    came = visited(office.served, UPLOAD.url, cookies=office.cookies("other-staff"))
    assert agency_of(came).startswith(OF["YALA"])
    assert "ยังไม่เคยนำเข้าข้อมูลชนิดนี้ของหน่วยงานนี้" in came.said
    own = visited(office.served, UPLOAD.url, cookies=office.cookies("own-staff"))
    assert "นำเข้าล่าสุด: ครั้งที่" in own.said


def test_a_link_goes_before_account_and_browser(office: Office) -> None:
    shown = {**office.cookies("other-staff"), AGENCY_COOKIE: "YALA", LANGUAGE_COOKIE: "en"}
    came = visited(
        office.served, TREND.url, cookies=shown, choices={"agency": "IPST", "lang": "th"}
    )
    assert agency_of(came).startswith(OF["IPST"])
    assert "document.documentElement.lang = 'th'" in came.said


def test_the_language_is_that_of_the_last_visit(office: Office) -> None:
    shown = {**office.cookies("viewer"), LANGUAGE_COOKIE: "en"}
    assert "document.documentElement.lang = 'en'" in visited(office.served, cookies=shown).said
    other = {**office.cookies("viewer"), LANGUAGE_COOKIE: "<script>"}
    assert "document.documentElement.lang = 'th'" in visited(office.served, cookies=other).said


@pytest.mark.parametrize(
    "value", ["%00", "%", "x" * 3000, quote("<script>alert(1)</script>"), "%FF"]
)
def test_a_cookie_is_a_text_from_outside(office: Office, value: str) -> None:
    came = visited(office.served, cookies={**office.cookies("viewer"), AGENCY_COOKIE: value})
    assert agency_of(came).startswith(OF["SAMPLE"])
    assert "alert(1)" not in came.said
    assert "โปรแกรมขัดข้อง" not in came.said


def test_nothing_is_remembered_that_was_not_chosen(office: Office) -> None:
    came = visited(office.served, choices={"agency": "YALA"}, cookies=office.cookies("viewer"))
    assert AGENCY_COOKIE not in came.said
    assert REMEMBER_SCRIPT not in came.said


def test_the_form_to_sign_in_speaks_the_last_language(office: Office) -> None:
    answer = ask(office.served, "/sign-in", cookies={LANGUAGE_COOKIE: "en"})
    assert '<html lang="en" translate="no">' in answer.text
    chosen = ask(office.served, "/sign-in?lang=th", cookies={LANGUAGE_COOKIE: "en"})
    assert '<html lang="th" translate="no">' in chosen.text
