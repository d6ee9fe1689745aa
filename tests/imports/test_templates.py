"""Files to fill in: filled with what the store knows, and taken back without a word when filled."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest

from ita.domain import FiscalYear, Quarter
from ita.exports.templates import (
    Template,
    instruction_rows,
    load_template,
    template_csv,
    template_xlsx,
)
from ita.i18n import language_set_to
from ita.imports.datasets import DATASET_LABELS, Dataset, columns_of
from ita.imports.problems import ProblemKind
from ita.store import Store
from ita.store.tables import RESPONDENTS
from tests.imports.bringing import (
    PROGRESS,
    SCORES,
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    two_agencies,
    with_measures,
)

SECOND = Quarter(FiscalYear(2567), 2)
FILLED = (
    f"{PROGRESS.strip()},ผลการดำเนินงาน\n2567,2,A,EIT,1,33.333333,=SUM(A1)\n2567,2,A,IIT,2,0,-\n"
)


def made(
    store: Store, kind: Dataset, agency: str | None = "A", quarter: Quarter | None = SECOND
) -> Template:
    with store.reading() as cursor:
        return load_template(cursor, kind, agency, FiscalYear(2567), quarter, committed_reference())


def sheet_of(content: bytes, name: str = "กรอกข้อมูล") -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def filled_xlsx(content: bytes, cells: dict[tuple[int, int], object]) -> bytes:
    """The book with cells written into the sheet that is filled in: (row, column) from 1."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (row, column), value in cells.items():
        book["กรอกข้อมูล"].cell(row, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def records(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_completion_has_a_row_for_each_measure_in_the_authoritys_order(store: Store) -> None:
    given = records(template_csv(made(with_measures(store), Dataset.PROGRESS)))
    assert [(r["แบบวัด"], r["ลำดับ"], r["มาตรการ"]) for r in given] == [
        ("IIT", "1", "หนึ่ง"),
        ("IIT", "2", "สอง"),
        ("EIT", "1", "สาม"),
    ]
    whole = {(r["ปีงบประมาณ"], r["ไตรมาส"], r["หน่วยงาน"]) for r in given}
    assert whole == {("2567", "2", "A")}
    assert {r["ร้อยละความสำเร็จ"] for r in given} == {""}


def test_completion_comes_with_what_is_stored_of_this_quarter_only(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", FILLED)
    taken(store, "progress", f"{PROGRESS}2567,1,A,IIT,1,7\n")
    given = {
        (r["แบบวัด"], r["ลำดับ"]): (r["ร้อยละความสำเร็จ"], r["ผลการดำเนินงาน"])
        for r in records(template_csv(made(store, Dataset.PROGRESS)))
    }
    assert given == {
        ("IIT", "1"): ("", ""),
        ("IIT", "2"): ("0", ""),
        ("EIT", "1"): ("33.333333", "'=SUM(A1)"),
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_full_template_as_it_comes_changes_nothing(form: str, store: Store) -> None:
    with_measures(store)
    taken(store, "progress", f"{FILLED}2567,2,A,IIT,1,99.999999,หมายเหตุ\n")
    make = {"csv": template_csv, "xlsx": template_xlsx}[form]
    content = make(made(store, Dataset.PROGRESS))
    outcome = taken(store, "progress", content, name=f"t.{form}", agency="A")
    assert (counts(outcome), outcome.problems) == ((0, 0, 3), ())


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_xlsx_filled_in_is_taken_without_a_word(language: str, store: Store) -> None:
    with language_set_to(language):
        content = template_xlsx(made(with_measures(store), Dataset.PROGRESS))
        heads = [cell.value for cell in sheet_of(content)[1]]
        percent, note = (heads.index(n) + 1 for n in ("ร้อยละความสำเร็จ", "ผลการดำเนินงาน"))
        cells = {(2, percent): 25, (3, percent): "50%", (4, percent): 12.5, (2, note): "เสร็จแล้ว"}
        outcome = taken(store, "progress", filled_xlsx(content, cells), name="t.xlsx", agency="A")
    assert (counts(outcome), outcome.problems) == ((3, 0, 0), ())
    assert rows(store, "completion", "instrument, seq, percent, note") == [
        ("EIT", 1, Decimal("12.5"), None),
        ("IIT", 1, Decimal(25), "เสร็จแล้ว"),
        ("IIT", 2, Decimal(50), None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp874", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_csv_filled_in_is_taken_however_it_is_saved(
    encoding: str, separator: str, store: Store
) -> None:
    given = records(template_csv(made(with_measures(store), Dataset.PROGRESS)))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(given[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows({**row, "ร้อยละความสำเร็จ": "40"} for row in given)
    outcome = taken(store, "progress", stream.getvalue().encode(encoding), agency="A")
    assert (counts(outcome), outcome.problems) == ((3, 0, 0), ())


def test_a_form_that_nobody_has_filled_in_has_nothing_to_import(store: Store) -> None:
    content = template_csv(made(with_measures(store), Dataset.PROGRESS))
    outcome = take(store, "progress", content, agency="A")
    assert found(outcome) == [("not-reported", None, None), ("empty-file", None, None)]
    assert outcome.problems[0].lines == (2, 3, 4)
    assert "ทุกแถวยังว่าง" in outcome.problems[1].message()


@pytest.mark.parametrize("kind", Dataset)
@pytest.mark.parametrize("agency", ["A", None])
def test_every_header_is_known_to_the_import(
    kind: Dataset, agency: str | None, store: Store
) -> None:
    given = made(with_measures(store), kind, agency)
    for content, name in ((template_csv(given), "t.csv"), (template_xlsx(given), "t.xlsx")):
        problems = {p.kind for p in take(store, kind, content, name=name, agency=agency).problems}
        assert not problems & {
            ProblemKind.UNKNOWN_COLUMN,
            ProblemKind.MISSING_COLUMN,
            ProblemKind.DUPLICATE_COLUMN,
        }
    names = [column.name for column in given.columns if column.name != "measure_shown"]
    assert names == [column.name for column in columns_of(kind, committed_reference())]


def test_scores_come_with_what_is_stored_so_that_a_blank_takes_nothing_out(store: Store) -> None:
    two_agencies(store)
    taken(
        store, "scores", f"{SCORES.strip()},IIT,ระดับ,แหล่งที่มา\n2567,A,91.07,88.123456,ผ่านดี,ประกาศ\n"
    )
    outcome = taken(store, "scores", template_xlsx(made(store, Dataset.SCORES)), name="t.xlsx")
    assert (counts(outcome), outcome.problems) == ((0, 0, 1), ())


def test_scores_of_a_year_without_any_are_blank(store: Store) -> None:
    (row,) = made(two_agencies(store), Dataset.SCORES).rows
    assert [value for value in row if value is not None] == [2567, "A"]


def test_narrative_asks_for_the_three_types_of_each_instrument(store: Store) -> None:
    given = records(template_csv(made(two_agencies(store), Dataset.NARRATIVE)))
    assert len(given) == 9
    content = template_csv(made(store, Dataset.NARRATIVE))
    assert {kind for kind, _, _ in found(take(store, "narrative", content))} == {"required-value"}


def test_the_xlsx_has_drop_downs_and_bounds_beyond_its_rows(store: Store) -> None:
    sheet = sheet_of(template_xlsx(made(with_measures(store), Dataset.PROGRESS)))
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    assert rules[f"{heads['แบบวัด']}2"].formula1 == '"IIT,EIT,OIT"'
    assert rules[f"{heads['ไตรมาส']}2"].formula1 == '"1,2,3,4"'
    percent = rules[f"{heads['ร้อยละความสำเร็จ']}2"]
    assert (percent.type, percent.formula1, percent.formula2) == ("decimal", "0", "100")
    assert str(percent.sqref).endswith("204")
    assert sheet.freeze_panes == "A2"


def test_scores_are_bounded_too(store: Store) -> None:
    sheet = sheet_of(template_xlsx(made(two_agencies(store), Dataset.SCORES)))
    parts = [c for c in columns_of(Dataset.SCORES, committed_reference()) if c.part]
    assert len(sheet.data_validations.dataValidation) == len(parts) + len(RESPONDENTS)


@pytest.mark.parametrize("kind", Dataset)
def test_the_xlsx_says_how_to_fill_in_each_column(kind: Dataset, store: Store) -> None:
    given = made(with_measures(store), kind)
    sheet = sheet_of(template_xlsx(given), "คำแนะนำ")
    told = [(row[0].value or "", row[1].value) for row in sheet.iter_rows()]
    assert told == instruction_rows(given.columns)
    assert [left for left, _ in told[1:-1]] == list(given.headers)
    with language_set_to("en"):
        assert instruction_rows(given.columns)[0] == ("Column", "How to fill it in")


@pytest.mark.parametrize("kind", Dataset)
def test_a_printed_form_is_a_page_wide_with_its_name_and_header(
    kind: Dataset, store: Store
) -> None:
    sheet = sheet_of(template_xlsx(made(with_measures(store), kind)))
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.oddHeader.center.text.endswith(DATASET_LABELS[kind])
    # Of more characters the page would be printed at less than half its size.
    assert sum(dimension.width for dimension in sheet.column_dimensions.values()) < 290
    for row in sheet.iter_rows(min_row=2):
        if row[0].value is not None:
            assert all(cell.border.bottom.style == "thin" for cell in row)
            longest = max(
                len(str(cell.value or "")) / sheet.column_dimensions[cell.column_letter].width
                for cell in row
            )
            assert sheet.row_dimensions[row[0].row].height >= 14 * int(longest), "no text is cut"


def test_no_cell_runs_as_a_formula(store: Store) -> None:
    with_measures(store)
    taken(store, "progress", FILLED)
    sheet = sheet_of(template_xlsx(made(store, Dataset.PROGRESS)))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
