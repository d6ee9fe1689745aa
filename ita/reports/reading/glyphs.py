"""What a page of a PDF holds, as plain values: characters with their places, and drawn lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Edges: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom of a rectangle."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is drawn. Lengths are points from the page's upper left corner.

    baseline: the y on which its line stands, the x where it is turned by one quarter or three.
    turn: clockwise quarter turns from the direction of its page's text, None = slanted, as a
    watermark is.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool = False
    turn: int | None = 0

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line along the page's edges. at: its y, or x of an upright one; start < end."""

    is_upright: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True)
class PageContent:
    """number: of the page, from 1. images: how many pictures are drawn on it; pictured: the share of the
    page that they cover. corners: of all that is drawn in lines, letters as outlines too.

    is_recognised: whether its characters were read off a picture, by OCR. turned: quarter turns, clockwise, by which the places were turned so that the text stands upright.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Ruling, ...]
    images: int = 0
    turned: int = 0
    pictured: float = 0.0
    corners: int = 0
    is_recognised: bool = False


def turned_back(
    x: float, y: float, turned: int, width: float, height: float
) -> tuple[float, float]:
    """A place after its page, of this size, is turned back by so many clockwise quarters."""
    if turned == 1:
        return y, width - x
    if turned == 2:
        return width - x, height - y
    return (height - y, x) if turned == 3 else (x, y)


def turned_box(box: Edges, turned: int, width: float, height: float) -> Edges:
    """A rectangle after its page is turned back, as of `turned_back`."""
    x1, y1 = turned_back(box[0], box[1], turned, width, height)
    x2, y2 = turned_back(box[2], box[3], turned, width, height)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def upright(glyph: Glyph, width: float, height: float) -> Glyph:
    """A character that is drawn on its side, as it stands after the page is turned."""
    turn = glyph.turn or 0
    middle = ((glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2)
    # Turned sideways, the line that a character stands on is an x.
    origin = (glyph.baseline, middle[1]) if turn % 2 else (middle[0], glyph.baseline)
    edges = (glyph.left, glyph.top, glyph.right, glyph.bottom)
    return Glyph(
        glyph.text,
        *turned_box(edges, turn, width, height),
        turned_back(*origin, turn, width, height)[1],
        glyph.size,
        glyph.bold,
    )
