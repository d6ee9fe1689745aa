"""Pieces of a text say together what the text said."""

from __future__ import annotations

import json

import pypdfium2
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from ita.charts.typst_figures import FONTS, ROOT
from ita.documents.pdf import MAX_RUN_LENGTH, WHOLE_WORDS, Piece, split_line


def said(told: list[Piece]) -> str:
    def words(piece: Piece) -> str:
        if isinstance(piece, dict):
            return piece.get("unbroken") or " "
        return piece or ""

    return "".join(map(words, told))


THAI = st.text(st.sampled_from("กขคปดมา ีุ่้ๆฯเไต่างอื่นABz019-./ "), max_size=80)


@given(THAI | st.text(max_size=80))
def test_nothing_is_lost_or_added(text: str) -> None:
    assert said(list(split_line(text))) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("กองการศึกษาฯ", ["กองการศึกษาฯ"]),
        ("กองคลัง กองการศึกษาฯ และ", ["กองการศึกษาฯ"]),
        ("โครงการต่าง ๆ และอื่นๆ", ["ต่าง ๆ", "อื่นๆ"]),
        ("ไตรมาส 1-4 ปีงบประมาณ 2567", ["ไตรมาส", "1-4", "ปีงบประมาณ"]),
        ("องค์การบริหารส่วนตำบลหนองแวง", ["องค์การ", "ตำบล"]),
        ("อย่าง (โปร่งใส) และ“คุณธรรม”, ไตรมาส4", ["(โปร่งใส)", "“คุณธรรม”,", "ไตรมาส4"]),
        ("งบประมาณะ", []),
        ("ออนไลน์ (E-Service) ที่", ["E-Service"]),
        ("a-b-c", []),
        ("ก" * 17 + "ฯ", []),
    ],
)
def test_what_stays_on_one_line(text: str, kept: list[str]) -> None:
    assert [
        piece["unbroken"]
        for piece in split_line(text)
        if isinstance(piece, dict) and "unbroken" in piece
    ] == kept


def test_no_line_ends_inside_a_whole_word() -> None:
    page = (
        '#import "/ita/documents/sheet.typ": joined\n'
        '#set text(font: "Laksaman", lang: "th")\n'
        "#for word in json(bytes(sys.inputs.told)) { page(context block(width: measure(joined(word)).width + 1pt, [ของ] + joined(word))) }"
    )
    words = (*WHOLE_WORDS, "บุคลากรทุกระดับ")
    told = json.dumps([list(split_line(word)) for word in words], ensure_ascii=False)
    made = typst.compile(
        page.encode(),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
    )
    sheets = [one.get_textpage().get_text_bounded().split() for one in pypdfium2.PdfDocument(made)]
    assert [lines == ["ของ", word] for lines, word in zip(sheets, words, strict=True)] == [
        *([True] * len(WHOLE_WORDS)),
        False,
    ]


@pytest.mark.parametrize("run", ["x" * 300, "https://example.go.th/" + "a" * 100, "ก" * 100])
def test_a_run_without_end_is_cut(run: str) -> None:
    told = [piece for piece in split_line(f"ดู{run[0]} {run} จบ") if isinstance(piece, str)]
    assert max(len(piece) for piece in told) <= MAX_RUN_LENGTH + 3


def test_ordinary_thai_is_left_alone() -> None:
    text = "จัดอบรมจริยธรรมและธรรมาภิบาลให้บุคลากรทุกระดับ พร้อมแบบทดสอบ" * 5
    assert [piece for piece in split_line(text) if piece] == [text]


def test_a_space_after_a_mark_goes_to_what_follows() -> None:
    assert [p for p in split_line("เว็บไซต์ www") if p != ""] == ["เว็บไซต์", None, " www"]
    assert {"halves": "  "} in list(split_line("ทั้งนี้ ผู้บริหาร"))
    assert {"halves": "  "} in list(split_line("ปี 1-4"))
    assert list(split_line("กอง คลัง")) == ["กอง คลัง"]
