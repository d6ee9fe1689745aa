"""The nation's scores as pandas columns: a row an agency by its index, <NA> or None where there is none.

Apart from `nation`, which every page imports and which needs no pandas.
"""

from __future__ import annotations

import pandas as pd

from ita.domain import TOTAL, FiscalYear, Part
from ita.scores.nation import Nation
from ita.scores.vectorized import MISSING


def score_column(nation: Nation, year: FiscalYear, part: Part = TOTAL) -> pd.Series:
    """The scores of a part in whole hundredths, as nullable integers."""
    scores = nation.scores_of(year, part)
    return pd.Series(pd.arrays.IntegerArray(scores, scores == MISSING))


def level_column(nation: Nation, year: FiscalYear) -> pd.Series:
    """The levels of a year, as categories in the order of its `level_names`."""
    if year not in nation.years:
        return pd.Series(pd.Categorical([None] * len(nation.agencies)))
    year_index = nation.years.index(year)
    return pd.Series(
        pd.Categorical.from_codes(
            nation.levels[year_index], pd.Index(nation.level_names[year_index])
        )
    )
