"""Charts on paper: the files are whole, every text is in them, and higher values stand higher."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.etree import ElementTree

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ita.charts.axis import axis_over, color
from ita.charts.line_drawing import HEIGHT, LABEL_HEIGHT, lines_drawing
from ita.charts.paper import FONTS, Caption, pdf_bytes, png_bytes, svg_bytes
from ita.charts.values import (
    Bar,
    BarChart,
    Cell,
    CellGrid,
    Chart,
    Dot,
    Line,
    LineChart,
    Mark,
    Rule,
    Spread,
)
from ita.settings import PROJECT
from ita.wording import speaking

CAPTION = Caption("แหล่งที่มา: สสวท. (ประกาศ)", "ข้อมูล ณ 30 ก.ย. 2567", "https://example.org/trend?a=1")
BLUE, PURPLE, RED = "#2F74B5", "#A0569B", "#B23A48"
BREAK = Mark(1.5, "(1)", "ปี 2561|2562 เปลี่ยนรูปแบบการประเมิน เทียบกันไม่ได้", RED, strong=True)


def _line(values: Sequence[float | None], name: str = "คะแนนรวม", **more: object) -> Line:
    """A line that ends at each None, its values written at all dots but the last."""
    runs: list[list[Dot]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            last = not any(v is not None for v in values[place + 1 :])
            runs[-1].append(Dot(place, value, "", "" if last else f"{value:.2f}"))
    known = [value for value in values if value is not None]
    whole = Line(name, BLUE, tuple(tuple(run) for run in runs if run))
    return replace(whole, end_label=f"{name} {known[-1]:.2f}" if known else "", **more)  # type: ignore[arg-type]


def _lines(values: Sequence[float | None], **more: object) -> LineChart:
    years = tuple(str(2553 + place) for place in range(len(values)))
    chart = LineChart("คะแนน ITA รายปี", "กราฟเส้น", years, 50, 101.5, (_line(values),))
    return replace(chart, **more)  # type: ignore[arg-type]


def _bars(ends: Sequence[float], low: float = 0, high: float = 100) -> BarChart:
    bars = tuple(Bar(f"ตัวชี้วัด {n}", 0, end, BLUE, f"{end:+.2f}", "") for n, end in enumerate(ends))
    return BarChart("รายตัวชี้วัด", "กราฟแท่ง", low, high, bars)


def _grid(rows: int, columns: int) -> CellGrid:
    cells = [[60 + row + column / 100 for column in range(columns)] for row in range(rows)]
    return CellGrid(
        "ตารางคะแนน",
        "ตาราง",
        tuple(f"ปี {2553 + column}" for column in range(columns)),
        tuple(
            (
                f"{row} การปรับปรุงระบบการทำงาน",
                tuple(Cell(f"{v:.2f}", "", v, RED, "#FFFFFF") for v in line),
            )
            for row, line in enumerate(cells)
        ),
    )


WATERFALL = BarChart(
    "ขึ้นเพราะอะไร",
    "กราฟน้ำตก",
    80,
    90,
    (
        Bar("ปี 2566", 0, 84.41, BLUE, "84.41", "", strong=True),
        Bar("การใช้อำนาจ", 84.41, 82.4, RED, "−2.01", ""),
        Bar("การเปิดเผยข้อมูล", 82.4, 88.92, BLUE, "+6.52", ""),
        Bar("ปี 2567", 0, 88.92, BLUE, "88.92", "", strong=True),
    ),
    rules=(Rule(-0.5, 3.5, 85, "เกณฑ์ผ่าน"), Rule(-0.5, 3.5, 85.6, "ค่าเฉลี่ยทั้งประเทศ")),
    steps=True,
)
FULL = _lines(
    [79.69, 83.73, 91.35, None, 86.78, 91.15],
    lines=(
        _line([79.69, 83.73, 91.35, None, 86.78, 91.15]),
        _line(
            [67.9, 81.25, 87.57, 90.19], "ประเทศ", color=PURPLE, symbol="x-thin-open", dash="dot"
        ),
    ),
    spreads=(Spread("ช่วงคาดการณ์", PURPLE, ((4, 86.78, 86.78), (5, 85, 99))),),
    rules=(Rule(-0.5, 2.5, 85, "A"), Rule(2.5, 5.5, 85, "ผ่าน"), Rule(2.5, 5.5, 95, "ผ่านดีเยี่ยม")),
    marks=(BREAK, Mark(1.5, "ก", "ผู้บริหารใหม่", PURPLE), Mark(4, "ข", "เริ่มระบบออนไลน์", PURPLE)),
)
CASES: dict[str, Chart] = {
    "full": FULL,
    "one year": _lines([88.92]),
    "two years": _lines([88.92, 91.15]),
    "fifteen years": _lines([60.0 + 2.5 * place for place in range(15)]),
    "gaps": _lines([80.25, None, None, 82.5, None, 90.75]),
    "all equal": _lines([90.0] * 5, low=90, high=90),
    "small": _lines([70.5, 80.5], small=True),
    "bars": _bars([60.25, 99.75]),
    "one bar": _bars([88.92]),
    "negative bars": _bars([-5.9, 5.9, 0, -0.1], -6, 6),
    "equal bars": _bars([85.0, 85.0], 85, 85),
    "waterfall": WATERFALL,
    "one cell": _grid(1, 1),
    "two columns": _grid(10, 2),
    "largest grid": _grid(11, 15),
}


def _texts(chart: Chart) -> list[str]:
    """Every text of a chart that a reader of the paper must find."""
    if isinstance(chart, CellGrid):
        rows = [text for name, cells in chart.rows for text in (name, *(c.text for c in cells))]
        return [chart.title, *chart.columns, *rows]
    if isinstance(chart, BarChart):
        bars = [text for bar in chart.bars for text in (bar.category, bar.label)]
        return [chart.title, *bars, *(rule.name for rule in chart.rules)]
    dots = [dot.label for line in chart.lines for dot in line.dots]
    marks = [text for mark in chart.marks for text in (mark.sign, mark.said)]
    names = [named.name for named in (*chart.rules, *chart.spreads)]
    ends = [line.end_label for line in chart.lines]
    return [chart.title, *chart.categories, *dots, *marks, *names, *ends]


def _squeezed(text: str) -> str:
    """Without the blanks and line ends that a page may add."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class Page:
    """A printed page: its text, and where each sign of it stands, from the lower left, in points."""

    text: str
    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]

    def box(self, text: str, which: int = 0) -> tuple[float, float, float, float]:
        """left, bottom, right, top of a text that stands on one line."""
        start = [found.start() for found in re.finditer(re.escape(text), self.text)][which]
        boxes = self.boxes[start : start + len(text)]
        lows, highs = [b[:2] for b in boxes], [b[2:] for b in boxes]
        return (
            min(b[0] for b in lows),
            min(b[1] for b in lows),
            max(b[0] for b in highs),
            max(b[1] for b in highs),
        )


def _page(chart: Chart, caption: Caption = CAPTION) -> Page:
    document = pypdfium2.PdfDocument(pdf_bytes(chart, caption))
    assert len(document) == 1
    page = document[0]
    words = page.get_textpage()
    count = words.count_chars()
    text = words.get_text_range(0, count)
    found = Page(text, *page.get_size(), tuple(words.get_charbox(n) for n in range(count)))
    document.close()
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_text_stands_on_the_page(name: str) -> None:
    page = _page(CASES[name])
    printed = _squeezed(page.text)
    wanted = [*_texts(CASES[name]), CAPTION.source, CAPTION.data_date, CAPTION.link]
    assert [text for text in wanted if _squeezed(text) not in printed] == []
    for left, bottom, right, top in page.boxes:
        assert -0.5 <= left <= right <= page.width + 0.5
        assert -0.5 <= bottom <= top <= page.height + 0.5


@pytest.mark.parametrize("name", CASES)
def test_picture_is_as_wide_as_twice_the_screen(name: str) -> None:
    picture = png_bytes(CASES[name], CAPTION)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width == (1120 if name == "small" else 1920)
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
    page = _page(replace(_lines([80.0]), title=f"ก {word} ข", marks=(replace(BREAK, said=word),)))
    assert _squeezed(f"ก {word} ข") in _squeezed(page.text)
    assert _squeezed(f"(1){word}แหล่งที่มา") in _squeezed(page.text)


@given(st.lists(st.integers(5001, 9999), min_size=2, max_size=6, unique=True))
@settings(max_examples=25, deadline=None)
def test_higher_value_is_drawn_higher(hundredths: list[int]) -> None:
    # Gaps keep labels apart from lines, so that all stand on the same side of their dots.
    values: list[float | None] = []
    for number in hundredths:
        values += [number / 100, None]
    svg = svg_bytes(_lines(values, lines=(replace(_line(values), end_label=""),)), CAPTION).decode()
    dots = re.findall(rf'fill="{BLUE.lower()}"[^>]*translate\(([\d.]+) ([\d.]+)\)', svg)
    # The key names the line that has no name at its end; its mark is the first.
    across, down = zip(*[(float(x), float(y)) for x, y in dots[1:]], strict=True)
    assert list(across) == sorted(across)
    by_value = sorted(range(len(hundredths)), key=lambda n: -hundredths[n])
    assert by_value == sorted(range(len(hundredths)), key=lambda n: down[n])
    step = (down[by_value[-1]] - down[by_value[0]]) / (max(hundredths) - min(hundredths))
    assert step == pytest.approx(HEIGHT / 5150, rel=1e-3)


@given(
    st.lists(st.floats(50, 100), min_size=1, max_size=12),
    st.integers(1, 4),
)
def test_names_at_line_ends_stay_apart_and_within(values: list[float], years: int) -> None:
    lines = tuple(_line([80.0] * (years - 1) + [v], f"เส้น {n}") for n, v in enumerate(values))
    ends = lines_drawing(_lines([80.0] * years, lines=lines))["ends"]
    places = sorted(end["at"] for end in ends)
    gap = LABEL_HEIGHT / HEIGHT
    assert len(places) == len(values)
    assert all(high - low >= gap - 1e-9 for low, high in pairwise(places))
    assert places[0] >= -1e-9
    assert places[-1] <= 1 + 1e-9
    by_value = [end["dot"] for end in sorted(ends, key=lambda end: end["at"])]
    assert by_value == sorted(by_value)


def test_names_of_equal_lines_do_not_cover_each_other() -> None:
    lines = tuple(_line([95.0, 100.0], name) for name in ("รวม", "IIT", "EIT", "OIT"))
    page = _page(_lines([95.0, 100.0], lines=lines))
    boxes = sorted((page.box(f"{line.name} 100.00") for line in lines), key=lambda box: box[1])
    assert all(lower[3] <= upper[1] for lower, upper in pairwise(boxes))


def test_too_many_or_too_long_names_go_to_a_key() -> None:
    for lines in (
        tuple(_line([80.0 + n, 90.0], f"หน่วยงานที่ {n}") for n in range(20)),
        (_line([80.0, 90.0], "องค์การบริหารส่วนตำบล" * 3),),
    ):
        chart = _lines([80.0, 90.0], lines=lines)
        drawn = lines_drawing(chart)
        assert drawn["ends"] == []
        assert [entry["text"] for entry in drawn["key"]] == [line.end_label for line in lines]
        printed = _squeezed(_page(chart).text)
        assert all(_squeezed(line.end_label) in printed for line in lines)


def test_no_key_where_names_stand_at_the_lines() -> None:
    assert lines_drawing(_lines([80.0, 90.0]))["key"] == []


def test_hollow_dots_are_hollow_and_explained() -> None:
    line = _line([80.0, 90.0, 95.0])
    dots = tuple(replace(dot, hollow=dot.place == 1) for dot in line.dots)
    svg = svg_bytes(_lines([80.0] * 3, lines=(replace(line, runs=(dots,)),)), CAPTION).decode()
    marks = re.findall(rf'<path fill="(#\w+)"[^>]*stroke="{BLUE.lower()}"', svg)
    assert sorted(marks) == ["#2f74b5", "#2f74b5", "#2f74b5", "#ffffff"]  # with the name's own
    chart = _lines([80.0] * 3, lines=(replace(line, runs=(dots,)),))
    assert "คำนวณ" in _page(chart).text
    with speaking("en"):
        assert "computed" in _page(chart).text


def test_lines_differ_by_dash_and_end_at_gaps() -> None:
    def dashes(dash: str) -> list[str]:
        line = _line([80.0, 85.0, None, 90.0, 91.0], color=RED, dash=dash)
        svg = svg_bytes(_lines([1.0] * 5, lines=(line,)), CAPTION).decode()
        drawn = re.findall(rf'<path fill="none" stroke="{RED.lower()}"([^>]*)', svg)
        assert len(drawn) == 2
        return re.findall(r'stroke-dasharray="([\d. ]+)"', drawn[0])

    found = [dashes(dash) for dash in ("solid", "dash", "dot", "dashdot")]
    assert found[0] == []
    assert len({tuple(dash) for dash in found}) == 4


def test_break_stands_between_the_years_under_its_sign() -> None:
    page = _page(_lines([80.0, 85.0, 86.0, 87.0], marks=(BREAK,)))
    left, bottom, right, _ = page.box("(1)")
    before, after = page.box("2554"), page.box("2555")
    assert before[2] < (left + right) / 2 < after[0]
    # What the sign stands for is said under the chart.
    assert page.box("(1)", 1)[3] < before[1] < bottom
    strong, weak = (
        re.search(
            rf'stroke="{RED.lower()}"[^>]*dasharray="([\d. ]+)"',
            svg_bytes(_lines([80.0] * 4, marks=(replace(BREAK, strong=s),)), CAPTION).decode(),
        )
        for s in (True, False)
    )
    assert strong
    assert weak
    assert strong[1] != weak[1]


def test_signs_of_one_place_stand_above_each_other() -> None:
    page = _page(FULL)
    first, second = page.box("(1)"), page.box("ก", page.text.count("ก", 0, page.text.index("(1)")))
    assert first[1] >= second[3] or second[1] >= first[3]


def test_label_of_a_valley_stands_under_its_dot() -> None:
    page = _page(_lines([90.0, 70.0, 90.5, 80.0]))
    drawn = lines_drawing(_lines([90.0, 70.0, 90.5, 80.0]))["lines"][0]["runs"][0]
    assert [dot["below"] for dot in drawn[:3]] == [False, True, False]
    assert page.box("70.00")[3] < page.box("90.00")[1]


def test_bars_go_to_their_side_and_steps_are_joined() -> None:
    page = _page(CASES["negative bars"])
    assert page.box("-5.90")[2] < page.box("-0.10")[0] < page.box("+5.90")[0]
    svg = svg_bytes(WATERFALL, CAPTION).decode()
    loose = svg_bytes(replace(WATERFALL, steps=False), CAPTION).decode()
    assert (
        svg.count("stroke-dasharray") - loose.count("stroke-dasharray") == len(WATERFALL.bars) - 1
    )


def test_empty_cells_have_no_ground() -> None:
    row = (Cell("80.00", "", 80, RED), Cell("–", "", None, RED), Cell("70.00", "", 70, RED))
    chart = CellGrid("ตาราง", "", ("2565", "2566", "2567"), (("รวม", row),))
    assert svg_bytes(chart, CAPTION).decode().count(f'fill="{RED.lower()}"') == 2
    assert "–" in _page(chart).text


@pytest.mark.parametrize(
    "chart",
    [
        _lines([], lines=()),
        _lines([None, None], lines=(Line("รวม", BLUE, ()),)),
        _bars([]),
        _grid(0, 0),
        _grid(0, 5),
        _grid(3, 0),
    ],
)
def test_chart_without_values_says_so(chart: Chart) -> None:
    assert "ไม่มีข้อมูล" in _page(chart).text
    assert png_bytes(chart, CAPTION)
    assert svg_bytes(chart, CAPTION)


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


@pytest.mark.parametrize("text", EVIL)
def test_texts_are_never_read_as_code(text: str) -> None:
    t = [f"{letter} {text}" for letter in "กขคงจ"]
    short = [f"{letter} {text[:9]}" for letter in "ฉชซ"]  # signs and labels of dots are short
    line = Line(text, text, ((Dot(0, 60, text, short[0]), Dot(1, 70, text)),), text, text)
    spread = Spread(t[1], text, ((0, 50, 60), (1, 60, 70)))
    rules, marks = (Rule(-0.5, 1.5, 60, t[2]),), (Mark(0.5, short[1], t[3], text),)
    ended = replace(line, end_label=f"ซ {text}")
    lines = LineChart(t[0], text, (t[4], text), 50, 100, (ended,), (spread,), rules, marks)
    bar = Bar(t[1], 0, 50, text, t[2], text)
    charts: list[tuple[Chart, list[str]]] = [
        (lines, [*t, *short[:2], ended.end_label]),
        (replace(lines, lines=(replace(line, name=f"ซ {text}"),)), [f"ซ {text}"]),
        (BarChart(t[0], text, 0, 100, (bar,), (Rule(0, 1, 60, t[3]),)), t[:4]),
        (CellGrid(t[0], text, (t[1],), ((t[2], (Cell(t[3], "", 1.0, text, text, text),)),)), t[:4]),
    ]
    caption = Caption(f"ฌ {text}", f"ญ {text}", f"ฎ {text}")
    for chart, wanted in charts:
        printed = _squeezed(_page(chart, caption).text)
        said = [*wanted, caption.source, caption.data_date, caption.link]
        assert [found for found in said if _squeezed(found) not in printed] == []
        ElementTree.fromstring(svg_bytes(chart, caption))


@pytest.mark.parametrize(
    "text",
    ["x" * 5000, "ก" * 5000, "ทั้งนี้ ที่ " * 450, "ทั้งนี้" * 700, "😀" * 99],
    ids=["letters", "consonants", "words", "no blanks", "unknown"],
)
def test_long_texts_stay_on_the_page(text: str) -> None:
    chart = replace(_lines([80.0, 90.0]), title=text, marks=(replace(BREAK, said=text, place=0.5),))
    page = _page(chart, Caption(text, text))
    assert all(-0.5 <= box[0] <= box[2] <= page.width + 0.5 for box in page.boxes)
    if "😀" not in text:  # the font has no such sign and prints an empty box
        assert _squeezed(page.text).count(_squeezed(text)) >= 4
    if not text.startswith("กก"):  # no words, no place to break, and too short to be cut
        bars = _page(replace(_bars([50.0]), bars=(Bar(text, 0, 50, BLUE, text, ""),)))
        assert all(-0.5 <= box[0] <= box[2] <= bars.width + 0.5 for box in bars.boxes)


@pytest.mark.parametrize(
    "text", ["\x00\x07\x1b", "a\nb\r\tc", "\ud800", "\u202eabc\u202c", "\ufeff\u200b"]
)
def test_odd_signs_do_no_harm(text: str) -> None:
    chart = replace(_lines([80.0, 90.0]), title=text, marks=(replace(BREAK, said=text),))
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
    printed = pdf_bytes(_lines([80.0]), replace(CAPTION, link=link))
    assert (b"/URI" in printed) is active


def test_values_beyond_the_axis_widen_it() -> None:
    assert axis_over(0, 100, [120, -5]).share(120) == 1
    assert axis_over(0, 100, [float("nan"), 50]).high == 100
    assert [tick["text"] for tick in axis_over(-6, 6, []).ticks(6)][:2] == ["−6", "−4"]
    assert [tick["text"] for tick in axis_over(62, 101.5, []).ticks(5)] == ["70", "80", "90", "100"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_few_round_and_within(low: float, span: float, about: int) -> None:
    axis = axis_over(low, low + span, [])
    ticks = axis.ticks(about)
    assert 1 <= len(ticks) <= 2 * about + 1
    assert all(0 <= tick["at"] <= 1 for tick in ticks)
    assert len({tick["text"] for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("written", "typst"),
    [
        ("#2F74B5", "#2F74B5"),
        ("rgba(125,135,144,0.45)", "#7D879073"),
        ("rgb(1, 2, 300)", "#0102FFFF"),
        ("", "#5B6770"),
        ("red); #panic(", "#5B6770"),
    ],
)
def test_colours_of_the_screen_are_known_on_paper(written: str, typst: str) -> None:
    assert color(written) == typst


def test_same_chart_gives_the_same_file_in_every_thread() -> None:
    with ThreadPoolExecutor(4) as pool:
        files = {
            make: {pool.submit(make, FULL, CAPTION) for _ in range(6)}
            for make in (png_bytes, svg_bytes, pdf_bytes)
        }
        assert all(len({done.result() for done in made}) == 1 for made in files.values())


def test_start_does_not_pay_for_typst() -> None:
    code = "import sys, ita.charts.paper; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_fonts_lie_beside_their_licence() -> None:
    fonts = sorted(file.name for file in FONTS.glob("*.ttf"))
    licence = (FONTS / "Laksaman-GPL-2.txt").read_text(encoding="utf-8")
    assert fonts == ["Laksaman-Bold.ttf", "Laksaman.ttf"]
    assert all(name in licence for name in fonts)
    assert "special exception" in licence
    assert "GNU GENERAL PUBLIC LICENSE" in licence
