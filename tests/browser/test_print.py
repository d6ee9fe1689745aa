"""On paper: what is folded on screen stands open, and charts are whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from ita.ui.components.markup import html, style_sheet
from tests.browser.test_browser import visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _sheets(page: Page) -> Iterator[tuple[pypdfium2.PdfPage, pypdfium2.PdfTextPage, str]]:
    """Each printed page, with what stands on it."""
    for sheet in pypdfium2.PdfDocument(BytesIO(page.pdf(format="A4"))):
        words = sheet.get_textpage()
        yield sheet, words, words.get_text_range(0, words.count_chars())


def test_what_is_folded_is_printed_open(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        f'<style>{style_sheet("light")}</style><div class="ita">{html("details", "head", "inside")}</div>'
    )
    assert "inside" not in page.inner_text("body")
    assert any("inside" in text for _, _, text in _sheets(page))
    page.close()


def test_a_chart_is_printed_whole(own_server: str, browser: Browser) -> None:
    """The name behind its last dot stands furthest to the right."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visit(page, f"{own_server}/trend")
    expect(page.get_by_test_id("stPlotlyChart").locator(".main-svg").first).to_be_visible()
    page.wait_for_timeout(500)
    ends = [
        (words.get_charbox(found.end() - 1)[2], sheet.get_width())
        for sheet, words, text in _sheets(page)
        for found in re.finditer("93[.]05", text)
    ]
    assert ends
    assert all(right < width for right, width in ends), ends
    page.close()
