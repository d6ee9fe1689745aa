"""What a page of a PDF holds, as plain values: characters with their places, and drawn lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is drawn. Lengths are points from the page's upper left corner.

    baseline: the y on which its line stands. is_upright: False where it is drawn across the
    direction of its page's text, as a stamp or a watermark is.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    bold: bool = False
    is_upright: bool = True

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
    """number: of the page, from 1. images: how many pictures are drawn on it.

    turned: quarter turns, clockwise, by which the places were turned so that the text stands upright.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Ruling, ...]
    images: int = 0
    turned: int = 0
