"""What a file of the store says of itself: table, filter, rows, day of the data, source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ita.domain import THAILAND
from ita.exports.selection import Selection, conditions, count_rows, has_column
from ita.formatting import date_text, no_data
from ita.i18n import _, either
from ita.imports.datasets import DATASET_LABELS, TABLE_OF, Dataset
from ita.reference import Reference
from ita.scores.queries import load_agency_names
from ita.store import Cursor
from ita.store.batches import Batch, list_batches

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
        """All of it as sentences, in the current language."""
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
    """The name of a table in the current language."""
    return _(DATASET_LABELS[Dataset(table)]) if table in tuple(Dataset) else _("ประวัติการนำเข้า")


def describe_file(
    cursor: Cursor,
    table: str,
    reference: Reference,
    selection: Selection,
    where: tuple[str, ...] = (),
    rows: int | None = None,
) -> About:
    """What the file of a selection says of itself. where: further filters, as they were written; rows: how
    many these leave."""
    batches = list_batches(cursor)
    newest = batches[0] if batches else None
    return About(
        table,
        (*_filters(cursor, table, reference, selection), *where),
        count_rows(cursor, table, selection) if rows is None else rows,
        (newest.saved_at + THAILAND).date() if newest else None,
        newest.batch_id if newest else 0,
        _sources(cursor, table, selection, batches),
    )


def _filters(
    cursor: Cursor, table: str, reference: Reference, selection: Selection
) -> tuple[str, ...]:
    """The filters that the table knows, in words."""
    filters = []
    if selection.agency is not None and table != "history":
        filters.append(_("หน่วยงาน {agency}", agency=_named(cursor, selection.agency)))
    if selection.years and (table == "annotations" or has_column(table, "fiscal_year", reference)):
        first, last = map(int, selection.years)
        years = str(first) if first == last else f"{first}–{last}"
        filters.append(_("ปีงบประมาณ {years}", years=years))
    if selection.instruments and has_column(table, "instrument", reference):
        filters.append(_("แบบวัด {names}", names=", ".join(selection.instruments)))
    if selection.quarters and has_column(table, "quarter", reference):
        filters.append(_("ไตรมาส {numbers}", numbers=", ".join(map(str, selection.quarters))))
    return tuple(filters)


def _named(cursor: Cursor, agency: str) -> str:
    name = either(*load_agency_names(cursor, agency))
    return agency if name == agency else f"{agency} {name}"


def _sources(
    cursor: Cursor, table: str, selection: Selection, batches: tuple[Batch, ...]
) -> tuple[str, ...]:
    if table in (Dataset.SCORES, Dataset.ANNOTATIONS):
        name = TABLE_OF[Dataset(table)]
        where, values = conditions(name, selection)
        rows = cursor.execute(
            f"SELECT DISTINCT t.source FROM {name} AS t{where} ORDER BY t.source", values
        ).fetchall()
        sources = [source for (source,) in rows if source]
    else:
        imported = [b for b in batches if b.is_effective and not b.undoes and b.kind == table]
        sources = list(dict.fromkeys(batch.file_name for batch in imported if batch.file_name))
    more = len(sources) - MAX_SOURCES
    return (*sources[:MAX_SOURCES], *([_("และอีก {count} แหล่ง", count=more)] if more > 0 else []))
