"""A document as one value: title, paragraphs, lists, pictures, sections and ruled tables, which pdf, docx
and html draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

# A text, or a list of which each entry hangs under its own mark: ("1. …", "2. …"). Texts may hold "\n".
Cell = str | tuple[str, ...]


@dataclass(frozen=True)
class TableRow:
    """A cell a column; one cell alone is a heading over the whole width.

    continued: what the next page says of the row where it goes on there. A row without it stays on one
    page as long as it is short.
    """

    cells: tuple[Cell, ...]
    continued: str = ""

    @property
    def is_heading(self) -> bool:
        return len(self.cells) == 1

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells as texts, a list as its lines."""
        return tuple(cell if isinstance(cell, str) else "\n".join(cell) for cell in self.cells)


@dataclass(frozen=True)
class RuledTable:
    """A table over the whole width. widths: of its columns, in percent. empty_text: instead of rows."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[TableRow, ...]
    empty_text: str = ""

    def groups(self) -> Iterator[tuple[str | None, list[TableRow]]]:
        """Each heading with the rows below it; None for those above the first."""
        heading: str | None = None
        rows: list[TableRow] = []
        for row in self.rows:
            if not row.is_heading:
                rows.append(row)
                continue
            if heading is not None or rows:
                yield heading, rows
            heading, rows = row.texts[0], []
        if heading is not None or rows:
            yield heading, rows

    def row_lines(self) -> Iterator[str]:
        """Each row as one line, which begins with its first cell as a number; a heading is a line."""
        for row in self.rows:
            if row.is_heading:
                yield row.texts[0]
                continue
            number, *rest = (text.replace("\n", " ") for text in row.texts)
            yield f"{number}. " + " · ".join(
                f"{name}: {text}" for name, text in zip(self.columns[1:], rest, strict=True)
            )


@dataclass(frozen=True)
class Paragraph:
    """introduction: the sentence under the title, its first line indented or in the middle."""

    text: str
    is_introduction: bool = False


@dataclass(frozen=True)
class NumberedList:
    """Steps in their order. first: the number of the first one, where a picture parts them."""

    items: tuple[str, ...]
    first: int = 1

    @property
    def numbered_lines(self) -> list[str]:
        return [f"{number}. {text}" for number, text in enumerate(self.items, self.first)]


@dataclass(frozen=True)
class Picture:
    """A PNG of the project's folder. alt: what it shows. width: in percent of the text's."""

    file: Path
    alt: str
    width: int


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it. keep_together: on one page."""

    title: str
    blocks: tuple[Paragraph | NumberedList | Picture | RuledTable, ...]
    keep_together: bool = False


@dataclass(frozen=True)
class Signatory:
    """Who signs under a document. duty: what the signature stands for. name, position: "" where they are
    written in by hand."""

    duty: str
    name: str
    position: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The place to sign, as it is printed."""
        return (
            f"(ลงชื่อ){'.' * SIGNATURE_DOTS}{self.duty}",
            f"({self.name or '.' * SIGNATURE_DOTS})",
            f"ตำแหน่ง {self.position or '.' * SIGNATURE_DOTS}",
            "วันที่ ........../........../..........",
        )


SIGNATURE_DOTS = 44


@dataclass(frozen=True)
class Signatures:
    """The places to sign, beside each other, on one page."""

    signatories: tuple[Signatory, ...]


Block = Paragraph | NumberedList | Picture | RuledTable | Section | Signatures


@dataclass(frozen=True)
class Document:
    """title, author: of the file. heading: the lines of the title as they are printed. is_draft: of a plan
    that is not stored yet, whose heading says so. upright: on paper that stands. language: of its texts.
    thai_digits: of the numbers of pages."""

    title: str
    author: str
    heading: tuple[str, ...]
    blocks: tuple[Block, ...]
    is_draft: bool = False
    upright: bool = False
    language: str = "th"
    thai_digits: bool = False

    @property
    def tables(self) -> tuple[RuledTable, ...]:
        inner = (block.blocks if isinstance(block, Section) else (block,) for block in self.blocks)
        return tuple(block for blocks in inner for block in blocks if isinstance(block, RuledTable))


def plain_lines(blocks: Sequence[Block]) -> Iterator[str]:
    """The texts of blocks from top to bottom, a row of a table in one line."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case NumberedList():
                yield from block.numbered_lines
            case Picture():
                yield block.alt
            case RuledTable():
                yield from block.row_lines()
            case Section():
                yield block.title
                yield from plain_lines(block.blocks)
            case Signatures():
                for signatory in block.signatories:
                    yield from signatory.lines


# Texts as a printed page can carry them.

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, the zero-width and the bidirectional signs, and what Unicode keeps for no character.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff]"
)
# Halves of characters, and those that mean something else in each font.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Replaces a character that can't be printed.
REPLACEMENT = "□"


def printable(text: str) -> str:
    """A text as a printed page can carry it; every kind of line end becomes one "\\n"."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _NO_CHARACTER.sub(REPLACEMENT, _UNPRINTABLE.sub("", text))


def printable_texts(value: Any) -> Any:
    """The same value, a dataclass, a dict or a sequence, with every text in it made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: printable_texts(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(printable_texts, value))
    if is_dataclass(value) and not isinstance(value, type):
        changes = {each.name: printable_texts(getattr(value, each.name)) for each in fields(value)}
        return replace(value, **changes)
    return value
