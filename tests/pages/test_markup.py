"""HTML of the screens: what is text is escaped, and templates and code know each other."""

from __future__ import annotations

import ast
import re
import tomllib
from decimal import Decimal
from html.parser import HTMLParser
from io import BytesIO

import pytest
from jinja2 import nodes
from markupsafe import Markup
from openpyxl import load_workbook

from ita.config import PROJECT
from ita.tables import Kind, Table, TableColumn, screen_columns
from ita.theme import PALETTE
from ita.ui.components import markup
from ita.ui.components.markup import html, style_sheet, tag, tooltip
from ita.ui.components.tables import table_html
from tests import sources

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "a & b < c &lt; d",
    "บรรทัด\nถัดไป <br>",
    "{{ 7 * 7 }} {% raw %}",
    "</style></div>",
)
ENVIRONMENT = markup._environment()
FOLDER = PROJECT / "ita" / "ui"
SOURCES = [*FOLDER.rglob("*.py"), *PROJECT.glob("pages/**/*.py")]


def _macros() -> dict[str, nodes.Macro]:
    """Name as the code says it → the macro."""
    found = {}
    for file in sorted((FOLDER / "templates").glob("*.html")):
        prefix = "" if file.stem == "parts" else f"{file.stem}."
        for macro in ENVIRONMENT.parse(file.read_text("utf-8")).find_all(nodes.Macro):
            found[prefix + macro.name] = macro
    return found


def _uses() -> list[tuple[str, str, ast.Call]]:
    return [
        (file.name, call.args[0].value, call)
        for file in SOURCES
        for call in sources.nodes(file)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "html"
        and isinstance(call.args[0], ast.Constant)
    ]


def _used_by_macros() -> set[str]:
    return {
        f"{file.stem}.{call.node.name}"
        for file in sorted((FOLDER / "templates").glob("*.html"))
        for macro in ENVIRONMENT.parse(file.read_text("utf-8")).find_all(nodes.Macro)
        for call in macro.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
    }


def test_every_macro_is_used_and_every_use_gives_what_its_macro_needs() -> None:
    macros, uses = _macros(), _uses()
    assert {name for _, name, _ in uses} | _used_by_macros() == macros.keys()
    for file, name, call in uses:
        macro = macros[name]
        known = [argument.name for argument in macro.args]
        given = len(call.args) - 1 + len(call.keywords)
        needed = len(known) - len(macro.defaults)
        starred = any(isinstance(value, ast.Starred) for value in call.args)
        assert starred or needed <= given <= len(known), f"{file}: {name}"
        assert {keyword.arg for keyword in call.keywords} <= set(known), f"{file}: {name}"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.extend(value or "" for _, value in attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_a_text_wherever_it_stands(text: str) -> None:
    columns = screen_columns((text, Kind.TEXT), (text, Kind.FIGURE))
    table = Table(columns, [(text, Markup("<b>is HTML</b>"))], text)
    for drawn, tags in (
        (html("lead", text), ["p"]),
        (html("link", text, text), ["a"]),
        (html("details", text, text), ["details", "summary"]),
        (tag(text, "good"), ["span", "span"]),
        (tooltip(text, ""), []),
        (tooltip(text, text), ["span", "span"]),
        (html("overview.pictures", text, {"wide": "svg"}, ()), ["p", "img"]),
        (html("overview.headline", text, text), ["h2", "p"]),
        (markup.nl2br(text), ["br"] * text.count("\n")),
        (
            table_html(table),
            ["table", "caption", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "b"],
        ),
    ):
        parser = _Texts()
        parser.feed(drawn)
        parser.close()
        assert parser.tags == tags
        if tags[:1] not in (["br"], []):
            assert any(text.replace("\r\n", "\n") in seen for seen in parser.texts)


def test_colours_of_the_style_sheet_are_those_of_the_palette() -> None:
    """Each in both themes; and the grounds are those that Streamlit draws on."""
    sheet = (FOLDER / "style.css").read_text("utf-8")
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", sheet)
    used = set(re.findall(r"var\(--([\w-]+)\)", sheet)) - {"mark", "here", "fill"}
    assert used == PALETTE["light"].keys() == PALETTE["dark"].keys()
    themes = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    for theme, colors in PALETTE.items():
        assert (colors["card"], colors["ink"]) == (
            themes[theme]["backgroundColor"],
            themes[theme]["textColor"],
        )
        assert f"--ground: {colors['ground']};" in style_sheet(theme)


def test_colours_stand_in_one_place() -> None:
    files = [*SOURCES, *FOLDER.rglob("*.html")]
    assert not [f.name for f in files if re.search(r"#[0-9A-Fa-f]{6}\b", f.read_text("utf-8"))]


def test_one_table_is_the_screens_and_the_files() -> None:
    columns: list[TableColumn[tuple[str, Decimal | None]]] = [
        TableColumn("ชื่อ", lambda row: row[0], 30, Kind.WORDS, lambda row: html("bold", row[0])),
        TableColumn("คะแนน", lambda row: row[1], 10, Kind.SCORE, heading="คะแนนปีนี้", phone=False),
        TableColumn("แหล่งที่มา", lambda row: "ประกาศ", 40, screen=False),
        TableColumn("ลิงก์", shown=lambda row: html("link", "?x=1&y=2", "ดู")),
    ]
    table = Table(columns, [("=ก<", Decimal("91.5")), ("ข", None)], "สองแห่ง", ("หมายเหตุ",))
    shown = table_html(table)
    assert shown.count("<th ") == 3
    assert '<th scope="col" class="figure more">คะแนนปีนี้</th>' in shown
    assert '<td data-label="ชื่อ" class="words"><b>=ก&lt;</b></td>' in shown
    assert '<td data-label="คะแนนปีนี้" class="figure more">91.50</td>' in shown
    assert '<td data-label="คะแนนปีนี้" class="figure more">–</td>' in shown
    assert "ประกาศ" not in shown
    assert table.csv().decode("utf-8-sig").splitlines() == [
        "ชื่อ,คะแนน,แหล่งที่มา",
        "'=ก<,91.5,ประกาศ",
        "ข,,ประกาศ",
    ]
    book = load_workbook(BytesIO(table.xlsx("ตาราง")))
    sheet, notes = book.worksheets
    assert [[cell.value for cell in row] for row in sheet] == [
        ["ชื่อ", "คะแนน", "แหล่งที่มา"],
        ["=ก<", 91.5, "ประกาศ"],
        ["ข", None, "ประกาศ"],
    ]
    assert [int(sheet.column_dimensions[letter].width) for letter in "ABC"] == [30, 10, 40]
    assert notes["A1"].value == "หมายเหตุ"


def test_a_file_reads_all_rows_when_it_is_made() -> None:
    read = []

    def load() -> list[str]:
        read.append(1)
        return ["ก", "ข", "ค"]

    table = Table([TableColumn[str]("ชื่อ", str)], ["ก"], load_rows=load)
    assert table_html(table).count("<td") == 1
    assert not read
    assert [*table.records()] == [("ก",), ("ข",), ("ค",)]
