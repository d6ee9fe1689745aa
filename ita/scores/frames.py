"""The nation's scores as pandas columns: a row an agency by its place, <NA> or None where there is none.

Apart from `nation`, which every page brings in and which needs no pandas.
"""

from __future__ import annotations

import pandas as pd

from ita.scores.nation import Nation
from ita.scores.set_wise import MISSING
from ita.vocabulary import TOTAL, FiscalYear, Part


def score_column(nation: Nation, year: FiscalYear, part: Part = TOTAL) -> pd.Series:
    """The scores of a part in whole hundredths, as nullable integers."""
    scores = nation.of(year, part)
    return pd.Series(pd.arrays.IntegerArray(scores, scores == MISSING))


def level_column(nation: Nation, year: FiscalYear) -> pd.Series:
    """The levels of a year, as categories in the order of its `level_names`."""
    if year not in nation.years:
        return pd.Series(pd.Categorical([None] * len(nation.agencies)))
    at = nation.years.index(year)
    return pd.Series(pd.Categorical.from_codes(nation.levels[at], pd.Index(nation.level_names[at])))
