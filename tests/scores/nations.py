"""Nations of a few agencies, made of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ita.domain import TOTAL, FiscalYear, Part
from ita.reference import Reference
from ita.scores.nation import (
    MISSING,
    NO_LEVEL,
    NamedAgency,
    Nation,
    compute_year_levels,
    level_code_names,
)


def nation_of(
    reference: Reference,
    totals: Mapping[int, Sequence[float | None]],
    types: Sequence[str] = (),
    provinces: Sequence[str] = (),
    parts: Mapping[tuple[int, Part], Sequence[float | None]] | None = None,
) -> Nation:
    """totals: year → one figure per agency, None where there is none. parts: others, (year, part).

    Agencies are called A0, A1, …; types and provinces are "" where none are given.
    """
    count = max(len(figures) for figures in totals.values())
    agencies = tuple(
        NamedAgency(
            f"A{n:03d}",
            f"หน่วยงาน {n}",
            types[n] if types else "",
            provinces[n] if provinces else "",
        )
        for n in range(count)
    )
    years = tuple(FiscalYear(year) for year in sorted(totals))
    named = reference.parts()
    scores = np.full((len(years), len(named), count), MISSING)
    figures = {(year, TOTAL): row for year, row in totals.items()} | dict(parts or {})
    for (year, part), row in figures.items():
        scores[years.index(FiscalYear(year)), named.index(part)] = [
            MISSING if value is None else round(value * 100) for value in row
        ]
    levels = np.full((len(years), count), NO_LEVEL, np.int8)
    for place, year in enumerate(years):
        levels[place] = compute_year_levels(scores[place], named, reference.rules(year))
    names = tuple(level_code_names(reference.rules(year)) for year in years)
    return Nation(agencies, years, named, scores, levels, names)
