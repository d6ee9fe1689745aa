"""Weak points of a year beside a slow and obvious reading of the same scores."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ita.config import Settings
from ita.domain import FiscalYear
from ita.planning.drafts import cause_text
from ita.planning.needs import Weakness, WeakPoint, compute_weak_points
from ita.reference import load_reference
from ita.scores.totals import YearScores
from ita.scores.trends import compute_trend
from tests.builders import NEW_YEAR, reference_folder, with_new_year, year_scores

REFERENCE = load_reference(Settings().reference)
YEAR = FiscalYear(2567)
WEIGHTS = {**dict.fromkeys("12345", "6"), **dict.fromkeys("678", "10"), "9": "20", "10": "20"}
"""Points of the total that 100 points of an indicator bring: 30/5, 30/3, 40/2."""


def _weak(*years: YearScores, of: int = YEAR) -> tuple[WeakPoint, ...]:
    return compute_weak_points(compute_trend(years, REFERENCE), FiscalYear(of), REFERENCE)


def _told(*years: YearScores) -> list[tuple[str, str]]:
    return [(weak.part, weak.weakness.value) for weak in _weak(*years)]


def test_below_the_pass_mark_comes_first_then_what_fell_then_what_falls_short() -> None:
    before = year_scores(2566, ind1="90", ind4="70", ind6="99", ind7="97", ind9="96")
    now = year_scores(2567, ind1="91", ind4="84.99", ind6="90", ind7="96.50", ind9="95")
    assert _told(before, now) == [
        ("4", "below_mark"),
        ("6", "fallen"),
        ("9", "fallen"),
        ("7", "fallen"),
        ("1", "next_level"),
    ]


def test_the_mark_is_the_next_level_of_the_year() -> None:
    letters = {
        weak.part: weak.next_mark
        for weak in _weak(year_scores(2564, ind1="80", ind2="85", ind3="96"), of=2564)
    }
    assert letters == {"1": 85, "2": 95}


def test_a_score_at_the_best_level_that_fell_has_no_mark_left() -> None:
    (weak,) = _weak(year_scores(2566, ind1="99"), year_scores(2567, ind1="96"))
    assert (weak.weakness, weak.next_mark, weak.gap, weak.total_gain) == (
        Weakness.FALLEN,
        None,
        None,
        None,
    )


def test_nothing_is_compared_across_a_change_of_model(tmp_path: Path) -> None:
    folder = reference_folder(tmp_path)
    text = (folder / "breaks.csv").read_text(encoding="utf-8")
    text += "2566,2567,no,model,,แบบใหม่,New,ประกาศ,assumed\n"
    (folder / "breaks.csv").write_text(text, encoding="utf-8")
    reference = load_reference(folder)
    found = compute_trend([year_scores(2566, ind1="90"), year_scores(2567, ind1="86")], reference)
    (weak,) = compute_weak_points(found, YEAR, reference)
    assert (weak.previous, weak.change, weak.weakness) == (None, None, Weakness.NEXT_LEVEL)


def test_an_earlier_year_stands_in_for_a_missing_one() -> None:
    (weak,) = _weak(year_scores(2564, ind1="90"), year_scores(2567, ind1="86.50"))
    assert weak.previous and weak.previous.fiscal_year == 2564
    assert weak.format_change() == "−3.50 จากปี 2564"


def test_an_instrument_speaks_where_none_of_its_indicators_is_known() -> None:
    found = _weak(year_scores(2567, IIT="80", EIT="97", ind9="70"))
    assert [(weak.part, weak.is_indicator) for weak in found] == [("9", True), ("IIT", False)]
    assert found[1].total_gain == Decimal("1.50")


def test_only_a_total_or_an_older_model_gives_no_weak_point() -> None:
    assert _weak(year_scores(2567, total="60")) == ()
    assert _weak(year_scores(2561, total="60"), of=2561) == ()


def test_what_stands_in_the_plan_is_thai_and_names_year_and_mark() -> None:
    below, fallen = _weak(
        year_scores(2566, ind1="90", ind4="88"), year_scores(2567, ind1="89", ind4="79.9")
    )
    assert cause_text(below) == (
        "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 79.90 คะแนนในปี 2567 ต่ำกว่าเกณฑ์ผ่าน 85"
    )
    assert cause_text(fallen) == "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้ 89.00 คะแนนในปี 2567 ลดลง 1.00 จากปี 2566"


def test_a_new_year_has_its_own_indicators_and_marks(tmp_path: Path) -> None:
    extended = load_reference(with_new_year(reference_folder(tmp_path)))
    found = compute_trend([year_scores(NEW_YEAR, ind11="79", ind1="85")], extended)
    told = [
        (w.part, w.next_mark, w.weakness)
        for w in compute_weak_points(found, FiscalYear(NEW_YEAR), extended)
    ]
    assert told == [("11", 80, Weakness.BELOW_MARK), ("1", 90, Weakness.NEXT_LEVEL)]


hundredths = st.integers(0, 10_000).map(lambda n: Decimal(n).scaleb(-2))
ten = st.fixed_dictionaries({f"ind{n}": st.none() | hundredths.map(str) for n in WEIGHTS})


@given(ten, ten)
def test_every_score_is_weak_exactly_where_the_marks_say_so(
    old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    found = {weak.part: weak for weak in _weak(year_scores(2566, **old), year_scores(2567, **new))}
    for number, weight in WEIGHTS.items():
        said, before = new[f"ind{number}"], old[f"ind{number}"]
        expected = _by_looking(said, before)
        assert (found[number].weakness.value if number in found else None) == expected
        if expected and said and Decimal(said) < 95:
            mark = Decimal(85) if Decimal(said) < 85 else Decimal(95)
            gain = (mark - Decimal(said)) * Decimal(weight) / 100
            assert found[number].total_gain == gain.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _by_looking(said: str | None, before: str | None) -> str | None:
    if said is None:
        return None
    if Decimal(said) < 85:
        return "below_mark"
    if before is not None and Decimal(said) < Decimal(before):
        return "fallen"
    return "next_level" if Decimal(said) < 95 else None


@given(ten, ten)
def test_inside_a_kind_the_worst_comes_first(
    old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    found = _weak(year_scores(2566, **old), year_scores(2567, **new))
    kinds = [list(Weakness).index(weak.weakness) for weak in found]
    assert kinds == sorted(kinds)
    below = [weak.score for weak in found if weak.weakness is Weakness.BELOW_MARK]
    assert below == sorted(below)
    fallen = [weak.change for weak in found if weak.weakness is Weakness.FALLEN]
    assert fallen == sorted(change for change in fallen if change is not None)


def test_every_sentence_can_be_said_of_every_weak_point() -> None:
    for weak in _weak(
        year_scores(2566, ind1="99", ind2="99"), year_scores(2567, ind1="98", ind2="1")
    ):
        assert weak.weakness_label() and weak.format_change() and cause_text(weak)
