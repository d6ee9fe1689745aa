"""Tables of web pages and of Excel's XML of 2003, which other systems hand out as .xls."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree, html

from ita.config import Limits
from ita.i18n import _
from ita.imports.readers.cell_text import number_text, value_text
from ita.imports.readers.decoding import MARKUP, characters_at_least, decoded
from ita.imports.readers.limits import (
    MAX_ROW,
    NO_CELLS,
    Budget,
    Unreadable,
    check_sheets,
    too_large,
    too_long,
    unreadable,
)
from ita.imports.readers.worksheets import Worksheet, fill_down, without_trailing_blanks

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_XL = "{urn:schemas-microsoft-com:office:excel}"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
HEAD = 400
WIDEST_SPAN = 1_000
LAST_COLUMN = 16_384
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def markup_worksheets(
    content: bytes, encoding: str | None, limits: Limits
) -> tuple[list[Worksheet], str] | None:
    """The tables of a web page or an XML workbook, and what it is; None where it is neither.

    encoding: where a person has said it.

    Raises:
        Unreadable: it holds no table, is damaged or too large.
    """
    _check_size(content)
    text, _unused = decoded(content, encoding, limits)
    if not MARKUP.match(text):
        return None
    _check_markup(text)
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


LARGEST = 30 * 1024 * 1024
MAX_TAGS = 800_000
MAX_PIECE_LENGTH = 200_000
"""Characters, tags and characters up to the end of a tag: the whole of a page is held while it is read."""


def _check_size(content: bytes) -> None:
    """Refuse a page of too many characters before it is decoded: its text is as large again.

    Raises:
        Unreadable: see above; of other texts nothing is said here.
    """
    head = content[:HEAD].replace(b"\x00", b"")
    for mark in _MARKS:
        head = head.removeprefix(mark)
    if len(content) <= LARGEST or not MARKUP.match(head.decode("latin-1")):
        return
    is_wide = b"\x00" in content[:HEAD]
    count = len(content) // 2 if is_wide else characters_at_least(content)
    if count > LARGEST:
        raise too_large(f"{count:,}", f"{LARGEST:,}", "characters")


def _check_markup(text: str) -> None:
    """
    Raises:
        Unreadable: it would take too much memory to be parsed.
    """
    if len(text) > LARGEST:
        raise too_large(f"{len(text):,}", f"{LARGEST:,}", "characters")
    tags = max(text.count("<") - text.count("</"), text.count(">") // 2)
    if tags > MAX_TAGS:
        raise too_large(f"{tags:,}", f"{MAX_TAGS:,}", "tags")
    longest = max(map(len, text.split(">")))
    if longest > MAX_PIECE_LENGTH:
        raise too_long(f"{longest:,}", Limits())


def _html_worksheets(text: str, limits: Limits) -> list[Worksheet]:
    """Each table of a page that holds rows; named by its place where there are several."""
    parser = html.HTMLParser(no_network=True, remove_comments=True, huge_tree=True)
    page = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    budget = Budget(limits)
    found = [table for node in page.iter("table") if (table := _html_table(node, budget)).rows]
    check_sheets(len(found))
    if len(found) == 1:
        return found
    return [
        Worksheet(_("ตารางที่ {number}", number=number), t.rows, True, t.hidden_lines)
        for number, t in enumerate(found, start=1)
    ]


def _html_table(node: Any, budget: Budget) -> Worksheet:
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int]] = []
    hidden: set[int] = set()
    taken: dict[tuple[int, int], bool] = {}
    spanned = 0
    for line in node.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
        row: list[str] = []
        place = len(rows)
        for cell in line.xpath("./td | ./th"):
            while taken.pop((place, len(row)), False):
                row.append("")
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            spanned += (down - 1) * across
            if spanned > budget.limits.rows:
                raise too_large(f"{spanned:,} +", f"{budget.limits.rows:,}", "merged")
            if down > 1:
                merged.append((len(row), place, place + down - 1))
            for below in range(1, down):
                taken.update({(place + below, len(row) + n): True for n in range(across)})
            row += [_html_text(cell), *[""] * (across - 1)]
            if len(row) > LAST_COLUMN:
                raise too_large(f"{len(row):,} +", f"{budget.limits.columns:,}", "columns")
        budget.take(row)
        if "display:none" in (line.get("style") or "").replace(" ", "").casefold():
            hidden.add(place + 1)
        rows.append(row)
    fill_down(rows, merged, budget)
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
    budget = Budget(limits)
    for count, sheet in enumerate(book.iter(f"{_SS}Worksheet"), start=1):
        check_sheets(count)
        visible = next((node.text for node in sheet.iter(f"{_XL}Visible")), None)
        name = sheet.get(f"{_SS}Name") or ""
        if visible in ("SheetHidden", "SheetVeryHidden"):
            yield Worksheet(name, (), visible=False)
        else:
            yield _xml_sheet(name, sheet, percents, budget)


def _xml_sheet(name: str, sheet: Any, percents: set[str], budget: Budget) -> Worksheet:
    rows: list[Sequence[str]] = []
    merged: list[tuple[int, int, int]] = []
    hidden: set[int] = set()
    for line in sheet.iter(f"{_SS}Row"):
        place = int(line.get(f"{_SS}Index") or len(rows) + 1) - 1
        if not len(rows) <= place < MAX_ROW:
            raise unreadable("broken-data-file")
        rows.extend([NO_CELLS] * (place - len(rows)))
        row: list[str] = []
        for cell in line.iter(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index") or len(row) + 1) - 1
            if max(column, len(row)) > LAST_COLUMN:
                raise too_large(f"{column:,} +", f"{budget.limits.columns:,}", "columns")
            row.extend([""] * (column - len(row)))
            row.append(_xml_text(cell, percents))
            if down := int(cell.get(f"{_SS}MergeDown") or 0):
                merged.append((column, place, place + down))
            row.extend([""] * min(int(cell.get(f"{_SS}MergeAcross") or 0), WIDEST_SPAN))
        budget.take(without_trailing_blanks(row))
        if line.get(f"{_SS}Hidden") == "1":
            hidden.add(place + 1)
        rows.append(row)
    fill_down(rows, merged, budget)
    return Worksheet(name, rows, True, frozenset(hidden))


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
