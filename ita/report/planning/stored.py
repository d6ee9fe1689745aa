"""The plan of a year out of the store, ready to print: what is saved, else the first draft of it."""

from __future__ import annotations

from datetime import date

from ita.measures.plan_drafts import planned_row
from ita.measures.queries import load_measures
from ita.reference import Reference
from ita.report.planning.analysis import plan_analysis
from ita.report.planning.basis import years_before
from ita.report.planning.document import PrintedPlan, printed_plan
from ita.report.planning.drafting import first_draft
from ita.scores.queries import published_scores
from ita.store import Cursor
from ita.vocabulary import FiscalYear
from ita.wording import speaking


def stored_plan(
    cursor: Cursor, agency_id: str, year: FiscalYear, reference: Reference, today: date
) -> PrintedPlan | None:
    """The document of a year's plan, from the last scores before it. Without measures of the year it
    is the draft, and says so; None where nothing is stored that a draft could start from."""
    scored = [one.fiscal_year for one in published_scores(cursor, agency_id)]
    basis = next(iter(years_before(scored, year)), None)
    with speaking("th"):
        found = plan_analysis(cursor, agency_id, year, basis, reference, today)
        stored = load_measures(cursor, agency_id, year)
        rows = tuple(map(planned_row, stored)) or first_draft(found, ())
        if not rows and basis is None:
            return None
        return printed_plan(found, rows, reference, is_draft=not stored)
