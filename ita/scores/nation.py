"""Every agency of the store with its scores of every year, as one value in memory.

A nation of 8,300 agencies and ten years is 9 MB, without its indicators 3 MB and read in a third of
the time; whatever is compared is then worked out on it without the store. No table of ready-made totals is kept: they
come out of the authority's weights, which are data and may change without an import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ita.reference import Reference, YearRules
from ita.scores.set_wise import (
    MISSING,
    NO_LEVEL,
    Codes,
    Truths,
    Whole,
    level_names,
    year_levels,
    year_scores,
)
from ita.store import Cursor
from ita.vocabulary import TOTAL, FiscalYear, Instrument, Part

HUNDREDTHS = 100


class NamedAgency(NamedTuple):
    """type, province: "" where the agency has none. A tuple, for a nation's 8,300 are made four times
    as fast as dataclasses."""

    agency_id: str
    name: str
    type: str
    province: str


@dataclass(frozen=True, eq=False)
class Nation:
    """agencies: in the order of their ids; a place is a position among them. years: every year from
    the first to the last with a result, oldest first. scores: year × part × agency in hundredths,
    MISSING where there is none. levels: year × agency, a place in the year's `level_names`: the level
    as published where the year knows it, else as computed, of a total that there is."""

    agencies: tuple[NamedAgency, ...]
    years: tuple[FiscalYear, ...]
    parts: tuple[Part, ...]
    scores: Whole
    levels: Codes
    level_names: tuple[tuple[str, ...], ...]

    @cached_property
    def places(self) -> dict[str, int]:
        return {agency.agency_id: place for place, agency in enumerate(self.agencies)}

    @cached_property
    def types(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array([agency.type for agency in self.agencies], dtype=object)

    @cached_property
    def provinces(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array([agency.province for agency in self.agencies], dtype=object)

    def of(self, year: FiscalYear, part: Part = TOTAL) -> Whole:
        """The scores of a part in a year by place; all MISSING in a year that nobody has."""
        if year not in self.years:
            return np.full(len(self.agencies), MISSING)
        found: Whole = self.scores[self.years.index(year), self.parts.index(part)]
        return found

    def level(self, year: FiscalYear, place: int) -> str | None:
        if year not in self.years:
            return None
        at = self.years.index(year)
        code = int(self.levels[at, place])
        return None if code == NO_LEVEL else self.level_names[at][code]

    def scored_years(self, part: Part = TOTAL) -> tuple[FiscalYear, ...]:
        """The years in which any agency has a score of the part, oldest first."""
        return tuple(year for year in self.years if (self.of(year, part) != MISSING).any())


def score(hundredths: int) -> Decimal | None:
    """A score of 0–100 to two places."""
    return None if hundredths == MISSING else Decimal(int(hundredths)) / HUNDREDTHS


def nation(cursor: Cursor, reference: Reference, indicators: bool = True) -> Nation:
    """All agencies and their scores, read as of one moment; the cursor must be in no transaction.

    Args:
        indicators: whether they are wanted too. Without them the parts are the total and the
            instruments, and indicators are read only where one of these has to be computed.

    Raises:
        UnknownYear: the reference data has no rules for one of the years.
    """
    parts = reference.parts()
    shown = parts if indicators else (TOTAL, *Instrument)
    cursor.begin()
    try:
        agencies = _agencies(cursor, reference)
        years = _years(cursor)
        rules = {year: reference.rules(year) for year in years}
        scores = np.full((len(years), len(parts), len(agencies)), MISSING)
        has_result, announced = _results(cursor, len(agencies), rules)
        _read_scores(cursor, scores, years, parts, shown)
        if not indicators:
            places = np.argwhere(_to_compute(scores, parts, rules) & has_result)
            only = [(years[year], agencies[agency].agency_id) for year, agency in places.tolist()]
            _read_scores(cursor, scores, years, parts, parts, only)
    finally:
        cursor.rollback()
    # A score without its result is none, as on the agency's own page.
    np.copyto(scores, MISSING, where=~has_result[:, None, :])
    levels = np.full((len(years), len(agencies)), NO_LEVEL, np.int8)
    for place, of_year in enumerate(rules.values()):
        scores[place] = year_scores(scores[place], parts, of_year)
        levels[place] = year_levels(scores[place], parts, of_year)
        told = (announced[place] != NO_LEVEL) & (scores[place, parts.index(TOTAL)] != MISSING)
        np.copyto(levels[place], announced[place], where=told)
    names = tuple(level_names(of_year) for of_year in rules.values())
    if not indicators:
        scores = scores[:, [parts.index(part) for part in shown]]
    return Nation(agencies, years, shown, scores, levels, names)


def _agencies(cursor: Cursor, reference: Reference) -> tuple[NamedAgency, ...]:
    """By id; types and provinces in their one spelling, whatever earlier versions stored."""
    rows = cursor.execute(
        "SELECT agency_id, name_th, coalesce(agency_type, '') AS agency_type, "
        "coalesce(province, '') AS province FROM agency ORDER BY agency_id"
    ).fetchall()
    types = {kind: reference.agency_type(kind) or kind for kind in {row[2] for row in rows}}
    provinces = {name: reference.province(name) or name for name in {row[3] for row in rows}}
    return tuple(
        NamedAgency(agency_id, name, types[kind], provinces[place])
        for agency_id, name, kind, place in rows
    )


def _years(cursor: Cursor) -> tuple[FiscalYear, ...]:
    rows = cursor.execute(
        "SELECT DISTINCT fiscal_year FROM annual_result ORDER BY fiscal_year"
    ).fetchall()
    return tuple(FiscalYear(year) for (year,) in rows)


# The agencies with their places, for a WITH.
_PLACES = "a AS (SELECT agency_id, row_number() OVER (ORDER BY agency_id) - 1 AS place FROM agency)"


def _to_compute(
    scores: Whole, parts: Sequence[Part], rules_of: Mapping[FiscalYear, YearRules]
) -> Truths:
    """Year × agency: where a total or an instrument was not published, and the year's rules can tell
    it."""
    published = scores[:, [parts.index(part) for part in (TOTAL, *Instrument)]]
    computed = np.array([bool(rules.instruments) for rules in rules_of.values()], np.bool_)
    lacks: Truths = (published == MISSING).any(axis=1) & computed[:, None]
    return lacks


def _read_scores(
    cursor: Cursor,
    scores: Whole,
    years: Sequence[FiscalYear],
    parts: Sequence[Part],
    wanted: Sequence[Part],
    only: Sequence[tuple[FiscalYear, str]] | None = None,
) -> None:
    """Published scores in millionths into `scores`: year × part × agency.

    Args:
        wanted: those of the parts that are read.
        only: the years and ids of the agencies that are read; None for all.
    """
    if not years or (only is not None and not only):
        return
    # The place of each score in the whole is worked out by the engine: numbers cross over fast,
    # a million texts don't.
    of_years, year_values = _listed("year", [int(year) for year in years])
    of_parts = ", ".join(f"($part_{at}, {parts.index(part)})" for at, part in enumerate(wanted))
    some = ""
    if only is not None:
        import pyarrow as pa  # a third of a second, and not every page compares

        ids = {
            "fiscal_year": [int(year) for year, _ in only],
            "agency_id": [agency_id for _, agency_id in only],
        }
        cursor.register("only_of", pa.table(ids))
        some = " SEMI JOIN only_of USING (agency_id, fiscal_year)"
    try:
        rows = cursor.execute(
            f"WITH {_PLACES}, y (fiscal_year, place) AS (VALUES {of_years}), "
            f"p (part, place) AS (VALUES {of_parts}), "
            f"s AS (SELECT agency_id, fiscal_year, part, value FROM score{some}) "
            "SELECT (y.place * CAST($parts AS INTEGER) + p.place) * CAST($agencies AS INTEGER) + a.place "
            "AS at, CAST(s.value * 1000000 AS INTEGER) AS value "
            "FROM s JOIN p ON p.part = s.part JOIN a ON a.agency_id = s.agency_id "
            "JOIN y ON y.fiscal_year = s.fiscal_year",
            {
                "parts": len(parts),
                "agencies": scores.shape[2],
                **year_values,
                **{f"part_{at}": part for at, part in enumerate(wanted)},
            },
        ).fetchnumpy()
    finally:
        if some:
            cursor.unregister("only_of")
    scores.reshape(-1)[rows["at"]] = rows["value"]


def _results(
    cursor: Cursor, agencies: int, rules_of: Mapping[FiscalYear, YearRules]
) -> tuple[Truths, Codes]:
    """Year × agency: whether there is a result, and the published level as a place in the year's
    `level_names`; NO_LEVEL where there is none, or one that the year's rules don't know."""
    found = np.zeros((len(rules_of), agencies), np.bool_)
    levels = np.full(found.shape, NO_LEVEL, np.int8)
    if not rules_of:
        return found, levels
    spelled = cursor.execute(
        "SELECT DISTINCT level FROM annual_result WHERE level IS NOT NULL"
    ).fetchall()
    known = rules_of.values()
    spellings = ["", *(level for (level,) in spelled if any(rules.band(level) for rules in known))]
    codes = np.array([[_code(rules, level) for level in spellings] for rules in known])
    of_years, year_values = _listed("year", list(map(int, rules_of)))
    of_levels, level_values = _listed("level", spellings)
    rows = cursor.execute(
        f"WITH {_PLACES}, y (fiscal_year, place) AS (VALUES {of_years}), "
        f"l (level, place) AS (VALUES {of_levels}) "
        "SELECT y.place AS year, a.place AS agency, coalesce(l.place, 0) AS level "
        "FROM annual_result AS r "
        "JOIN a ON a.agency_id = r.agency_id JOIN y ON y.fiscal_year = r.fiscal_year "
        "LEFT JOIN l ON l.level = r.level",
        {**year_values, **level_values},
    ).fetchnumpy()
    found[rows["year"], rows["agency"]] = True
    levels[rows["year"], rows["agency"]] = codes[rows["year"], rows["level"]]
    return found, levels


def _code(rules: YearRules, level: str) -> int:
    band = rules.band(level)
    return rules.bands.index(band) if band else NO_LEVEL


def _listed(name: str, items: Sequence[object]) -> tuple[str, dict[str, object]]:
    """Items with their places as rows of VALUES, and the values to bind."""
    rows = ", ".join(f"(${name}_{place}, {place})" for place in range(len(items)))
    return rows, {f"{name}_{place}": item for place, item in enumerate(items)}
