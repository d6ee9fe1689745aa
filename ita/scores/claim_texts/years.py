"""The years that a sentence names: of whose scores it speaks, and which it compares with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ita.scores.claim_texts.kinds import Statement
from ita.scores.claim_texts.words import YEAR, year_in
from ita.vocabulary import FiscalYear

_SPAN = re.compile(
    YEAR.format("first")
    + r"\s*(?:-|–|ถึง(?:ปี(?:งบประมาณ)?)?)\s*(?:พ\.ศ\.\s*)?(?P<last>[2๒][5๕]\d\d)"
)
_YEAR = re.compile(r"(?P<since>(?:จาก|กว่า|กับ|ตั้งแต่|นับแต่)\s*)?" + YEAR.format("year"))


def years_named(text: str, changed: Sequence[Statement]) -> tuple[set[FiscalYear], set[FiscalYear]]:
    """The years that a sentence speaks of, and those it compares with."""
    years: set[FiscalYear] = set()
    sinces: set[FiscalYear] = set()
    rest = text
    for statement in changed:
        stated = statement.stated
        if stated.year and stated.since:  # "from … (2566) to … (2567)"
            years.add(stated.year)
            sinces.add(stated.since)
            rest = rest.replace(text[statement.start : statement.end], " ")
    for span in _SPAN.finditer(text):
        first, last = year_in(span, "first"), year_in(span, "last")
        if first and last:
            sinces.add(first)
            years.add(last)
        rest = rest.replace(span[0], " ")
    for found in _YEAR.finditer(rest):
        year = year_in(found, "year")
        if year:
            (sinces if found["since"] else years).add(year)
    return years, sinces
