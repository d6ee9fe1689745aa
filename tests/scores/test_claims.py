from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.reference import Reference, load_reference
from ita.report.narrative import narrative_report
from ita.scores.claim_texts import Claim, ClaimKind, read_claims
from ita.scores.claims import ClaimVerdict, JudgedClaim, judge_claim, judged_claims
from ita.scores.trends import trend
from ita.settings import Settings
from ita.store import Store
from ita.vocabulary import TOTAL, FiscalYear, Instrument
from tests.builders import EIT, IIT, OIT, year_scores

REFERENCE = load_reference(Settings().reference)
with (Path(__file__).parent / "claim_phrases.csv").open(encoding="utf-8", newline="") as _stream:
    PHRASES = [tuple(row.values()) for row in csv.DictReader(_stream, strict=True)]


def _read(text: str, row: Instrument = IIT) -> str:
    return ";".join(f"{claim.part}:{claim.kind}" for claim in read_claims(text, row))


# --- reading ---


@pytest.mark.parametrize(("row", "text", "expected"), PHRASES)
def test_phrase_is_read_as_a_person_reads_it(row: str, text: str, expected: str) -> None:
    assert _read(text, Instrument(row)) == expected


def test_phrases_are_many_and_each_stands_once() -> None:
    assert len(PHRASES) >= 40
    assert len({(row, text) for row, text, _ in PHRASES}) == len(PHRASES)


def test_claim_carries_the_sentence_in_which_it_stands() -> None:
    text = "มีคู่มือที่ชัดเจน ส่งผลให้คะแนน IIT เพิ่มขึ้นทุกปี\nประชาชนได้รับบริการที่ดีขึ้น"
    (claim,) = read_claims(text, IIT)
    assert claim.text == "ส่งผลให้คะแนน IIT เพิ่มขึ้นทุกปี"


def test_each_sentence_may_claim_again() -> None:
    text = "คะแนน IIT สูงขึ้น\nคะแนน IIT เพิ่มขึ้นทุกปี"
    assert _read(text) == "IIT:rising;IIT:rising_every_year"


def test_hope_in_one_sentence_does_not_silence_the_next() -> None:
    assert _read("คาดว่าคะแนน EIT จะเพิ่มขึ้น\nคะแนน IIT เพิ่มขึ้น") == "IIT:rising"


@given(st.sampled_from([text for _, text, _ in PHRASES]), st.sampled_from(Instrument))
def test_reading_is_the_same_with_the_spaces_of_a_form(text: str, row: Instrument) -> None:
    assert _read(f"  {text} \n", row) == _read(text, row)


@given(st.text(alphabet="คะแนน IITEO เพิ่มขึ้นทุกปีไม่และจ.\n", max_size=200))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for claim in read_claims(text, OIT):
        assert claim.text in text


def test_text_as_long_as_a_cell_may_be_is_read_at_once() -> None:
    text = "คะแนน IIT เพิ่มขึ้น " * 1500
    assert _read(text) == "IIT:rising"


# --- judging ---


def _judged(kind: ClaimKind, year: int, *totals: str | None, first: int = 2564) -> JudgedClaim:
    """A claim of a year's report on totals from `first` on; None = not stored."""
    scores = [year_scores(first + n, total=total) for n, total in enumerate(totals) if total]
    points = trend(scores, REFERENCE).points
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
    found = _judged(EVERY, 2564, "99", "98", "70", "71", "72", first=2560)
    assert found.verdict is YES
    assert [e.fiscal_year for e in found.evidence] == [2562, 2563, 2564]


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
    points = trend(
        [year_scores(2566, IIT="80", total="90"), year_scores(2567, IIT="81", total="89")],
        REFERENCE,
    ).points
    outcomes = {IIT: "คะแนน IIT เพิ่มขึ้นทุกปี", OIT: "คะแนน ITA เพิ่มขึ้นทุกปี", EIT: "บริการดีขึ้น"}
    found = judged_claims(outcomes, points, FiscalYear(2567), REFERENCE)
    assert [(j.instrument, j.claim.part, j.verdict) for j in found] == [
        (IIT, IIT, YES),
        (OIT, TOTAL, NO),
    ]


# --- the seed's own claims, against the made-up scores of the samples ---


def test_claims_of_the_sample_report_get_their_three_verdicts(
    sample_store: Store, reference: Reference
) -> None:
    with sample_store.reading() as cursor:
        report = narrative_report(cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31))
    found = {j.instrument: (j.claim.kind, j.claim.part, j.verdict) for j in report.claims}
    assert found == {IIT: (EVERY, IIT, YES), EIT: (EVERY, EIT, NO), OIT: (EVERY, OIT, OPEN)}
    assert len(report.claims) == 3


def test_contradicted_sample_claim_names_2566(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        report = narrative_report(cursor, "SAMPLE", FiscalYear(2567), reference, date(2024, 12, 31))
    (against,) = (j for j in report.claims if j.verdict is NO)
    fallen = [(int(e.fiscal_year), e.change) for e in against.evidence if e.change and e.change < 0]
    assert fallen == [(2566, Decimal("-1.56"))]
