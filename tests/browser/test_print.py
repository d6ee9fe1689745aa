"""On paper: what is folded on screen stands open."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import Browser

from ita.ui.markup import STYLE

pytestmark = pytest.mark.browser


def test_what_is_folded_is_printed_open(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        f'{STYLE}<div class="ita"><details><summary>head</summary>inside</details></div>'
    )
    assert "inside" not in page.inner_text("body")
    printed = pypdfium2.PdfDocument(BytesIO(page.pdf()))
    assert "inside" in printed[0].get_textpage().get_text_range()
    page.close()
