"""The report as PDF: what two readers find in it is what went in; the form is the authority's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from ita.documents.model import REPLACEMENT
from ita.reports.looks import MAX_CREST_BYTES, CrestFault, validate_crest
from ita.reports.narrative import COLUMNS, NarrativeReport
from ita.reports.report_document import EMPTY_TABLE_TEXT, pdf_document
from tests.reports.printing import (
    BAD,
    BOTTOM,
    LEFT,
    PAGE,
    READERS,
    RIGHT,
    TOP,
    as_printed,
    bare,
    column,
    column_lines,
    edges,
    large_report,
    pages_of_pdfium,
    picture,
    report_of,
)

SEED = Path(__file__).parent / "seed_report_2567.json"
"""One agency's real report, as the project was given it; the samples were made from it."""


@pytest.fixture(scope="module")
def printed(report: NarrativeReport) -> bytes:
    return pdf_document(report)


def seed_columns() -> list[str]:
    """The five columns of the seed, by the seed alone: texts of its rows one after the other."""
    columns = [""] * 5
    for row in json.loads(SEED.read_text(encoding="utf-8"))["rows"]:
        columns[0] += f"{row['title_th']} ({row['title_en']}) {row['title_tail']}"
        columns[1] += "".join(f"{n}. {text}" for n, text in enumerate(row["measures"], start=1))
        columns[2] += "".join(f"- {text}" for text in row["summaries"])
        period = ["ดำเนินการ", row["period"]] if row["period"] else []
        columns[3] += "".join([*row["responsible"], *period])
        columns[4] += row["outcome"]
    return [bare(text) for text in columns]


@pytest.mark.parametrize("reader", READERS)
def test_every_word_of_the_seed_comes_out_of_the_pdf_and_nothing_else(
    printed: bytes, reader: str, tmp_path: Path
) -> None:
    pages = READERS[reader](printed, tmp_path)
    found = [column(pages, number, heading) for number, heading in enumerate(COLUMNS)]
    assert found == seed_columns()
    assert sum(map(len, found)) > 4_000


@pytest.mark.parametrize("reader", READERS)
def test_inside_a_line_every_space_stands_where_it_stood(
    printed: bytes, report: NarrativeReport, reader: str, tmp_path: Path
) -> None:
    pages = READERS[reader](printed, tmp_path)
    assert_lines_stand(report, pages)


@pytest.mark.parametrize("reader", READERS)
def test_a_line_that_begins_with_a_high_letter_is_a_line(reader: str, tmp_path: Path) -> None:
    high = report_of("ทั้งนี้ขึ้นนั้นพื้นตั้งนั้น" * 40, outcome="นี้ทั้งขึ้นพื้นที่ตั้ง" * 40)
    assert_lines_stand(high, READERS[reader](pdf_document(high), tmp_path))


TALL = [
    "เป้าหมาย",
    "ฝ่ายปกครอง",
    "ป่าไม้",
    "ฟื้นฟู",
    "กระเป๋า",
    "เปิดเผย",
    "ป้องกัน",
    "ปัญหา",
    "เฝื่อน",
    "ปีงบประมาณ",
    "ฟังก์ชัน",
    "ฟ้อง",
]
"""Words with a letter whose marks stand aside of its height."""


@pytest.mark.parametrize("reader", READERS)
def test_a_word_stays_one_word_where_marks_stand_aside(reader: str, tmp_path: Path) -> None:
    said = "\n".join(TALL)
    told = replace(report_of(said, outcome=said), agency="ฝ่ายป้องกันปัญหาการเปิดเผยเป้าหมายฟื้นฟู")
    pages = READERS[reader](pdf_document(told), tmp_path)
    assert column_lines(pages, 4, COLUMNS[4]) == TALL
    assert told.agency in pages[0][0]
    assert "ประจำปีงบประมาณ 2567" in pages[0][0]


def assert_lines_stand(report: NarrativeReport, pages: list[list[str]]) -> None:
    for number, heading in enumerate(COLUMNS):
        source = "\n".join(row.cells()[number] for row in report.rows)
        for line in column_lines(pages, number, heading):
            assert source.startswith(line), f"{line!r} is not how {source[:40]!r} begins"
            source = source[len(line) :].lstrip()
        assert source == ""


def test_a_reader_can_search(printed: bytes) -> None:
    pages = pypdfium2.PdfDocument(printed)

    def hits(word: str) -> int:
        return sum(page.get_textpage().search(word).get_next() is not None for page in pages)

    for word in ("ทั้งกรณี", "ย่างเคร่งครัด", "กองการศึกษาฯ", "ต่าง ๆ", "Instagram", "จำนวน"):
        assert hits(word), word
    assert not hits("ทั้ทั้ง")


def test_title_agency_year_and_introduction_stand_on_the_first_page(
    report: NarrativeReport, printed: bytes
) -> None:
    source = json.loads(SEED.read_text(encoding="utf-8"))
    first = bare(pages_of_pdfium(printed)[0][0])
    assert first.startswith(
        bare(f"{source['title']}ประจำปีงบประมาณ2567{report.agency}{source['intro']}")
    )


def test_each_page_says_which_of_how_many_and_what_goes_on(printed: bytes) -> None:
    texts = [page[0] for page in pages_of_pdfium(printed)]
    for number, text in enumerate(texts, start=1):
        assert f"หน้า {number} จาก {len(texts)}" in text
    assert "(ต่อ)" not in texts[0]
    assert "แบบวัด IIT (ต่อ)" in texts[1]


def test_the_sheet_is_a4_across_with_its_margins(printed: bytes) -> None:
    for page in pypdfium2.PdfDocument(printed):
        assert page.get_size() == pytest.approx(PAGE, abs=1)
        text = page.get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        wide = [box for box in boxes if box[2] > box[0]]
        assert min(box[0] for box in wide) >= LEFT - 1
        assert max(box[2] for box in wide) <= PAGE[0] - RIGHT + 1


def test_it_is_marked_for_keeping_and_for_screen_readers(
    printed: bytes, report: NarrativeReport
) -> None:
    assert b"<pdfaid:part>2</pdfaid:part>" in printed
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in printed
    assert b"<pdfuaid:part>1</pdfuaid:part>" in printed
    assert re.search(rb"/Lang ?\(th-TH\)", printed)
    document = pypdfium2.PdfDocument(printed)
    assert document.get_metadata_value("Title") == report.title
    assert document.get_metadata_value("Author") == report.agency
    assert document.is_tagged()


def test_the_font_comes_with_the_file(printed: bytes) -> None:
    fonts = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([A-Za-z-]+)", printed))
    assert fonts == {b"Laksaman", b"Laksaman-Bold"}


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_sixty_measures_of_another_agency_print_whole(reader: str, tmp_path: Path) -> None:
    large = large_report(60)
    pages = READERS[reader](pdf_document(large), tmp_path)
    for number, heading in enumerate(COLUMNS):
        expected = bare("".join(row.cells()[number] for row in large.rows))
        assert column(pages, number, heading) == expected
    assert_lines_stand(large, pages)
    assert large.agency in pages[0][0]
    assert 8 < len(pages) < 40


@pytest.mark.slow
def test_five_hundred_measures_print_whole_and_run_into_no_other_column() -> None:
    large = large_report(500)
    content = pdf_document(large)
    pages = pages_of_pdfium(content)
    for number, heading in enumerate(COLUMNS):
        expected = bare("".join(row.cells()[number] for row in large.rows))
        assert column(pages, number, heading) == expected
    assert not crossing(content)


LONG = ("ก" * 5_000, "x" * 5_000, "https://example.go.th/" + "a1" * 600, "จัดอบรม " * 700)


@pytest.mark.slow
@pytest.mark.parametrize("text", LONG, ids=("letter", "latin", "address", "words"))
def test_a_text_higher_than_a_page_stays_in_its_column(text: str) -> None:
    content = pdf_document(report_of(text[:5_000], outcome=text[:5_000]))
    pages = pages_of_pdfium(content)
    assert len(pages) > 2
    for number in (1, 4):
        told = column(pages, number, COLUMNS[number]).removeprefix("1.")
        assert told == bare(text[:5_000])
    assert not crossing(content)


def crossing(content: bytes) -> list[str]:
    """Letters that lie across a line between two columns, below the heading of the first page."""
    found = []
    for page in list(pypdfium2.PdfDocument(content))[1:]:
        text = page.get_textpage()
        for n in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(n)
            if bottom > BOTTOM and top < PAGE[1] - TOP:
                inner = [edge for edge in edges()[1:] if left + 0.5 < edge < right - 0.5]
                found += [text.get_text_range(n, 1)] * len(inner)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", BAD)
def test_strange_text_is_printed_as_text(name: str, reader: str, tmp_path: Path) -> None:
    text = BAD[name][0]
    content = pdf_document(report_of(text, results=(text,), outcome=text))
    pages = READERS[reader](content, tmp_path)
    expected = bare(as_printed(name))
    assert column(pages, 1, COLUMNS[1]) == f"1.{expected}"
    assert column(pages, 2, COLUMNS[2]) == f"-{expected}"
    assert column(pages, 4, COLUMNS[4]) == expected
    assert not re.search(rb"/(JavaScript|Launch|URI|EmbeddedFile)\b", content)


def test_signs_that_no_font_has_are_printed_as_a_box() -> None:
    text = "ดี 😀 มาก 👨‍👩‍👧 中文 ✓ → ≥ “ก” …"
    pages = pages_of_pdfium(pdf_document(report_of(text, outcome=text)))
    told = column(pages, 4, COLUMNS[4])
    assert told == bare("ดี □ มาก □□□ □□ ✓ → ≥ “ก” …")


def test_other_scripts_do_not_turn_the_thai_round() -> None:
    pages = pages_of_pdfium(pdf_document(report_of("เริ่ม שלום مرحبا จบ")))
    told = column(pages, 1, COLUMNS[1])
    assert told.startswith("1.เริ่ม")
    assert told.endswith("จบ")


def test_thousands_of_signs_without_a_font_are_found_at_once() -> None:
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 5_000))
    told = column(pages_of_pdfium(pdf_document(report_of(text))), 1, COLUMNS[1])
    assert told == "1." + REPLACEMENT * 5_000


def test_a_report_without_rows_says_so(report: NarrativeReport) -> None:
    pages = pages_of_pdfium(pdf_document(report.narrow_to(())))
    assert bare(EMPTY_TABLE_TEXT) in bare(pages[0][0])
    assert len(pages) == 1


def test_what_is_not_given_stays_empty(report: NarrativeReport) -> None:
    pages = pages_of_pdfium(pdf_document(report_of("ก")))
    assert column(pages, 2, COLUMNS[2]) == ""
    assert column(pages, 3, COLUMNS[3]) == "สำนักปลัด"
    assert column(pages, 4, COLUMNS[4]) == ""


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB"), ("JPEG", "L")]
)
def test_a_crest_stands_above_the_title(report: NarrativeReport, form: str, mode: str) -> None:
    crest = validate_crest(picture(form, mode=mode))
    page = pypdfium2.PdfDocument(pdf_document(report, crest))[0]
    (shown,) = [
        thing for thing in page.get_objects() if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    ]
    left, bottom, right, top = shown.get_bounds()
    assert top - bottom == pytest.approx(2 / 2.54 * 72, abs=1)
    assert (left + right) / 2 == pytest.approx((LEFT + PAGE[0] - RIGHT) / 2, abs=1)
    assert top == pytest.approx(PAGE[1] - TOP, abs=3)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg/>",
        picture("GIF"),
        picture("PNG")[:200],
        b"\x89PNG\r\n\x1a\n",
        picture("PNG", (5_000, 10), "L"),
        b"\xff" * (MAX_CREST_BYTES + 1),
    ],
    ids=("empty", "svg", "gif", "cut", "signature", "wide", "large"),
)
def test_what_is_no_crest_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(CrestFault, match="ตราหน่วยงาน"):
        validate_crest(content)
