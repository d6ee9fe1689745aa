"""Tables of reports in the layouts that agencies use, and our own report read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ita.domain import FiscalYear, Instrument
from ita.reports.docx_document import docx_document
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeResult, NarrativeRow
from ita.reports.reading.documents import read_document
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable
from ita.reports.report_document import html_document, pdf_document
from tests.builders import measure
from tests.reports.reading.damage import wrapped
from tests.reports.reading.invented import (
    HOSPITAL,
    NAMES,
    REPORTS,
    TOWN,
    VILLAGE,
    InventedReport,
    InventedRow,
)
from tests.reports.reading.reading import read, read_layout, share_alike, structure, texts

IIT, EIT, OIT = Instrument


def cell(text: str, **spans: int) -> TextCell:
    return TextCell(tuple(TextLine(line, 1, None) for line in text.split("\n")), **spans)


def layout(*blocks: str | Sequence[Sequence[str | TextCell]], kind: str = "pdf") -> Layout:
    """Lines, and tables as rows of cells."""
    made: list[TextLine | TextTable] = []
    for block in blocks:
        if isinstance(block, str):
            made += (TextLine(line, 1, None) for line in block.split("\n"))
        else:
            rows = tuple(
                tuple(c if isinstance(c, TextCell) else cell(c) for c in row) for row in block
            )
            made.append(TextTable(rows, 1, ruled=True))
    return Layout(tuple(made), 1, kind)


def five_cells(row: InventedRow) -> list[str]:
    return [
        NAMES[row.instrument],
        "\n".join(f"{n}. {text}" for n, text in enumerate(row.measures, 1)),
        "\n".join(f"- {text}" for text in row.results),
        "\n".join((*row.divisions, "ดำเนินการ", *([row.period] if row.period else []))),
        row.outcome,
    ]


def title(report: InventedReport) -> str:
    return f"{report.title}\nประจำปีงบประมาณ {report.year}\n"


def as_meant(report: InventedReport) -> list[list[str]]:
    return [texts(row) for row in report.rows]


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_one_table_of_five_columns(report: InventedReport, kind: str) -> None:
    draft = read_layout(layout(title(report), [COLUMNS, *map(five_cells, report.rows)], kind=kind))
    assert [texts(row) for row in draft.rows] == as_meant(report)
    assert (draft.fiscal_year, draft.agency) == (report.year, report.agency)
    assert (draft.unplaced, draft.doubts) == ((), ())


def test_one_table_an_instrument() -> None:
    blocks: list[object] = [title(TOWN)]
    for number, row in enumerate(TOWN.rows, 1):
        blocks += [f"{number}. {NAMES[row.instrument]}", [COLUMNS[1:], five_cells(row)[1:]]]
    draft = read_layout(layout(*blocks))  # type: ignore[arg-type]
    assert [texts(row) for row in draft.rows] == as_meant(TOWN)


def test_a_row_of_one_cell_names_the_instrument_of_those_below_it() -> None:
    rows: list[list[str | TextCell]] = [[*COLUMNS[1:]]]
    for row in VILLAGE.rows:
        rows += [[cell(NAMES[row.instrument], column_span=4)], [*five_cells(row)[1:]]]
    draft = read_layout(layout(title(VILLAGE), rows))
    assert [texts(row) for row in draft.rows] == as_meant(VILLAGE)


LANDSCAPE = ("ลำดับ", "มาตรการ/กิจกรรม", "ผลการดำเนินงาน", "ระยะเวลา", "ผู้รับผิดชอบ", "ผลลัพธ์")


def test_six_columns_with_a_row_a_measure() -> None:
    draft = read_layout(
        layout(
            title(HOSPITAL),
            "แบบวัดการรับรู้ผู้มีส่วนได้ส่วนเสียภายใน (IIT)",
            [
                LANDSCAPE,
                ["1", "ซักซ้อมแนวทาง", "ซักซ้อมแล้ว", "ไตรมาส 1", "กองคลัง", "ถูกต้องขึ้น"],
                ["2", "อบรมจริยธรรม", "", "ไตรมาส 2", "สำนักปลัด,กองคลัง", ""],
            ],
            "แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT)",
            [LANDSCAPE, ["๑", "ปรับปรุงเว็บไซต์", "ปรับปรุงแล้ว", "", "สำนักปลัด", "ครบถ้วน"]],
        )
    )
    iit, oit = draft.rows
    assert iit.measures == ("ซักซ้อมแนวทาง", "อบรมจริยธรรม")
    assert iit.results == ("ซักซ้อมแล้ว",)
    assert iit.divisions == ("กองคลัง", "สำนักปลัด")
    assert iit.period == "ไตรมาส 1\nไตรมาส 2"
    assert (oit.measures, oit.period, oit.outcome) == (("ปรับปรุงเว็บไซต์",), None, "ครบถ้วน")
    assert {doubt.why for doubt in draft.doubts} == {"repeated"}


def test_merged_instrument_cells_go_for_all_their_rows() -> None:
    merged = cell("แบบวัด EIT", row_span=2)
    draft = read_layout(
        layout(
            title(TOWN),
            [
                ["แบบวัด", "มาตรการ", "ผลการดำเนินการ", "ผู้รับผิดชอบ"],
                [merged, "ปรับปรุงเว็บไซต์", "ปรับปรุงแล้ว", "กองช่าง"],
                ["ติดป้ายบอกขั้นตอน", "ติดแล้ว", "กองคลัง"],
                ["แบบวัด OIT", "ตรวจข้อมูล", "ตรวจทุกเดือน", "สำนักปลัด"],
            ],
        )
    )
    assert [row.measures for row in draft.rows] == [
        ("ปรับปรุงเว็บไซต์", "ติดป้ายบอกขั้นตอน"),
        ("ตรวจข้อมูล",),
    ]
    assert draft.rows[0].divisions == ("กองช่าง", "กองคลัง")


def test_rows_by_indicator_and_other_columns_are_kept() -> None:
    draft = read_layout(
        layout(
            title(VILLAGE),
            [
                ["ตัวชี้วัด", "มาตรการ", "ผลการดำเนินการ", "งบประมาณ", "หมายเหตุ"],
                ["(1)", "(2)", "(3)", "(4)", "(5)"],
                ["ตัวชี้วัดที่ 2 การใช้งบประมาณ", "เผยแพร่แผน", "เผยแพร่แล้ว", "5,000", "ต่อเนื่อง"],
                ["ประสิทธิภาพการสื่อสาร", "เพิ่มช่องทาง", "เพิ่มแล้ว", "-", ""],
            ],
        )
    )
    iit, eit = draft.rows
    assert (iit.instrument, iit.measures, eit.instrument) == (IIT, ("เผยแพร่แผน",), EIT)
    assert "5,000" in draft.unplaced
    assert "ต่อเนื่อง" in draft.unplaced


def test_a_table_goes_on_without_its_head_on_the_next_page() -> None:
    first, second = five_cells(TOWN.rows[0]), five_cells(TOWN.rows[1])
    cut = first[1].index("3. ")
    rest = ["", first[1][cut:], "", "", ""]
    first[1] = first[1][: cut - 1]
    draft = read_layout(layout(title(TOWN), [COLUMNS, first], "2", [rest, second]))
    assert [texts(row) for row in draft.rows] == as_meant(TOWN)[:2]


def test_a_cell_cut_by_a_page_is_joined_and_doubtful() -> None:
    first = five_cells(TOWN.rows[0])
    half = len(TOWN.rows[0].measures[2]) // 2
    last = TOWN.rows[0].measures[2]
    first[1] = first[1].replace(last, last[:half])
    draft = read_layout(
        layout(title(TOWN), [COLUMNS, first], "2", [COLUMNS, ["", last[half:], "", "", ""]])
    )
    assert len(draft.rows[0].measures) == 3
    assert draft.rows[0].measures[2].replace(" ", "") == last.replace(" ", "")
    assert [doubt.why for doubt in draft.doubts] == ["continued"]


def test_signatures_and_other_tables_are_unplaced() -> None:
    draft = read_layout(
        layout(
            title(HOSPITAL),
            [["วาระ", "เวลา"], ["ประชุม", "09.00 น."]],
            [COLUMNS, *map(five_cells, HOSPITAL.rows)],
            "\n(ลงชื่อ)..............ผู้รายงาน\n(นางตัวอย่าง ระบบงาม)",
        )
    )
    assert [texts(row) for row in draft.rows] == as_meant(HOSPITAL)
    whole = " ".join(draft.unplaced)
    assert "09.00 น." in whole
    assert "(นางตัวอย่าง ระบบงาม)" in whole


def test_pasted_cells_of_a_spreadsheet() -> None:
    rows = [COLUMNS, *map(five_cells, VILLAGE.rows)]
    text = "\n".join("\t".join(f'"{c}"' if "\n" in c else c for c in row) for row in rows)
    draft = read(f"{title(VILLAGE)}\n{text}\n")
    assert [texts(row) for row in draft.rows] == as_meant(VILLAGE)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_a_word_table_with_a_paragraph_for_each_drawn_line(report: InventedReport) -> None:
    """As it is where a table was copied out of a PDF into Word."""
    rows = [
        ["\n".join("\n".join(wrapped(part, 22)) for part in c.split("\n")) for c in five_cells(row)]
        for row in report.rows
    ]
    draft = read_layout(layout(title(report), [COLUMNS, *rows], kind="docx"))
    assert structure(draft.rows) == structure(report.rows)
    assert share_alike(draft, report) >= 0.99


def test_paragraphs_of_a_word_cell_stay_apart() -> None:
    row = five_cells(TOWN.rows[0])
    row[4] = "ประชาชนพึงพอใจ\nคะแนนเพิ่มขึ้น"
    row[2] = "อบรมแล้ว\nประกาศแล้ว"
    draft = read_layout(layout(title(TOWN), [COLUMNS, row], kind="docx"))
    assert draft.rows[0].outcome == "ประชาชนพึงพอใจ\nคะแนนเพิ่มขึ้น"
    assert draft.rows[0].results == ("อบรมแล้ว", "ประกาศแล้ว")


def test_spans_that_claim_too_much_are_bounded() -> None:
    wide = [[cell("ก", column_span=10**9, row_span=10**9)], ["ข"] * 3]
    assert read_layout(layout(wide)).rows == ()  # type: ignore[arg-type]


def narrative(report: InventedReport) -> NarrativeReport:
    rows = tuple(
        NarrativeRow(
            row.instrument,
            NAMES[row.instrument],
            tuple(
                replace(measure(row.instrument, n, divisions=row.divisions), text=text)
                for n, text in enumerate(row.measures, 1)
            ),
            tuple(NarrativeResult(n, text, ()) for n, text in enumerate(row.results, 1)),
            row.period,
            row.outcome,
            (),
            (),
        )
        for row in report.rows
    )
    return NarrativeReport("X", report.agency, FiscalYear(report.year), rows, ())


@pytest.mark.parametrize("write", [docx_document, html_document])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_our_own_report_comes_back_word_for_word(report: InventedReport, write: object) -> None:
    draft = read_layout(read_document(write(narrative(report))))  # type: ignore[operator]
    assert [texts(row) for row in draft.rows] == as_meant(report)
    assert (draft.fiscal_year, draft.agency) == (report.year, report.agency)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_our_own_pdf_comes_back(report: InventedReport) -> None:
    """But for a space after a marked letter where a line ends: typst does not write it there."""
    draft = read_layout(read_document(pdf_document(narrative(report))))
    assert structure(draft.rows) == structure(report.rows)
    assert share_alike(draft, report) >= 0.997
    for row, meant in zip(draft.rows, report.rows, strict=True):
        assert (row.divisions, row.period) == (meant.divisions, meant.period)
    assert (draft.fiscal_year, draft.agency) == (report.year, report.agency)


def test_an_instrument_beside_the_indicator_a_dash_for_nothing_and_one_under_no_heading() -> None:
    head = ["มาตรการ", "ผลการดำเนินงาน", "ผู้รับผิดชอบ", "ระยะเวลา", "ผลสำเร็จ"]
    for first in ("ตัวชี้วัด/แบบวัด", "องค์ประกอบ"):
        rows = [
            [first, *head],
            [
                "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)",
                "อบรม",
                "อบรมแล้ว",
                "กองคลัง",
                "ไตรมาส 1",
                "-",
            ],
            [
                "แบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)",
                "ตรวจเว็บไซต์",
                "–",
                "กองช่าง",
                "ไตรมาส 2",
                "ครบถ้วน",
            ],
        ]
        draft = read_layout(layout(rows))
        assert [row.instrument for row in draft.rows] == [IIT, OIT]
        iit, oit = draft.rows
        assert (iit.results, iit.outcome) == (("อบรมแล้ว",), None)
        assert (oit.results, oit.outcome) == ((), "ครบถ้วน")
        assert draft.unplaced == ()


@pytest.mark.parametrize(
    ("lines", "divisions"),
    [
        ("กองบริหาร\nงานบุคคล\nกองคลัง", ("กองบริหารงานบุคคล", "กองคลัง")),
        ("สำนักส่งเสริมวิชาการและ\nงานทะเบียน", ("สำนักส่งเสริมวิชาการและงานทะเบียน",)),
        ("กองคลัง/สำนัก\nปลัดเทศบาล", ("กองคลัง", "สำนักปลัดเทศบาล")),
    ],
)
def test_names_of_divisions_over_two_lines(lines: str, divisions: tuple[str, ...]) -> None:
    head = ["แบบวัด", "มาตรการ", "ผลการดำเนินงาน", "ผู้รับผิดชอบ", "ผลลัพธ์"]
    draft = read_layout(layout([head, ["แบบวัด IIT", "1. อบรม", "- อบรมแล้ว", lines, "ดี"]]))
    assert draft.rows[0].divisions == divisions
