from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import FiscalYear, Part
from ita.reference import Reference, load_reference
from ita.scores.totals import TOTAL_TOLERANCE
from ita.scores.trends import Trend, compute_trend
from ita.scores.what_if import (
    StartingPoint,
    find_starting_point,
    format_scenario,
    have_equal_rules,
    next_known_rules,
    parse_scenario,
    point_worth,
    starting_years,
)
from tests.builders import (
    EIT,
    IIT,
    NEW_YEAR,
    OIT,
    reference_folder,
    with_new_year,
    year_scores,
)

REFERENCE = load_reference(Settings().reference)
SAMPLE = dict(
    zip(
        (f"ind{n}" for n in range(1, 11)),
        ["92.10", "86.40", "89.75", "83.05", "93.50", "88.20", "82.31", "86.80", "93.00", "89.50"],
        strict=True,
    )
)


def trend_of(year: int = 2567, reference: Reference = REFERENCE, **scores: str | None) -> Trend:
    return compute_trend([year_scores(year, **scores)], reference)


def start_of(year: int = 2567, **scores: str | None) -> StartingPoint:
    start = find_starting_point(trend_of(year, **scores), FiscalYear(year), REFERENCE)
    assert start
    return start


def test_ten_indicators_are_ten_levers() -> None:
    start = start_of(total="88.92", **SAMPLE)
    assert [lever.part for lever in start.levers] == [str(n) for n in range(1, 11)]
    assert [lever.worth for lever in start.levers] == [
        *[Fraction(6, 100)] * 5,
        *[Fraction(1, 10)] * 3,
        *[Fraction(1, 5)] * 2,
    ]
    assert (start.missing_indicators, start.unknown_instruments, start.moves_instruments) == (
        (),
        (),
        False,
    )


def test_untouched_it_gives_what_is_published() -> None:
    now = start_of(**SAMPLE).outcome({})
    assert now.total == Decimal("88.92")
    assert now.instruments == {IIT: Decimal("88.96"), EIT: Decimal("85.77"), OIT: Decimal("91.25")}
    assert now.judgement.text() == "ผ่านดี"


def test_a_change_moves_its_instrument_and_the_total_by_its_worth() -> None:
    moved = start_of(**SAMPLE).outcome({"9": Decimal("98.00")})
    assert moved.instruments[OIT] == Decimal("93.75")
    assert moved.total == Decimal("89.92")  # five points at 0.20


def test_without_all_indicators_the_instruments_move() -> None:
    scores = {**SAMPLE, "ind9": None, "OIT": "91.25"}
    start = start_of(**scores)
    assert [(v.part, str(v.start)) for v in start.levers] == [
        ("IIT", "88.96"),
        ("EIT", "85.77"),
        ("OIT", "91.25"),
    ]
    assert [lever.worth for lever in start.levers] == [Fraction(w, 10) for w in (3, 3, 4)]
    assert (start.missing_indicators, start.moves_instruments) == (("9",), True)
    assert start.outcome({}).total == Decimal("88.92")


@pytest.mark.parametrize(
    ("scores", "unknown"),
    [
        ({"total": "91.15"}, (IIT, EIT, OIT)),
        ({"total": "84.41", "IIT": "86.12", "EIT": "81.64"}, (OIT,)),
    ],
)
def test_what_is_known_neither_way_is_named(
    scores: dict[str, str], unknown: tuple[object, ...]
) -> None:
    start = start_of(**scores)
    assert (start.levers, start.unknown_instruments) == ((), unknown)


def test_an_older_model_has_nothing_to_move() -> None:
    start = start_of(2560, total="91.35")
    assert (start.levers, start.unknown_instruments, start.rules.bands) == ((), (), ())


def test_a_year_without_scores_is_no_start() -> None:
    series = compute_trend(
        [year_scores(2565, total="90"), year_scores(2567, total="91")], REFERENCE
    )
    assert find_starting_point(series, FiscalYear(2566), REFERENCE) is None
    assert starting_years(series) == (2565, 2567)


def test_the_next_rules_are_offered_only_across_a_break_that_compares() -> None:
    after = next_known_rules(REFERENCE, FiscalYear(2565))
    assert after
    assert (after.fiscal_year, have_equal_rules(after, REFERENCE.rules(2565))) == (2566, False)
    same = next_known_rules(REFERENCE, FiscalYear(2567))
    assert same
    assert (same.fiscal_year, have_equal_rules(same, REFERENCE.rules(2567))) == (2568, True)
    assert next_known_rules(REFERENCE, FiscalYear(2561)) is None
    assert next_known_rules(REFERENCE, max(REFERENCE.years)) is None


def test_scores_of_letters_can_be_judged_by_words() -> None:
    series = trend_of(2565, **{**SAMPLE, "ind7": "70.00"})
    letters = find_starting_point(series, FiscalYear(2565), REFERENCE)
    words = find_starting_point(series, FiscalYear(2565), REFERENCE, REFERENCE.rules(2566))
    assert letters and words
    assert (letters.outcome({}).judgement.text(), words.outcome({}).judgement.text()) == (
        "A",
        "ผ่าน",
    )


def test_a_new_indicator_without_a_score_leaves_the_instruments(tmp_path: Path) -> None:
    reference = load_reference(with_new_year(reference_folder(tmp_path)))
    series = trend_of(2569, reference, **SAMPLE)
    start = find_starting_point(series, FiscalYear(2569), reference, reference.rules(NEW_YEAR))
    assert start
    assert [(v.part, v.worth) for v in start.levers] == [
        (IIT, Fraction(1, 4)),
        (EIT, Fraction(1, 4)),
        (OIT, Fraction(1, 2)),
    ]
    assert start.missing_indicators == ("11",)


@pytest.mark.parametrize("year", [y for y, rules in REFERENCE.years.items() if rules.instruments])
def test_worths_add_up_to_one(year: int) -> None:
    rules = REFERENCE.rules(year)
    assert sum(point_worth(part, rules) for part in rules.indicators) == 1
    assert sum(point_worth(instrument, rules) for instrument in rules.instruments) == 1


HUNDREDTHS = st.integers(0, 10000).map(lambda n: Decimal(n) / 100)
CHANGES = st.dictionaries(st.sampled_from([str(n) for n in range(1, 11)]), HUNDREDTHS)


@given(CHANGES)
def test_a_scenario_comes_back_from_the_url(changes: dict[Part, Decimal]) -> None:
    start = start_of(**SAMPLE)
    url_value = format_scenario(changes, start)
    read, ignored = parse_scenario(url_value, start)
    assert ignored == 0
    assert start.scores(read) == start.scores(changes)


@given(CHANGES)
def test_the_total_is_the_weighted_mean_of_the_scenario(changes: dict[Part, Decimal]) -> None:
    start = start_of(**SAMPLE)
    scores = start.scores(changes)
    parts = [["1", "2", "3", "4", "5"], ["6", "7", "8"], ["9", "10"]]
    exact = sum(
        weight * sum(Fraction(scores[part]) for part in mine) / len(mine) / 100
        for weight, mine in zip((30, 30, 40), parts, strict=True)
    )
    total = start.outcome(changes).total
    assert total is not None
    assert abs(Fraction(total) - exact) <= Fraction(TOTAL_TOLERANCE) / 2


def test_only_changes_stand_in_the_url() -> None:
    start = start_of(**SAMPLE)
    changes = {"9": Decimal("95"), "5": Decimal("90.50"), "1": Decimal("92.10")}
    assert format_scenario(changes, start) == "5-90.50,9-95"
    assert parse_scenario("5-90.5,9-95", start)[0] == {"5": Decimal("90.50"), "9": Decimal("95.00")}


@pytest.mark.parametrize(
    ("text", "ignored"),
    [
        ("", 0),
        (",,", 0),
        ("x", 1),
        ("11-90", 1),
        ("OIT-90", 1),
        ("9-100.01", 1),
        ("9--5", 1),
        ("9-95.001", 1),
        ("9-nan", 1),
        ("9-๙๐", 1),
        ("09-90", 1),
        ("<script>,9-1e1,9", 3),
    ],
)
def test_nonsense_in_the_url_is_counted_and_changes_nothing(text: str, ignored: int) -> None:
    assert parse_scenario(text, start_of(**SAMPLE)) == ({}, ignored)


def test_the_first_of_two_counts() -> None:
    assert parse_scenario("9-95,9-96", start_of(**SAMPLE)) == ({"9": Decimal(95)}, 1)


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    start = start_of(**SAMPLE)
    changes, _ = parse_scenario(text, start)
    assert all(0 <= score <= 100 for score in changes.values())
