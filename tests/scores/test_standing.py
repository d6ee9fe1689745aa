"""Where a part stands: change since the last comparable year, distance, and the computed sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ita.config import Settings
from ita.domain import TOTAL, Instrument
from ita.reference import load_reference
from ita.scores.standing import (
    Standing,
    change_label,
    compute_standing,
    costliest_text,
    headline,
    headline_caution,
    indicator_scores,
    national_label,
    overview_headline,
    own_best_label,
    verdict_sentence,
)
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import year_scores

REFERENCE = load_reference(Settings().reference)


def _standing(*years: YearScores, part: str = TOTAL) -> Standing:
    standing = compute_standing(compute_trend(years, REFERENCE), part, REFERENCE)
    assert standing
    return standing


def test_the_change_is_against_the_year_before() -> None:
    standing = _standing(year_scores(2566, total="84.41"), year_scores(2567, total="88.92"))
    assert standing.change_since == Decimal("4.51")
    assert change_label(standing) == "+4.51 จากปี 2566 (ทั้งประเทศ +2.86)"


def test_where_the_year_before_has_no_score_the_last_comparable_one_speaks() -> None:
    standing = _standing(year_scores(2564, total="80.00"), year_scores(2567, total="78.50"))
    assert standing.change is None
    assert change_label(standing) == "−1.50 จากปี 2564 (ทั้งประเทศ +11.80)"
    assert standing.sentence() == "ลดลง 1.50 จากปี 2564"


def test_nothing_is_compared_across_a_break() -> None:
    standing = _standing(year_scores(2561, total="83.10"), year_scores(2562, total="91.07"))
    assert standing.since is None
    assert "รูปแบบการประเมินเปลี่ยน" in change_label(standing)
    later = _standing(year_scores(2561, total="83.10"), year_scores(2563, total="91.07"))
    assert later.change_since is None


def test_a_first_year_says_so() -> None:
    assert "เป็นปีแรก" in _standing(year_scores(2567, total="88.92")).sentence()


def test_a_missing_part_stands_as_missing() -> None:
    standing = _standing(year_scores(2566, IIT="80"), year_scores(2567, total="88"), part="IIT")
    assert standing.score is None
    assert standing.since is None
    assert "ยังไม่มีคะแนน" in standing.sentence()


@pytest.mark.parametrize(("last", "run"), [("82", 2), ("80.5", 0), ("81", 0)])
def test_rises_in_a_row(last: str, run: int) -> None:
    years = (year_scores(2565 + n, total=t) for n, t in enumerate(["80", "81", last]))
    assert _standing(*years).rise_count == run


def test_a_score_stands_against_the_nation_and_its_own_best_year() -> None:
    yala = [year_scores(2565, total="94.21"), year_scores(2566, total="88.23")]
    standing = _standing(*yala, year_scores(2567, total="91.21"))
    assert national_label(standing) == "ต่ำกว่าค่าเฉลี่ยประเทศ 1.84"
    assert own_best_label(standing) == "ยังต่ำกว่าปี 2565 ของตนเอง 3.00"
    assert national_label(_standing(year_scores(2567, total="93.05"))) == "เท่ากับค่าเฉลี่ยประเทศ"
    assert national_label(_standing(year_scores(2567, total="95"))) == "สูงกว่าค่าเฉลี่ยประเทศ 1.95"


def test_a_mean_that_is_not_known_is_no_zero() -> None:
    standing = _standing(year_scores(2568, total="90"), year_scores(2569, total="91"))
    assert national_label(standing) == "ยังไม่มีค่าเฉลี่ยประเทศของปี 2569"
    assert standing.national_change_since is None
    assert change_label(standing) == "+1.00 จากปี 2568"
    assert standing.point and standing.point.national_change is None


def test_of_instruments_nothing_is_said_of_the_nation() -> None:
    standing = _standing(year_scores(2566, IIT="80"), year_scores(2567, IIT="90"), part="IIT")
    assert (national_label(standing), change_label(standing)) == ("", "+10.00 จากปี 2566")


@pytest.mark.parametrize(
    ("years", "told"),
    [
        # 95.62 stands before no break that divides; the five-index years do.
        ({2561: "99", 2562: "80", 2564: "95.62", 2567: "91"}, ""),
        ({2561: "99", 2562: "80", 2564: "95.62", 2566: "90", 2567: "91"}, "2564"),
        ({2560: "99", 2567: "91"}, ""),
        ({2563: "91", 2567: "91"}, ""),
        ({2563: "92", 2565: "92", 2566: "90", 2567: "91"}, "2565"),
        ({2567: "91"}, ""),
    ],
)
def test_the_own_best_year_compares_and_is_not_said_twice(years: dict[int, str], told: str) -> None:
    """Where the best year is that of the change, the change says it."""
    label = own_best_label(_standing(*(year_scores(y, total=t) for y, t in years.items())))
    assert (told in label) if told else label == ""


@pytest.mark.parametrize(
    ("before", "now", "sign"),
    [
        ("84.41", "88.92", 1),  # reached the mark, and more than the nation's +2.86
        ("88.00", "89.00", 0),  # the nation rose more
        ("70.00", "84.99", 0),  # much more than the nation, and still below the mark
        ("90.00", "90.00", 0),
        ("96.00", "95.50", -1),
    ],
)
def test_a_rise_is_good_only_where_it_reached_the_mark_and_kept_up(
    before: str, now: str, sign: int
) -> None:
    standing = _standing(year_scores(2566, total=before), year_scores(2567, total=now))
    assert standing.change_sign == sign


def test_a_rise_of_the_older_model_has_no_mark_to_reach() -> None:
    assert _standing(year_scores(2559, total="80"), year_scores(2560, total="90")).change_sign == 0


def test_a_run_is_told_beside_the_nations() -> None:
    years = (
        year_scores(2563 + n, total=t) for n, t in enumerate(["70.25", "80", "82", "84", "88.92"])
    )
    trend = compute_trend(years, REFERENCE)
    verdict = trend.verdict(TOTAL)
    assert verdict
    assert verdict_sentence(verdict, trend, REFERENCE) == (
        "เพิ่มขึ้นทุกปีในช่วง 2563–2567 (รวม +18.67 ทั้งประเทศ +25.15) "
        "(สิ่งที่ประเมินเปลี่ยนในปี 2567 คะแนนที่เพิ่มอาจมาจากเหตุนี้)"
    )
    # Of 2562 no mean is known: the run is told alone.
    alone = compute_trend([year_scores(2562, total="80"), year_scores(2563, total="81")], REFERENCE)
    first = alone.verdict(TOTAL)
    assert first
    assert "ประเทศ" not in verdict_sentence(first, alone, REFERENCE)


WHOLE = {f"ind{n}": "90" for n in range(1, 11)}


def test_the_headline_names_what_holds_the_total_back() -> None:
    scores = year_scores(2567, **{**WHOLE, "ind7": "60", "ind9": "95"})
    trend = compute_trend([scores], REFERENCE)
    instruments = [s for i in Instrument if (s := compute_standing(trend, i, REFERENCE))]
    indicators = indicator_scores(trend, REFERENCE)
    headline_text = headline(_standing(scores), instruments, indicators)
    # EIT loses 30 % of 20 = 6 points, OIT 40 % of 7.5 = 3, IIT 30 % of 10 = 3.
    assert "แบบวัด EIT (ยังได้ไม่เต็ม 6.00 จาก 30)" in headline_text
    assert "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (60.00)" in headline_text
    assert indicators[0].number == "9"
    assert costliest_text(instruments, indicators) == (
        "แบบวัด EIT (ยังได้ไม่เต็ม 6.00 จาก 30) · ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (60.00)"
    )


def test_equal_indicators_have_no_weakest() -> None:
    trend = compute_trend([year_scores(2567, **WHOLE)], REFERENCE)
    total = compute_standing(trend, TOTAL, REFERENCE)
    assert total
    assert "ต่ำสุด" not in headline(total, (), indicator_scores(trend, REFERENCE))


def test_a_year_of_the_older_model_has_no_indicators() -> None:
    assert (
        indicator_scores(compute_trend([year_scores(2560, total="91.35")], REFERENCE), REFERENCE)
        == ()
    )


def test_without_a_total_the_headline_says_so() -> None:
    total = _standing(year_scores(2566, total="80"), year_scores(2567, IIT="80"))
    assert headline(total, ()) == "ยังไม่มีคะแนนรวมของปี 2567"


def test_missing_instruments_are_named_not_guessed() -> None:
    trend = compute_trend([year_scores(2567, total="88", IIT="80", EIT="85")], REFERENCE)
    total = compute_standing(trend, TOTAL, REFERENCE)
    instruments = [s for i in Instrument if (s := compute_standing(trend, i, REFERENCE))]
    assert total
    headline_text = headline(total, instruments)
    assert "ยังไม่มีคะแนนรายแบบวัด OIT" in headline_text
    assert "ฉุด" not in headline_text
    assert costliest_text(instruments) == "ยังไม่มีคะแนนรายแบบวัด OIT"


def test_an_equal_score_is_called_equal() -> None:
    standing = _standing(year_scores(2566, total="90"), year_scores(2567, total="90"))
    assert change_label(standing) == "เท่ากับปี 2566 (ทั้งประเทศ +2.86)"


def test_a_fall_since_an_earlier_year_names_it_in_the_verdict_too() -> None:
    years = [year_scores(2563, total="85"), year_scores(2565, total="93.10")]
    trend = compute_trend([*years, year_scores(2567, total="90.65")], REFERENCE)
    fall = trend.verdict(TOTAL)
    assert fall
    assert "2567 (−2.45 จากปี 2565)" in verdict_sentence(fall, trend, REFERENCE)
    next_year = compute_trend(
        [
            year_scores(2565, total="93"),
            year_scores(2566, total="90"),
            year_scores(2567, total="91"),
        ],
        REFERENCE,
    )
    verdict = next_year.verdict(TOTAL)
    assert verdict
    assert "2566 (−3.00)" in verdict_sentence(verdict, next_year, REFERENCE)


@pytest.mark.parametrize(
    ("totals", "told"),
    [
        (("80", "84", "82"), "ขึ้นบ้างลงบ้างในช่วง 2565–2567: ลดลงในปี 2567 (−2.00)"),
        (("80", "84", "84"), "ขึ้นบ้างคงที่บ้างในช่วง 2565–2567: คงที่ในปี 2567"),
        (("84", "84", "80"), "ลดลงบ้างคงที่บ้างในช่วง 2565–2567: ลดลงในปี 2567 (−4.00) · คงที่ในปี 2566"),
    ],
)
def test_a_mixed_trend_calls_a_fall_a_fall_and_an_equal_score_equal(
    totals: tuple[str, ...], told: str
) -> None:
    years = [year_scores(2565 + n, total=total) for n, total in enumerate(totals)]
    trend = compute_trend(years, REFERENCE)
    verdict = trend.verdict(TOTAL)
    assert verdict
    assert verdict_sentence(verdict, trend, REFERENCE).startswith(told)


def test_of_equally_weak_indicators_each_is_named() -> None:
    trend = compute_trend([year_scores(2567, **{**WHOLE, "ind2": "60", "ind7": "60"})], REFERENCE)
    assert costliest_text((), indicator_scores(trend, REFERENCE)) == (
        "ตัวชี้วัดที่ 2 การใช้งบประมาณ (60.00), 7 ประสิทธิภาพการสื่อสาร (60.00)"
    )


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ("83", "ขาดอีก 2.00 จึงจะถึง 85"),
        ("87", "ถึง 85 แล้ว · ขาดอีก 8.00 จึงจะถึง 95"),
        ("96", "ถึง 85 แล้ว · ถึง 95 แล้ว"),
        (None, ""),
    ],
)
def test_one_number_to_the_next_mark(score: str | None, told: str) -> None:
    assert _standing(year_scores(2567, IIT=score, EIT="90"), part="IIT").targets_text == told


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        # The nation's means: 2563 67.90, 2564 81.25, 2565 87.57, 2566 90.19, 2567 93.05.
        (
            {2563: "60", 2564: "70", 2565: "80", 2566: "84", 2567: "88"},
            "สูงขึ้น 4 ปีติดต่อกัน แต่ยังต่ำกว่าค่าเฉลี่ยประเทศ",
        ),
        ({2566: "84", 2567: "88"}, "สูงขึ้นจากปี 2566 แต่ยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "91", 2567: "92"}, "สูงขึ้นจากปี 2566 แต่ต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "84", 2567: "94"}, "สูงขึ้นจากปี 2566 และสูงกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "95", 2567: "96"}, "สูงขึ้นจากปี 2566 และยังสูงกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "84", 2567: "93.05"}, "สูงขึ้นจากปี 2566 และเท่ากับค่าเฉลี่ยประเทศ"),
        ({2566: "97", 2567: "96"}, "ลดลงจากปี 2566 แต่ยังสูงกว่าค่าเฉลี่ยประเทศ"),
        ({2565: "80", 2566: "98", 2567: "96"}, "ลดลงจากปี 2566 แต่ยังสูงกว่าค่าเฉลี่ยประเทศ"),
        ({2565: "90", 2566: "88", 2567: "86"}, "ลดลง 2 ปีติดต่อกัน และยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "91", 2567: "90"}, "ลดลงจากปี 2566 และต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "88", 2567: "88"}, "เท่ากับปี 2566 และยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "91", 2567: "91"}, "เท่ากับปี 2566 และต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2564: "80", 2567: "88"}, "สูงขึ้นจากปี 2564 แต่ยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        # The year before has no score: what came before it is no part of a run.
        ({2563: "60", 2564: "70", 2566: "75", 2567: "74"}, "ลดลงจากปี 2566 และยังต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2567: "88"}, "เป็นปีแรกที่มีคะแนน จึงยังบอกแนวโน้มไม่ได้ และต่ำกว่าค่าเฉลี่ยประเทศ"),
        ({2567: "95"}, "เป็นปีแรกที่มีคะแนน จึงยังบอกแนวโน้มไม่ได้ และสูงกว่าค่าเฉลี่ยประเทศ"),
        # No mean is known of 2569, nor of 2562 and before, which another model assessed.
        ({2568: "88", 2569: "90"}, "สูงขึ้นจากปี 2568"),
        ({2561: "88", 2562: "90"}, "เทียบกับปีก่อนไม่ได้ เพราะรูปแบบการประเมินเปลี่ยน"),
        ({2560: "80", 2561: "82", 2562: "90", 2563: "91"}, "สูงขึ้นจากปี 2562 และสูงกว่าค่าเฉลี่ยประเทศ"),
        ({2566: "88", 2567: None}, "ยังไม่มีคะแนนของปี 2567"),
    ],
)
def test_the_overviews_headline_is_true_of_every_shape(
    totals: dict[int, str | None], expected: str
) -> None:
    years = [year_scores(year, total=total, IIT="80") for year, total in totals.items()]
    assert overview_headline(_standing(*years)) == expected


@pytest.mark.parametrize(
    ("totals", "years"),
    [
        ({2566: "84", 2567: "88"}, "2567"),
        ({2565: "80", 2566: "84"}, ""),
        ({2564: "70", 2565: "80", 2566: "84", 2567: "88"}, "2567"),
        ({2566: "84", 2567: "86", 2568: "88"}, "2567, 2568"),
        # No rise from 2567 on: what came before is not of this rise.
        ({2566: "84", 2567: "84", 2568: "88"}, "2568"),
        ({2566: "88", 2567: "84"}, ""),
        ({2566: "88", 2567: "88"}, ""),
        ({2567: "88"}, ""),
    ],
)
def test_a_rise_is_told_with_the_years_in_which_what_is_assessed_changed(
    totals: dict[int, str], years: str
) -> None:
    total = _standing(*(year_scores(year, total=score) for year, score in totals.items()))
    caution = headline_caution(total, REFERENCE)
    assert caution == (f"สิ่งที่ประเมินเปลี่ยนในปี {years} คะแนนที่เพิ่มอาจมาจากเหตุนี้" if years else "")
