"""One value as a file for people has it, and CSV, which is nothing but such values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Protocol

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | Decimal | None
CellOrDay = Cell | date
"""A day is a day of the calendar in a workbook, and its ISO form in CSV."""


class ByteSink(Protocol):
    """What bytes can be written into: a file, a part of a ZIP."""

    def write(self, content: bytes, /) -> int: ...


MAY_NEED_A_GUARD = frozenset((*FORMULA_MARKS, "'"))
"""First characters of a text that `guarded` looks at further."""


def guarded(text: str) -> str:
    """Text that a spreadsheet won't run as a formula; `unguarded` takes it back, for any text."""
    if text[:1] not in MAY_NEED_A_GUARD:
        return text
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_MARKS) else text


def unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA_MARKS) else text


def _csv_row(row: Sequence[CellOrDay]) -> list[CellOrDay]:
    # What csv writes right by itself is most of a large table.
    return [
        value
        if value is None
        or (kind := value.__class__) is int
        or (kind is str and value[:1] not in MAY_NEED_A_GUARD)  # type: ignore[index]
        else _csv_cell(value)
        for value in row
    ]


def _csv_cell(value: CellOrDay) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return value.isoformat() if isinstance(value, date) else plain_number(value)


def plain_number(value: int | float | Decimal) -> str:
    """A number without exponent and without needless zeros; a negative one stays a number."""
    if isinstance(value, int):
        return str(int(value))
    text = f"{value if isinstance(value, Decimal) else Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[CellOrDay]]) -> bytes:
    """UTF-8 with BOM, the form that Excel on Thai Windows opens right."""
    stream = io.BytesIO()
    csv_rows(stream, header, rows)
    return stream.getvalue()


ROWS_AT_ONCE = 2_000


def csv_rows(stream: ByteSink, header: Sequence[str], rows: Iterable[Sequence[CellOrDay]]) -> int:
    """The same into a stream, some rows at a time; gives the number of rows below the header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    text.seek(0)
    stream.write(text.read().encode("utf-8-sig"))
    count = 0
    for block in _blocks(rows):
        text.seek(0)
        text.truncate()
        writer.writerows(map(_csv_row, block))
        stream.write(text.getvalue().encode("utf-8", "replace"))
        count += len(block)
    return count


def _blocks(rows: Iterable[Sequence[CellOrDay]]) -> Iterable[list[Sequence[CellOrDay]]]:
    block: list[Sequence[CellOrDay]] = []
    for row in rows:
        block.append(row)
        if len(block) == ROWS_AT_ONCE:
            yield block
            block = []
    if block:
        yield block


@contextmanager
def whole_file(place: Path) -> Iterator[IO[bytes]]:
    """A file that is there with the end of the block, and not at all if something goes wrong."""
    partial = place.with_name(f".{place.name}.partial")
    try:
        with partial.open("wb") as stream:
            yield stream
        partial.replace(place)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_file(place: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it."""
    with whole_file(place) as stream:
        stream.write(content)
