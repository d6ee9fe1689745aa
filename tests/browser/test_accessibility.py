"""Every page under axe, by finger and by keyboard: light and dark, Thai and English, desktop and phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect

from ita.web.paths import PAGES
from tests.browser.controls import (
    FINGER,
    controls_without_focus,
    faults_of_layout,
    names_without_thai,
)
from tests.browser.test_browser import VIEWS, show_all, unfold, visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
STILL = """() => !document.querySelector('[data-stale=true]') && document.getAnimations()
  .every(one => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"""
"""Nothing fades in or out: what is half seen has half its contrast."""


MENUS = (
    ":is([data-testid=stMain] [data-testid=stPopoverButton]):not(.st-key-bar *, .st-key-samples *)"
)
"""Those of a page; what the bar opens is looked at once."""


OPEN_MENU = "[data-testid=stPopoverBody], [data-testid=stPopoverButton][aria-expanded=true]"


def findings(page: Page, part: str = "html") -> list[str]:
    page.wait_for_function(STILL)
    page.evaluate(AXE)
    found = page.evaluate(
        "part => axe.run([...document.querySelectorAll(part)], {resultTypes: ['violations']})", part
    )
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found["violations"]
        for node in violation["nodes"]
        if (violation["id"], "stFileUploaderDropzone" in node["html"]) != STREAMLITS_DROPZONE
    ]


STREAMLITS_DROPZONE = ("presentation-role-conflict", True)
"""Streamlit gives the place to drop a file on a name and says at once that it is none; minor."""


def open_menus(page: Page) -> Iterator[str]:
    """The names of the menus of a page, each open while it is looked at."""
    for button in page.locator(MENUS).all():
        if button.is_visible() and button.is_enabled():
            button.click()
            expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
            yield button.inner_text()
            page.keyboard.press("Escape")
            expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


ABBREVIATIONS = frozenset(
    {"IIT", "EIT", "OIT", "CSV", "XLSX", "Excel", "Parquet", "JSON", "EN", "ITA", "FY"}
)
STREAMLITS_OWN = frozenset(
    {
        # The arrow of a field whose own name is Thai; the Tab key passes it by.
        "button Open",
        # The field of a file without a size of its own, behind a button whose name is Thai.
        "button file upload",
        # The tools of a grid, which a person may use and no setting renames.
        "button Add row",
        "button Show/hide columns",
        "button Search",
        "button Fullscreen",
        # Of a field with several choices, each of which has its own button with a Thai name.
        "button Clear all",
        "group Selected values",
    }
)
"""Names in English that Streamlit 1.67 writes into its elements and that nothing of ours can change."""
DRAWN = "canvas"
"""Draws itself where the keyboard is: the cells of a grid."""


def faults_of_keyboard(page: Page) -> list[str]:
    """Controls that don't show that the keyboard is at them, and names that are not Thai."""
    named = set(names_without_thai(page, ABBREVIATIONS)) - STREAMLITS_OWN
    return [*sorted(named), *(n for n in controls_without_focus(page) if not n.startswith(DRAWN))]


@pytest.mark.parametrize("view", ["desktop", "phone-dark"])
def test_no_page_has_a_finding(view: str, shared_server: str, browser: Browser) -> None:
    """By axe with its folds open and in each of its menus, and by keyboard; on a phone by finger, in the
    dark, and every other page in English."""
    context = browser.new_context(**VIEWS[view])
    page = context.new_page()
    found = {}
    for number, place in enumerate(PAGES):
        language = "en" if view == "phone-dark" and number % 2 else "th"
        visit(page, f"{shared_server}/{place.url}?lang={language}")
        if view == "desktop":
            found[place.url, "keyboard"] = faults_of_keyboard(page)
        unfold(page)
        if view == "phone-dark":
            found[place.url, "finger"] = faults_of_layout(page, FINGER)
        for menu in open_menus(page):
            found[place.url, menu] = findings(page, OPEN_MENU)
        show_all(page)  # axe judges no colour of what is scrolled away
        found[place.url, "axe"] = findings(page)
    context.close()
    assert {place: told for place, told in found.items() if told} == {}


def test_what_the_bar_opens_has_no_finding(cold_server: str, browser: Browser) -> None:
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


def test_axe_finds_what_is_wrong(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="th"><title>x</title><main><h1>x</h1><img src="data:,"></main>')
    assert any(told.startswith("image-alt") for told in findings(page))
    page.close()
