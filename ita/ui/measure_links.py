"""Ways to the page of measures, and to the import of what a measure lacks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from unicodedata import category
from urllib.parse import urlsplit

import streamlit as st

from ita.domain import FiscalYear, MeasureStatus, Quarter
from ita.measures.model import Measure
from ita.measures.statuses import URGENT_STATUSES, JudgedMeasure
from ita.ui.page_links import page_href
from ita.web.page_list import PROGRESS

# What takes back each filter of the page of measures: what a link leaves out stays as the session
# has it.
NO_FILTERS = {
    "quarter": "",
    "instruments": "",
    "division": "",
    "status": "",
    "measure": "",
}


def cleared_filters() -> dict[str, str]:
    """Choices of a link that take back the filters of this session, and no others: each that is not
    needed would be one more step of the browser's history."""
    return {
        name: value for name, value in NO_FILTERS.items() if st.session_state.get(f"{name} in url")
    }


def late_filter(late: Sequence[JudgedMeasure]) -> dict[str, str]:
    """Choices of a link that shows exactly these outstanding measures of a year, whatever was filtered
    before."""
    statuses = {one.status for one in late} or URGENT_STATUSES
    status_codes = [status.value for status in MeasureStatus if status in statuses]
    return cleared_filters() | {"status": ",".join(status_codes)}


def measure_code(measure: Measure) -> str:
    """The code of a measure in a URL: IIT-3."""
    return f"{measure.instrument}-{measure.seq}"


def measure_name(measure: Measure) -> str:
    return f"{measure.instrument} {measure.seq}"


def measure_href(agency: str, measure: Measure) -> str:
    """The URL of a measure's details."""
    year = int(measure.fiscal_year)
    return page_href(PROGRESS, agency=agency, year=year, measure=measure_code(measure))


def details_href(agency: str, measure: Measure) -> str:
    """The URL of a measure's details from its own page, keeping the filters."""
    choices = {name: value for name, value in st.query_params.to_dict().items() if name != "lang"}
    choices |= {"agency": agency, "year": str(int(measure.fiscal_year))}
    return page_href(PROGRESS, **(choices | {"measure": measure_code(measure)}))


def upload_choices(agency: str, year: FiscalYear, quarter: Quarter | None) -> dict[str, object]:
    """What the import is asked for to be at a quarter's completion; without one, at the year's."""
    number = quarter.number if quarter else None
    return {"agency": agency, "kind": "progress", "year": int(year), "quarter": number}


def evidence_html(text: str) -> str:
    """Evidence as it was written; an address of the web in it becomes a link, nothing else does."""
    return "<br>".join(" ".join(map(_word_html, line.split(" "))) for line in text.split("\n"))


def _word_html(word: str) -> str:
    escaped = escape(word)
    if not _is_web_url(word):
        return escaped
    return f'<a href="{escaped}" target="_blank" rel="noopener noreferrer">{escaped}</a>'


def _is_web_url(word: str) -> bool:
    """http or https with a host, without invisible or direction-changing characters."""
    try:
        parts = urlsplit(word)
        host = parts.hostname
    except ValueError:
        return False
    hidden = any(category(letter)[0] in "CZ" for letter in word)
    # What stands before an @ may be taken for the host.
    has_plain_host = bool(host) and "@" not in parts.netloc
    return word.lower().startswith(("http://", "https://")) and has_plain_host and not hidden
