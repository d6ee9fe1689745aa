"""What helps to mend a file: groups, bad rows, the file with its problems, the file made anew."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ita.config import Limits, Settings
from ita.imports import repairs
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.problems import ProblemKind
from ita.imports.readers.cell_text import KEEP_STORED
from ita.imports.repairs import (
    bad_rows,
    grouped,
    problems_csv,
    problems_xlsx,
    rebuilt,
    recognised_kind,
)
from ita.imports.samples import SAMPLES
from ita.imports.validation.rows import ValidatedFile, validate
from ita.store import Store
from tests.imports.bringing import (
    MEASURES,
    NARRATIVE,
    PROGRESS,
    SCORES,
    committed_reference,
    taken,
    with_measures,
)

WITH_NOTE = f"{PROGRESS.strip()},ผลการดำเนินงาน\n"
WRONG = (
    f"{WITH_NOTE}"
    "2567,1,A,IIT,1,เก้าสิบ,ดี\n"
    "2567,1,A,IIT,2,50,ดี\n"
    "2567,5,A,EIT,1,120,=1+1\n"
    "2567,2,A,IIT,1,ร้อย,\n"
)


def checked(store: Store, content: str | bytes, kind: Dataset = Dataset.PROGRESS) -> ValidatedFile:
    raw = content.encode() if isinstance(content, str) else content
    with store.reading() as cursor:
        return validate(
            ImportRequest(kind, raw, "file.csv"), cursor, committed_reference(), Limits()
        )


@pytest.fixture
def wrong(store: Store) -> ValidatedFile:
    return checked(with_measures(store), WRONG)


def test_problems_that_are_mended_alike_are_one_group(wrong: ValidatedFile) -> None:
    groups = {group.kind: group for group in grouped(wrong.problems)}
    numbers = groups[ProblemKind.NOT_A_NUMBER]
    assert (numbers.count, numbers.lines) == (2, (2, 5))
    assert numbers.columns == ("ร้อยละความสำเร็จ",)
    assert "เก้าสิบ" in numbers.message
    assert set(groups) == {
        ProblemKind.NOT_A_NUMBER,
        ProblemKind.OUT_OF_RANGE,
        ProblemKind.UNKNOWN_QUARTER,
    }
    assert sum(group.count for group in groups.values()) == len(wrong.problems)


def test_what_blocks_stands_before_what_warns(store: Store) -> None:
    content = (
        f"{PROGRESS.strip()},แปลก\n2567,1,A,IIT,1,50,x\n2567,2,A,IIT,1,40,x\n2567,1,A,IIT,2,x,x\n"
    )
    groups = grouped(checked(with_measures(store), content).problems)
    assert [group.kind for group in groups] == [
        ProblemKind.NOT_A_NUMBER,
        ProblemKind.UNKNOWN_COLUMN,
        ProblemKind.PROGRESS_FELL,
    ]
    assert [group.blocks for group in groups] == [True, False, False]


def test_each_column_that_lacks_is_named(store: Store) -> None:
    groups = grouped(checked(with_measures(store), "ไตรมาส,แบบวัด,ลำดับ\n1,IIT,1\n").problems)
    missing = [g.message for g in groups if g.kind is ProblemKind.MISSING_COLUMN]
    for column in ("ปีงบประมาณ", "ร้อยละความสำเร็จ"):
        assert any(column in message for message in missing)
    assert {g.count for g in groups if g.kind is ProblemKind.MISSING_COLUMN} == {1}


def test_nothing_wrong_makes_no_group() -> None:
    assert grouped(()) == ()


def test_bad_rows_know_their_place_and_the_cell(wrong: ValidatedFile) -> None:
    rows = bad_rows(wrong)
    assert [(row.line, row.place, sorted(row.wrong)) for row in rows] == [
        (2, 0, [5]),
        (4, 2, [1, 5]),
        (5, 3, [5]),
    ]
    assert all(not row.of_row for row in rows)


def test_what_is_wrong_with_a_row_as_a_whole_is_told_of_the_row(store: Store) -> None:
    content = f"{PROGRESS}2567,1,A,IIT,1,50\n2567,1,A,IIT,1,60\n2567,1,A,IIT,2,60,เกิน\n"
    twice, ragged = bad_rows(checked(with_measures(store), content))
    assert (twice.line, twice.wrong, len(twice.of_row)) == (3, {}, 1)
    assert (ragged.line, ragged.wrong, len(ragged.of_row)) == (4, {}, 1)


@pytest.mark.parametrize("header", [" ร้อยละความสำเร็จ ", '"ร้อยละ\nความสำเร็จ"', "ร้อยละ  ความสำเร็จ"])
def test_a_cell_is_marked_however_its_header_is_spaced(header: str, store: Store) -> None:
    content = WRONG.replace("ร้อยละความสำเร็จ", header)
    assert 5 in bad_rows(checked(with_measures(store), content))[0].wrong


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_csv_has_each_row_with_its_problems_beside_it(wrong: ValidatedFile) -> None:
    header, *rows = table(problems_csv(wrong))
    assert header == [*WITH_NOTE.strip().split(","), "สิ่งที่ต้องแก้"]
    assert [bool(row[-1]) for row in rows] == [True, False, True, True]
    assert "เก้าสิบ" in rows[0][-1]
    assert rows[2][-1].count("\n") == 1  # two problems, a line each
    assert rows[2][6] == "'=1+1"


def test_the_xlsx_colours_the_cell_and_says_what_is_wrong(wrong: ValidatedFile) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(problems_xlsx(wrong))).active
    cell = sheet["F2"]
    assert cell.value == "เก้าสิบ"
    assert cell.fill.start_color.rgb == "FFFBD5D5"
    assert "เก้าสิบ" in cell.comment.text
    assert sheet["H1"].value == "สิ่งที่ต้องแก้"
    assert "เก้าสิบ" in sheet["H2"].value
    right = sheet["F3"]
    assert (right.comment, right.fill.fill_type, sheet["H3"].value) == (None, None, None)
    assert (sheet["G4"].value, sheet["G4"].data_type) == ("=1+1", "s")
    assert sheet["B4"].comment and sheet["F4"].comment


def test_a_large_workbook_is_written_through_the_disk_and_says_the_same(
    wrong: ValidatedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cells() -> list[tuple[Any, ...]]:
        sheet = openpyxl.load_workbook(io.BytesIO(problems_xlsx(wrong))).active
        return [
            (c.coordinate, c.value, c.data_type, c.fill.fill_type, c.comment and c.comment.text)
            for row in sheet.iter_rows()
            for c in row
        ]

    small = cells()
    monkeypatch.setattr(repairs, "LARGE", 0)
    assert cells() == small


def test_a_row_too_long_keeps_what_stands_beyond_the_header(store: Store) -> None:
    content = f"{PROGRESS}2567,1,A,IIT,2\n2567,1,A,IIT,1,50,มี,สอง\n"
    found = checked(with_measures(store), content)
    header, short, long = table(problems_csv(found))
    assert header[-1] == "สิ่งที่ต้องแก้"
    assert (len(header), len(short), len(long)) == (9, 9, 9)
    assert short[5:8] == [KEEP_STORED, "", ""]
    assert long[5:8] == ["50", "มี", "สอง"]
    assert short[8] and long[8]
    sheet = openpyxl.load_workbook(io.BytesIO(problems_xlsx(found))).active
    assert [cell.value for cell in sheet[3]][5:8] == ["50", "มี", "สอง"]
    assert sheet["I3"].value == long[8]


@pytest.mark.parametrize("make", [problems_csv, problems_xlsx])
@pytest.mark.parametrize("note", ["=1+1", "'=1+1", "''=1+1", "-", "'"])
def test_the_file_with_its_problems_is_read_as_the_file_was(
    make: object, note: str, store: Store
) -> None:
    with_measures(store)
    found = checked(store, f"{WITH_NOTE}2567,1,A,IIT,1,50,{note}\n2567,1,A,IIT,2,x,y\n")
    again = checked(store, make(found))  # type: ignore[operator]
    assert again.frame["note"].tolist() == found.frame["note"].tolist()


def test_the_file_made_anew_has_the_edits_and_lacks_what_was_removed(
    wrong: ValidatedFile, store: Store
) -> None:
    edits = {
        0: ["2567", "1", "A", "IIT", "1", "90", 'ดี, "มาก"\nสองบรรทัด'],
        3: ["2567", "2", "A", "IIT", "1", "100", ""],
    }
    content = rebuilt(wrong, edits, {2})
    assert table(content) == [
        list(wrong.sheet.header),
        edits[0],
        WRONG.split("\n")[2].split(","),
        [],  # where the removed row stood, so that lines stay what they were
        edits[3],
    ]
    outcome = taken(store, "progress", content)
    assert (outcome.counts.new, outcome.problems) == (3, ())


def test_the_file_made_anew_without_edits_is_the_same_file(store: Store) -> None:
    content = f'รายงานของกอง,,,,,,\n{WITH_NOTE}2567,1,A,IIT,1,x,\'=1\n2567,1,A,IIT,2,50,"a,""b"""\nรวม,,,,,50,\n'
    found = checked(with_measures(store), content)
    again = checked(store, rebuilt(found, {}, set()))
    assert again.frame.drop(columns="line").equals(found.frame.drop(columns="line"))
    assert [(p.kind, p.column, p.value) for p in again.problems] == [
        (p.kind, p.column, p.value) for p in found.problems
    ]


@pytest.mark.parametrize(("kind", "name"), SAMPLES)
def test_each_sample_is_recognised_as_what_it_is(kind: Dataset, name: str) -> None:
    content = (Settings().samples / name).read_bytes()
    assert recognised_kind(content, name, committed_reference(), Limits()) is kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (SCORES, Dataset.SCORES),
        (MEASURES, Dataset.MEASURES),
        (PROGRESS, Dataset.PROGRESS),
        (NARRATIVE, Dataset.NARRATIVE),
        ("ปี,คะแนนรวม\n", Dataset.SCORES),
        ("ก,ข\n", None),
        ("ปี,แบบวัด\n", None),
        ("", None),
    ],
)
def test_a_header_is_recognised_or_nothing_is_claimed(header: str, kind: Dataset | None) -> None:
    content = f"{header}1,2,3,4,5,6,7\n".encode() if header else b""
    assert recognised_kind(content, "x.csv", committed_reference(), Limits()) is kind


def test_every_faulty_file_can_be_asked_what_it_is() -> None:
    for file in sorted((Path(__file__).parents[1] / "faulty" / "files").iterdir()):
        recognised_kind(file.read_bytes(), file.name, committed_reference(), Limits())


def test_sentences_beside_buttons_name_no_option_of_the_command_line(store: Store) -> None:
    found = checked(store, "หน่วยงาน,คะแนนรวม\nA,88.5\nเฉลี่ย,88.5\n".encode())
    messages = " ".join(problem.message() for problem in found.problems)
    assert "--keep-rows" in messages
    assert "--year" in messages
    shown = " ".join(group.message for group in grouped(found.problems))
    assert "--" not in shown
    assert "บรรทัดคำสั่ง" not in shown
    assert "ให้เลือกนำแถวเหล่านี้เข้าด้วย" in shown
