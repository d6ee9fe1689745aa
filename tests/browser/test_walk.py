"""From a cold server, each page once, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from ita.web.paths import PAGES
from tests.browser.test_browser import VIEWS, look_at

pytestmark = pytest.mark.browser


@pytest.mark.slow
def test_every_page_opens_on_a_phone(cold_server: str, browser: Browser) -> None:
    phone = browser.new_context(
        **VIEWS["phone"]
    )  # one, as a person has: it keeps what it has loaded
    for place in PAGES:
        look_at(phone, f"{cold_server}/{place.url}", place.url).close()
    phone.close()
