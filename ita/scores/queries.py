"""What is stored of scores; each function is named after its rows."""

from __future__ import annotations

from ita.scores.totals import YearScores
from ita.store import Cursor
from ita.vocabulary import FiscalYear


def published_scores(cursor: Cursor, agency_id: str) -> tuple[YearScores, ...]:
    """One value per year of an agency that any score, level or source is stored of, oldest first."""
    results = cursor.execute(
        "SELECT fiscal_year, level, source FROM annual_result "
        "WHERE agency_id = $agency_id ORDER BY fiscal_year",
        {"agency_id": agency_id},
    ).fetchall()
    scores = cursor.execute(
        "SELECT fiscal_year, part, value FROM score WHERE agency_id = $agency_id",
        {"agency_id": agency_id},
    ).fetchall()
    values = {
        year: {part: value for y, part, value in scores if y == year} for year, _, _ in results
    }
    return tuple(
        YearScores(FiscalYear(year), values[year], level, source) for year, level, source in results
    )
