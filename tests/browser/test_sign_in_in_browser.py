"""The door in a real browser: in, at work, ended in the middle, in again, out; behind a proxy too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ita.web.requests import SESSION_COOKIE
from tests.browser.conftest import SCREENSHOTS
from tests.browser.test_accessibility import findings
from tests.browser.test_browser import VIEWS, Watch, visit
from tests.serving import Served, serving
from tests.web.asking import ask
from tests.web.conftest import PASSWORD, furnish
from tests.web.proxy import proxied

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FORMS = ("/sign-in", "/sign-in?lang=en", "/sign-out", "/change-password")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("office")
    tokens = furnish(folder)
    with serving(folder) as served:
        ask(served, "/sign-in")
        yield served, tokens


def sign_in(page: Page, account: str, password: str = PASSWORD) -> None:
    page.get_by_label("ชื่อผู้ใช้").fill(account)
    page.get_by_label("รหัสผ่าน").fill(password)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


@pytest.mark.parametrize("view", VIEWS)
def test_the_forms_are_ours_in_every_view(
    view: str, office: tuple[Served, dict[str, str]], browser: Browser
) -> None:
    served, tokens = office
    context = browser.new_context(**VIEWS[view])
    page, watch = context.new_page(), Watch()
    watch.on(page, served.url)
    for path in FORMS:
        if "sign-in" not in path:
            context.add_cookies(
                [{"name": SESSION_COOKIE, "value": tokens["viewer"], "url": served.url}]
            )
        page.goto(served.url + path)
        assert page.url.endswith(path)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=SCREENSHOTS / f"form-{re.sub(r'[^a-z]+', '-', path[1:])}-{view}.png")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert "Sarabun" in page.evaluate("getComputedStyle(document.body).fontFamily")
        assert findings(page) == [], path
    watch.assert_clean()
    context.close()


def test_in_to_where_one_wanted_to_and_out_again(
    office: tuple[Served, dict[str, str]], browser: Browser
) -> None:
    served, _ = office
    page = browser.new_page()
    page.goto(f"{served.url}/history?lang=th")
    sign_in(page, "admin", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("ไม่ถูกต้อง")
    expect(page.get_by_label("ชื่อผู้ใช้")).to_have_value("admin")
    sign_in(page, "admin")
    page.wait_for_url(re.compile("/history"))
    expect(page.get_by_role("heading", level=1)).to_have_text("ประวัติ")
    page.get_by_role("button", name="คุณ admin").click()
    expect(page.get_by_text("คุณ admin · ผู้ดูแลระบบ")).to_be_visible()
    page.get_by_role("link", name="ออกจากระบบ").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url(re.compile("/sign-in"))
    page.goto(f"{served.url}/history")
    page.wait_for_url(re.compile("/sign-in"))
    page.close()


def test_a_page_that_is_not_theirs_says_who_may_and_leads_on(
    office: tuple[Served, dict[str, str]], browser: Browser
) -> None:
    served, tokens = office
    context = browser.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": tokens["viewer"], "url": served.url}])
    page = context.new_page()
    visit(page, f"{served.url}/accounts")
    expect(page.get_by_test_id("stAlert")).to_contain_text("ผู้ที่ทำได้คือผู้ดูแลระบบ")
    assert page.get_by_text("second-admin").count() == 0
    assert page.get_by_role("link", name="บัญชีผู้ใช้").count() == 0
    page.get_by_role("link", name="ไปหน้าภาพรวม").click()
    expect(page.get_by_text("88.92").first).to_be_visible()
    context.close()


def test_work_goes_on_where_it_was_after_signing_in_again(
    office: tuple[Served, dict[str, str]], browser: Browser
) -> None:
    """An officer has typed a reason; the session ends; a new tab, and the reason is still there."""
    served, _ = office
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/audit")
    sign_in(page, "admin")
    expect(page.get_by_text("รายการ เรียงจากใหม่ไปเก่า")).to_be_visible()
    expect(page.get_by_role("cell", name="เข้าสู่ระบบ", exact=True).first).to_be_visible()
    page.get_by_role("button", name="กรอง", exact=True).click()
    page.get_by_label("ชื่อหรือบัญชี").fill("demo")
    page.get_by_label("ชื่อหรือบัญชี").press("Enter")
    expect(page.get_by_role("button", name="กรอง (1)")).to_be_visible()
    expect(page.get_by_role("cell", name="เข้าสู่ระบบ", exact=True)).to_have_count(0)
    elsewhere = context.new_page()
    elsewhere.goto(f"{served.url}/sign-out")
    elsewhere.get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_text("การเข้าสู่ระบบสิ้นสุดแล้ว")).to_be_visible()
    assert page.get_by_text("demo").count() == 0
    page.screenshot(path=SCREENSHOTS / "session-ended.png")
    with context.expect_page() as opened:
        page.get_by_role("link", name="เข้าสู่ระบบในแท็บใหม่").click()
    sign_in(opened.value, "admin")
    opened.value.wait_for_url(re.compile(r"/$"))
    page.get_by_role("button", name="กรอง (1)").click()
    expect(page.get_by_label("ชื่อหรือบัญชี")).to_have_value("demo")
    context.close()


def test_below_a_path_behind_a_proxy_with_tls(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    folder: Path = tmp_path_factory.mktemp("proxied")
    furnish(folder)
    names = {"ITA_HOSTS": "localhost.localdomain,ita.test"}
    with serving(folder, environment=names, root="/ita") as served, proxied(served.port) as proxy:
        context = browser.new_context()
        page, watch = context.new_page(), Watch()
        watch.on(page, proxy)
        page.goto(f"{proxy}/ita/trend?agency=IPST")
        assert page.url.startswith(f"{proxy}/ita/sign-in?next=/ita/trend")
        sign_in(page, "executive")
        page.wait_for_url(re.compile(r"/ita/trend\?agency=IPST"))
        expect(page.get_by_role("heading", level=1)).to_have_text("แนวโน้ม")
        expect(page.get_by_text("91.15").first).to_be_visible()
        page.get_by_role("button", name="ดาวน์โหลด", exact=True).click()
        with page.expect_download() as started:
            page.get_by_role("button", name="CSV", exact=True).first.click()
        assert started.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="คุณ executive").click()
        page.get_by_role("link", name="ออกจากระบบ").click()
        page.get_by_role("button", name="ออกจากระบบ").click()
        page.wait_for_url(f"{proxy}/ita/sign-in")
        watch.assert_clean()
        context.close()
