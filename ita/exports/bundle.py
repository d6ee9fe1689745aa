"""Tables as a ZIP of open formats: one with all that explains it, or the whole store.

CSV in the order of import, README in both languages, data dictionary, checksums.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from typing import IO

import pyarrow as pa

from ita.config import LANGUAGES
from ita.domain import THAILAND
from ita.exports.selection import (
    EVERYTHING,
    TABLES,
    Row,
    Selection,
    columns,
    conditions,
    count_rows,
    has_column,
)
from ita.exports.templates import column_hint
from ita.exports.writers import Exported, streamed, with_marked_fractions, with_scale, write_csv
from ita.formatting import date_text, no_data
from ita.i18n import _, language_set_to
from ita.imports.datasets import (
    DATASET_LABELS,
    DICTIONARY,
    KEYS,
    README,
    SUMS,
    TABLE_OF,
    Column,
    Dataset,
)
from ita.reference import Reference
from ita.scores.queries import load_agency_names
from ita.store import Cursor
from ita.store.batches import Batch, list_batches
from ita.store.changes import load_upload
from ita.store.originals import batches_with_originals, load_original
from ita.tables import ByteSink, csv_bytes

# What a file of the store says of itself: table, filter, rows, day of the data, source.

MAX_SOURCES = 20


@dataclass(frozen=True)
class About:
    """day: of the last change of the store, None where nothing was ever stored; batch: its number.
    sources: what the rows name as theirs, else the files they came with."""

    table: str
    filters: tuple[str, ...]
    rows: int
    day: date | None
    batch: int
    sources: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """All of it as sentences, in the language that is spoken."""
        return (
            _("ตาราง: {table}", table=f"{table_text(self.table)} ({self.table})"),
            _("ตัวกรอง: {filters}", filters=" · ".join(self.filters) or _("ทั้งหมด")),
            _("จำนวน: {count} แถว", count=f"{self.rows:,}"),
            self.day_line(),
            _("แหล่งที่มา: {source}", source=" · ".join(self.sources) or no_data()),
        )

    def day_line(self) -> str:
        """Of which day the data are."""
        return _(
            "ข้อมูล ณ {day} (การนำเข้าครั้งที่ {batch})",
            day=date_text(self.day) if self.day else no_data(),
            batch=self.batch,
        )


def table_text(table: str) -> str:
    """A table in the language that is spoken."""
    return _(DATASET_LABELS[Dataset(table)]) if table in tuple(Dataset) else _("ประวัติการนำเข้า")


def about(
    cursor: Cursor,
    table: str,
    reference: Reference,
    selection: Selection,
    where: tuple[str, ...] = (),
    rows: int | None = None,
) -> About:
    """What the file of a selection says. where: further filters, as they were written; rows: how
    many are left of those."""
    known = list_batches(cursor)
    newest = known[0] if known else None
    return About(
        table,
        (*_filters(cursor, table, reference, selection), *where),
        count_rows(cursor, table, selection) if rows is None else rows,
        (newest.saved_at + THAILAND).date() if newest else None,
        newest.batch_id if newest else 0,
        _sources(cursor, table, selection, known),
    )


def _filters(
    cursor: Cursor, table: str, reference: Reference, selection: Selection
) -> tuple[str, ...]:
    """The filters that the table knows, in words."""
    found = []
    if selection.agency is not None and table != "history":
        found.append(_("หน่วยงาน {agency}", agency=_named(cursor, selection.agency)))
    if selection.years and (table == "annotations" or has_column(table, "fiscal_year", reference)):
        first, last = map(int, selection.years)
        years = str(first) if first == last else f"{first}–{last}"
        found.append(_("ปีงบประมาณ {years}", years=years))
    if selection.instruments and has_column(table, "instrument", reference):
        found.append(_("แบบวัด {names}", names=", ".join(selection.instruments)))
    if selection.quarters and has_column(table, "quarter", reference):
        found.append(_("ไตรมาส {numbers}", numbers=", ".join(map(str, selection.quarters))))
    return tuple(found)


def _named(cursor: Cursor, agency: str) -> str:
    name, _english = load_agency_names(cursor, agency)
    return agency if name == agency else f"{agency} {name}"


def _sources(
    cursor: Cursor, table: str, selection: Selection, known: tuple[Batch, ...]
) -> tuple[str, ...]:
    if table in (Dataset.SCORES, Dataset.ANNOTATIONS):
        name = TABLE_OF[Dataset(table)]
        where, values = conditions(name, selection)
        rows = cursor.execute(
            f"SELECT DISTINCT t.source FROM {name} AS t{where} ORDER BY t.source", values
        ).fetchall()
        named = [source for (source,) in rows if source]
    else:
        brought = [
            b.file_name for b in known if b.is_effective and not b.undoes and b.kind == table
        ]
        named = list(dict.fromkeys(name for name in brought if name))
    more = len(named) - MAX_SOURCES
    return (*named[:MAX_SOURCES], *([_("และอีก {count} แหล่ง", count=more)] if more > 0 else []))


PART_ROWS = 200_000
PART_CHARACTERS = 20_000_000
"""The most that one file of a bundle holds, so that an import takes it: a Thai letter is three bytes."""


class _Made:
    """A ZIP while it is made; remembers the sum of each file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.sums: dict[str, str] = {}
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED)

    @contextmanager
    def file(self, name: str) -> Iterator[ByteSink]:
        with self._zip.open(name, "w") as inner:
            summed = _Summed(inner)
            yield summed
        self.sums[name] = summed.digest.hexdigest()

    def put(self, name: str, content: bytes) -> None:
        with self.file(name) as sink:
            sink.write(content)

    def close(self) -> None:
        listed = "".join(f"{digest}  {name}\n" for name, digest in self.sums.items())
        self.put(SUMS, listed.encode())
        self._zip.close()


class _Summed:
    """Adds up what goes through it."""

    def __init__(self, inner: ByteSink) -> None:
        self.digest = hashlib.sha256()
        self._inner = inner

    def write(self, content: bytes, /) -> int:
        self.digest.update(content)
        return self._inner.write(content)


def write_table_zip(stream: IO[bytes], found: Exported, said: About, reference: Reference) -> None:
    """A table as CSV with what explains it: filter, day, source, and what each column means."""
    made = _Made(stream)
    with made.file(f"{found.table}.csv") as sink:
        write_csv(sink, found)
    made.put(DICTIONARY, data_dictionary([found], reference))
    made.put(README, _readme(lambda: (*said.lines(), "", *_explained())))
    made.close()


@dataclass(frozen=True)
class BundlePart:
    """A file of a bundle."""

    name: str
    table: str
    rows: int


def write_bundle(stream: IO[bytes], cursor: Cursor, reference: Reference) -> tuple[BundlePart, ...]:
    """The whole store, as it is at one moment, and the files that it was brought in with."""
    cursor.begin()
    made = _Made(stream)
    parts: list[BundlePart] = []
    headers: list[Exported] = []
    for number, table in enumerate(TABLES, start=1):
        found = _of_bundle(cursor, table, reference)
        headers.append(found)
        parts += _table_parts(made, number, found)
    said = about(cursor, "history", reference, EVERYTHING)
    _put_uploads(made, cursor)
    _put_originals(made, cursor)
    made.put(DICTIONARY, data_dictionary(headers, reference))
    made.put(README, _readme(lambda: _whole(said, parts)))
    made.close()
    return tuple(parts)


def _of_bundle(cursor: Cursor, table: str, reference: Reference) -> Exported:
    found = streamed(cursor, table, reference)
    # A part may not tell its scale by itself as the whole does; its header does.
    scaled = table == Dataset.SCORES and "iit" in found.names
    return with_marked_fractions(with_scale(found) if scaled else found, reference)


def _table_parts(made: _Made, number: int, found: Exported) -> Iterator[BundlePart]:
    table = found.table
    stem = f"{number}_{table}" if table in tuple(Dataset) else table
    names = chain([f"{stem}.csv"], (f"{stem}_{part}.csv" for part in count(2)))
    for name, rows in zip(names, _portions(found.rows), strict=False):
        with made.file(name) as sink:
            yield BundlePart(name, table, write_csv(sink, replace(found, rows=rows)))


def _portions(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """The rows in files' worths, at least one; each must be read to its end before the next."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        yield iter(())
    while first is not None:
        yield _portion(first, waiting)
        first = next(waiting, None)


def _portion(first: Row, waiting: Iterator[Row]) -> Iterator[Row]:
    yield first
    taken, characters = 1, _characters(first)
    while taken < PART_ROWS and characters < PART_CHARACTERS:
        row = next(waiting, None)
        if row is None:
            return
        yield row
        taken, characters = taken + 1, characters + _characters(row)


def _characters(row: Row) -> int:
    return sum(len(value) for value in row if isinstance(value, str))


_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def _put_uploads(made: _Made, cursor: Cursor) -> None:
    """Every file that was brought in, as it came, once."""
    seen = set()
    for batch in reversed(list_batches(cursor)):
        if batch.file_hash and batch.file_hash not in seen:
            seen.add(batch.file_hash)
            found = load_upload(cursor, batch.batch_id)
            if found:
                name = _NOT_IN_NAMES.sub("_", batch.file_name or "")[-100:]
                made.put(f"uploads/{batch.batch_id}_{name}", found[1])


def _put_originals(made: _Made, cursor: Cursor) -> None:
    """Every document that a report was read from, once."""
    for batch_id in batches_with_originals(cursor):
        original = load_original(cursor, batch_id)
        if original:
            name = _NOT_IN_NAMES.sub("_", original.name)[-100:]
            made.put(f"originals/{batch_id}_{name}", original.content)


def data_dictionary(tables: Sequence[Exported], reference: Reference) -> bytes:
    """What each column of each table means, as CSV in both languages; of the tables, only their
    headers are read."""
    header = ["table", "column", "alias", "type", "required", "key", "ความหมาย", "meaning"]
    rows = [
        [
            found.table,
            label,
            name,
            _type(column),
            "yes" if column.required else "",
            "yes" if found.table in tuple(Dataset) and name in KEYS[Dataset(found.table)] else "",
            *_in_both(_meaning, column),
        ]
        for found in tables
        for label, name, column in zip(
            found.labels, found.names, columns(found.table, reference), strict=True
        )
    ]
    return csv_bytes(header, rows)


def _type(column: Column) -> str:
    for is_type, told in _TYPES:
        if is_type(column.arrow):
            return told
    return "date" if column.name == "date" else "text"


_TYPES: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_decimal, "decimal"),
    (pa.types.is_timestamp, "time"),
    (pa.types.is_boolean, "yes/no"),
)


def _meaning(column: Column) -> str:
    """As the forms tell it; where they have no more to say than "text", of other types their name."""
    told = column_hint(column)
    if told != _("ข้อความ"):
        return told
    return {
        "integer": _("จำนวนเต็ม"),
        "time": _("วันและเวลา (UTC)"),
        "yes/no": _("1 = ใช่ 0 = ไม่ใช่"),
    }.get(_type(column), told)


def _in_both(told: Callable[[Column], str], column: Column) -> list[str]:
    found = []
    for spoken in LANGUAGES:
        with language_set_to(spoken):
            found.append(told(column))
    return found


def _readme(told: Callable[[], Iterable[str]]) -> bytes:
    """The same in both languages, Thai first, whatever is spoken."""
    texts = []
    for spoken in LANGUAGES:
        with language_set_to(spoken):
            texts.append("\r\n".join(line.replace("\n", " ") for line in told()))
    return "\r\n\r\n--------\r\n\r\n".join(texts).encode("utf-8-sig", "replace")


def _explained() -> tuple[str, ...]:
    return (
        _("แฟ้มเป็น CSV แบบ UTF-8 ปีเป็นปีงบประมาณ พ.ศ. ช่องว่างหมายถึงไม่มีข้อมูล ไม่ใช่ศูนย์"),
        _(
            "เครื่องหมาย ' หน้าข้อความที่ขึ้นต้นด้วย = + - @ กันไม่ให้โปรแกรมตารางคำนวณข้อความนั้น เมื่อนำเข้าจะถูกตัดออก"
        ),
        _("{file} บอกความหมายของทุกคอลัมน์", file=DICTIONARY),
        _("{file} ใช้ตรวจว่าแฟ้มครบถ้วน: sha256sum -c {file}", file=SUMS),
        _("นำกลับเข้าระบบ: python -m ita import all FILE.zip (ทั้งชุดหรือไม่เลย)"),
    )


def _whole(said: About, parts: Sequence[BundlePart]) -> tuple[str, ...]:
    listed = (
        _(
            "{file}: {table} {count} แถว",
            file=p.name,
            table=table_text(p.table),
            count=f"{p.rows:,}",
        )
        for p in parts
    )
    return (
        _("ข้อมูลทั้งหมดของ ITA Trends"),
        said.day_line(),
        "",
        *listed,
        "",
        *_explained(),
        _("หรือนำเข้าทีละแฟ้มตามลำดับเลขหน้าชื่อแฟ้ม เช่น python -m ita import agencies 1_agencies.csv"),
        _(
            "history.csv และโฟลเดอร์ uploads (แฟ้มที่เคยนำเข้าตามต้นฉบับ) กับ originals (เอกสารของรายงานเดิม) "
            "มีไว้อ้างอิง ไม่ถูกนำเข้า"
        ),
    )
