"""Queries of stored scores."""

from __future__ import annotations

import json

from ita.domain import FiscalYear
from ita.reference import Reference
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.totals import YearScores
from ita.scores.trends import Trend, compute_trend
from ita.store import Cursor
from ita.store.spellings import group_conditions
from ita.store.tables import RESPONDENTS


def load_published_scores(cursor: Cursor, agency_id: str) -> tuple[YearScores, ...]:
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
        YearScores(
            FiscalYear(year),
            values[year],
            level,
            source,
            {i: count for i, count in zip(RESPONDENTS, counts, strict=True) if count is not None},
        )
        for year, level, source, *counts in results
    )


def load_agency_names(cursor: Cursor, agency_id: str) -> tuple[str, str]:
    """The Thai name of an agency and its English one, "" where it has none; its id where it isn't stored."""
    row = cursor.execute(
        "SELECT name_th, coalesce(name_en, '') FROM agency WHERE agency_id = $agency_id",
        {"agency_id": agency_id},
    ).fetchone()
    return row or (agency_id, "")


def load_agency_type(cursor: Cursor, agency_id: str) -> str | None:
    """The type that an agency is entered with; None where it has none."""
    row = cursor.execute(
        "SELECT agency_type FROM agency WHERE agency_id = $agency_id", {"agency_id": agency_id}
    ).fetchone()
    return (row[0] or None) if row else None


def load_text_agency(cursor: Cursor, agency_id: str) -> TextAgency:
    """By which names and type an agency is known in a text; by none where it isn't stored."""
    row = cursor.execute(
        "SELECT name_th, name_en, agency_type FROM agency WHERE agency_id = $agency_id",
        {"agency_id": agency_id},
    ).fetchone()
    name, english, kind = row or ("", "", "")
    return TextAgency(tuple(filter(None, (name, english))), kind or "")


def load_agency_trend(cursor: Cursor, agency_id: str, reference: Reference) -> Trend:
    """An agency's trend over all its stored years, with the means of the nation and of its type."""
    return compute_trend(
        load_published_scores(cursor, agency_id), reference, load_agency_type(cursor, agency_id)
    )


def load_recorded_reason(cursor: Cursor, agency_id: str, year: FiscalYear) -> str:
    """The reason recorded with the last effective import of scores of an agency and year; "" where
    there is none."""
    key = json.dumps([agency_id, int(year)], ensure_ascii=False, separators=(",", ":"))
    row = cursor.execute(
        "SELECT b.reason FROM change AS c JOIN batch AS b ON b.batch_id = c.batch_id "
        "WHERE c.table_name IN ('annual_result', 'score') "
        "AND (c.row_key = $whole OR starts_with(c.row_key, $start)) AND b.undoes IS NULL "
        "AND b.batch_id NOT IN (SELECT undoes FROM batch WHERE undoes IS NOT NULL) "
        "ORDER BY b.batch_id DESC LIMIT 1",
        {"whole": key, "start": f"{key[:-1]},"},
    ).fetchone()
    return str(row[0] or "") if row else ""


def load_sources(
    cursor: Cursor, year: FiscalYear, agency_type: str, province: str, reference: Reference
) -> tuple[str, ...]:
    """The sources of a year's results of a group, the most frequent first; "" = whatever type,
    whatever province, in their one spelling."""
    group_sql, values = group_conditions(
        cursor, agency_type, province, reference.agency_type, reference.province
    )
    conditions = ["r.fiscal_year = $year", "r.source <> ''", *group_sql]
    rows = cursor.execute(
        "SELECT r.source, count(*) AS results FROM annual_result AS r "
        "JOIN agency AS a ON a.agency_id = r.agency_id "
        f"WHERE {' AND '.join(conditions)} "
        "GROUP BY r.source ORDER BY results DESC, r.source",
        {"year": int(year), **values},
    ).fetchall()
    return tuple(source for source, _ in rows)
