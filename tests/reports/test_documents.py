"""The report as files: every text of the samples, in the authority's five columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pytest

from ita.config import Settings
from ita.domain import FiscalYear, Instrument
from ita.reference import Reference
from ita.reports.narrative import COLUMNS, TITLE, NarrativeReport, load_narrative_report
from ita.reports.report_document import DOCUMENT_WRITERS
from ita.store import Store
from tests.imports.bringing import taken
from tests.reports.printing import BAD, docx_rows, large_report, report_of

YEAR = FiscalYear(2567)
TODAY = date(2024, 11, 1)
SAMPLES = Settings().samples


def sample_rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


class Table(HTMLParser):
    """The cells of the rows of a page, their <div>s as lines."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag == "div" and self.rows[-1][-1]:
            self.rows[-1][-1] += "\n"

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and data.strip():
            self.rows[-1][-1] += data


def html_table(content: bytes) -> list[list[str]]:
    return Table(content).rows


def csv_table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx_table(content: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


TABLES: dict[str, Callable[[bytes], list[list[str]]]] = {
    "html": html_table,
    "csv": csv_table,
    "xlsx": xlsx_table,
    "docx": docx_rows,
}


@pytest.fixture
def report(sample_store: Store, reference: Reference) -> NarrativeReport:
    with sample_store.reading() as cursor:
        return load_narrative_report(cursor, "SAMPLE", YEAR, reference, TODAY)


@pytest.mark.parametrize("file_format", TABLES)
def test_each_format_has_the_five_headings_and_a_row_per_instrument(
    report: NarrativeReport, file_format: str
) -> None:
    heading, *rows = TABLES[file_format](DOCUMENT_WRITERS[file_format](report))
    assert heading == list(COLUMNS)
    assert len(COLUMNS) == 5
    assert list(Instrument) == [row[0].rsplit(" ", 1)[1] for row in rows]


@pytest.mark.parametrize("file_format", TABLES)
def test_each_format_holds_every_text_of_the_samples_in_its_column(
    report: NarrativeReport, file_format: str
) -> None:
    _, *rows = TABLES[file_format](DOCUMENT_WRITERS[file_format](report))
    cells = dict(zip(("IIT", "EIT", "OIT"), rows, strict=True))
    measures, narrative = sample_rows("measures.csv"), sample_rows("narrative.csv")
    for row in measures:
        assert f"{row['ลำดับ']}. {row['มาตรการ']}" in cells[row["แบบวัด"]][1]
        for division in row["ผู้รับผิดชอบ"].split(";"):
            assert division.strip() in cells[row["แบบวัด"]][3]
    column = {"สรุปผล": 2, "ระยะเวลา": 3, "ผลลัพธ์": 4}
    for row in narrative:
        assert row["ข้อความ"] in cells[row["แบบวัด"]][column[row["ประเภท"]]]
    assert len(measures) == 9
    kinds = [row["ประเภท"] for row in narrative]
    assert (kinds.count("สรุปผล"), kinds.count("ผลลัพธ์")) == (9, 3)


def test_all_formats_draw_the_same_cells(report: NarrativeReport) -> None:
    drawn = {name: table(DOCUMENT_WRITERS[name](report))[1:] for name, table in TABLES.items()}
    drawn["csv"] = [[cell.removeprefix("'") for cell in row] for row in drawn["csv"]]
    assert drawn["html"] == drawn["csv"] == drawn["xlsx"] == drawn["docx"]
    assert drawn["xlsx"] == [list(row.cells()) for row in report.rows]


def test_a_period_that_is_not_given_is_not_filled_in(report: NarrativeReport) -> None:
    periods = {row.instrument: row.period for row in report.rows}
    assert periods[Instrument.IIT] == "ไตรมาส 1-4 ปีงบประมาณ 2567"
    assert periods[Instrument.OIT] is None
    assert "ไตรมาส" not in report.rows[2].cells()[3]


def test_the_title_names_the_year_and_the_agency(report: NarrativeReport) -> None:
    page = DOCUMENT_WRITERS["html"](report).decode()
    assert f"<h1>{TITLE} ประจำปีงบประมาณ 2567</h1>" in page
    assert report.agency in page
    assert 'lang="th"' in page
    assert '<meta charset="utf-8">' in page


def test_a_report_narrowed_to_an_instrument_keeps_its_gaps_only(report: NarrativeReport) -> None:
    narrowed = report.narrow_to((Instrument.OIT,))
    assert [row.instrument for row in narrowed.rows] == [Instrument.OIT]
    assert {gap.instrument for gap in narrowed.gaps} == {Instrument.OIT}
    assert len(html_table(DOCUMENT_WRITERS["html"](narrowed))) == 2


def test_the_original_slips_stay_as_they_are(report: NarrativeReport) -> None:
    page = DOCUMENT_WRITERS["html"](report).decode()
    assert "ย่างเคร่งครัด" in page


def test_text_is_never_markup_and_never_a_formula(store: Store, reference: Reference) -> None:
    evil = "<script>alert(1)</script>&<b>"
    taken(store, "agencies", f"agency_id,name_th\nX,{evil}\n")
    header = "fiscal_year,agency,instrument,seq,measure,divisions\n"
    taken(store, "measures", f"{header}2567,X,IIT,1,{evil},=1+1\n")
    with store.reading() as cursor:
        made = load_narrative_report(cursor, "X", YEAR, reference, TODAY)
    page = DOCUMENT_WRITERS["html"](made)
    assert not Table(page).tags & {"script", "b"}
    assert html_table(page)[1][1] == f"1. {evil}"
    assert csv_table(DOCUMENT_WRITERS["csv"](made))[1][3] == "'=1+1"
    sheet = openpyxl.load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](made))).worksheets[0]
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("=1+1", "s")


READABLE = ("markup", "typst", "formula", "jinja", "digits", "invisible", "direction")
"""What the other formats keep letter by letter; the printed ones have tests of their own."""


@pytest.mark.parametrize("file_format", ["html", "csv", "xlsx"])
@pytest.mark.parametrize("name", READABLE)
def test_strange_text_stays_text(name: str, file_format: str) -> None:
    text = BAD[name][0]
    row = TABLES[file_format](DOCUMENT_WRITERS[file_format](report_of(text, outcome=text)))[1]
    assert [row[1], row[4].removeprefix("'")] == [f"1. {text}", text]


def test_a_report_of_nothing_has_no_rows(sample_store: Store, reference: Reference) -> None:
    with sample_store.reading() as cursor:
        made = load_narrative_report(cursor, "YALA", YEAR, reference, TODAY)
    assert made.rows == ()
    for make in DOCUMENT_WRITERS.values():
        assert make(made)


def test_texts_too_long_for_one_cell_reach_the_workbook_whole(
    store: Store, reference: Reference
) -> None:
    taken(store, "agencies", "agency_id,name_th\nX,ก\n")
    header = "fiscal_year,agency,instrument,seq,measure\n"
    rows = "".join(f"2567,X,IIT,{seq},{'ก' * 20_000}\n" for seq in (1, 2))
    taken(store, "measures", header + rows)
    with store.reading() as cursor:
        made = load_narrative_report(cursor, "X", YEAR, reference, TODAY)
    shown = [row[1] for row in xlsx_table(DOCUMENT_WRITERS["xlsx"](made))[1:]]
    assert shown == [f"{seq}. {'ก' * 20_000}" for seq in (1, 2)]


def test_periods_of_measures_stand_in_the_report_told_apart_where_they_differ(
    store: Store, reference: Reference
) -> None:
    taken(store, "agencies", "agency_id,name_th\nX,ก\n")
    header = "fiscal_year,agency,instrument,seq,measure,start_quarter,end_quarter\n"
    same = "2567,X,IIT,1,ก,2,2\n2567,X,IIT,2,ข,2,2\n"
    one_lacks_it = "2567,X,EIT,1,ค,1,4\n2567,X,EIT,2,ง,,\n"
    spans = ("1,4", "3,4", "1,4", "1,4", "1,2")
    differing = "".join(f"2567,X,OIT,{n},จ,{span}\n" for n, span in enumerate(spans, start=1))
    taken(store, "measures", header + same + one_lacks_it + differing)
    with store.reading() as cursor:
        made = load_narrative_report(cursor, "X", YEAR, reference, TODAY)
    assert [row.period for row in made.rows] == [
        "ไตรมาส 2 ปีงบประมาณ 2567",
        "ไตรมาส 1-4: ข้อ 1\nปีงบประมาณ 2567",
        "ไตรมาส 1-2: ข้อ 5\nไตรมาส 1-4: ข้อ 1, 3-4\nไตรมาส 3-4: ข้อ 2\nปีงบประมาณ 2567",
    ]
    shown = xlsx_table(DOCUMENT_WRITERS["xlsx"](made))[3][3]
    assert shown == f"ดำเนินการ\n{made.rows[2].period}"


def test_a_sheet_shows_every_line_of_a_long_report() -> None:
    """Excel draws no row higher than 409 points and cuts what stands below."""
    large = large_report(60)
    sheet = openpyxl.load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](large))).worksheets[0]
    shown = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(shown) > 3
    for row in large.rows:
        mine = [cells for cells in shown if f"แบบวัด {row.instrument}" in cells[0]]
        assert [cells[0] for cells in mine[1:]] == [f"แบบวัด {row.instrument} (ต่อ)"] * (
            len(mine) - 1
        )
        whole = zip(*mine, strict=True)
        told = ["\n".join(filter(None, column)) for column in whole][1:]
        assert told == list(row.cells())[1:]
    for number, cells in enumerate(shown, start=2):
        height = sheet.row_dimensions[number].height
        assert height is not None and height < 409
        most = max(text.count("\n") + 1 for text in cells)
        assert height >= 20 * most


def test_a_sheet_gives_the_seeds_texts_the_lines_that_libreoffice_draws(
    report: NarrativeReport,
) -> None:
    """Counted in LibreOffice 7.4, with Laksaman in the place of TH Sarabun."""
    sheet = openpyxl.load_workbook(io.BytesIO(DOCUMENT_WRITERS["xlsx"](report))).worksheets[0]
    assert sheet.max_row == 4
    for number, lines in zip((2, 3, 4), (13, 11, 15), strict=True):
        height = sheet.row_dimensions[number].height
        assert height is not None and height >= 23 * lines
