"""Letters that a text layer broke are put together; what the author spelled otherwise stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.reports.reading.thai_repair import FONT_GLYPHS, RepairKind, Sureness, mend_letters


@pytest.mark.parametrize(
    ("broken", "whole", "kind"),
    [
        ("ท ี ่ประชุม", "ที่ประชุม", RepairKind.TORN_MARK),
        ("ระเบ ียบ", "ระเบียบ", RepairKind.TORN_MARK),
        ("เพ่ือ", "เพื่อ", RepairKind.MARK_ORDER),
        ("ขึ ้น", "ขึ้น", RepairKind.TORN_MARK),
        ("วา่", "ว่า", RepairKind.MARK_ORDER),
        ("ทัว่ กัน", "ทั่ว กัน", RepairKind.MARK_ORDER),
        ("สัง่การ", "สั่งการ", RepairKind.MARK_ORDER),
        ("เพือ่ให้", "เพื่อให้", RepairKind.MARK_ORDER),
        ("เครือ่งมือ", "เครื่องมือ", RepairKind.MARK_ORDER),
        ("ซึง่", "ซึ่ง", RepairKind.MARK_ORDER),
        ("นำ้", "น้ำ", RepairKind.MARK_ORDER),
        ("น้้ำ", "น้ำ", RepairKind.DOUBLED_MARK),
        ("ดำเนิินการ", "ดำเนินการ", RepairKind.DOUBLED_MARK),
        ("ที่ี่", "ที่", RepairKind.DOUBLED_MARK),
        ("ทํางาน", "ทำงาน", RepairKind.SPLIT_VOWEL),
        ("นํ้า", "น้ำ", RepairKind.SPLIT_VOWEL),
        ("นํ ้ า", "น้ำ", RepairKind.SPLIT_VOWEL),
        ("เเผน", "แผน", RepairKind.SPLIT_VOWEL),
        ("เ เผน", "แผน", RepairKind.SPLIT_VOWEL),
        ("เ พื่อ", "เพื่อ", RepairKind.SPACED_LETTERS),
        ("สาธ า รณะ", "สาธา รณะ", RepairKind.SPACED_LETTERS),
        ("ท\uf70aาน", "ท่าน", RepairKind.FONT_GLYPH),
        ("ป\uf702", "ปี", RepairKind.FONT_GLYPH),
        ("ราช\u200bการ", "ราชการ", RepairKind.INVISIBLE),
    ],
)
def test_broken_letters_are_mended_and_named(broken: str, whole: str, kind: RepairKind) -> None:
    line = mend_letters(broken)
    assert line.text == whole
    assert kind in {repair.kind for repair in line.repairs}
    assert {repair.sure for repair in line.repairs} == {Sureness.CERTAIN}


@pytest.mark.parametrize(
    "text",
    [
        "ปฏิบัติย่างเคร่งครัด",
        "ทีถูกต้อง",
        "เจ้าหน้าที่ที่เกี่ยวข้อง",
        "กิจกรรมต่าง ๆ ของกองการศึกษาฯ",
        "สิทธิ์ และเล่ห์ บริสุทธิ์ ก็ได้ น้ำ ก่ำ",
        "E-Service (ITA) 2567 ร้อยละ 85.50",
        "ทำดีดีมาก",
        "วันน่ะ สัมม่า ตัวนี้ ศัพท์ สัตว์",
        "มืออ่อน คืนนี้ ถึงง่าย ลึกซึ้ง ดีค่ะ",
        "- ก. ข้อ ๑",
        "",
        "   ",
    ],
)
def test_what_is_thai_stays_as_its_author_wrote_it(text: str) -> None:
    line = mend_letters(text)
    assert line.text == text
    assert not line.repairs


def test_all_glyphs_of_old_fonts_become_letters() -> None:
    assert len(FONT_GLYPHS) == 0x1B
    assert all("\u0e01" <= letter <= "\u0e4d" for letter in FONT_GLYPHS.values())


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xE7F), max_size=60))
def test_mending_what_was_mended_changes_nothing(text: str) -> None:
    once = mend_letters(text).text
    assert mend_letters(once).text == once


@given(st.text(alphabet="กขทนอเแาำะิี่้์ํ ็", max_size=30))
def test_mending_keeps_consonants_in_order(text: str) -> None:
    def consonants(letters: str) -> str:
        return "".join(letter for letter in letters if "\u0e01" <= letter <= "\u0e2e")

    assert consonants(mend_letters(text).text) == consonants(text)
