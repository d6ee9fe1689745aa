"""Cell values of files for people, guarded against formulas, and CSV made of them."""

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
CellValue = str | int | float | Decimal | None
# A date is a date in a workbook, and its ISO form in CSV.
CellOrDate = CellValue | date


class ByteSink(Protocol):
    """Something that bytes can be written into: a file, a part of a ZIP."""

    def write(self, content: bytes, /) -> int: ...


# First characters of a text that `escape_formula` looks at further.
MAYBE_FORMULA_STARTS = frozenset((*FORMULA_MARKS, "'"))


def escape_formula(text: str) -> str:
    """Text that a spreadsheet won't run as a formula; `unescape_formula` is its inverse."""
    if text[:1] not in MAYBE_FORMULA_STARTS:
        return text
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_MARKS) else text


def unescape_formula(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA_MARKS) else text


def _csv_row(row: Sequence[CellOrDate]) -> list[CellOrDate]:
    # What csv writes right by itself is most of a large table.
    return [
        value
        if value is None
        or (kind := value.__class__) is int
        or (kind is str and value[:1] not in MAYBE_FORMULA_STARTS)  # type: ignore[index]
        else _csv_cell(value)
        for value in row
    ]


def _csv_cell(value: CellOrDate) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return escape_formula(value)
    return value.isoformat() if isinstance(value, date) else plain_number(value)


def plain_number(value: int | float | Decimal) -> str:
    """A number without exponent and without needless zeros; a negative one stays a number."""
    if isinstance(value, int):
        return str(int(value))
    text = f"{value if isinstance(value, Decimal) else Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[CellOrDate]]) -> bytes:
    """UTF-8 with BOM, the form that Excel on Thai Windows opens right."""
    stream = io.BytesIO()
    write_csv_rows(stream, header, rows)
    return stream.getvalue()


CSV_BATCH_SIZE = 2_000


def write_csv_rows(
    stream: ByteSink, header: Sequence[str], rows: Iterable[Sequence[CellOrDate]]
) -> int:
    """Write CSV into a stream, a batch of rows at a time.

    Returns:
        The number of rows below the header.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([escape_formula(name) for name in header])
    text.seek(0)
    stream.write(text.read().encode("utf-8-sig"))
    count = 0
    for batch in _batches(rows):
        text.seek(0)
        text.truncate()
        writer.writerows(map(_csv_row, batch))
        stream.write(text.getvalue().encode("utf-8", "replace"))
        count += len(batch)
    return count


def _batches(rows: Iterable[Sequence[CellOrDate]]) -> Iterable[list[Sequence[CellOrDate]]]:
    batch: list[Sequence[CellOrDate]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CSV_BATCH_SIZE:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears whole at the end of the block, and not at all if something goes wrong."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as stream:
            yield stream
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a reader never sees half of it."""
    with atomic_file(path) as stream:
        stream.write(content)
