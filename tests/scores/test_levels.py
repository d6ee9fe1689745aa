from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import TOTAL, Instrument, Scale
from ita.reference import load_reference
from ita.scores.levels import LevelJudgement, has_level_mismatch, judge_level
from ita.scores.totals import compute_part, has_mismatch
from tests.builders import EIT, IIT, OIT

REFERENCE = load_reference(Settings().reference)
LETTERS = REFERENCE.rules(2565)
WORDS = REFERENCE.rules(2566)


def _judged(total: str | None, *instruments: str | None, year: int = 2567) -> LevelJudgement:
    """The level of a total and of IIT, EIT, OIT; "?" or nothing = that one is missing."""
    scores = dict(zip(Instrument, instruments, strict=False))
    return judge_level(
        None if total is None else Decimal(total),
        {i: Decimal(text) for i, text in scores.items() if text not in (None, "?")},
        REFERENCE.rules(year),
    )


@pytest.mark.parametrize("year", range(2562, 2566))
@pytest.mark.parametrize(
    ("total", "level"),
    [
        ("100", "AA"),
        ("95", "AA"),
        ("94.995", "AA"),
        ("94.994", "A"),
        ("85", "A"),
        ("84.99", "B"),
        ("75", "B"),
        ("74.99", "C"),
        ("65", "C"),
        ("64.99", "D"),
        ("55", "D"),
        ("54.99", "E"),
        ("50", "E"),
        ("49.99", "F"),
        ("0", "F"),
    ],
)
def test_letters_until_2565_need_no_instruments(year: int, total: str, level: str) -> None:
    judgement = _judged(total, year=year)
    assert judgement.text() == level
    assert judgement.is_passed is (level in ("AA", "A"))


@pytest.mark.parametrize("year", range(2566, 2571))
@pytest.mark.parametrize(
    ("total", "instruments", "level"),
    [
        ("96", ("95", "96", "97"), "ผ่านดีเยี่ยม"),
        ("95", ("95", "95", "95"), "ผ่านดีเยี่ยม"),
        ("96", ("94.99", "96", "97"), "ผ่านดี"),
        ("96", ("94.995", "96", "97"), "ผ่านดีเยี่ยม"),
        ("94.99", ("95", "95", "95"), "ผ่านดี"),
        ("85", ("85", "85", "85"), "ผ่านดี"),
        ("85", ("85", "84.99", "85"), "ผ่าน"),
        ("96", ("99", "99", "84.99"), "ผ่าน"),
        ("85", ("84.995", "85", "85"), "ผ่านดี"),
        ("85", ("84.994", "85", "85"), "ผ่าน"),
        ("84.995", ("85", "85", "85"), "ผ่านดี"),
        ("84.994", ("85", "85", "85"), "ต้องปรับปรุง"),
        ("84.99", ("99", "99", "60"), "ต้องปรับปรุง"),
        ("70", ("70", "70", "70"), "ต้องปรับปรุง"),
        ("69.995", ("70", "70", "70"), "ต้องปรับปรุง"),
        ("69.99", ("70", "70", "70"), "ต้องปรับปรุงโดยด่วน"),
        ("0", ("0", "0", "0"), "ต้องปรับปรุงโดยด่วน"),
    ],
)
def test_words_from_2566_ask_each_instrument(
    year: int, total: str, instruments: tuple[str, ...], level: str
) -> None:
    judgement = _judged(total, *instruments, year=year)
    assert judgement.text() == level
    assert judgement.is_passed is level.startswith("ผ่าน")


@pytest.mark.parametrize(
    ("total", "instruments", "possible"),
    [
        ("96", (), ["ผ่านดีเยี่ยม", "ผ่านดี", "ผ่าน"]),
        ("96", ("96", "96", "?"), ["ผ่านดีเยี่ยม", "ผ่านดี", "ผ่าน"]),
        ("96", ("94", "99", "?"), ["ผ่านดี", "ผ่าน"]),
        ("88", ("90", "?", "90"), ["ผ่านดี", "ผ่าน"]),
    ],
)
def test_missing_instrument_leaves_the_pass_certain_and_the_level_open(
    total: str, instruments: tuple[str, ...], possible: list[str]
) -> None:
    judgement = _judged(total, *instruments)
    assert [band.level for band in judgement.candidates] == possible
    assert (judgement.band, judgement.is_passed) == (None, True)
    assert judgement.text() == "ผ่านเกณฑ์ (ไม่ทราบระดับ)"


@pytest.mark.parametrize("known", [("84.99", "?", "?"), ("?", "60", "?"), ("99", "99", "84")])
def test_one_known_instrument_below_85_settles_the_level(known: tuple[str, ...]) -> None:
    assert _judged("90", *known).text() == "ผ่าน"


@pytest.mark.parametrize(("total", "level"), [("84.99", "ต้องปรับปรุง"), ("69.99", "ต้องปรับปรุงโดยด่วน")])
def test_level_below_the_pass_mark_needs_no_instruments(total: str, level: str) -> None:
    judgement = _judged(total)
    assert (judgement.text(), judgement.is_passed) == (level, False)


def test_without_a_total_nothing_is_known() -> None:
    judgement = _judged(None, "99", "99", "99")
    assert (judgement.text(), judgement.is_passed, judgement.candidates) == (None, None, ())


def test_year_of_the_older_model_has_no_level() -> None:
    assert _judged("83.10", year=2561).text() is None


scores = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths).scaleb(-2))


def _level_by_the_manual(total: Decimal, iit: Decimal, eit: Decimal, oit: Decimal) -> str:
    """Slow and obvious: the table of the manual, line by line."""
    if total >= 95 and min(iit, eit, oit) >= 95:
        return "ผ่านดีเยี่ยม"
    if total >= 85 and min(iit, eit, oit) >= 85:
        return "ผ่านดี"
    if total >= 85:
        return "ผ่าน"
    return "ต้องปรับปรุง" if total >= 70 else "ต้องปรับปรุงโดยด่วน"


@given(scores, scores, scores, scores)
def test_level_is_that_of_the_manual(
    total: Decimal, iit: Decimal, eit: Decimal, oit: Decimal
) -> None:
    judgement = judge_level(total, {IIT: iit, EIT: eit, OIT: oit}, WORDS)
    assert judgement.text() == _level_by_the_manual(total, iit, eit, oit)


@given(scores, scores, scores, scores, st.sets(st.sampled_from(Instrument), min_size=1))
def test_missing_instruments_never_rule_the_true_level_out(
    total: Decimal, iit: Decimal, eit: Decimal, oit: Decimal, hidden: set[Instrument]
) -> None:
    scored = {i: s for i, s in {IIT: iit, EIT: eit, OIT: oit}.items() if i not in hidden}
    possible = [band.level for band in judge_level(total, scored, WORDS).candidates]
    assert _level_by_the_manual(total, iit, eit, oit) in possible


@given(st.integers(84_000_000, 86_000_000))
def test_no_gap_is_left_between_two_levels(millionths: int) -> None:
    total = Decimal(millionths).scaleb(-6)
    judgement = judge_level(total, {}, LETTERS)
    assert judgement.text() == ("A" if millionths >= 84_995_000 else "B")


@pytest.mark.parametrize(
    ("published", "total", "differs"),
    [
        ("ผ่าน", "90", False),
        ("ผ่านดี", "90", False),
        (" ผ่าน ดี", "90", False),
        ("ผ่านดีเยี่ยม", "90", True),
        ("ต้องปรับปรุง", "90", True),
        ("ต้องปรับปรุง", "84.99", False),
        ("สูงมาก", "90", False),
        (None, "90", False),
        ("ผ่าน", None, False),
    ],
)
def test_published_level_differs_only_from_levels_that_are_impossible(
    published: str | None, total: str | None, differs: bool
) -> None:
    values = {} if total is None else {TOTAL: Decimal(total)}
    assert has_level_mismatch(published, values, WORDS) is differs


@pytest.mark.parametrize(
    ("published", "scores", "scale", "differs"),
    [
        # Published figures speak for themselves.
        ("ผ่าน", {"total": "84.99"}, Scale.PERCENT, True),
        ("ผ่านดี", {"total": "90", "IIT": "90", "EIT": "84.99", "OIT": "94"}, Scale.PERCENT, True),
        # A total of 84.995 is rounded to 85.00 here and may have been cut to 84.99 there.
        ("ต้องปรับปรุง", {"IIT": "84.99", "EIT": "84.98", "OIT": "85.01"}, Scale.PERCENT, False),
        ("ต้องปรับปรุง", {"IIT": "85.10", "EIT": "85", "OIT": "85"}, Scale.PERCENT, True),
        # 25.50 of 30 can be cut from 84.98 … 85.03.
        ("ผ่าน", {"total": "90", "IIT": "90", "EIT": "85", "OIT": "93.75"}, Scale.WEIGHTED, False),
        ("ผ่าน", {"total": "90", "IIT": "90", "EIT": "85", "OIT": "93.75"}, Scale.PERCENT, True),
        # An instrument out of its indicators: 84.996… may stand as 84.99 or 85.00.
        (
            "ผ่าน",
            {"total": "90", "IIT": "90", "OIT": "94", "6": "84.99", "7": "85", "8": "85"},
            None,
            False,
        ),
        (
            "ผ่าน",
            {"total": "90", "IIT": "90", "OIT": "94", "6": "86", "7": "85", "8": "85"},
            None,
            True,
        ),
    ],
)
def test_a_published_level_has_a_hundredth_to_spare_where_scores_are_computed(
    published: str, scores: dict[str, str], scale: Scale | None, differs: bool
) -> None:
    values = {part: Decimal(score) for part, score in scores.items()}
    assert has_level_mismatch(published, values, WORDS, scale) is differs


def test_a_total_published_one_hundredth_off_agrees() -> None:
    """As published of a university: 90.06 beside parts that make 90.072."""
    values = {
        TOTAL: Decimal("90.06"),
        IIT: Decimal("90"),
        EIT: Decimal("90"),
        OIT: Decimal("90.18"),
    }
    assert compute_part(values, WORDS, TOTAL) == Decimal("90.07")
    assert not has_mismatch(values, WORDS, TOTAL, Scale.PERCENT)
    assert has_mismatch(values | {TOTAL: Decimal("90.05")}, WORDS, TOTAL, Scale.PERCENT)
