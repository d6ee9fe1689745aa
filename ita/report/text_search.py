"""Words of measures and narrative reports, looked for over all agencies.

A scan: full-text search finds no Thai, which has no spaces between words. A nation's 332,000 texts of
reports take a quarter of a second, its two million measures about one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ita.reference import Reference
from ita.store import Cursor, one_value
from ita.store.spellings import group_conditions
from ita.vocabulary import FiscalYear, Instrument

PAGE_ROWS = 20
_ESCAPE = "!"
_SIGNS = ("%", "_", "\\")
"""Signs that LIKE takes for something else, the last one in PostgreSQL."""


class Texts(StrEnum):
    """Whose words are looked through."""

    NARRATIVE = "narrative"
    MEASURES = "measures"


_COLUMNS = {
    Texts.NARRATIVE: ("narrative", "text", "type"),
    Texts.MEASURES: ("measure", "measure", "instrument"),
}
"""Table, the column of its texts, and the one that tells their kind; measures are of one kind."""


@dataclass(frozen=True)
class Asked:
    """words: all of them must stand in a text, as they are typed. year: None for all; type, province:
    of the agency, "" for any."""

    texts: Texts
    words: tuple[str, ...]
    year: FiscalYear | None = None
    type: str = ""
    province: str = ""


@dataclass(frozen=True)
class FoundText:
    """type: of a narrative text, "" of a measure. seq: 0 where a text has none."""

    agency_id: str
    agency: str
    province: str
    year: FiscalYear
    instrument: Instrument
    type: str
    seq: int
    text: str


def count_texts(cursor: Cursor, asked: Asked, reference: Reference) -> int:
    """How many texts hold all the words."""
    source, values = _query(cursor, asked, reference)
    return one_value(cursor, f"SELECT count(*) {source}", **values)


def found_texts(
    cursor: Cursor, asked: Asked, reference: Reference, page: int | None = None
) -> tuple[FoundText, ...]:
    """The texts that hold all the words, the newest year first. page: one of them, from 1."""
    source, values = _query(cursor, asked, reference)
    cut = "" if page is None else f" LIMIT {PAGE_ROWS} OFFSET {(page - 1) * PAGE_ROWS}"
    _, text, kind = _COLUMNS[asked.texts]
    rows = cursor.execute(
        "SELECT t.agency_id, a.name_th, coalesce(a.province, '') AS province, t.fiscal_year, "
        f"t.instrument, t.{kind}, t.seq, t.{text} {source} "
        f"ORDER BY t.fiscal_year DESC, t.agency_id, t.instrument, t.{kind}, t.seq{cut}",
        values,
    ).fetchall()
    return tuple(
        FoundText(
            agency_id,
            agency,
            province,
            FiscalYear(year),
            Instrument(instrument),
            told if asked.texts is Texts.NARRATIVE else "",
            seq,
            words,
        )
        for agency_id, agency, province, year, instrument, told, seq, words in rows
    )


def _query(cursor: Cursor, asked: Asked, reference: Reference) -> tuple[str, dict[str, object]]:
    """FROM and WHERE, and the values bound in them."""
    table, text, _ = _COLUMNS[asked.texts]
    found: list[str] = []
    values: dict[str, object] = {}
    for place, word in enumerate(asked.words):
        found.append(_like(f"t.{text}", word).replace("$word", f"$word_{place}"))
        values[f"word_{place}"] = f"%{_escaped(word.lower())}%"
    if asked.year is not None:
        found.append("t.fiscal_year = $year")
        values["year"] = int(asked.year)
    of_group, spellings = group_conditions(
        cursor, asked.type, asked.province, reference.agency_type, reference.province
    )
    found += of_group
    values |= spellings
    source = f"FROM {table} AS t JOIN agency AS a ON a.agency_id = t.agency_id"
    return f"{source} WHERE {' AND '.join(found)}", values


def _like(column: str, word: str) -> str:
    """The comparison that fits a word. What is not needed costs: capitals, which Thai has none of,
    and signs with a meaning of their own take twice as long each."""
    text = column if word.lower() == word.upper() else f"lower({column})"
    like = f"{text} LIKE $word"
    return f"{like} ESCAPE '{_ESCAPE}'" if _has_signs(word) else like


def _has_signs(word: str) -> bool:
    return any(sign in word for sign in _SIGNS)


def _escaped(word: str) -> str:
    if _has_signs(word):
        for sign in (_ESCAPE, "%", "_"):
            word = word.replace(sign, _ESCAPE + sign)
    return word
