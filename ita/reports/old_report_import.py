"""An old report's draft as an import: measures, then the narrative, with the document it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, TypeAlias

from ita.auth.permissions import User
from ita.config import Limits
from ita.domain import FiscalYear, Instrument, thai_today
from ita.i18n import _
from ita.imports.cells import TYPE_LABELS
from ita.imports.datasets import Dataset, columns_of
from ita.imports.diff import FieldChange
from ita.imports.draft import ImportRequest, record_of, typed_request
from ita.imports.problems import Problem
from ita.imports.readers.cell_text import KEEP_STORED, well_formed
from ita.imports.readers.limits import too_many_bytes
from ita.imports.saving import ImportResult, RowCounts, import_files
from ita.imports.several_files import FilesPreview, preview_files
from ita.reference import Reference
from ita.reports.published_figures import Figures, load_published_figures
from ita.reports.reading.documents import DocumentKind, document_kind
from ita.reports.reading.draft_files import measure_records, narrative_records
from ita.reports.reading.errors import READ_LIMITS, UnreadableDocument
from ita.reports.reading.report_draft import DraftRow, ReportColumn, ReportDraft
from ita.store import Cursor, Store
from ita.store.originals import OriginalFile

ResultLinks: TypeAlias = Mapping[tuple[Instrument, int], tuple[int, ...]]
"""Instrument and number of a result → the numbers of the measures that it answers; () = it answers
none. Of a result that is not there nothing is said."""

Record: TypeAlias = dict[str, Any]


def report_requests(
    draft: ReportDraft,
    agency: str,
    year: FiscalYear,
    links: ResultLinks,
    file_name: str,
    reference: Reference,
    blank_erases: bool = False,
) -> tuple[ImportRequest, ...]:
    """A draft as files, measures first, for results may speak of them; no file of what it lacks.

    Args:
        agency: its id; what the draft names is not looked at, nor is its year.
        links: as a person has confirmed them.
        file_name: of the document, by which the history calls the batches.
        blank_erases: whether a blank division, period or outcome takes the stored one out; else it
            stays. Measures and results beyond the draft's stay in any case.
    """
    key = {"fiscal_year": int(year), "agency": agency}
    kinds = {
        Dataset.MEASURES: [
            key | record for row in draft.rows for record in _measures(row, year, blank_erases)
        ],
        Dataset.NARRATIVE: [
            key | record for row in draft.rows for record in _narrative(row, links, blank_erases)
        ],
    }
    requests = (
        typed_request(
            kind, agency, _with_unsaid(records), f"{file_name}.csv", reference, blank_erases
        )
        for kind, records in kinds.items()
        if records
    )
    # Nothing of a draft is a signature or a total: those were told apart when it was read.
    return tuple(replace(request, keep_rows=True) for request in requests)


def _measures(row: DraftRow, year: FiscalYear | None, blank_erases: bool) -> Iterator[Record]:
    for record in measure_records(row, year):
        yield {name: v for name, v in record.items() if v is not None or blank_erases}


def _narrative(row: DraftRow, links: ResultLinks, blank_erases: bool) -> Iterator[Record]:
    for record in narrative_records(row):
        answers = links.get((row.instrument, record["seq"])) if record["seq"] else None
        if answers is not None:
            record["measures"] = ",".join(map(str, answers))
        yield record
    if blank_erases:
        for kind, text in (("period", row.period), ("outcome", row.outcome)):
            if not text:
                label = TYPE_LABELS[kind]
                yield {"instrument": row.instrument.value, "type": label, "seq": None, "text": ""}


def _with_unsaid(records: Sequence[Record]) -> list[Record]:
    """Records with a mark in the fields that only others have: what is stored there stays."""
    names = {name for record in records for name in record}
    return [{name: record.get(name, KEEP_STORED) for name in names} for record in records]


def preview_report(
    store: Store,
    requests: Sequence[ImportRequest],
    agency: str,
    year: FiscalYear,
    reference: Reference,
    limits: Limits,
    user: User,
) -> FilesPreview[Figures]:
    """What the requests of a report would do, and the agency's figures of the year before and after.

    Raises:
        StoreUnavailable: the store failed.
    """

    def load_figures(cursor: Cursor) -> Figures:
        return load_published_figures(cursor, agency, (year,), reference, thai_today())

    return preview_files(store, requests, reference, limits, user, load_figures)


def import_report(
    store: Store,
    requests: Sequence[ImportRequest],
    original: OriginalFile,
    reference: Reference,
    limits: Limits,
    user: User,
    reason: str = "",
    dry_run: bool = False,
    seen_version: int | None = None,
) -> tuple[ImportResult, ...]:
    """`import_files` of a report: all of its files or none, each batch with the original.

    Raises:
        StoreUnavailable: the store failed; nothing is stored.
    """
    size = len(original.content)
    if size > READ_LIMITS.file_bytes:
        problem = too_many_bytes(size, READ_LIMITS.file_bytes).problem
        return (ImportResult(False, None, None, RowCounts(), (problem,), file=original.name),)
    renamed = replace(original, name=original_name(original))
    with_original = [replace(request, original=renamed) for request in requests]
    return import_files(
        store, with_original, reference, limits, user, reason, dry_run, seen_version
    )


_NOT_IN_NAMES = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]'
)
MAX_NAME_LENGTH = 150
_SUFFIXES = {
    DocumentKind.PDF: (".pdf",),
    DocumentKind.DOCX: (".docx",),
    DocumentKind.HTML: (".html", ".htm"),
    DocumentKind.TEXT: (".txt",),
}


def original_name(original: OriginalFile) -> str:
    """The name that a document is kept and given out by: its own, without what no name of a file may
    have, ending in what the document is."""
    path = PurePath(_NOT_IN_NAMES.sub("_", well_formed(original.name)).strip(" ."))
    kind = _kind_of(original.content)
    suffixes = _SUFFIXES[kind] if kind else (path.suffix.casefold(),)
    is_right = path.suffix.casefold() in suffixes
    suffix = path.suffix if is_right else suffixes[0]
    stem = path.name.removesuffix(suffix) if is_right else path.name
    return f"{stem[:MAX_NAME_LENGTH] or _('ต้นฉบับ')}{suffix}"


def _kind_of(content: bytes) -> DocumentKind | None:
    try:
        return document_kind(content)
    except UnreadableDocument:
        return None


# Where a problem of a request is in the draft.


@dataclass(frozen=True)
class DraftCell:
    """A cell of a draft. item: the number of its text in the column, None where there is just one.
    of_links: not the result itself, but the measures that it answers."""

    instrument: Instrument
    column: ReportColumn
    item: int | None = None
    of_links: bool = False

    def label(self) -> str:
        """IIT สรุปผลข้อ 2"""
        words = {"instrument": self.instrument.value, "number": self.item or ""}
        if self.of_links:
            return _("{instrument} สรุปผลข้อ {number} · ตอบมาตรการข้อ", **words)
        match self.column:
            case ReportColumn.RESULTS:
                return _("{instrument} สรุปผลข้อ {number}", **words)
            case ReportColumn.DIVISIONS:
                return _("{instrument} ผู้รับผิดชอบ", **words)
            case ReportColumn.PERIOD:
                return _("{instrument} ระยะเวลาดำเนินการ", **words)
            case ReportColumn.OUTCOME:
                return _("{instrument} ผลลัพธ์หรือความสำเร็จ", **words)
            case _:
                return _("{instrument} มาตรการข้อ {number}", **words)


_CELL_OF_COLUMN = {
    "divisions": ReportColumn.DIVISIONS,
    "start_quarter": ReportColumn.PERIOD,
    "end_quarter": ReportColumn.PERIOD,
}
_CELL_OF_TYPE = {
    TYPE_LABELS["period"]: ReportColumn.PERIOD,
    TYPE_LABELS["outcome"]: ReportColumn.OUTCOME,
}


def cell_of_problem(
    draft: ReportDraft,
    kind: Dataset,
    problem: Problem,
    reference: Reference,
    blank_erases: bool = False,
) -> DraftCell | None:
    """The cell of a draft that a problem of its request of a kind is about; None for the whole file.

    draft, blank_erases: those of which `report_requests` made the request.
    """
    number = record_of(problem)
    if number is None:
        return None
    names = {column.thai: column.name for column in columns_of(kind, reference)}
    name = names.get(problem.column or "", "")
    of_measures = kind is Dataset.MEASURES
    records = [
        (row.instrument, record)
        for row in draft.rows
        for record in (
            _measures(row, None, blank_erases) if of_measures else _narrative(row, {}, blank_erases)
        )
    ]
    if number >= len(records):
        return None
    instrument, record = records[number]
    if of_measures:
        return _measure_cell(instrument, record["seq"], name)
    return _narrative_cell(instrument, record["type"], record["seq"], name)


def cells_not_stored(draft: ReportDraft) -> tuple[DraftCell, ...]:
    """What of a draft no request takes: divisions of an instrument without a measure to be kept with."""
    return tuple(
        DraftCell(row.instrument, ReportColumn.DIVISIONS)
        for row in draft.rows
        if row.divisions and not row.measures
    )


def cell_of_change(kind: Dataset, change: FieldChange) -> DraftCell:
    """The cell of a draft that a change of one of its requests is about."""
    instrument, seq = Instrument(change.key["instrument"]), change.key["seq"]
    if kind is Dataset.MEASURES:
        return _measure_cell(instrument, seq, change.field)
    return _narrative_cell(instrument, TYPE_LABELS[change.key["type"]], seq, change.field)


def _measure_cell(instrument: Instrument, seq: int, name: str) -> DraftCell:
    """The cell of a draft that a column of a measure's record comes from."""
    column = _CELL_OF_COLUMN.get(name, ReportColumn.MEASURES)
    return DraftCell(instrument, column, seq if column is ReportColumn.MEASURES else None)


def _narrative_cell(
    instrument: Instrument, type_label: str, seq: int | None, name: str
) -> DraftCell:
    column = _CELL_OF_TYPE.get(type_label, ReportColumn.RESULTS)
    item = seq if column is ReportColumn.RESULTS else None
    return DraftCell(instrument, column, item, name == "measures")
