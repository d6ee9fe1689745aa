"""Typst's part of every printed document: data in, PDF/A-2a and PDF/UA-1 out; imported with the first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ita.report.printed import NO_SHAPE
from ita.settings import PROJECT

if TYPE_CHECKING:
    from typst import PDFStandard

ROOT = PROJECT / "ita"
"""Templates lie in several rooms of it."""
FONTS = ROOT / "fonts"
STANDARDS: tuple[PDFStandard, ...] = ("a-2a", "ua-1")
"""For keeping (ISO 19005-2, level A) and for screen readers (ISO 14289-1); typst checks both."""

# What stands around every sign that no font has, as typst 0.15 reports them, all at once.
_BEFORE_GLYPHS, _BEHIND_GLYPHS = 'error: the text `"', '"` could not be displayed'
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def typeset(template: Path, told: str, timestamp: datetime | None = None) -> bytes:
    """A PDF out of a template and its data; a sign that no font has is printed as an empty box.

    timestamp: of the document, where the template doesn't give one.

    Raises:
        RuntimeError: typst can't draw it; `diagnostic` says what.
    """
    lacking: set[str] = set()
    while True:
        shown = told.translate(dict.fromkeys(map(ord, lacking), NO_SHAPE))
        try:
            return compiled(template, shown, timestamp)
        except RuntimeError as fault:  # what typst's own error is
            more = _without_font(fault) - lacking
            if not more:
                raise
            lacking |= more


def compiled(template: Path, told: str, timestamp: datetime | None = None) -> bytes:
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
        sys_inputs={"told": told},
    )


def _without_font(fault: RuntimeError) -> set[str]:
    """The signs that an error of typst names as having no font; never any of our own sentences."""
    reports = getattr(fault, "diagnostic", "").split(_BEFORE_GLYPHS)[1:]
    named = "".join(r.partition(_BEHIND_GLYPHS)[0] for r in reports if _BEHIND_GLYPHS in r)
    signs = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    return {sign for sign in signs if ord(sign) > ord("~")} - {NO_SHAPE}
