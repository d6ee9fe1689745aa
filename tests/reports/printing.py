"""Reports to print, and eyes that read the pages again: two PDF readers, python-docx."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from PIL import Image

from ita.documents.model import REPLACEMENT
from ita.domain import FiscalYear, Instrument
from ita.reports.narrative import NarrativeReport, NarrativeResult, NarrativeRow
from ita.reports.report_document import WIDTHS
from tests.builders import measure

CENTIMETRE = 72 / 2.54
PAGE = (29.7 * CENTIMETRE, 21 * CENTIMETRE)
LEFT, RIGHT, TOP, BOTTOM = (length * CENTIMETRE for length in (3, 2, 2, 2))


def edges() -> list[float]:
    """Where the lines between the columns stand on a page, from the left, in points."""
    whole = PAGE[0] - LEFT - RIGHT
    return [LEFT + whole * sum(WIDTHS[:count]) / 100 for count in range(len(WIDTHS) + 1)]


def pages_of_pdfium(content: bytes) -> list[list[str]]:
    """For each page the text of the whole page, then of each column, lines apart."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        columns = [
            text.get_text_bounded(left + 0.5, BOTTOM, right - 0.5, PAGE[1] - TOP)
            for left, right in zip(edges(), edges()[1:], strict=False)
        ]
        # pdfium tells a hyphen at the end of a line by a sign of its own.
        told = [part.replace("\x02", "-") for part in (text.get_text_range(), *columns)]
        found.append(told)
    return found


def pages_of_poppler(content: bytes, folder: Path) -> list[list[str]]:
    """The same as `pages_of_pdfium` by `pdftotext`; where it must be there, it can't be skipped."""
    if not shutil.which("pdftotext"):
        if os.environ.get("ITA_REQUIRE_BROWSER"):
            pytest.fail("pdftotext is missing; install poppler-utils")
        pytest.skip("pdftotext is not installed (poppler-utils)")
    place = folder / "read.pdf"
    place.write_bytes(content)

    def read(*area: float) -> list[str]:
        names = ("-x", "-y", "-W", "-H")
        crop = [
            word for pair in zip(names, map(str, map(round, area)), strict=False) for word in pair
        ]
        done = subprocess.run(
            ["pdftotext", "-raw", *crop, str(place), "-"], capture_output=True, check=True
        )
        return done.stdout.decode().split("\f")[:-1]

    columns = [
        read(left + 1, TOP, right - left - 1, PAGE[1] - TOP - BOTTOM)
        for left, right in zip(edges(), edges()[1:], strict=False)
    ]
    return [list(texts) for texts in zip(read(), *columns, strict=True)]


Reader = Callable[[bytes, Path], list[list[str]]]
READERS: dict[str, Reader] = {
    "pdfium": lambda content, _: pages_of_pdfium(content),
    "poppler": pages_of_poppler,
}
"""Chrome's reader, and the one of most Linux programs."""


def bare(text: str) -> str:
    """Text without its spaces: in Thai a line ends where there is none."""
    return re.sub(r"\s+", "", text)


def column(pages: list[list[str]], number: int, heading: str) -> str:
    """What stands in a column over all pages, its heading taken off each; the first page's title
    and introduction stand above the table and are not in question here."""
    told = ""
    for page in pages:
        text = bare(page[number + 1])
        assert bare(heading) in text, f"no heading on a page: {text[:80]}"
        told += text.split(bare(heading), 1)[1]
    return told


def column_lines(pages: list[list[str]], number: int, heading: str) -> list[str]:
    """The lines of a column over all pages as a reader gives them, without its headings."""
    told = []
    for page in pages:
        lines = [line.strip() for line in re.split(r"[\r\n]+", page[number + 1])]
        while not bare("".join(lines)).startswith(bare(heading)):
            lines.pop(0)
        rest = bare(heading)
        while rest:
            rest = rest.removeprefix(bare(lines.pop(0)))
        told += [line for line in lines if line]
    return told


def docx_rows(content: bytes) -> list[list[str]]:
    (table,) = Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def report_of(
    *texts: str, results: tuple[str, ...] = (), outcome: str | None = None
) -> NarrativeReport:
    """A report of one instrument with these measures."""
    measures = tuple(
        replace(measure(seq=number), text=text) for number, text in enumerate(texts, start=1)
    )
    answers = tuple(NarrativeResult(n, text, (n,)) for n, text in enumerate(results, start=1))
    row = NarrativeRow(Instrument.IIT, "แบบวัด IIT", measures, answers, None, outcome, (), ())
    return NarrativeReport("X", "เทศบาลตำบลตัวอย่าง", FiscalYear(2567), (row,), ())


WORK = (
    "จัดอบรมจริยธรรมและผลประโยชน์ทับซ้อนให้บุคลากรทุกระดับ พร้อมแบบทดสอบก่อนและหลัง",
    "เผยแพร่แผนการจัดซื้อจัดจ้างและผลการใช้จ่ายงบประมาณบนเว็บไซต์ www.example.go.th ทุกไตรมาส",
    "เปิดช่องทางร้องเรียน (LINE OA, E-Service) และรายงานผลต่อผู้บริหาร\nภายใน 15 วันทำการ",
    "ทบทวนคู่มือการให้บริการของกองช่าง กองคลัง และกองการศึกษาฯ ให้เป็นปัจจุบัน",
)


def large_report(count: int) -> NarrativeReport:
    """A fictional agency with so many measures over the three instruments."""
    rows = []
    for number, instrument in enumerate(Instrument):
        mine = range(1, count // 3 + (number < count % 3) + 1)
        measures = tuple(
            replace(measure(instrument, seq), text=f"{WORK[seq % 4]} โครงการที่ {seq}/{number}")
            for seq in mine
        )
        results = tuple(
            NarrativeResult(seq, f"ดำเนินการแล้ว {seq}/{number} {WORK[(seq + 1) % 4]}", (seq,))
            for seq in mine
        )
        title = f"แบบวัดการรับรู้ หรือแบบวัด {instrument}"
        outcome = f"คะแนน {instrument} ดีขึ้น " + " ".join(WORK)
        rows.append(
            NarrativeRow(instrument, title, measures, results, "ไตรมาส 1-4", outcome, (), ())
        )
    agency = "องค์การบริหารส่วนตำบลสมมติ อำเภอสมมติ จังหวัดสมมติ"
    return NarrativeReport("Y", agency, FiscalYear(2568), tuple(rows), ())


BAD = {
    "markup": (
        "<script>alert(1)</script> <b>หนา</b> &amp; #panic() $x$ *a* _b_ `c` @d <e> \\n",
        None,
    ),
    "typst": ('#read("/etc/passwd") #import "x" \\u{41} // x /* y */ [a] {b}', None),
    "formula": ('=HYPERLINK("http://example.com";"x") +1 -1 @SUM(A1)', None),
    "jinja": ("{{ agency }} {% for x in rows %} {_{ x }_} {# y #} {%tr x %}", None),
    "breaks": ("บรรทัดหนึ่ง\r\nบรรทัดสอง\u2028บรรทัดสาม\n\nบรรทัดห้า", None),
    "digits": ("ปี ๒๕๖๗ ร้อยละ ๙๕.๐๐", None),
    "controls": ("ก\x00ข\x01ค\x08ง\x1bจ\x7fฉ\x9fช\ufffeซ\uffff", "กขคงจฉชซ"),
    "invisible": ("ก\u200bข\u200cค\u200dง\u2060จ\ufeffฉ\u00adช", "กขคงจฉช"),
    "direction": ("ก\u202eabc\u202c \u2067x\u2069 \u200fข", "กabc x ข"),
    "tabs": ("ก\tข", "ก ข"),
    "private": ("ก\ue000ข\U000f0000", f"ก{REPLACEMENT}ข{REPLACEMENT}"),
    "halves": ("ก\ud800ข", f"ก{REPLACEMENT}ข"),
}
"""Text that goes in, and what is printed; None where that is the same but for the line ends."""


def as_printed(name: str) -> str:
    text, expected = BAD[name]
    return expected if expected is not None else re.sub("\r\n|\u2028", "\n", text)


def picture(form: str, size: tuple[int, int] = (300, 400), mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, form)
    return stream.getvalue()
