"""Rules that only files of quarterly completion have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ita.importing.draft import Draft, Request
from ita.importing.problems import ProblemKind
from ita.store import Cursor
from ita.wording import percent_text

MEASURE = ["agency", "fiscal_year", "instrument", "seq"]


def stored_measures(cursor: Cursor, keys: pd.DataFrame) -> pd.MultiIndex:
    """The keys of stored measures of the agencies and years that a file speaks of."""
    wanted = keys[["agency", "fiscal_year"]].dropna().drop_duplicates()
    cursor.register("wanted", wanted.astype({"agency": str, "fiscal_year": int}))
    found = cursor.execute(
        "SELECT m.agency_id AS agency, m.fiscal_year AS fiscal_year, m.instrument AS instrument, "
        "m.seq AS seq FROM measure AS m JOIN wanted AS w "
        "ON m.agency_id = w.agency AND m.fiscal_year = w.fiscal_year"
    ).df()
    cursor.unregister("wanted")
    return pd.MultiIndex.from_frame(found.astype(object))


def report_unknown_measures(draft: Draft, cursor: Cursor) -> None:
    """Rows whose measure is not in the store."""
    if not draft.has(*MEASURE):
        return
    keys = draft.frame[MEASURE]
    whole = keys.notna().all(axis=1).to_numpy()
    known = pd.MultiIndex.from_frame(keys.astype(object)).isin(stored_measures(cursor, keys))
    for row in np.flatnonzero(whole & ~known):
        at = keys.iloc[row]
        draft.report(
            ProblemKind.UNKNOWN_MEASURE,
            row,
            "seq",
            instrument=at["instrument"],
            year=int(at["fiscal_year"]),
        )


def check_progress(draft: Draft, cursor: Cursor, request: Request) -> None:
    report_unknown_measures(draft, cursor)
    _check_falls(draft, cursor)


def _check_falls(draft: Draft, cursor: Cursor) -> None:
    """Completion is cumulative: below an earlier quarter of the same year it is worth a question.

    Earlier quarters come from the file first, else from the store.
    """
    columns = [*MEASURE, "quarter", "percent"]
    if not draft.has(*columns):
        return
    mine = draft.frame[columns].dropna()
    if mine.empty:
        return
    mine = mine.assign(row=mine.index, percent=mine["percent"].astype(float))
    mine = mine.drop_duplicates([*MEASURE, "quarter"])
    everything = pd.concat([mine, _stored_percents(cursor, mine)], ignore_index=True)
    everything = everything.drop_duplicates([*MEASURE, "quarter"], keep="first")
    everything = everything.sort_values([*MEASURE, "quarter"])
    before = everything.groupby(MEASURE)[["quarter", "percent"]].shift(1)
    fell = everything["percent"].lt(before["percent"]) & everything["row"].notna()
    for place in everything.index[fell]:
        draft.report(
            ProblemKind.PROGRESS_FELL,
            int(everything.at[place, "row"]),
            "percent",
            quarter=int(before.at[place, "quarter"]),
            before=percent_text(before.at[place, "percent"]),
        )


def _stored_percents(cursor: Cursor, mine: pd.DataFrame) -> pd.DataFrame:
    wanted = mine[["agency", "fiscal_year"]].drop_duplicates()
    cursor.register("wanted", wanted.astype({"agency": str, "fiscal_year": int}))
    stored = cursor.execute(
        "SELECT c.agency_id AS agency, c.fiscal_year AS fiscal_year, c.instrument AS instrument, "
        "c.seq AS seq, c.quarter AS quarter, CAST(c.percent AS DOUBLE) AS percent "
        "FROM completion AS c JOIN wanted AS w "
        "ON c.agency_id = w.agency AND c.fiscal_year = w.fiscal_year"
    ).df()
    cursor.unregister("wanted")
    return stored.astype({name: object for name in (*MEASURE, "quarter")})
