"""Tables that are pasted as text: a line that names columns, and the lines of figures below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.claims.texts.draft import Draft
from ita.scores.claims.texts.kinds import ClaimKind, Stated
from ita.scores.claims.texts.lexer import Token
from ita.scores.claims.texts.sentences import SUBJECTS
from ita.scores.claims.texts.years import Years

_LEAST_COLUMNS = 2
_LONGEST_LABEL = 8
_IN_A_ROW = SUBJECTS | {
    "number", "signed", "minus", "plus", "comma", "open", "close", "quote", "colon", "slash", "assess", "indicator",
    "score", "mean_score", "word", "level", "grade", "year", "link", "percent", "points", "item", "org", "arrow",
    "by", "other",
}  # fmt: skip
"""A line with anything else says something in words."""


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: years, or else parts."""

    years: tuple[FiscalYear, ...] = ()
    parts: tuple[Part, ...] = ()


def columns_of(text: str, tokens: Sequence[Token]) -> Columns | None:
    """The columns that a line names: at least two years or two parts, and no figure."""
    if any(token.kind in ("number", "signed", "range") for token in tokens):
        return None
    years = [t.years[0] for t in tokens if t.kind == "year"]
    parts = [part for token in tokens for part in _parts_of(token)]
    if parts and tokens[-1].kind == "by" and text.startswith("รวม", tokens[-1].start):
        parts.append(TOTAL)  # "IIT | EIT | OIT | รวม"
    if len(years) >= _LEAST_COLUMNS and len(parts) < _LEAST_COLUMNS:
        if all(FiscalYear.FIRST <= year <= FiscalYear.LAST for year in years):
            return Columns(years=tuple(map(FiscalYear, years)))
    elif len(parts) >= _LEAST_COLUMNS and len(set(parts)) == len(parts):
        return Columns(parts=tuple(parts))
    return None


def _parts_of(token: Token) -> tuple[Part, ...]:
    if token.kind in SUBJECTS:
        parts = tuple(token.value.split())
        return parts if parts != (TOTAL,) else ()  # "ผลการประเมิน ITA" is a title
    return (TOTAL,) if token.kind == "score" and token.value == TOTAL else ()


def keeps_a_table(tokens: Sequence[Token]) -> bool:
    """Whether a line without figures may be a row's label rather than the end of the table."""
    return len(tokens) <= _LONGEST_LABEL and {t.kind for t in tokens} <= _IN_A_ROW


def read_row(draft: Draft, columns: Columns) -> None:
    """The figures of a line below named columns, each of its column; those that don't fit are unclear."""
    tokens, kinds = draft.tokens, draft.kinds
    if not set(kinds) <= _IN_A_ROW or kinds.count("year") > 1:
        return
    named = [n for n, token in enumerate(tokens) if _parts_of(token)]
    label = named[-1] if columns.years and named else -1
    if columns.parts and named:
        return  # it names its part itself
    if "year" in kinds:
        if columns.years:
            return
        label = kinds.index("year")
    cells = [n for n in range(label + 1, len(tokens)) if _is_cell(tokens, n)]
    exact = [n for n in cells if kinds[n] == "number" and draft.is_exact(n)]
    if not exact or not (named or "year" in kinds or not {"word", "other"} & set(kinds)):
        return
    for n in range(len(tokens)):
        if kinds[n] in ("number", "signed", "percent", "points"):
            draft.take(n, n + 1)
    width = len(columns.years or columns.parts)
    if len(cells) not in (width, width + 1) or (
        len(cells) > width and kinds[cells[-1]] == "number"
    ):
        draft.unread += [(n, n + 1) for n in exact]
        return
    year = draft.context.years.year_of(tokens[label]) if "year" in kinds else None
    parts = draft.context.owner(cells[0]).parts if columns.years else columns.parts
    for n, cell in enumerate(cells[:width]):
        if kinds[cell] != "number" or (columns.years and len(parts) != 1):
            continue
        of = Stated(amount=tokens[cell].number, year=columns.years[n] if columns.years else year)
        part = parts[0] if columns.years else parts[n]
        draft.add(ClaimKind.SCORE, part, of, (cell, cell + 1), Years())


def _is_cell(tokens: Sequence[Token], n: int) -> bool:
    """Whether a token is what a cell holds: a figure, a signed one, or a dash for none."""
    kind = tokens[n].kind
    if kind == "minus":
        return n + 1 == len(tokens) or tokens[n + 1].kind in ("comma", "number", "minus")
    return kind in ("number", "signed")
