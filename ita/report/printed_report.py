"""The printed report: the authority's words around it, and printable texts.

PDF and DOCX render this same value. Removed from texts is what no printed page can show:
control characters, characters without width or shape, and marks that turn the writing direction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ita.report.narrative import NarrativeReport, NarrativeRow

# Of the five columns, in percent of the table.
WIDTHS = (15, 26, 24, 14, 21)

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, the zero-width and the bidirectional signs, and what Unicode keeps for no character.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U000e0fff]"
)
# Halves of characters, and those that mean something else in each font.
_NO_CHARACTER = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Replaces a character that can't be printed.
REPLACEMENT = "□"

# The text in the table of a report without rows.
EMPTY_TABLE_TEXT = "ยังไม่มีมาตรการหรือรายงานผลของปีนี้"


def printable(text: str) -> str:
    """A text as a printed page can carry it; every kind of line end becomes one "\\n"."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return _NO_CHARACTER.sub(REPLACEMENT, _UNPRINTABLE.sub("", text))


@dataclass(frozen=True)
class PrintedRow:
    """One instrument. measures: number and text. period, outcome: "" where there is none.

    responsible: divisions and period as the fourth column has them. Texts may hold "\\n".
    """

    instrument: str
    title: str
    measures: tuple[tuple[int, str], ...]
    results: tuple[str, ...]
    divisions: tuple[str, ...]
    period: str
    responsible: tuple[str, ...]
    outcome: str


@dataclass(frozen=True)
class PrintedReport:
    """heading: the lines of the title. introduction: the sentence that stands before the table."""

    title: str
    heading: tuple[str, ...]
    agency: str
    year: int
    introduction: str
    rows: tuple[PrintedRow, ...]


def build_printed_report(report: NarrativeReport) -> PrintedReport:
    year = int(report.fiscal_year)
    agency = printable(report.agency)
    return PrintedReport(
        title=report.title,
        heading=(report.name, f"ประจำปีงบประมาณ {year}", agency),
        agency=agency,
        year=year,
        introduction=(
            "ผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงานตามมาตรการส่งเสริมคุณธรรม"
            f"และความโปร่งใส ประจำปีงบประมาณ {year} ดังนี้"
        ),
        rows=tuple(map(_row, report.rows)),
    )


def _row(row: NarrativeRow) -> PrintedRow:
    return PrintedRow(
        instrument=row.instrument.value,
        title=printable(row.title),
        measures=tuple((measure.seq, printable(measure.text)) for measure in row.measures),
        results=tuple(printable(result.text) for result in row.results),
        divisions=tuple(map(printable, row.divisions)),
        period=printable(row.period or ""),
        responsible=tuple(map(printable, row.responsible)),
        outcome=printable(row.outcome or ""),
    )
