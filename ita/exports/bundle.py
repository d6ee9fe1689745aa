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
from functools import partial
from itertools import chain, count, groupby
from operator import itemgetter
from typing import IO, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ita.config import LANGUAGES
from ita.exports.about import About, describe_file, table_text
from ita.exports.selection import (
    EVERYTHING,
    SHOWN_COLUMNS,
    TABLES,
    BatchRows,
    Row,
    StoredRows,
    columns,
)
from ita.exports.templates import column_hint
from ita.exports.writers import ExportTable, mark_fractions, mark_scale, stream_export, write_csv
from ita.i18n import _, language_set_to
from ita.imports.datasets import DICTIONARY, KEYS, README, SUMS, Column, Dataset
from ita.reference import Reference
from ita.store import Cursor
from ita.store.batches import list_batches
from ita.store.changes import load_upload
from ita.store.originals import batches_with_originals, load_original
from ita.tables import ByteSink, csv_bytes

T = TypeVar("T")


# The most that one file of a bundle holds, so that an import takes it: a Thai letter is three bytes.
PART_ROWS = 200_000
PART_CHARACTERS = 20_000_000


class _ZipWriter:
    """A ZIP with the checksums of its files."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.checksums: dict[str, str] = {}
        self._zip = archive

    @classmethod
    @contextmanager
    def to(cls, stream: IO[bytes]) -> Iterator[_ZipWriter]:
        """A ZIP that is closed at the end, with the checksums where nothing went wrong."""
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            writer = cls(archive)
            yield writer
            lines = (f"{digest}  {name}\n" for name, digest in writer.checksums.items())
            writer.put(SUMS, "".join(lines).encode())

    @contextmanager
    def file(self, name: str) -> Iterator[ByteSink]:
        with self._zip.open(name, "w") as inner:
            sink = _HashingSink(inner)
            yield sink
        self.checksums[name] = sink.digest.hexdigest()

    def put(self, name: str, content: bytes) -> None:
        with self.file(name) as sink:
            sink.write(content)


class _HashingSink:
    """Hashes what is written through it."""

    def __init__(self, inner: ByteSink) -> None:
        self.digest = hashlib.sha256()
        self._inner = inner

    def write(self, content: bytes, /) -> int:
        self.digest.update(content)
        return self._inner.write(content)


def write_table_zip(
    stream: IO[bytes], export: ExportTable, about: About, reference: Reference
) -> None:
    """A table as CSV with what explains it: filter, day, source, and what each column means."""
    with _ZipWriter.to(stream) as archive:
        with archive.file(f"{export.table}.csv") as sink:
            write_csv(sink, export)
        archive.put(DICTIONARY, data_dictionary([export], reference))
        archive.put(README, _readme(lambda: (*about.lines(), "", *_format_notes())))


@dataclass(frozen=True)
class BundlePart:
    """A file of a bundle."""

    name: str
    table: str
    rows: int


@dataclass(frozen=True)
class StoreBundle:
    """The whole store as it is at one moment, for its ZIP.

    Attributes:
        tables: in the order of import; read once, one after the other.
        files: name in the ZIP and content of each file that was imported; likewise, after the tables.
    """

    tables: Iterable[ExportTable]
    about: About
    files: Iterable[tuple[str, bytes]]


def load_bundle(cursor: Cursor, reference: Reference) -> StoreBundle:
    """The whole store; its rows and files are read while they are written, by this cursor alone."""
    cursor.begin()
    about = describe_file(cursor, "history", reference, EVERYTHING)
    tables = (stream_export(cursor, table, reference) for table in TABLES)
    return StoreBundle(tables, about, chain(_uploads(cursor), _originals(cursor)))


def write_bundle(stream: IO[bytes], bundle: StoreBundle, reference: Reference) -> None:
    """The ZIP of the whole store, and of the files that were imported."""
    with _ZipWriter.to(stream) as archive:
        parts: list[BundlePart] = []
        headers: list[ExportTable] = []
        for number, table in enumerate(bundle.tables, start=1):
            export = _export_of_bundle(table, reference)
            headers.append(export)
            parts += _write_parts(archive, number, export)
        for name, content in bundle.files:
            archive.put(name, content)
        archive.put(DICTIONARY, data_dictionary(headers, reference))
        archive.put(README, _readme(lambda: _bundle_notes(bundle.about, parts)))


def _export_of_bundle(export: ExportTable, reference: Reference) -> ExportTable:
    # A part's figures may not show its scale as the whole's do; its header does.
    if export.table == Dataset.SCORES and "iit" in export.names:
        export = mark_scale(export)
    return mark_fractions(export, reference)


def _write_parts(archive: _ZipWriter, number: int, export: ExportTable) -> Iterator[BundlePart]:
    table = export.table
    stem = f"{number}_{table}" if table in tuple(Dataset) else table
    names = chain([f"{stem}.csv"], (f"{stem}_{part}.csv" for part in count(2)))
    parts: Iterable[Iterable[Row]] = (
        _split_batches(export.rows.batches)
        if isinstance(export.rows, StoredRows | BatchRows)
        else _split_rows(export.rows)
    )
    for name, rows in zip(names, parts, strict=False):
        with archive.file(name) as sink:
            yield BundlePart(name, table, write_csv(sink, replace(export, rows=rows)))


def _split_rows(rows: Iterable[Row]) -> Iterator[Iterator[Row]]:
    """The rows of each part, at least one part; each must be read to its end before the next."""
    return _split(_rows_with_parts(rows))


def _split_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[BatchRows]:
    """The same of rows by column, as the nation's are: others wait for what Python writes row by row."""
    return map(BatchRows, _split(_batches_with_parts(batches)))


def _split(pieces: Iterable[tuple[int, T]]) -> Iterator[Iterator[T]]:
    """The pieces of each part, which each comes with; of none one empty part."""
    is_empty = True
    for _part, group in groupby(pieces, key=itemgetter(0)):
        is_empty = False
        yield (piece for _, piece in group)
    if is_empty:
        yield iter(())


def _rows_with_parts(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    part = row_count = characters = 0
    for row in rows:
        yield part, row
        row_count, characters = row_count + 1, characters + _characters(row)
        if row_count >= PART_ROWS or characters >= PART_CHARACTERS:
            part, row_count, characters = part + 1, 0, 0


def _characters(row: Row) -> int:
    return sum(len(value) for value in row if isinstance(value, str))


def _batches_with_parts(
    batches: Iterable[pa.RecordBatch],
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """Batches, cut where a part ends."""
    part = row_count = characters = 0
    for batch in batches:
        rest = batch
        while len(rest):
            sums = np.cumsum(_characters_of_rows(rest)) + characters
            within = int(np.searchsorted(sums, PART_CHARACTERS)) + 1
            taken = rest.slice(0, min(within, PART_ROWS - row_count))
            yield part, taken
            row_count, characters = row_count + len(taken), int(sums[len(taken) - 1])
            if row_count >= PART_ROWS or characters >= PART_CHARACTERS:
                part, row_count, characters = part + 1, 0, 0
            rest = rest.slice(len(taken))


def _characters_of_rows(batch: pa.RecordBatch) -> NDArray[np.int64]:
    lengths = np.zeros(len(batch), np.int64)
    for column in batch.columns:
        if pa.types.is_string(column.type):
            lengths += pc.fill_null(pc.utf8_length(column), 0).to_numpy(zero_copy_only=False)
    return lengths


_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def _uploads(cursor: Cursor) -> Iterator[tuple[str, bytes]]:
    """Every file that was imported, as it was uploaded, once."""
    seen = set()
    for batch in reversed(list_batches(cursor)):
        if batch.file_hash and batch.file_hash not in seen:
            seen.add(batch.file_hash)
            upload = load_upload(cursor, batch.batch_id)
            if upload:
                name = _NOT_IN_NAMES.sub("_", batch.file_name or "")[-100:]
                yield f"uploads/{batch.batch_id}_{name}", upload[1]


def _originals(cursor: Cursor) -> Iterator[tuple[str, bytes]]:
    """Every document that a report was read from, once."""
    for batch_id in batches_with_originals(cursor):
        original = load_original(cursor, batch_id)
        if original:
            name = _NOT_IN_NAMES.sub("_", original.name)[-100:]
            yield f"originals/{batch_id}_{name}", original.content


def data_dictionary(tables: Sequence[ExportTable], reference: Reference) -> bytes:
    """What each column of each table means, as CSV in both languages; of the tables, only their
    headers are read."""
    header = ["table", "column", "alias", "type", "required", "key", "ความหมาย", "meaning"]
    rows = [
        [
            export.table,
            label,
            name,
            _type(column),
            "yes" if column.required else "",
            "yes" if export.table in tuple(Dataset) and name in KEYS[Dataset(export.table)] else "",
            *_in_each_language(partial(_meaning, column)),
        ]
        for export in tables
        for label, name, column in zip(
            export.labels, export.names, _columns_of(export, reference), strict=True
        )
    ]
    return csv_bytes(header, rows)


def _columns_of(export: ExportTable, reference: Reference) -> tuple[Column, ...]:
    shown = SHOWN_COLUMNS.get(Dataset(export.table), ()) if export.table in tuple(Dataset) else ()
    return (*columns(export.table, reference), *shown)[: len(export.names)]


def _type(column: Column) -> str:
    for is_type, name in _TYPES:
        if is_type(column.arrow):
            return name
    return "date" if column.name == "date" else "text"


_TYPES: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_decimal, "decimal"),
    (pa.types.is_timestamp, "time"),
    (pa.types.is_boolean, "yes/no"),
)


def _meaning(column: Column) -> str:
    """The hint of the forms; where it says no more than "text", of other types their name."""
    hint = column_hint(column)
    if hint != _("ข้อความ"):
        return hint
    return {
        "integer": _("จำนวนเต็ม"),
        "time": _("วันและเวลา (UTC)"),
        "yes/no": _("1 = ใช่ 0 = ไม่ใช่"),
    }.get(_type(column), hint)


def _in_each_language(make: Callable[[], str]) -> list[str]:
    """A text in both languages, Thai first, whatever the current one is."""
    texts = []
    for language in LANGUAGES:
        with language_set_to(language):
            texts.append(make())
    return texts


def _readme(make_lines: Callable[[], Iterable[str]]) -> bytes:
    texts = _in_each_language(lambda: "\r\n".join(line.replace("\n", " ") for line in make_lines()))
    return "\r\n\r\n--------\r\n\r\n".join(texts).encode("utf-8-sig", "replace")


def _format_notes() -> tuple[str, ...]:
    return (
        _("ไฟล์เป็น CSV แบบ UTF-8 ปีเป็นปีงบประมาณ พ.ศ. ช่องว่างหมายถึงไม่มีข้อมูล ไม่ใช่ศูนย์"),
        _(
            "เครื่องหมาย ' หน้าข้อความที่ขึ้นต้นด้วย = + - @ กันไม่ให้โปรแกรมตารางคำนวณข้อความนั้น เมื่อนำเข้าจะถูกตัดออก"
        ),
        _("{file} บอกความหมายของทุกคอลัมน์", file=DICTIONARY),
        _("{file} ใช้ตรวจว่าไฟล์ครบถ้วน: sha256sum -c {file}", file=SUMS),
        _("นำกลับเข้าระบบ: python -m ita import all FILE.zip (ทั้งชุดหรือไม่เลย)"),
    )


def _bundle_notes(about: About, parts: Sequence[BundlePart]) -> tuple[str, ...]:
    files = (
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
        about.day_line(),
        "",
        *files,
        "",
        *_format_notes(),
        _("หรือนำเข้าทีละไฟล์ตามลำดับเลขหน้าชื่อไฟล์ เช่น python -m ita import agencies 1_agencies.csv"),
        _(
            "history.csv และโฟลเดอร์ uploads (ไฟล์ที่เคยนำเข้าตามต้นฉบับ) กับ originals (เอกสารของรายงานเดิม) "
            "มีไว้อ้างอิง ไม่ถูกนำเข้า"
        ),
    )
