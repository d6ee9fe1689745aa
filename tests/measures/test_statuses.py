"""The status of a measure on a day, and that the list of late ones says the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import MeasureStatus
from ita.i18n import language_set_to
from ita.measures.model import Completion, Measure
from ita.measures.statuses import (
    _CONDITIONS,
    URGENT_STATUSES,
    JudgedMeasure,
    judge_measures,
    outstanding_measures,
    status_reason,
)
from ita.reference import load_reference
from tests.builders import EIT, IIT, completion, measure, quarter

STATUSES = load_reference(Settings().reference).statuses
FIRST_DUE = date(2024, 1, 30)
"""Of quarter 1 of 2567, which ends on 31 December 2023."""
SECOND_DUE = date(2024, 4, 30)
LAST_DUE = date(2024, 10, 30)
LATER = date(2025, 6, 1)
DONE, LATE, NO_REPORT, NOT_STARTED, ON_PLAN, CANCELLED = MeasureStatus
ALLOWED = 10
"""Points behind the pace that data/reference/statuses.csv allows a running measure."""


def _outstanding(
    measures: Sequence[Measure], completions: Sequence[Completion], today: date
) -> tuple[JudgedMeasure, ...]:
    return outstanding_measures(measures, completions, today, STATUSES)


def _judged(
    completions: Sequence[Completion],
    today: date,
    span: tuple[int, int] | None = (1, 4),
    until: int | None = None,
) -> JudgedMeasure:
    last = quarter(until) if until else None
    (found,) = judge_measures([measure(quarters=span)], completions, today, STATUSES, last)
    return found


def _late(
    measures: Measure, completions: list[Completion], today: date
) -> tuple[tuple[int, ...], bool] | None:
    """(numbers of the quarters without a report, unfinished), None where nothing is late."""
    found = _outstanding([measures], completions, today)
    return next(
        (
            (tuple(q.number for q in late.progress.unreported_quarters), late.progress.is_overdue)
            for late in found
        ),
        None,
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
    # Not outstanding for want of a report, but behind the pace.
    assert _late(measure(), [completion(1, "0")], FIRST_DUE + timedelta(days=1)) == ((), False)


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
    (late,) = _outstanding([measure()], [completion(1, "20"), completion(2, "40")], LATER)
    assert (late.progress.percent, late.progress.reported_quarter) == (Decimal(40), quarter(2))


def test_late_measure_without_a_report_has_no_percent_and_not_zero() -> None:
    (late,) = _outstanding([measure()], [], LATER)
    assert (late.progress.percent, late.progress.reported_quarter) == (None, None)


def test_late_measures_stay_in_their_order() -> None:
    planned = [measure(EIT, 2), measure(IIT, 1), measure(EIT, 1)]
    late = _outstanding(planned, [completion(4, "100", IIT, 1)], LATER)
    assert [found.measure.key for found in late] == [(EIT, 2), (EIT, 1)]


# --- statuses ---


def test_every_status_has_its_rule_and_the_table_is_whole() -> None:
    assert {rule.status for rule in STATUSES} == set(MeasureStatus) == {*_CONDITIONS, CANCELLED}
    assert [rule.rank for rule in STATUSES] == sorted({rule.rank for rule in STATUSES})
    assert {rule.status: rule.behind_by for rule in STATUSES if rule.behind_by is not None} == {
        LATE: ALLOWED
    }


CASES = [
    # span, reports, today, status, reason
    (
        (1, 4),
        {2: "30", 1: "25"},
        SECOND_DUE + timedelta(1),
        LATE,
        "ถึงไตรมาส 2 ควรได้ 50 % แต่รายงาน 30 %",
    ),
    (
        (1, 4),
        {1: "25", 2: "50"},
        SECOND_DUE + timedelta(1),
        ON_PLAN,
        "ถึงไตรมาส 2 ควรได้ 50 % และรายงาน 50 %",
    ),
    (
        (1, 4),
        {1: "25", 2: "40"},
        SECOND_DUE + timedelta(1),
        ON_PLAN,
        "ถึงไตรมาส 2 ควรได้ 50 % และรายงาน 40 % ช้ากว่าแผนไม่เกิน 10 %",
    ),
    ((1, 4), {1: "25", 2: "39.99"}, SECOND_DUE + timedelta(1), LATE, "แต่รายงาน 39.99 %"),
    (
        (1, 4),
        {1: "25", 2: "30"},
        SECOND_DUE,
        ON_PLAN,
        "ถึงไตรมาส 1 ควรได้ 25 % และรายงานของไตรมาส 2 ได้ 30 %",
    ),
    ((1, 4), {1: "5", 2: "50"}, FIRST_DUE + timedelta(1), ON_PLAN, "รายงานของไตรมาส 2 ได้ 50 %"),
    ((1, 4), {1: "20", 2: "10"}, FIRST_DUE + timedelta(1), LATE, "แต่รายงานของไตรมาส 2 ได้เพียง 10 %"),
    ((1, 4), {1: "5"}, FIRST_DUE, ON_PLAN, "รายงานของไตรมาส 1 ได้ 5 % ก่อนครบกำหนด"),
    ((1, 4), {1: "0"}, FIRST_DUE, NOT_STARTED, "รายงานของไตรมาส 1 คือ 0 %"),
    ((1, 4), {1: "0"}, FIRST_DUE + timedelta(1), LATE, "ควรได้ 25 % แต่รายงาน 0 %"),
    ((1, 4), {}, date(2023, 9, 30), NOT_STARTED, "เริ่มดำเนินการในไตรมาส 1 (1 ต.ค. 2566)"),
    ((1, 4), {}, FIRST_DUE, NOT_STARTED, "รายงานแรกคือไตรมาส 1 ครบกำหนด 30 ม.ค. 2567"),
    (
        (1, 4),
        {},
        FIRST_DUE + timedelta(1),
        NO_REPORT,
        "ไม่มีรายงานไตรมาส 1 ซึ่งครบกำหนดตั้งแต่ 30 ม.ค. 2567 และยังไม่เคยรายงาน",
    ),
    (
        (1, 4),
        {1: "25", 2: "50"},
        LATER,
        NO_REPORT,
        "ไม่มีรายงานไตรมาส 3, 4 ซึ่งครบกำหนดตั้งแต่ 30 ก.ค. 2567 รายงานล่าสุดคือไตรมาส 2 ได้ 50 %",
    ),
    ((1, 4), {1: "5"}, SECOND_DUE + timedelta(1), LATE, "แต่รายงาน 5 % และไม่มีรายงานไตรมาส 2"),
    ((1, 4), {2: "60"}, SECOND_DUE + timedelta(1), NO_REPORT, "ไม่มีรายงานไตรมาส 1"),
    (
        (1, 4),
        {1: "25", 2: "50", 3: "75", 4: "99.99"},
        LAST_DUE + timedelta(1),
        LATE,
        "ครบกำหนดเมื่อสิ้นไตรมาส 4 แล้วยังไม่เสร็จ: 99.99 %",
    ),
    ((1, 4), {1: "25", 2: "50", 3: "75", 4: "99.99"}, LAST_DUE, ON_PLAN, "ถึงไตรมาส 3 ควรได้ 75 %"),
    ((1, 4), {1: "60", 2: "100"}, LATER, DONE, "ครบ 100 % ตั้งแต่ไตรมาส 2"),
    ((1, 4), {1: "100", 2: "90", 3: "100", 4: "100"}, LATER, DONE, "ครบ 100 % ตั้งแต่ไตรมาส 3"),
    ((1, 4), {1: "100", 2: "90", 3: "90", 4: "90"}, LATER, LATE, "ยังไม่เสร็จ: 90 %"),
    ((1, 1), {1: "50", 3: "60"}, LATER, LATE, "ครบกำหนดเมื่อสิ้นไตรมาส 1 แล้วยังไม่เสร็จ: 60 %"),
    ((3, 4), {}, SECOND_DUE + timedelta(1), NOT_STARTED, "ครบกำหนด 30 ก.ค. 2567"),
    ((3, 4), {1: "10"}, SECOND_DUE + timedelta(1), ON_PLAN, "ก่อนครบกำหนด"),
    ((2, 3), {2: "45"}, SECOND_DUE + timedelta(1), ON_PLAN, "ควรได้ 50 % และรายงาน 45 %"),
    (None, {1: "25"}, FIRST_DUE + timedelta(1), ON_PLAN, "ควรได้ 25 % และรายงาน 25 %"),
]


@pytest.mark.parametrize(("span", "reported", "today", "status", "reason"), CASES)
def test_status_and_its_reason(
    span: tuple[int, int] | None,
    reported: dict[int, str],
    today: date,
    status: MeasureStatus,
    reason: str,
) -> None:
    found = _judged([completion(n, percent) for n, percent in reported.items()], today, span)
    assert (found.status, reason in status_reason(found)) == (status, True), status_reason(found)


def test_reasons_are_told_in_english() -> None:
    from tests.test_wording import THAI

    for span, reported, today, _, _ in CASES:
        found = _judged([completion(n, p) for n, p in reported.items()], today, span)
        with language_set_to("en"):
            assert not THAI.search(status_reason(found))


def test_as_of_a_quarter_later_reports_are_not_known() -> None:
    reports = [completion(1, "25"), completion(2, "30"), completion(3, "75"), completion(4, "100")]
    found = [_judged(reports, LATER, until=n).status for n in (1, 2, 3, 4)]
    assert found == [ON_PLAN, LATE, ON_PLAN, DONE]
    assert _judged(reports, LATER).status is DONE


def test_as_of_a_quarter_before_its_period_a_measure_has_not_started() -> None:
    found = _judged([], LATER, span=(3, 4), until=2)
    assert found.status is NOT_STARTED
    assert status_reason(found) == "เริ่มดำเนินการในไตรมาส 3 (1 เม.ย. 2567)"


def test_rank_decides_between_late_and_no_report() -> None:
    swapped = sorted(STATUSES, key=lambda rule: rule.status is LATE)
    reports = [completion(1, "5")]
    (found,) = judge_measures([measure()], reports, SECOND_DUE + timedelta(1), swapped)
    assert found.status is NO_REPORT


spans = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(lambda ends: (min(ends), max(ends)))
plans = st.lists(st.none() | spans, max_size=4)
percents = st.sampled_from(["0", "10", "25", "39", "40", "65", "66", "90", "99.99", "100"])
reports = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 4)), percents)
days = st.dates(date(2023, 9, 1), date(2024, 12, 31))


def _planned(plan: list[tuple[int, int] | None]) -> list[Measure]:
    return [measure(seq=n, quarters=span) for n, span in enumerate(plan, start=1)]


def _is_due(number: int, today: date) -> bool:
    """Slow and obvious: 30 days after the last day of the quarter have gone by."""
    ends = [date(2023, 12, 31), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)]
    return (today - ends[number - 1]).days > 30


def _status_by_hand(first: int, last: int, mine: dict[int, str], today: date) -> MeasureStatus:
    """Slow and obvious: quarter by quarter, in words of the rule."""
    newest = max(mine, default=None)
    if newest is not None and mine[newest] == "100":
        return DONE
    due = [n for n in range(first, last + 1) if _is_due(n, today)]
    if newest is not None and due:
        held = min(newest, due[-1])
        if held >= first:
            # In hundredths, so that thirds are exact enough.
            should = 10000 * (held - first + 1) / (last - first + 1)
            short = should - float(mine[newest]) * 100
            if short > (0.005 if held == last else ALLOWED * 100 + 0.005):
                return LATE
    if any(n not in mine for n in due):
        return NO_REPORT
    return ON_PLAN if newest is not None and float(mine[newest]) > 0 else NOT_STARTED


@given(plans, reports, days)
def test_status_is_that_of_looking_quarter_by_quarter(
    plan: list[tuple[int, int] | None], reported: dict[tuple[int, int], str], today: date
) -> None:
    found = judge_measures(
        _planned(plan),
        [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()],
        today,
        STATUSES,
    )
    expected = []
    for seq, span in enumerate(plan, start=1):
        mine = {n: p for (n, of), p in reported.items() if of == seq}
        expected.append(_status_by_hand(*(span or (1, 4)), mine, today))
    assert [judged.status for judged in found] == expected
    assert all(status_reason(judged) for judged in found)


@given(plans, reports, days)
def test_outstanding_is_what_is_late_or_lacks_a_report(
    plan: list[tuple[int, int] | None], reported: dict[tuple[int, int], str], today: date
) -> None:
    planned = _planned(plan)
    told = [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()]
    every = judge_measures(planned, told, today, STATUSES)
    late = _outstanding(planned, told, today)
    assert list(late) == [judged for judged in every if judged.status in URGENT_STATUSES]
    # Whatever is over and not done, or silent, is on the list, however large the allowance.
    for judged in every:
        known = judged.progress
        assert judged.is_urgent or not (known.unreported_quarters or known.is_overdue)


@given(reports, days)
def test_order_of_reports_and_other_years_change_nothing(
    reported: dict[tuple[int, int], str], today: date
) -> None:
    told = [completion(n, percent, seq=seq) for (n, seq), percent in reported.items()]
    noise = [completion(n, "1", year=2566) for n in (1, 2, 3, 4)] + [completion(1, "1", EIT)]
    planned = [measure(IIT, 1), measure(IIT, 2, (2, 3))]
    once = judge_measures(planned, told, today, STATUSES)
    again = judge_measures(planned, [*noise, *reversed(told)], today, STATUSES)
    assert once == again
