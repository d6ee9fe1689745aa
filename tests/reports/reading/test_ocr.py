"""Scans: without OCR said plainly, with it read as any page and doubtful throughout."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ita.config import settings_from
from ita.reports.reading import ocr
from ita.reports.reading.documents import read_document, read_job
from ita.reports.reading.errors import READ_LIMITS, ReadError
from ita.reports.reading.page_images import images_job
from ita.reports.reading.reader import draft_job
from ita.reports.reading.report_draft import ReportColumn, ReportDraft
from ita.reports.reading.scan_images import page_strips, page_tables, ruled_lines, straightened
from tests.calling import ita
from tests.reports.reading.bad_pdfs import many_pages
from tests.reports.reading.invented import HOSPITAL, NAMES, InventedReport
from tests.reports.reading.making import lines_of, typst_pdf
from tests.reports.reading.reading import INDICATORS, share_alike, structure

with_tesseract = pytest.mark.skipif(
    not ocr.ocr_is_available() and not os.environ.get("ITA_REQUIRE_BROWSER"),
    reason="Tesseract with Thai is not installed",
)
HEAD = (
    "แบบวัด",
    "มาตรการหรือกิจกรรมที่ดำเนินการ",
    "สรุปผลการดำเนินการตามมาตรการหรือกิจกรรม",
    "ผู้รับผิดชอบ / ระยะเวลาดำเนินการ",
    "ผลลัพธ์หรือความสำเร็จของการดำเนินการ",
)


def printed_table(report: InventedReport) -> bytes:
    cells = [f"[*{name.replace('/', chr(92) + '/')}*]" for name in HEAD]
    for row in report.rows:
        lines = (
            [NAMES[row.instrument]],
            [f"{n}\\. {text}" for n, text in enumerate(row.measures, 1)],
            [f"\\- {text}" for text in row.results],
            [*row.divisions, "ดำเนินการ", row.period or ""],
            [row.outcome],
        )
        cells += ["[" + " \\ ".join(texts) + "]" for texts in lines]
    return typst_pdf(
        '#set page(paper: "a4", flipped: true, margin: 1.5cm)\n'
        '#set text(font: "Laksaman", size: 14pt, lang: "th")\n'
        f"{report.title} ประจำปีงบประมาณ พ.ศ. {report.year}\n"
        f"#table(columns: (3cm, 1fr, 1fr, 3.8cm, 1fr), {', '.join(cells)})"
    )


def scanned(pdf: bytes, dots: int = 300, skew: float = 0.6) -> bytes:
    """A PDF's pages as a scanner makes them: gray paper, noise, laid in askew, JPEG."""
    drawn = images_job(pdf, frozenset(range(1, 9)), dots * 842 // 72)
    assert not isinstance(drawn, ReadError)
    noise = np.random.default_rng(7)
    pages = []
    for image in drawn.images:
        paper = Image.open(io.BytesIO(image.content)).convert("L")
        paper = paper.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
        levels = np.asarray(paper) * 0.93 + noise.normal(0, 8, (paper.height, paper.width))
        pages.append(Image.fromarray(levels.clip(0, 255).astype(np.uint8)))
    scan = io.BytesIO()
    pages[0].save(scan, "PDF", resolution=dots, save_all=True, append_images=pages[1:])
    return scan.getvalue()


def _code(content: bytes, use_ocr: bool = True) -> str:
    found = read_job(content, ocr=use_ocr)
    assert isinstance(found, ReadError), found
    return found.code


@with_tesseract
@pytest.mark.slow
def test_a_scanned_table_is_read_and_each_text_of_it_is_doubtful() -> None:
    draft = draft_job(scanned(printed_table(HOSPITAL)), INDICATORS, ocr=True)
    assert isinstance(draft, ReportDraft), draft
    assert structure(draft.rows) == structure(HOSPITAL.rows)
    assert (draft.fiscal_year, draft.agency) == (HOSPITAL.year, HOSPITAL.agency)
    assert share_alike(draft, HOSPITAL) > 0.95
    doubtful = [(d.instrument, d.column, d.text) for d in draft.doubts if d.why == "ocr"]
    for row in draft.rows:
        for column, texts in (
            (ReportColumn.MEASURES, row.measures),
            (ReportColumn.RESULTS, row.results),
            (ReportColumn.OUTCOME, (row.outcome,)),
        ):
            assert all((row.instrument, column, text) in doubtful for text in texts)
        columns = {column for instrument, column, _ in doubtful if instrument is row.instrument}
        assert {ReportColumn.DIVISIONS, ReportColumn.PERIOD} <= columns


@with_tesseract
@pytest.mark.slow
def test_of_a_mixed_document_the_pictures_are_named_or_read() -> None:
    text = printed_table(HOSPITAL)
    import pypdfium2

    mixed = pypdfium2.PdfDocument(text)
    count = len(mixed)
    appendix = scanned(typst_pdf('#set text(font: "Laksaman", size: 20pt); ภาคผนวกของรายงาน'))
    mixed.import_pages(pypdfium2.PdfDocument(appendix))
    out = io.BytesIO()
    mixed.save(out)
    draft = draft_job(out.getvalue(), INDICATORS)
    assert isinstance(draft, ReportDraft)
    assert structure(draft.rows) == structure(HOSPITAL.rows)
    assert [d.text for d in draft.doubts if d.why == "picture-pages"] == [str(count + 1)]
    assert not [d for d in draft.doubts if d.why == "ocr"]
    with_ocr = draft_job(out.getvalue(), INDICATORS, ocr=True)
    assert isinstance(with_ocr, ReportDraft)
    assert with_ocr.rows == draft.rows
    assert [d.text for d in with_ocr.doubts if d.why == "ocr"] == ["ภาคผนวกของรายงาน"]
    assert "ภาคผนวกของรายงาน" in with_ocr.unplaced


@pytest.mark.slow
@with_tesseract
def test_a_scan_without_a_letter_says_so() -> None:
    scan = io.BytesIO()
    Image.new("L", (2_480, 3_508), 240).save(scan, "PDF", resolution=300)
    assert _code(scan.getvalue(), use_ocr=False) == "scan"
    assert _code(scan.getvalue()) == "ocr-no-text"


@with_tesseract
def test_of_a_long_scan_no_page_is_read() -> None:
    page = Image.new("L", (40, 60), 200)
    scan = io.BytesIO()
    page.save(scan, "PDF", save_all=True, append_images=[page] * READ_LIMITS.ocr_pages)
    assert _code(scan.getvalue()) == "ocr-too-many-pages"


@with_tesseract
def test_a_page_with_text_is_not_read_off_its_picture() -> None:
    layout = read_document(many_pages(1), ocr=True)
    assert lines_of(layout) == ["A page with some words on it"]
    assert not layout.recognised


def test_without_the_program_a_scan_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    scan = io.BytesIO()
    Image.new("L", (400, 600), 200).save(scan, "PDF")
    monkeypatch.setattr(ocr, "_program", lambda: None)
    assert not ocr.ocr_is_available()
    assert _code(scan.getvalue()) == "ocr-missing"


@pytest.mark.parametrize(
    ("text", "is_on"), [("", True), ("0", False), ("off", False), ("False", False), ("1", True)]
)
def test_ocr_can_be_switched_off(text: str, is_on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_from({"ITA_OCR": text}).ocr is is_on
    monkeypatch.setattr(ocr, "_program", lambda: "tesseract")
    monkeypatch.setenv("ITA_OCR", text)
    assert ocr.ocr_is_available() is is_on


def test_text_that_a_scanner_laid_over_its_picture_is_doubtful() -> None:
    from tests.reports.reading.bad_pdfs import one_page, stream

    drawn = b"BT %d Tr /F 20 Tf 72 700 Td (A page of a scanner, with words) Tj ET"
    assert read_document(one_page(stream(drawn % 0))).recognised == frozenset()
    assert read_document(one_page(stream(drawn % 3))).recognised == {1}


def _paper(skew: float = 0.0) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A table of two rows and three columns at 300 dots an inch, each cell with a bar as text."""
    image = Image.new("L", (2_480, 1_600), 235)
    pen = ImageDraw.Draw(image)
    for y in (300, 700, 1_100):
        pen.line((200, y, 2_300, y), fill=40, width=5)
    for x in (200, 900, 1_600, 2_300):
        pen.line((x, 300, x, 1_100), fill=40, width=5)
        if x < 2_300:
            for y in (300, 700):
                for row in range(4):
                    pen.rectangle((x + 40, y + 60 + row * 70, x + 600, y + 90 + row * 70), fill=30)
    pen.rectangle((200, 100, 1_200, 140), fill=30)
    turned = image.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=235)
    return np.asarray(turned, dtype=np.uint8)


@pytest.mark.slow
@pytest.mark.parametrize("skew", [0.0, 1.0, -2.0])
def test_a_table_is_found_on_a_picture_however_it_was_laid_in(skew: float) -> None:
    scale = 300 / 72
    picture = straightened(_paper(skew))
    tables = page_tables(ruled_lines(picture, scale))
    (table,) = tables
    assert (len(table.xs), len(table.ys), len(table.spans)) == (4, 3, 6)
    outside, (strip,) = page_strips(picture, tables, scale)
    assert len(strip.cuts) == 6
    assert outside[400:1_000, 400:2_000].min() == 255
    assert (outside < 100).sum() > 30_000
    for cut, top in zip(strip.cuts, strip.tops, strict=True):
        assert 540 < cut.picture.shape[1] < 680 and 230 < cut.picture.shape[0] < 300
        assert strip.on_page(24, top) == (cut.left, cut.top)


def test_a_photograph_has_no_lines_of_a_table() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (1_600, 1_200), dtype=np.uint8)
    assert page_tables(ruled_lines(noise, 300 / 72)) == []
    black = np.zeros((1_600, 1_200), dtype=np.uint8)
    assert page_tables(ruled_lines(black, 300 / 72)) == []


@pytest.mark.slow
@with_tesseract
def test_the_command_offers_and_takes_it(tmp_path: Path) -> None:
    source = typst_pdf('#set text(font: "Laksaman", size: 18pt)\nรายงานผล ประจำปีงบประมาณ พ.ศ. 2567')
    file = tmp_path / "scan.pdf"
    file.write_bytes(scanned(source, 200, 0.0))
    refused = ita(tmp_path / "x.duckdb", "read", str(file))
    assert refused.code == 1 and "เป็นภาพ" in refused.err and "--ocr" in refused.err
    taken = ita(tmp_path / "x.duckdb", "read", str(file), "--ocr", "--json")
    assert taken.document["rows"] == []
    assert any("2567" in text for text in taken.document["unplaced"])
    assert {doubt["why"] for doubt in taken.document["doubts"]} == {"ocr"}
