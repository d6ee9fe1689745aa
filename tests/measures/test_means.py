"""Means by instrument, division and quarter, against counting by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ita.measures.charts import completion_chart
from ita.measures.means import (
    GroupMeans,
    QuarterMean,
    means_by_division,
    means_by_instrument,
    means_of_all,
)
from ita.measures.rules import Completion, Measure, mean_completion
from ita.reference import Reference
from ita.vocabulary import Instrument
from tests.builders import EIT, IIT, OIT, completion, measure, quarter

LATER = date(2025, 6, 1)
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
days = st.dates(date(2023, 9, 1), date(2024, 12, 31))
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
    group: Sequence[Measure], told: Sequence[Completion], number: int, today: date
) -> tuple[Decimal | None, int, int]:
    """Slow and obvious: one measure after the other, its quarters backwards."""
    q = quarter(number)
    figures = (today - q.last_day).days > 30 or any(c.quarter == q for c in told)
    at_work = [m for m in group if q in m.quarters]
    known = []
    for m in at_work:
        mine = {c.quarter.number: c.percent for c in told if c.key == m.key}
        if number in mine:
            known.append(mine[number])
        else:
            before = [mine[n] for n in range(number - 1, 0, -1) if n in mine]
            if before and before[0] == 100:
                known.append(Decimal(100))
    if not figures:
        known = []
    mean = sum(known, Decimal(0)) / len(known) if known else None
    return mean, len(known), len(at_work)


def _is(found: QuarterMean, expected: tuple[Decimal | None, int, int]) -> bool:
    return (found.mean, found.reported, found.expected) == expected


@given(plans, reports, days)
def test_means_by_instrument_are_those_of_counting_by_hand(
    plan: Plan, reported: dict[tuple[int, int], Decimal], today: date
) -> None:
    planned, told = _work(plan, reported)
    groups = means_by_instrument(planned, told, today)
    named = [i.value for i in Instrument if any(m.instrument is i for m in planned)]
    assert [group.name for group in groups] == named
    for group in groups:
        mine = [m for m in planned if m.instrument == group.name]
        assert group.measures == len(mine)
        for found in group.quarters:
            assert _is(found, _by_hand(mine, told, found.quarter.number, today))


@given(plans, reports, days)
def test_means_by_division_count_a_measure_in_each_of_its_divisions_once(
    plan: Plan, reported: dict[tuple[int, int], Decimal], today: date
) -> None:
    from ita.reference import load_reference
    from ita.settings import Settings

    reference = load_reference(Settings().reference)
    planned, told = _work(plan, reported)
    groups = means_by_division(planned, told, today, reference.division)
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
            assert _is(found, _by_hand(mine, told, found.quarter.number, today))


@given(plans, reports, days)
def test_mean_of_all_is_the_published_figure(
    plan: Plan, reported: dict[tuple[int, int], Decimal], today: date
) -> None:
    planned, told = _work(plan, reported)
    whole = means_of_all(planned, told, today)
    assert whole
    for found in whole.quarters:
        figure = mean_completion(planned, told, found.quarter, today)
        assert _is(found, (figure.mean, figure.reported, figure.expected))


def test_pace_is_the_mean_of_where_the_measures_at_work_should_be() -> None:
    whole = means_of_all([measure(seq=1), measure(seq=2, quarters=(2, 3))], [], LATER)
    assert whole
    assert [found.pace for found in whole.quarters] == [25, 50, Decimal("87.5"), 100]
    assert [found.expected for found in whole.quarters] == [1, 2, 2, 1]


def test_unreported_is_never_zero() -> None:
    (group,) = means_by_instrument([measure(seq=1), measure(seq=2)], [completion(1, "40")], LATER)
    assert _is(group.quarters[0], (Decimal(40), 1, 2))
    assert _is(group.quarters[1], (None, 0, 2))


def test_as_of_a_quarter_later_ones_have_no_figures() -> None:
    told = [completion(1, "100"), completion(3, "100")]
    whole = means_of_all([measure()], told, LATER, quarter(2))
    assert whole
    assert [found.mean for found in whole.quarters] == [100, 100, None, None]


def test_no_measures_have_no_means() -> None:
    assert means_of_all([], [], LATER) is None
    assert means_by_instrument([], [], LATER) == ()
    assert means_by_division([], [], LATER, str) == ()


# --- the chart ---


def _groups(told: Sequence[Completion]) -> tuple[tuple[GroupMeans, ...], GroupMeans]:
    planned = [measure(i, n) for i in (IIT, EIT, OIT) for n in (1, 2)]
    whole = means_of_all(planned, told, LATER)
    assert whole
    return means_by_instrument(planned, told, LATER), whole


def test_chart_has_a_line_per_instrument_that_reported_and_the_pace() -> None:
    told = [completion(n, "20", IIT, s) for n in (1, 2) for s in (1, 2)]
    told += [completion(n, "50", OIT, 1) for n in (1, 3)]
    chart = completion_chart(*_groups(told), quarter(1).fiscal_year)
    assert chart
    assert [line.name for line in chart.lines] == ["IIT", "OIT", "แผน"]
    iit, oit, pace = chart.lines
    assert [[dot.place for dot in run] for run in oit.runs] == [[0], [2]]
    assert [dot.hollow for dot in (*iit.dots, *oit.dots)] == [False, False, True, True]
    assert [dot.value for dot in pace.dots] == [25, 50, 75, 100]
    assert "OIT ไตรมาส 3: เฉลี่ย 50 % จาก 1 ใน 2 มาตรการ" in chart.alt


def test_nothing_reported_has_no_chart() -> None:
    assert completion_chart(*_groups([]), quarter(1).fiscal_year) is None


def test_division_of_the_reference_data_is_used(reference: Reference) -> None:
    planned = [measure(divisions=("กองการศึกษา", "กองการศึกษาฯ")), measure(seq=2, divisions=())]
    groups = means_by_division(planned, [], LATER, reference.division)
    assert [(g.name, g.measures) for g in groups] == [("กองการศึกษา ศาสนาและวัฒนธรรม", 1), ("", 1)]
