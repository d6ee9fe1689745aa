"""A score moved fast by keyboard, then typed: nothing of it gets lost between slider and number."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from ita.web.paths import WHAT_IF
from tests.browser.test_browser import Watch, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NINTH = 8
"""Of the ten sliders: indicator 9, at 93.00 in the samples."""


def test_every_press_counts_and_both_ends_agree(own_server: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    watch = Watch()
    watch.on(page, own_server)
    visit(page, f"{own_server}/{WHAT_IF.url}?agency=SAMPLE")
    page.get_by_text("OIT", exact=True).last.click()
    slider = page.get_by_test_id("stSlider").nth(NINTH).get_by_role("slider")
    number = page.get_by_test_id("stNumberInput").nth(NINTH).locator("input")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(130)
    expect(number).to_have_value("93.12")
    expect(slider).to_have_value("93.12")
    expect(slider).to_be_focused()
    expect(page).to_have_url(re.compile(r"plan=9-93\.12$"))
    number.fill("98")
    number.press("Enter")
    expect(slider).to_have_value("98")
    expect(page.locator(".st-key-what-if-result")).to_contain_text("89.92")
    watch.assert_clean()
    page.close()
