"""Where a part stands: change since the last comparable year, distance, and the computed sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ita.reference import load_reference
from ita.scores.standing import (
    Standing,
    change_label,
    headline,
    held_back_text,
    indicator_scores,
    standing,
)
from ita.scores.totals import YearScores
from ita.scores.trends import trend
from ita.settings import Settings
from ita.vocabulary import TOTAL, Instrument
from tests.builders import year_scores

REFERENCE = load_reference(Settings().reference)


def _standing(*years: YearScores, part: str = TOTAL) -> Standing:
    found = standing(trend(years, REFERENCE), part, REFERENCE)
    assert found
    return found


def test_the_change_is_against_the_year_before() -> None:
    found = _standing(year_scores(2566, total="84.41"), year_scores(2567, total="88.92"))
    assert found.change_since == Decimal("4.51")
    assert change_label(found) == "+4.51 จากปี 2566"


def test_where_the_year_before_has_no_score_the_last_comparable_one_speaks() -> None:
    found = _standing(year_scores(2564, total="80.00"), year_scores(2567, total="78.50"))
    assert found.change is None
    assert change_label(found) == "−1.50 จากปี 2564"
    assert found.sentence() == "ลดลง 1.50 จากปี 2564"


def test_nothing_is_compared_across_a_break() -> None:
    found = _standing(year_scores(2561, total="83.10"), year_scores(2562, total="91.07"))
    assert found.since is None
    assert "รูปแบบการประเมินเปลี่ยน" in change_label(found)
    later = _standing(year_scores(2561, total="83.10"), year_scores(2563, total="91.07"))
    assert later.change_since is None


def test_a_first_year_says_so() -> None:
    assert "เป็นปีแรก" in _standing(year_scores(2567, total="88.92")).sentence()


def test_a_missing_part_stands_as_missing() -> None:
    found = _standing(year_scores(2566, IIT="80"), year_scores(2567, total="88"), part="IIT")
    assert found.score is None
    assert found.since is None
    assert "ยังไม่มีคะแนน" in found.sentence()


@pytest.mark.parametrize(("last", "run"), [("82", 2), ("80.5", 0), ("81", 0)])
def test_rises_in_a_row(last: str, run: int) -> None:
    years = (year_scores(2565 + n, total=t) for n, t in enumerate(["80", "81", last]))
    assert _standing(*years).rises == run


WHOLE = {f"ind{n}": "90" for n in range(1, 11)}


def test_the_headline_names_what_holds_the_total_back() -> None:
    scores = year_scores(2567, **{**WHOLE, "ind7": "60", "ind9": "95"})
    found = trend([scores], REFERENCE)
    instruments = [s for i in Instrument if (s := standing(found, i, REFERENCE))]
    indicators = indicator_scores(found, REFERENCE)
    told = headline(_standing(scores), instruments, indicators)
    # EIT loses 30 % of 20 = 6 points, OIT 40 % of 7.5 = 3, IIT 30 % of 10 = 3.
    assert "แบบวัด EIT (เสียไป 6.00 คะแนน)" in told
    assert "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (60.00)" in told
    assert indicators[0].number == "9"
    assert held_back_text(instruments, indicators) == (
        "แบบวัด EIT (เสียไป 6.00 คะแนน) · ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (60.00)"
    )


def test_equal_indicators_have_no_weakest() -> None:
    found = trend([year_scores(2567, **WHOLE)], REFERENCE)
    total = standing(found, TOTAL, REFERENCE)
    assert total
    assert "ต่ำสุด" not in headline(total, (), indicator_scores(found, REFERENCE))


def test_a_year_of_the_older_model_has_no_indicators() -> None:
    assert indicator_scores(trend([year_scores(2560, total="91.35")], REFERENCE), REFERENCE) == ()


def test_without_a_total_the_headline_says_so() -> None:
    total = _standing(year_scores(2566, total="80"), year_scores(2567, IIT="80"))
    assert headline(total, ()) == "ยังไม่มีคะแนนรวมของปี 2567"


def test_missing_instruments_are_named_not_guessed() -> None:
    found = trend([year_scores(2567, total="88", IIT="80", EIT="85")], REFERENCE)
    total = standing(found, TOTAL, REFERENCE)
    instruments = [s for i in Instrument if (s := standing(found, i, REFERENCE))]
    assert total
    told = headline(total, instruments)
    assert "ยังไม่มีคะแนนรายแบบวัด OIT" in told
    assert "ฉุด" not in told
    assert held_back_text(instruments) == "ยังไม่มีคะแนนรายแบบวัด OIT"
