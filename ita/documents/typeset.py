"""Compiles a typst template and its data to PDF/A-2a and PDF/UA-1; typst is imported with the first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ita.config import PROJECT
from ita.documents.printable import REPLACEMENT

if TYPE_CHECKING:
    from typst import PDFStandard

# Templates lie in several rooms of it.
ROOT = PROJECT / "ita"
FONTS = ROOT / "fonts"
# For keeping (ISO 19005-2, level A) and for screen readers (ISO 14289-1); typst checks both.
STANDARDS: tuple[PDFStandard, ...] = ("a-2a", "ua-1")

# What stands around every sign that no font has, as typst 0.15 reports them, all at once.
_BEFORE_GLYPHS, _BEHIND_GLYPHS = 'error: the text `"', '"` could not be displayed'
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(template: Path, data: str, timestamp: datetime | None = None) -> bytes:
    """A PDF of a template and its JSON data; a sign that no font has is printed as an empty box.

    timestamp: of the document, where the template doesn't give one.

    Raises:
        RuntimeError: typst can't draw it; `diagnostic` says what.
    """
    missing_signs: set[str] = set()
    while True:
        printable_data = data.translate(dict.fromkeys(map(ord, missing_signs), REPLACEMENT))
        try:
            return compile_pdf(template, printable_data, timestamp)
        except RuntimeError as fault:  # what typst's own error is
            more = _signs_without_font(fault) - missing_signs
            if not more:
                raise
            missing_signs |= more


def compile_pdf(template: Path, data: str, timestamp: datetime | None = None) -> bytes:
    """One attempt of `typeset`, which fails on a sign that no font has."""
    # Here, so that a start doesn't pay for it.
    import typst

    # Texts travel as data and are never read as typst's code.
    return typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=timestamp,
        sys_inputs={"data": data},
    )


def _signs_without_font(fault: RuntimeError) -> set[str]:
    """The signs that an error of typst names as having no font; never any of our own sentences."""
    reports = getattr(fault, "diagnostic", "").split(_BEFORE_GLYPHS)[1:]
    escaped_signs = "".join(r.partition(_BEHIND_GLYPHS)[0] for r in reports if _BEHIND_GLYPHS in r)
    signs = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), escaped_signs)
    return {sign for sign in signs if ord(sign) > ord("~")} - {REPLACEMENT}
