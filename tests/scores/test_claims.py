"""Claims are judged on the scores, what speaks for or against each is named, and doubt stays doubt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import TOTAL, FiscalYear, Instrument
from ita.reference import Reference
from ita.reports.narrative import load_narrative_report
from ita.scores.claims.messages import claim_text
from ita.scores.claims.texts.kinds import Claim, ClaimKind
from ita.scores.claims.texts.reading import read_claims
from ita.scores.claims.verdicts import (
    ClaimVerdict,
    JudgedClaim,
    judge_claim,
    judged_claims,
    unclear_sentences,
)
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from ita.store import Store
from tests.builders import EIT, IIT, OIT, year_scores
from tests.scores.claim_phrases import LEVELS, PHRASES, REFERENCE


def _judged(kind: ClaimKind, year: int, *totals: str | None, first: int = 2564) -> JudgedClaim:
    """A claim of a year's report on totals from `first` on; None = not stored."""
    scores = [year_scores(first + n, total=total) for n, total in enumerate(totals) if total]
    points = compute_trend(scores, REFERENCE).points
    return judge_claim(IIT, Claim(kind, TOTAL, "…"), points, FiscalYear(year), REFERENCE)


EVERY, RISING = ClaimKind.RISING_EVERY_YEAR, ClaimKind.RISING
YES, NO, OPEN = ClaimVerdict.SUPPORTED, ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_ENOUGH_DATA


@pytest.mark.parametrize(
    ("kind", "totals", "verdict"),
    [
        (EVERY, ("80", "81", "82", "83"), YES),
        (EVERY, ("80", "81", "81", "83"), NO),
        (EVERY, ("80", "79", "82", "83"), NO),
        (EVERY, ("80", "81", "82", "81"), NO),
        (EVERY, (None, None, "82", "83"), YES),
        (EVERY, ("80", None, "82", "83"), OPEN),
        (EVERY, ("82", None, "80", "83"), NO),
        (EVERY, ("80", "81", "82", None), OPEN),
        (EVERY, ("80", "82", "81", None), NO),
        (EVERY, (None, None, None, "83"), OPEN),
        (EVERY, (None, None, None, None), OPEN),
        (RISING, ("99", "98", "82", "83"), YES),
        (RISING, ("80", "81", "83", "83"), NO),
        (RISING, ("80", "81", "83", "82"), NO),
        (RISING, ("80", "81", "82", None), OPEN),
        (RISING, ("80", "82", "81", None), OPEN),
        (RISING, (None, None, None, "83"), OPEN),
        (RISING, ("80", "81", None, "83"), YES),
    ],
)
def test_scores_judge_a_claim_of_2567(
    kind: ClaimKind, totals: tuple[str | None, ...], verdict: ClaimVerdict
) -> None:
    assert _judged(kind, 2567, *totals).verdict is verdict


def test_later_scores_say_nothing_to_a_report() -> None:
    assert _judged(EVERY, 2566, "80", "81", "82", "70").verdict is YES


def test_fall_of_an_older_model_does_not_contradict() -> None:
    judged = _judged(EVERY, 2564, "99", "98", "70", "71", "72", first=2560)
    assert judged.verdict is YES
    assert [e.fiscal_year for e in judged.evidence] == [2562, 2563, 2564]


def test_first_year_of_a_model_can_not_rise() -> None:
    assert _judged(RISING, 2562, "80", "81", "82", first=2560).verdict is OPEN


def test_evidence_is_each_year_with_its_score_and_change() -> None:
    evidence = _judged(EVERY, 2566, "80", "81", "80.5").evidence
    assert [(int(e.fiscal_year), e.score, e.change) for e in evidence] == [
        (2564, 80, None),
        (2565, 81, 1),
        (2566, Decimal("80.5"), Decimal("-0.5")),
    ]


def test_contradiction_names_the_years_that_did_not_rise() -> None:
    message = _judged(EVERY, 2567, "80", "81", "80.5", "80.5").message()
    assert message == "ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี 2566 (−0.50), 2567 (+0.00)"


def test_plain_rise_is_contradicted_by_its_own_year_only() -> None:
    message = _judged(RISING, 2567, "80", "79", "82", "81").message()
    assert message == "ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี 2567 (−1.00)"


def test_fall_over_a_hole_is_told_with_its_scores() -> None:
    message = _judged(EVERY, 2566, "82", None, "80").message()
    assert message == "ขัดกับคะแนนที่มี: ไม่เพิ่มขึ้นในปี 2564: 82.00, 2566: 80.00"


def test_claim_without_any_score_says_that_there_is_none() -> None:
    assert _judged(EVERY, 2567).message() == "ข้อมูลไม่พอที่จะยืนยัน (ไม่มีข้อมูล)"


def test_claims_of_a_report_are_judged_on_the_scores_they_name() -> None:
    points = compute_trend(
        [year_scores(2566, IIT="80", total="90"), year_scores(2567, IIT="81", total="89")],
        REFERENCE,
    ).points
    outcomes = {IIT: "คะแนน IIT เพิ่มขึ้นทุกปี", OIT: "คะแนน ITA เพิ่มขึ้นทุกปี", EIT: "บริการดีขึ้น"}
    claims = judged_claims(outcomes, points, FiscalYear(2567), REFERENCE)
    assert [(j.instrument, j.claim.part, j.verdict) for j in claims] == [
        (IIT, IIT, YES),
        (OIT, TOTAL, NO),
    ]


# --- judging what is said of one year, of a mark, a level, the past ---


KIND = ClaimKind


def _judge(text: str, *years: YearScores, year: int = 2567, row: Instrument = IIT) -> JudgedClaim:
    """The last claim of a text, judged."""
    claim = read_claims(text, row, LEVELS)[-1]
    return judge_claim(
        row, claim, compute_trend(years, REFERENCE).points, FiscalYear(year), REFERENCE
    )


def _totals(*totals: str | None, first: int = 2564) -> list[YearScores]:
    return [year_scores(first + n, total=t) for n, t in enumerate(totals) if t]


@pytest.mark.parametrize(
    ("text", "totals", "verdict"),
    [
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง", ("80", "79", "82", "83"), YES),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง", ("80", "81", "80", "83"), NO),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง", ("80", "81", "83", "83"), NO),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง", (None, None, "82", "83"), OPEN),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง", ("80", None, "82", "83"), OPEN),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง 2 ปี", ("80", "85", "82", "83"), YES),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง 4 ปี", ("80", "81", "82", "83"), YES),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง 4 ปี", ("82", "81", "82", "83"), NO),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่อง 5 ปี", ("80", "81", "82", "83"), OPEN),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่องตั้งแต่ปี 2565", ("90", "81", "82", "83"), YES),
        ("คะแนน ITA เพิ่มขึ้นต่อเนื่องตั้งแต่ปี 2564", ("90", "81", "82", "83"), NO),
        ("ตั้งแต่ปี 2565 ถึงปี 2567 คะแนน ITA เพิ่มขึ้นทุกปี", ("90", "81", "82", "83"), YES),
        ("ตั้งแต่ปี 2563 ถึงปี 2567 คะแนน ITA เพิ่มขึ้นทุกปี", ("80", "81", "82", "83"), OPEN),
        ("คะแนน ITA ปี 2566 เพิ่มขึ้นจากปี 2564", ("80", "83", "82", "70"), YES),
        ("คะแนน ITA เพิ่มขึ้นจากปี 2564", ("80", "81", "85", "83"), YES),
        ("คะแนน ITA เพิ่มขึ้นจากปี 2564", ("84", "81", "82", "83"), NO),
        ("คะแนน ITA เพิ่มขึ้นจากปี 2564", (None, "81", "82", "83"), OPEN),
        ("คะแนน ITA ลดลง", ("80", "81", "84", "83"), YES),
        ("คะแนน ITA ลดลง", ("80", "81", "82", "82"), NO),
        ("คะแนน ITA ลดลงทุกปี", ("84", "83", "82", "81"), YES),
        ("คะแนน ITA ลดลงทุกปี", ("84", "83", "85", "81"), NO),
        ("คะแนน ITA ลดลงต่อเนื่อง", ("80", "84", "83", "82"), YES),
        ("คะแนน ITA ลดลงต่อเนื่อง", ("80", "82", "83", "82"), NO),
        ("คะแนน ITA เท่ากับปีที่ผ่านมา", ("80", "81", "82", "82"), YES),
        ("คะแนน ITA เท่ากับปีที่ผ่านมา", ("80", "81", "82", "82.01"), NO),
        ("คะแนน ITA เพิ่มขึ้น 4.51 คะแนน", (None, None, "84.41", "88.92"), YES),
        ("คะแนน ITA เพิ่มขึ้น 4.5 คะแนน", (None, None, "84.41", "88.92"), YES),
        ("คะแนน ITA เพิ่มขึ้นร้อยละ 5.34", (None, None, "84.41", "88.92"), YES),
        ("คะแนน ITA เพิ่มขึ้น 4.61 คะแนน", (None, None, "84.41", "88.92"), NO),
        ("คะแนน ITA เพิ่มขึ้น 4.51 คะแนน", (None, None, "88.92", "84.41"), NO),
        ("คะแนน ITA ลดลง 4.51 คะแนน", (None, None, "88.92", "84.41"), YES),
        ("คะแนน ITA เพิ่มขึ้น 4.51 คะแนน", (None, "84.41", None, "88.92"), OPEN),
        ("คะแนน ITA เพิ่มขึ้นจากปี 2565 จำนวน 4.51 คะแนน", (None, "84.41", None, "88.92"), YES),
        ("คะแนน ITA จาก 84.41 เป็น 88.92", (None, None, "84.41", "88.92"), YES),
        ("คะแนน ITA จาก 84.41 เป็น 88.92", ("84.41", None, None, "88.92"), YES),
        ("คะแนน ITA จาก 84.14 เป็น 88.92", (None, None, "84.41", "88.92"), NO),
        ("คะแนน ITA จาก 84.41 เป็น 89.92", (None, None, None, "88.92"), NO),
        ("คะแนน ITA จาก 84.41 เป็น 88.92", (None, None, None, "88.92"), OPEN),
        ("คะแนน ITA จาก 80 (ปี 2565) เป็น 88.92 (ปี 2567)", (None, "80", "84", "88.92"), YES),
        ("คะแนน ITA จาก 84 (ปี 2565) เป็น 88.92 (ปี 2567)", (None, "80", "84", "88.92"), NO),
        ("คะแนน ITA 88.92", (None, None, None, "88.92"), YES),
        ("คะแนน ITA 88.9", (None, None, None, "88.92"), YES),
        ("คะแนน ITA 88.93", (None, None, None, "88.92"), NO),
        ("คะแนน ITA 88.92", (None, None, "88.92", None), OPEN),
        ("คะแนน ITA ปี 2566 ได้ 88.92", (None, None, "88.92", "90"), YES),
        ("คะแนน ITA สูงสุดในรอบ 3 ปี", ("99", "81", "82", "83"), YES),
        ("คะแนน ITA สูงสุดในรอบ 4 ปี", ("99", "81", "82", "83"), NO),
        ("คะแนน ITA สูงสุดในรอบ 4 ปี", ("83", "81", "82", "83"), YES),
        ("คะแนน ITA สูงสุดในรอบ 4 ปี", (None, "81", "82", "83"), OPEN),
        ("คะแนน ITA สูงสุดในรอบ 4 ปี", (None, "84", "82", "83"), NO),
        ("คะแนน ITA สูงสุดเป็นประวัติการณ์", ("80", "81", "82", "83"), YES),
        ("คะแนน ITA สูงสุดเป็นประวัติการณ์", ("80", "99", "82", "83"), NO),
        ("คะแนน ITA สูงสุดเป็นประวัติการณ์", (None, None, None, "83"), OPEN),
        ("คะแนน ITA สูงสุดเป็นประวัติการณ์", ("80", "81", "82", None), OPEN),
        ("คะแนน ITA ผ่านเกณฑ์การประเมิน", (None, None, None, "85"), YES),
        ("คะแนน ITA ผ่านเกณฑ์การประเมิน", (None, None, None, "84.99"), NO),
        ("คะแนน ITA ผ่านเกณฑ์การประเมิน", (None, None, "85", None), OPEN),
        ("คะแนน ITA สูงกว่าเกณฑ์ร้อยละ 85", (None, None, None, "85"), NO),
        ("คะแนน ITA สูงกว่าเกณฑ์ร้อยละ 85", (None, None, None, "85.01"), YES),
        ("คะแนน ITA ไม่ต่ำกว่าร้อยละ 85", (None, None, None, "85"), YES),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ", (None, None, None, "93.06"), YES),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ", (None, None, None, "93.05"), NO),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ (93.05)", (None, None, None, "94"), YES),
        ("คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ (90.19)", (None, None, None, "94"), NO),
        ("คะแนน ITA ปี 2562 สูงกว่าค่าเฉลี่ยประเทศ", ("94", "94", "94", "94"), OPEN),
    ],
)
def test_totals_judge_what_is_said_of_them(
    text: str, totals: tuple[str | None, ...], verdict: ClaimVerdict
) -> None:
    assert _judge(text, *_totals(*totals)).verdict is verdict


@pytest.mark.parametrize(
    ("text", "stored", "verdict"),
    [
        ("ระดับ ผ่านดี", {"total": "88.92", "level": "ผ่านดี"}, YES),
        ("ระดับ ผ่าน", {"total": "88.92", "level": "ผ่านดี"}, NO),
        # The published level counts, whatever the scores would give.
        (
            "ระดับ ผ่าน",
            {"total": "88.92", "level": "ผ่าน", "IIT": "90", "EIT": "90", "OIT": "90"},
            YES,
        ),
        ("ระดับ ผ่านดี", {"IIT": "90", "EIT": "86", "OIT": "90", "total": "88.80"}, YES),
        ("ระดับ ผ่านดี", {"IIT": "90", "EIT": "84", "OIT": "90", "total": "88.20"}, NO),
        ("ระดับ ผ่านดี", {"total": "88.92"}, OPEN),
        ("ระดับ ต้องปรับปรุง", {"total": "88.92"}, NO),
        ("ระดับ ต้องปรับปรุง", {"total": "84.99"}, YES),
        # The letters were given up in 2566: nobody has one since, unless it was published so.
        ("ระดับ A", {"total": "88.92"}, NO),
        ("ระดับ A", {"total": "88.92", "level": "A"}, YES),
        ("ระดับ ผ่านดี", {"IIT": "90"}, OPEN),
    ],
)
def test_level_is_the_published_one_or_what_the_scores_allow(
    text: str, stored: dict[str, str], verdict: ClaimVerdict
) -> None:
    assert _judge(f"ผลการประเมิน ITA {text}", year_scores(2567, **stored)).verdict is verdict


def test_letters_are_the_levels_of_their_years() -> None:
    assert (
        _judge("ผลการประเมิน ITA ระดับ A", year_scores(2565, total="90.22"), year=2565).verdict is YES
    )
    assert _judge("คะแนน ITA ปี 2564 อยู่ในระดับ AA", year_scores(2564, total="95.62")).verdict is YES


@pytest.mark.parametrize(
    ("text", "iit", "verdict"),
    [
        # 88.96 on 0-100 is 26.69 of 30 points.
        ("คะแนน IIT 26.69", "88.96", YES),
        ("คะแนน IIT 88.96", "88.96", YES),
        ("คะแนน IIT 26.79", "88.96", NO),
        ("คะแนน IIT ผ่านเกณฑ์", "85", YES),
        # The pass mark is the whole's: below it an instrument has not failed.
        ("คะแนน IIT ผ่านเกณฑ์", "84", OPEN),
        ("คะแนน IIT ผ่านเกณฑ์ร้อยละ 85", "84", NO),
        # No national means of instruments are known.
        ("คะแนน IIT สูงกว่าค่าเฉลี่ยประเทศ", "99", OPEN),
    ],
)
def test_instrument_is_judged_by_what_is_known_of_it(
    text: str, iit: str, verdict: ClaimVerdict
) -> None:
    assert _judge(text, year_scores(2567, IIT=iit)).verdict is verdict


def test_computed_score_may_be_off_by_what_rounding_can_do() -> None:
    parts = {"IIT": "88.96", "EIT": "85.77", "OIT": "91.25"}
    assert _judge("คะแนน ITA 88.93", year_scores(2567, **parts)).verdict is YES
    assert _judge("คะแนน ITA 88.93", year_scores(2567, total="88.92", **parts)).verdict is NO


@pytest.mark.parametrize(("oit", "verdict"), [("100", YES), ("99.99", OPEN), (None, OPEN)])
def test_every_item_is_borne_out_by_full_marks_only_and_never_contradicted(
    oit: str | None, verdict: ClaimVerdict
) -> None:
    judged = _judge("เปิดเผยข้อมูลครบทุกข้อ", year_scores(2567, total="90", OIT=oit), row=OIT)
    assert (judged.claim.kind, judged.verdict) == (KIND.EVERY_ITEM_MET, verdict)


def test_highest_looks_back_to_the_break_of_the_model_only() -> None:
    ipst = _totals("79.69", "83.73", "99", "83.10", "91.07", "90.73", "95.62", first=2558)
    assert _judge("คะแนน ITA สูงสุดเป็นประวัติการณ์", *ipst, year=2564).verdict is YES
    assert _judge("คะแนน ITA สูงสุดในรอบ 5 ปี", *ipst, year=2564).verdict is OPEN


def test_year_without_rules_leaves_everything_open() -> None:
    for text in ("คะแนน ITA ผ่านเกณฑ์", "ผลการประเมิน ITA ระดับ A", "คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ"):
        assert _judge(text, *_totals("90"), year=2599).verdict is OPEN


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("คะแนน ITA 91.15", "ขัดกับคะแนนที่มี: ปี 2567 คือ 83.00"),
        ("คะแนน ITA ผ่านเกณฑ์", "ขัดกับคะแนนที่มี: ปี 2567 คือ 83.00 (เกณฑ์ 85)"),
        (
            "คะแนน ITA สูงกว่าค่าเฉลี่ยประเทศ",
            "ขัดกับคะแนนที่มี: ปี 2567 คือ 83.00 (ทั้งประเทศ 93.05)",
        ),
        ("คะแนน ITA ลดลง", "ขัดกับคะแนนที่มี: ไม่ลดลงในปี 2567 (+1.00)"),
        (
            "คะแนน ITA เพิ่มขึ้น 4.51 คะแนน",
            "ขัดกับคะแนนที่มี: เปลี่ยนแปลงจากปี 2566 +1.00 ไม่ใช่ +4.51",
        ),
        (
            "คะแนน ITA สูงสุดในรอบ 3 ปี",
            "ขัดกับคะแนนที่มี: คะแนนปี 2567 คือ 83.00 แต่ปีที่สูงกว่ามี 2565 (90.00)",
        ),
        ("คะแนน ITA ลดลงจากปี 2564", "ขัดกับคะแนนที่มี: เปลี่ยนแปลงจากปี 2564 +3.00"),
        ("คะแนน ITA 83", "ตรงกับคะแนนที่มี (2567: 83.00)"),
        ("ผลการประเมิน ITA ระดับ A", "ขัดกับคะแนนที่มี: ปี 2567 คือ 83.00 (เกณฑ์ของปีนี้ไม่มีระดับ A)"),
    ],
)
def test_message_says_what_speaks_for_or_against(text: str, message: str) -> None:
    assert _judge(text, *_totals("80", "90", "82", "83")).message() == message


@given(
    st.sampled_from([(row, text) for row, text, expected in PHRASES if ":" in expected]),
    st.lists(st.sampled_from([None, "70", "80", "84.99", "85", "95"]), min_size=10, max_size=10),
    st.sampled_from(range(2560, 2573)),
)
def test_any_claim_on_any_series_gets_a_verdict_and_a_sentence(
    phrase: tuple[str, str], totals: list[str | None], year: int
) -> None:
    row, text = Instrument(phrase[0]), phrase[1]
    scores = [year_scores(2558 + n, total=t, IIT=t, OIT=t) for n, t in enumerate(totals) if t]
    points = compute_trend(scores, REFERENCE).points
    for judged in judged_claims({row: text}, points, FiscalYear(year), REFERENCE):
        assert judged.message() and claim_text(judged.claim)
        if judged.verdict is NO:
            assert judged.against
        scored = [e.score for e in judged.evidence if e.score is not None]
        assert scored or judged.verdict is OPEN


@pytest.mark.parametrize(
    ("text", "row", "first", "noted"),
    [
        ("คะแนน OIT เพิ่มขึ้น", OIT, 2566, [2567]),
        ("คะแนน OIT เพิ่มขึ้นทุกปี", OIT, 2566, [2567]),
        ("คะแนน OIT เพิ่มขึ้นจาก 80 เป็น 82", OIT, 2566, [2567]),
        ("คะแนน OIT เพิ่มขึ้น 2 คะแนน", OIT, 2566, [2567]),
        ("คะแนน IIT เพิ่มขึ้น", IIT, 2566, []),
        ("คะแนน OIT ลดลง", OIT, 2566, []),
        ("คะแนน OIT ได้ 82 คะแนน", OIT, 2566, []),
    ],
)
def test_a_rise_that_is_borne_out_is_told_with_what_changed_in_the_assessment(
    text: str, row: Instrument, first: int, noted: list[int]
) -> None:
    scores = [
        year_scores(first, IIT="80", EIT="80", OIT="80"),
        year_scores(first + 1, IIT="82", EIT="82", OIT="82"),
    ]
    points = compute_trend(scores, REFERENCE).points
    claims = judged_claims({row: text}, points, FiscalYear(first + 1), REFERENCE)
    assert claims
    for judged in claims:
        assert judged.verdict is (NO if "ลดลง" in text else YES)
        assert list(judged.content_changed) == noted
        assert ("สิ่งที่ประเมินเปลี่ยนในปี 2567" in judged.message()) is bool(noted)


# --- the seed's own claims, against the made-up scores of the samples ---


def test_claims_of_the_sample_report_get_their_three_verdicts(
    sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31)
        )
    results = [(j.instrument, j.claim.kind, j.claim.part, j.verdict) for j in report.claims]
    assert results == [
        (IIT, EVERY, IIT, YES),
        (EIT, EVERY, EIT, NO),
        (OIT, EVERY, OIT, OPEN),
        (OIT, KIND.EVERY_ITEM_MET, OIT, OPEN),
    ]
    # What other programs read holds what figures can decide, one an instrument.
    assert [j.instrument for j in report.claims if j.of_stored_figures] == [IIT, EIT, OIT]


def test_seed_has_no_sentence_that_is_unclear(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31)
        )
    for row in report.rows:
        assert unclear_sentences(row.outcome or "", row.instrument, reference) == ()


def test_contradicted_sample_claim_names_2566(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        report = load_narrative_report(
            cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31)
        )
    (against,) = (j for j in report.claims if j.verdict is NO)
    fallen = [(int(e.fiscal_year), e.change) for e in against.evidence if e.change and e.change < 0]
    assert fallen == [(2566, Decimal("-1.56"))]
