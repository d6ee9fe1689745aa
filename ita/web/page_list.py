"""The list of pages by section; their paths in the URL are part of the outward contract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ita.auth.permissions import Action


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
OVERVIEW = PageSpec("pages/scores/overview.py", "", scripts=CHART_SCRIPTS)
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
    ACCOUNTS,
    AUDIT,
)
