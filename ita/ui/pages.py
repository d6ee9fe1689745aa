"""The list of pages by section; their paths in the URL are part of the outward contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from ita.access.people import Person
from ita.access.permissions import Action, Thing, may, may_at_all
from ita.settings import LANGUAGES
from ita.ui.remembered import usual_language
from ita.ui.sign_in import the_person
from ita.wording import language, say


@dataclass(frozen=True)
class PagePlace:
    """file: of the page, from the project's folder. url: its path, "" for the first page. action:
    what a person must be allowed to see it; those who are not don't find it in the menu. scripts: of
    Streamlit, those that it will need and would ask for only then, beside those of EVERYWHERE."""

    file: str
    url: str
    action: Action = Action.VIEW
    scripts: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Of the menu: the folder that the page lies in."""
        return Path(self.file).parent.name


NO_SECTION = ""
"""Streamlit's word for the pages that stand in the menu themselves."""
EVERYWHERE = ("Html", "ButtonGroup", "PageLink", "TextInput")
"""Scripts of the frame and of the way to the agency."""
CHART = ("PlotlyChart",)
SENDING = ("axios",)
FORM = (
    *("TextField", "InputInstructions", "inputUtils", "useUpdateUiValue"),
    *("useDebouncedCallback", "Checkbox", "checkboxIndicatorStyles", "useSlot", "Button"),
)
OVERVIEW = PagePlace("pages/scores/overview.py", "", scripts=CHART)
TREND = PagePlace("pages/scores/trend.py", "trend", scripts=CHART)
INDICATORS = PagePlace("pages/scores/indicators.py", "indicators", scripts=CHART)
COMPARE = PagePlace("pages/scores/compare.py", "compare", scripts=CHART)
WHAT_IF = PagePlace("pages/scores/what_if.py", "what-if")
PROGRESS = PagePlace("pages/measures/progress.py", "measures", scripts=CHART)
PLANNING = PagePlace("pages/measures/planning.py", "planning")
CLAIMS = PagePlace("pages/report/claims.py", "claims")
NARRATIVE = PagePlace("pages/report/narrative.py", "report")
UPLOAD = PagePlace("pages/data/upload.py", "upload", Action.IMPORT, SENDING + FORM)
DOWNLOAD = PagePlace("pages/data/download.py", "download", Action.DOWNLOAD)
HISTORY = PagePlace("pages/data/history.py", "history", Action.VIEW_HISTORY)
ACCOUNTS = PagePlace("pages/admin/accounts.py", "accounts", Action.MANAGE_ACCOUNTS)
AUDIT = PagePlace("pages/admin/audit.py", "audit", Action.READ_AUDIT)
HEAVY = frozenset({COMPARE.url, CLAIMS.url})
"""Pages over many agencies or many texts, which one person gets only so often."""
PAGES = (
    OVERVIEW,
    TREND,
    INDICATORS,
    COMPARE,
    WHAT_IF,
    PROGRESS,
    PLANNING,
    NARRATIVE,
    CLAIMS,
    UPLOAD,
    DOWNLOAD,
    HISTORY,
    ACCOUNTS,
    AUDIT,
)


def pages(person: Person) -> dict[str, list[st.Page]]:
    """Every page under its section of the menu, named in the language that is spoken; the first page
    stands in none. In the menu are those that a person may see.

    The others stay known, so that their address says why it shows nothing; beside the first page, or
    the menu would name a section with nothing in it.
    """
    titles = {
        OVERVIEW: say("ภาพรวม"),
        TREND: say("แนวโน้ม"),
        INDICATORS: say("ตัวชี้วัด"),
        COMPARE: say("เปรียบเทียบ"),
        WHAT_IF: say("ไปให้ถึงระดับถัดไป"),
        PROGRESS: say("มาตรการ"),
        PLANNING: say("วางแผนปีถัดไป"),
        CLAIMS: say("ข้อความกับตัวเลข"),
        NARRATIVE: say("รายงานผล"),
        UPLOAD: say("นำเข้าข้อมูล"),
        DOWNLOAD: say("ดาวน์โหลด"),
        HISTORY: say("ประวัติ"),
        ACCOUNTS: say("บัญชีผู้ใช้"),
        AUDIT: say("บันทึกการใช้งาน"),
    }
    sections = {
        "scores": say("ผลคะแนน"),
        "measures": say("แผนและมาตรการ"),
        "report": say("รายงาน"),
        "data": say("ข้อมูล"),
        "admin": say("การดูแลระบบ"),
    }
    menu: dict[str, list[st.Page]] = {NO_SECTION: []}
    for place in PAGES:
        visible = may_at_all(person, place.action).allowed
        alone = place is OVERVIEW or not visible
        section = NO_SECTION if alone else sections[place.section]
        page = st.Page(
            place.file,
            title=titles[place],
            url_path=place.url or None,
            default=place is OVERVIEW,
            visibility="visible" if visible else "hidden",
        )
        menu.setdefault(section, []).append(page)
    return menu


def mark_section(menu: Mapping[str, Sequence[st.Page]], page: st.Page) -> None:
    """Mark the page's section in the menu, as Streamlit marks a page that stands in the menu itself."""
    sections = [listed for section, listed in menu.items() if section != NO_SECTION]
    # The first page stands before them all; Streamlit marks it itself.
    place = next((place for place, listed in enumerate(sections, 2) if page in listed), None)
    if place:
        item = f'[data-testid="stTopNav"] > :nth-child({place}) [data-testid="stTopNavSection"]'
        look = "background: color-mix(in srgb, currentColor 10%, transparent)"
        st.html(f"<style>{item} {{ {look} }} {item} p {{ font-weight: 600 }}</style>")


def know_pages_from_the_start() -> None:
    """Tell Streamlit that its pages come from `st.navigation`, before anybody's first visit.

    It takes a folder named pages/ for its older kind of app until some session has navigated, and
    answers the first visit of a page's own URL with "page not found" over the page.
    """
    PagesManager.uses_pages_directory = False


def opens(place: PagePlace, **choices: object) -> bool:
    """Whether whoever the present script runs for may do on a page what it is for; of an import, with
    the kind of file and the agency that the choices name."""
    agency, kind = choices.get("agency"), choices.get("kind")
    if place.action is Action.IMPORT and agency is not None and kind is not None:
        thing = Thing(frozenset({str(agency)}), str(kind))
        return may(the_person(), place.action, thing).allowed
    return may_at_all(the_person(), place.action).allowed


def link_choices(choices: Mapping[str, object]) -> dict[str, str]:
    """Choices as they stand in an address, with the language where a browser would begin in another."""
    asked = {name: str(value) for name, value in choices.items() if value is not None}
    if language() != usual_language() or language() != LANGUAGES[0]:
        asked["lang"] = language()
    return asked


def link(place: PagePlace, label: str, **choices: object) -> None:
    """A link to a page with the choices that open it at the right place; none for whoever would only
    be told there that it is not theirs."""
    if not opens(place, **choices):
        return
    st.page_link(place.file, label=f"{label} →", query_params=link_choices(choices))
