"""Whatever the scores, the steps add up; each is checked against weights written down here."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear, Part
from ita.reference import Reference, load_reference
from ita.scores.contributions import (
    NoSplit,
    NoSplitReason,
    Split,
    StepKind,
    last_comparable_pair,
    split_change,
    totals_by_year,
)
from ita.scores.queries import load_published_scores
from ita.scores.totals import YearScores
from ita.store import Store
from tests.builders import (
    EIT,
    IIT,
    LAST_YEAR,
    NEW_YEAR,
    OIT,
    append_rows,
    reference_folder,
    with_new_year,
    year_scores,
)

REFERENCE = load_reference(Settings().reference)
WEIGHTS = {
    **dict.fromkeys(("1", "2", "3", "4", "5"), Fraction(30, 500)),
    **dict.fromkeys(("6", "7", "8"), Fraction(30, 300)),
    **dict.fromkeys(("9", "10"), Fraction(40, 200)),
}
"""Points of the total for a point of each of ten indicators, worked out by hand."""
NEW_WEIGHTS = {
    **dict.fromkeys(("1", "2", "3", "4", "5"), Fraction(25, 500)),
    **dict.fromkeys(("6", "7", "8"), Fraction(25, 300)),
    **dict.fromkeys(("9", "10", "11"), Fraction(50, 300)),
}
OWNERS = {
    IIT: (1, 5, Fraction(3, 10)),
    EIT: (6, 8, Fraction(3, 10)),
    OIT: (9, 10, Fraction(4, 10)),
}
"""Instrument → its first and last indicator, its weight."""
BEFORE = {f"ind{n}": f"{80 + n}" for n in range(1, 11)}

scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))
ten = st.fixed_dictionaries(dict.fromkeys(WEIGHTS, scores))
eleven = st.fixed_dictionaries(dict.fromkeys(NEW_WEIGHTS, scores))
total_or_none = st.none() | scores


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """With a new year: 25/25/50 and an eleventh indicator, comparable with the years before."""
    return load_reference(with_new_year(reference_folder(tmp_path_factory.mktemp("new"))))


def _year(year: int, values: dict[Part, Decimal], total: Decimal | None = None) -> YearScores:
    published = {} if total is None else {TOTAL: total}
    return YearScores(FiscalYear(year), {**values, **published})


def _split(old: YearScores, new: YearScores, reference: Reference = REFERENCE) -> Split:
    split = split_change(old, new, reference)
    assert isinstance(split, Split), split
    return split


def _refusal(old: YearScores, new: YearScores, reference: Reference = REFERENCE) -> NoSplit:
    split = split_change(old, new, reference)
    assert isinstance(split, NoSplit)
    return split


def _assert_adds_up(found: Split) -> None:
    assert found.start + sum(s.points for s in found.steps) == found.end
    left = Fraction(found.change) - sum((s.exact for s in found.steps), Fraction(0))
    explained = found.select_kinds(StepKind.REMAINDER, StepKind.ROUNDING, StepKind.PUBLISHED)
    assert left == 0 if explained else abs(left) <= Fraction(1, 200)
    for step in found.steps:
        assert step.points == step.points.quantize(Decimal("0.01"))
        most = (
            5 if step.kind is StepKind.REMAINDER else 1
        )  # the rest takes the rounding of all others
        assert abs(Fraction(step.points) - step.exact) < Fraction(most, 100)


def _half_up(value: Fraction) -> Decimal:
    return Decimal((value.numerator * 200 + value.denominator) // (value.denominator * 2)) / 100


# --- equal rules ---


@given(ten, ten, total_or_none, total_or_none)
def test_steps_add_up_to_the_change_whatever_was_published(
    old: dict[Part, Decimal],
    new: dict[Part, Decimal],
    old_total: Decimal | None,
    new_total: Decimal | None,
) -> None:
    split = _split(_year(2566, old, old_total), _year(2567, new, new_total))
    _assert_adds_up(split)
    by_hand = [sum(w * Fraction(v[n]) for n, w in WEIGHTS.items()) for v in (old, new)]
    assert split.start == (_half_up(by_hand[0]) if old_total is None else old_total)
    assert split.end == (_half_up(by_hand[1]) if new_total is None else new_total)


@given(ten, ten)
def test_each_indicator_moves_the_total_by_its_weight(
    old: dict[Part, Decimal], new: dict[Part, Decimal]
) -> None:
    split = _split(_year(2566, old), _year(2567, new))
    parts = {s.part: s for s in split.select_kinds(StepKind.PART)}
    assert parts.keys() == WEIGHTS.keys()
    for number, weight in WEIGHTS.items():
        exact = weight * (Fraction(new[number]) - Fraction(old[number]))
        assert parts[number].exact == exact
        assert abs(Fraction(parts[number].points) - exact) < Fraction(1, 100)
        assert (parts[number].before, parts[number].after) == (old[number], new[number])
    assert not split.select_kinds(StepKind.RULES, StepKind.PUBLISHED, StepKind.REMAINDER)
    assert all(abs(s.points) == Decimal("0.01") for s in split.select_kinds(StepKind.ROUNDING))


@given(ten)
def test_nothing_moved_means_no_figure_but_zero(values: dict[Part, Decimal]) -> None:
    split = _split(_year(2566, values), _year(2567, values))
    assert {s.points for s in split.steps} == {Decimal(0)}
    assert split.change == 0


@given(ten, ten)
def test_no_step_turns_its_sign(old: dict[Part, Decimal], new: dict[Part, Decimal]) -> None:
    for step in _split(_year(2566, old), _year(2567, new)).select_kinds(StepKind.PART):
        assert step.points * (1 if step.exact >= 0 else -1) >= 0


def test_known_change_in_full() -> None:
    after = {**BEFORE, "ind1": "86", "ind9": "99.5", "ind7": "80"}
    split = _split(year_scores(2566, **BEFORE), year_scores(2567, **after))
    # 5 × 0.06 = 0.30, 10.5 × 0.20 = 2.10, −7 × 0.10 = −0.70; totals 86.80 and 88.50 by hand.
    assert [(s.part, str(s.points)) for s in split.steps if s.points] == [
        ("9", "2.10"),
        ("1", "0.30"),
        ("7", "-0.70"),
    ]
    assert (str(split.start), str(split.end)) == ("86.80", "88.50")


def test_published_total_off_by_a_hundredth_is_rounding() -> None:
    split = _split(
        year_scores(2566, total="86.80", **BEFORE), year_scores(2567, total="86.81", **BEFORE)
    )
    (rounding,) = [s for s in split.steps if s.points]
    assert (rounding.kind, str(rounding.points)) == (StepKind.ROUNDING, "0.01")


def test_published_total_that_its_parts_do_not_make_is_a_step_of_its_own() -> None:
    split = _split(
        year_scores(2566, total="86.80", **BEFORE), year_scores(2567, total="88.80", **BEFORE)
    )
    (step,) = [s for s in split.steps if s.points]
    assert (step.kind, str(step.points)) == (StepKind.PUBLISHED, "2.00")


# --- other rules in the later year ---


@given(ten, eleven, total_or_none)
def test_steps_add_up_when_weights_and_indicators_change(
    extended: Reference, old: dict[Part, Decimal], new: dict[Part, Decimal], total: Decimal | None
) -> None:
    split = _split(_year(LAST_YEAR, old, total), _year(NEW_YEAR, new), extended)
    _assert_adds_up(split)
    parts = {s.part: s.exact for s in split.select_kinds(StepKind.PART)}
    assert parts == {
        n: (WEIGHTS[n] + NEW_WEIGHTS[n]) / 2 * (Fraction(new[n]) - Fraction(old[n]))
        for n in WEIGHTS
    }
    by_hand = sum(w * Fraction(new[n]) for n, w in NEW_WEIGHTS.items()) - sum(
        w * Fraction(old[n]) for n, w in WEIGHTS.items()
    )
    rules = sum((s.exact for s in split.select_kinds(StepKind.RULES)), Fraction(0))
    assert sum(parts.values()) + rules == by_hand


def test_equal_scores_under_other_rules_moved_by_rules_alone(extended: Reference) -> None:
    old = {f"ind{n}": "80" for n in range(1, 9)} | {"ind9": "100", "ind10": "100"}
    split = _split(
        year_scores(LAST_YEAR, **old), year_scores(NEW_YEAR, ind11="100", **old), extended
    )
    # 30+30 at 80 and 40 at 100 = 88; 25+25 at 80 and 50 at 100 = 90.
    assert [(s.kind, str(s.points)) for s in split.steps if s.points] == [(StepKind.RULES, "2.00")]
    assert split.renamed == tuple(str(n) for n in range(1, 11))


def test_an_indicator_that_moved_to_another_instrument_is_not_compared(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    year = str(NEW_YEAR)
    append_rows(folder, "years.csv", (year, "moved", "85"))
    append_rows(
        folder,
        "instruments.csv",
        *((year, i, w, i, i) for i, w in (("IIT", "30"), ("EIT", "30"), ("OIT", "40"))),
    )
    owners = ["IIT"] * 4 + ["EIT"] * 4 + ["OIT"] * 2
    rows = [(year, str(n), owner, f"{n}", f"{n}") for n, owner in enumerate(owners, start=1)]
    append_rows(folder, "indicators.csv", *rows)
    append_rows(folder, "bands.csv", (year, "ผ่าน", "Passed", "85", ""), (year, "ไม่", "No", "0", ""))
    split = _split(
        year_scores(LAST_YEAR, **BEFORE), year_scores(NEW_YEAR, **BEFORE), load_reference(folder)
    )
    assert "5" not in {s.part for s in split.select_kinds(StepKind.PART)}
    assert {s.points for s in split.select_kinds(StepKind.PART)} == {Decimal(0)}
    assert split.select_kinds(StepKind.RULES)
    _assert_adds_up(split)


# --- parts missing ---


@given(ten, ten, st.sampled_from(sorted(WEIGHTS)), scores, scores)
def test_an_instrument_that_lacks_an_indicator_is_split_no_further(
    old: dict[Part, Decimal],
    new: dict[Part, Decimal],
    missing: Part,
    published: Decimal,
    total: Decimal,
) -> None:
    owner, (first, last, weight) = next(
        (i, span) for i, span in OWNERS.items() if span[0] <= int(missing) <= span[1]
    )
    numbers = [str(n) for n in range(first, last + 1)]
    partly = {n: v for n, v in old.items() if n != missing} | {owner: published}
    split = _split(_year(2566, partly, total), _year(2567, new))
    _assert_adds_up(split)
    assert split.by_instrument == (owner,)
    (step,) = [s for s in split.steps if s.part == owner]
    mean = sum((Fraction(new[n]) for n in numbers), Fraction(0)) / len(numbers)
    assert step.exact == weight * (mean - Fraction(published))
    assert not {s.part for s in split.steps} & set(numbers)


@given(scores, scores, scores, scores, scores, scores)
def test_one_instrument_without_a_score_is_what_remains(
    iit: Decimal, eit: Decimal, total: Decimal, iit2: Decimal, eit2: Decimal, total2: Decimal
) -> None:
    split = _split(
        _year(2566, {IIT: iit, EIT: eit}, total),
        _year(2567, {IIT: iit2, EIT: eit2, OIT: Decimal(90)}, total2),
    )
    _assert_adds_up(split)
    (rest,) = split.select_kinds(StepKind.REMAINDER)
    moved = Fraction(3, 10) * (Fraction(iit2) - Fraction(iit) + Fraction(eit2) - Fraction(eit))
    assert (rest.part, rest.exact) == (OIT, Fraction(total2 - total) - moved)
    assert (rest.before, rest.after) == (None, None)
    assert split.years_without_score == (2566,)


def test_two_instruments_without_a_score_are_named_with_their_years() -> None:
    refusal = _refusal(
        year_scores(2566, total="84.41", IIT="86.12"),
        year_scores(2567, total="88.92", IIT="88", EIT="85", OIT="91"),
    )
    assert refusal.reason is NoSplitReason.PARTS_MISSING
    assert refusal.missing == ((2566, (EIT, OIT)),)


def test_a_year_without_a_total_is_refused() -> None:
    refusal = _refusal(year_scores(2566, IIT="80"), year_scores(2567, total="88"))
    assert (refusal.reason, refusal.years) == (NoSplitReason.NO_TOTAL, (2566,))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (2561, 2562, NoSplitReason.NOT_COMPARABLE),
        (2560, 2565, NoSplitReason.NOT_COMPARABLE),
        (2559, 2560, NoSplitReason.OLDER_MODEL),
        (2567, 2599, NoSplitReason.UNKNOWN_RULES),
        (2540, 2541, NoSplitReason.UNKNOWN_RULES),
    ],
)
def test_years_of_other_models_are_refused(old: int, new: int, reason: NoSplitReason) -> None:
    refusal = _refusal(year_scores(old, total="80"), year_scores(new, total="90"))
    assert refusal.reason is reason


# --- which years ---


def test_the_last_two_years_that_compare_are_shown_first() -> None:
    def pair(*years: int) -> tuple[int, ...] | None:
        return last_comparable_pair([FiscalYear(y) for y in years], REFERENCE)

    assert pair(2565, 2566, 2567) == (2566, 2567)
    assert pair(2560, 2561, 2562) == (2560, 2561)
    assert pair(2561, 2562) == (2561, 2562)
    assert pair(2564, 2567) == (2564, 2567)
    assert pair(2567) is None
    assert pair() is None


def test_totals_are_published_or_computed_and_never_made_up() -> None:
    totals = totals_by_year(
        [
            year_scores(2567, **BEFORE),
            year_scores(2565, total="80.5"),
            year_scores(2566, IIT="90"),
            year_scores(2599, total="90"),
        ],
        REFERENCE,
    )
    assert list(totals.items()) == [(2565, Decimal("80.50")), (2567, Decimal("86.80"))]


def test_samples_add_up(sample_store: Store) -> None:
    with sample_store.reading() as cursor:
        years = {y.fiscal_year: y for y in load_published_scores(cursor, "SAMPLE")}
    split = _split(years[FiscalYear(2566)], years[FiscalYear(2567)])
    _assert_adds_up(split)
    assert str(split.change) == "4.51"
    assert [s.part for s in split.select_kinds(StepKind.REMAINDER)] == [OIT]
