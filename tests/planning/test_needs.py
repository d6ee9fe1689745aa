"""Where a plan needs measures: what was aimed at, whether the figure rose, what is left over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ita.config import Settings
from ita.domain import FiscalYear
from ita.measures.model import Completion, Measure
from ita.measures.statuses import judge_measures
from ita.planning.needs import (
    Need,
    NeedKind,
    carried_over_measures,
    compute_needs,
    compute_weak_points,
)
from ita.reference import load_reference
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import EIT, IIT, OIT, completion, measure, year_scores

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
AFTER, DURING = date(2024, 12, 1), date(2024, 5, 15)


def _needs(measures: Sequence[Measure], *years: YearScores) -> tuple[Need, ...]:
    return compute_needs(
        compute_weak_points(compute_trend(years, REFERENCE), YEAR, REFERENCE), measures, ()
    )


def _left(measures: Sequence[Measure], completions: Sequence[Completion], today: date) -> list[int]:
    judged = judge_measures(measures, completions, today, REFERENCE.statuses)
    return [one.measure.seq for one in carried_over_measures(judged, YEAR.last_day < today)]


def test_a_weak_indicator_at_which_nothing_aims_needs_a_measure() -> None:
    (need,) = _needs([measure(indicators=("1",))], year_scores(2567, ind1="96", ind7="80"))
    assert (need.kind, need.instrument, need.needs_new_row) == (NeedKind.NO_MEASURE, EIT, True)
    assert need.reason() == "80.00 ในปี 2567 ต่ำกว่าเกณฑ์ 85 และไม่มีมาตรการที่มุ่งแก้"


def test_a_measure_after_which_the_figure_did_not_rise_is_to_be_thought_over() -> None:
    aimed = measure(EIT, 2, indicators=("7",))
    years = year_scores(2566, ind7="80"), year_scores(2567, ind7="80")
    (need,) = _needs([aimed], *years)
    assert (need.kind, need.measures, need.needs_new_row) == (NeedKind.NOT_RISEN, (aimed,), True)
    assert "+0.00 จากปี 2566" in need.reason()
    assert "เพราะ" not in need.reason()


def test_a_figure_that_rose_but_stays_low_is_gone_on_with() -> None:
    years = year_scores(2566, ind7="80"), year_scores(2567, ind7="84.99")
    (need,) = _needs([measure(EIT, 2, indicators=("7",))], *years)
    assert (need.kind, need.needs_new_row) == (NeedKind.GO_ON, False)
    assert need.reason() == "84.99 ในปี 2567 (+4.99 จากปี 2566) แต่ยังต่ำกว่าเกณฑ์ 85"


def test_work_that_came_after_the_score_is_not_judged_by_it() -> None:
    later = measure(EIT, 2, indicators=("7",), year=2568)
    (need,) = _needs([later], year_scores(2566, ind7="80"), year_scores(2567, ind7="70"))
    assert (need.kind, need.is_scored) == (NeedKind.GO_ON, False)
    assert "ยังบอกไม่ได้ว่าคะแนนเปลี่ยนหรือไม่" in need.reason()


def test_a_first_score_is_not_called_a_rise() -> None:
    (need,) = _needs([measure(EIT, 1, indicators=("7",))], year_scores(2567, ind7="70"))
    assert need.kind is NeedKind.GO_ON
    assert "ไม่มีคะแนนปีก่อนให้เทียบ" in need.reason()


def test_what_only_falls_short_of_the_next_level_needs_nothing() -> None:
    assert _needs([], year_scores(2567, ind1="90")) == ()


def test_a_weak_instrument_takes_all_its_measures() -> None:
    mine = measure(OIT, 1)
    years = year_scores(2566, OIT="70"), year_scores(2567, OIT="69")
    (need,) = _needs([mine, measure(IIT, 1)], *years)
    assert (need.kind, need.measures) == (NeedKind.NOT_RISEN, (mine,))


def test_needs_come_by_kind() -> None:
    years = (
        year_scores(2566, ind1="80", ind2="80", ind3="80"),
        year_scores(2567, ind1="81", ind2="79", ind3="70"),
    )
    planned = [measure(seq=1, indicators=("1",)), measure(seq=2, indicators=("2",))]
    assert [need.kind for need in _needs(planned, *years)] == [
        NeedKind.NO_MEASURE,
        NeedKind.NOT_RISEN,
        NeedKind.GO_ON,
    ]


def test_what_is_not_finished_is_carried_on_and_silence_is_not_nought() -> None:
    planned = [measure(seq=1), measure(seq=2), measure(seq=3)]
    reported = [completion(4, "100", seq=1), completion(4, "80", seq=2)]
    assert _left(planned, reported, AFTER) == [2, 3]
    judged = judge_measures(planned, reported, AFTER, REFERENCE.statuses)
    reasons = [
        need.reason() for need in compute_needs((), planned, carried_over_measures(judged, True))
    ]
    assert "80 %" in reasons[0]
    assert "0 %" not in reasons[1] and "ไม่มีรายงาน" in reasons[1]


def test_while_the_year_runs_only_what_is_late_is_carried_on() -> None:
    planned = [measure(seq=1), measure(seq=2)]
    reported = [completion(1, "25", seq=1), completion(2, "50", seq=1), completion(2, "5", seq=2)]
    assert _left(planned, reported, DURING) == [2]
