"""Characters of a page, by their places, as lines of text: marks beside their letters, gaps as spaces."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ita.reports.reading.glyphs import Glyph
from ita.reports.reading.layout import Box, TextLine

SPACE_GAP = 0.15
"""Of the letters' size: a wider gap is a space, where the line's letters are not all spaced apart."""
SPACED_APART = 2.5
"""A gap is a space where it is so many times the line's usual one."""
COLUMN_GAP = 1.2
"""Of the letters' size: a wider gap parts a line into two pieces."""
BASELINE_STEP = 0.35
"""Of the letters' size: baselines nearer than this are of one line."""
MARK_REACH = 1.0
"""Of the letters' size: how far a mark may be drawn from the letter before it."""
WIDEST = 2.0
"""Of the letters' size: no letter is wider."""
MAX_STRAYS = 2_000
"""Marks of a page that the file draws apart from their letters; more stand alone."""
OUT_OF_ORDER = 0.15
NARROWEST_SPACE = 0.05
OVERPRINT = 0.08
SARA_AM, BEHIND_SARA_AM = chr(0x0E33), 0.06
"""Of the letters' size: so much farther the next letter stands from ำ than from others."""
_PRIVATE_VOWELS = (*range(0xF701, 0xF705), 0xF710, 0xF712, *range(0xF718, 0xF71B))
VOWEL_MARKS = frozenset(map(chr, (0x0E31, *range(0x0E34, 0x0E3B), 0x0E47, *_PRIVATE_VOWELS)))
_PRIVATE_MARKS = frozenset(map(chr, (*range(0xF701, 0xF70F), *range(0xF710, 0xF71B))))
"""Marks of old Thai fonts: vowels and tones moved for high and deep letters (not ฐ and ญ without feet)."""


def is_mark(sign: str) -> bool:
    """Whether a character stands above or below a letter."""
    return unicodedata.category(sign) == "Mn" or sign in _PRIVATE_MARKS


@dataclass(slots=True)
class Cluster:
    """A letter with its marks; baseline, size and left edge are the letter's."""

    base: Glyph
    marks: list[Glyph] = field(default_factory=list)
    right: float = 0.0

    def __post_init__(self) -> None:
        self.right = self.base.right

    def add(self, mark: Glyph) -> None:
        self.marks.append(mark)
        # Of a letter and marks that are one glyph, pdfium gives each an equal share of its width.
        self.right = max(self.right, mark.right)

    @property
    def text(self) -> str:
        if not self.marks:
            return self.base.text
        # Some fonts draw a tone before its vowel; it is written behind it.
        marks = sorted((mark.text for mark in self.marks), key=lambda sign: sign not in VOWEL_MARKS)
        return self.base.text + "".join(marks)


@dataclass(frozen=True)
class Piece:
    """A run of clusters of one line without a wide gap, from left to right; never blank."""

    clusters: tuple[Cluster, ...]
    left: float
    right: float
    top: float
    bottom: float
    baseline: float
    size: float
    text: str
    bold: bool

    def line(self, page: int) -> TextLine:
        box = Box(*(round(v, 1) for v in (self.left, self.top, self.right, self.bottom)))
        return TextLine(self.text, page, box, self.bold)


@dataclass(frozen=True)
class DrawnLine:
    """All that stands on one baseline."""

    baseline: float
    pieces: tuple[Piece, ...]

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return self.pieces[-1].right

    @property
    def top(self) -> float:
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        return max(piece.bottom for piece in self.pieces)

    @property
    def size(self) -> float:
        return max(piece.size for piece in self.pieces)

    def whole(self) -> Piece:
        """The line as one piece, its wide gaps as spaces."""
        if len(self.pieces) == 1:
            return self.pieces[0]
        return _piece([c for piece in self.pieces for c in piece.clusters], _space_gap(self.pieces))


def clusters_of(glyphs: Iterable[Glyph]) -> list[Cluster]:
    """Letters with their marks, in the order of the file.

    A mark belongs to the letter before it in the file where that is near; else to the letter above
    or below which it is drawn; else it stands alone.
    """
    found: list[Cluster] = []
    strays: list[Glyph] = []
    for glyph in glyphs:
        if not is_mark(glyph.text):
            if glyph.text.isspace() and glyph.right - glyph.left < NARROWEST_SPACE * glyph.size:
                continue
            found.append(Cluster(glyph))
        elif found and _is_near(glyph, found[-1].base):
            _add_mark(found[-1], glyph)
        else:
            strays.append(glyph)
    letters = sorted((c for c in found if not c.base.text.isspace()), key=_left)
    for mark in strays:
        owner = _letter_of(mark, letters) if len(strays) <= MAX_STRAYS else None
        if owner is None:
            found.append(Cluster(mark))
        else:
            _add_mark(owner, mark)
    return found


def _left(cluster: Cluster) -> float:
    return cluster.base.left


def _add_mark(cluster: Cluster, mark: Glyph) -> None:
    if not any(mark.text == other.text and _is_overprint(mark, other) for other in cluster.marks):
        cluster.add(mark)


def _is_near(mark: Glyph, base: Glyph) -> bool:
    reach = MARK_REACH * max(base.size, 1)
    return (
        not base.text.isspace()
        and base.left - reach / 4 <= mark.middle <= base.right + reach / 2
        and abs(mark.baseline - base.baseline) <= reach
    )


def _letter_of(mark: Glyph, clusters: Sequence[Cluster]) -> Cluster | None:
    """The letter that a mark is drawn with. clusters: of letters, by their left edges."""
    first = bisect_left(clusters, mark.middle - WIDEST * mark.size, key=_left)
    last = bisect_right(clusters, mark.middle, key=_left)
    fitting = [
        cluster
        for cluster in clusters[first:last]
        if cluster.base.left <= mark.middle <= cluster.base.right
        and abs(mark.baseline - cluster.base.baseline) <= MARK_REACH * cluster.base.size
    ]
    return min(fitting, key=lambda c: abs(c.base.baseline - mark.baseline), default=None)


def drawn_lines(clusters: Iterable[Cluster]) -> list[DrawnLine]:
    """Clusters as lines from top to bottom; blank lines are none."""
    rows: list[list[tuple[int, Cluster]]] = []
    level = float("-inf")
    for order, cluster in sorted(enumerate(clusters), key=lambda pair: pair[1].base.baseline):
        if cluster.base.baseline - level > BASELINE_STEP * max(cluster.base.size, 1):
            rows.append([])
            level = cluster.base.baseline
        rows[-1].append((order, cluster))
    lines = (_line([cluster for _, cluster in sorted(row, key=lambda p: p[0])]) for row in rows)
    return [line for line in lines if line.pieces]


def _line(row: list[Cluster]) -> DrawnLine:
    ordered = _without_overprints(_by_place(row))
    baseline = median(cluster.base.baseline for cluster in ordered)
    gap = _usual_space_gap(ordered)
    parts: list[list[Cluster]] = [[]]
    last: Cluster | None = None
    for cluster in ordered:
        if cluster.base.text.isspace():
            parts[-1].append(cluster)
            continue
        size = cluster.base.size
        if last and _gap(last, cluster) > max(COLUMN_GAP * size, gap * size):
            parts.append([])
        parts[-1].append(cluster)
        last = cluster
    pieces = (_piece(part, gap) for part in parts if any(c.text.strip() for c in part))
    return DrawnLine(baseline, tuple(pieces))


def _by_place(row: list[Cluster]) -> list[Cluster]:
    """From left to right; where places hardly differ the file's order stands."""
    ordered: list[Cluster] = []
    for cluster in row:
        at = len(ordered)
        reach = cluster.base.left + OUT_OF_ORDER * cluster.base.size
        while at and ordered[at - 1].base.left > reach:
            at -= 1
        ordered.insert(at, cluster)
    return ordered


def _without_overprints(row: list[Cluster]) -> list[Cluster]:
    """Without letters that are drawn twice on one spot to look bold."""
    found: list[Cluster] = []
    for cluster in row:
        if not any(
            other.base.text == cluster.base.text and _is_overprint(cluster.base, other.base)
            for other in found[-2:]
        ):
            found.append(cluster)
    return found


def _is_overprint(one: Glyph, other: Glyph) -> bool:
    reach = OVERPRINT * one.size
    return (
        abs(one.left - other.left) < reach
        and abs(one.right - other.right) < reach
        and abs(one.baseline - other.baseline) < reach
        and one.right - one.left > reach
    )


def _gap(before: Cluster, after: Cluster) -> float:
    behind = BEHIND_SARA_AM * before.base.size if before.base.text == SARA_AM else 0
    return after.base.left - before.right - behind


def _gaps(row: Sequence[Cluster]) -> list[float]:
    """Between neighbours, as shares of their size."""
    return [
        _gap(before, after) / max(after.base.size, 1)
        for before, after in pairwise(row)
        if not (before.base.text.isspace() or after.base.text.isspace())
    ]


def _usual_space_gap(row: Sequence[Cluster]) -> float:
    gaps = _gaps(row)
    return max(SPACE_GAP, SPACED_APART * median(gaps)) if gaps else SPACE_GAP


def _space_gap(pieces: Sequence[Piece]) -> float:
    return _usual_space_gap([cluster for piece in pieces for cluster in piece.clusters])


def piece_of(part: Sequence[Cluster]) -> Piece:
    """Clusters as one piece, from left to right; some of them a letter."""
    return _piece(list(part), _usual_space_gap(part))


def _piece(part: list[Cluster], gap: float) -> Piece:
    while part[0].base.text.isspace():
        part = part[1:]
    is_broken_at_space = part[-1].base.text.isspace()
    while part[-1].base.text.isspace():
        part = part[:-1]
    words = [part[0].text]
    for before, after in pairwise(part):
        is_spaced = before.base.text.isspace() or after.base.text.isspace()
        if not is_spaced and _gap(before, after) > gap * after.base.size:
            words.append(" ")
        words.append(after.text)
    letters = [cluster.base for cluster in part if not cluster.base.text.isspace()]
    every = [*letters, *(mark for cluster in part for mark in cluster.marks)]
    return Piece(
        tuple(part),
        min(glyph.left for glyph in letters),
        max(glyph.right for glyph in letters),
        min(glyph.top for glyph in every),
        max(glyph.bottom for glyph in every),
        median(glyph.baseline for glyph in letters),
        median(glyph.size for glyph in letters),
        "".join(words) + " " * is_broken_at_space,
        sum(glyph.bold for glyph in letters) * 2 > len(letters),
    )
