"""`python -m ita brief`: its file, its refusals and its exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from tests.calling import ita


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the samples, for calls that only read."""
    place = tmp_path_factory.mktemp("brief") / "ita.duckdb"
    assert ita(place, "demo").code == 0
    yield place


def _brief(place: Path, out: Path, *words: str, language: str = "") -> int:
    return ita(place, "brief", *words, "--format", "pdf", "--out", str(out), language=language).code


def _text(file: Path) -> str:
    document = pypdfium2.PdfDocument(BytesIO(file.read_bytes()))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


@pytest.mark.slow
@pytest.mark.parametrize(("language", "told"), [("th", "ข้อมูล ณ"), ("en", "Data as of")])
def test_it_writes_the_pages_in_the_language_of_the_call(
    language: str, told: str, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "brief.pdf"
    year = ("--agency", "SAMPLE", "--year", "2567")
    assert _brief(demo, file, *year, language=language) == 0
    assert "88.92" in _text(file)
    assert told in _text(file)


@pytest.mark.slow
def test_the_only_agency_with_a_report_need_not_be_named(demo: Path, tmp_path: Path) -> None:
    assert _brief(demo, tmp_path / "brief.pdf", "--year", "2567") == 0
    assert "หน่วยงานตัวอย่าง" in _text(tmp_path / "brief.pdf")
    assert _brief(demo, tmp_path / "other.pdf", "--year", "2566") == 2


def test_an_agency_without_scores_and_work_is_refused(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "brief.pdf"
    call = ita(
        demo, "brief", "--agency", "YALA", "--year", "2560", "--format", "pdf", "--out", str(file)
    )
    assert call.code == 1
    assert "ยังไม่มีคะแนนจนถึงปี 2560" in call.err
    assert not file.exists()


def test_wrong_calls_and_a_broken_store(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "brief.pdf"
    assert _brief(demo, file, "--agency", "NOBODY", "--year", "2567") == 2
    assert _brief(demo, file, "--agency", "YALA", "--year", "x") == 2
    assert _brief(demo, tmp_path / "no" / "\0", "--agency", "YALA", "--year", "2567") == 2
    assert ita(demo, "brief", "--year", "2567", "--format", "docx", "--out", str(file)).code == 2
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no store" * 1000)
    assert _brief(broken, file, "--agency", "YALA", "--year", "2567") == 3
    assert not file.exists()
