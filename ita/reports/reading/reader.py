"""A file to a draft, in the worker process: what strangers made is read there, under limits."""

from __future__ import annotations

import re
from dataclasses import replace

from ita.domain import FiscalYear
from ita.imports.agency_names import spelled_out
from ita.reference import Reference
from ita.reports.reading.documents import (
    OCR_LIMITS,
    READING_LIMITS,
    read_job,
    run_reading,
)
from ita.reports.reading.errors import ReadError
from ita.reports.reading.headings import IndicatorNames
from ita.reports.reading.report_draft import Doubt, ReportDraft
from ita.reports.reading.structure import read_structure
from ita.workers.pool import OnStatus, silent

_THAI_LETTER = re.compile("[\u0e01-\u0e2e]")


def draft_job(
    content: bytes, indicators: IndicatorNames, ocr: bool = False
) -> ReportDraft | ReadError:
    """A document's draft, or why it can't be read: for a worker process, as `read_job`."""
    layout = read_job(content, ocr=ocr)
    return layout if isinstance(layout, ReadError) else read_structure(layout, indicators)


def read_draft(
    content: bytes,
    reference: Reference,
    owner: str = "",
    on_status: OnStatus = silent,
    ocr: bool = False,
) -> ReportDraft | ReadError:
    """A document's draft, read in the worker process.

    Args:
        content: of a file, or UTF-8 of a text that was pasted.
        reference: the names of the indicators.
        owner: whose job it is, as of `run_limited`.
        on_status: told how the job stands, as of `run_limited`.
        ocr: whether pages that are pictures are read by OCR (`ocr_is_available`), seconds a page; all
            that is read so is doubtful.

    Raises:
        WorkerFailure: the queue is full, or a mistake of ours; its sentence says so.
    """
    return run_reading(
        draft_job,
        content,
        IndicatorNames(reference),
        ocr,
        limits=OCR_LIMITS if ocr else READING_LIMITS,
        owner=owner,
        on_status=on_status,
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
    is_id = not has_thai_letters(one)
    return is_id or one.startswith(other) or other.startswith(one)


def has_thai_letters(text: str) -> bool:
    """Whether a text is in Thai at all; no id of an agency is."""
    return bool(_THAI_LETTER.search(text))
