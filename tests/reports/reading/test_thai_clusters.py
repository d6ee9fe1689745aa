"""What whole fonts did to letters is undone where words or the rest of the document show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita.reports.reading.thai_clusters import FontDamage, font_damage, mend_clusters
from ita.reports.reading.thai_repair import RepairKind, Sureness, mend_letters
from tests.reports.reading.damage import HEAD, printed
from tests.reports.reading.invented import TOWN
from tests.reports.reading.reading import read

DOUBLES, MOVES = FontDamage(doubles=True), FontDamage(moves=True)


@pytest.mark.parametrize(
    ("broken", "whole"),
    [("ทั้ทั้งนี้", "ทั้งนี้"), ("มากขึ้ขึ้น", "มากขึ้น"), ("ทั้ทั ้งหมด", "ทั้งหมด")],
)
def test_a_letter_drawn_twice_is_known_by_the_word(broken: str, whole: str) -> None:
    line = mend_clusters(mend_letters(broken), FontDamage())
    assert line.text == whole
    assert line.repairs[-1].kind is RepairKind.DOUBLED_MARK
    assert line.repairs[-1].sure is Sureness.LIKELY


@pytest.mark.parametrize("text", ["เจ้าหน้าที่ที่เกี่ยวข้อง", "ผู้ที่ที่ประชุมเลือก", "สีสีขาว"])
def test_what_may_be_meant_stays(text: str) -> None:
    assert mend_clusters(mend_letters(text), FontDamage()).text == text


def test_a_document_that_doubles_throughout_is_undone_throughout() -> None:
    lines = ["ที่ที่ประชุม", "หน้าที่ที่", "ทั้ทั้ง", "ชี้ชี้แจง", "ผู้ผู้รับ", "ขึ้ขึ้น"]
    damage = font_damage(lines)
    assert damage.doubles
    assert [mend_clusters(mend_letters(line), damage).text for line in lines[:2]] == [
        "ที่ประชุม",
        "หน้าที่",
    ]
    whole = mend_clusters(mend_letters("เจ้าหน้าที่ที่ที่ที่เกี่ยว"), DOUBLES)
    assert whole.text == "เจ้าหน้าที่ที่เกี่ยว"


def test_ordinary_documents_are_not_taken_for_damaged() -> None:
    assert font_damage(printed(TOWN).split("\n")) == FontDamage()


def test_marks_go_back_to_the_letter_before_where_that_makes_words() -> None:
    lines = ["ตอ้งเปน็", "ประโยชนส์ว่น", "เรือ่งรอ้งเรียน"]
    damage = font_damage(lines)
    assert damage.moves
    assert mend_clusters(mend_letters("ตอ้งเปน็"), damage).text == "ต้องเป็น"
    assert mend_clusters(mend_letters("ตอ้งเปน็"), FontDamage()).text == "ตอ้งเปน็"


@given(st.text(alphabet="กปทนงอเมาีั้่็ ", max_size=40))
def test_offsets_stay_within_the_line(text: str) -> None:
    line = mend_clusters(mend_letters(text), FontDamage(True, True, True))
    assert all(0 <= at < len(line.text) for at in line.torn | line.reordered | line.apart)


_PIECES = st.sampled_from(
    [
        *printed(TOWN).split("\n"),
        *HEAD.split("\n"),
        "\f",
        "\t\t",
        "(ลงชื่อ)",
        "1. ",
        "- ",
        "ตัวชี้วัดที่ 3",
        "๒",
    ]
)


@given(st.lists(_PIECES, max_size=60))
def test_no_order_of_lines_makes_the_reading_fail(lines: list[str]) -> None:
    draft = read("\n".join(lines))
    assert len({row.instrument for row in draft.rows}) == len(draft.rows)


def test_a_gap_that_a_program_sees_behind_tall_letters_is_no_space() -> None:
    lines = ["เป็ นผู้ให้ข้อมูล", "การป้ องกันการทุจริต", "แก้ไขปั ญหา", "รับฟั งความคิดเห็น"]
    damage = font_damage(lines)
    assert damage == FontDamage(parts=True)
    mended = [mend_clusters(mend_letters(line), damage) for line in lines]
    assert [line.text for line in mended] == [line.replace(" ", "") for line in lines]
    assert {repair.kind for line in mended for repair in line.repairs} == {
        RepairKind.SPACED_LETTERS
    }
    whole = [*lines, "เป็นประจำทุกปีงบประมาณ", "ปัญหาของฝ่ายบริหาร"]
    assert font_damage(whole) == FontDamage()
