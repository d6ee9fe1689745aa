"""Short ways to read a text and to compare what came of it with what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ita.config import current_settings
from ita.reference import load_reference
from ita.reports.reading.headings import IndicatorNames
from ita.reports.reading.layout import Layout
from ita.reports.reading.plain_text import read_plain_text
from ita.reports.reading.report_draft import DraftRow, ReportDraft
from ita.reports.reading.structure import read_structure
from tests.reports.reading.invented import InventedReport, InventedRow

REFERENCE = load_reference(current_settings().reference)
INDICATORS = IndicatorNames(REFERENCE)


def read(text: str) -> ReportDraft:
    return read_structure(read_plain_text(text), INDICATORS)


def read_layout(layout: Layout) -> ReportDraft:
    return read_structure(layout, INDICATORS)


def structure(rows: Iterable[DraftRow | InventedRow]) -> list[object]:
    """What a reading must get right whatever the damage: how many of each, and what is not there."""
    return [
        (
            row.instrument,
            len(row.measures),
            len(row.results),
            len(row.divisions),
            row.period is None,
            row.outcome is None,
        )
        for row in rows
    ]


def texts(row: DraftRow | InventedRow) -> list[str]:
    return [*row.measures, *row.results, *row.divisions, row.period or "", row.outcome or ""]


def share_alike(draft: ReportDraft, report: InventedReport) -> float:
    """The share of characters, of all texts, that were read as they were meant."""
    alike = of_all = 0
    for read_row, row in zip(draft.rows, report.rows, strict=True):
        for text, meant in zip(texts(read_row), texts(row), strict=True):
            matcher = difflib.SequenceMatcher(None, text, meant, autojunk=False)
            alike += sum(block.size for block in matcher.get_matching_blocks())
            of_all += max(len(text), len(meant))
    return alike / of_all
