"""The executive's brief to take along: two pages of PDF, made on the click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from ita.domain import FiscalYear
from ita.formatting import year_text
from ita.i18n import _, language, language_set_to
from ita.measures.model import current_work_year
from ita.reference import Reference
from ita.store import Store
from ita.web.store_access import get_reference, get_store


def show_brief_download(
    agency: str, score_years: Sequence[FiscalYear], work_years: Sequence[FiscalYear], today: date
) -> None:
    """A button for the brief of an agency's latest year, where it has any.

    scored, worked: its years with scores and with work; a year that is only planned doesn't count.
    """
    current_year = current_work_year(work_years, today, get_reference().handover_days)
    year = max([*score_years, *([current_year] if current_year else [])], default=None)
    if year is None:
        return
    # Made outside the run that knows store and language: both are chosen now.
    make_file = partial(_brief_bytes, get_store(), get_reference(), agency, year, today, language())
    st.download_button(
        _("บทสรุปผู้บริหาร {year} (PDF)", year=year_text(year)),
        data=make_file,
        file_name=f"ita-brief-{agency}-{int(year)}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="brief",
    )


def _brief_bytes(
    store: Store,
    reference: Reference,
    agency: str,
    year: FiscalYear,
    today: date,
    file_language: str,
) -> bytes:
    from ita.reports.brief import (
        brief_pdf,
        build_brief,  # with typst, for this click only
    )

    with language_set_to(file_language):
        with store.reading() as cursor:
            brief = build_brief(cursor, agency, year, reference, today)
        return brief_pdf(brief)
