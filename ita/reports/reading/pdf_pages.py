"""Takes the pages of a PDF apart by pdfium, a page at a time.

pdfium is a C library that reads what strangers made: it is loaded in the worker process only, which
may die of it (`ita.reports.reading.documents`).
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from ita.reports.reading.errors import UnreadableDocument
from ita.reports.reading.glyphs import Edges, Glyph, PageContent, Ruling, turned_back, turned_box

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
_INVISIBLE = 3
_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_STRING = 3
_NO_FORM, _WHOLE_XFA, _SHOWS_ATTACHMENTS = 0, 2, 5
_HYPHEN = "\x02"
_MAPPED = {_HYPHEN: "-", "\x00": "\ufffd", "\xa0": " ", "\xad": "-"}
_BOLD_WEIGHT = 600
_QUARTER = math.pi / 2
_LETTER = 0.3
"""Of its size: no letter is drawn wholly above this."""
_UPRIGHT_TOLERANCE = 0.05

_Point = tuple[float, float]
_Line = tuple[_Point, _Point]
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@contextmanager
def opened_pdf(content: bytes, max_pages: int) -> Iterator[Any]:
    """pdfium's document, closed at the end.

    Raises:
        UnreadableDocument: encrypted, damaged, also where a page is found to be so later, or too many pages.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        try:
            count = len(document)
            if count > max_pages:
                raise UnreadableDocument(
                    "too-many-pages", found=f"{count:,}", limit=f"{max_pages:,}"
                )
            if count == 0:
                raise UnreadableDocument("damaged")
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as fault:
        is_locked = getattr(fault, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise UnreadableDocument("encrypted" if is_locked else "damaged") from fault


def pdf_pages(content: bytes, max_pages: int) -> Iterator[PageContent]:
    """Each page in turn; only one is held.

    Raises:
        UnreadableDocument: encrypted, damaged, too many pages, or a page holds too much.
    """
    with opened_pdf(content, max_pages) as document:
        has_form = document.get_formtype() != _NO_FORM
        if document.get_formtype() == _WHOLE_XFA:
            raise UnreadableDocument("xfa-form")
        if has_form:
            document.init_forms()
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            if has_form:
                # What is filled into a form, or written on it, becomes text of its page.
                page.flatten()
                page.close()
                page = document[number - 1]
            found = _page_content(page, number)
            page.close()
            if len(document) == 1 and _is_cover(document, found):
                raise UnreadableDocument("portfolio")
            yield found


def _is_cover(document: Any, page: PageContent) -> bool:
    """Whether a page only says that the documents are attached to it."""
    return (
        document.get_pagemode() == _SHOWS_ATTACHMENTS
        and document.count_attachments() > 0
        and all(glyph.text.isascii() for glyph in page.glyphs)
    )


def _page_content(page: Any, number: int) -> PageContent:
    from pypdfium2 import raw

    width, height = page.get_size()
    to_page = _display_matrix(page, width, height)
    found = _Drawn(number, raw)
    found.walk(page)
    glyphs = _glyphs(page, number, to_page, found)
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
        min(found.image_area / max(width * height, 1.0), 1.0),
        found.corners,
        found.invisible * 2 > len(glyphs) > 0,
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


def _moved_box(matrix: Matrix, box: Edges) -> Edges:
    x1, y1 = _moved(matrix, box[0], box[1])
    x2, y2 = _moved(matrix, box[2], box[3])
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _combined(inner: Matrix, outer: Matrix) -> Matrix:
    """First inner, then outer."""
    a, b, c, d, e, f = inner
    x, y = _moved(outer, e, f)
    p, q, r, s, *_ = outer
    return (p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, x, y)


@dataclass(slots=True)
class _RawGlyph:
    """A character with its quarter turns on the page as it is shown; None = none of the four.

    source: the address of its piece of text.
    """

    text: str
    box: Edges
    origin: tuple[float, float]
    size: float
    bold: bool
    quarter: int | None
    source: int

    def widen(self, box: Edges) -> None:
        """Take in what is drawn of the same text further on, on the same line."""
        left, top, right, bottom = self.box
        reach = 2 * self.size
        if abs(box[2] - right) <= reach and abs(box[3] - bottom) <= reach:
            self.box = (left, min(top, box[1]), max(right, box[2]), max(bottom, box[3]))

    def is_cut_off(self) -> bool:
        """Whether nothing but marks is drawn of a replaced text: its letters are on another page."""
        _, top, _, bottom = self.box
        is_off = top > self.origin[1] or bottom < self.origin[1] - _LETTER * self.size
        return self.quarter == 0 and is_off

    def glyph(self, turned: int) -> Glyph:
        turn = None if self.quarter is None else (self.quarter - turned) % 4
        baseline = self.origin[0] if turn in (1, 3) else self.origin[1]
        return Glyph(self.text, *self.box, baseline, self.size, self.bold, turn)


def _glyphs(page: Any, number: int, to_page: Matrix, drawn: _Drawn) -> list[_RawGlyph]:
    raw = drawn.raw
    textpage = page.get_textpage()
    text = textpage.raw
    try:
        count = raw.FPDFText_CountChars(text)
        if count > MAX_GLYPHS:
            raise UnreadableDocument("too-complex", page=number)
        rect = raw.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        found: list[_RawGlyph] = []
        # Programs that draw a letter and its mark apart put both under one text that replaces them
        # (`ActualText`); pdfium says it for each of them.
        spans: dict[int, tuple[int, list[_RawGlyph]]] = {}
        scale = math.hypot(to_page[0], to_page[1])
        page_angle = math.atan2(to_page[1], to_page[0])
        for index in range(count):
            sign = _sign(raw.FPDFText_GetUnicode(text, index))
            if not sign or raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            if not raw.FPDFText_GetLooseCharBox(text, index, rect):
                continue
            address = _address(raw.FPDFText_GetTextObject(text, index))
            piece = drawn.pieces.get(address, _NO_PIECE)
            if piece.span and spans.get(piece.span, (address,))[0] != address:
                continue
            raw.FPDFText_GetCharOrigin(text, index, x, y)
            box = _moved_box(to_page, (rect.left, rect.top, rect.right, rect.bottom))
            origin = _moved(to_page, x.value, y.value)
            if not math.isfinite(sum(box) + sum(origin)):
                continue
            # Of what is drawn angles count up anticlockwise.
            quarter = _quarter(page_angle - piece.angle)
            size = raw.FPDFText_GetFontSize(text, index) * piece.scale * scale
            glyph = _RawGlyph(sign, box, origin, size, piece.bold, quarter, address)
            found.append(glyph)
            drawn.invisible += piece.is_invisible
            if piece.span:
                spans.setdefault(piece.span, (address, []))[1].append(glyph)
        cut_off: set[int] = set()
        for span, (_, glyphs) in spans.items():
            for part in drawn.spans.get(span, ()):
                glyphs[-1].widen(_moved_box(to_page, part))
            if glyphs[0].text.isalpha() and glyphs[-1].is_cut_off():
                cut_off |= set(map(id, glyphs))
        _part_ligatures(found)
        return [glyph for glyph in found if id(glyph) not in cut_off]
    finally:
        textpage.close()


def _part_ligatures(glyphs: list[_RawGlyph]) -> None:
    """Give each letter of a ligature its share; pdfium says the box of all of it for each: ffi.

    Letters that are drawn twice to look bold are of two pieces of text.
    """
    for _, run in groupby(glyphs, key=lambda glyph: (glyph.source, glyph.box, glyph.origin)):
        letters = [glyph for glyph in run if glyph.text.isascii() and glyph.text.isalpha()]
        if len(letters) < 2:
            continue
        left, top, right, bottom = letters[0].box
        share = (right - left) / len(letters)
        for number, glyph in enumerate(letters):
            glyph.box = (left + number * share, top, left + (number + 1) * share, bottom)


def _address(pointer: Any) -> int:
    return ctypes.addressof(pointer.contents) if pointer else 0


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


class _Piece(NamedTuple):
    """A piece of text. scale: of its font's size; angle: of its line, anticlockwise.

    span: the address of the mark that replaces its text, 0 = none. is_invisible: as the text that a
    scanner's OCR lays over its picture.
    """

    bold: bool = False
    scale: float = 1.0
    angle: float = 0.0
    span: int = 0
    is_invisible: bool = False


_NO_PIECE = _Piece()


class _Drawn:
    """The straight lines, pictures and pieces of text of a page, drawings in drawings included.

    pieces: of text, by the address of each. spans: where the pieces stand that one text replaces, by
    its mark's address.
    """

    def __init__(self, number: int, raw: Any) -> None:
        self.raw = raw
        self._number = number
        self._objects = self.corners = self.invisible = 0
        self._fonts: dict[int, bool] = {}
        self.images = 0
        self.image_area = 0.0
        self.lines: list[_Line] = []
        self.pieces: dict[int, _Piece] = {}
        self.spans: dict[int, list[Edges]] = {}

    def walk(self, page: Any) -> None:
        for index in range(self.raw.FPDFPage_CountObjects(page)):
            self._take(self.raw.FPDFPage_GetObject(page, index), IDENTITY, 0)

    def _take(self, thing: Any, outer: Matrix, depth: int) -> None:
        raw = self.raw
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise UnreadableDocument("too-complex", page=self._number)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == _TEXT:
            self._text(thing, outer)
        elif kind == _IMAGE:
            self.images += 1
            left, low, right, high = _moved_box(outer, _bounds(thing, raw))
            self.image_area += (right - left) * (high - low)
        elif kind == _PATH:
            lines = self._straight(thing, _combined(_matrix(thing, raw), outer))
            if lines:
                clip = self._clip(thing, outer)
                self.lines += (clipped for line in lines if (clipped := _clipped(line, clip)))
        elif kind == _FORM and depth < MAX_DEPTH:
            inner = _combined(_matrix(thing, raw), outer)
            for index in range(max(raw.FPDFFormObj_CountObjects(thing), 0)):
                self._take(raw.FPDFFormObj_GetObject(thing, index), inner, depth + 1)

    def _text(self, thing: Any, outer: Matrix) -> None:
        raw = self.raw
        a, b, c, d, *_ = _combined(_matrix(thing, raw), outer)
        span = 0
        for number in range(raw.FPDFPageObj_CountMarks(thing)):
            mark = raw.FPDFPageObj_GetMark(thing, number)
            if raw.FPDFPageObjMark_GetParamValueType(mark, b"ActualText") == _STRING:
                span = _address(mark)
                self.spans.setdefault(span, []).append(_moved_box(outer, _bounds(thing, raw)))
                break
        font = raw.FPDFTextObj_GetFont(thing)
        key = _address(font)
        if key not in self._fonts:
            self._fonts[key] = _is_bold(font, raw)
        scale = math.hypot(c, d) or 1.0
        unseen = raw.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE
        self.pieces[_address(thing)] = _Piece(
            self._fonts[key], scale, math.atan2(b, a), span, unseen
        )

    def _straight(self, path: Any, matrix: Matrix) -> list[_Line]:
        """Its straight strokes; of a filled shape those that are thin as a line."""
        raw = self.raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, fill, stroke)
        if not (fill.value or stroke.value):
            return []
        outlines = self._outlines(
            raw.FPDFPath_CountSegments(path),
            partial(raw.FPDFPath_GetPathSegment, path),
            matrix,
        )
        if stroke.value:
            return [line for outline in outlines for line in pairwise(outline)]
        return [line for outline in outlines if len(outline) > 1 for line in _middle_line(outline)]

    def _clip(self, thing: Any, outer: Matrix) -> Edges:
        """The box outside of which nothing of a drawn thing is seen."""
        raw = self.raw
        clip = raw.FPDFPageObj_GetClipPath(thing)
        left, low, right, high = -math.inf, -math.inf, math.inf, math.inf
        for number in range(max(raw.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
            outlines = self._outlines(
                raw.FPDFClipPath_CountPathSegments(clip, number),
                partial(raw.FPDFClipPath_GetPathSegment, clip, number),
                outer,
            )
            points = [point for outline in outlines for point in outline]
            if points:
                left = max(left, min(x for x, _ in points))
                right = min(right, max(x for x, _ in points))
                low = max(low, min(y for _, y in points))
                high = min(high, max(y for _, y in points))
        return left, low, right, high

    def _outlines(
        self, count: int, segment_at: Callable[[int], Any], matrix: Matrix
    ) -> list[list[_Point]]:
        """The corners of a path, each part of it by itself."""
        raw = self.raw
        self.corners += max(count, 0)
        if self.corners > MAX_SEGMENTS:
            raise UnreadableDocument("too-complex", page=self._number)
        x, y = ctypes.c_float(), ctypes.c_float()
        outlines: list[list[_Point]] = []
        for index in range(count):
            segment = segment_at(index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            kind = raw.FPDFPathSegment_GetType(segment)
            # A curve is no line of a table; what comes behind it begins anew.
            if kind in (_MOVE_TO, _BEZIER) or not outlines:
                outlines.append([])
            outlines[-1].append(_moved(matrix, x.value, y.value))
            if raw.FPDFPathSegment_GetClose(segment):
                outlines[-1].append(outlines[-1][0])
        return outlines


def _is_bold(font: Any, raw: Any) -> bool:
    name = ctypes.create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(font, name, 256)
    return b"bold" in name.value.lower() or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT


def _bounds(thing: Any, raw: Any) -> Edges:
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, low, right, high)
    return left.value, low.value, right.value, high.value


def _clipped(line: _Line, box: Edges) -> _Line | None:
    """The part of a line along an edge that is in a box; None outside."""
    (x1, y1), (x2, y2) = line
    left, low, right, high = box
    beside = max(x1, x2) < left or min(x1, x2) > right or max(y1, y2) < low or min(y1, y2) > high
    if beside:
        return None
    x1, x2 = (min(max(x, left), right) for x in (x1, x2))
    y1, y2 = (min(max(y, low), high) for y in (y1, y2))
    return (x1, y1), (x2, y2)


def _middle_line(outline: list[_Point]) -> Iterator[_Line]:
    """The line that a thin filled shape is; nothing of a broad one."""
    left, right = min(x for x, _ in outline), max(x for x, _ in outline)
    low, high = min(y for _, y in outline), max(y for _, y in outline)
    if right - left <= MAX_THICKNESS < high - low:
        yield ((left + right) / 2, low), ((left + right) / 2, high)
    elif high - low <= MAX_THICKNESS < right - left:
        yield (left, (low + high) / 2), (right, (low + high) / 2)


def _matrix(thing: Any, raw: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, found):
        return IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _rulings(points: _Line, to_page: Matrix) -> Iterator[Ruling]:
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
    glyph.box = turned_box(glyph.box, turned, width, height)
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
