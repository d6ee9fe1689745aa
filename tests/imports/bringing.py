"""Short ways to bring files in and to look at what they did."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from ita.auth.permissions import machine_owner
from ita.config import Limits, Settings
from ita.domain import Scale
from ita.exports.writers import ExportTable, write_export
from ita.imports.datasets import Dataset
from ita.imports.draft import ImportRequest
from ita.imports.history import undo as undo_by
from ita.imports.readers.sheets import AUTO, Dialect
from ita.imports.samples import load_samples
from ita.imports.saving import ImportResult, import_file
from ita.reference import Reference, load_reference
from ita.store import Store, open_memory_store
from ita.store.tables import TABLES
from tests.quick_stores import rows_as_inserts
from tests.tiers import FULL

AGENCIES = "agency_id,name_th,name_en\nA,เทศบาลเมือง ก,Town A\nB,เทศบาลเมือง ข,Town B\n"
SCORES = "ปีงบประมาณ,หน่วยงาน,คะแนนรวม\n"
PARTS = "ปีงบประมาณ,หน่วยงาน,IIT,EIT,OIT,คะแนนรวม\n"
MEASURES = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ลำดับ,มาตรการ\n"
PROGRESS = "ปีงบประมาณ,ไตรมาส,หน่วยงาน,แบบวัด,ลำดับ,ร้อยละความสำเร็จ\n"
NARRATIVE = "ปีงบประมาณ,หน่วยงาน,แบบวัด,ประเภท,ลำดับ,ข้อความ,มาตรการที่\n"

TESTER = machine_owner("tester")


@lru_cache(maxsize=1)
def committed_reference() -> Reference:
    return load_reference(Settings().reference)


def take(
    store: Store,
    kind: str,
    content: bytes | str,
    name: str = "file.csv",
    agency: str | None = None,
    scale: str | None = None,
    dry_run: bool = False,
    limits: Limits | None = None,
    reading: Dialect = AUTO,
    agency_mapping: tuple[tuple[str, str], ...] = (),
) -> ImportResult:
    """Bring a file in, as the command line does."""
    raw = content.encode() if isinstance(content, str) else content
    request = ImportRequest(
        Dataset(kind),
        raw,
        name,
        agency,
        Scale(scale) if scale else None,
        dialect=reading,
        agency_mapping=agency_mapping,
    )
    reference = committed_reference()
    return import_file(store, request, reference, limits or Limits(), TESTER, "test", dry_run)


def undo(store: Store, batch: int, person: str, reason: str) -> int:
    """Take a batch back, as the command line does."""
    return undo_by(store, batch, machine_owner(person), reason, committed_reference())


def taken(store: Store, kind: str, content: bytes | str, **how: Any) -> ImportResult:
    """Bring in a file that is all right."""
    outcome = take(store, kind, content, **how)
    assert outcome.accepted, [problem.message() for problem in outcome.problems]
    return outcome


def found(outcome: ImportResult) -> list[tuple[str, int | None, str | None]]:
    """The problems as (kind, line, column)."""
    return [(p.kind.value, p.line, p.column) for p in outcome.problems]


def counts(outcome: ImportResult) -> tuple[int, int, int]:
    return outcome.counts.new, outcome.counts.changed, outcome.counts.same


Files = tuple[tuple[str, str], ...]
"""Kinds and contents, in the order in which they come in."""


def brought_in(store: Store, *files: tuple[str, str]) -> Store:
    """A store with files that are all right. The quick tests bring the same files into an empty store
    once, and then write the rows that came of it: a tenth of the time."""
    if FULL or not _is_untouched(store):
        for kind, content in files:
            taken(store, kind, content)
        return store
    inserts = _inserts_of(files)
    with store.writing() as cursor:
        for table in ("schema_version", "audit_head"):  # what stands in an empty store
            cursor.execute(f"DELETE FROM {table}")
        for query, values in inserts:
            cursor.execute(query, values)
    return store


def _is_untouched(store: Store) -> bool:
    with store.reading() as cursor:
        return not cursor.execute("SELECT 1 FROM audit LIMIT 1").fetchone()


@cache
def _inserts_of(files: Files) -> list[tuple[str, list[Any]]]:
    with open_memory_store() as store:
        for kind, content in files:
            taken(store, kind, content)
        with store.reading() as cursor:
            return rows_as_inserts(cursor)


def two_agencies(store: Store) -> Store:
    return brought_in(store, ("agencies", AGENCIES))


MEASURES_OF_A = f"{MEASURES}2567,A,IIT,1,หนึ่ง\n2567,A,IIT,2,สอง\n2567,A,EIT,1,สาม\n"


def with_measures(store: Store) -> Store:
    """Two agencies; A has the measures IIT 1, IIT 2 and EIT 1 of 2567."""
    return brought_in(store, ("agencies", AGENCIES), ("measures", MEASURES_OF_A))


def with_samples(store: Store) -> Store:
    for _, outcome in load_samples(store, committed_reference(), Settings()):
        assert outcome.accepted
    return store


def rows(store: Store, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a table in the order of its key."""
    order = ", ".join(TABLES[table].key)
    with store.reading() as cursor:
        return cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}").fetchall()


def part(store: Store, year: int, name: str, agency: str = "A") -> Decimal | None:
    """A score as it is stored."""
    with store.reading() as cursor:
        row = cursor.execute(
            "SELECT value FROM score WHERE agency_id = ? AND fiscal_year = ? AND part = ?",
            [agency, year, name],
        ).fetchone()
    return row[0] if row else None


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All current tables."""
    return {table: rows(store, table) for table in TABLES}


def delimited(table: list[list[str]], separator: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(table)
    return stream.getvalue()


def export_bytes(export: ExportTable, file_format: str, notes: Sequence[str] = ()) -> bytes:
    """The file of a table."""
    stream = io.BytesIO()
    write_export(stream, export, file_format, notes)
    return stream.getvalue()
