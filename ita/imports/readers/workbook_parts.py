"""The parts of an XLSX, read tag by tag: nothing of them is kept but what cells say and show.

What a part may cost is counted while it is unpacked: bytes, tags, texts, rows and cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Protocol
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from ita.imports.readers.cell_text import value_text
from ita.imports.readers.limits import (
    MAX_CELL_LENGTH,
    Budget,
    check_sheets,
    too_large,
    too_long,
    too_many_bytes,
    unreadable,
)
from ita.workers import report_progress

PIECE = 256 * 1024
MAX_TAG_LENGTH = 4 * 1024 * 1024
"""Bytes of a tag with its attributes, or of a comment; a parser holds them until they end."""
MAX_OTHER_TAGS = 1_000_000
"""Of a part, beside rows and cells: formats, links, conditions."""
MAX_FORMATS = 65_536
"""Cell styles that Excel has at most."""
MAX_STEPS = 100_000_000
"""Squares of the lengths of number formats: how long patterns may look for dates in them."""

Attributes = dict[str, str]


class _Handler(Protocol):
    def start(self, tag: str, attributes: Attributes) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, text: str) -> None: ...


class Unpacking:
    """What was unpacked of a workbook so far; parts may be read more than once.

    Args:
        total: bytes of all parts, as the archive says; 0 where it is not asked.

    Attributes:
        budget: of the rows of all sheets.
        bytes: of all parts that were read.
    """

    def __init__(self, budget: Budget, total: int = 0) -> None:
        self.budget = budget
        self.bytes = 0
        self._total = total

    def parse(self, stream: IO[bytes] | Any, handler: _Handler) -> None:
        """Pass the tags of a part to a handler, without their namespaces.

        Raises:
            Unreadable: it unpacks to more than is read, or declares entities.
            ExpatError: it is no XML.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        local: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            tag = local.get(name) or local.setdefault(name, name.rpartition(":")[2])
            handler.start(tag, attributes)

        def end(name: str) -> None:
            handler.end(local[name])

        def declared(*_: object) -> None:
            raise unreadable("broken-xlsx")

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = declared
        limit = self.budget.limits.unpacked_bytes
        passed = 0
        while piece := stream.read(PIECE):
            passed += len(piece)
            self.bytes += len(piece)
            if self.bytes > limit:
                raise too_many_bytes(self.bytes, limit)
            report_progress(min(self.bytes, self._total), self._total)
            parser.Parse(piece, False)
            if passed - parser.CurrentByteIndex > MAX_TAG_LENGTH:
                raise unreadable("broken-xlsx")
        parser.Parse(b"", True)


class Tags:
    """Counts tags, and gathers the text of one at a time."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._line = 0
        self._pieces: list[str] | None = None
        self._held = self._others = 0

    def count(self) -> None:
        self._others += 1
        if self._others > MAX_OTHER_TAGS:
            raise too_large(f"{self._others:,} +", f"{MAX_OTHER_TAGS:,}", "sheet-extras")

    def gather(self) -> None:
        self._pieces, self._held = [], 0

    def gathered(self) -> str:
        pieces, self._pieces = self._pieces, None
        return "".join(pieces or ())

    def text(self, text: str) -> None:
        if self._pieces is None:
            return
        self._held += len(text)
        if self._held > MAX_CELL_LENGTH:
            raise too_long(f"{MAX_CELL_LENGTH:,} +", self._budget.limits, self._line or None)
        self._pieces.append(text)


@dataclass
class Workbook:
    """What the workbook's own part says. sheets: name, state and relation of each, in their order."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    since_1904: bool = False


class _WorkbookHandler(Tags):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found = Workbook()

    def start(self, tag: str, attributes: Attributes) -> None:
        self.count()
        if tag == "workbookPr":
            self.found.since_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            relation = next((v for name, v in attributes.items() if name.endswith(":id")), "")
            state = attributes.get("state", "visible")
            self.found.sheets.append((attributes.get("name", ""), state, relation))
            check_sheets(len(self.found.sheets))

    def end(self, tag: str) -> None:
        pass


def workbook(stream: IO[bytes], unpacking: Unpacking) -> Workbook:
    handler = _WorkbookHandler(unpacking.budget)
    unpacking.parse(stream, handler)
    return handler.found


class _RelationHandler(Tags):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        self.count()
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))

    def end(self, tag: str) -> None:
        pass


def relations(stream: IO[bytes], unpacking: Unpacking) -> Mapping[str, tuple[str, str]]:
    """By id: what kind of part it is, and where."""
    handler = _RelationHandler(unpacking.budget)
    unpacking.parse(stream, handler)
    return handler.found


class _StringHandler(Tags):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: list[str] = []
        self._parts: list[str] = []
        self._phonetic = False
        self._kept = Budget(budget.limits)

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "t":
            self.gather()
        elif tag == "si":
            self._parts.clear()
        elif tag == "rPh":
            self._phonetic = True
        elif tag not in ("r", "rPr"):
            self.count_in_runs()

    def count_in_runs(self) -> None:
        """Fonts of letters stand in each text, as many as there are texts."""
        self._others += 1
        if self._others > self._budget.limits.cells:
            raise too_large(f"{self._others:,} +", f"{self._budget.limits.cells:,}", "sheet-extras")

    def end(self, tag: str) -> None:
        if tag == "t":
            text = self.gathered()
            if not self._phonetic:
                self._parts.append(text)
                if len(self._parts) > MAX_CELL_LENGTH:
                    raise too_long(f"{MAX_CELL_LENGTH:,} +", self._budget.limits)
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            text = value_text("".join(self._parts))
            self._kept.take_cells(1)
            self._kept.take_characters(len(text))
            self._kept.take_bytes(8 + text.__sizeof__() if text else 8)
            self.found.append(text)


def shared_texts(stream: Any, unpacking: Unpacking) -> Sequence[str]:
    """The texts that stand together in one part, as cells show them."""
    handler = _StringHandler(unpacking.budget)
    unpacking.parse(stream, handler)
    return handler.found


@dataclass(frozen=True)
class Format:
    """How a style shows numbers. code: "" = as they are."""

    code: str = ""
    is_day: bool = False
    is_duration: bool = False


AS_IT_IS = Format()


class _StyleHandler(Tags):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.codes: dict[str, str] = {}
        self.styles: list[str] = []
        self._within: list[str] = []

    def start(self, tag: str, attributes: Attributes) -> None:
        self.count()
        above = self._within[-1] if self._within else ""
        self._within.append(tag)
        if len(self._within) > MAX_LEVELS:
            raise unreadable("broken-xlsx")
        if tag == "numFmt" and above == "numFmts":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and above == "cellXfs":
            self.styles.append(attributes.get("numFmtId", "0"))
        if max(len(self.codes), len(self.styles)) > MAX_FORMATS:
            raise too_large(f"{MAX_FORMATS:,} +", f"{MAX_FORMATS:,}", "sheet-extras")

    def end(self, tag: str) -> None:
        self._within.pop()


MAX_LEVELS = 100


def number_formats(stream: IO[bytes], unpacking: Unpacking) -> Sequence[Format]:
    """The number format of each cell style, in their order."""
    handler = _StyleHandler(unpacking.budget)
    unpacking.parse(stream, handler)
    made: dict[str, Format] = {}
    steps = 0
    for number in set(handler.styles):
        code = handler.codes.get(number)
        if code is None:
            code = BUILTIN_FORMATS.get(int(number), "") if number.isdecimal() else ""
        code = "" if code == "General" else code
        steps += len(code) ** 2
        if steps > MAX_STEPS:
            raise unreadable("broken-xlsx")
        made[number] = Format(code, is_date_format(code), is_timedelta_format(code))
    return [made[number] for number in handler.styles]
