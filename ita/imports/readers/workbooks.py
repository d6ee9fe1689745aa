"""The sheets of an XLSX as rows of text cells, as a spreadsheet shows them."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Container, Sequence
from typing import IO

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from ita.config import Limits
from ita.imports.readers.binary_workbooks import xlsb_worksheets
from ita.imports.readers.limits import Budget, Unreadable, too_large, too_many_bytes, unreadable
from ita.imports.readers.open_documents import ods_worksheets
from ita.imports.readers.sheet_part import sheet_part
from ita.imports.readers.workbook_parts import (
    Format,
    Unpacking,
    number_formats,
    relations,
    shared_texts,
    workbook,
)
from ita.imports.readers.worksheets import Worksheet, fill_down

_OTHER_ZIPS = (
    ("xl/worksheets/", None),
    ("content.xml", "open-document"),
    ("word/", "word"),
    ("ppt/", "slides"),
)
"""What a ZIP holds, by the beginning of an entry's name, and why it can't be read; None = it can."""


MAX_PARTS = 20_000
"""Entries of a ZIP; its directory is read as a whole."""


def zipped_worksheets(content: bytes, limits: Limits) -> tuple[list[Worksheet], str]:
    """The sheets of an XLSX, .xlsb or .ods, and which of them it is.

    Raises:
        Unreadable: it has a password, is damaged, too large, or a ZIP of something else.
    """
    parts = content.count(b"PK\x01\x02")
    if parts > MAX_PARTS:
        raise too_large(f"{parts:,}", f"{MAX_PARTS:,}", "parts")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
            kind = b""
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    kind = stream.read(100)
    except Exception as fault:
        raise unreadable("broken-xlsx") from fault
    if unpacked > limits.unpacked_bytes:
        raise too_many_bytes(unpacked, limits.unpacked_bytes)
    if b"opendocument.spreadsheet" in kind:
        return ods_worksheets(content, limits), "ods"
    if "xl/workbook.bin" in names:
        return xlsb_worksheets(content, limits), "xlsb"
    return worksheets_of(content, limits), "xlsx"


def _check_is_workbook(archive: zipfile.ZipFile) -> None:
    """
    Raises:
        Unreadable: a whole ZIP of something else, such as a Word document.
    """
    names = archive.namelist()
    held = (why for start, why in _OTHER_ZIPS if any(name.startswith(start) for name in names))
    why = next(held, "other-zip")
    if why is not None:
        raise unreadable(why)


_ESCAPED = re.compile(rb"_x([0-9A-Fa-f]{4})_")
MAX_ESCAPES = 5_000_000
_MAX_ESCAPE_LENGTH = len(b"_x000D_")


def _character(escape: re.Match[bytes]) -> bytes:
    """What an escape stands for, as XML writes it; nothing for what XML can't hold."""
    code = int(escape[1], 16)
    held = code in (9, 10, 13) or (code >= 32 and not 0xD800 <= code < 0xE000 and code < 0xFFFE)
    return b"&#%d;" % code if held else b""


class _Unescaped:
    """A part of a workbook, in whose texts _x000D_ is a carriage return and _x005F_ an underscore.

    They are taken for that before the XML is read: an escape that lies over two runs of a text is
    none. What openpyxl does with them, taking `x005F_` out of texts, finds nothing left.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._escapes = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        text, self._kept = self._kept + piece, b""
        self._escapes += text.count(b"_x")
        if self._escapes > MAX_ESCAPES:
            raise unreadable("broken-xlsx")
        if not piece or (b"_x" not in text and b"_" not in text[1 - _MAX_ESCAPE_LENGTH :]):
            return _ESCAPED.sub(_character, text)
        # The end may be the beginning of an escape, the rest of which comes with the next piece.
        last = max((found.end() for found in _ESCAPED.finditer(text)), default=0)
        cut = max(last, len(text) + 1 - _MAX_ESCAPE_LENGTH)
        self._kept = text[cut:]
        return _ESCAPED.sub(_character, text[:cut]) or self.read(size)

    def __enter__(self) -> _Unescaped:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def worksheets_of(content: bytes, limits: Limits) -> list[Worksheet]:
    """The sheets of an XLSX. Macros and links stay unread; formulas count by their last result. Of
    a hidden sheet the name alone is read.

    Raises:
        Unreadable: it holds more than is read, is damaged, or a ZIP of something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_is_workbook(archive)
            return _worksheets(archive, limits)
    except Unreadable:
        raise
    except Exception as fault:  # a damaged workbook breaks in many ways
        raise unreadable("broken-xlsx") from fault


def _worksheets(archive: zipfile.ZipFile, limits: Limits) -> list[Worksheet]:
    names = set(archive.namelist())
    budget = Budget(limits)
    xml = (entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))
    unpacking = Unpacking(budget, sum(xml))
    main = _main_part(archive, names, unpacking)
    with archive.open(main) as stream:
        book = workbook(stream, unpacking)
    related: dict[str, tuple[str, str]] = {}
    if (path := _relations_of(main)) in names:
        with archive.open(path) as stream:
            related = {
                name: (kind, _path(main, target))
                for name, (kind, target) in relations(stream, unpacking).items()
            }
    texts: Sequence[str] = ()
    formats: Sequence[Format] = ()
    for kind, path in related.values():
        if kind == "sharedStrings" and path in names and not texts:
            _check_count(archive, path, [b"<si>"], limits)
            with _Unescaped(archive.open(path)) as unescaped:
                texts = shared_texts(unescaped, unpacking)
        elif kind == "styles" and path in names and not formats:
            with archive.open(path) as stream:
                formats = number_formats(stream, unpacking)
    epoch = MAC_EPOCH if book.since_1904 else WINDOWS_EPOCH
    found = []
    read: set[str] = set()
    for name, state, relation in book.sheets:
        kind, path = related.get(relation, ("", ""))
        if path not in names or kind == "chartsheet":
            continue
        if state != "visible":
            found.append(Worksheet(name, (), visible=False))
            continue
        if path in read:  # one part as thousands of sheets
            raise unreadable("broken-xlsx")
        read.add(path)
        _check_count(archive, path, [b"<c ", b"<c>"], limits)
        with _Unescaped(archive.open(path)) as unescaped:
            part = sheet_part(unescaped, unpacking, texts, formats, epoch)
        fill_down(part.rows, part.merged, budget)
        hidden = frozenset(part.hidden_lines)
        found.append(Worksheet(name, part.rows, True, hidden, part.hidden_columns))
    return found


LARGE_PART = 32 * 1024 * 1024


def _check_count(
    archive: zipfile.ZipFile, path: str, tags: Sequence[bytes], limits: Limits
) -> None:
    """Count what a large part holds before minutes go into reading it.

    Raises:
        Unreadable: more cells or texts than are read.
    """
    if archive.getinfo(path).file_size < LARGE_PART:
        return
    count = 0
    with archive.open(path) as stream:
        while piece := stream.read(LARGE_PART // 8):
            count += sum(map(piece.count, tags))
            if count > limits.cells:
                raise too_large(f"{count:,} +", f"{limits.cells:,}", "cells")


def _main_part(archive: zipfile.ZipFile, names: Container[str], unpacking: Unpacking) -> str:
    if (path := _relations_of("")) in names:
        with archive.open(path) as stream:
            for kind, target in relations(stream, unpacking).values():
                if kind == "officeDocument" and (main := _path("", target)) in names:
                    return main
    return "xl/workbook.xml"


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _path(part: str, target: str) -> str:
    """Where a part lies that another one names."""
    whole = target if target.startswith("/") else f"{posixpath.dirname(part)}/{target}"
    return posixpath.normpath(whole).lstrip("/")
