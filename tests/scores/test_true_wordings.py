"""What we offer to copy must be true: read by our own reader, judged by our own rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, FiscalYear, Instrument, Part
from ita.reference import load_reference
from ita.scores.claims.texts.draft import LEAST_TOTAL
from ita.scores.claims.texts.reading import read_outcome
from ita.scores.claims.true_wordings import JOINING_WORDS, replace_claim, true_wordings
from ita.scores.claims.verdicts import ClaimVerdict, judge_claim, level_names
from ita.scores.totals import YearScores
from ita.scores.trends import Point, compute_trend
from tests.builders import EIT, IIT, OIT, year_scores
from tests.tiers import examples

REFERENCE = load_reference(Settings().reference)
YEARS = range(2559, 2569)
PARTS: tuple[Part, ...] = (TOTAL, IIT, EIT, OIT, "1", "9")

hundredths = st.integers(0, 10000).map(lambda n: Decimal(n).scaleb(-2))
near = st.integers(8300, 8700).map(lambda n: Decimal(n).scaleb(-2))
score = st.one_of(st.none(), near, hundredths, st.sampled_from([Decimal(85), Decimal("93.05")]))
histories = st.lists(
    # So small a total is read as points of a change; no agency has one.
    st.dictionaries(st.sampled_from(PARTS), score, max_size=len(PARTS)).filter(
        lambda scores: (scores.get(TOTAL) or LEAST_TOTAL) >= LEAST_TOTAL and scores.get(TOTAL) != 0
    ),
    min_size=len(YEARS),
    max_size=len(YEARS),
)


def _points(history: list[dict[Part, Decimal | None]]) -> tuple[Point, ...]:
    scores = [
        YearScores(FiscalYear(year), {p: v for p, v in values.items() if v is not None})
        for year, values in zip(YEARS, history, strict=True)
        if any(value is not None for value in values.values())
    ]
    return compute_trend(scores, REFERENCE).points


@settings(max_examples=examples(300), deadline=None)
@given(
    histories, st.sampled_from(YEARS), st.sampled_from(PARTS), st.sampled_from(tuple(Instrument))
)
def test_every_wording_is_read_and_supported(
    history: list[dict[Part, Decimal | None]], year: int, part: Part, row: Instrument
) -> None:
    points = _points(history)
    for text in true_wordings(part, FiscalYear(year), points, REFERENCE):
        reading = read_outcome(text, row, level_names(REFERENCE))
        assert not reading.unclear, text
        assert reading.claims, text
        for claim in reading.claims:
            judged = judge_claim(row, claim, points, FiscalYear(year), REFERENCE)
            assert claim.part == part, text
            assert judged.verdict is ClaimVerdict.SUPPORTED, (text, judged.message())


def _told(year: int, *totals: str | None, first: int = 2564, part: Part = TOTAL) -> tuple[str, ...]:
    scores = [year_scores(first + n, **{part: t}) for n, t in enumerate(totals) if t]
    return true_wordings(part, FiscalYear(year), compute_trend(scores, REFERENCE).points, REFERENCE)


@pytest.mark.parametrize(
    ("totals", "first_wording"),
    [
        (
            ("81.05", "84.30", "86.12", "88.96"),
            "คะแนน ITA เพิ่มขึ้นต่อเนื่อง 3 ปี จาก 81.05 คะแนน (ปี 2564) เป็น 88.96 คะแนน (ปี 2567)",
        ),
        (
            ("81", "84", "80", "88.96"),
            "คะแนน ITA ปี 2567 ได้ 88.96 คะแนน เพิ่มขึ้น 8.96 คะแนน จากปี 2566",
        ),
        (
            (None, "80", None, "88.96"),
            "คะแนน ITA ปี 2567 ได้ 88.96 คะแนน เพิ่มขึ้น 8.96 คะแนน จากปี 2565",
        ),
        (
            (None, None, "97", "96"),
            "คะแนน ITA ปี 2567 ได้ 96.00 คะแนน สูงกว่าค่าเฉลี่ยทั้งประเทศ 93.05 คะแนน",
        ),
        ((None, None, "84", "83.5"), "คะแนน ITA ปี 2567 ได้ 83.50 คะแนน ลดลง 0.50 คะแนน จากปี 2566"),
        ((None, None, "84", "84"), "คะแนน ITA ปี 2567 ได้ 84.00 คะแนน ไม่เปลี่ยนแปลงจากปี 2566"),
        ((None, None, None, "60"), "คะแนน ITA ปี 2567 ได้ 60.00 คะแนน"),
    ],
)
def test_strongest_true_sentence_stands_first(
    totals: tuple[str | None, ...], first_wording: str
) -> None:
    assert _told(2567, *totals)[0] == first_wording


def test_nothing_is_offered_without_a_score_of_the_year() -> None:
    assert _told(2567, "80", "81", "82", None) == ()


def test_a_fall_is_offered_too_where_something_better_is_true() -> None:
    assert any("ลดลง 1.00 คะแนน จากปี 2566" in text for text in _told(2567, "90", "95", "97", "96"))


def test_scores_of_an_older_model_are_left_out() -> None:
    wordings = _told(2562, "70", "75", "80", first=2560)
    assert wordings == ("คะแนน ITA ปี 2562 ได้ 80.00 คะแนน",)


def test_later_years_are_left_out() -> None:
    assert _told(2565, "81", "84", "99") == _told(2565, "81", "84")


def test_an_instrument_and_an_indicator_are_called_by_their_names() -> None:
    assert _told(2567, "60", first=2567, part=OIT) == ("คะแนน OIT ปี 2567 ได้ 60.00 คะแนน",)
    assert _told(2567, "60", first=2567, part="4") == ("คะแนนตัวชี้วัดที่ 4 ปี 2567 ได้ 60.00 คะแนน",)


def test_a_wording_takes_the_place_of_the_claim_and_keeps_its_joint() -> None:
    claimed = "ส่งผลให้ คะแนน EIT มีแนวโน้มเพิ่มขึ้นทุกปี"
    outcome = f"ประชาชนได้รับบริการที่ดีขึ้น {claimed}"
    assert replace_claim(outcome, claimed, "คะแนน EIT ปี 2567 ได้ 88.00 คะแนน") == (
        "ประชาชนได้รับบริการที่ดีขึ้น ส่งผลให้ คะแนน EIT ปี 2567 ได้ 88.00 คะแนน"
    )
    assert replace_claim("ดีขึ้น", "ไม่มีแล้ว", "คะแนนสูงขึ้น") == "ดีขึ้น คะแนนสูงขึ้น"
    assert replace_claim("", "", "คะแนนสูงขึ้น") == "คะแนนสูงขึ้น"


@settings(max_examples=examples(60), deadline=None)
@given(histories, st.sampled_from(PARTS), st.sampled_from(JOINING_WORDS))
def test_in_the_place_of_a_claim_a_wording_is_read_and_supported_too(
    history: list[dict[Part, Decimal | None]], part: Part, lead: str
) -> None:
    year, points = FiscalYear(YEARS[-1]), _points(history)
    claimed = f"{lead} คะแนน ITA ที่มีแนวโน้มเพิ่มขึ้นทุกปี"
    for wording in true_wordings(part, year, points, REFERENCE):
        text = replace_claim(f"ประชาชนได้รับบริการที่ดีขึ้น {claimed}", claimed, wording)
        claims = read_outcome(text, Instrument.EIT, level_names(REFERENCE)).claims
        assert claims, text
        for claim in claims:
            judged = judge_claim(Instrument.EIT, claim, points, year, REFERENCE)
            assert judged.verdict is ClaimVerdict.SUPPORTED, (text, judged.message())
