"""Every agency of the store with its scores of every year, as one value in memory.

A nation of 8,300 agencies and ten years is 9 MB, without its indicators 3 MB and read in a third of
the time; all comparisons are computed from it without the store. Totals are not cached in a
table: they depend on the authority's weights, which are data and may change without an import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm
from typing import NamedTuple

import numpy as np

from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.i18n import either
from ita.reference import Band, Reference, YearRules
from ita.scores.levels import PASSED_LEVEL_UNKNOWN
from ita.store import Cursor

# The scores and levels of many agencies in one year at once; the same rules as `totals` and `levels`.
# Whole numbers throughout, so that every figure is the one that an agency's own page shows: stored
# scores are millionths, scores to two places are hundredths. MISSING stands for none, never 0.

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
CodeArray = np.ndarray[tuple[int, ...], np.dtype[np.int8]]
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

MILLIONTHS = 1_000_000
PER_HUNDREDTH = MILLIONTHS // 100
MISSING = -1
NO_LEVEL = -1


def compute_year_scores(values: IntArray, parts: Sequence[Part], rules: YearRules) -> IntArray:
    """The scores that count, in hundredths: published ones where there are any, else computed.

    values: published scores in millionths, a row per part, a column per agency.
    """
    row = {part: index for index, part in enumerate(parts)}
    scores = _round_half_up(values, PER_HUNDREDTH)
    indicator_sums = {i: _sum_indicators(values, row, rules, i) for i in rules.instruments}
    for instrument, (total, count) in indicator_sums.items():
        computed = _round_half_up(total, count * PER_HUNDREDTH)
        _fill(scores[row[instrument]], computed)
    _fill(scores[row[TOTAL]], _compute_total(values, row, rules, indicator_sums))
    return scores


def _fill(scores: IntArray, computed: IntArray) -> None:
    np.copyto(scores, computed, where=scores == MISSING)


def _round_half_up(values: IntArray, unit: int) -> IntArray:
    """Values in units, half up; what is missing stays missing."""
    return np.where(values == MISSING, MISSING, (2 * values + unit) // (2 * unit))


def _sum_indicators(
    values: IntArray, row: Mapping[Part, int], rules: YearRules, instrument: Instrument
) -> tuple[IntArray, int]:
    """An instrument's indicators added up, and how many they are; MISSING where one is missing."""
    numbers = [row[number] for number in rules.indicators_of(instrument)]
    scores = values[numbers]
    is_known = (scores != MISSING).all(axis=0) & bool(numbers)
    return np.where(is_known, scores.sum(axis=0), MISSING), max(1, len(numbers))


def _compute_total(
    values: IntArray,
    row: Mapping[Part, int],
    rules: YearRules,
    indicator_sums: Mapping[Instrument, tuple[IntArray, int]],
) -> IntArray:
    """The computed total in hundredths; MISSING where an instrument is known neither way."""
    if not rules.instruments:
        return np.full(values.shape[1], MISSING)
    weights = {i: Fraction(rule.weight) for i, rule in rules.instruments.items()}
    shared = lcm(*(count for _, count in indicator_sums.values()))
    parts = lcm(*(weight.denominator for weight in weights.values()))
    # One common denominator, so that nothing is divided before the end.
    unit = PER_HUNDREDTH * 100 * shared * parts
    exact = np.int64 if 2 * 100 * MILLIONTHS * 100 * shared * parts < 2**62 else object
    total = np.zeros(values.shape[1], exact)
    is_known = np.ones(values.shape[1], np.bool_)
    for instrument, (summed, count) in indicator_sums.items():
        published = values[row[instrument]]
        scale = int(weights[instrument] * parts) * shared
        of_indicators = summed.astype(exact) * (scale // count)
        score = np.where(summed != MISSING, of_indicators, published.astype(exact) * scale)
        is_known &= (summed != MISSING) | (published != MISSING)
        total = total + score
    rounded = (2 * total + unit) // (2 * unit)
    return np.where(is_known, rounded, MISSING).astype(np.int64)


def level_code_names(rules: YearRules) -> tuple[str, ...]:
    """The names of the codes of `compute_year_levels`, best first; "passed, level unknown" comes last."""
    return (*(band.level for band in rules.bands), PASSED_LEVEL_UNKNOWN)


def compute_year_levels(scores: IntArray, parts: Sequence[Part], rules: YearRules) -> CodeArray:
    """The level that the rules give, as an index into `level_code_names`; NO_LEVEL where none is certain.

    scores: in hundredths, a row per part, a column per agency.
    """
    row = {part: index for index, part in enumerate(parts)}
    total = scores[row[TOTAL]]
    instruments = scores[[row[i] for i in rules.instruments]]
    undecided = total != MISSING
    first = np.full(len(total), NO_LEVEL)
    candidates = np.zeros(len(total), np.int64)
    all_pass = np.ones(len(total), np.bool_)
    for index, band in enumerate(rules.bands):
        possible, certain = _meets_conditions(band, total, instruments)
        possible &= undecided
        np.copyto(first, index, where=possible & (candidates == 0))
        candidates += possible
        all_pass &= ~possible | rules.passes(band)
        undecided &= ~(possible & certain)
    passed = np.where(all_pass & (candidates > 1), len(rules.bands), NO_LEVEL)
    return np.where(candidates == 1, first, passed).astype(np.int8)


def _meets_conditions(
    band: Band, total: IntArray, instruments: IntArray
) -> tuple[BoolArray, BoolArray]:
    """Where a band's conditions may be met, and where they certainly are, as two masks."""
    reached = total >= _mark_in_hundredths(band.min_total)
    if band.min_instrument is None:
        return reached, reached
    min_score = _mark_in_hundredths(band.min_instrument)
    is_certain = (instruments >= min_score).all(axis=0)
    is_possible = ((instruments >= min_score) | (instruments == MISSING)).all(axis=0)
    return reached & is_possible, reached & is_certain


def _mark_in_hundredths(mark: Decimal) -> int:
    """The least score in hundredths that reaches a mark."""
    return ceil(mark * 100)


HUNDREDTHS_PER_POINT = 100


class NamedAgency(NamedTuple):
    """english, type, province: "" where the agency has none. A tuple, for a nation's 8,300 are made four
    times as fast as dataclasses."""

    agency_id: str
    name: str
    type: str
    province: str
    english: str = ""

    @property
    def shown_name(self) -> str:
        """The name in the current language, as far as it is known."""
        return either(self.name, self.english)


@dataclass(frozen=True, eq=False)
class Nation:
    """agencies: in the order of their ids; an index is a position among them. years: every year from
    the first to the last with a result, oldest first. scores: year × part × agency in hundredths,
    MISSING where there is none. levels: year × agency, an index into the year's `level_names`: the level
    as published where the year knows it, else as computed, of a total that there is."""

    agencies: tuple[NamedAgency, ...]
    years: tuple[FiscalYear, ...]
    parts: tuple[Part, ...]
    scores: IntArray
    levels: CodeArray
    level_names: tuple[tuple[str, ...], ...]

    @cached_property
    def agency_indexes(self) -> dict[str, int]:
        return {agency.agency_id: index for index, agency in enumerate(self.agencies)}

    @cached_property
    def types(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array([agency.type for agency in self.agencies], dtype=object)

    @cached_property
    def provinces(self) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        return np.array([agency.province for agency in self.agencies], dtype=object)

    def scores_of(self, year: FiscalYear, part: Part = TOTAL) -> IntArray:
        """The scores of a part in a year by agency index; all MISSING in a year without any."""
        if year not in self.years:
            return np.full(len(self.agencies), MISSING)
        scores: IntArray = self.scores[self.years.index(year), self.parts.index(part)]
        return scores

    def level(self, year: FiscalYear, index: int) -> str | None:
        if year not in self.years:
            return None
        year_index = self.years.index(year)
        code = int(self.levels[year_index, index])
        return None if code == NO_LEVEL else self.level_names[year_index][code]

    def latest_scored_year(self, agency_id: str) -> FiscalYear | None:
        """The last year in which an agency has a total."""
        index = self.agency_indexes[agency_id]
        scored = (year for year in self.years if self.scores_of(year)[index] != MISSING)
        return max(scored, default=None)

    def scored_years(self, part: Part = TOTAL) -> tuple[FiscalYear, ...]:
        """The years in which any agency has a score of the part, oldest first."""
        return tuple(year for year in self.years if (self.scores_of(year, part) != MISSING).any())


def points_of_hundredths(hundredths: int) -> Decimal | None:
    """A score of 0–100 to two places."""
    return None if hundredths == MISSING else Decimal(int(hundredths)) / HUNDREDTHS_PER_POINT


def load_nation(cursor: Cursor, reference: Reference, indicators: bool = True) -> Nation:
    """All agencies and their scores, read as of one moment; the cursor must be in no transaction.

    Args:
        indicators: whether they are read too. Without them the parts are the total and the
            instruments, and indicators are read only where one of these has to be computed.

    Raises:
        UnknownYear: the reference data has no rules for one of the years.
    """
    parts = reference.parts()
    output_parts = parts if indicators else (TOTAL, *Instrument)
    cursor.begin()
    try:
        agencies = _load_agencies(cursor, reference)
        stored_years = cursor.execute(
            "SELECT DISTINCT fiscal_year FROM annual_result ORDER BY fiscal_year"
        ).fetchall()
        years = tuple(FiscalYear(year) for (year,) in stored_years)
        rules = {year: reference.rules(year) for year in years}
        scores = np.full((len(years), len(parts), len(agencies)), MISSING)
        has_result, published_levels = _load_results(cursor, len(agencies), rules)
        _read_scores(cursor, scores, years, parts, output_parts)
        if not indicators:
            missing = np.argwhere(_must_compute(scores, parts, rules) & has_result)
            agency_years = [
                (years[year], agencies[agency].agency_id) for year, agency in missing.tolist()
            ]
            _read_scores(cursor, scores, years, parts, parts, agency_years)
    finally:
        cursor.rollback()
    # A score without its result is none, as on the agency's own page.
    np.copyto(scores, MISSING, where=~has_result[:, None, :])
    levels = np.full((len(years), len(agencies)), NO_LEVEL, np.int8)
    for index, year_rules in enumerate(rules.values()):
        scores[index] = compute_year_scores(scores[index], parts, year_rules)
        levels[index] = compute_year_levels(scores[index], parts, year_rules)
        has_published_level = (published_levels[index] != NO_LEVEL) & (
            scores[index, parts.index(TOTAL)] != MISSING
        )
        np.copyto(levels[index], published_levels[index], where=has_published_level)
    names = tuple(level_code_names(year_rules) for year_rules in rules.values())
    if not indicators:
        scores = scores[:, [parts.index(part) for part in output_parts]]
    return Nation(agencies, years, output_parts, scores, levels, names)


def _load_agencies(cursor: Cursor, reference: Reference) -> tuple[NamedAgency, ...]:
    """By id; types and provinces in their one spelling, whatever earlier versions stored."""
    rows = cursor.execute(
        "SELECT agency_id, name_th, coalesce(agency_type, '') AS agency_type, "
        "coalesce(province, '') AS province, coalesce(name_en, '') AS name_en "
        "FROM agency ORDER BY agency_id"
    ).fetchnumpy()
    # By column: 8,300 rows of Python's own take twice as long.
    ids, names, kinds, places, english = (cells.tolist() for cells in rows.values())
    types = {kind: reference.agency_type(kind) or kind for kind in set(kinds)}
    provinces = {place: reference.province(place) or place for place in set(places)}
    of_types, of_provinces = map(types.__getitem__, kinds), map(provinces.__getitem__, places)
    return tuple(map(NamedAgency, ids, names, of_types, of_provinces, english))


# The agencies with their indexes, for a WITH.
_POSITIONS_SQL = (
    "a AS (SELECT agency_id, row_number() OVER (ORDER BY agency_id) - 1 AS place FROM agency)"
)


def _must_compute(
    scores: IntArray, parts: Sequence[Part], rules_of: Mapping[FiscalYear, YearRules]
) -> BoolArray:
    """Year × agency: where a total or an instrument was not published, and the year's rules can
    compute it."""
    published = scores[:, [parts.index(part) for part in (TOTAL, *Instrument)]]
    computed = np.array([bool(rules.instruments) for rules in rules_of.values()], np.bool_)
    must_compute: BoolArray = (published == MISSING).any(axis=1) & computed[:, None]
    return must_compute


def _read_scores(
    cursor: Cursor,
    scores: IntArray,
    years: Sequence[FiscalYear],
    parts: Sequence[Part],
    parts_to_read: Sequence[Part],
    agency_years: Sequence[tuple[FiscalYear, str]] | None = None,
) -> None:
    """Published scores in millionths into `scores`: year × part × agency.

    Args:
        parts_to_read: those of the parts that are read.
        agency_years: the years and ids of the agencies that are read; None for all.
    """
    if not years or (agency_years is not None and not agency_years):
        return
    semi_join = ""
    if agency_years is not None:
        import pyarrow as pa  # a third of a second, and not every page compares

        ids = {
            "fiscal_year": [int(year) for year, _ in agency_years],
            "agency_id": [agency_id for _, agency_id in agency_years],
        }
        cursor.register("only_of", pa.table(ids))
        semi_join = (
            " SEMI JOIN only_of AS o ON o.agency_id = s.agency_id AND o.fiscal_year = s.fiscal_year"
        )
    try:
        # The engine computes the indexes: numbers are fetched fast, a million texts aren't.
        rows = cursor.execute(
            f"WITH {_POSITIONS_SQL} SELECT list_position($years, s.fiscal_year) - 1 AS year, "
            "list_position($parts, s.part) - 1 AS part, a.place AS agency, "
            "CAST(s.value * 1000000 AS INTEGER) AS value "
            f"FROM score AS s JOIN a ON a.agency_id = s.agency_id{semi_join} "
            "WHERE s.part = ANY($parts_to_read) AND s.fiscal_year = ANY($years)",
            {
                "years": list(map(int, years)),
                "parts": list(map(str, parts)),
                "parts_to_read": list(map(str, parts_to_read)),
            },
        ).fetchnumpy()
    finally:
        if semi_join:
            cursor.unregister("only_of")
    scores[rows["year"], rows["part"], rows["agency"]] = rows["value"]


def _load_results(
    cursor: Cursor, agencies: int, rules_of: Mapping[FiscalYear, YearRules]
) -> tuple[BoolArray, CodeArray]:
    """Year × agency: whether there is a result, and the published level as an index into the year's
    `level_names`; NO_LEVEL where there is none, or one that the year's rules don't know."""
    has_result = np.zeros((len(rules_of), agencies), np.bool_)
    levels = np.full(has_result.shape, NO_LEVEL, np.int8)
    if not rules_of:
        return has_result, levels
    spelled = cursor.execute(
        "SELECT DISTINCT level FROM annual_result WHERE level IS NOT NULL"
    ).fetchall()
    year_rules = rules_of.values()
    spellings = [
        "",
        *(level for (level,) in spelled if any(rules.band(level) for rules in year_rules)),
    ]
    codes = np.array([[_code(rules, level) for level in spellings] for rules in year_rules])
    rows = cursor.execute(
        f"WITH {_POSITIONS_SQL} SELECT list_position($years, r.fiscal_year) - 1 AS year, "
        "a.place AS agency, coalesce(nullif(list_position($levels, r.level), 0), 1) - 1 AS level "
        "FROM annual_result AS r JOIN a ON a.agency_id = r.agency_id",
        {"years": list(map(int, rules_of)), "levels": spellings},
    ).fetchnumpy()
    has_result[rows["year"], rows["agency"]] = True
    levels[rows["year"], rows["agency"]] = codes[rows["year"], rows["level"]]
    return has_result, levels


def _code(rules: YearRules, level: str) -> int:
    band = rules.band(level)
    return rules.bands.index(band) if band else NO_LEVEL
