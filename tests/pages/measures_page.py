"""The page of measures: where it is, a store for it, and what is read off it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from streamlit.testing.v1 import AppTest

from ita.store import open_store
from tests.imports.bringing import taken
from tests.pages.moves import html_of

MEASURES = "pages/measures/progress.py"
MEASURE_HEAD = (
    "fiscal_year,agency,instrument,seq,measure,indicator,divisions,start_quarter,end_quarter\n"
)
PROGRESS_HEAD = "fiscal_year,quarter,agency,instrument,seq,percent,note,obstacle,evidence\n"


def fill_store(place: Path, measures: str = "", progress: str = "", scores: str = "") -> None:
    with open_store(place) as store:
        taken(store, "agencies", "agency_id,name_th\nT,เทศบาลทดสอบ\n")
        if scores:
            head = "fiscal_year,agency,source,ind1,ind2\n"
            taken(store, "scores", head + scores, scale="percent")
        if measures:
            taken(store, "measures", MEASURE_HEAD + measures)
        if progress:
            taken(store, "progress", PROGRESS_HEAD + progress)


def links_of(app: AppTest) -> list[str]:
    """Links in our HTML and Streamlit's own, as path?query."""
    inner = [unescape(link) for link in re.findall(r'href="([^"]*)"', html_of(app))]
    outer = [e.proto for e in app.get("page_link")]
    return inner + [f"{link.page}?{link.query_string}" for link in outer]


def asked_by(link: str) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(link).query, keep_blank_values=True).items()}


def measures_shown(app: AppTest) -> list[str]:
    """The measures of the tables, in their order."""
    return re.findall(r'<th scope="row"><b><a [^>]*>([A-Z]+ \d+)</a>', html_of(app))
