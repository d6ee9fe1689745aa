"""Columns that spaces set side by side in plain text, as `pdftotext -layout` and old programs write them."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest

from ita.reports.reading.layout import TextTable
from ita.reports.reading.plain_text import read_plain_text
from tests.reports.reading.damage import wrapped
from tests.reports.reading.invented import HOSPITAL, REPORTS, InventedReport
from tests.reports.reading.making import need
from tests.reports.reading.reading import read, share_alike, structure
from tests.reports.reading.test_ocr import printed_table

SHORT_HEAD = ("แบบวัด", "มาตรการ", "ผลการดำเนินการ", "ผู้รับผิดชอบ/ระยะเวลา", "ผลลัพธ์")
WIDTHS = (6, 36, 36, 36, 36)


def _columns(text: str, are_marks_wide: bool) -> int:
    return sum(are_marks_wide or unicodedata.category(sign) != "Mn" for sign in text)


def _row(cells: list[list[str]], are_marks_wide: bool) -> list[str]:
    lines = []
    for number in range(max(map(len, cells))):
        line = ""
        for cell, width in zip(cells, WIDTHS, strict=True):
            text = cell[number].rstrip() if number < len(cell) else ""
            line += text + " " * (width + 3 - _columns(text, are_marks_wide))
        lines.append(line.rstrip())
    return lines


def side_by_side(report: InventedReport, are_marks_wide: bool) -> str:
    lines = [report.title, f"ประจำปีงบประมาณ {report.year}", ""]
    lines += _row([[name] for name in SHORT_HEAD], are_marks_wide)
    for row in report.rows:
        texts = (
            [f"{n}. {text}" for n, text in enumerate(row.measures, 1)],
            [f"- {text}" for text in row.results],
            [*row.divisions, "ดำเนินการ", *([row.period] if row.period else [])],
            [row.outcome],
        )
        cells = [
            [line for text in column for line in wrapped(text, 24 if are_marks_wide else 32)]
            for column in texts
        ]
        lines += ["", *_row([[row.instrument.value], *cells], are_marks_wide)]
    return "\n".join(lines)


@pytest.mark.parametrize("are_marks_wide", [False, True])
@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.agency)
def test_columns_of_spaces_are_a_table(report: InventedReport, are_marks_wide: bool) -> None:
    draft = read(side_by_side(report, are_marks_wide))
    assert structure(draft.rows) == structure(report.rows)
    assert share_alike(draft, report) > 0.98
    assert (draft.fiscal_year, draft.agency) == (report.year, report.agency)
    assert draft.unplaced == ()


def test_text_with_wide_gaps_and_no_head_stays_lines() -> None:
    text = "\n".join(f"รายการที่ {n}      จำนวน {n} บาท      หมายเหตุ" for n in range(9))
    layout = read_plain_text(text)
    assert not any(isinstance(block, TextTable) for block in layout.blocks)
    assert [block.text for block in layout.blocks if not isinstance(block, TextTable)] == (
        text.split("\n")
    )


@pytest.mark.slow
def test_what_poppler_makes_of_a_pdf_is_a_table_again(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(printed_table(HOSPITAL))
    command = [need("pdftotext"), "-layout", str(file), "-"]
    draft = read(subprocess.run(command, capture_output=True, check=True).stdout.decode())
    assert structure(draft.rows) == structure(HOSPITAL.rows)
    assert share_alike(draft, HOSPITAL) > 0.97
