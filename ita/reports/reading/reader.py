"""A file to a draft, in the worker process: what strangers made is read there, under limits."""

from __future__ import annotations

import re
from dataclasses import replace

from ita.domain import FiscalYear
from ita.imports.agency_names import spelled_out
from ita.imports.readers.decoding import decoded
from ita.imports.readers.limits import Unreadable
from ita.reference import Reference
from ita.reports.reading.errors import ReadError, UnreadableDocument
from ita.reports.reading.headings import IndicatorNames
from ita.reports.reading.layout import Layout
from ita.reports.reading.pdf import read_pdf
from ita.reports.reading.plain_text import read_plain_text
from ita.reports.reading.read_limits import MEGABYTE, READ_LIMITS
from ita.reports.reading.report_draft import Doubt, ReportDraft
from ita.reports.reading.structure import read_structure
from ita.workers import WorkerLimits, run_limited

_THAI_LETTER = re.compile("[\u0e01-\u0e2e]")
DRAFT_LIMITS = WorkerLimits(
    memory_bytes=300 * MEGABYTE,
    seconds=120.0,
    cpu_seconds=60.0,
    result_bytes=64 * MEGABYTE,
)


def draft_job(content: bytes, indicators: IndicatorNames) -> ReportDraft | ReadError:
    """A document's draft, or why it can't be read: for a worker process, out of which an exception of
    ours would not come."""
    try:
        return read_structure(_layout(content), indicators)
    except UnreadableDocument as fault:
        return fault.error


def _layout(content: bytes) -> Layout:
    """
    Raises:
        UnreadableDocument: says why and what to do.
    """
    if not content.strip():
        raise UnreadableDocument("empty")
    if content.startswith(b"%PDF"):
        return read_pdf(content, READ_LIMITS)
    try:
        text, _encoding = decoded(content, None)
    except Unreadable as fault:
        raise UnreadableDocument("other-kind") from fault
    if len(text) > READ_LIMITS.characters:
        raise UnreadableDocument("too-complex", page=1)
    return read_plain_text(text)


def read_draft(content: bytes, reference: Reference, owner: str = "") -> ReportDraft | ReadError:
    """A document's draft, read in the worker process.

    Args:
        content: of a file, or UTF-8 of a text that was pasted.
        reference: the names of the indicators.
        owner: whose job it is, as of `run_limited`.

    Raises:
        WorkerFailure: there is no result; its sentence says why.
    """
    if len(content) > READ_LIMITS.file_bytes:
        found = f"{len(content) / MEGABYTE:,.0f}"
        limit = READ_LIMITS.file_bytes // MEGABYTE
        return ReadError("too-large", {"found": found, "limit": limit})
    return run_limited(
        draft_job, content, IndicatorNames(reference), owner=owner, limits=DRAFT_LIMITS
    )


def with_request(draft: ReportDraft, agency: str | None, year: FiscalYear | None) -> ReportDraft:
    """A draft as it was asked for: whose and of which year, with a doubt where the report says
    otherwise.

    agency: its name; an id can't be compared with a name, and is taken as it is.
    """
    doubts = []
    if agency and draft.agency and not _is_same_agency(agency, draft.agency):
        doubts.append(Doubt(None, None, draft.agency, "agency-differs"))
    if year and draft.fiscal_year and year != draft.fiscal_year:
        doubts.append(Doubt(None, None, str(int(draft.fiscal_year)), "year-differs"))
    kept = tuple(doubt for doubt in draft.doubts if not (year and doubt.why == "no-year"))
    return replace(
        draft,
        agency=agency or draft.agency,
        fiscal_year=year or draft.fiscal_year,
        doubts=(*doubts, *kept),
    )


def _is_same_agency(asked: str, named: str) -> bool:
    one, other = spelled_out(asked), spelled_out(named)
    is_id = not _THAI_LETTER.search(one)
    return is_id or one.startswith(other) or other.startswith(one)
