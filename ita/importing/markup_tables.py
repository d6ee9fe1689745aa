"""Tables of web pages and of Excel's XML of 2003, which other systems hand out as .xls."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree, html

from ita.importing.budget import HIGHEST_ROW
from ita.importing.decoding import MARKUP, decoded
from ita.importing.refusals import Unreadable, too_large, unreadable
from ita.importing.values import number_text, value_text
from ita.importing.worksheets import (
    Worksheet,
    fill_down,
    without_trailing_blanks,
)
from ita.settings import Limits
from ita.wording import say

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_XL = "{urn:schemas-microsoft-com:office:excel}"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HEAD = 400
WIDEST_SPAN = 1_000


def markup_worksheets(
    content: bytes, encoding: str | None, limits: Limits
) -> tuple[list[Worksheet], str] | None:
    """The tables of a web page or an XML workbook, and what it is; None where it is neither.

    encoding: where a person has said it.

    Raises:
        Unreadable: it holds no table, is damaged or too large.
    """
    text, _ = decoded(content, encoding)
    if not MARKUP.match(text):
        return None
    try:
        if _SS[1:-1] in text[: HEAD * 10]:
            return list(_xml_worksheets(text, limits)), "xml"
        found = _html_worksheets(text, limits)
    except Unreadable:
        raise
    except Exception as fault:  # markup is damaged in many ways
        raise unreadable("broken-data-file") from fault
    if not found:
        raise unreadable("web-page")
    return found, "html"


def _html_worksheets(text: str, limits: Limits) -> list[Worksheet]:
    """Each table of a page that holds rows; named by its place where there are several."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=True)
    page = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    found = [table for node in page.iter("table") if (table := _html_table(node, limits)).rows]
    if len(found) == 1:
        return found
    return [
        Worksheet(say("ตารางที่ {number}", number=number), t.rows, True, t.hidden_lines)
        for number, t in enumerate(found, start=1)
    ]


def _html_table(node: Any, limits: Limits) -> Worksheet:
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int]] = []
    hidden: set[int] = set()
    taken: dict[tuple[int, int], bool] = {}
    cells = 0
    for line in node.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
        row: list[str] = []
        place = len(rows)
        for cell in line.xpath("./td | ./th"):
            while taken.pop((place, len(row)), False):
                row.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                merged.append((len(row), place, place + down - 1))
            for below in range(1, down):
                taken.update({(place + below, len(row) + n): True for n in range(across)})
            row += [_html_text(cell), *[""] * (across - 1)]
            cells += down * across
            if cells > limits.cells:
                raise too_large(f"{cells:,} +", f"{limits.cells:,}", "cells")
        if "display:none" in (line.get("style") or "").replace(" ", "").casefold():
            hidden.add(place + 1)
        rows.append(row)
    fill_down(rows, merged, limits)
    kept = list(map(without_trailing_blanks, rows))
    return Worksheet("", kept if any(kept) else [], True, frozenset(hidden))


def _span(cell: Any, name: str) -> int:
    written = str(cell.get(name) or "1").strip()
    return min(max(int(written), 1), WIDEST_SPAN) if written.isdecimal() else 1


def _html_text(cell: Any) -> str:
    """What a cell shows: blanks as one, and lines where a page breaks them."""
    return value_text(
        "\n".join(
            " ".join(line.replace("\xa0", " ").split())
            for line in "".join(_html_pieces(cell)).split("\x00")
        )
    )


_BREAKS = frozenset({"br", "p", "div", "li", "tr"})


def _html_pieces(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag in ("script", "style", "table"):
            yield child.tail or ""
            continue
        if child.tag in _BREAKS and (child.tag == "br" or child.getprevious() is not None):
            yield "\x00"
        yield from _html_pieces(child)
        yield child.tail or ""


def _xml_worksheets(text: str, limits: Limits) -> Iterator[Worksheet]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    book = etree.parse(io.BytesIO(_DECLARATION.sub("", text).encode()), parser).getroot()
    percents = {
        style.get(f"{_SS}ID")
        for style in book.iter(f"{_SS}Style")
        for shown in style.iter(f"{_SS}NumberFormat")
        if "%" in (shown.get(f"{_SS}Format") or "") or shown.get(f"{_SS}Format") == "Percent"
    }
    for sheet in book.iter(f"{_SS}Worksheet"):
        visible = next((node.text for node in sheet.iter(f"{_XL}Visible")), None)
        name = sheet.get(f"{_SS}Name") or ""
        if visible in ("SheetHidden", "SheetVeryHidden"):
            yield Worksheet(name, (), visible=False)
        else:
            yield _xml_sheet(name, sheet, percents, limits)


def _xml_sheet(name: str, sheet: Any, percents: set[str], limits: Limits) -> Worksheet:
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int]] = []
    hidden: set[int] = set()
    cells = 0
    for line in sheet.iter(f"{_SS}Row"):
        place = int(line.get(f"{_SS}Index") or len(rows) + 1) - 1
        if not len(rows) <= place < HIGHEST_ROW:
            raise unreadable("broken-data-file")
        rows.extend([] for _ in range(place - len(rows)))
        row: list[str] = []
        for cell in line.iter(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index") or len(row) + 1) - 1
            cells += max(0, column - len(row)) + 1
            if cells > limits.cells or column > 16_384:
                raise too_large(f"{cells:,} +", f"{limits.cells:,}", "cells")
            row.extend([""] * (column - len(row)))
            row.append(_xml_text(cell, percents))
            if down := int(cell.get(f"{_SS}MergeDown") or 0):
                merged.append((column, place, place + down))
            row.extend([""] * min(int(cell.get(f"{_SS}MergeAcross") or 0), WIDEST_SPAN))
        if line.get(f"{_SS}Hidden") == "1":
            hidden.add(place + 1)
        rows.append(row)
    fill_down(rows, merged, limits)
    return Worksheet(name, list(map(without_trailing_blanks, rows)), True, frozenset(hidden))


def _xml_text(cell: Any, percents: set[str]) -> str:
    data = cell.find(f"{_SS}Data")
    if data is None:
        return ""
    text = "".join(data.itertext())
    kind = data.get(f"{_SS}Type")
    if kind == "Number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            return value_text(text)
        if cell.get(f"{_SS}StyleID") in percents:
            return f"{number_text(number * 100)}%"
        return number_text(number)
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00")
    return value_text(text)
