"""The forms at the door, as a browser fills them in: in, out, a new password, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ita.auth.accounts import add_account
from ita.auth.permissions import machine_owner
from ita.store import open_store
from ita.web.requests import SESSION_COOKIE
from tests.serving import serving
from tests.web.asking import Visitor, ask
from tests.web.conftest import PASSWORD, STANDINGS, Office
from tests.web.tabs import visited


def at(office: Office, name: str = "nobody") -> Visitor:
    return Visitor(office.served, dict(office.cookies(name)))


@pytest.mark.parametrize(
    "page", ["/", "/trend?agency=IPST&years=2563-2566", "/history", "/nowhere"]
)
def test_who_has_not_signed_in_is_led_to_the_door_and_back(page: str, office: Office) -> None:
    visitor = at(office)
    sent = visitor.open(page)
    assert sent.status == 303
    assert sent.headers["location"].startswith("/sign-in?next=")
    query = sent.headers["location"].removeprefix("/sign-in")
    back = visitor.sign_in("viewer", PASSWORD, query)
    assert (back.status, back.headers["location"]) == (303, page)
    assert visitor.open(page).status == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil",
        "/trend\r\nSet-Cookie: a=b",
        "/sign-out",
        "/media/x",
        "/_stcore/health",
        "",
    ],
)
def test_nobody_is_led_elsewhere(elsewhere: str, office: Office) -> None:
    visitor = at(office)
    visitor.open("/sign-in")
    form = visitor.open("/sign-in").text.partition('name="form" value="')[2].partition('"')[0]
    fields = {"form": form, "next": elsewhere, "account": "viewer", "password": PASSWORD}
    assert visitor.post("/sign-in", fields).headers["location"] == "/"


def test_the_session_is_a_cookie_that_no_script_reads(office: Office) -> None:
    given = at(office).sign_in("executive", PASSWORD).cookies[SESSION_COOKIE]
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "Path=/" in given
    assert "Max-Age=43200" in given
    assert "Secure" not in given  # plain HTTP, or nobody could sign in


def test_over_tls_the_cookies_travel_over_tls_only(office: Office) -> None:
    behind_tls = {"X_Forwarded_Proto": "https"}
    answer = ask(office.served, "/sign-in", **behind_tls)
    assert all("Secure" in cookie for cookie in answer.cookies.values())
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in ask(office.served, "/sign-in").headers


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("viewer", "wrong"),
        ("gone", PASSWORD),
        ("nobody-at-all", PASSWORD),
        ("", ""),
        ("x" * 900, "y" * 900),
    ],
)
def test_a_wrong_one_is_told_in_a_sentence_and_keeps_its_name(
    account: str, password: str, office: Office
) -> None:
    answer = at(office).sign_in(account, password)
    assert answer.status in (401, 429)
    assert answer.alert()
    assert SESSION_COOKIE not in answer.cookies
    assert password not in answer.text or not password
    if account and len(account) < 256:
        assert f'value="{account}"' in answer.text


def test_a_form_from_elsewhere_is_no_form(office: Office) -> None:
    visitor = at(office)
    fields = {"account": "viewer", "password": PASSWORD, "next": "/"}
    assert visitor.post("/sign-in", fields).status == 403  # without our mark
    own = visitor.open("/sign-in").text.partition('name="form" value="')[2].partition('"')[0]
    stranger = at(office)
    stranger.open("/sign-in")
    assert stranger.post("/sign-in", {**fields, "form": own}).status == 403  # another browser's
    good = {**fields, "form": own}
    assert visitor.post("/sign-in", good, Origin="http://evil.example").status == 403
    assert visitor.post("/sign-in", good, Origin="null").status == 403
    assert visitor.post("/sign-in", good).status == 303


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"account=" + b"x" * 15_000 + b"&form=%ff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(50))),
        ("multipart/form-data; boundary=x", b"--x--"),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes, office: Office) -> None:
    answer = ask(office.served, "/sign-in", "POST", body, Content_Type=kind)
    assert answer.status == 400
    assert "กรุณาเปิดหน้านี้ใหม่" in answer.text or "กรอกอีกครั้ง" in answer.text


def test_signing_out_ends_the_session_at_once(office: Office) -> None:
    visitor = at(office)
    visitor.sign_in("viewer", PASSWORD)
    token = visitor.cookies[SESSION_COOKIE]
    question = visitor.open("/sign-out")
    assert "คุณ viewer" in question.text
    assert visitor.open("/trend").status == 200  # a link alone signs nobody out
    assert visitor.fill("/sign-out").headers["location"] == "/sign-in"
    assert SESSION_COOKIE not in visitor.cookies
    assert ask(office.served, "/trend", cookies={SESSION_COOKIE: token}).status == 303
    assert "88.92" not in visited(office.served, cookies={SESSION_COOKIE: token}).said


def test_a_password_to_be_used_once_leads_to_a_new_one_first(office: Office) -> None:
    visitor = at(office, "newcomer")
    assert visitor.open("/trend").headers["location"].startswith("/sign-in")
    assert visitor.open("/sign-in").headers["location"] == "/change-password?next=%2F"
    page = visitor.open("/change-password")
    assert "ใช้ได้ครั้งเดียว" in page.text
    assert 'name="present"' not in page.text, "it was just given"
    new = {"password": "ข้าวเหนียวมะม่วง", "again": "ข้าวเหนียวมะม่วงง"}
    assert "ไม่ตรงกัน" in visitor.fill("/change-password", **new).alert()
    short = {"password": "สั้น", "again": "สั้น"}
    assert "อย่างน้อย" in visitor.fill("/change-password", **short).alert()


@pytest.mark.slow
def test_a_forced_change_asks_for_nothing_twice_and_leads_to_the_page_asked_for(
    tmp_path: Path,
) -> None:
    owner = machine_owner("ผู้ติดตั้ง")
    with open_store(tmp_path / "ita.duckdb") as store:
        code = add_account(store, owner, "somchai", "สมชาย", STANDINGS["viewer"])
        add_account(store, owner, "admin", "ผู้ดูแล", STANDINGS["admin"], PASSWORD)
    assert code
    page = "/measures?status=late"
    with serving(tmp_path) as served:
        visitor = Visitor(served, {})
        visitor.open("/sign-in")  # from now on it knows that there are accounts
        query = visitor.open(page).headers["location"].removeprefix("/sign-in")
        onward = visitor.sign_in("somchai", code, query).headers["location"]
        assert onward == "/change-password?next=%2Fmeasures%3Fstatus%3Dlate"
        query, new = onward.removeprefix("/change-password"), "ข้าวเหนียวมะม่วง"
        done = visitor.fill("/change-password", query, password=new, again=new)
        assert (done.status, done.headers["location"]) == (303, page)
        assert visitor.open(page).status == 200
        again = visitor.open("/change-password")
        assert 'name="present"' in again.text, "no one-time password any more"
        bare = visitor.fill("/change-password", password=f"{new}ๆ", again=f"{new}ๆ")
        assert (bare.status, bare.alert()) == (400, "กรุณากรอกรหัสผ่านปัจจุบัน")


def test_changing_a_password_begins_a_new_session_and_ends_the_others(office: Office) -> None:
    visitor, elsewhere = at(office), at(office)
    visitor.sign_in("second-admin", PASSWORD)
    elsewhere.sign_in("second-admin", PASSWORD)
    new = "มะม่วงน้ำปลาหวาน"
    done = visitor.fill("/change-password", present=PASSWORD, password=new, again=new)
    assert (done.status, done.headers["location"]) == (303, "/")
    assert visitor.open("/accounts").status == 200
    assert elsewhere.open("/accounts").status == 303
    assert at(office).sign_in("second-admin", PASSWORD).status in (401, 429)


def test_the_forms_speak_english_too(office: Office) -> None:
    english = ask(office.served, "/sign-in?lang=en")
    assert '<html lang="en" translate="no">' in english.text
    assert "Sign in" in english.text
    assert (
        '<html lang="en" translate="no">'
        in ask(office.served, "/sign-in?next=/trend%3Flang%3Den").text
    )
    assert '<html lang="th" translate="no">' in ask(office.served, "/sign-in?lang=xx").text


def test_no_password_stands_in_an_address_or_in_the_log(office: Office) -> None:
    at(office).sign_in("viewer", "a-secret-password")
    told = office.served.told()
    assert '"event": "sign-in-failed"' in told
    assert "a-secret-password" not in told
    assert "viewer" not in told
    assert all(token not in told for token in office.tokens.values())
