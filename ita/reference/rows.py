"""Rows of a reference file with their file and line, parsing of their cells, and errors that name both."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from ita.domain import TOTAL, Certainty, FiscalYear, Instrument, Part
from ita.i18n import _

# Errors of the reference data: the text says which file and what to fix.


class ReferenceFault(Exception):
    """A reference file can't be used; the text says which file, which line and what to fix."""


class UnknownYear(ReferenceFault):
    """No rules are known for a fiscal year; the text names the file to extend."""

    def __init__(self, year: int, file: Path) -> None:
        self.year = year
        self.file = file
        super().__init__(
            _(
                "ยังไม่มีเกณฑ์ของปี {year} ในไฟล์ {file} กรุณาเพิ่มแถวของปีนี้",
                year=int(year),
                file=file,
            )
        )


# An address, or the position in a document: what somebody else needs to find it again.
DOCUMENT_REFERENCE = re.compile(
    r"[a-z0-9-]\.[a-z]{2}"  # in a host: nacc.go.th
    r"|(?:ข้อ|มาตรา|น\.|หน้า|ข่าว|เลขที่|ฉบับที่|เล่ม|ตอนที่|ลงวันที่|วันที่|p\.|no\.)\s*[0-9๐-๙]",
    re.IGNORECASE,
)

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class ReferenceRow:
    """One row of a reference file, with its file and line for error messages."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def read(self, column: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(self.cells[column].strip())
        except (KeyError, ValueError, InvalidOperation, TypeError, AttributeError):
            raise self.fault(column) from None

    def insert(self, column: str, table: dict[K, T], key: K, value: T) -> None:
        """Add to a table; a key that is there already is a fault of this row."""
        if key in table:
            raise self.fault(column)
        table[key] = value

    def fault(self, column: str) -> ReferenceFault:
        return ReferenceFault(
            _(
                "ไฟล์ {file} บรรทัด {line}: ช่อง {column} ใช้ไม่ได้ ({value})",
                file=self.file.name,
                line=self.line,
                column=column,
                value=self.cells.get(column) or "",
            )
        )

    def text(self, column: str) -> str:
        return self.read(column, str)

    def year(self, column: str = "fiscal_year") -> FiscalYear:
        return self.read(column, lambda text: FiscalYear(int(text)))

    def number(self, column: str) -> Decimal:
        return self.read(column, _parse_number)

    def number_or_none(self, column: str) -> Decimal | None:
        return self.read(column, lambda text: _parse_number(text) if text else None)

    def part(self) -> Part:
        return self.read("part", parse_part)

    def day_or_none(self, column: str) -> date | None:
        return self.read(column, lambda text: date.fromisoformat(text) if text else None)

    def origin(self) -> tuple[str, Certainty]:
        """Source and certainty.

        Raises:
            ReferenceFault: there is no source, or one of a document that names none.
        """
        source, certainty = self.text("source"), self.read("certainty", Certainty)
        if not source:
            raise self.fault("source")
        needs_document = certainty in (Certainty.PRIMARY, Certainty.SECOND_HAND)
        if needs_document and not DOCUMENT_REFERENCE.search(source):
            raise ReferenceFault(
                _(
                    "ไฟล์ {file} บรรทัด {line}: ช่อง source ต้องบอกเอกสารพร้อมเลขหน้าหรือเลขข้อ หรือที่อยู่เว็บ "
                    "({value}) ถ้าไม่ทราบ ให้ใส่ certainty เป็น assumed และบอกว่าคาดจากอะไร",
                    file=self.file.name,
                    line=self.line,
                    value=source,
                )
            )
        return source, certainty


def read_rows(folder: Path, name: str) -> list[ReferenceRow]:
    file = folder / name
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            return [ReferenceRow(file, reader.line_num, cells) for cells in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReferenceFault(
            _("อ่านไฟล์อ้างอิง {file} ไม่ได้: {fault}", file=name, fault=fault)
        ) from fault


def _parse_number(text: str) -> Decimal:
    """A number of 0–100, as every figure of the reference data is."""
    number = Decimal(text)
    if not 0 <= number <= 100:
        raise ValueError(text)
    return number


def parse_part(text: str) -> Part:
    """A part as the files write it: total, an instrument, or the number of an indicator."""
    if text == TOTAL or text in tuple(Instrument):
        return text
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return str(number)


def parse_yes_no(text: str) -> bool:
    return {"yes": True, "no": False}[text]
