"""`python -m ita plan`: its files, the draft that says so, its refusals and exit codes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from docx import Document

from ita.planning.plan_document import DOCUMENT_WRITERS, DRAFT_MARK
from tests.calling import ita
from tests.imports.bringing import AGENCIES


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the samples, for calls that only read."""
    place = tmp_path_factory.mktemp("plan") / "ita.duckdb"
    assert ita(place, "demo").code == 0
    yield place


@pytest.mark.parametrize("form", DOCUMENT_WRITERS)
def test_every_format_is_written_and_a_draft_says_so(form: str, demo: Path, tmp_path: Path) -> None:
    file = tmp_path / f"plan.{form}"
    words = ("plan", "--agency", "SAMPLE", "--year", "2570", "--format", form, "--out", str(file))
    call = ita(demo, *words)
    assert call.code == 0
    assert "ไฟล์จึงเป็นร่าง" in call.out
    assert file.stat().st_size > 1_000


def test_a_stored_plan_is_no_draft_and_stays_thai(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    words = ("--agency", "SAMPLE", "--year", "2567", "--format", "docx", "--out", str(file))
    assert ita(demo, "plan", *words, language="en").code == 0
    document = Document(io.BytesIO(file.read_bytes()))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert DRAFT_MARK not in told
    assert "ปีงบประมาณ 2566" in told, "a plan starts from the scores before it"
    assert not any(letter in told for letter in ("Source", "weak"))


def test_a_plan_of_an_older_year_knows_nothing_of_later_scores(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    words = ("--agency", "IPST", "--year", "2562", "--format", "pdf", "--out", str(file))
    assert ita(demo, "plan", *words).code == 0
    pages = pypdfium2.PdfDocument(file.read_bytes())
    told = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "83.10" in told and "91.07" not in told


def test_the_workbook_has_a_row_a_measure(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.xlsx"
    words = ("--agency", "SAMPLE", "--year", "2567", "--format", "xlsx", "--out", str(file))
    assert ita(demo, "plan", *words).code == 0
    assert openpyxl.load_workbook(file).worksheets[0].max_row == 10


def test_without_anything_to_start_from_it_is_refused(tmp_path: Path) -> None:
    store, file = tmp_path / "ita.duckdb", tmp_path / "plan.pdf"
    agencies = tmp_path / "agencies.csv"
    agencies.write_text(AGENCIES, encoding="utf-8")
    assert ita(store, "import", "agencies", str(agencies)).code == 0
    words = ("--agency", "A", "--year", "2570", "--format", "pdf", "--out", str(file))
    call = ita(store, "plan", *words)
    assert call.code == 1
    assert "ยังออกแผนไม่ได้" in call.err
    assert not file.exists()


def test_wrong_calls(demo: Path, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "plan.pdf"))
    assert (
        ita(demo, "plan", "--agency", "NOBODY", "--year", "2570", "--format", "pdf", *out).code == 2
    )
    assert (
        ita(demo, "plan", "--agency", "SAMPLE", "--year", "2570", "--format", "png", *out).code == 2
    )
    assert ita(demo, "plan", "--agency", "SAMPLE", "--format", "pdf", *out).code == 2
