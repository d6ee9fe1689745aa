"""Charts on paper: the files are whole, and every text is in them as it went in, whatever it is."""

from __future__ import annotations

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from ita.charts.typst_figures import FONTS, Caption, pdf_bytes, png_bytes, svg_bytes
from ita.charts.values import (
    Bar,
    BarChart,
    CellGrid,
    Chart,
    Dot,
    GridCell,
    Line,
    LineChart,
    Mark,
    ReferenceLine,
    ValueBand,
)
from ita.config import PROJECT
from tests.charts.printing import CAPTION, page_of, squeezed
from tests.charts.shapes import BLUE, BREAK, CASES, FULL, bar_chart, line_chart


def _texts(chart: Chart) -> list[str]:
    """Every text of a chart that a reader of the paper must find."""
    if isinstance(chart, CellGrid):
        rows = [text for name, cells in chart.rows for text in (name, *(c.text for c in cells))]
        return [chart.title, *chart.columns, *rows]
    if isinstance(chart, BarChart):
        bars = [text for bar in chart.bars for text in (bar.category, bar.label)]
        return [chart.title, *bars, *(rule.name for rule in chart.reference_lines)]
    dots = [dot.label for line in chart.lines for dot in line.dots]
    marks = [text for mark in chart.marks for text in (mark.sign, mark.note)]
    names = [named.name for named in (*chart.reference_lines, *chart.bands)]
    ends = [line.end_label for line in chart.lines]
    return [chart.title, *chart.categories, *dots, *marks, *names, *ends]


@pytest.mark.parametrize("name", CASES)
def test_every_text_stands_on_the_page(name: str) -> None:
    page = page_of(CASES[name])
    printed = squeezed(page.text)
    wanted = [*_texts(CASES[name]), CAPTION.source, CAPTION.data_date, CAPTION.link]
    assert [text for text in wanted if squeezed(text) not in printed] == []
    for left, bottom, right, top in page.boxes:
        assert -0.5 <= left <= right <= page.width + 0.5
        assert -0.5 <= bottom <= top <= page.height + 0.5


@pytest.mark.parametrize("name", CASES)
def test_picture_is_as_wide_as_twice_the_screen(name: str) -> None:
    picture = png_bytes(CASES[name], CAPTION)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1920
    assert 0.08 * width < height < width


@pytest.mark.parametrize("name", CASES)
def test_svg_is_well_formed_and_tells_itself(name: str) -> None:
    chart = replace(CASES[name], title="ก < ข & ค", alt="<b>")
    root = ElementTree.fromstring(svg_bytes(chart, CAPTION))
    told = [child.text for child in root if child.tag.endswith(("title", "desc"))]
    assert told == ["ก < ข & ค", "<b>"]
    assert root.get("role") == "img"
    # Letters are outlines: a text would look otherwise where the font is missing.
    assert not [e for e in root.iter() if e.tag.endswith(("}text", "}image", "}script"))]


@pytest.mark.parametrize(
    "word",
    ["ทั้งนี้", "ที่", "กำ", "น้ำ", "ผู้", "ปรับปรุง", "เจ้าหน้าที่", "กตัญญู", "ป้ำ", "ซึ่ง", "๒๕๖๗", "−0.33 ≥ 85"],
)
def test_thai_words_come_out_of_the_pdf_as_they_went_in(word: str) -> None:
    page = page_of(
        replace(line_chart([80.0]), title=f"ก {word} ข", marks=(replace(BREAK, note=word),))
    )
    assert squeezed(f"ก {word} ข") in squeezed(page.text)
    assert squeezed(f"(1){word}แหล่งที่มา") in squeezed(page.text)


EVIL = [
    "#panic()",
    "$x$",
    "*b* _i_ @ref <label>",
    "<script>alert(1)</script>",
    "\\ \\u{41} // no /* comment */",
    "\"quotes\" 'and' `more`",
    '#eval("1") #read("/etc/passwd")',
    "= heading",
    "]} {[",
]


@pytest.mark.slow
@pytest.mark.parametrize("text", EVIL)
def test_texts_are_never_read_as_code(text: str) -> None:
    t = [f"{letter} {text}" for letter in "กขคงจ"]
    short = [f"{letter} {text[:9]}" for letter in "ฉชซ"]  # signs and labels of dots are short
    line = Line(text, text, ((Dot(0, 60, text, short[0]), Dot(1, 70, text)),), text, text)
    spread = ValueBand(t[1], text, ((0, 50, 60), (1, 60, 70)))
    rules, marks = (ReferenceLine(-0.5, 1.5, 60, t[2]),), (Mark(0.5, short[1], t[3], text),)
    ended = replace(line, end_label=f"ซ {text}")
    lines = LineChart(t[0], text, (t[4], text), 50, 100, (ended,), (spread,), rules, marks)
    bar = Bar(t[1], 0, 50, text, t[2], text)
    charts: list[tuple[Chart, list[str]]] = [
        (lines, [*t, *short[:2], ended.end_label]),
        (replace(lines, lines=(replace(line, name=f"ซ {text}"),)), [f"ซ {text}"]),
        (BarChart(t[0], text, 0, 100, (bar,), (ReferenceLine(0, 1, 60, t[3]),)), t[:4]),
        (
            CellGrid(t[0], text, (t[1],), ((t[2], (GridCell(t[3], "", 1.0, text, text, text),)),)),
            t[:4],
        ),
    ]
    caption = Caption(f"ฌ {text}", f"ญ {text}", f"ฎ {text}")
    for chart, wanted in charts:
        printed = squeezed(page_of(chart, caption).text)
        said = [*wanted, caption.source, caption.data_date, caption.link]
        assert [found for found in said if squeezed(found) not in printed] == []
        ElementTree.fromstring(svg_bytes(chart, caption))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["x" * 5000, "ก" * 5000, "ทั้งนี้ ที่ " * 450, "ทั้งนี้" * 700, "😀" * 99],
    ids=["letters", "consonants", "words", "no blanks", "unknown"],
)
def test_long_texts_stay_on_the_page(text: str) -> None:
    chart = replace(
        line_chart([80.0, 90.0]), title=text, marks=(replace(BREAK, note=text, position=0.5),)
    )
    page = page_of(chart, Caption(text, text))
    assert all(-0.5 <= box[0] <= box[2] <= page.width + 0.5 for box in page.boxes)
    if "😀" not in text:  # the font has no such sign and prints an empty box
        assert squeezed(page.text).count(squeezed(text)) >= 4
    if not text.startswith("กก"):  # no words, no place to break, and too short to be cut
        bars = page_of(replace(bar_chart([50.0]), bars=(Bar(text, 0, 50, BLUE, text, ""),)))
        assert all(-0.5 <= box[0] <= box[2] <= bars.width + 0.5 for box in bars.boxes)


@pytest.mark.parametrize(
    "text", ["\x00\x07\x1b", "a\nb\r\tc", "\ud800", "\u202eabc\u202c", "\ufeff\u200b"]
)
def test_odd_signs_do_no_harm(text: str) -> None:
    chart = replace(line_chart([80.0, 90.0]), title=text, marks=(replace(BREAK, note=text),))
    ElementTree.fromstring(svg_bytes(chart, Caption(text, text, text)))
    assert pdf_bytes(chart, Caption(text, text, text))


@pytest.mark.parametrize(
    ("link", "active"),
    [
        ("https://example.org/a?b=%E0%B8%81", True),
        ("javascript:alert(1)", False),
        ("ftp://x", False),
    ],
)
def test_only_web_addresses_become_links(link: str, active: bool) -> None:
    printed = pdf_bytes(line_chart([80.0]), replace(CAPTION, link=link))
    assert (b"/URI" in printed) is active


@pytest.mark.slow
def test_same_chart_gives_the_same_file_in_every_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        files = {
            make: {pool.submit(make, FULL, CAPTION) for _ in range(6)}
            for make in (png_bytes, svg_bytes, pdf_bytes)
        }
        assert all(len({done.result() for done in made}) == 1 for made in files.values())


def test_start_does_not_pay_for_typst() -> None:
    code = "import sys, ita.charts.typst_figures; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_fonts_lie_beside_their_licence() -> None:
    fonts = sorted(file.name for file in FONTS.glob("*.ttf"))
    licence = (FONTS / "Laksaman-GPL-2.txt").read_text(encoding="utf-8")
    assert fonts == ["Laksaman-Bold.ttf", "Laksaman.ttf"]
    assert all(name in licence for name in fonts)
    assert "special exception" in licence
    assert "GNU GENERAL PUBLIC LICENSE" in licence
