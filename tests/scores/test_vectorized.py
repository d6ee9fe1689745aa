"""The rules for many agencies at once against those for one: every figure and every level the same."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import Reference, YearRules, load_reference
from ita.scores.levels import judge_with_slack
from ita.scores.nation import (
    MILLIONTHS,
    MISSING,
    NO_LEVEL,
    compute_year_levels,
    compute_year_scores,
    level_code_names,
)
from ita.scores.totals import effective_score
from tests.builders import NEW_YEAR, reference_folder, rewrite, with_new_year

Values = dict[Part, Decimal]


@lru_cache(maxsize=1)
def known() -> Reference:
    return load_reference(Settings().reference)


def compared(agencies: list[Values], rules: YearRules, reference: Reference) -> None:
    parts = reference.parts()
    values = np.array(
        [
            [int(found[part] * MILLIONTHS) if part in found else MISSING for found in agencies]
            for part in parts
        ]
    )
    before = values.copy()
    scores = compute_year_scores(values, parts, rules)
    levels = compute_year_levels(scores, parts, rules)
    assert (values == before).all()
    for place, found in enumerate(agencies):
        for row, part in enumerate(parts):
            one = effective_score(found, rules, part)
            assert scores[row, place] == (MISSING if one is None else int(one * 100)), part
        level = judge_with_slack(found, rules).text()
        code = int(levels[place])
        assert (None if code == NO_LEVEL else level_code_names(rules)[code]) == level


def values_of(parts: tuple[Part, ...]) -> st.SearchStrategy[Values]:
    """Any of the parts, most near the marks where a hundredth decides, some to six places."""
    near = st.sampled_from([70, 85, 95]).flatmap(
        lambda mark: st.integers(mark * 100 - 2, mark * 100 + 2).map(lambda n: Decimal(n) / 100)
    )
    figure = st.one_of(
        near,
        st.integers(0, 10_000).map(lambda n: Decimal(n) / 100),
        st.integers(0, 100 * MILLIONTHS).map(lambda n: Decimal(n) / MILLIONTHS),
    )
    return st.one_of(
        st.dictionaries(st.sampled_from(parts), figure),
        st.fixed_dictionaries({part: figure for part in parts if part != TOTAL}),
        st.fixed_dictionaries(dict.fromkeys((TOTAL, *Instrument), near)),
    )


@given(data=st.data())
@pytest.mark.parametrize("year", [2558, 2562, 2565, 2566, 2568])
def test_scores_and_levels_are_those_of_each_agency(year: int, data: st.DataObject) -> None:
    agencies = data.draw(st.lists(values_of(known().parts()), min_size=1, max_size=4))
    compared(agencies, known().rules(year), known())


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """A new model with an eleventh indicator, and a year whose weights are no whole points."""
    folder = with_new_year(reference_folder(tmp_path_factory.mktemp("odd")))
    for instrument, old, new in (
        ("IIT", "30", "33.3333"),
        ("EIT", "30", "33.3333"),
        ("OIT", "40", "33.3334"),
    ):
        rewrite(folder, "instruments.csv", f"2563,{instrument},{old}", f"2563,{instrument},{new}")
    return load_reference(folder)


@given(data=st.data())
@pytest.mark.parametrize("year", [2563, NEW_YEAR])
def test_weights_and_indicators_are_data(year: int, odd: Reference, data: st.DataObject) -> None:
    agencies = data.draw(st.lists(values_of(odd.parts()), min_size=1, max_size=3))
    compared(agencies, odd.rules(year), odd)


def test_weights_too_fine_for_machine_numbers_are_still_exact(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    for instrument, old, new in (
        ("IIT", "30", "33.333333333333"),
        ("EIT", "30", "33.333333333333"),
        ("OIT", "40", "33.333333333334"),
    ):
        rewrite(folder, "instruments.csv", f"2563,{instrument},{old}", f"2563,{instrument},{new}")
    reference = load_reference(folder)
    agencies = [
        {i: Decimal(score) for i, score in zip(Instrument, row, strict=True)}
        for row in (("99.99", "100", "0.02"), ("84.999999", "85", "85.000001"))
    ]
    compared(agencies, reference.rules(FiscalYear(2563)), reference)
