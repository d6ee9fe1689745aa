"""Every page under axe: no serious finding, in light and dark, on a desktop and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, expect

from ita.web.paths import PAGES
from tests.browser.test_browser import VIEWS, show_all, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = {"serious", "critical"}
OF_ORDER = {"heading-order"}
"""Findings that axe calls moderate, and by which somebody who only hears the page finds the way."""


STILL = """() => !document.querySelector('[data-stale=true]') && document.getAnimations()
  .every(one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""
"""Nothing fades in or out: what is half seen has half its contrast."""


def findings(page: Any) -> list[str]:
    page.wait_for_function(STILL)
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS or violation["id"] in OF_ORDER
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("view", ["desktop", "phone-dark"])
def test_no_page_has_a_serious_finding(view: str, cold_server: str, browser: Browser) -> None:
    context = browser.new_context(**VIEWS[view])
    page = context.new_page()
    found = {}
    for place in PAGES:
        visit(page, f"{cold_server}/{place.url}")
        show_all(page)  # axe judges no colour of what is scrolled away
        found[place.url] = findings(page)
    context.close()
    assert {url: told for url, told in found.items() if told} == {}


def test_what_the_bar_opens_has_no_serious_finding(cold_server: str, browser: Browser) -> None:
    """And neither has the button that opened it, whose colour then is another."""
    context = browser.new_context(**VIEWS["phone-dark"])
    page = context.new_page()
    visit(page, cold_server)
    found = {}
    for label in ("ค้นหา", "แชร์", "เมนู"):
        page.get_by_role("button", name=label, exact=True).click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        found[label] = findings(page)
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    context.close()
    assert {label: told for label, told in found.items() if told} == {}


RING = """() => { const look = getComputedStyle(document.activeElement);
  return look.outlineStyle !== 'none' || look.boxShadow !== 'none' }"""


def test_links_show_where_the_keyboard_is(cold_server: str, browser: Browser) -> None:
    """Of links in the menu, and of those to other pages, Streamlit changes the ground a shade at most."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visit(page, f"{cold_server}/")
    bare, links = [], 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "A":
            links += 1
            if not page.evaluate(RING):
                bare.append(page.evaluate("document.activeElement.innerText"))
    page.close()
    assert links > 15
    assert bare == []


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="th"><title>x</title><main><h1>x</h1><img src="data:,"></main>')
    assert any(told.startswith("image-alt") for told in findings(page))
    page.close()
