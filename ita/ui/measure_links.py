"""Ways to the page of measures, and to the import of what a measure lacks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from unicodedata import category
from urllib.parse import urlsplit

import streamlit as st

from ita.measures.model import Measure
from ita.measures.statuses import URGENT_STATUSES, JudgedMeasure
from ita.ui.page_links import page_href
from ita.ui.pages import PROGRESS
from ita.vocabulary import FiscalYear, MeasureStatus, Quarter

EVERY_MEASURE = {
    "quarter": "",
    "instruments": "",
    "division": "",
    "status": "",
    "measure": "",
}
"""What takes back each filter of the page of measures: what a link leaves out stays as the session
has it."""


def back_to_all() -> dict[str, str]:
    """Choices of a link that take back the filters of this session, and no others: each that is not
    needed would be one more step of the browser's history."""
    return {
        name: value
        for name, value in EVERY_MEASURE.items()
        if st.session_state.get(f"{name} in url")
    }


def late_choices(late: Sequence[JudgedMeasure]) -> dict[str, str]:
    """Choices of a link that shows exactly these outstanding measures of a year, whatever was filtered
    before."""
    there = {one.status for one in late} or URGENT_STATUSES
    pressing = [status.value for status in MeasureStatus if status in there]
    return back_to_all() | {"status": ",".join(pressing)}


def measure_code(measure: Measure) -> str:
    """How a measure stands in an address: IIT-3."""
    return f"{measure.instrument}-{measure.seq}"


def measure_name(measure: Measure) -> str:
    return f"{measure.instrument} {measure.seq}"


def measure_href(agency: str, measure: Measure) -> str:
    """Where a measure is looked at closely."""
    year = int(measure.fiscal_year)
    return page_href(PROGRESS, agency=agency, year=year, measure=measure_code(measure))


def closer_href(agency: str, measure: Measure) -> str:
    """The same from its own page, with the filters as they are."""
    here = {name: value for name, value in st.query_params.to_dict().items() if name != "lang"}
    here |= {"agency": agency, "year": str(int(measure.fiscal_year))}
    return page_href(PROGRESS, **(here | {"measure": measure_code(measure)}))


def progress_choices(agency: str, year: FiscalYear, quarter: Quarter | None) -> dict[str, object]:
    """What the import is asked for to be at a quarter's completion; without one, at the year's."""
    number = quarter.number if quarter else None
    return {"agency": agency, "kind": "progress", "year": int(year), "quarter": number}


def evidence_html(text: str) -> str:
    """Evidence as it was written; an address of the web in it becomes a link, nothing else does."""
    return "<br>".join(" ".join(map(_word, line.split(" "))) for line in text.split("\n"))


def _word(word: str) -> str:
    told = escape(word)
    if not _is_web_address(word):
        return told
    return f'<a href="{told}" target="_blank" rel="noopener noreferrer">{told}</a>'


def _is_web_address(word: str) -> bool:
    """http or https with a host, without invisible or direction-changing characters."""
    try:
        parts = urlsplit(word)
        host = parts.hostname
    except ValueError:
        return False
    hidden = any(category(letter)[0] in "CZ" for letter in word)
    # What stands before an @ may be taken for the host.
    plain = bool(host) and "@" not in parts.netloc
    return word.lower().startswith(("http://", "https://")) and plain and not hidden
