"""The plan of a year out of the store, ready to print: what is saved, else the first draft of it."""

from __future__ import annotations

from datetime import date

from ita.domain import FiscalYear
from ita.i18n import language_set_to
from ita.measures.plan_drafts import planned_row
from ita.measures.queries import load_measures
from ita.planning.analysis import load_plan_analysis
from ita.planning.first_draft import build_first_draft
from ita.planning.plan_years import years_before
from ita.planning.printed_plan import PrintedPlan, build_printed_plan
from ita.reference import Reference
from ita.scores.queries import load_published_scores
from ita.store import Cursor


def load_printed_plan(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference, today: date
) -> PrintedPlan | None:
    """The document of a year's plan, from the last scores before it. Without measures of the year it
    is the draft, and says so; None where nothing is stored that a draft could start from."""
    score_years = [
        year_scores.fiscal_year for year_scores in load_published_scores(cursor, agency_id)
    ]
    basis = next(iter(years_before(score_years, year)), None)
    with language_set_to("th"):
        analysis = load_plan_analysis(cursor, agency_id, year, basis, reference, today)
        stored = load_measures(cursor, agency_id, year)
        rows = tuple(map(planned_row, stored)) or build_first_draft(analysis, ())
        if not rows and basis is None:
            return None
        return build_printed_plan(analysis, rows, reference, is_draft=not stored)
