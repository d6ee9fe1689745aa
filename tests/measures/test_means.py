"""Means by instrument, division and quarter, against counting by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import Instrument
from ita.measures.charts import completion_chart
from ita.measures.means import (
    GroupMeans,
    QuarterMean,
    mean_text,
    means_by_division,
    means_by_instrument,
    overall_means,
)
from ita.measures.model import Completion, Measure
from ita.reference import Reference
from tests.builders import EIT, IIT, OIT, completion, measure, quarter

SPELLINGS = ("สำนักปลัด", "สำนักงานปลัด", "กองคลัง", "กองการศึกษาฯ", "กองใหม่")

spans = st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)).map(
    lambda ends: (min(ends), max(ends))
)
plans = st.lists(
    st.tuples(
        st.sampled_from(list(Instrument)), spans, st.lists(st.sampled_from(SPELLINGS), max_size=3)
    ),
    min_size=1,
    max_size=6,
)
percents = st.decimals(0, 100, places=2) | st.just(Decimal(100))
reports = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(0, 5)), percents, max_size=16)
Plan = list[tuple[Instrument, tuple[int, int] | None, list[str]]]


def _work(
    plan: Plan, reported: dict[tuple[int, int], Decimal]
) -> tuple[list[Measure], list[Completion]]:
    planned = [
        measure(instrument, seq, span, tuple(divisions))
        for seq, (instrument, span, divisions) in enumerate(plan)
    ]
    told = [
        completion(number, str(percent), plan[seq][0], seq)
        for (number, seq), percent in reported.items()
        if seq < len(plan)
    ]
    return planned, told


def _by_hand(
    group: Sequence[Measure], told: Sequence[Completion], number: int
) -> tuple[Decimal | None, int, int, int]:
    """Slow and obvious: one measure after the other, its quarters backwards."""
    percents, reported, carried, expected = [], 0, 0, 0
    for m in group:
        if quarter(number) not in m.quarters:
            continue
        expected += 1
        mine = {c.quarter.number: c.percent for c in told if c.key == m.key}
        if number in mine:
            reported += 1
            percents.append(mine[number])
            continue
        before = [mine[n] for n in range(number - 1, 0, -1) if n in mine]
        if before and before[0] == 100:
            carried += 1
            percents.append(Decimal(100))
    mean = sum(percents, Decimal(0)) / len(percents) if reported else None
    return mean, reported, carried, expected


def _figures(found: QuarterMean) -> tuple[Decimal | None, int, int, int]:
    return found.mean, found.reported, found.carried, found.expected


@given(plans, reports)
def test_means_by_instrument_are_those_of_counting_by_hand(
    plan: Plan, reported: dict[tuple[int, int], Decimal]
) -> None:
    planned, told = _work(plan, reported)
    groups = means_by_instrument(planned, told)
    named = [i.value for i in Instrument if any(m.instrument is i for m in planned)]
    assert [group.name for group in groups] == named
    for group in groups:
        mine = [m for m in planned if m.instrument == group.name]
        assert group.measures == len(mine)
        for found in group.quarters:
            assert _figures(found) == _by_hand(mine, told, found.quarter.number)


@given(plans, reports)
def test_means_by_division_count_a_measure_in_each_of_its_divisions_once(
    plan: Plan, reported: dict[tuple[int, int], Decimal]
) -> None:
    from ita.config import Settings
    from ita.reference import load_reference

    reference = load_reference(Settings().reference)
    planned, told = _work(plan, reported)
    groups = means_by_division(planned, told, reference.division)
    assert [g.name for g in groups if not g.name] == [g.name for g in groups][-1:] or all(
        g.name for g in groups
    )
    for group in groups:
        mine = [
            m
            for m in planned
            if group.name in {reference.division(d) for d in m.divisions}
            or (not group.name and not m.divisions)
        ]
        assert group.measures == len(mine) > 0
        for found in group.quarters:
            assert _figures(found) == _by_hand(mine, told, found.quarter.number)


@pytest.mark.slow
@given(plans, reports)
def test_mean_of_all_rests_on_at_least_one_report_of_the_quarter(
    plan: Plan, reported: dict[tuple[int, int], Decimal]
) -> None:
    planned, told = _work(plan, reported)
    whole = overall_means(planned, told)
    assert whole
    for found in whole.quarters:
        assert _figures(found) == _by_hand(planned, told, found.quarter.number)
        assert (found.mean is None) is (found.reported == 0)
        assert found.missing_reports == found.expected - found.reported - found.carried >= 0
        # Said of a minority only, and never where all that owed a report gave it.
        assert found.is_small_sample is (0 < found.reported < found.missing_reports)


def test_a_quarter_in_which_nobody_reported_has_no_mean_though_one_was_done_before() -> None:
    planned = [measure(seq=n) for n in range(1, 7)]
    told = [completion(2, "100", seq=1)]
    told += [completion(2, "40", seq=n) for n in range(2, 7)]
    whole = overall_means(planned, told)
    assert whole
    assert _figures(whole.mean_of(quarter(2))) == (Decimal(50), 6, 0, 6)
    assert _figures(whole.mean_of(quarter(3))) == (None, 0, 1, 6)
    assert mean_text(whole.mean_of(quarter(3))) == "ไม่มีข้อมูล"


def test_one_report_among_the_silent_is_marked_and_said() -> None:
    planned = [measure(seq=n) for n in range(1, 7)]
    whole = overall_means(planned, [completion(2, "100", seq=1), completion(3, "12", seq=2)])
    assert whole
    third = whole.mean_of(quarter(3))
    assert _figures(third) == (Decimal(56), 1, 1, 6)
    assert third.is_small_sample
    assert mean_text(third) == "56 % (รายงาน 1 จาก 6 มาตรการ เสร็จก่อนแล้ว 1)"


def test_where_all_were_done_before_that_is_said_instead_of_a_figure() -> None:
    whole = overall_means([measure()], [completion(1, "100")])
    assert whole
    assert _figures(whole.mean_of(quarter(2))) == (None, 0, 1, 1)
    assert not whole.mean_of(quarter(2)).is_small_sample
    assert mean_text(whole.mean_of(quarter(2))) == "เสร็จครบก่อนไตรมาสนี้"


def test_a_half_of_those_that_owe_a_report_is_no_small_share() -> None:
    planned = [measure(seq=n) for n in (1, 2, 3)]
    whole = overall_means(planned, [completion(1, "100", seq=1), completion(2, "10", seq=2)])
    assert whole
    assert [found.is_small_sample for found in whole.quarters] == [True, False, False, False]


def test_pace_is_the_mean_of_where_the_measures_at_work_should_be() -> None:
    whole = overall_means([measure(seq=1), measure(seq=2, quarters=(2, 3))], [])
    assert whole
    assert [found.pace for found in whole.quarters] == [25, 50, Decimal("87.5"), 100]
    assert [found.expected for found in whole.quarters] == [1, 2, 2, 1]


def test_unreported_is_never_zero() -> None:
    (group,) = means_by_instrument([measure(seq=1), measure(seq=2)], [completion(1, "40")])
    assert _figures(group.quarters[0]) == (Decimal(40), 1, 0, 2)
    assert _figures(group.quarters[1]) == (None, 0, 0, 2)


def test_as_of_a_quarter_later_ones_have_no_figures() -> None:
    told = [completion(1, "100"), completion(3, "100")]
    whole = overall_means([measure()], told, quarter(2))
    assert whole
    assert [found.mean for found in whole.quarters] == [100, None, None, None]
    assert [found.carried for found in whole.quarters] == [0, 1, 0, 0]


def test_no_measures_have_no_means() -> None:
    assert overall_means([], []) is None
    assert means_by_instrument([], []) == ()
    assert means_by_division([], [], str) == ()


# --- the chart ---


def _groups(told: Sequence[Completion]) -> tuple[tuple[GroupMeans, ...], GroupMeans]:
    planned = [measure(i, n) for i in (IIT, EIT, OIT) for n in (1, 2)]
    whole = overall_means(planned, told)
    assert whole
    return means_by_instrument(planned, told), whole


def test_chart_has_a_line_per_instrument_that_reported_and_the_pace() -> None:
    told = [completion(n, "20", IIT, s) for n in (1, 2) for s in (1, 2)]
    told += [completion(n, "50", OIT, 1) for n in (1, 3)]
    chart = completion_chart(*_groups(told), quarter(1).fiscal_year)
    assert chart
    assert [line.name for line in chart.lines] == ["IIT", "OIT", "แผน"]
    iit, oit, pace = chart.lines
    assert [[dot.position for dot in run] for run in oit.runs] == [[0], [2]]
    assert [dot.hollow for dot in (*iit.dots, *oit.dots)] == [False, False, True, True]
    assert [dot.value for dot in pace.dots] == [25, 50, 75, 100]
    assert "OIT ไตรมาส 3: เฉลี่ย 50 % (รายงาน 1 จาก 2 มาตรการ)" in chart.alt


def test_nothing_reported_has_no_chart() -> None:
    assert completion_chart(*_groups([]), quarter(1).fiscal_year) is None


def test_division_of_the_reference_data_is_used(reference: Reference) -> None:
    planned = [measure(divisions=("กองการศึกษา", "กองการศึกษาฯ")), measure(seq=2, divisions=())]
    groups = means_by_division(planned, [], reference.division)
    assert [(g.name, g.measures) for g in groups] == [("กองการศึกษา ศาสนาและวัฒนธรรม", 1), ("", 1)]
