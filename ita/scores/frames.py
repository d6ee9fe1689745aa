"""The nation's scores as pandas columns: a row an agency by its place, <NA> or None where there is none.

Apart from `nation`, which every page brings in and which needs no pandas.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ita.scores.nation import Nation
from ita.scores.set_wise import MISSING
from ita.vocabulary import TOTAL, FiscalYear, Part


def score_column(nation: Nation, year: FiscalYear, part: Part = TOTAL) -> pd.Series:
    """The scores of a part in whole hundredths, as nullable integers."""
    scores = nation.of(year, part)
    return pd.Series(pd.arrays.IntegerArray(scores, scores == MISSING))


def level_column(nation: Nation, year: FiscalYear) -> pd.Series:
    """The names of the levels of a year."""
    if year not in nation.years:
        return pd.Series([None] * len(nation.agencies), dtype=object)
    at = nation.years.index(year)
    names = np.array([*nation.level_names[at], None], object)  # NO_LEVEL is the last of them
    return pd.Series(names[nation.levels[at]], dtype=object)
