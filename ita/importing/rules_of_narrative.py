"""Rules that only files of the narrative report have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ita.importing.draft import Draft, Request
from ita.importing.problems import ProblemKind
from ita.importing.rules_of_progress import stored_measures
from ita.store import Cursor

ONLY_ONE = 0
"""The running number of a row of which an instrument has just one: its outcome, its period."""


def check_narrative(draft: Draft, cursor: Cursor, request: Request) -> None:
    _check_numbers(draft)
    _check_links(draft, cursor)


def _check_numbers(draft: Draft) -> None:
    """A result needs its running number; an outcome and a period have none."""
    if not draft.has("type"):
        return
    is_result = draft.frame["type"] == "result"
    if not draft.has("seq"):
        draft.frame["seq"] = pd.Series([None] * len(draft.frame), dtype=object)
    seq = draft.frame["seq"]
    texts = draft.texts.get("seq")
    for row in np.flatnonzero(is_result & seq.isna()):
        if texts is None or not texts[row]:
            draft.report(ProblemKind.REQUIRED_VALUE, row, "seq", what="ลำดับ")
    draft.frame.loc[draft.frame["type"].notna() & ~is_result, "seq"] = ONLY_ONE


def _check_links(draft: Draft, cursor: Cursor) -> None:
    """Every measure that a result says it answers is in the store."""
    keys = ["agency", "fiscal_year", "instrument"]
    if not draft.has("measures", *keys):
        return
    linked = draft.frame[[*keys, "measures"]].dropna()
    if linked.empty:
        return
    known = set(stored_measures(cursor, linked))
    for row, at in zip(linked.index, linked.itertuples(index=False), strict=True):
        for number in at.measures.split(","):
            if (at.agency, at.fiscal_year, at.instrument, int(number)) not in known:
                draft.report_value(
                    ProblemKind.UNKNOWN_MEASURE,
                    row,
                    "measures",
                    number,
                    instrument=at.instrument,
                    year=int(at.fiscal_year),
                )
