"""Look-ups of measures and ranks for judging the claims of a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from ita.domain import FiscalYear, Instrument, MeasureStatus, Quarter
from ita.measures.model import Work, active_measures
from ita.measures.statuses import judge_measures
from ita.reference import Reference, UnknownYear
from ita.scores.claims.evidence import GroupRank, WorkState, group_ranks
from ita.scores.nation import Nation
from ita.scores.peers import Peers


def work_state(
    work: Work,
    year: FiscalYear,
    quarter: int,
    instrument: Instrument | None,
    reference: Reference,
    today: date,
) -> WorkState | None:
    """The measures of a year as of a quarter (1–4); None where there are none, or none is at work.
    Cancelled ones don't count.

    instrument: only its measures; None: all.
    """
    from ita.measures.means import overall_means  # pandas is for whoever needs a mean

    measures, completions = work
    measures = active_measures(m for m in measures if instrument in (None, m.instrument))
    until = Quarter(year, quarter)
    means = overall_means(measures, completions, until)
    if means is None:
        return None
    mean = means.mean_of(until)
    statuses = judge_measures(measures, completions, today, reference.statuses, until)
    unreported = sum(bool(judged.progress.unreported_quarters) for judged in statuses)
    return WorkState(
        mean.mean,
        len(measures),
        mean.expected,
        sum(judged.progress.is_finished for judged in statuses),
        # Late and without a report may both fit, and only one of them is the status.
        sum(judged.status is MeasureStatus.LATE for judged in statuses),
        max(unreported, mean.missing_reports),
    )


def work_lookup(
    work_of_year: Callable[[FiscalYear], Work], reference: Reference, today: date
) -> Callable[[FiscalYear, int, Instrument | None], WorkState | None]:
    """The look-up of `Stored.work`. work_of_year: the agency's measures and their completion."""

    def state(year: FiscalYear, quarter: int, instrument: Instrument | None) -> WorkState | None:
        return work_state(work_of_year(year), year, quarter, instrument, reference, today)

    return state


def rank_lookup(
    nation: Callable[[], Nation], agency_id: str
) -> Callable[[FiscalYear], Mapping[Peers, GroupRank]]:
    """The look-up of `Stored.ranks`. nation: read only when a text claims a rank."""

    def ranks(year: FiscalYear) -> Mapping[Peers, GroupRank]:
        try:
            return group_ranks(nation(), agency_id, year)
        except UnknownYear:  # a year of the store without rules: no total of it can be worked out
            return {}

    return ranks
