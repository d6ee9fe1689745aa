from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.measures.rules import Completion, MeanCompletion, Measure, mean_completion, outstanding
from ita.vocabulary import Quarter
from tests.builders import EIT, IIT, completion, measure, quarter

FIRST_DUE = date(2024, 1, 30)
"""Of quarter 1 of 2567, which ends on 31 December 2023."""
LAST_DUE = date(2024, 10, 30)
LATER = date(2025, 6, 1)


def _late(
    measures: Measure, completions: list[Completion], today: date
) -> tuple[tuple[int, ...], bool] | None:
    """(numbers of the quarters without a report, unfinished), None where nothing is late."""
    found = outstanding([measures], completions, today)
    return next(
        ((tuple(q.number for q in late.unreported), late.unfinished) for late in found), None
    )


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2023, 10, 1), None),
        (date(2023, 12, 31), None),
        (FIRST_DUE - timedelta(days=1), None),
        (FIRST_DUE, None),
        (FIRST_DUE + timedelta(days=1), ((1,), False)),
        (date(2024, 5, 1), ((1, 2), False)),
        (LAST_DUE, ((1, 2, 3), False)),
        (LAST_DUE + timedelta(days=1), ((1, 2, 3, 4), True)),
    ],
)
def test_quarter_is_late_from_the_day_after_it_was_due(
    today: date, late: tuple[tuple[int, ...], bool] | None
) -> None:
    assert _late(measure(), [], today) == late


def test_reported_quarter_is_not_outstanding() -> None:
    assert _late(measure(), [completion(1, "25")], date(2024, 5, 1)) == ((2,), False)


def test_report_of_nothing_done_is_a_report() -> None:
    assert _late(measure(), [completion(1, "0")], FIRST_DUE + timedelta(days=1)) is None


def test_finished_measure_owes_no_more_reports() -> None:
    done = [completion(1, "60"), completion(2, "100")]
    assert _late(measure(), done, LATER) is None


def test_measure_just_short_of_done_is_unfinished_after_its_end() -> None:
    reports = [completion(n, "99.99") for n in (1, 2, 3, 4)]
    assert _late(measure(), reports, LAST_DUE) is None
    assert _late(measure(), reports, LAST_DUE + timedelta(days=1)) == ((), True)


def test_measure_that_fell_below_done_again_is_unfinished() -> None:
    reports = [completion(1, "100"), completion(2, "90"), completion(3, "90"), completion(4, "90")]
    assert _late(measure(), reports, LATER) == ((), True)


def test_measure_owes_reports_of_its_own_period_only() -> None:
    assert _late(measure(quarters=(2, 3)), [], LATER) == ((2, 3), True)
    assert _late(measure(quarters=(2, 3)), [], FIRST_DUE + timedelta(days=1)) is None


def test_measure_without_a_period_owes_reports_of_the_whole_year() -> None:
    unplanned = measure(quarters=None)
    assert unplanned.period is None
    assert _late(unplanned, [], LATER) == ((1, 2, 3, 4), True)


def test_measure_is_done_by_a_report_after_its_period() -> None:
    reports = [completion(1, "50"), completion(3, "100")]
    assert _late(measure(quarters=(1, 1)), reports, LATER) is None


def test_order_of_the_reports_is_irrelevant() -> None:
    reports = [completion(2, "100"), completion(1, "60")]
    assert _late(measure(), reports, LATER) is None


def test_reports_of_another_measure_do_not_count() -> None:
    others = [
        completion(1, "100", seq=2),
        completion(1, "100", EIT),
        completion(1, "100", year=2566),
    ]
    assert _late(measure(), others, FIRST_DUE + timedelta(days=1)) == ((1,), False)


def test_late_measure_tells_its_last_report() -> None:
    (late,) = outstanding([measure()], [completion(1, "20"), completion(2, "40")], LATER)
    assert (late.percent, late.reported) == (Decimal(40), quarter(2))


def test_late_measure_without_a_report_has_no_percent_and_not_zero() -> None:
    (late,) = outstanding([measure()], [], LATER)
    assert (late.percent, late.reported) == (None, None)


def test_late_measures_stay_in_their_order() -> None:
    planned = [measure(EIT, 2), measure(IIT, 1), measure(EIT, 1)]
    late = outstanding(planned, [completion(4, "100", IIT, 1)], LATER)
    assert [found.measure.key for found in late] == [(EIT, 2), (EIT, 1)]


def test_mean_is_over_the_measures_that_reported() -> None:
    planned = [measure(seq=1), measure(seq=2), measure(seq=3)]
    reports = [completion(1, "50", seq=1), completion(1, "100", seq=2)]
    assert mean_completion(planned, reports, quarter(1)) == MeanCompletion(Decimal(75), 2, 3)


def test_mean_without_any_report_is_missing_and_not_zero() -> None:
    assert mean_completion([measure()], [], quarter(1)) == MeanCompletion(None, 0, 1)


def test_mean_of_reports_of_nothing_done_is_zero() -> None:
    found = mean_completion([measure()], [completion(1, "0")], quarter(1))
    assert found == MeanCompletion(Decimal(0), 1, 1)


def test_mean_leaves_out_measures_whose_period_is_another() -> None:
    planned = [measure(seq=1), measure(seq=2, quarters=(3, 4))]
    reports = [completion(1, "50", seq=1), completion(1, "0", seq=2)]
    assert mean_completion(planned, reports, quarter(1)) == MeanCompletion(Decimal(50), 1, 1)


def test_mean_is_of_one_quarter_and_year() -> None:
    reports = [completion(1, "10"), completion(2, "20"), completion(1, "90", year=2566)]
    assert mean_completion([measure()], reports, quarter(1)).mean == 10
    assert mean_completion([measure()], reports, quarter(1, 2566)) == MeanCompletion(None, 0, 0)


spans = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda ends: (min(ends), max(ends)))
plans = st.lists(st.none() | spans, max_size=4)
percents = st.sampled_from(["0", "25", "99.99", "100"])
reports = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 4)), percents)
days = st.dates(date(2023, 10, 1), date(2024, 12, 31))


def _planned(plan: list[tuple[int, int] | None]) -> list[Measure]:
    return [measure(seq=n, quarters=span) for n, span in enumerate(plan, start=1)]


@given(plans, reports, st.integers(1, 4))
def test_mean_completion_is_that_of_counting_by_hand(
    plan: list[tuple[int, int] | None], reported: dict[tuple[int, int], str], number: int
) -> None:
    expected = total = count = 0
    for seq, span in enumerate(plan, start=1):
        first, last = span or (1, 4)
        if first <= number <= last:
            expected += 1
            if (number, seq) in reported:
                count += 1
                total += int(Decimal(reported[number, seq]) * 100)
    found = mean_completion(
        _planned(plan),
        [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()],
        quarter(number),
    )
    assert (found.reported, found.expected) == (count, expected)
    assert found.mean == (Decimal(total) / 100 / count if count else None)


def _is_due(number: int, today: date) -> bool:
    """Slow and obvious: 30 days after the last day of the quarter have gone by."""
    ends = [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)]
    return (today - ends[number - 1]).days > 30


@given(plans, reports, days)
def test_outstanding_is_that_of_looking_quarter_by_quarter(
    plan: list[tuple[int, int] | None], reported: dict[tuple[int, int], str], today: date
) -> None:
    expected: dict[int, tuple[list[int], bool]] = {}
    for seq, span in enumerate(plan, start=1):
        first, last = span or (1, 4)
        mine = [n for n in (1, 2, 3, 4) if (n, seq) in reported]
        if mine and reported[mine[-1], seq] == "100":
            continue
        missing = [n for n in range(first, last + 1) if _is_due(n, today) and n not in mine]
        if missing or _is_due(last, today):
            expected[seq] = (missing, _is_due(last, today))
    found = outstanding(
        _planned(plan),
        [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()],
        today,
    )
    assert {
        late.measure.seq: ([q.number for q in late.unreported], late.unfinished) for late in found
    } == expected


def test_quarters_of_a_measure_are_those_of_its_year() -> None:
    assert measure(quarters=None, year=2568).quarters == tuple(
        quarter(n, 2568) for n in range(1, 5)
    )
    assert all(isinstance(q, Quarter) for q in measure(quarters=(2, 3)).quarters)
