"""The addresses of the server: what is open to everybody, what holds data, what is nobody's; the list of pages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path

import streamlit as st

from ita.auth.permissions import Action
from ita.i18n import _

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
OIDC_SIGN_IN = "/sign-in/organisation"
FIRST_ADMIN, CHANGE_PASSWORD = "/first-admin", "/change-password"
HEALTH, METRICS = "/health", "/metrics"
PREVIEW_PICTURE = "/preview.png"
"""Of a link: the line of an agency's total, where strangers may see it."""
HANDBOOK_FILE = "/handbook.pdf"
FORMS = (SIGN_IN, SIGN_OUT, OIDC_SIGN_IN, FIRST_ADMIN, CHANGE_PASSWORD)

OIDC_CALLBACK = "/oauth2callback"
"""Where the organisation's sign-in leads back to; Streamlit's name for it."""
STREAM, UPLOADS, MEDIA = "/_stcore/stream", "/_stcore/upload_file/", "/media/"

ASSETS = "/static/"
"""Streamlit's scripts, style sheets and fonts."""

_SHUT = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
_OPEN = (ASSETS, "/app/static/", "/_stcore/", "/component/", "/auth/")
_OPEN_FILES = ("/favicon.png", "/manifest.json", "/robots.txt", OIDC_CALLBACK)


class RouteKind(Enum):
    """OPEN: the same for everybody. DATA: files of a session. STREAM: the pages' connection. PAGE:
    what a browser opens. SHUT: Streamlit's doors that we don't use."""

    OPEN = auto()
    DATA = auto()
    STREAM = auto()
    PAGE = auto()
    SHUT = auto()


def route_kind(path: str) -> RouteKind:
    """What stands at a path below our own root. Streamlit answers any path it does not know with
    its page, so what is no known place is a page."""
    if path == STREAM:
        return RouteKind.STREAM
    if path.startswith(_SHUT):
        return RouteKind.SHUT
    if path.startswith((MEDIA, UPLOADS)):
        return RouteKind.DATA
    if path.startswith(_OPEN) or path in (
        *_OPEN_FILES,
        *FORMS,
        HEALTH,
        METRICS,
        HANDBOOK_FILE,
        PREVIEW_PICTURE,
    ):
        return RouteKind.OPEN
    # Streamlit's page looks for its root above the page it was opened at (docs/decisions/).
    return RouteKind.OPEN if "/_stcore/" in path else RouteKind.PAGE


@cache
def root() -> str:
    """Where a proxy has put us: "" or "/ita", without a slash at the end."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def below_root(path: str) -> str:
    """A path as if we stood at the top."""
    base = root()
    below = path == base or path.startswith(f"{base}/")
    return (path.removeprefix(base) or "/") if below else path


def local_path(target: str | None) -> str:
    """Where to go on to inside our own site; our first page for anything else.

    "//host", "/\\host" and "https:" lead elsewhere, and a line end would add a header.
    """
    home = f"{root()}/"
    if not target or not target.startswith(home) or target[1:2] in ("/", "\\"):
        return home
    if "\\" in target or any(ord(sign) < 32 or ord(sign) == 127 for sign in target):
        return home
    path = below_root(target.partition("?")[0])
    return target if route_kind(path) is RouteKind.PAGE and "//" not in path else home


# The list of pages by section; their paths in the URL are part of the outward contract.


@dataclass(frozen=True)
class PageSpec:
    """file: of the page, from the project's folder. url: its path, "" for the first page. action:
    what a person must be allowed to see it; those who are not don't find it in the menu. scripts: of
    Streamlit, those that are run while it waits for the server; the chart's is a megabyte."""

    file: str
    url: str
    action: Action = Action.VIEW
    scripts: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        """Of the menu: the folder that the page lies in."""
        return Path(self.file).parent.name


CHART_SCRIPTS = ("PlotlyChart",)
OVERVIEW = PageSpec("pages/scores/overview.py", "")
TREND = PageSpec("pages/scores/trend.py", "trend", scripts=CHART_SCRIPTS)
INDICATORS = PageSpec("pages/scores/indicators.py", "indicators", scripts=CHART_SCRIPTS)
COMPARE = PageSpec("pages/scores/compare.py", "compare", scripts=CHART_SCRIPTS)
WHAT_IF = PageSpec("pages/scores/what_if.py", "what-if")
PROGRESS = PageSpec("pages/measures/progress.py", "measures", scripts=CHART_SCRIPTS)
PLANNING = PageSpec("pages/measures/planning.py", "planning")
CLAIMS = PageSpec("pages/report/claims.py", "claims")
NARRATIVE = PageSpec("pages/report/narrative.py", "report")
UPLOAD = PageSpec("pages/data/upload.py", "upload", Action.IMPORT)
DOWNLOAD = PageSpec("pages/data/download.py", "download", Action.DOWNLOAD)
HISTORY = PageSpec("pages/data/history.py", "history", Action.VIEW_HISTORY)
AGENCY = PageSpec("pages/data/agency.py", "agency")
HANDBOOK = PageSpec("pages/data/handbook.py", "handbook")
ACCOUNTS = PageSpec("pages/admin/accounts.py", "accounts", Action.MANAGE_ACCOUNTS)
AUDIT = PageSpec("pages/admin/audit.py", "audit", Action.READ_AUDIT)
# Pages over many agencies or many texts, which have a rate limit for each person.
HEAVY = frozenset({COMPARE.url, CLAIMS.url})
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
    AGENCY,
    HANDBOOK,
    ACCOUNTS,
    AUDIT,
)


def page_at(path: str) -> PageSpec | None:
    """The page of a path as if we stood at the top."""
    return next((page for page in PAGES if page.url == path.strip("/")), None)


def page_titles() -> dict[PageSpec, str]:
    """What each page is called in the current language."""
    return {
        OVERVIEW: _("ภาพรวม"),
        TREND: _("แนวโน้ม"),
        INDICATORS: _("ตัวชี้วัด"),
        COMPARE: _("เปรียบเทียบ"),
        WHAT_IF: _("จำลองคะแนนสู่ระดับถัดไป"),
        PROGRESS: _("มาตรการ"),
        PLANNING: _("วางแผนปีถัดไป"),
        CLAIMS: _("ตรวจถ้อยคำกับคะแนน"),
        NARRATIVE: _("รายงานผล"),
        UPLOAD: _("นำเข้าข้อมูล"),
        DOWNLOAD: _("ดาวน์โหลด"),
        HISTORY: _("ประวัติ"),
        AGENCY: _("หน่วยงานของเรา"),
        HANDBOOK: _("คู่มือ"),
        ACCOUNTS: _("บัญชีผู้ใช้"),
        AUDIT: _("บันทึกการใช้งาน"),
    }
