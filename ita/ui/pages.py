"""The list of pages by section; their paths in the URL are part of the outward contract."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ita.wording import language, say


@dataclass(frozen=True)
class PagePlace:
    """file: of the page, from the project's folder. url: its path, "" for the first page."""

    file: str
    url: str


OVERVIEW = PagePlace("pages/scores/overview.py", "")
TREND = PagePlace("pages/scores/trend.py", "trend")
INDICATORS = PagePlace("pages/scores/indicators.py", "indicators")
WHAT_IF = PagePlace("pages/scores/what_if.py", "what-if")
PROGRESS = PagePlace("pages/measures/progress.py", "measures")
CLAIMS = PagePlace("pages/report/claims.py", "claims")
NARRATIVE = PagePlace("pages/report/narrative.py", "report")
UPLOAD = PagePlace("pages/data/upload.py", "upload")
DOWNLOAD = PagePlace("pages/data/download.py", "download")
HISTORY = PagePlace("pages/data/history.py", "history")
PAGES = (
    OVERVIEW,
    TREND,
    INDICATORS,
    WHAT_IF,
    PROGRESS,
    NARRATIVE,
    CLAIMS,
    UPLOAD,
    DOWNLOAD,
    HISTORY,
)


def pages() -> list[st.Page]:
    """The pages for the menu, named in the language that is spoken."""
    titles = {
        OVERVIEW: say("ภาพรวม"),
        TREND: say("แนวโน้ม"),
        INDICATORS: say("ตัวชี้วัด"),
        WHAT_IF: say("ไปให้ถึงระดับถัดไป"),
        PROGRESS: say("มาตรการ"),
        CLAIMS: say("ข้อความกับตัวเลข"),
        NARRATIVE: say("รายงานผล"),
        UPLOAD: say("นำเข้าข้อมูล"),
        DOWNLOAD: say("ดาวน์โหลด"),
        HISTORY: say("ประวัติ"),
    }
    return [
        st.Page(
            place.file,
            title=titles[place],
            url_path=place.url or None,
            default=place is OVERVIEW,
        )
        for place in PAGES
    ]


def know_pages_from_the_start() -> None:
    """Tell Streamlit that its pages come from `st.navigation`, before anybody's first visit.

    It takes a folder named pages/ for its older kind of app until some session has navigated, and
    answers the first visit of a page's own URL with "page not found" over the page.
    """
    PagesManager.uses_pages_directory = False


def link(place: PagePlace, label: str, **choices: object) -> None:
    """A link to a page with the choices that open it at the right place."""
    asked = {name: str(value) for name, value in choices.items() if value is not None}
    if language() != "th":
        asked["lang"] = language()
    st.page_link(place.file, label=f"{label} →", query_params=asked)
