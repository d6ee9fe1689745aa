"""Scanned pages by Tesseract, where it is installed with Thai: characters with places, as of any page.

Tesseract is a program of its own: it is started for a picture at a time, under limits, and never
reaches out.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from ita.config import current_settings
from ita.reports.reading.drawn_lines import COLUMN_GAP, is_mark
from ita.reports.reading.errors import MEGABYTE, ReadLimits, UnreadableDocument
from ita.reports.reading.glyphs import Glyph, PageContent
from ita.reports.reading.pdf_pages import opened_pdf
from ita.reports.reading.scan_images import (
    Gray,
    page_strips,
    page_tables,
    ruled_lines,
    straightened,
)
from ita.workers.process import report_progress

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

PROGRAM = "tesseract"
LANGUAGES = "tha+eng"
DOTS_PER_INCH = 300
MAX_PIXELS = 12_000_000
"""Of a page; A3 has fewer dots an inch."""
MEMORY_BYTES = 600 * MEGABYTE
SECONDS = 60
"""For one picture."""
_ONE_COLUMN, _ANY_LAYOUT = 4, 3
_LINE = re.compile(
    r"<span class='ocr(?:_line|_header|_textfloat|_caption)'[^>]*title=\"bbox (\d+) (\d+) (\d+) (\d+);"
    r"(?: baseline (-?[\d.]+) (-?[\d.]+);)?(?: textangle [\d.]+;)? x_size ([\d.]+)"
)
_BEFORE_LINE = re.compile(r"(?=<span class='ocr_)")
_LETTER = re.compile(
    r"<span class='ocrx_cinfo' title='x_bboxes (\d+) \d+ (\d+) \d+;[^>]*>([^<]*)</span>"
)
LETTER_SIZE = 0.75
"""Of the height of a line of Thai with its marks: that of the letters."""
_NARROWEST, _SPACE = 0.1, 0.3
_MARKS_HEIGHT = 0.6
"""Of the usual height of a line."""
_PAPER = 200
"""A picture without a darker pixel is empty."""


@cache
def _program() -> str | None:
    """Where Tesseract with Thai is; None where it is not."""
    program = shutil.which(PROGRAM)
    if not program:
        return None
    try:
        listed = subprocess.run(  # noqa: S603
            [program, "--list-langs"], capture_output=True, check=True, timeout=10, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    languages = {*listed.stdout.split(), *listed.stderr.split()}
    return program if set(LANGUAGES.split("+")) <= languages else None


def ocr_is_available() -> bool:
    """Whether scanned pages can be read here: Tesseract with Thai is installed, and not switched off."""
    return current_settings().ocr and _program() is not None


def recognised_pages(
    content: bytes, numbers: Sequence[int], limits: ReadLimits
) -> Iterator[PageContent]:
    """Pages of a PDF as the OCR reads them, one after the other. numbers: of the pages, from 1.

    Raises:
        UnreadableDocument: as of `opened_pdf`, there is no OCR, too many pages, or one takes too long.
    """
    if not ocr_is_available():
        raise UnreadableDocument("ocr-missing")
    if len(numbers) > limits.ocr_pages:
        raise UnreadableDocument(
            "ocr-too-many-pages", found=f"{len(numbers):,}", limit=limits.ocr_pages
        )
    with opened_pdf(content, limits.pages) as document:
        for done, number in enumerate(numbers):
            report_progress(done, len(numbers))
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(DOTS_PER_INCH / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
            bitmap = page.render(scale=scale, grayscale=True, limit_image_cache=True)
            picture: Gray = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy()
            bitmap.close()
            page.close()
            yield recognised_page(picture, number, width, height, scale)


def recognised_page(
    picture: Gray, number: int, width: float, height: float, scale: float
) -> PageContent:
    """A page's characters and lines. width, height: of the page in points; scale: pixels a point.

    The cells of a table are read by themselves, one below the other, so that no line of one is read
    on into the next.
    """
    picture = straightened(picture)
    rulings = ruled_lines(picture, scale)
    outside, strips = page_strips(picture, page_tables(rulings), scale)
    glyphs = [*_glyphs(outside, _ANY_LAYOUT, number, scale, lambda x, y: (x, y))]
    for strip in strips:
        glyphs += _glyphs(strip.picture, _ONE_COLUMN, number, scale, strip.on_page)
    return PageContent(number, width, height, tuple(glyphs), tuple(rulings), is_recognised=True)


def _glyphs(
    picture: Gray,
    layout: int,
    number: int,
    scale: float,
    on_page: Callable[[float, float], tuple[float, float]],
) -> Iterator[Glyph]:
    """on_page: from a place of the picture to one of the page, in pixels."""
    if picture.min() > _PAPER:
        return
    text, hocr = _recognised(picture, layout, number)
    spaced = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for part in _BEFORE_LINE.split(hocr) if (line := _ocr_line(part))]
    if [_without_spaces(line) for line in spaced] != [_without_spaces(line.text) for line in lines]:
        spaced = [line.text for line in lines]
    usual = median(line.height for line in lines) if lines else 0.0
    for line, drawn in zip(lines, spaced, strict=True):
        if line.height < _MARKS_HEIGHT * usual:
            continue  # the marks of the line below, taken for a line of their own
        yield from (_on_page(glyph, scale, on_page) for glyph in _line_glyphs(line, drawn))


@dataclass(frozen=True)
class _Line:
    """A line of characters with their places in the picture, in the order of reading."""

    letters: tuple[tuple[str, float, float], ...]
    baseline: float
    height: float

    @property
    def size(self) -> float:
        return LETTER_SIZE * self.height

    @property
    def text(self) -> str:
        return "".join(letter for letter, _, _ in self.letters)


def _ocr_line(part: str) -> _Line | None:
    head = _LINE.match(part)
    if head is None:
        return None
    left, _, right, bottom = (int(number) for number in head.groups()[:4])
    slope, offset = float(head[5] or 0), float(head[6] or 0)
    letters = tuple(
        (sign, int(letter[1]), int(letter[2]))
        for letter in _LETTER.finditer(part)
        for sign in unescape(letter[3])
        if not sign.isspace()
    )
    middle = bottom + offset + slope * (right - left) / 2
    return _Line(letters, middle, float(head[7])) if letters else None


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _line_glyphs(line: _Line, spaced: str) -> Iterator[Glyph]:
    """The characters of a line from left to right, as wide as they reach: only where it leaves a
    column's gap free the places of Tesseract say so, and where its text has a space.

    spaced: the line's text.
    """
    rest = iter(spaced)
    bases: list[tuple[str, float, float, bool, str]] = []
    at = float("-inf")
    for sign, left, right in line.letters:
        is_spaced = False
        while (drawn := next(rest, sign)).isspace():
            is_spaced = True
        if is_mark(sign) and bases:
            base, start, end, before, marks = bases[-1]
            bases[-1] = (base, start, end, before, marks + sign)
            continue
        at = max(at + _NARROWEST * line.size, left)
        bases.append((drawn, at, max(right, at + _NARROWEST * line.size), is_spaced, ""))
    top = line.baseline - line.size
    for (sign, left, seen, _, marks), after in zip(bases, [*bases[1:], None], strict=True):
        right = seen
        if after is not None and after[1] - seen < COLUMN_GAP * line.size:
            right = after[1] - (_SPACE * line.size if after[3] else 0)
        right = max(right, left + _NARROWEST * line.size / 2)
        for character in (sign, *marks):
            yield Glyph(character, left, top, right, line.baseline, line.baseline, line.size)


def _on_page(
    glyph: Glyph, scale: float, on_page: Callable[[float, float], tuple[float, float]]
) -> Glyph:
    # A letter may reach over the edge of what was cut out, its baseline does not.
    left, baseline = on_page(glyph.left, glyph.baseline)
    right, top = left + glyph.right - glyph.left, baseline + glyph.top - glyph.baseline
    edges = (left / scale, top / scale, right / scale, baseline / scale)
    return Glyph(glyph.text, *edges, baseline / scale, glyph.size / scale)


def _recognised(picture: Gray, layout: int, number: int) -> tuple[str, str]:
    """What Tesseract reads on a picture: as text, whose spaces are right, and with places (hOCR).

    Raises:
        UnreadableDocument: it takes too long or too much.
    """
    program = _program()
    if program is None:
        raise UnreadableDocument("ocr-missing")
    height, width = picture.shape
    with TemporaryDirectory(prefix="ita-ocr-") as folder:
        out = Path(folder) / "page"
        command = [
            *(program, "stdin", str(out), "-l", LANGUAGES, "--psm", str(layout)),
            *("--dpi", str(DOTS_PER_INCH), "-c", "hocr_char_boxes=1", "txt", "hocr"),
        ]
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # More threads than one make it slower.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
        with process:
            _limit(process.pid)
            try:
                process.communicate(
                    b"P5 %d %d 255\n" % (width, height) + picture.tobytes(), timeout=SECONDS
                )
            except subprocess.TimeoutExpired:
                process.kill()
                raise UnreadableDocument("too-complex", page=number) from None
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise UnreadableDocument("too-complex", page=number)
        text, hocr = (out.with_suffix(end).read_text("utf-8") for end in (".txt", ".hocr"))
        return text, hocr


def _limit(pid: int) -> None:
    """Where the system can: memory, and seconds of the processor for when nobody waits any more."""
    if hasattr(resource, "prlimit"):
        with suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            resource.prlimit(pid, resource.RLIMIT_CPU, (SECONDS, SECONDS))
