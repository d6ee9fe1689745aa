"""Documents to read back, made by typst, Word's format and LibreOffice, and what their cells must hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import NoReturn

import pytest
import typst

from ita.config import PROJECT
from ita.reports.reading.layout import Layout, TextCell, TextLine, TextTable

FONTS = PROJECT / "ita" / "fonts"
WEB_FONTS = PROJECT / "static"
SECONDS = 120


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def typst_pdf(source: str, folder: Path = FONTS) -> bytes:
    """A document of typst's own language, in the fonts of a folder alone."""
    return typst.compile(
        source.encode(), font_paths=[str(folder)], ignore_system_fonts=True, format="pdf"
    )


def lines_of(layout: Layout) -> list[str]:
    return [block.text.strip() for block in layout.blocks if isinstance(block, TextLine)]


def tables_of(layout: Layout) -> list[TextTable]:
    return [block for block in layout.blocks if isinstance(block, TextTable)]


def cell_lines(cell: TextCell) -> list[str]:
    return [line.text.strip() for line in cell.lines]


def cell_texts(table: TextTable) -> list[list[str]]:
    """The text of each cell without blanks, by row."""
    return [[bare("".join(cell_lines(cell))) for cell in row] for row in table.rows]


def assert_row(row: Sequence[TextCell], expected: Sequence[str]) -> None:
    """Each cell holds its text word for word: line after line, and within a line with its spaces."""
    assert len(row) == len(expected)
    for cell, text in zip(row, expected, strict=True):
        assert_text(cell_lines(cell), text)


def assert_text(lines: Iterable[str], text: str) -> None:
    """Lines are a text, broken only where it has a space or between two letters."""
    text = re.sub(r"\s+", " ", text).strip()
    at = 0
    for line in (re.sub(r"\s+", " ", drawn).strip() for drawn in lines):
        start = text.find(line, at)
        assert start >= 0 and not text[at:start].strip(), (line, text[at : at + 80])
        at = start + len(line)
    assert not text[at:].strip(), text[at:]


def need(program: str) -> str:
    """A program that tests need; where it must be there, it can't be skipped."""
    found = shutil.which(program)
    if not found:
        _skip_without(program)
    return found


def _skip_without(program: str) -> NoReturn:
    if os.environ.get("ITA_REQUIRE_BROWSER"):
        pytest.fail(f"{program} is missing")
    pytest.skip(f"{program} is not installed")


def in_font(docx: bytes, family: str) -> bytes:
    """A Word document with all its text in another font."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith(".xml"):
                content = content.replace(b"TH SarabunPSK", family.encode())
            new.writestr(part, content)
    return stream.getvalue()


def printed_by_libreoffice(docx: bytes, fonts: Path, folder: Path) -> bytes:
    """A Word document as LibreOffice prints it, which has the fonts of one folder alone."""
    soffice = need("soffice")
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
    )
    file = folder / "document.docx"
    file.write_bytes(docx)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/office",
            *("--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(config)},
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    printed = file.with_suffix(".pdf")
    if not printed.exists():  # it ends well also where it can't open the file
        _skip_without("LibreOffice's Writer")
    return printed.read_bytes()


_TALL, _DEEP = "ปฝฟฬ", "ฎฏ"
_TONES = "่้๊๋์"
_ABOVE = "ัิีึืํ็"
_LEFT_ABOVE = dict(zip(_ABOVE, "\uf710\uf701\uf702\uf703\uf704\uf711\uf712", strict=True))
_LOW_LEFT = dict(zip(_TONES, "\uf705\uf706\uf707\uf708\uf709", strict=True))
_LOW = dict(zip(_TONES, "\uf70a\uf70b\uf70c\uf70d\uf70e", strict=True))
_HIGH_LEFT = dict(zip(_TONES, "\uf713\uf714\uf715\uf716\uf717", strict=True))
_LOWER = dict(zip("ฺุู", "\uf718\uf719\uf71a", strict=True))
_PLAIN = {
    private: plain
    for table in (_LEFT_ABOVE, _LOW_LEFT, _LOW, _HIGH_LEFT, _LOWER)
    for plain, private in table.items()
}


def as_old_font(text: str) -> str:
    """Thai as programs before OpenType drew it: marks that would collide by characters of private use."""
    out: list[str] = []
    base = above = ""
    for number, sign in enumerate(text):
        if sign in _TONES:
            # Before ำ, whose ring stands above the letter, a tone stays high.
            is_high = bool(above) or text[number + 1 : number + 2] == "ำ"
            is_tall = bool(base) and base in _TALL
            table = (_HIGH_LEFT if is_tall else {}) if is_high else (_LOW_LEFT if is_tall else _LOW)
            out.append(table.get(sign, sign))
        elif sign in _ABOVE:
            above = sign
            out.append(_LEFT_ABOVE[sign] if base and base in _TALL else sign)
        elif sign in _LOWER:
            out.append(_LOWER[sign] if base and base in _DEEP else sign)
        else:
            base, above = sign, ""
            out.append(sign)
    return "".join(out)


def as_plain(text: str) -> str:
    return "".join(_PLAIN.get(sign, sign) for sign in text)


def with_old_marks(docx: bytes) -> bytes:
    """A Word document whose Thai is written as `as_old_font`."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                content = as_old_font(content.decode()).encode()
            new.writestr(part, content)
    return stream.getvalue()
