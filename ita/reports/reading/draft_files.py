"""A draft in the form of the files that an import takes: measures, and the narrative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ita.domain import FiscalYear
from ita.exports.templates import Template, templates_xlsx
from ita.imports.datasets import Column, Dataset, columns_of
from ita.reference import Reference
from ita.reports.reading.report_draft import DraftRow, ReportDraft
from ita.reports.reading.report_title import year_in

SHEETS: Mapping[Dataset, str] = {Dataset.MEASURES: "มาตรการ", Dataset.NARRATIVE: "รายงานผล"}
"""The names of the workbook's sheets; an import of either kind reads its own."""
_QUARTERS = re.compile(
    r"ไตรมาส\s*+(?:ที่\s*+)?([1-4๑-๔])"
    r"(?:\s*+(?:-|–|—|ถึง|และ|,)\s*+(?:ไตรมาส\s*+)?(?:ที่\s*+)?([1-4๑-๔]))?(?!\s*+\d)"
)


def quarters_in(period: str | None) -> tuple[int, int] | None:
    """The quarters of a period of one span: ไตรมาส 1-4, ไตรมาสที่ ๒; None for any other."""
    spans = _QUARTERS.findall(period or "")
    if len(spans) != 1:
        return None
    first, last = int(spans[0][0]), int(spans[0][1] or spans[0][0])
    return (first, last) if first <= last else None


def draft_templates(draft: ReportDraft, reference: Reference) -> dict[Dataset, Template]:
    """The rows of a draft by kind of file, each with the draft's year and agency. reference: decides
    which columns the kinds have."""
    named = {"fiscal_year": draft.fiscal_year, "agency": draft.agency}
    records = {
        Dataset.MEASURES: [
            r for row in draft.rows for r in measure_records(row, draft.fiscal_year)
        ],
        Dataset.NARRATIVE: [r for row in draft.rows for r in narrative_records(row)],
    }
    return {
        kind: Template(
            kind,
            columns_of(kind, reference),
            tuple(
                tuple(_cell(named | record, column) for column in columns_of(kind, reference))
                for record in rows
            ),
        )
        for kind, rows in records.items()
    }


def draft_xlsx(draft: ReportDraft, reference: Reference) -> bytes:
    """The workbook of a draft: a sheet for each kind, then how to fill them in."""
    templates = draft_templates(draft, reference)
    return templates_xlsx({SHEETS[kind]: found for kind, found in templates.items()})


def _cell(record: Mapping[str, Any], column: Column) -> Any:
    value = record.get(column.name)
    return int(value) if isinstance(value, FiscalYear) else value


def measure_records(row: DraftRow, year: object) -> Iterator[dict[str, Any]]:
    """The measures of a row by the aliases of their columns, None for what it does not have.

    A period of other years than the report's has no quarters of its own.
    """
    named = year_in(row.period or "")
    quarters = quarters_in(row.period) if named in (None, year) else None
    start, end = quarters or (None, None)
    for seq, text in enumerate(row.measures, 1):
        yield {
            "instrument": row.instrument.value,
            "seq": seq,
            "measure": text,
            "divisions": "\n".join(row.divisions) or None,
            "start_quarter": start,
            "end_quarter": end,
        }


def narrative_records(row: DraftRow) -> Iterator[dict[str, Any]]:
    """The texts of a row by the aliases of their columns; none for what it does not have."""
    texts = [("สรุปผล", seq, text) for seq, text in enumerate(row.results, 1)]
    texts += [("ระยะเวลา", None, row.period), ("ผลลัพธ์", None, row.outcome)]  # type: ignore[list-item]
    for kind, seq, text in texts:
        if text:
            yield {"instrument": row.instrument.value, "type": kind, "seq": seq, "text": text}
