"""A link's preview tells a stranger what a stranger may see, and no name besides."""

from __future__ import annotations

import re

from ita.web.link_preview import LOGO
from ita.web.paths import PREVIEW_PICTURE, TREND
from tests.web.asking import Answer, ask
from tests.web.conftest import Office


def preview(answer: Answer) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', answer.text))


def test_a_private_house_names_no_agency(office: Office) -> None:
    shown = preview(
        ask(office.served, f"/{TREND.url}?agency=YALA", cookies=office.cookies("admin"))
    )
    assert shown["title"] == "แนวโน้ม · ITA Trends"
    assert shown["image"].endswith(LOGO)
    assert "91.21" not in shown["description"]
    answer = ask(office.served, f"{PREVIEW_PICTURE}?agency=YALA")
    assert (answer.status, answer.headers["location"]) == (302, LOGO)
