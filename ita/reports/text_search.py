"""Full-text search in measures and narrative reports of all agencies.

A scan: full-text search finds no Thai, which has no spaces between words. A nation's 332,000 texts of
reports take a quarter of a second, its two million measures about one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ita.domain import FiscalYear, Instrument
from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.spellings import group_conditions

PAGE_ROWS = 20
_ESCAPE = "!"
# Signs that LIKE takes for something else, the last one in PostgreSQL.
_WILDCARDS = ("%", "_", "\\")


class TextSource(StrEnum):
    """The texts that are searched."""

    NARRATIVE = "narrative"
    MEASURES = "measures"


# Table, the column of its texts, and the one that tells their kind; measures are of one kind.
_COLUMNS = {
    TextSource.NARRATIVE: ("narrative", "text", "type"),
    TextSource.MEASURES: ("measure", "measure", "instrument"),
}


@dataclass(frozen=True)
class TextQuery:
    """words: all must occur in a text, as typed. year: None for all; type, province: of the agency, ""
    for any."""

    source: TextSource
    words: tuple[str, ...]
    year: FiscalYear | None = None
    type: str = ""
    province: str = ""


@dataclass(frozen=True)
class TextMatch:
    """type: of a narrative text, "" of a measure. seq: 0 where a text has none."""

    agency_id: str
    province: str
    year: FiscalYear
    instrument: Instrument
    type: str
    seq: int
    text: str


def count_texts(cursor: Cursor, query: TextQuery, reference: Reference) -> int:
    """The number of texts with all the words."""
    from_where, values = _from_where(cursor, query, reference)
    return one_value(cursor, f"SELECT count(*) {from_where}", **values)


def search_texts(
    cursor: Cursor, query: TextQuery, reference: Reference, page: int | None = None
) -> tuple[TextMatch, ...]:
    """The texts with all the words, the newest year first. page: from 1; None for all."""
    from_where, values = _from_where(cursor, query, reference)
    limit = "" if page is None else f" LIMIT {PAGE_ROWS} OFFSET {(page - 1) * PAGE_ROWS}"
    _, text, kind = _COLUMNS[query.source]
    rows = cursor.execute(
        "SELECT t.agency_id, coalesce(a.province, '') AS province, t.fiscal_year, "
        f"t.instrument, t.{kind}, t.seq, t.{text} {from_where} "
        f"ORDER BY t.fiscal_year DESC, t.agency_id, t.instrument, t.{kind}, t.seq{limit}",
        values,
    ).fetchall()
    return tuple(
        TextMatch(
            agency_id,
            province,
            FiscalYear(year),
            Instrument(instrument),
            text_type if query.source is TextSource.NARRATIVE else "",
            seq,
            words,
        )
        for agency_id, province, year, instrument, text_type, seq, words in rows
    )


def _from_where(
    cursor: Cursor, query: TextQuery, reference: Reference
) -> tuple[str, dict[str, object]]:
    """FROM and WHERE, and the values bound in them."""
    table, text, _ = _COLUMNS[query.source]
    conditions: list[str] = []
    values: dict[str, object] = {}
    for index, word in enumerate(query.words):
        conditions.append(_like(f"t.{text}", word).replace("$word", f"$word_{index}"))
        values[f"word_{index}"] = f"%{_escaped(word.lower())}%"
    if query.year is not None:
        conditions.append("t.fiscal_year = $year")
        values["year"] = int(query.year)
    group_parts, spellings = group_conditions(
        cursor, query.type, query.province, reference.agency_type, reference.province
    )
    conditions += group_parts
    values |= spellings
    source = f"FROM {table} AS t JOIN agency AS a ON a.agency_id = t.agency_id"
    return f"{source} WHERE {' AND '.join(conditions)}", values


def _like(column: str, word: str) -> str:
    """The comparison that fits a word. What is not needed costs: capitals, which Thai has none of,
    and signs with a meaning of their own take twice as long each."""
    text = column if word.lower() == word.upper() else f"lower({column})"
    like = f"{text} LIKE $word"
    return f"{like} ESCAPE '{_ESCAPE}'" if _has_wildcards(word) else like


def _has_wildcards(word: str) -> bool:
    return any(sign in word for sign in _WILDCARDS)


def _escaped(word: str) -> str:
    if _has_wildcards(word):
        for sign in (_ESCAPE, "%", "_"):
            word = word.replace(sign, _ESCAPE + sign)
    return word
