"""Announcements are read as a careful person reads them: what is claimed, of whom, of which year."""

from __future__ import annotations

import csv
import random
from functools import partial
from pathlib import Path

import pytest

from ita.domain import TOTAL, FiscalYear
from ita.scores.claims.texts import lexer, patterns
from ita.scores.claims.texts.kinds import ClaimKind
from ita.scores.claims.texts.mentions import TextAgency
from ita.scores.claims.texts.reading import read_outcome
from ita.scores.claims.verdicts import judged_text
from tests.patience import cpu_seconds_of, takes_at_most
from tests.scores.claim_phrases import LEVELS, PHRASES, REFERENCE
from tests.scores.claim_sentences import SENTENCES, Expected, Sentence, told

ENTAILED = {
    "changed_by": {"rising", "falling", "unchanged"},
    "from_to": {"rising", "falling", "score"},
}
"""What a claim says besides: a rise by 2 points is a rise."""


# Every third in the quick tests: some are announcements of ten claims.
_TRIED = [
    pytest.param(s, id=s.text[:60], marks=() if n % 3 == 0 else pytest.mark.slow)
    for n, s in enumerate(SENTENCES)
]


@pytest.mark.parametrize("sentence", _TRIED)
def test_sentence_is_read_and_judged_as_a_careful_person_does(sentence: Sentence) -> None:
    checked = sentence.checked()
    missed = [claim for claim in sentence.expected if not claim.is_in(checked)]
    results = [
        (j.claim.kind.value, j.claim.part, int(j.year), j.verdict.value) for j in checked.judged
    ]
    assert not missed, results
    # No claim that nobody made, and no doubt where a person has none.
    kinds = {claim.kind for claim in sentence.expected}
    welcome = {kind for claimed in kinds for kind in ENTAILED.get(claimed, ())} - kinds
    for judged in checked.judged:
        scored = any(
            told(judged, claim) == claim for claim in (*sentence.expected, *sentence.allowed)
        )
        assert scored or judged.claim.kind.value in welcome, results
    assert sentence.doubt or not checked.doubts, checked.doubts


def test_sentences_are_many_and_each_stands_once() -> None:
    assert len(SENTENCES) >= 250
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("sentence", SENTENCES[::7], ids=lambda sentence: sentence.text[:60])
def test_claim_and_doubt_stand_where_they_say(sentence: Sentence) -> None:
    checked = sentence.checked()
    for judged in checked.judged:
        phrase = sentence.text[judged.claim.start : judged.claim.end]
        assert phrase and phrase == phrase.strip()
        assert phrase in judged.claim.text
    for doubt in checked.doubts:
        assert sentence.text[doubt.start : doubt.end] in doubt.text


def test_places_are_those_of_the_text_as_it_was_given() -> None:
    text = "ผล\u200bการประเมิน  ITA\u00a0 ได้ ๙๓.๔๑  คะแนน\r\nระดับ “ผ่านดี”"
    reading = read_outcome(text, TOTAL, LEVELS, FiscalYear(2567))
    assert [text[c.start : c.end] for c in reading.claims] == ["ได้ ๙๓.๔๑  คะแนน", "ระดับ “ผ่านดี"]


@pytest.mark.parametrize("kind", ClaimKind)
def test_every_kind_is_read_in_a_phrase_or_a_sentence(kind: ClaimKind) -> None:
    phrases = any(f":{kind}" in expected for _, _, expected in PHRASES)
    assert phrases or any(claim.kind == kind for s in SENTENCES for claim in s.expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    "character",
    [" ", "1", "9.", "1 ", "ก", "ๆ", "(", "-", "2566 ", "ปี 2566 ", "คะแนน", "คะแนน 91.15 ", "IIT ", "\n",
     "เพิ่มขึ้น", "ตัวชี้วัดที่ 4 ", "จากคะแนน", "ระดับ A ", "ไม่", "a", "score ", "…", "\u200b", "เ", "ํา"],
)  # fmt: skip
def test_any_text_is_read_in_the_time_of_its_length(character: str) -> None:
    text = character * (32767 // len(character))
    read_outcome("คะแนน", TOTAL, LEVELS, FiscalYear(2567))  # the tables are read once
    # A fifth of a second where nothing else runs.
    assert takes_at_most(0.6, lambda: read_outcome(text, TOTAL, LEVELS, FiscalYear(2567)))


OWN = TextAgency(("เทศบาลตำบลบ้านสวน", "Ban Suan Municipality"), "เทศบาลตำบล")
NEVER = ["noise", "unclear", "counter", "letter", "verb", "announce", "level", "token"]


def _made_to_hurt(seed: int) -> str:
    """A text as long as a cell may be: a few of the reader's own phrases, over and over."""
    chance = random.Random(seed)
    with lexer.PHRASES.open(encoding="utf-8", newline="") as stream:
        rows = [r["phrase"] for r in csv.DictReader(stream) if r["token"] not in NEVER]
    more = [
        "91.15",
        "91.15 คะแนน",
        "ปี 2566",
        "(",
        ")",
        "+2.10",
        "IIT",
        "ตัวชี้วัดที่ 4",
        "กขค",
        "3 ปี",
        "\n",
        "กฟน.",
    ]
    pieces = chance.choices([*rows, *more * 40], k=chance.randint(1, 7))
    unit = chance.choice(["", " "]).join(pieces) + chance.choice(["", " "])
    return ("คะแนน ITA " + unit * (32767 // len(unit)))[:32767]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_any_phrases_over_and_over_are_judged_in_the_time_of_their_length(seed: int) -> None:
    points = SENTENCES[0].points()
    judged_text("คะแนน", points, FiscalYear(2567), REFERENCE, agency=OWN)
    text = _made_to_hurt(seed)
    # A fifth of a second where nothing else runs.
    assert takes_at_most(
        1.0, lambda: judged_text(text, points, FiscalYear(2567), REFERENCE, agency=OWN)
    )


def test_twice_the_text_takes_no_more_than_some_times_as_long() -> None:
    """What grows with the square of the length would take 64 times as long."""

    def judged(text: str) -> None:
        judged_text(text, SENTENCES[0].points(), FiscalYear(2567), REFERENCE, agency=OWN)

    text = "คะแนน ITA ครบทุกข้อ อันดับที่ 1 ของจังหวัด ร้อยละ 5 "
    short, long = (
        min(cpu_seconds_of(partial(judged, text * times)) for _ in range(3)) for times in (20, 160)
    )
    assert long < 24 * max(short, 0.005)


def test_a_colleague_adds_a_phrase_as_a_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = "คะแนน ITA ทะยานลิ่วจากปีที่ผ่านมา 2.35 คะแนน"
    assert not read_outcome(text, TOTAL, LEVELS, FiscalYear(2567)).claims
    rows = lexer.PHRASES.read_text(encoding="utf-8")
    added = tmp_path / "phrases.csv"
    added.write_text(f"{rows}rise,,ทะยานลิ่ว\n", encoding="utf-8")
    monkeypatch.setattr(lexer, "PHRASES", added)
    lexer.lexicon.cache_clear()
    try:
        claims = read_outcome(text, TOTAL, LEVELS, FiscalYear(2567)).claims
    finally:
        lexer.lexicon.cache_clear()
    assert [(c.kind, c.stated.amount) for c in claims if c.kind is ClaimKind.CHANGED_BY]


@pytest.mark.parametrize("path", [lexer.PHRASES, patterns.PATTERNS], ids=lambda path: path.name)
def test_tables_hold_each_row_once_and_no_row_that_is_cut(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [tuple(row.values()) for row in csv.DictReader(stream, strict=True)]
    assert all(None not in row and len(row) == len(rows[0]) for row in rows)
    assert len(set(rows)) == len(rows)


def test_pattern_of_an_unknown_token_is_refused() -> None:
    with pytest.raises(ValueError, match="no such token"):
        patterns._expression("rise nosuchtoken", {})


def test_expected_claim_is_compared_with_its_figure() -> None:
    claim = Expected("score", "total", 2567, "supported", "93.42")
    assert not claim.is_in(next(s for s in SENTENCES if "93.41" in s.text).checked())
