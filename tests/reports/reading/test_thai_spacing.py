"""A space stays where Thai puts one; lines that end within a sentence are joined."""

from __future__ import annotations

import pytest

from ita.reports.reading.thai_repair import RepairKind, Sureness, mend_letters
from ita.reports.reading.thai_spacing import DocumentSpaces, join_lines
from ita.reports.reading.thai_words import cut_words, thai_words

BROKEN = ("ก ับข ้าวท ี่ร ้าน", "ร ู้ว ่าด ี", "ท ี่น ี่")
"""Lines by which a document is known to be damaged."""


def joined(*lines: str, beside: tuple[str, ...] = BROKEN) -> str:
    mended = [mend_letters(line) for line in lines]
    document = DocumentSpaces([*mended, *(mend_letters(line) for line in beside)])
    return join_lines(mended, document).text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("การแก้ไข", "ปัญหาการทุจริต"), "การแก้ไขปัญหาการทุจริต"),
        (("ของราชการ ", "การยืมพัสดุ"), "ของราชการ การยืมพัสดุ"),
        (("เช่น ", "Facebook Line "), "เช่น Facebook Line"),
        (("ผ่าน", "Facebook"), "ผ่าน Facebook"),
        (("ปีงบประมาณ", "2566"), "ปีงบประมาณ 2566"),
        (("ระเบียบ/", "ประกาศ"), "ระเบียบ/ประกาศ"),
        (("เจ้าหน้าที", "่ทุกคน"), "เจ้าหน้าที่ทุกคน"),
        (("เปิ ด โ อ ก าส  ให ้ ป ระช าชน",), "เปิดโอกาส ให้ประชาชน"),
        (("กฎหมาย  ทั ้งกรณี",), "กฎหมาย ทั้งกรณี"),
        (("ข้อมูล ท่ี เปิดเผย",), "ข้อมูลที่เปิดเผย"),
        (("ด ้วยความถ ูก ต ้อง",), "ด้วยความถูกต้อง"),
        (("กอ งคลัง",), "กองคลัง"),
        (("กิจกรรมต่าง ๆ ", "ของอำเภอ"), "กิจกรรมต่าง ๆ ของอำเภอ"),
        (("I T A ข อ ง เ ม ือ ง",), "ITA ของเมือง"),
        (("", "  ", "กองช่าง"), "กองช่าง"),
        ((), ""),
    ],
)
def test_lines_of_a_broken_document(lines: tuple[str, ...], text: str) -> None:
    assert joined(*lines) == text


@pytest.mark.parametrize("text", ["ข้อมูล ข่าวสาร และ เอกสาร", "หน่วย งาน", "ที่ ประชุม", "การ ใช้"])
def test_a_whole_document_keeps_its_spaces(text: str) -> None:
    assert joined(text, beside=("ประชุมประจำเดือน", "ของหน่วยงาน")) == text


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("ช่องทางที่เปิ ดเผยและปกปิ ดชื่อ", "ช่องทางที่เปิดเผยและปกปิดชื่อ"),
        ("กำหนดมาตรการป้ องกันการทุจริต", "กำหนดมาตรการป้องกันการทุจริต"),
        ("ประจำปี และรายงาน", "ประจำปี และรายงาน"),
    ],
)
def test_a_space_behind_a_mark_in_the_midst_of_a_word_is_nobodys(text: str, whole: str) -> None:
    assert joined(text, beside=("ประชุมประจำเดือน", "ของหน่วยงาน")) == whole


def test_the_rest_of_the_document_says_whether_a_line_end_was_a_space() -> None:
    beside = ("ตามระเบียบพัสดุ พ.ศ.2560 ทุกข้อ",)
    assert joined("ตามระเบียบพัสดุ", "พ.ศ.2560", beside=beside) == "ตามระเบียบพัสดุ พ.ศ.2560"


def test_a_word_far_more_often_together_is_joined_in_a_whole_line() -> None:
    beside = (*BROKEN, "ของหน่วยงาน", "ให้หน่วยงาน", "ทุกหน่วยงาน")
    assert joined("ภายในหน่วย งานและ", beside=beside) == "ภายในหน่วยงานและ"


def test_repairs_say_what_was_done_and_how_sure_it_is() -> None:
    lines = [mend_letters(line) for line in ("ด ้วยความถ ูก ต ้อง", "และเป็นธรรม")]
    repairs = join_lines(lines, DocumentSpaces([*lines, *map(mend_letters, BROKEN)])).repairs
    kinds = [repair.kind for repair in repairs]
    assert kinds.count(RepairKind.TORN_MARK) == 3
    within = [r for r in repairs if r.kind is RepairKind.SPACED_LETTERS]
    assert [r.sure for r in within] == [Sureness.LIKELY]
    assert within[0].before.replace(" ", "") == within[0].after
    assert RepairKind.CUT_LINE in kinds


def test_words_are_cut_so_that_most_is_known() -> None:
    cuts = cut_words("เจ้าหน้าที่ของรัฐ")
    assert cuts.ends[-1] == len("เจ้าหน้าที่ของรัฐ")
    assert cuts.unknown == 0
    assert cut_words("กฺกฺกฺ").unknown == 3
    assert cut_words("").ends == ()


def test_word_list_holds_nothing_but_thai() -> None:
    words = thai_words()
    assert len(words) > 50_000
    assert all("\u0e01" <= letter <= "\u0e4d" for word in words for letter in word)
