"""A web page as text in its own order: headings, paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ita.imports.readers.decoding import decoded
from ita.imports.readers.limits import Unreadable
from ita.reports.reading.errors import MEGABYTE, ReadLimits, UnreadableDocument
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable

MAX_BYTES = 30 * MEGABYTE
MAX_TAGS = 400_000
MAX_DEPTH = 200
"""Of elements in elements; what is deeper is passed over."""
MAX_SPAN = 100
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset({"script", "style", "head", "template", "noscript", "svg", "select", "iframe"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th", "b", "strong", "caption"})
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
        "td",
        "th",
        "tr",
    }
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def read_html(content: bytes, limits: ReadLimits) -> Layout:
    """Lines and tables have page 1 and no boxes.

    Raises:
        UnreadableDocument: damaged, too large, without text.
    """
    if len(content) > MAX_BYTES:
        found = f"{len(content) / MEGABYTE:,.0f}"
        raise UnreadableDocument("too-large", found=found, limit=MAX_BYTES // MEGABYTE)
    from lxml import html

    try:
        text, _encoding = decoded(content, None)
        if text.count("<") > MAX_TAGS:
            raise UnreadableDocument("too-complex", page=1)
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
        reader = _HtmlReader(limits)
        blocks = tuple(reader.blocks(root))
    except (UnreadableDocument, MemoryError):
        raise
    except Unreadable as fault:
        raise UnreadableDocument("damaged") from fault
    except Exception as fault:  # markup is damaged in many ways
        raise UnreadableDocument("damaged") from fault
    if not blocks:
        raise UnreadableDocument("no-text")
    return Layout(blocks, 1, "html")


class _HtmlLines:
    """Gathers the text of elements as lines; a line is bold where all of it is."""

    def __init__(self) -> None:
        self.lines: list[TextLine] = []
        self._pieces: list[str] = []
        self._bold: list[bool] = []

    def add(self, text: str | None, is_bold: bool) -> None:
        if text:
            self._pieces.append(text)
            if text.strip():
                self._bold.append(is_bold)

    def end_line(self) -> None:
        text = " ".join("".join(self._pieces).replace("\xa0", " ").split())
        if text:
            self.lines.append(TextLine(text, 1, None, bool(self._bold) and all(self._bold)))
        self._pieces, self._bold = [], []

    def taken(self) -> tuple[TextLine, ...]:
        self.end_line()
        lines, self.lines = tuple(self.lines), []
        return lines


class _HtmlReader:
    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self._cells = 0

    def blocks(self, root: Any) -> Iterator[TextLine | TextTable]:
        flow = _HtmlLines()
        yield from self._walk(root, flow, is_bold=False, depth=0, flat=False)
        yield from flow.taken()

    def _walk(
        self, node: Any, flow: _HtmlLines, is_bold: bool, depth: int, flat: bool
    ) -> Iterator[TextLine | TextTable]:
        """What is in an element. flat: in a cell, where tables are lines."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _UNSEEN or _is_hidden(node) or depth > MAX_DEPTH:
            return
        if tag == "table" and not flat:
            yield from flow.taken()
            yield from self._table(node, depth)
            return
        is_bold = is_bold or tag in _HEADINGS
        if tag == "br":
            flow.end_line()
        if tag in _BLOCKS or tag == "table":
            flow.end_line()
        if tag == "li":
            flow.add(_item_mark(node), is_bold)
        flow.add(node.text, is_bold)
        for child in node:
            yield from self._walk(child, flow, is_bold, depth + 1, flat)
            flow.add(child.tail, is_bold)
        if tag in _BLOCKS or tag == "table":
            flow.end_line()

    def _table(self, table: Any, depth: int) -> Iterator[TextLine | TextTable]:
        """A table of one column is how a page is arranged: what is in it stands by itself."""
        rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
        drawn = [row.xpath("./td | ./th") for row in rows if not _is_hidden(row)]
        for caption in table.xpath("./caption"):
            flow = _HtmlLines()
            yield from self._walk(caption, flow, True, depth + 1, True)
            yield from flow.taken()
        if max(map(len, drawn), default=0) <= 1:
            flow = _HtmlLines()
            for cell in (cell for row in drawn for cell in row):
                yield from self._walk(cell, flow, False, depth + 1, False)
                yield from flow.taken()
            return
        made = tuple(tuple(self._cell(cell, depth) for cell in row) for row in drawn)
        if any(cell.lines for row in made for cell in row):
            yield TextTable(made, 1, ruled=True)

    def _cell(self, cell: Any, depth: int) -> TextCell:
        self._cells += 1
        if self._cells > self._limits.cells:
            raise UnreadableDocument("too-complex", page=1)
        flow = _HtmlLines()
        # Within a cell there is nothing but lines.
        for _block in self._walk(cell, flow, False, depth + 1, True):
            raise AssertionError("a cell's tables are lines")
        return TextCell(flow.taken(), _span(cell, "colspan"), _span(cell, "rowspan"))


def _item_mark(item: Any) -> str:
    """What a browser draws before an item of a list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    start = parent.get("start") or "1"
    first = int(start) if start.isdecimal() else 1
    return f"{first + sum(1 for _ in item.itersiblings('li', preceding=True))}. "


def _is_hidden(node: Any) -> bool:
    return node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style") or ""))


def _span(cell: Any, name: str) -> int:
    written = str(cell.get(name) or "1").strip()
    return min(max(int(written), 1), MAX_SPAN) if written.isdecimal() else 1
