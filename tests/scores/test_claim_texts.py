"""Claims of a text are found as a person finds them, sentence by sentence, in any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.domain import Instrument
from ita.scores.claims.texts.kinds import Claim, ClaimKind
from ita.scores.claims.texts.reading import read_claims, read_outcome
from ita.scores.claims.verdicts import unclear_sentences
from tests.builders import IIT, OIT
from tests.patience import takes_at_most
from tests.scores.claim_phrases import LEVELS, PHRASES, REFERENCE


def _read(text: str, row: Instrument = IIT) -> str:
    """part:kind=what it states^the year compared with@its year, and "unclear" where it is."""
    reading = read_outcome(text, row, LEVELS)
    return ";".join([*map(_told, reading.claims), *(["unclear"] if reading.unclear else [])])


def _told(claim: Claim) -> str:
    said = claim.stated
    figures = f"{said.first}>{said.amount}" if said.first else f"{said.amount or ''}"
    years = f"{said.years}y" if said.years else ""
    detail = f"{figures}{said.level}{years}{'!' if said.above else ''}"
    since = f"^{int(said.since)}" if said.since else ""
    year = f"@{int(said.year)}" if said.year else ""
    return f"{claim.part}:{claim.kind}{'=' if detail else ''}{detail}{since}{year}"


@pytest.mark.parametrize(("row", "text", "expected"), PHRASES)
def test_phrase_is_read_as_a_person_reads_it(row: str, text: str, expected: str) -> None:
    assert _read(text, Instrument(row)) == expected


def test_phrases_are_many_and_each_stands_once() -> None:
    assert len(PHRASES) >= 150
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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("phrase", "reading"),
    [
        ("คะแนน IIT เพิ่มขึ้น ", "IIT:rising"),
        ("คะแนนเพิ่มขึ้น ", "IIT:rising"),
        ("คะแนน IIT 88.96 ", "IIT:score=88.96"),
        ("คะแนน IIT (ปี 2566 ", ""),
        ("จาก ระดับ และ 1.11 ", ""),
    ],
)
def test_text_as_long_as_a_cell_may_be_is_read_at_once(phrase: str, reading: str) -> None:
    text = phrase * (30000 // len(phrase))
    assert _read(text) == reading
    assert takes_at_most(2.5, lambda: _read(text))


def test_levels_are_read_only_by_the_names_that_are_given() -> None:
    text = "ผลการประเมิน ITA อยู่ในระดับ ผ่านดี"
    assert [claim.kind for claim in read_claims(text, IIT, ("ผ่านดี",))] == [ClaimKind.LEVEL]
    assert read_claims(text, IIT, ("AA",)) == ()


def test_sentence_that_cannot_be_attached_is_kept_for_a_person() -> None:
    text = "มีคู่มือที่ชัดเจน\nคะแนน ITA ใกล้เคียงอำเภอข้างเคียง\nคะแนน IIT เพิ่มขึ้น"
    assert unclear_sentences(text, IIT, REFERENCE) == ("คะแนน ITA ใกล้เคียงอำเภอข้างเคียง",)
    assert [claim.text for claim in read_claims(text, IIT)] == ["คะแนน IIT เพิ่มขึ้น"]


@given(st.sampled_from([text for _, text, _ in PHRASES]), st.sampled_from(PHRASES))
def test_one_sentence_does_not_change_how_the_next_is_read(
    before: str, phrase: tuple[str, str, str]
) -> None:
    row, text, _ = phrase
    alone = read_outcome(text, Instrument(row), LEVELS)
    first = read_outcome(before, Instrument(row), LEVELS)
    both = read_outcome(f"{before}\n{text}", Instrument(row), LEVELS)
    assert both.claims == first.claims + alone.claims
    assert both.unclear == first.unclear + alone.unclear
