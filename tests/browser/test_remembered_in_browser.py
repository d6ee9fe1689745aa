"""Agency and language are chosen once; the next tab, the next day, begins with them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YALA, YALA_ENGLISH = "เทศบาลนครยะลา", "Yala City Municipality"


def test_agency_and_language_are_remembered(own_server: str, browser: Browser) -> None:
    visit = browser.new_context(viewport={"width": 1440, "height": 900})
    visit.set_default_timeout(PATIENCE * 1_000)
    page = visit.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(own_server)
    page.locator(".st-key-bar-agency").get_by_role("button").click()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name=YALA).click()
    expect(page).to_have_url(f"{own_server}/?agency=YALA")
    page.get_by_role("radio", name="EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_function("document.cookie.includes('ita_lang=en')")
    page.wait_for_function("document.cookie.includes('ita_agency=YALA')")
    assert not [line for line in told if "Content Security Policy" in line or "Refused" in line]
    kept = {cookie["name"]: cookie for cookie in visit.cookies()}
    for name in ("ita_agency", "ita_lang"):
        assert (kept[name]["sameSite"], kept[name]["path"]) == ("Lax", "/")
    other = visit.new_page()
    other.goto(f"{own_server}/")
    expect(other.locator("html")).to_have_attribute("lang", "en")
    expect(other).to_have_title(re.compile(YALA_ENGLISH))
    expect(other).to_have_url(f"{own_server}/?lang=en&agency=YALA")
    other.goto(f"{own_server}/trend?agency=IPST&lang=th")
    expect(other.locator("html")).to_have_attribute("lang", "th")
    expect(other).to_have_title(re.compile("สถาบันส่งเสริมการสอน"))
    fresh = visit.new_page()  # a link that was looked at is no choice
    fresh.goto(f"{own_server}/")
    expect(fresh.locator("html")).to_have_attribute("lang", "en")
    expect(fresh).to_have_title(re.compile(YALA_ENGLISH))
    visit.close()
