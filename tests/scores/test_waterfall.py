"""The steps as a chart, a table and sentences, from changes worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from ita.charts.values import BarChart
from ita.config import Settings
from ita.domain import FiscalYear
from ita.i18n import language_set_to
from ita.reference import load_reference
from ita.scores.contributions import NoSplit, NoSplitReason, Split, split_change
from ita.scores.totals import YearScores
from ita.scores.waterfall import (
    change_headline,
    refusal_text,
    split_notes,
    split_table,
    waterfall_alt,
    waterfall_chart,
)
from ita.theme import part_style
from tests.builders import EIT, IIT, OIT, year_scores

REFERENCE = load_reference(Settings().reference)
BEFORE = {f"ind{n}": f"{80 + n}" for n in range(1, 11)}
"""Total 86.80."""
AFTER = {**BEFORE, "ind1": "86", "ind9": "99.5", "ind7": "80"}
"""+0.30, +2.10 and −0.70: total 88.50."""


def _split(old: YearScores, new: YearScores) -> Split:
    split = split_change(old, new, REFERENCE)
    assert isinstance(split, Split)
    return split


def _known() -> Split:
    return _split(year_scores(2566, **BEFORE), year_scores(2567, **AFTER))


def _chart(split: Split) -> BarChart:
    return waterfall_chart(split, REFERENCE)


def test_each_bar_begins_where_the_one_before_ended() -> None:
    chart = _chart(_known())
    first, *steps, last = chart.bars
    assert chart.is_waterfall
    assert (first.end, last.end) == (86.8, 88.5)
    assert (first.start, last.start) == (chart.low, chart.low)
    assert (first.strong, last.strong) == (True, True)
    for before, after in pairwise([first, *steps]):
        assert before.end == pytest.approx(after.start)
    assert steps[-1].end == pytest.approx(last.end)
    assert chart.low < min(b.end for b in chart.bars) <= max(b.end for b in chart.bars) < chart.high


def test_bars_stand_from_the_largest_rise_to_the_largest_fall() -> None:
    labels = [bar.label for bar in _chart(_known()).bars[1:-1]]
    assert labels == ["+2.10", "+0.30", *["+0.00"] * 7, "−0.70"]


def test_colour_is_the_instrument_and_never_alone() -> None:
    bars = _chart(_known()).bars
    assert bars[1].category == "9 การเปิดเผยข้อมูล (OIT)"
    assert bars[1].color == part_style(OIT).color
    assert bars[-2].color == part_style(EIT).color
    assert bars[1].tooltip == "9 การเปิดเผยข้อมูล (OIT) +2.10 (89.00 → 99.50)"


def test_a_small_change_stays_small_on_the_axis() -> None:
    chart = _chart(
        _split(
            year_scores(2566, total="88.00", IIT="88", EIT="88", OIT="88"),
            year_scores(2567, total="88.02", IIT="88", EIT="88", OIT="88.05"),
        )
    )
    assert chart.high - chart.low > 0.3


def test_alt_has_every_figure_of_the_chart() -> None:
    split = _known()
    chart = _chart(split)
    assert chart.alt == waterfall_alt(split, REFERENCE)
    for bar in chart.bars:
        assert bar.label in chart.alt
    assert "(+1.70)" in chart.alt


def test_lead_names_the_largest_each_way() -> None:
    assert change_headline(_known(), REFERENCE) == (
        "คะแนนรวมเพิ่มขึ้น 1.70 จากปี 2566 ถึงปี 2567: "
        "เพิ่มมากที่สุดจาก ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล (OIT) +2.10 · "
        "ลดมากที่สุดจาก ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (EIT) −0.70"
    )


def test_lead_of_a_fall_begins_with_what_fell() -> None:
    headline_text = change_headline(
        _split(year_scores(2566, **AFTER), year_scores(2567, **BEFORE)), REFERENCE
    )
    assert headline_text.startswith("คะแนนรวมลดลง 1.70 จากปี 2566 ถึงปี 2567: ลดมากที่สุดจาก ตัวชี้วัดที่ 9")
    assert headline_text.endswith("เพิ่มมากที่สุดจาก ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (EIT) +0.70")


def test_lead_without_a_fall_says_so() -> None:
    better = {**BEFORE, "ind1": "86"}
    headline_text = change_headline(
        _split(year_scores(2566, **BEFORE), year_scores(2567, **better)), REFERENCE
    )
    assert headline_text.endswith("ไม่มีส่วนใดทำให้ลดลง")


def test_lead_of_no_change_names_nothing() -> None:
    headline_text = change_headline(
        _split(year_scores(2566, **BEFORE), year_scores(2567, **BEFORE)), REFERENCE
    )
    assert headline_text == "คะแนนรวมปี 2566 และปี 2567 เท่ากัน"


def test_records_run_from_total_to_total() -> None:
    table = split_table(_known(), REFERENCE)
    rows = list(table.records())
    assert {len(row) for row in table.rows} == {len(table.header)}
    assert (rows[0][0], rows[0][-1]) == ("คะแนนรวม ปี 2566", Decimal("86.80"))
    assert (rows[-1][0], rows[-1][-1]) == ("คะแนนรวม ปี 2567", Decimal("88.50"))
    assert rows[1] == (
        "9 การเปิดเผยข้อมูล (OIT)",
        "OIT",
        Decimal("89.00"),
        Decimal("99.50"),
        Decimal("2.10"),
        Decimal("2.100000"),
        Decimal("88.90"),
    )
    assert rows[-2][-1] == rows[-1][-1]


def test_notes_say_what_was_not_split_and_what_is_missing() -> None:
    by_instrument = _split(
        year_scores(2566, IIT="80", EIT="80", OIT="80"), year_scores(2567, **AFTER)
    )
    assert "IIT, EIT, OIT แยกเป็นรายแบบวัดเท่านั้น" in " ".join(split_notes(by_instrument))
    rest = _split(
        year_scores(2566, total="84.41", IIT="86.12", EIT="81.64"), year_scores(2567, **AFTER)
    )
    texts = " ".join(split_notes(rest))
    assert "OIT ไม่มีคะแนนในปี 2566" in texts
    assert "นำเข้าคะแนน OIT" in texts


def test_notes_explain_rounding_and_a_published_total_that_differs() -> None:
    rounding = _split(
        year_scores(2566, total="86.80", **BEFORE), year_scores(2567, total="86.81", **BEFORE)
    )
    assert "ทศนิยมสองตำแหน่ง" in " ".join(split_notes(rounding))
    other = _split(
        year_scores(2566, total="86.80", **BEFORE), year_scores(2567, total="88.80", **BEFORE)
    )
    assert "ควรตรวจคะแนนที่นำเข้า" in " ".join(split_notes(other))


def test_nothing_to_explain_is_no_note() -> None:
    assert list(split_notes(_known())) == []


@pytest.mark.parametrize("reason", NoSplitReason)
@pytest.mark.parametrize("language", ["th", "en"])
def test_each_refusal_has_words_of_its_own(reason: NoSplitReason, language: str) -> None:
    earlier, later = FiscalYear(2566), FiscalYear(2567)
    missing = ((earlier, (IIT, "total")),)
    with language_set_to(language):
        texts = {
            other: refusal_text(NoSplit(earlier, later, other, (earlier,), missing))
            for other in NoSplitReason
        }
    assert sum(text == texts[reason] for text in texts.values()) == 1
    assert "2566" in texts[reason]


def test_missing_scores_are_named_with_their_year() -> None:
    split = split_change(
        year_scores(2566, total="84"), year_scores(2567, total="88", OIT="90"), REFERENCE
    )
    assert isinstance(split, NoSplit)
    assert "(ปี 2566: IIT, EIT, OIT; ปี 2567: IIT, EIT)" in refusal_text(split)
