from __future__ import annotations

from decimal import Decimal

from ita.domain import FiscalYear
from ita.measures.model import load_completions, load_measures, load_years_of_work
from ita.store import Store
from tests.builders import EIT, IIT, OIT, period, quarter

YEAR = FiscalYear(2567)


def test_measures_come_in_the_order_of_the_report(sample_store: Store) -> None:
    with sample_store.reading() as cursor:
        found = load_measures(cursor, "SAMPLE", YEAR)
    assert [m.key for m in found] == [(i, n) for i in (IIT, EIT, OIT) for n in (1, 2, 3)]


def test_missing_period_of_a_measure_is_not_filled_in(sample_store: Store) -> None:
    with sample_store.reading() as cursor:
        found = load_measures(cursor, "SAMPLE", YEAR)
    assert {m.instrument: m.period for m in found} == {
        IIT: period(1, 4),
        EIT: period(1, 4),
        OIT: None,
    }


def test_half_a_period_is_none(store: Store) -> None:
    with store.writing() as cursor:
        cursor.execute(
            "INSERT INTO measure (agency_id, fiscal_year, instrument, seq, measure, indicator, divisions, "
            "start_quarter, cause, method, follow_up) VALUES ('A', 2567, 'IIT', 1, 'x', '4,10', "
            "'กองคลัง' || chr(10) || 'กองช่าง', 2, 'c', 'm', 'f')"
        )
    with store.reading() as cursor:
        (found,) = load_measures(cursor, "A", YEAR)
    assert found.period is None
    assert (found.indicators, found.divisions) == (("4", "10"), ("กองคลัง", "กองช่าง"))
    assert (found.target, found.cause, found.method, found.follow_up) == (None, "c", "m", "f")


def test_completions_carry_their_quarter_with_its_year(store: Store) -> None:
    with store.writing() as cursor:
        cursor.execute(
            "INSERT INTO completion VALUES ('A', 2567, 2, 'EIT', 1, 50.5, 'n', NULL, NULL), "
            "('A', 2567, 1, 'EIT', 1, 25, NULL, 'o', 'e'), ('A', 2566, 1, 'EIT', 1, 9, NULL, NULL, NULL), "
            "('B', 2567, 1, 'EIT', 1, 9, NULL, NULL, NULL)"
        )
    with store.reading() as cursor:
        first, second = load_completions(cursor, "A", YEAR)
    assert (first.quarter, first.percent, first.obstacle) == (quarter(1), 25, "o")
    assert (second.quarter, second.percent, second.note) == (quarter(2), Decimal("50.5"), "n")


def test_years_of_work_are_those_of_measures_and_reports(sample_store: Store) -> None:
    with sample_store.reading() as cursor:
        assert load_years_of_work(cursor, "SAMPLE") == (YEAR,)
        assert load_years_of_work(cursor, "IPST") == ()
