"""Takes the pages of a PDF apart by pdfium, a page at a time.

pdfium is a C library that reads what strangers made: it is loaded in the worker process only, which
may die of it (`ita.reports.reading.documents`).
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ita.reports.reading.errors import UnreadableDocument
from ita.reports.reading.glyphs import Glyph, PageContent, Ruling, turned_back

MAX_GLYPHS = 60_000
MAX_OBJECTS = 200_000
MAX_SEGMENTS = 400_000
"""Characters, drawn things and their corners on a page: tens of times those of a full one."""
MAX_DEPTH = 8
"""Of drawings in drawings."""
MIN_RULING = 4.0
"""Points; shorter is no line of a table."""
MAX_THICKNESS = 3.0
"""Points; a filled shape is a line up to this thickness."""
MAX_SLANT = 1.0
_SCALE = 1_000
_LINE_TO, _BEZIER, _MOVE_TO = 0, 1, 2
_PATH, _IMAGE, _FORM = 2, 3, 5
_HYPHEN = "\x02"
_MAPPED = {_HYPHEN: "-", "\x00": "\ufffd", "\xa0": " ", "\xad": "-"}
_BOLD_WEIGHT = 600
_QUARTER = math.pi / 2
_UPRIGHT_TOLERANCE = 0.05

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def pdf_pages(content: bytes, max_pages: int) -> Iterator[PageContent]:
    """Each page in turn; only one is held.

    Raises:
        UnreadableDocument: encrypted, damaged, too many pages, or a page holds too much.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        is_locked = getattr(fault, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableDocument("encrypted" if is_locked else "damaged") from fault
    try:
        count = len(document)
        if count > max_pages:
            raise UnreadableDocument("too-many-pages", found=f"{count:,}", limit=f"{max_pages:,}")
        if count == 0:
            raise UnreadableDocument("damaged")
        for number in range(1, count + 1):
            try:
                page = document[number - 1]
                found = _page_content(page, number)
                page.close()
            except pypdfium2.PdfiumError as fault:
                raise UnreadableDocument("damaged") from fault
            yield found
    finally:
        document.close()


def _page_content(page: Any, number: int) -> PageContent:
    width, height = page.get_size()
    to_page = _display_matrix(page, width, height)
    found = _Drawn(number)
    found.walk(page)
    glyphs = _glyphs(page, number, to_page)
    rulings = [r for points in found.lines for r in _rulings(points, to_page)]
    turned = _turned(glyphs)
    if turned:
        glyphs = [_turned_glyph(glyph, turned, width, height) for glyph in glyphs]
        rulings = [_turned_ruling(ruling, turned, width, height) for ruling in rulings]
        if turned % 2:
            width, height = height, width
    return PageContent(
        number,
        width,
        height,
        tuple(g.glyph(turned) for g in glyphs),
        tuple(rulings),
        found.images,
        turned,
    )


def _display_matrix(page: Any, width: float, height: float) -> Matrix:
    """From the PDF's own places to points from the upper left of the page as it is shown."""
    from pypdfium2 import raw

    across, down = ctypes.c_int(), ctypes.c_int()

    def shown(x: float, y: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(
            page, 0, 0, int(width * _SCALE), int(height * _SCALE), 0, x, y, across, down
        )
        return across.value / _SCALE, down.value / _SCALE

    zero, right, up = shown(0, 0), shown(100, 0), shown(0, 100)
    return (
        (right[0] - zero[0]) / 100,
        (right[1] - zero[1]) / 100,
        (up[0] - zero[0]) / 100,
        (up[1] - zero[1]) / 100,
        *zero,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _combined(inner: Matrix, outer: Matrix) -> Matrix:
    """First inner, then outer."""
    a, b, c, d, e, f = inner
    x, y = _moved(outer, e, f)
    p, q, r, s, *_ = outer
    return (p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, x, y)


@dataclass(slots=True)
class _RawGlyph:
    """A character with its quarter turns on the page as it is shown; None = none of the four."""

    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    bold: bool
    quarter: int | None

    def glyph(self, turned: int) -> Glyph:
        turn = None if self.quarter is None else (self.quarter - turned) % 4
        baseline = self.origin[0] if turn in (1, 3) else self.origin[1]
        return Glyph(self.text, *self.box, baseline, self.size, self.bold, turn)


def _glyphs(page: Any, number: int, to_page: Matrix) -> list[_RawGlyph]:
    from pypdfium2 import raw

    text = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text)
        if count > MAX_GLYPHS:
            raise UnreadableDocument("too-complex", page=number)
        fonts: dict[Any, bool] = {}
        rect = raw.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        found = []
        scale = math.hypot(to_page[0], to_page[1])
        page_angle = math.atan2(to_page[1], to_page[0])
        for index in range(count):
            sign = _sign(raw.FPDFText_GetUnicode(text, index))
            if not sign or raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            if not raw.FPDFText_GetLooseCharBox(text, index, rect):
                continue
            raw.FPDFText_GetCharOrigin(text, index, x, y)
            first = _moved(to_page, rect.left, rect.top)
            last = _moved(to_page, rect.right, rect.bottom)
            box = (
                min(first[0], last[0]),
                min(first[1], last[1]),
                max(first[0], last[0]),
                max(first[1], last[1]),
            )
            origin = _moved(to_page, x.value, y.value)
            if not all(map(math.isfinite, (*box, *origin))):
                continue
            # pdfium counts clockwise.
            angle = raw.FPDFText_GetCharAngle(text, index) + page_angle
            found.append(
                _RawGlyph(
                    sign,
                    box,
                    origin,
                    raw.FPDFText_GetFontSize(text, index) * scale,
                    _is_bold(text, index, fonts),
                    _quarter(angle),
                )
            )
        return found
    finally:
        text.close()


def _sign(code: int) -> str:
    """The character of a code; "" of what has none."""
    sign = chr(code) if code < 0x110000 else "\ufffd"
    sign = _MAPPED.get(sign, sign)
    if 0xD800 <= code < 0xE000:
        return "\ufffd"
    return "" if sign < " " or "\x7f" <= sign < "\xa0" else sign


def _quarter(angle: float) -> int | None:
    turns = angle / _QUARTER
    nearest = round(turns)
    return nearest % 4 if abs(turns - nearest) < _UPRIGHT_TOLERANCE else None


def _is_bold(text: Any, index: int, fonts: dict[Any, bool]) -> bool:
    from pypdfium2 import raw

    thing = raw.FPDFText_GetTextObject(text, index)
    if not thing:
        return False
    address = ctypes.cast(thing, ctypes.c_void_p).value
    if address not in fonts:
        font = raw.FPDFTextObj_GetFont(thing)
        name = ctypes.create_string_buffer(256)
        raw.FPDFFont_GetBaseFontName(font, name, 256)
        weight = raw.FPDFFont_GetWeight(font)
        fonts[address] = b"bold" in name.value.lower() or weight >= _BOLD_WEIGHT
    return fonts[address]


class _Drawn:
    """The straight lines and pictures of a page, drawings in drawings included."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._objects = self._segments = 0
        self.images = 0
        self.lines: list[tuple[tuple[float, float], ...]] = []

    def walk(self, page: Any) -> None:
        from pypdfium2 import raw

        count = raw.FPDFPage_CountObjects(page)
        for index in range(count):
            self._take(raw.FPDFPage_GetObject(page, index), IDENTITY, 0)

    def _take(self, thing: Any, outer: Matrix, depth: int) -> None:
        from pypdfium2 import raw

        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise UnreadableDocument("too-complex", page=self._number)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == _IMAGE:
            self.images += 1
        elif kind == _PATH:
            self._path(thing, _combined(_matrix(thing), outer))
        elif kind == _FORM and depth < MAX_DEPTH:
            inner = _combined(_matrix(thing), outer)
            for index in range(max(raw.FPDFFormObj_CountObjects(thing), 0)):
                self._take(raw.FPDFFormObj_GetObject(thing, index), inner, depth + 1)

    def _path(self, path: Any, matrix: Matrix) -> None:
        """Its straight strokes; of a filled shape those that are thin as a line."""
        from pypdfium2 import raw

        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, fill, stroke)
        if not (fill.value or stroke.value):
            return
        count = raw.FPDFPath_CountSegments(path)
        self._segments += max(count, 0)
        if self._segments > MAX_SEGMENTS:
            raise UnreadableDocument("too-complex", page=self._number)
        x, y = ctypes.c_float(), ctypes.c_float()
        outlines: list[list[tuple[float, float]]] = []
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = _moved(matrix, x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            # A curve is no line of a table; what comes behind it begins anew.
            if kind in (_MOVE_TO, _BEZIER) or not outlines:
                outlines.append([])
            outlines[-1].append(point)
            if raw.FPDFPathSegment_GetClose(segment):
                outlines[-1].append(outlines[-1][0])
        for outline in outlines:
            if stroke.value:
                self.lines += pairwise(outline)
            elif len(outline) > 1:
                self.lines += _middle_line(outline)


def _middle_line(
    outline: list[tuple[float, float]],
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The line that a thin filled shape is; nothing of a broad one."""
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    low, high = min(y for _, y in outline), max(y for _, y in outline)
    if right - left <= MAX_THICKNESS < high - low:
        yield ((left + right) / 2, low), ((left + right) / 2, high)
    elif high - low <= MAX_THICKNESS < right - left:
        yield (left, (low + high) / 2), (right, (low + high) / 2)


def _matrix(thing: Any) -> Matrix:
    from pypdfium2 import raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _rulings(points: tuple[tuple[float, float], ...], to_page: Matrix) -> Iterator[Ruling]:
    (x1, y1), (x2, y2) = (_moved(to_page, *point) for point in points)
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        return
    if abs(x1 - x2) <= MAX_SLANT and abs(y1 - y2) >= MIN_RULING:
        yield Ruling(True, (x1 + x2) / 2, min(y1, y2), max(y1, y2))
    elif abs(y1 - y2) <= MAX_SLANT and abs(x1 - x2) >= MIN_RULING:
        yield Ruling(False, (y1 + y2) / 2, min(x1, x2), max(x1, x2))


def _turned(glyphs: list[_RawGlyph]) -> int:
    """The quarter turns, clockwise, in which most of a page's text stands."""
    counts = Counter(glyph.quarter for glyph in glyphs if glyph.text != " ")
    counts.pop(None, None)
    return counts.most_common(1)[0][0] or 0 if counts else 0


def _turned_glyph(glyph: _RawGlyph, turned: int, width: float, height: float) -> _RawGlyph:
    left, top, right, bottom = glyph.box
    x1, y1 = turned_back(left, top, turned, width, height)
    x2, y2 = turned_back(right, bottom, turned, width, height)
    glyph.box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    glyph.origin = turned_back(*glyph.origin, turned, width, height)
    return glyph


def _turned_ruling(ruling: Ruling, turned: int, width: float, height: float) -> Ruling:
    ends = (
        [(ruling.at, ruling.start), (ruling.at, ruling.end)]
        if ruling.is_upright
        else [(ruling.start, ruling.at), (ruling.end, ruling.at)]
    )
    (x1, y1), (x2, y2) = (turned_back(x, y, turned, width, height) for x, y in ends)
    if ruling.is_upright != bool(turned % 2):
        return Ruling(True, x1, min(y1, y2), max(y1, y2))
    return Ruling(False, y1, min(x1, x2), max(x1, x2))
