"""Documents as PDF/A-2a and PDF/UA-1, set by typst, which is imported with the first file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ita.charts.typst_figures import compile_template
from ita.config import PROJECT
from ita.documents.model import (
    REPLACEMENT,
    Block,
    Cell,
    Document,
    NumberedList,
    Paragraph,
    Picture,
    RuledTable,
    Section,
    Signatures,
    TableRow,
    printable_texts,
)

if TYPE_CHECKING:
    from typst import PDFStandard

TEMPLATE = Path(__file__).parent / "document.typ"
# For keeping (ISO 19005-2, level A) and for screen readers (ISO 14289-1); typst checks both.
STANDARDS: tuple[PDFStandard, ...] = ("a-2a", "ua-1")

# What stands around every sign that no font has, as typst 0.15 reports them, all at once.
_BEFORE_GLYPHS, _BEHIND_GLYPHS = 'error: the text `"', '"` could not be displayed'
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def pdf_bytes(document: Document, crest: bytes | None = None) -> bytes:
    """A document on A4. A sign that no font has, such as an emoji, is printed as an empty box.

    crest: a PNG or JPEG above the title.

    Raises:
        RuntimeError: typst can't draw the crest.
    """
    document = printable_texts(document)
    data = {
        "title": document.title,
        "author": document.author,
        "crest": list(crest) if crest else None,
        "crest_alt": f"ตรา{document.author}",
        "heading": list(map(split_lines, document.heading)),
        "thai_digits": document.thai_digits,
        "blocks": list(map(_block, document.blocks)),
        "upright": document.upright,
        "language": document.language,
    }
    return typeset(TEMPLATE, data, datetime.now(UTC).replace(microsecond=0))


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            kind = "introduction" if block.is_introduction else "paragraph"
            return {"kind": kind, "text": split_lines(block.text)}
        case Section():
            return {
                "kind": "section",
                "title": split_lines(block.title),
                "blocks": list(map(_block, block.blocks)),
                "breakable": not block.keep_together,
            }
        case NumberedList():
            return {"kind": "list", "items": list(map(split_lines, block.numbered_lines))}
        case Picture():
            return {
                "kind": "picture",
                "file": f"/{block.file.relative_to(PROJECT).as_posix()}",
                "alt": block.alt,
                "width": block.width,
            }
        case Signatures():
            people = [list(map(split_lines, one.lines)) for one in block.signatories]
            return {"kind": "signatures", "people": people}
        case RuledTable():
            return {
                "kind": "table",
                "columns": list(map(split_lines, block.columns)),
                "widths": block.widths,
                "groups": [
                    {
                        "title": None if heading is None else split_lines(heading),
                        "rows": list(map(_row, rows)),
                    }
                    for heading, rows in block.groups()
                ],
                "empty": block.empty_text,
            }


def _row(row: TableRow) -> dict[str, Any]:
    return {"cells": list(map(_cell, row.cells)), "continued": row.continued}


def _cell(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, str):
        return {"text": split_lines(cell)}
    return {"items": list(map(split_lines, cell))}


def typeset(template: Path, data: Any, timestamp: datetime | None = None) -> bytes:
    """A PDF of a template and its data; a sign that no font has is printed as an empty box.

    timestamp: of the document, where the template doesn't give one.

    Raises:
        RuntimeError: typst can't draw it; `diagnostic` says what.
    """
    texts = json.dumps(data, ensure_ascii=False, allow_nan=False)
    missing_signs: set[str] = set()
    while True:
        printable_data = texts.translate(dict.fromkeys(map(ord, missing_signs), REPLACEMENT))
        try:
            return compile_template(
                template,
                {"data": printable_data},
                "pdf",
                pdf_standards=list(STANDARDS),
                timestamp=timestamp,
            )
        except RuntimeError as fault:  # what typst's own error is
            more = _signs_without_font(fault) - missing_signs
            if not more:
                raise
            missing_signs |= more


def _signs_without_font(fault: RuntimeError) -> set[str]:
    """The signs that an error of typst names as having no font; never any of our own sentences."""
    reports = getattr(fault, "diagnostic", "").split(_BEFORE_GLYPHS)[1:]
    escaped_signs = "".join(r.partition(_BEHIND_GLYPHS)[0] for r in reports if _BEHIND_GLYPHS in r)
    signs = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), escaped_signs)
    return {sign for sign in signs if ord(sign) > ord("~")} - {REPLACEMENT}


# Splits texts into pieces for typst, so that lines break where they may and readers keep each space.

# Text · {"unbroken": text that stays on one line} · {"halves": two spaces of half the width} · None: a
# cut, where a line may end. `sheet.typ` draws them.
Piece = str | dict[str, str] | None

# Letters between two cuts of a run that has no place of its own to end a line.
MAX_RUN_LENGTH = 6
# What stands above or below a Thai letter, สระอำ among it.
_MARK = r"[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]"
_MARKED_LETTER = re.compile(rf"[\u0e01-\u0e2e]{_MARK}")
# Words of these reports that typst's dictionary parts, as the file says.
WHOLE_WORDS = tuple(
    word
    for word in (Path(__file__).parent / "whole_words.txt").read_text(encoding="utf-8").splitlines()
    if word and not word.startswith("#")
)
# What touches such a word must stay with it too, for before and after a box a line may end.
_WHOLE_WORD = (
    rf"(?:{'|'.join(sorted(WHOLE_WORDS, key=len, reverse=True))})(?!{_MARK}|[\u0e30\u0e32\u0e45])"
)
# Where typst needs help; all other places are left to it, for it knows the Thai words. run: may be
# wider than a column. unbroken: a line would end inside it and must not: before ฯ or ๆ, in one of
# whole_words.txt, or after a hyphen, which Chrome's reader drops at the end of a line. space: one
# after a mark.
_SPECIAL = re.compile(
    r"(?P<run>[^\s\u0e00-\u0e7f]{20,}|([\u0e01-\u0e7f])\2{19,})"
    r"|(?P<unbroken>(?<![\u0e00-\u0e7f])[\u0e00-\u0e7f]{1,16}ฯ|(?:ต่าง|อื่น) ?ๆ|ปีงบประมาณ"
    rf"|[(“‘\"'\[]{{0,3}}{_WHOLE_WORD}[)”’\"'\],.:;!?/]{{0,3}}[0-9๐-๙]{{0,4}}"
    r"|(?<![\w-])[A-Za-z0-9]{1,6}-[A-Za-z0-9]{1,8}(?![\w-]))"
    rf"|(?P<space>(?<={_MARK}) (?=\S))"
)


def split_line(line: str) -> Iterator[Piece]:
    """A line of text in pieces, which together are the line."""
    end = 0
    for match in _SPECIAL.finditer(line):
        yield line[end : match.start()]
        end = match.end()
        if match["unbroken"]:
            yield {"unbroken": match["unbroken"]}
        elif match["run"]:
            yield from _split_run(match["run"])
        elif _MARKED_LETTER.match(line, end) or _SPECIAL.match(line, end):
            yield {"halves": "  "}
        else:
            yield None
            end = match.start()
    yield line[end:]


def split_lines(text: str) -> list[list[Piece]]:
    """The lines of a text, each in pieces: the form that our typst templates expect."""
    return [list(split_line(line)) for line in text.split("\n")]


# typst writes a space after a marked letter by itself, and Chrome's reader often drops such a space.
# A cut brings it to the letters that follow; where these are written by themselves too, two halves
# stand for it, which the readers take for one space.


def _split_run(run: str) -> Iterator[Piece]:
    for start in range(0, len(run), MAX_RUN_LENGTH):
        yield None
        yield run[start : start + MAX_RUN_LENGTH]
