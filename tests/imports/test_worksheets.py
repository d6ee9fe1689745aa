"""Several sheets, several tables: every row of data is read, or named as not read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.config import Limits
from ita.imports.datasets import Dataset, columns_of
from ita.imports.header import recogniser
from ita.imports.readers.limits import Unreadable
from ita.imports.readers.sheets import AUTO, Dialect, Sheet, read_sheet
from ita.store import Store
from tests.imports.bringing import (
    committed_reference,
    counts,
    found,
    rows,
    take,
    taken,
    with_measures,
)

YEAR = 2567
PROGRESS = ["ปีงบประมาณ", "ไตรมาส", "หน่วยงาน", "แบบวัด", "ลำดับ", "ร้อยละความสำเร็จ"]
NOTED = [*PROGRESS, "ผลการดำเนินงาน"]


def progress(quarter: int, *seqs: int, percent: int = 40) -> list[list[object]]:
    return [[YEAR, quarter, "A", "IIT", seq, percent] for seq in seqs]


@dataclass
class Made:
    """A sheet to be written: its rows, and what is hidden."""

    name: str
    rows: Sequence[Sequence[object]]
    state: str = "visible"
    hidden_lines: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    merged: Sequence[str] = field(default_factory=list)


def workbook(*sheets: Made) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for made in sheets:
        sheet = book.create_sheet(made.name)
        for row in made.rows:
            sheet.append(list(row))
        sheet.sheet_state = made.state
        for line in made.hidden_lines:
            sheet.row_dimensions[line].hidden = True
        for letter in made.hidden_columns:
            sheet.column_dimensions[letter].hidden = True
        for area in made.merged:
            sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(*table: Sequence[object], separator: str = ",") -> bytes:
    width = max(map(len, table))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(
        [*row, *[""] * (width - len(row))] for row in table
    )
    return stream.getvalue().encode("utf-8-sig")


def read(content: bytes, kind: Dataset = Dataset.PROGRESS, reading: Dialect = AUTO) -> Sheet:
    recognise = recogniser(columns_of(kind, committed_reference()))
    return read_sheet(content, "x", recognise, Limits(), reading)


def kinds(sheet: Sheet) -> list[str]:
    return [problem.kind.value for problem in sheet.problems]


# Sheets of one form.


def test_a_sheet_a_quarter_comes_in_whole(store: Store) -> None:
    with_measures(store)
    content = workbook(*(Made(f"ไตรมาส {q}", [PROGRESS, *progress(q, 1, 2)]) for q in (1, 2, 3)))
    outcome = taken(store, "progress", content)
    assert counts(outcome) == (6, 0, 0)
    assert outcome.sheets is not None
    assert outcome.sheets.as_json() == {
        "read": ["ไตรมาส 1", "ไตรมาส 2", "ไตรมาส 3"],
        "not_read": [],
        "hidden": [],
    }
    assert outcome.problems == ()


def test_a_problem_names_its_sheet_where_several_were_read(store: Store) -> None:
    with_measures(store)
    wrong = progress(2, 1)
    wrong[0][5] = "ครึ่ง"
    content = workbook(
        Made("กองคลัง", [PROGRESS, *progress(1, 1)]),
        Made("กองช่าง", [["แบบรายงาน"], PROGRESS, *wrong]),
    )
    (problem,) = take(store, "progress", content).problems
    assert problem.as_json() | {"message": ""} == {
        "kind": "not-a-number",
        "severity": "blocks",
        "line": 3,
        "column": "ร้อยละความสำเร็จ",
        "value": "ครึ่ง",
        "message": "",
        "sheet": "กองช่าง",
    }
    assert problem.message().startswith("แผ่นงาน “กองช่าง”: “ครึ่ง”")


def test_a_problem_of_the_only_sheet_names_none(store: Store) -> None:
    with_measures(store)
    content = workbook(Made("กองคลัง", [PROGRESS, *progress(1, 9)]))
    (problem,) = take(store, "progress", content).problems
    assert (problem.kind, problem.sheet) == ("unknown-measure", None)


def test_a_row_on_two_sheets_names_both_lines(store: Store) -> None:
    with_measures(store)
    content = workbook(
        Made("ก", [PROGRESS, *progress(1, 1, 2)]),
        Made("ข", [PROGRESS, *progress(1, 2, percent=50)]),
    )
    (problem,) = take(store, "progress", content).problems
    assert (problem.kind, problem.line, problem.sheet) == ("duplicate-key", 2, "ข")
    assert "บรรทัด 3 (ก)" in problem.message()


def test_columns_of_sheets_may_stand_in_another_order() -> None:
    moved = [[row[5], *row[:5], "หมายเหตุ"] for row in progress(2, 1)]
    header = [PROGRESS[5], *PROGRESS[:5], NOTED[-1]]
    sheet = read(workbook(Made("ก", [PROGRESS, *progress(1, 1)]), Made("ข", [header, *moved])))
    assert list(sheet.header) == NOTED
    assert [list(row)[:7] for row in sheet.rows][1] == [
        str(YEAR),
        "2",
        "A",
        "IIT",
        "1",
        "40",
        "หมายเหตุ",
    ]
    assert list(sheet.lacking.values()) == [frozenset({6})]


def test_what_stands_beyond_its_own_header_is_not_taken_for_another_sheets_column(
    store: Store,
) -> None:
    with_measures(store)
    stray = [[*progress(1, 1)[0], "นอกตาราง"]]
    content = workbook(Made("ก", [PROGRESS, *stray]), Made("ข", [NOTED, [*progress(2, 1)[0], "ดี"]]))
    assert ("ragged-row", 2, None) in found(take(store, "progress", content))


def test_unknown_columns_are_told_where_they_stand(store: Store) -> None:
    with_measures(store)
    content = workbook(
        Made("ก", [PROGRESS, *progress(1, 1)]),
        Made("ข", [["หัวเรื่อง"], [*PROGRESS, "ผู้บันทึก"], [*progress(2, 1)[0], "สมศรี"]]),
    )
    (problem,) = taken(store, "progress", content).problems
    assert (problem.kind, problem.line, problem.sheet) == ("unknown-column", 2, "ข")


def test_a_copy_of_a_sheet_is_not_read_twice() -> None:
    table = [PROGRESS, *progress(1, 1, 2)]
    sheet = read(workbook(Made("งาน", table), Made("งาน (2)", table)))
    assert len(sheet.rows) == 2
    assert kinds(sheet) == ["sheets-not-read"]
    assert "งาน (2)" in sheet.problems[0].message()


# Sheets that are left out.


def test_a_sheet_of_another_form_is_named_and_can_be_picked() -> None:
    without_year = [row[1:] for row in progress(1, 1)]
    content = workbook(
        Made("ทั้งปี", [PROGRESS, *progress(1, 1)]), Made("เดิม", [PROGRESS[1:], *without_year])
    )
    sheet = read(content)
    assert kinds(sheet) == ["sheets-not-read"]
    assert sheet.problems[0].value == "“เดิม”"
    picked = read(content, reading=Dialect(sheets=("เดิม",)))
    assert list(picked.header) == PROGRESS[1:]
    assert picked.sheets is not None
    assert (picked.sheets.read, picked.sheets.not_read) == (("เดิม",), ("ทั้งปี",))
    assert picked.problems == ()


def test_totals_and_indicators_on_two_sheets_are_not_each_others_doubles(store: Store) -> None:
    with_measures(store)
    content = workbook(
        Made("คะแนน", [["ปีงบประมาณ", "หน่วยงาน", "คะแนนรวม"], [2566, "A", 90]]),
        Made("รายตัวชี้วัด", [["ปีงบประมาณ", "หน่วยงาน", "ตัวชี้วัด 1"], [2566, "A", 91]]),
    )
    assert found(taken(store, "scores", content)) == [("sheets-not-read", None, None)]


def test_a_cover_is_named_without_a_warning() -> None:
    content = workbook(
        Made("ปก", [["รายงานความสำเร็จ"], ["กองคลัง"]]),
        Made("งาน", [PROGRESS, *progress(1, 1)]),
        Made("ว่าง", []),
    )
    sheet = read(content)
    assert sheet.problems == ()
    assert sheet.sheets is not None
    assert sheet.sheets.as_json() == {"read": ["งาน"], "not_read": ["ปก"], "hidden": []}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_told_and_never_read(state: str) -> None:
    content = workbook(
        Made("เดิม", [NOTED, *progress(1, 1)], state=state), Made("งาน", [PROGRESS, *progress(2, 1)])
    )
    sheet = read(content)
    assert [row[1] for row in sheet.rows] == ["2"]
    assert kinds(sheet) == ["sheets-not-read"]
    assert sheet.sheets is not None
    assert sheet.sheets.hidden == ("เดิม",)
    with pytest.raises(Unreadable) as refused:
        read(content, reading=Dialect(sheets=("เดิม",)))
    assert refused.value.problem.kind == "unknown-sheet"
    assert "“งาน”" in refused.value.problem.message()


# Hidden rows and columns.


def test_hidden_rows_are_told_and_read_or_left_out_as_one_likes() -> None:
    content = workbook(Made("งาน", [PROGRESS, *progress(1, 1, 2, 3)], hidden_lines=[3, 4, 9]))
    sheet = read(content)
    assert len(sheet.rows) == 3
    (problem,) = sheet.problems
    assert (problem.kind, problem.value, problem.lines) == ("hidden-rows", "2", (3, 4))
    assert "(บรรทัด 3, 4)" in problem.message()
    skipped = read(content, reading=Dialect(skip_hidden=True))
    assert skipped.lines == [2]
    assert kinds(skipped) == ["hidden-rows"]


def test_a_hidden_column_with_a_known_header_is_told() -> None:
    table = [[*NOTED, "ผู้บันทึก"], [*progress(1, 1)[0], "ดี", "สมศรี"]]
    sheet = read(workbook(Made("งาน", table, hidden_columns=["G", "H"])))
    assert [(p.kind, p.column) for p in sheet.problems] == [("hidden-columns", "ผลการดำเนินงาน")]


# Several tables on one sheet, in every kind of file.

BLANK: list[object] = []


def both(*table: Sequence[object]) -> list[bytes]:
    return [workbook(Made("งาน", table)), text(*table), text(*table, separator="\t")]


def test_two_tables_below_each_other_are_read_both() -> None:
    lower = [[*progress(2, 1)[0], "ภาพถ่าย"]]
    for content in both(
        ["ตารางที่ 1"],
        PROGRESS,
        *progress(1, 1, 2),
        BLANK,
        ["ตารางที่ 2"],
        [*PROGRESS, "หลักฐาน"],
        *lower,
    ):
        sheet = read(content)
        assert [row[1] for row in sheet.rows] == ["1", "1", "2"]
        assert sheet.lines == [3, 4, 8] if sheet.separator is None else len(sheet.lines) == 3
        assert sheet.header[-1] == "หลักฐาน"
        assert [line for line, _ in sheet.repeated_headers] == [6]
        assert sheet.problems == ()


def test_a_header_that_comes_again_is_a_header(store: Store) -> None:
    with_measures(store)
    for content in both(PROGRESS, *progress(1, 1), PROGRESS, *progress(1, 2), PROGRESS):
        sheet = read(content)
        assert (sheet.lines, [line for line, _ in sheet.repeated_headers]) == ([2, 4], [3, 5])
        (problem,) = taken(store, "progress", content).problems
        assert (problem.kind, problem.lines) == ("skipped-rows", (3, 5))


def test_a_header_that_comes_again_far_down_a_large_text_is_a_header() -> None:
    page = [row for seq in range(1, 2_000) for row in progress(1, seq)]
    table = [PROGRESS, *page, PROGRESS, *page]
    content = text(*([*row, "ข้อความ" * 5] for row in table))
    assert len(content) > 256 * 1024
    sheet = read(content)
    assert len(sheet.rows) == len(page) * 2
    assert [line for line, _ in sheet.repeated_headers] == [len(page) + 2]


def test_a_table_of_another_form_below_is_told_and_blocks(store: Store) -> None:
    with_measures(store)
    other = ["ปีงบประมาณ", "แบบวัด", "ลำดับ", "มาตรการ"]
    for content in both(PROGRESS, *progress(1, 1), BLANK, other, [YEAR, "IIT", 1, "หนึ่ง"]):
        outcome = take(store, "progress", content)
        assert found(outcome) == [("tables-below", 4, None)]
        assert not outcome.accepted
    for content in both(other, [YEAR, "IIT", 1, "หนึ่ง"], BLANK, PROGRESS, *progress(1, 1)):
        assert found(take(store, "progress", content)) == [("tables-below", 1, None)]


def test_tables_beside_each_other_are_told(store: Store) -> None:
    with_measures(store)
    twice = [[*one, *two] for one, two in zip(progress(1, 1, 2), progress(2, 1, 2), strict=True)]
    outcome = take(store, "progress", workbook(Made("งาน", [PROGRESS * 2, *twice])))
    assert found(outcome) == [("tables-below", 1, None)]
    assert outcome.problems[0].expected["rows"] == 2


# Quarters and months as columns.


@pytest.mark.parametrize(
    "header",
    [
        [["ปีงบประมาณ", "แบบวัด", "ลำดับ", "ไตรมาส 1", "ไตรมาส 2", "ไตรมาส 3", "ไตรมาส 4"]],
        [["แบบวัด", "ลำดับ", "Q1/2567", "Q2/2567"]],
        [["แบบวัด", "ลำดับ", "ไตรมาส 1 (ต.ค.-ธ.ค.)", "ไตรมาส 2 (ม.ค.-มี.ค.)"]],
        [["แบบวัด", "ลำดับ", "ต.ค.", "พ.ย.", "ธ.ค."]],
        [["แบบวัด", "ลำดับ", "ไตรมาสที่ ๑", "", "ไตรมาสที่ ๒", ""], ["", "", "แผน", "ผล", "แผน", "ผล"]],
        [["แบบวัด", "ลำดับ", "ปีงบประมาณ 2567", ""], ["", "", "ต.ค. 66", "พ.ย. 66", "ธ.ค. 66"]],
    ],
)
def test_the_wide_form_is_named(store: Store, header: list[list[object]]) -> None:
    with_measures(store)
    for content in both(["รายงาน"], *header, ["IIT", 1, 10, 20, 30, 40, 50]):
        outcome = take(store, "progress", content)
        assert [kind for kind, _, _ in found(outcome)] == ["wide-form"]


def test_the_long_form_with_a_column_missing_is_not_called_wide(store: Store) -> None:
    with_measures(store)
    header = [*PROGRESS[:5], "ผลการดำเนินงาน"]
    content = text(header, [YEAR, "ไตรมาส 1", "A", "IIT", 1, "ต่อในไตรมาส 2"])
    assert "missing-column" in {kind for kind, _, _ in found(take(store, "progress", content))}


# Escapes of a workbook's XML.


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("หนึ่ง_x000D_\nสอง", "หนึ่ง\nสอง"),
        ("หนึ่ง_x000D_สอง", "หนึ่ง\nสอง"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x0041_", "aA"),
        ("_x00_", "_x00_"),
        ("_x000D", "_x000D"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_escapes_of_a_workbook_are_the_characters_they_stand_for(
    store: Store, written: str, kept: str, shared: bool
) -> None:
    with_measures(store)
    table = [NOTED, [*progress(1, 1)[0], "TEXT"]]
    content = with_shared_texts(table) if shared else workbook(Made("งาน", table))
    taken(store, "progress", with_text(content, "TEXT", written))
    assert rows(store, "completion", "note") == [(kept,)]


def with_shared_texts(table: Sequence[Sequence[object]]) -> bytes:
    """A workbook with its texts in one place, as Excel writes it; openpyxl leaves them in the cells."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(table):
        sheet.write_row(line, 0, row)
    book.close()
    return stream.getvalue()


def with_text(content: bytes, old: str, new: str) -> bytes:
    """A workbook with another text in its XML, written as it stands."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(
                name, source.read(name).replace(f">{old}<".encode(), f">{new}<".encode())
            )
    return stream.getvalue()


def test_a_header_with_an_escape_is_known() -> None:
    content = with_shared_texts([PROGRESS, *progress(1, 1)])
    sheet = read(with_text(content, "ร้อยละความสำเร็จ", "ร้อยละ_x000D_\nความสำเร็จ"))
    assert sheet.header[5].split() == ["ร้อยละ", "ความสำเร็จ"]
    assert len(sheet.rows) == 1


def test_rich_text_is_read_without_what_is_said_above_it() -> None:
    content = with_shared_texts([NOTED, [*progress(1, 1)[0], "ข้อความ"]])
    plain = "<si><t>ข้อความ</t></si>"
    rich = (
        "<si><r><t>ประชุม</t></r><r><rPr><b/></rPr><t xml:space='preserve'> ครั้งที่_x000D_2</t></r>"
        "<rPh sb='0' eb='1'><t>อ่านว่า</t></rPh></si>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(plain.encode(), rich.encode()))
    assert read(stream.getvalue()).rows[0][6] == "ประชุม ครั้งที่\r2"


# Everything at once.

TABLES = st.lists(
    st.fixed_dictionaries(
        {
            "order": st.permutations(range(7)),
            "noted": st.booleans(),
            "rows": st.integers(0, 3),
            "title": st.booleans(),
            "state": st.sampled_from(["visible", "visible", "visible", "hidden", "veryHidden"]),
            "again": st.booleans(),
            "lacking": st.sampled_from([None, None, None, "ปีงบประมาณ", "ร้อยละความสำเร็จ"]),
        }
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_every_row_is_read_or_its_sheet_is_named(plan: list[dict[str, object]]) -> None:
    written: dict[str, list[str]] = {}
    sheets = []
    number = 0
    for place, how in enumerate(plan):
        header = NOTED if how["noted"] else PROGRESS
        keep = [n for n in how["order"] if n < len(header) and header[n] != how["lacking"]]  # type: ignore[union-attr, attr-defined]
        table: list[list[object]] = [["แบบรายงาน"]] if how["title"] else []
        table.append([header[n] for n in keep])
        marks = []
        for _ in range(how["rows"]):  # type: ignore[call-overload]
            number += 1
            marks.append(f"ม{number}")
            row = [YEAR, 1, marks[-1], "IIT", 1, 50, "หมายเหตุ"]
            table.append([row[n] for n in keep])
            if how["again"]:
                table.append([header[n] for n in keep])
        written[f"s{place}"] = marks
        sheets.append(Made(f"s{place}", table, state=str(how["state"])))
    if not any(made.state == "visible" for made in sheets):
        sheets[0].state = "visible"
    sheet = read(workbook(*sheets))
    assert sheet.sheets is not None
    at = sheet.header.index("หน่วยงาน")
    read_marks = [row[at] for row in sheet.rows]
    assert len(set(read_marks)) == len(read_marks)
    told = " ".join(problem.message() for problem in sheet.problems)
    for made in sheets:
        if made.name in sheet.sheets.read:
            assert set(written[made.name]) <= set(read_marks)
        else:
            names = sheet.sheets.not_read + sheet.sheets.hidden
            assert made.name in names
            assert not set(written[made.name]) & set(read_marks)
            assert f"“{made.name}”" in told
    assert len(read_marks) == sum(len(written[name]) for name in sheet.sheets.read)
    percent = [n for n, name in enumerate(sheet.header) if name == "ร้อยละความสำเร็จ"]
    assert all(row[n] == "50" for row in sheet.rows for n in percent)


def test_what_a_sheet_has_no_column_for_stays_as_it_is_stored(store: Store) -> None:
    with_measures(store)
    first = [[*progress(1, 1)[0], "หนึ่ง"], [*progress(1, 2)[0], "สอง"]]
    taken(store, "progress", text(NOTED, *first))
    content = workbook(
        Made("ก", [NOTED, [*progress(1, 1, percent=50)[0], ""]]),
        Made("ข", [PROGRESS, *progress(1, 2, percent=60)]),
    )
    assert counts(taken(store, "progress", content)) == (0, 2, 0)
    assert rows(store, "completion", "percent, note") == [(50, None), (60, "สอง")]


def test_totals_and_notes_end_each_sheet_and_not_only_the_last(store: Store) -> None:
    with_measures(store)
    ending: list[list[object]] = [
        ["รวม", "", "", "", "", 80],
        [],
        ["ยังไม่รวมงานของกองช่าง"],
        ["ลงชื่อ ....."],
    ]
    content = workbook(
        Made("ก", [PROGRESS, *progress(1, 1, 2), *ending]),
        Made("ข", [PROGRESS, *progress(2, 1), *ending]),
    )
    (problem,) = taken(store, "progress", content).problems
    assert (problem.kind, problem.value, problem.sheet) == ("skipped-rows", "6", None)
    assert "ก: 4, 6, 7; ข: 3, 5, 6" in problem.message()


def test_a_table_above_the_header_is_told_and_a_title_is_not(store: Store) -> None:
    with_measures(store)
    summary = [["กอง", "งาน", "แล้วเสร็จ"], ["กองคลัง", 4, 2], ["กองช่าง", 3, "1"], BLANK]
    title = [["หน่วยงาน", "เทศบาล ก", "จังหวัด", "น่าน"], ["ปีงบประมาณ", 2567, "ไตรมาส", 1], BLANK]
    for content in both(*title, PROGRESS, *progress(1, 1)):
        assert taken(store, "progress", content).problems == ()
    for content in both(*title, *summary, PROGRESS, *progress(1, 2)):
        (problem,) = taken(store, "progress", content).problems
        assert (problem.kind, problem.lines) == ("skipped-rows", (4, 5, 6))


def test_an_escape_is_found_wherever_the_pieces_of_a_part_are_cut() -> None:
    """Parts are read in pieces of some kilobytes; here escapes lie across every border."""
    notes = [f"{'ก' * n}_x000D_{'_' * (n % 7)}_x005F_x000D_x" for n in range(1, 400)]
    table = [NOTED, *([*progress(1, n)[0], f"TEXT{n}"] for n in range(1, 400))]
    for content in (with_shared_texts(table), workbook(Made("งาน", table))):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
            for name in source.namelist():
                part = source.read(name)
                for n, note in enumerate(notes, start=1):
                    part = part.replace(f">TEXT{n}<".encode(), f">{note}<".encode())
                target.writestr(name, part)
        kept = [row[6] for row in read(stream.getvalue()).rows]
        assert kept == [f"{'ก' * n}\r{'_' * (n % 7)}_x000D_x" for n in range(1, 400)]
