"""The report of 500 measures as DOCX and PDF, against the plainest way to make such a file; a report
of twenty pages read back, against pdfium's own text of it."""

from __future__ import annotations

import io
import itertools
import json
import time
from collections.abc import Callable, Iterator

import pypdfium2
import typst
from docx import Document

from benchmarks.rounds import Goal, Missing, NotMeasured, Row, interleaved, row
from ita.charts.typst_figures import FONTS
from ita.domain import FiscalYear, Instrument
from ita.measures.model import Measure
from ita.reports.docx_document import docx_document, starter_template
from ita.reports.narrative import COLUMNS, NarrativeReport, NarrativeResult, NarrativeRow
from ita.reports.reading.errors import READ_LIMITS
from ita.reports.reading.layout import TextLine, TextTable
from ita.reports.reading.pdf import read_pdf
from ita.reports.report_document import WIDTHS, pdf_document

MEASURES = 500
READ_PAGES = 20
ROUNDS = 5
WORK = (
    "จัดทำแนวทางปฏิบัติการใช้ทรัพย์สินของราชการ การยืมทรัพย์สินของราชการที่ถูกต้องตามระเบียบกฎหมาย",
    "สร้างจิตสำนึกที่ดีในการรับผิดชอบงานต่อหน้าที่เพื่อให้เกิดการแยกแยะระหว่างผลประโยชน์ส่วนตนและส่วนรวม",
    "พัฒนาระบบการให้บริการออนไลน์ที่เป็นงานบริการหลักของหน่วยงาน ให้ครอบคลุมทุกภารกิจ เข้าใจง่าย",
)
BARE = b"""
#let told = json(bytes(sys.inputs.told))
#set page(paper: "a4", flipped: true, margin: (left: 3cm, rest: 2cm))
#set text(font: "Laksaman", size: 14pt, lang: "th")
#table(columns: told.widths.map(w => w * 1fr), table.header(..told.columns), ..told.rows.flatten())
"""
_turns = itertools.count()


def fresh_report() -> NarrativeReport:
    """500 measures that no document had before: typst remembers what it has laid out once."""
    turn = next(_turns)
    year, rows = FiscalYear(2567), []
    for at, instrument in enumerate(Instrument):
        numbers = range(1, MEASURES // 3 + (at < MEASURES % 3) + 1)
        measures = tuple(
            Measure(
                year, instrument, n, f"{WORK[n % 3]} {turn}-{n}", (), ("สำนักปลัด", "กองคลัง"), None
            )
            for n in numbers
        )
        results = tuple(
            NarrativeResult(n, f"ดำเนินการแล้ว {WORK[(n + 1) % 3]} {turn}-{n}", (n,)) for n in numbers
        )
        title = f"แบบวัดการรับรู้ หรือแบบวัด {instrument}"
        rows.append(
            NarrativeRow(instrument, title, measures, results, "ไตรมาส 1-4", WORK[at], (), ())
        )
    return NarrativeReport("X", "เทศบาลตำบลสมมติ", year, tuple(rows), ())


def measure_documents() -> list[Row | Missing]:
    """The rows of goal 14."""
    lines: list[Row | Missing] = []
    for measure in (_docx, _pdf, _reading):
        try:
            lines.append(measure())
        except NotMeasured as fault:
            lines.append(Missing(measure.__name__, str(fault)))
    return lines


def _docx() -> Row:
    starter_template()
    sides = {"ours": _side(docx_document, _check_docx), "add_row": _side(_add_rows, _check_docx)}
    note = (
        "python-docx: a row a measure, cell by cell, in its stock table; ours in the authority's form, "
        "read back and counted"
    )
    rounds = interleaved(sides, ROUNDS)
    return row(f"{MEASURES} measures as DOCX", "ms", rounds, "ours", "add_row", Goal(14, 0.4), note)


def _pdf() -> Row:
    sides = {"ours": _side(pdf_document, _check_pdf), "bare": _side(_bare_table, _check_pdf)}
    note = (
        "typst over a bare table of the same five columns of text; ours with title, running head, page "
        "n of N, PDF/A and PDF/UA; new texts in each round, and counted in the file"
    )
    rounds = interleaved(sides, ROUNDS)
    return row(f"{MEASURES} measures as PDF", "s", rounds, "ours", "bare", Goal(14, 1.0), note)


def _reading() -> Row:
    """No goal, for beside the ratio counts that twenty pages take three seconds at most."""
    content = pdf_document(fresh_report())
    pages = len(pypdfium2.PdfDocument(content))

    def ours() -> float:
        started = time.perf_counter()
        layout = read_pdf(content, READ_LIMITS)
        seconds = time.perf_counter() - started
        tables = [block for block in layout.blocks if isinstance(block, TextTable)]
        _count(sum(line.text.startswith("- ") for line in _lines(tables)))
        return seconds / pages * READ_PAGES

    def bare() -> float:
        started = time.perf_counter()
        for page in pypdfium2.PdfDocument(content):
            page.get_textpage().get_text_range()
        return (time.perf_counter() - started) / pages * READ_PAGES

    sides = {"ours": ours, "bare": bare}
    note = (
        f"a report of {pages} pages, counted to {READ_PAGES}: characters with places to cells and lines, "
        "each result found again; pdfium's own text has neither; 3 s is the mark"
    )
    rounds = interleaved(sides, ROUNDS)
    return row(f"{READ_PAGES} pages of PDF read", "s", rounds, "ours", "bare", None, note)


def _lines(tables: list[TextTable]) -> Iterator[TextLine]:
    for table in tables:
        for text_row in table.rows:
            for cell in text_row:
                yield from cell.lines


Make = Callable[[NarrativeReport], bytes]


def _side(make: Make, check: Callable[[bytes], None]) -> Callable[[], float]:
    def work() -> float:
        report = fresh_report()
        started = time.perf_counter()
        content = make(report)
        seconds = time.perf_counter() - started
        check(content)
        return seconds

    work()  # imports, fonts and templates are not what is measured
    return work


def _add_rows(report: NarrativeReport) -> bytes:
    document = Document()
    table = document.add_table(rows=1, cols=len(COLUMNS))
    for cell, name in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.text = name
    for one in report.rows:
        for measure, result in zip(one.measures, one.results, strict=True):
            cells = table.add_row().cells
            cells[0].text = one.title
            cells[1].text = f"{measure.seq}. {measure.text}"
            cells[2].text = f"- {result.text}"
            cells[3].text = "\n".join(one.responsible)
            cells[4].text = one.outcome or ""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _bare_table(report: NarrativeReport) -> bytes:
    rows = [one.cells() for one in report.rows]
    told = json.dumps({"widths": WIDTHS, "columns": COLUMNS, "rows": rows})
    made: bytes = typst.compile(
        BARE, font_paths=[str(FONTS)], ignore_system_fonts=True, sys_inputs={"told": told}
    )
    return made


def _check_docx(content: bytes) -> None:
    (table,) = Document(io.BytesIO(content)).tables
    texts = [text.text or "" for text in table._tbl.iter() if text.tag.endswith("}t")]
    _count(sum(text.startswith("- ดำเนินการแล้ว") for text in texts))


def _check_pdf(content: bytes) -> None:
    pages = pypdfium2.PdfDocument(content)
    _count(sum(page.get_textpage().get_text_range().count("- ดำเนินการแล้ว") for page in pages))


def _count(found: int) -> None:
    if found != MEASURES:
        raise NotMeasured(f"{found} results in the file instead of {MEASURES}")
