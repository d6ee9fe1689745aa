"""What is stored of scores; each function is named after its rows."""

from __future__ import annotations

from collections.abc import Sequence

from ita.scores.totals import YearScores
from ita.store import Cursor
from ita.store.tables import RESPONDENTS
from ita.vocabulary import FiscalYear, Instrument


def published_scores(cursor: Cursor, agency_id: str) -> tuple[YearScores, ...]:
    """One value per year of an agency that any score, level or source is stored of, oldest first."""
    results = cursor.execute(
        f"SELECT fiscal_year, level, source, {', '.join(RESPONDENTS.values())} FROM annual_result "
        "WHERE agency_id = $agency_id ORDER BY fiscal_year",
        {"agency_id": agency_id},
    ).fetchall()
    scores = cursor.execute(
        "SELECT fiscal_year, part, value FROM score WHERE agency_id = $agency_id",
        {"agency_id": agency_id},
    ).fetchall()
    values = {year: {part: value for y, part, value in scores if y == year} for year, *_ in results}
    return tuple(
        YearScores(FiscalYear(year), values[year], level, source, _answered(counts))
        for year, level, source, *counts in results
    )


def _answered(counts: Sequence[int | None]) -> dict[Instrument, int]:
    """The counts of the columns of respondents by instrument, those that are known."""
    paired = zip(RESPONDENTS, counts, strict=True)
    return {instrument: count for instrument, count in paired if count is not None}
