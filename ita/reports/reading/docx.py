"""A Word document as text in its own order: tables as they are, automatic numbers written out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from ita.reports.reading.docx_numbering import WORD, Numbering
from ita.reports.reading.errors import MEGABYTE, ReadLimits, UnreadableDocument
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable, lines_of

MAX_XML_BYTES = 24 * MEGABYTE
"""Of the XML parts together: their trees take ten times as much memory."""
MAX_DEPTH = 20
"""Of tables in tables and boxes in boxes."""
MAX_SPAN = 100
_MAIN = re.compile(r"wordprocessingml\.(?:document|template)\.main\+xml")
_MACROS = re.compile(r"vba(?:Project|Data)|macroEnabled", re.IGNORECASE)
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BLOCKS_WITHIN = frozenset(
    f"{WORD}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo")
)
_NO_TEXT = frozenset(
    f"{WORD}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "delText", "fldData")
)
_SIGNS = {
    f"{WORD}br": "\n",
    f"{WORD}cr": "\n",
    f"{WORD}tab": "\t",
    f"{WORD}noBreakHyphen": "-",
    f"{WORD}sym": "•",
    f"{WORD}lastRenderedPageBreak": "",
}
_OFF = ("0", "false", "off", "none")


def read_docx(content: bytes, limits: ReadLimits) -> Layout:
    """Paragraphs are lines, with page numbers where Word has left them (else 1), and no boxes.

    Raises:
        UnreadableDocument: damaged, too large, with macros, without text.
    """
    _check_package(content, limits)
    from docx import Document

    try:
        document = Document(BytesIO(content))
        reader = _WordReader(document, limits)
        blocks = tuple(reader.blocks(document.element.body))
        margins = tuple(reader.margins(document))
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as fault:  # what a stranger's document can make the library raise has no end
        raise UnreadableDocument("damaged") from fault
    if not any(line.text.strip() for block in blocks for line in lines_of(block)):
        raise UnreadableDocument("scan" if reader.has_pictures else "no-text")
    return Layout(blocks, reader.page, "docx", margins)


def _check_package(content: bytes, limits: ReadLimits) -> None:
    """Refuse what would take too much memory, runs code or is no Word document, before it is opened."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            xml = sum(p.file_size for p in parts if p.filename.endswith((".xml", ".rels")))
            if len(parts) > limits.parts or unpacked > limits.unpacked_bytes or xml > MAX_XML_BYTES:
                limit = MAX_XML_BYTES if xml > MAX_XML_BYTES else limits.unpacked_bytes
                raise UnreadableDocument("unpacks-too-large", limit=limit // MEGABYTE)
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableDocument("encrypted")
            names = archive.namelist()
            if "[Content_Types].xml" not in names:
                raise UnreadableDocument("other-kind")
            types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
            if any(map(_MACROS.search, [types, *names])):
                raise UnreadableDocument("macros")
            if not _MAIN.search(types):
                raise UnreadableDocument("other-kind")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(archive.read(part))
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as fault:  # what a stranger's archive can make zipfile raise has no end
        raise UnreadableDocument("damaged") from fault


def _check_part(part: bytes) -> None:
    """Entities can grow without end, and Word never writes any."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnreadableDocument("damaged")


class _WordReader:
    """Goes through a document once. page: where it is, by the breaks that were passed."""

    def __init__(self, document: Any, limits: ReadLimits) -> None:
        self.page = 1
        self.has_pictures = False
        self._limits = limits
        self._characters = self._cells = 0
        self._numbering = Numbering(document)
        self._bold_styles = _bold_styles(document)
        own = document.element.body.iter(f"{WORD}lastRenderedPageBreak")
        self._has_own_breaks = next(own, None) is not None

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[TextLine | TextTable]:
        """The lines and tables in a body, a cell or a box."""
        if depth > MAX_DEPTH:
            return
        for child in parent:
            if child.tag == f"{WORD}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{WORD}tbl":
                yield from self._table(child, depth)
            elif child.tag in _BLOCKS_WITHIN:
                yield from self.blocks(child, depth)

    def margins(self, document: Any) -> Iterator[TextLine]:
        """Lines of heads and feet, each once."""
        seen: set[str] = set()
        for section in document.sections:
            for part in (section.header, section.footer):
                if part.is_linked_to_previous:
                    continue
                for block in self.blocks(part._element):
                    for line in lines_of(block):
                        if line.text.strip() and line.text not in seen:
                            seen.add(line.text)
                            yield line

    def _paragraph(self, paragraph: Any, depth: int) -> Iterator[TextLine | TextTable]:
        boxes: list[Any] = []
        bold: list[bool] = []
        first = self.page
        text = "".join(self._pieces(paragraph, boxes, bold, self._is_bold_style(paragraph)))
        self._count(len(text))
        if text.strip():
            text = self._numbering.label(paragraph) + text
            is_bold = bool(bold) and all(bold)
            for line in text.split("\n"):
                if line.strip():
                    yield TextLine(line, first, None, is_bold)
        for box in boxes:
            yield from self.blocks(box, depth + 1)

    def _pieces(
        self, node: Any, boxes: list[Any], bold: list[bool], is_bold: bool
    ) -> Iterator[str]:
        """The text of a paragraph or a part of it. boxes: gathers the text boxes that hang on it."""
        for child in node:
            tag = child.tag
            if tag in _NO_TEXT:
                continue
            if tag == f"{WORD}r":
                yield from self._run(child, boxes, bold, is_bold)
            elif tag == f"{WORD}t":
                yield child.text or ""
            elif tag in _SIGNS:
                self._pass_break(child)
                yield _SIGNS[tag]
            elif tag == f"{WORD}txbxContent":
                boxes.append(child)
            else:
                self.has_pictures |= str(tag).endswith(("}blip", "}imagedata"))
                inner = _chosen(child) if tag == f"{_MC}AlternateContent" else child
                yield from self._pieces(inner, boxes, bold, is_bold)

    def _run(self, run: Any, boxes: list[Any], bold: list[bool], is_bold: bool) -> Iterator[str]:
        properties = run.find(f"{WORD}rPr")
        if _is_on(properties, "vanish"):
            return
        mine = _run_bold(properties, is_bold)
        pieces = list(self._pieces(run, boxes, bold, mine))
        if any(piece.strip() for piece in pieces):
            bold.append(mine)
        yield from pieces

    def _pass_break(self, sign: Any) -> None:
        """Count a page: where Word has left its own breaks only those, for they come beside what a
        person has broken."""
        is_own = sign.tag == f"{WORD}lastRenderedPageBreak"
        is_page = is_own or sign.get(f"{WORD}type") == "page"
        self.page += is_page and is_own == self._has_own_breaks

    def _table(self, table: Any, depth: int) -> Iterator[TextLine | TextTable]:
        """A table of one cell is a frame around what is in it."""
        page = self.page
        drawn = [list(self._row(row, depth)) for row in _within(table, "tr")]
        if len(drawn) == 1 and len(drawn[0]) == 1 and drawn[0][0].inner is not None:
            yield from drawn[0][0].inner
            return
        rows = tuple(tuple(cells) for cells in _merged(drawn))
        if any(rows):
            yield TextTable(rows, page, ruled=True)

    def _row(self, row: Any, depth: int) -> Iterator[_WordCell]:
        properties = row.find(f"{WORD}trPr")
        if before := _number(properties, "gridBefore"):
            yield _WordCell(before, "", None)
        for cell in _within(row, "tc"):
            self._cells += 1
            if self._cells > self._limits.cells:
                raise UnreadableDocument("too-complex", page=self.page)
            about = cell.find(f"{WORD}tcPr")
            merge = about.find(f"{WORD}vMerge") if about is not None else None
            merged = "" if merge is None else merge.get(f"{WORD}val") or "continue"
            span = max(_number(about, "gridSpan"), 1)
            yield _WordCell(span, merged, tuple(self.blocks(cell, depth + 1)))
        if after := _number(properties, "gridAfter"):
            yield _WordCell(after, "", None)

    def _is_bold_style(self, paragraph: Any) -> bool:
        properties = paragraph.find(f"{WORD}pPr")
        style = properties.find(f"{WORD}pStyle") if properties is not None else None
        return style is not None and style.get(f"{WORD}val") in self._bold_styles

    def _count(self, length: int) -> None:
        self._characters += length
        if self._characters > self._limits.characters:
            raise UnreadableDocument("too-complex", page=self.page)


@dataclass(frozen=True)
class _WordCell:
    """A cell as it is written. merged: "restart", "continue" or "". inner: None where a row leaves a gap."""

    columns: int
    merged: str
    inner: tuple[TextLine | TextTable, ...] | None

    def lines(self) -> Iterator[TextLine]:
        """Its lines, those of tables in it too, in their order."""
        return (line for block in self.inner or () for line in lines_of(block))


def _chosen(alternatives: Any) -> Any:
    """One of what Word writes twice: as it draws it now, and for programs that are older."""
    newest = alternatives.find(f"{_MC}Choice")
    return newest if newest is not None else alternatives


def _merged(rows: list[list[_WordCell]]) -> Iterator[list[TextCell]]:
    """Rows whose cells count the rows that they go on over; what goes on is no cell of its own.

    A cell that says to go on without one above is a cell: nothing is lost.
    """
    placed = [list(_by_column(row)) for row in rows]
    starts = [dict(row) for row in placed]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(placed):
        cells = []
        for column, cell in row:
            if (number, column) in taken:
                continue
            span = 1
            lines = list(cell.lines())
            while cell.merged == "restart" and number + span < len(rows):
                below = starts[number + span].get(column)
                if below is None or below.merged != "continue" or below.columns != cell.columns:
                    break
                taken.add((number + span, column))
                lines += below.lines()
                span += 1
            cells.append(TextCell(tuple(lines), cell.columns, span))
        yield cells


def _by_column(row: list[_WordCell]) -> Iterator[tuple[int, _WordCell]]:
    column = 0
    for cell in row:
        yield column, cell
        column += cell.columns


def _within(parent: Any, name: str) -> Iterator[Any]:
    """Children of a name, also those in content controls."""
    for child in parent:
        if child.tag == f"{WORD}{name}":
            yield child
        elif child.tag in _BLOCKS_WITHIN:
            yield from _within(child, name)


def _number(properties: Any, name: str) -> int:
    """A whole number of a property, 0 where there is none."""
    found = properties.find(f"{WORD}{name}") if properties is not None else None
    written = found.get(f"{WORD}val") if found is not None else None
    return min(int(written), MAX_SPAN) if written and written.isdecimal() else 0


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{WORD}{name}") if properties is not None else None
    return found is not None and found.get(f"{WORD}val", "1") not in _OFF


def _run_bold(properties: Any, otherwise: bool) -> bool:
    if properties is None:
        return otherwise
    told = [properties.find(f"{WORD}{name}") for name in ("b", "bCs")]
    said = [mark.get(f"{WORD}val", "1") not in _OFF for mark in told if mark is not None]
    return any(said) if said else otherwise


def _bold_styles(document: Any) -> frozenset[str]:
    """Paragraph styles that are bold by themselves or by what they are based on."""
    styles = {
        style.get(f"{WORD}styleId"): style for style in document.styles.element.iter(f"{WORD}style")
    }
    found = set()
    for name, own in styles.items():
        style, passed = own, 0
        while style is not None and passed < MAX_DEPTH:
            properties = style.find(f"{WORD}rPr")
            told = properties is not None and any(
                properties.find(f"{WORD}{mark}") is not None for mark in ("b", "bCs")
            )
            if told:
                if _run_bold(properties, False):
                    found.add(name)
                break
            base = style.find(f"{WORD}basedOn")
            style = styles.get(base.get(f"{WORD}val")) if base is not None else None
            passed += 1
    return frozenset(found)
