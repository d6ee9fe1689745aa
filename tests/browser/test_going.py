"""A place that a page goes to stays before the eyes, whatever is drawn or taken away above it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from ita.web.security_headers import SCROLL_SCRIPT
from tests.patience import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ABOVE = '<div id="above" style="height: 5000px"></div>'
PLACE = '<div class="st-key-row"><p id="told">told</p><button>next</button></div>'
BELOW = '<div style="height: 3000px"></div>'
GO = """script => {
    const last = document.body.appendChild(document.createElement("div"));
    last.innerHTML = '<span hidden data-ita-go-to="nearer row"></span>';
    const run = last.appendChild(document.createElement("script"));
    run.textContent = script;
}"""
"""As Streamlit runs a script of ours: the element made anew, beside its mark."""


def sent_to_the_row(browser: Browser, *parts: str) -> Page:
    """A page of these parts, in which our script has just been run."""
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.set_default_timeout(PATIENCE * 1_000)
    page.set_content(f'<div id="page">{"".join(parts)}</div>')
    # Else the browser itself would hold the place, as it does on most pages but not on ours.
    page.add_style_tag(content="* { overflow-anchor: none }")
    page.evaluate(GO, SCROLL_SCRIPT)
    return page


def test_what_goes_away_above_a_place_does_not_take_it_out_of_sight(browser: Browser) -> None:
    page = sent_to_the_row(browser, ABOVE, PLACE, BELOW)
    expect(page.locator("#told")).to_be_in_viewport()
    page.evaluate("document.getElementById('above').style.height = '2000px'")
    expect(page.locator("#told")).to_be_in_viewport()
    expect(page.get_by_role("button")).to_be_focused()
    page.close()


def test_a_field_that_is_drawn_anew_takes_the_focus_again(browser: Browser) -> None:
    page = sent_to_the_row(browser, ABOVE, PLACE, BELOW)
    expect(page.get_by_role("button")).to_be_focused()
    page.evaluate("document.querySelector('button').outerHTML = '<button>anew</button>'")
    expect(page.get_by_role("button", name="anew")).to_be_focused()
    page.close()


def test_a_place_that_comes_late_is_still_gone_to(browser: Browser) -> None:
    page = sent_to_the_row(browser, ABOVE, BELOW)
    page.wait_for_timeout(2_500)
    page.evaluate(
        "place => document.getElementById('above').insertAdjacentHTML('afterend', place)", PLACE
    )
    expect(page.get_by_role("button")).to_be_focused()
    expect(page.locator("#told")).to_be_in_viewport()
    page.close()


def test_who_scrolls_away_is_not_pulled_back(browser: Browser) -> None:
    page = sent_to_the_row(browser, ABOVE, PLACE, BELOW)
    expect(page.locator("#told")).to_be_in_viewport()
    page.mouse.move(400, 300)
    page.mouse.wheel(0, -3_000)
    expect(page.locator("#told")).not_to_be_in_viewport()
    page.wait_for_timeout(500)
    expect(page.locator("#told")).not_to_be_in_viewport()
    page.close()
