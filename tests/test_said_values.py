"""How things are said in the language that is spoken: missing, scores, years, days; sorted and cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from ita import formatting, i18n
from ita.domain import TOTAL, FiscalYear, Instrument, Quarter, Verdict
from ita.i18n import _, language_set_to, set_language


def test_language_is_thai_until_another_is_spoken() -> None:
    assert i18n.language() == "th"
    set_language("en")
    assert (i18n.language(), _("คะแนนรวม")) == ("en", "Total")
    set_language("th")
    assert (i18n.language(), _("คะแนนรวม")) == ("th", "คะแนนรวม")


@pytest.mark.parametrize("unknown", ["", "EN", "fr", "th-TH", "../en"])
def test_unknown_language_is_thai(unknown: str) -> None:
    set_language("en")
    set_language(unknown)
    assert i18n.language() == "th"
    with language_set_to(unknown):
        assert _("คะแนนรวม") == "คะแนนรวม"


def test_speaking_ends_with_its_block() -> None:
    with language_set_to("en"):
        with language_set_to("th"):
            assert i18n.language() == "th"
        assert i18n.language() == "en"
    with pytest.raises(ZeroDivisionError), language_set_to("en"):
        raise ZeroDivisionError
    assert i18n.language() == "th"


def test_say_fills_places_and_keeps_what_the_catalogue_lacks() -> None:
    assert _("ตัวชี้วัดที่ {number}", number=3) == "ตัวชี้วัดที่ 3"
    with language_set_to("en"):
        assert _("ตัวชี้วัดที่ {number}", number=3) == "Indicator 3"
        assert _("ไม่อยู่ในรายการ {number}", number=3) == "ไม่อยู่ในรายการ 3"


def test_values_are_never_read_as_places() -> None:
    assert _("แหล่งที่มา: {source}", source="{source} {0}") == "แหล่งที่มา: {source} {0}"


def test_either_takes_thai_where_english_is_blank() -> None:
    assert i18n.either("กอง", "Division") == "กอง"
    with language_set_to("en"):
        assert i18n.either("กอง", "Division") == "Division"
        assert i18n.either("กอง", "") == "กอง"


@pytest.mark.parametrize(
    "tell", [formatting.score_text, formatting.change_text, formatting.percent_text]
)
def test_missing_is_said_and_never_zero(tell: Callable[[None], str]) -> None:
    assert tell(None) == formatting.no_data() == "ไม่มีข้อมูล"
    with language_set_to("en"):
        assert tell(None) == formatting.no_data() == "No data"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("91.1"), "91.10"),
        (Decimal("84.995"), "85.00"),
        (Decimal("84.985"), "84.99"),
        (Decimal("84.9949"), "84.99"),
        (Decimal(0), "0.00"),
        (Decimal(100), "100.00"),
        (84.995, "85.00"),
    ],
)
def test_score_has_two_places_rounded_half_up(value: Decimal | float, told: str) -> None:
    assert formatting.score_text(value) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [("4.37", "+4.37"), ("-3.44", "−3.44"), ("0.00", "+0.00"), ("10", "+10.00")],
)
def test_change_has_its_sign(value: str, told: str) -> None:
    assert formatting.change_text(Decimal(value)) == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal(100), "100 %"),
        (Decimal(0), "0 %"),
        (Decimal("85.50"), "85.5 %"),
        (Decimal("33.335"), "33.34 %"),
        (Decimal("12.345"), "12.35 %"),
        (Decimal("10.000000"), "10 %"),
        (70.52, "70.52 %"),
    ],
)
def test_percent_is_rounded_as_scores_are_without_idle_zeros(
    value: Decimal | float, told: str
) -> None:
    assert formatting.percent_text(value) == told


def test_year_is_buddhist_era_with_the_common_one_in_english() -> None:
    assert formatting.year_text(2567) == formatting.year_text(FiscalYear(2567)) == "ปี 2567"
    with language_set_to("en"):
        assert formatting.year_text(FiscalYear(2567)) == "FY2567 (2024)"


def test_quarter_is_said_with_its_year() -> None:
    first = Quarter(FiscalYear(2567), 1)
    assert formatting.quarter_text(first) == "ไตรมาส 1/2567"
    with language_set_to("en"):
        assert formatting.quarter_text(first) == "Q1 of FY2567"


@pytest.mark.parametrize(
    ("day", "thai", "english_"),
    [
        (date(2024, 1, 30), "30 ม.ค. 2567", "30 Jan 2024"),
        (date(2023, 10, 1), "1 ต.ค. 2566", "1 Oct 2023"),
        (date(2024, 2, 29), "29 ก.พ. 2567", "29 Feb 2024"),
        (date(2026, 12, 31), "31 ธ.ค. 2569", "31 Dec 2026"),
    ],
)
def test_day_is_said_in_the_era_of_its_language(day: date, thai: str, english_: str) -> None:
    assert formatting.date_text(day) == thai
    with language_set_to("en"):
        assert formatting.date_text(day) == english_


def test_each_month_has_a_name_of_its_own() -> None:
    told = [formatting.date_text(date(2024, month, 5)) for month in range(1, 13)]
    assert [text.split()[1] for text in told] == list(formatting._THAI_MONTHS)
    assert len(set(told)) == 12


def test_part_is_said_as_a_label() -> None:
    parts = (TOTAL, Instrument.EIT, "OIT", "10")
    assert [*map(formatting.part_text, parts)] == ["คะแนนรวม", "EIT", "OIT", "ตัวชี้วัดที่ 10"]
    with language_set_to("en"):
        assert [*map(formatting.part_text, parts)] == ["Total", "EIT", "OIT", "Indicator 10"]


def test_each_verdict_has_words_of_its_own() -> None:
    assert {v: formatting.verdict_text(v) for v in Verdict} == {
        Verdict.RISING: "เพิ่มขึ้นทุกปี",
        Verdict.FALLING: "ลดลงทุกปี",
        Verdict.MIXED: "ขึ้นบ้างลงบ้าง",
        Verdict.FLAT: "คงที่",
        Verdict.NOT_ENOUGH_DATA: "ข้อมูลไม่พอ",
    }
    with language_set_to("en"):
        assert {v: formatting.verdict_text(v) for v in Verdict} == {
            Verdict.RISING: "rising every year",
            Verdict.FALLING: "falling every year",
            Verdict.MIXED: "up and down",
            Verdict.FLAT: "unchanged",
            Verdict.NOT_ENOUGH_DATA: "not enough data",
        }


def test_thai_is_sorted_as_a_dictionary_does() -> None:
    words = [
        "แก้ว",
        "ไก่",
        "ข้าว",
        "เก่า",
        "กา",
        "ก๋า",
        "ขาว",
        "เกาะ",
        "น้ำ",
        "นำ",
        "แพร่",
        "พะเยา",
        "",
    ]
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT unnest($words) AS w ORDER BY w COLLATE th", {"words": words})
        expected = [word for (word,) in rows.fetchall()]
    assert sorted(words, key=formatting.thai_order) == expected
    assert sorted(words) != expected


SENTENCE = "การกำกับดูแล ตรวจสอบเพื่อป้องกันมิให้นำทรัพย์สินราชการไปใช้ประโยชน์ในทางส่วนตัวหรือพวกพ้อง"


def test_a_text_is_cut_between_words() -> None:
    assert formatting.shortened(SENTENCE) == SENTENCE
    assert formatting.shortened(f"{SENTENCE} ทุกไตรมาส") == f"{SENTENCE}…"
    assert (
        formatting.shortened("จัดทำรายงานการใช้จ่าย ประจำปี ตามแผน", 30) == "จัดทำรายงานการใช้จ่าย ประจำปี…"
    )


def test_without_any_blank_no_sign_loses_its_letter() -> None:
    # Of ก้ 10 times, an odd cut would take the tone mark away from its letter.
    assert formatting.shortened("ก้" * 10, 5) == "ก้ก้…"
    assert formatting.shortened("น้ำ" * 10, 5) == "น้ำ…"
