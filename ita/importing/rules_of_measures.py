"""Rules that only files of measures have."""

from __future__ import annotations

import numpy as np

from ita.importing.draft import Draft, Request
from ita.importing.problems import ProblemKind
from ita.store import Cursor


def check_measures(draft: Draft, cursor: Cursor, request: Request) -> None:
    _check_indicators(draft)
    if draft.has("start_quarter", "end_quarter"):
        start, end = draft.frame["start_quarter"], draft.frame["end_quarter"]
        both = start.notna() & end.notna()
        for row in np.flatnonzero(both & (start.where(both, 0) > end.where(both, 0))):
            draft.report(ProblemKind.UNKNOWN_QUARTER, row, "end_quarter", why="quarter-order")


def _check_indicators(draft: Draft) -> None:
    if not draft.has("indicator", "fiscal_year"):
        return
    frame = draft.frame
    for row in np.flatnonzero(frame["indicator"].notna() & frame["fiscal_year"].notna()):
        known = draft.reference.nearest_rules(frame["fiscal_year"].iloc[row]).indicators
        if known and any(n not in known for n in frame["indicator"].iloc[row].split(",")):
            low, *_, high = sorted(known, key=int)
            draft.report(ProblemKind.OUT_OF_RANGE, row, "indicator", low=low, high=high)
