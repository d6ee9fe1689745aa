"""PDFs as other agencies make them: other tables, no lines at all, turned pages, heads, stamps."""

from __future__ import annotations

import pytest

from ita.reports.reading.errors import READ_LIMITS
from ita.reports.reading.layout import Box, Layout, TextCell, TextLine, TextTable
from ita.reports.reading.page_joining import PageLayout, PageTable, joined_pages
from ita.reports.reading.pdf import read_pdf
from tests.reports.reading.bad_pdfs import text_page
from tests.reports.reading.making import cell_texts, lines_of, tables_of, typst_pdf

A4 = '#set page("a4"); #set text(font: "Laksaman", size: 14pt, lang: "th");'
WIDE = '#set page("a4", flipped: true); #set text(font: "Laksaman", size: 14pt, lang: "th");'


def _read(source: str) -> Layout:
    return read_pdf(typst_pdf(source), READ_LIMITS)


def _table(source: str) -> TextTable:
    (table,) = tables_of(_read(source))
    return table


def test_one_table_an_instrument_each_under_its_heading() -> None:
    source = A4
    for instrument, work in (("IIT", "อบรมจริยธรรม"), ("EIT", "ปรับปรุงเว็บไซต์")):
        source += (
            f"\n\n*แบบวัด {instrument}*\n\n"
            "#table(columns: (1fr, 3fr, 2fr), [ลำดับ], [มาตรการ], [ผู้รับผิดชอบ],"
            f"[1], [{work}], [สำนักปลัด], [2], [เผยแพร่ข้อมูล], [กองคลัง])"
        )
    layout = _read(source)
    assert [type(block).__name__ for block in layout.blocks] == ["TextLine", "TextTable"] * 2
    assert lines_of(layout) == ["แบบวัด IIT", "แบบวัด EIT"]
    first, second = tables_of(layout)
    assert cell_texts(first)[1] == ["1", "อบรมจริยธรรม", "สำนักปลัด"]
    assert cell_texts(second)[1] == ["1", "ปรับปรุงเว็บไซต์", "สำนักปลัด"]


def test_six_columns_across_a_wide_page() -> None:
    rows = "".join(
        f"[{n}], [แบบวัด IIT], [มาตรการที่ {n} ซึ่งยาวกว่าช่องจึงขึ้นบรรทัดใหม่], [ดำเนินการแล้ว], [กองคลัง], [ดีขึ้น],"
        for n in range(1, 5)
    )
    table = _table(
        WIDE + "#table(columns: (1cm, 3cm, 1fr, 1fr, 3cm, 3cm), [ที่], [แบบวัด], [มาตรการ], [ผล], "
        f"[ผู้รับผิดชอบ], [ผลลัพธ์], {rows})"
    )
    assert len(table.rows) == 5
    assert cell_texts(table)[4] == [
        "4", "แบบวัดIIT", "มาตรการที่4ซึ่งยาวกว่าช่องจึงขึ้นบรรทัดใหม่", "ดำเนินการแล้ว", "กองคลัง", "ดีขึ้น",
    ]  # fmt: skip


def test_merged_cells_cover_their_rows_and_columns() -> None:
    table = _table(
        A4 + "#table(columns: (3cm, 3cm, 3cm, 3cm),"
        "table.cell(rowspan: 2)[แบบวัด], table.cell(colspan: 2)[การดำเนินการ], table.cell(rowspan: 2)[หมายเหตุ],"
        "[มาตรการ], [ผล], table.cell(rowspan: 2)[IIT], [หนึ่ง], [ทำแล้ว], [], [สอง], [ทำแล้ว], [ก])"
    )
    spans = [[(cell.column_span, cell.row_span) for cell in row] for row in table.rows]
    assert spans == [[(1, 2), (2, 1), (1, 2)], [(1, 1)] * 2, [(1, 2), *[(1, 1)] * 3], [(1, 1)] * 3]
    assert cell_texts(table) == [
        ["แบบวัด", "การดำเนินการ", "หมายเหตุ"],
        ["มาตรการ", "ผล"],
        ["IIT", "หนึ่ง", "ทำแล้ว", ""],
        ["สอง", "ทำแล้ว", "ก"],
    ]


GRID_ROWS = (
    ("1", "จัดอบรมจริยธรรมให้บุคลากรทุกระดับ พร้อมแบบทดสอบก่อนและหลัง", "สำนักปลัด"),
    ("2", "เผยแพร่แผนการจัดซื้อจัดจ้างและผลการใช้จ่ายงบประมาณบนเว็บไซต์", "กองคลัง"),
    ("3", "ทบทวนคู่มือการให้บริการของกองช่าง กองคลัง ให้เป็นปัจจุบัน", "กองช่าง"),
)


def _grid(gutter: str, stroke: str = "none") -> str:
    cells = "".join(f"[{text}]," for row in GRID_ROWS for text in row)
    return (
        A4
        + "ผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ 2567 ดังนี้\n\n"
        f"#table(columns: (1.2cm, 7cm, 3.5cm), stroke: {stroke}, row-gutter: {gutter}, column-gutter: 8pt,"
        f"[ที่], [มาตรการ], [ผู้รับผิดชอบ], {cells})\n\n"
        "ทั้งนี้ หน่วยงานจะนำผลการดำเนินการไปปรับปรุงแผนของปีถัดไปตามข้อเสนอแนะของคณะกรรมการที่เกี่ยวข้อง"
    )


@pytest.mark.parametrize("gutter", ["0pt", "10pt"])
def test_columns_without_any_lines_are_a_table(gutter: str) -> None:
    layout = _read(_grid(gutter))
    (table,) = tables_of(layout)
    assert not table.ruled
    assert cell_texts(table) == [
        ["ที่", "มาตรการ", "ผู้รับผิดชอบ"],
        *[["".join(text.split()) for text in row] for row in GRID_ROWS],
    ]
    # What stands above and below is no part of it.
    assert lines_of(layout)[0].startswith("ผลการดำเนินการ")
    assert "".join(lines_of(layout)).endswith("คณะกรรมการที่เกี่ยวข้อง")


REPORT_ROWS = (
    ("แบบวัด IIT", "1. จัดอบรมจริยธรรมให้บุคลากรทุกระดับ พร้อมแบบทดสอบก่อนและหลัง\n\n2. เผยแพร่แผนการจัดซื้อจัดจ้าง",
     "ดำเนินการแล้วทุกไตรมาส มีผู้เข้าร่วมจำนวนมาก", "สำนักปลัด\n\nกองคลัง", "คะแนนดีขึ้นกว่าปีที่ผ่านมาอย่างชัดเจน"),
    ("แบบวัด EIT", "1. ปรับปรุงเว็บไซต์ของหน่วยงานให้เป็นปัจจุบันอยู่เสมอ", "ปรับปรุงแล้ว", "กองช่าง", "ประชาชนพึงพอใจ"),
    ("แบบวัด OIT", "1. เปิดเผยข้อมูลตามตัวชี้วัดทุกข้อบนเว็บไซต์ของหน่วยงาน", "เปิดเผยครบ", "สำนักปลัด", "คะแนน OIT เต็ม"),
)  # fmt: skip


@pytest.mark.parametrize("align", ["top", "horizon"])
@pytest.mark.parametrize("gutter", ["0pt", "8pt"])
@pytest.mark.parametrize("stroke", ["none", "(x, y) => if y == 0 or y == 1 { (top: 0.5pt) }"])
def test_a_whole_report_without_lines_is_a_row_an_instrument(
    align: str, gutter: str, stroke: str
) -> None:
    """Columns stand as near to each other as Word's cells do, and texts at the top or in the middle."""
    head = ("แบบวัด", "มาตรการ", "สรุปผล", "ผู้รับผิดชอบ", "ผลลัพธ์")
    cells = "".join(f"[{text}]," for row in (head, *REPORT_ROWS) for text in row)
    table = _table(
        WIDE + "#set par(spacing: 0.65em);#table(columns: (3cm, 1fr, 1fr, 3cm, 4cm), "
        f"align: {align}, row-gutter: {gutter}, stroke: {stroke}, {cells})"
    )
    assert not table.ruled
    expected = [["".join(text.split()) for text in row] for row in (head, *REPORT_ROWS)]
    assert cell_texts(table) == expected


@pytest.mark.parametrize("indent", ["0.3cm", "1.2cm"])
def test_a_list_with_its_numbers_far_from_its_texts_is_no_table(indent: str) -> None:
    item = "+ จัดอบรมจริยธรรมให้บุคลากรทุกระดับ พร้อมแบบทดสอบก่อนและหลัง รวมทั้งติดตามผลรายไตรมาสและรายงาน\n"
    layout = _read(A4 + f'#set enum(body-indent: {indent}, numbering: "1.");\n' + item * 5)
    assert not tables_of(layout)
    assert lines_of(layout)[2].startswith("2. จัดอบรม")


def test_lines_between_rows_alone_make_no_cells_but_columns_do() -> None:
    layout = _read(_grid("0pt", "(x, y) => (top: 0.5pt, bottom: 0.5pt)"))
    (table,) = tables_of(layout)
    assert [len(row) for row in table.rows] == [3] * 4
    assert cell_texts(table)[2][2] == "กองคลัง"


def test_open_sides_are_sides() -> None:
    """Lines between cells, none around the table."""
    table = _table(
        A4 + "#table(columns: (3cm, 6cm, 4cm), stroke: (x, y) => (left: if x > 0 { 0.5pt }, "
        "top: if y > 0 { 0.5pt }), [แบบวัด], [มาตรการ], [ผล], [IIT], [อบรม], [ทำแล้ว], [EIT], [เผยแพร่], [ทำแล้ว])"
    )
    assert table.ruled
    assert cell_texts(table) == [
        ["แบบวัด", "มาตรการ", "ผล"],
        ["IIT", "อบรม", "ทำแล้ว"],
        ["EIT", "เผยแพร่", "ทำแล้ว"],
    ]


PROSE = """
= รายงานผลการดำเนินการ ประจำปีงบประมาณ 2566
== แบบวัด IIT
1. จัดอบรมจริยธรรมให้บุคลากรทุกระดับ พร้อมแบบทดสอบก่อนและหลัง รวมทั้งติดตามผลรายไตรมาสและรายงานต่อผู้บริหารทุกครั้งที่มีการประชุม
2. เผยแพร่แผนการจัดซื้อจัดจ้าง
== แบบวัด EIT
- เปิดช่องทางร้องเรียน
- ทบทวนคู่มือ
"""


def test_prose_under_headings_is_lines_and_no_table() -> None:
    layout = _read(A4 + '#set enum(numbering: "1."); #set list(marker: [-]);' + PROSE)
    assert not tables_of(layout)
    lines = lines_of(layout)
    assert lines[:2] == ["รายงานผลการดำเนินการ ประจำปีงบประมาณ 2566", "แบบวัด IIT"]
    assert lines[2].startswith("1. จัดอบรมจริยธรรม")
    assert lines[-2:] == ["- เปิดช่องทางร้องเรียน", "- ทบทวนคู่มือ"]
    bold = [b.text.strip() for b in layout.blocks if getattr(b, "bold", False)]
    assert bold == ["รายงานผลการดำเนินการ ประจำปีงบประมาณ 2566", "แบบวัด IIT", "แบบวัด EIT"]


def _long_table(header: str) -> str:
    rows = "".join(f"[{n}], [มาตรการที่ {n} ของปี], [กองที่ {n}]," for n in range(1, 100))
    return f"#table(columns: (2cm, 8cm, 4cm), {header} {rows})"


@pytest.mark.parametrize(
    "header", ["table.header([ที่], [มาตรการ], [กอง]),", "[ที่], [มาตรการ], [กอง],"]
)
def test_a_table_goes_on_over_pages_with_and_without_its_header_again(header: str) -> None:
    layout = _read(A4 + _long_table(header))
    assert layout.pages > 2
    (table,) = tables_of(layout)
    assert cell_texts(table) == [
        ["ที่", "มาตรการ", "กอง"],
        *[[str(n), f"มาตรการที่{n}ของปี", f"กองที่{n}"] for n in range(1, 100)],
    ]


def test_a_head_that_comes_again_is_told_once_and_page_numbers_never() -> None:
    layout = _read(
        '#set page("a4", header: [รายงานผล ITA ประจำปี 2567 #h(1fr) เทศบาลตำบลตัวอย่าง], '
        'footer: context align(center, str(counter(page).get().first()).replace("1", "๑").replace("2", "๒")));'
        '#set text(font: "Laksaman", size: 14pt); หน้าแรกมีข้อความนี้ #pagebreak() หน้าที่สองมีอีกข้อความหนึ่ง'
    )
    lines = lines_of(layout)
    assert [line for line in lines if "เทศบาล" in line] == [
        "รายงานผล ITA ประจำปี 2567 เทศบาลตำบลตัวอย่าง"
    ]
    assert lines[1:] == ["หน้าแรกมีข้อความนี้", "หน้าที่สองมีอีกข้อความหนึ่ง"]
    margins = [line.text.strip() for line in layout.margins]
    assert "๑" in margins
    assert "๒" in margins
    assert sum("เทศบาล" in text for text in margins) == 1


def test_a_page_of_text_drawn_on_its_side_reads_like_any_other() -> None:
    for degrees in (90, 180, 270):
        layout = _read(
            A4
            + f"#rotate({degrees}deg, reflow: true)[#table(columns: (3cm, 5cm), [แบบวัด], [มาตรการ], [IIT],"
            " [จัดอบรมจริยธรรม])]"
        )
        (table,) = tables_of(layout)
        assert cell_texts(table) == [["แบบวัด", "มาตรการ"], ["IIT", "จัดอบรมจริยธรรม"]], degrees
        # Boxes are of the page as it is shown: upright words are there taller than wide.
        box = table.rows[1][1].lines[0].box
        assert box is not None
        assert (box.bottom - box.top > box.right - box.left) is (degrees != 180)
        assert 0 < box.left < box.right < 596
        assert 0 < box.top < box.bottom < 842


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(degrees: int) -> None:
    layout = read_pdf(text_page("Upright words", b"/Rotate %d" % degrees), READ_LIMITS)
    (line,) = layout.blocks
    assert getattr(line, "text", "") == "Upright words"


def test_places_are_counted_from_the_part_of_the_page_that_is_shown() -> None:
    (line,) = read_pdf(text_page("Words", b"/CropBox [50 600 545 800]"), READ_LIMITS).blocks
    box = getattr(line, "box", None)
    assert box is not None
    assert box.left == pytest.approx(22, abs=1)
    assert box.top < 100 < box.bottom + 20


def test_a_stamp_across_the_page_does_not_tear_the_text() -> None:
    layout = _read(
        A4
        + "#place(center + horizon, rotate(-45deg, text(size: 60pt, fill: luma(80%))[สำเนา]));"
        + _long_table("table.header([ที่], [มาตรการ], [กอง]),")
    )
    (table,) = tables_of(layout)
    assert cell_texts(table)[30] == ["30", "มาตรการที่30ของปี", "กองที่30"]
    assert not lines_of(layout)
    assert [line.text for line in layout.margins] == ["สำเนา"]


def test_a_heading_on_its_side_is_the_text_of_its_cell() -> None:
    table = _table(
        A4
        + "#table(columns: (2cm, 6cm), rows: (3cm, auto), rotate(-90deg, reflow: true)[ลำดับที่], [มาตรการ],"
        " [1], [จัดอบรมจริยธรรมให้บุคลากร])"
    )
    assert cell_texts(table) == [["ลำดับที่", "มาตรการ"], ["1", "จัดอบรมจริยธรรมให้บุคลากร"]]


def test_a_frame_around_a_page_is_no_table() -> None:
    layout = _read(
        A4 + "#rect(width: 100%, height: 90%)[รายงานผลการดำเนินการ\n\n"
        "#table(columns: (4cm, 4cm), [ก], [ข], [ค], [ง])]"
    )
    assert lines_of(layout) == ["รายงานผลการดำเนินการ"]
    assert cell_texts(tables_of(layout)[0]) == [["ก", "ข"], ["ค", "ง"]]


def test_a_signature_block_stays_lines_of_words() -> None:
    layout = _read(
        A4 + "รายงานผลการดำเนินการ\n\n#align(right)[(ลงชื่อ)..............................\n\n"
        "(นายสมมติ ตัวอย่าง)\n\nปลัดเทศบาล]"
    )
    assert not tables_of(layout)
    assert lines_of(layout)[-2:] == ["(นายสมมติ ตัวอย่าง)", "ปลัดเทศบาล"]


def test_letters_that_are_spaced_to_fill_the_line_stay_words() -> None:
    """Thai distributed: the space between letters of a word is wider than usual."""
    layout = _read(A4 + "#text(tracking: 4pt)[จัดอบรมจริยธรรมให้บุคลากร]\n\nบรรทัดปกติของรายงาน")
    assert lines_of(layout)[0] == "จัดอบรมจริยธรรมให้บุคลากร"


_MERGED = (
    A4 + "#set page(height: 6.6cm, margin: 1cm); #table(columns: (4cm, 4cm, 4cm, 4cm),"
    "[แบบวัด], [มาตรการ], [ผลการดำเนินงาน], [ผู้รับผิดชอบ],"
    "table.cell(rowspan: 2, breakable: true)[แบบวัด IIT], [อบรมเรื่องผลประโยชน์ทับซ้อนแก่พนักงาน], [อบรมแล้วทุกกองตามกำหนด],"
    "table.cell(rowspan: 2)[กองคลัง], SECOND)"
)


def test_a_row_that_a_page_broke_beside_merged_cells_is_one_row() -> None:
    long = "แต่งตั้งคณะทำงานรับผิดชอบข้อมูลสาธารณะแต่ละข้อและรายงานผลให้ผู้บริหารทราบทุกเดือนจนสิ้นปีงบประมาณ"
    source = _MERGED.replace("SECOND", f"[{long}], [มีคำสั่งแล้ว]")
    layout = _read(source)
    assert layout.pages == 2
    (table,) = tables_of(layout)
    assert cell_texts(table)[-1][0] == long


def test_a_cell_alone_at_a_pages_top_goes_on_with_the_row_that_the_page_broke() -> None:
    source = (
        A4 + "#set page(height: 4.4cm, margin: 1cm); #table(columns: (4cm, 4cm, 4cm),"
        "[แบบวัด IIT], [อบรมเรื่องผลประโยชน์ทับซ้อน], [อบรมแล้ว], "
        "table.cell(breakable: false)[#v(3cm)], [], [ตรวจนับพัสดุ])"
    )
    layout = _read(source)
    assert layout.pages == 2
    (table,) = tables_of(layout)
    assert cell_texts(table) == [["แบบวัดIIT", "อบรมเรื่องผลประโยชน์ทับซ้อน", "อบรมแล้วตรวจนับพัสดุ"]]


def _cell(text: str, top: float, rows: int = 1, left: float = 0) -> TextCell:
    """A cell of lines of 14 points below each other."""
    lines = [
        TextLine(line, 1, Box(left, top + 14 * n, left + 80, top + 14 * n + 12))
        for n, line in enumerate(text.split("\n"))
    ]
    return TextCell(tuple(lines) if text else (), row_span=rows)


def _page(number: int, *rows: tuple[TextCell, ...]) -> PageLayout:
    table = PageTable(rows, (0, 100, 200, 300), number, ruled=True)
    return PageLayout(number, 300, 400, (table,))


def test_a_broken_row_takes_the_merged_cells_of_the_page_where_it_goes_on() -> None:
    first = _page(
        1,
        (_cell("แบบวัด", 20), _cell("มาตรการ", 20), _cell("ผู้รับผิดชอบ", 20)),
        (_cell("แบบวัด IIT", 40), _cell("1) อบรม", 40), _cell("กองคลัง", 40)),
        (
            _cell("แบบวัดผู้มีส่วน\nได้ส่วนเสีย", 60),
            _cell("1) ติดป้าย\nทุกชั้น", 60),
            _cell("กองช่าง\nและงาน", 60),
        ),
    )
    second = _page(
        2,
        (_cell("ภายนอก (EIT)", 20, 2), _cell("ของอาคาร", 20), _cell("ธุรการ", 20, 2)),
        (_cell("2) แปลคู่มือ", 60),),
        (_cell("แบบตรวจ OIT", 80), _cell("1) ตรวจลิงก์", 80), _cell("กองคลัง", 80)),
    )
    (table,) = tables_of(joined_pages([first, second]))
    assert cell_texts(table)[2:] == [
        ["แบบวัดผู้มีส่วนได้ส่วนเสียภายนอก(EIT)", "1)ติดป้ายทุกชั้นของอาคาร", "กองช่างและงานธุรการ"],
        ["2)แปลคู่มือ"],
        ["แบบตรวจOIT", "1)ตรวจลิงก์", "กองคลัง"],
    ]
    assert [cell.row_span for cell in table.rows[2]] == [2, 1, 2]


def test_a_row_that_names_an_instrument_is_no_rest_of_the_one_before() -> None:
    first = _page(
        1,
        (_cell("แบบวัด", 20), _cell("มาตรการ", 20), _cell("ผู้รับผิดชอบ", 20)),
        (_cell("แบบวัด EIT", 40), _cell("อบรม", 40), _cell("กองคลัง", 40)),
    )
    second = _page(2, (_cell("แบบตรวจ OIT", 20, 2), _cell("ตรวจ", 20), _cell("กองช่าง", 20, 2)))
    (table,) = tables_of(joined_pages([first, second]))
    assert len(table.rows) == 3
