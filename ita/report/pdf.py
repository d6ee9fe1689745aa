"""The report as PDF/A-2a and PDF/UA-1, set by typst; typst is imported with the first file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ita.report.narrative import COLUMNS, NarrativeReport
from ita.report.pieces import Piece, pieces
from ita.report.printed import NO_SHAPE, NOTHING, WIDTHS, PrintedReport, PrintedRow, printed

if TYPE_CHECKING:
    from typst import PDFStandard

TEMPLATE = Path(__file__).resolve().parent / "report.typ"
FONTS = TEMPLATE.parent.parent / "fonts"
STANDARDS: tuple[PDFStandard, ...] = ("a-2a", "ua-1")
"""For keeping (ISO 19005-2, level A) and for screen readers (ISO 14289-1); typst checks both."""

_LACKING = re.compile(r'error: the text `"(.+?)"` could not be displayed')
"""How typst 0.15 tells of every sign that none of its fonts has, all at once."""
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def pdf_document(report: NarrativeReport, crest: bytes | None = None) -> bytes:
    """The report on A4. A sign that no font has, such as an emoji, is printed as an empty box.

    crest: a picture that `ita.report.crests.checked_crest` has let through.
    """
    told = json.dumps(_told(printed(report), crest), ensure_ascii=False)
    lacking: set[str] = set()
    while True:
        try:
            return compiled(TEMPLATE, told.translate(dict.fromkeys(map(ord, lacking), NO_SHAPE)))
        except RuntimeError as fault:  # what typst's own error is
            more = _without_font(fault) - lacking
            if not more:
                raise
            lacking |= more


def compiled(template: Path, told: str) -> bytes:
    """A PDF out of a template of this room and its data.

    Raises:
        RuntimeError: typst can't draw it; `diagnostic` says what.
    """
    # Here, so that a start doesn't pay for it.
    import typst

    return typst.compile(
        str(template),
        root=str(TEMPLATE.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=datetime.now(UTC).replace(microsecond=0),
        sys_inputs={"told": told},
    )


def _without_font(fault: RuntimeError) -> set[str]:
    """The signs that an error of typst names as having no font; never any of our own sentences."""
    named = "".join(_LACKING.findall(getattr(fault, "diagnostic", "")))
    signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    return {sign for sign in signs if ord(sign) > ord("~")} - {NO_SHAPE}


def _told(report: PrintedReport, crest: bytes | None) -> dict[str, Any]:
    return {
        "title": report.title,
        "agency": report.agency,
        "heading": list(map(_lines, report.heading)),
        "introduction": report.introduction,
        "columns": COLUMNS,
        "widths": WIDTHS,
        "rows": list(map(_row, report.rows)),
        "nothing": NOTHING,
        "crest": list(crest) if crest else None,
        "crest_alt": f"ตรา{report.agency}",
    }


def _row(row: PrintedRow) -> dict[str, Any]:
    return {
        "instrument": row.instrument,
        "title": _lines(row.title),
        "measures": [(number, _lines(text)) for number, text in row.measures],
        "results": list(map(_lines, row.results)),
        "responsible": list(map(_lines, row.responsible)),
        "outcome": _lines(row.outcome),
    }


def _lines(text: str) -> list[list[Piece]]:
    return [list(pieces(line)) for line in text.split("\n")]
