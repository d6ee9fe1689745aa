"""Which year is planned, and whose scores are analysed for it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from ita.domain import FiscalYear
from ita.i18n import language
from ita.imports.validation.rows import PLANNING_YEARS
from ita.planning.analysis import PlanAnalysis, default_plan_year, plannable_years, years_before
from ita.ui.components import pickers, queries
from ita.web.store_access import get_reference


def pick_analysis(agency: str, version: queries.DataVersion, today: date) -> PlanAnalysis:
    """The analysis for the year and the basis that are chosen; both stand in the address."""
    points = queries.agency_trend(version, agency).points
    score_years = sorted({point.fiscal_year for point in points if point.score is not None})
    work_years = queries.agency_years_of_work(version, agency)
    last = FiscalYear(max(get_reference().years) + PLANNING_YEARS)
    with st.container(horizontal=True, gap="small"):
        options = plannable_years(score_years, work_years, today, last)
        year = pickers.pick_plan_year(options, default_plan_year(score_years, today))
        basis = pickers.pick_basis_year(years_before(score_years, year))
    return queries.agency_plan(version, agency, year, basis, today, language())
