"""Which spaces of a broken Thai text are its author's: the lines of a cell joined to one text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ita.reports.reading.thai_repair import MendedLine, Repair, RepairKind, Sureness
from ita.reports.reading.thai_words import CLUSTER, MARKS, cut_words

# After these words a phrase goes on, so that nobody sets a space there.
_LEADS_ON = frozenset(
    (
        "ที่",
        "ซึ่ง",
        "อัน",
        "การ",
        "ความ",
        "และ",
        "ของ",
        "ใน",
        "แห่ง",
        "จาก",
        "เพื่อ",
        "โดย",
        "ตาม",
        "ด้วย",
        "ผู้",
        "รวมถึง",
    )
)
_THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")
_STANDS_APART = "\u0e46\u0e2f"
"""ๆ and ฯ, with or without a space before them, as the author has it."""
_SINGLES = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z](?: [A-Za-z]){2,}|[0-9](?: [0-9]){2,})(?![A-Za-z0-9])"
)
_CONTEXT = 6
"""Letters on each side of a space by which the same words are found elsewhere in the document."""
_MIN_CONTEXT = 4
_SPACED_OUT = 2
"""Spaces within words that show a line whose letters were drawn apart."""
_FAR_MORE = 2
MAX_EVIDENCE = 200_000
"""Letters of a document that are searched for the same words: a hundred pages."""
_SHOWN = 8
"""Letters on each side of a space that a repair shows."""


@dataclass(frozen=True)
class JoinedText:
    """The text of a cell, and how it came to be."""

    text: str
    repairs: tuple[Repair, ...] = ()


class DocumentSpaces:
    """What the whole document tells of its spaces.

    is_damaged: whether its text layer is broken, so that a space may be nobody's. strips_ends: whether
    its lines lost the space at their end.
    """

    def __init__(self, lines: Sequence[MendedLine]) -> None:
        damaged = sum(line.is_damaged for line in lines)
        self.is_damaged = damaged >= 3 or damaged * 10 >= max(len(lines), 1) > 1
        self.strips_ends = not any(line.text.endswith(" ") for line in lines if line.text.strip())
        whole = "\n".join(line.text.strip() for line in lines if not line.is_damaged)
        self._whole = whole[:MAX_EVIDENCE]
        self._letters = "\n".join(line.text.strip() for line in lines)[:MAX_EVIDENCE]

    def says(self, left: str, right: str) -> bool | None:
        """Whether a space stands between two texts elsewhere, in lines without damage; None where
        neither or both stand there."""
        if min(len(left), len(right)) < _MIN_CONTEXT:
            return None
        left, right = left[-_CONTEXT:], right[:_CONTEXT]
        apart, together = f"{left} {right}" in self._whole, f"{left}{right}" in self._whole
        return None if apart == together else apart

    def is_mostly_together(self, left: str, right: str) -> bool:
        """Whether two halves of a word stand together far more often than apart."""
        apart = self._letters.count(f"{left} {right}")
        return self._letters.count(f"{left}{right}") > apart * _FAR_MORE


@dataclass(frozen=True)
class _Gap:
    """A space or a line end. at: offset in the text without gaps. width: of a line end the spaces
    before it. line: the line that ends or holds it."""

    at: int
    width: int
    is_line_end: bool
    line: int


class _DraftCell:
    """The lines of a cell as one run of letters with gaps."""

    def __init__(self, lines: Sequence[MendedLine]) -> None:
        self.lines = lines
        letters: list[str] = []
        self.gaps: list[_Gap] = []
        self.torn: set[int] = set()
        self.reordered: set[int] = set()
        length = 0
        for number, line in enumerate(lines):
            start, stop = _bounds(line.text)
            position = start
            offsets: dict[int, int] = {}
            for piece in re.split("( +)", line.text[start:stop]):
                if piece.startswith(" "):
                    self.gaps.append(_Gap(length, len(piece), False, number))
                else:
                    offsets |= {position + n: length + n for n in range(len(piece))}
                    letters.append(piece)
                    length += len(piece)
                position += len(piece)
            self.torn |= {offsets[at] for at in line.torn if at in offsets}
            self.reordered |= {offsets[at] for at in line.reordered if at in offsets}
            if number + 1 < len(lines) and length:
                self.gaps.append(_Gap(length, len(line.text) - stop, True, number))
        self.letters = "".join(letters)

    @cached_property
    def word_ends(self) -> frozenset[int]:
        """Offsets of the letters at which a word ends, as far as a gap may be of no meaning there."""
        ends: set[int] = set()
        wide = [gap.at for gap in self.gaps if gap.width > 1]
        spaces = [gap.at for gap in self.gaps if gap.width == 1]
        for run in re.finditer("[\u0e01-\u0e3a\u0e40-\u0e4e]+", self.letters):
            bounds = [run.start(), *(at for at in wide if run.start() < at < run.end()), run.end()]
            for start, end in pairwise(bounds):
                within = [at - start for at in spaces if start < at < end]
                cuts = cut_words(self.letters[start:end], within)
                ends |= {start, *(start + cut for cut in cuts.ends)}
        return frozenset(ends)

    @cached_property
    def sorted_ends(self) -> list[int]:
        return sorted(self.word_ends)

    def word_before(self, at: int) -> str:
        """The word that ends at an offset."""
        place = bisect_left(self.sorted_ends, at)
        return self.letters[self.sorted_ends[place - 1] if place else 0 : at]

    def halves(self, gap: _Gap) -> tuple[str, str]:
        """The word that a gap is within, before and after it."""
        ends = self.sorted_ends
        before, after = bisect_left(ends, gap.at), bisect_right(ends, gap.at)
        start = ends[before - 1] if before else 0
        stop = ends[after] if after < len(ends) else len(self.letters)
        return self.letters[start : gap.at], self.letters[gap.at : stop]

    def around(self, gap: _Gap, length: int = _CONTEXT) -> tuple[str, str]:
        """So many letters before a gap and after it."""
        return (
            self.letters[max(0, gap.at - length) : gap.at],
            self.letters[gap.at : gap.at + length],
        )

    def is_within_word(self, gap: _Gap) -> bool:
        beside = self.letters[gap.at - 1 : gap.at + 1]
        return gap.at not in self.word_ends and len(_THAI.findall(beside)) == len("กข")

    def breaks_word(self, gap: _Gap) -> bool:
        """Whether a gap within a word leaves pieces that are no words."""
        return self.is_within_word(gap) and any(cut_words(h).unknown for h in self.halves(gap))

    def cluster_before(self, at: int) -> range:
        start = at - 1
        while start > 0 and self.letters[start] in MARKS:
            start -= 1
        return range(max(start, 0), at)

    def cluster_after(self, at: int) -> range:
        found = CLUSTER.match(self.letters, at)
        return range(at, found.end() if found else at)

    @cached_property
    def spaced_out(self) -> frozenset[int]:
        """The lines whose letters were drawn apart: there a single space says nothing."""
        loose = {number: len(line.apart) for number, line in enumerate(self.lines)}
        for gap in self.gaps:
            if gap.width == 1 and not gap.is_line_end and self.is_within_word(gap):
                loose[gap.line] += 1
        broken = {gap.line for gap in self.gaps if not gap.is_line_end and self.breaks_word(gap)}
        return frozenset(
            number
            for number, count in loose.items()
            if count >= _SPACED_OUT and (number in broken or self.lines[number].is_damaged)
        )


def _bounds(text: str) -> tuple[int, int]:
    """Where a text begins and ends without the spaces around it."""
    return len(text) - len(text.lstrip()), len(text.rstrip())


def join_lines(lines: Iterable[MendedLine], document: DocumentSpaces) -> JoinedText:
    """The lines of one cell or item as a text of one line, a space only where Thai puts one."""
    cell = _DraftCell([line for line in lines if line.text.strip()])
    repairs = [repair for line in cell.lines for repair in line.repairs]
    pieces: list[str] = []
    last = 0
    for gap in cell.gaps:
        if gap.at == last and pieces and pieces[-1] == " ":
            continue
        pieces.append(cell.letters[last : gap.at])
        last = gap.at
        keep, sure = _decide(cell, gap, document)
        if keep:
            pieces.append(" ")
        if keep != bool(gap.width) or (gap.is_line_end and not keep):
            repairs.append(_repair(cell, gap, keep, sure))
    pieces.append(cell.letters[last:])
    text = "".join(pieces)
    if cell.spaced_out:
        text = _SINGLES.sub(lambda run: run[0].replace(" ", ""), text)
    return JoinedText(text.strip(), tuple(repairs))


def _repair(cell: _DraftCell, gap: _Gap, keep: bool, sure: Sureness) -> Repair:
    left, right = cell.around(gap, _SHOWN)
    kind = RepairKind.CUT_LINE if gap.is_line_end else RepairKind.SPACED_LETTERS
    between = " " * gap.width + ("\n" if gap.is_line_end else "")
    return Repair(kind, f"{left}{between}{right}", f"{left}{' ' if keep else ''}{right}", sure)


def _decide(cell: _DraftCell, gap: _Gap, document: DocumentSpaces) -> tuple[bool, Sureness]:
    """Whether a space stands at a gap, and how sure that is."""
    left, right = cell.around(gap)
    if not left or not right:
        return False, Sureness.CERTAIN
    if not (_THAI.match(left[-1]) and _THAI.match(right[0])):
        return _decide_beside_others(cell, gap, left[-1], right[0], document)
    if right[0] in _STANDS_APART or gap.width > 1:
        return gap.width > 0, Sureness.CERTAIN
    if gap.width:
        return _decide_single(cell, gap, document)
    if cell.is_within_word(gap):
        return False, Sureness.CERTAIN
    return bool(document.says(left, right)), Sureness.LIKELY


def _decide_single(cell: _DraftCell, gap: _Gap, document: DocumentSpaces) -> tuple[bool, Sureness]:
    """Of a single space between Thai letters.

    A line that is whole keeps its spaces: words that may be written apart are in the list too. Behind a
    mark on a tall letter (เปิ ด, ป้ องกัน) some programs write one that was not there.
    """
    if not document.is_damaged:
        is_stray = cell.letters[gap.at - 1] in MARKS and cell.breaks_word(gap)
        return not is_stray, Sureness.LIKELY if is_stray else Sureness.CERTAIN
    is_damaged = cell.lines[gap.line].is_damaged
    if cell.is_within_word(gap) and (
        is_damaged or cell.breaks_word(gap) or document.is_mostly_together(*cell.halves(gap))
    ):
        return False, Sureness.LIKELY
    if is_damaged:
        said = document.says(*cell.around(gap))
        if said is not None:
            return said, Sureness.LIKELY
    return _decide_by_damage(cell, gap)


def _decide_by_damage(cell: _DraftCell, gap: _Gap) -> tuple[bool, Sureness]:
    """Of a single space between two words, by what was broken around it."""
    before, after = cell.cluster_before(gap.at), cell.cluster_after(gap.at)
    if gap.line in cell.spaced_out and not gap.is_line_end:
        return False, Sureness.LIKELY
    if cell.reordered & {*before, *after}:
        return False, Sureness.LIKELY
    if not cell.lines[gap.line].is_damaged:
        return True, Sureness.CERTAIN
    if cell.word_before(gap.at) in _LEADS_ON:
        return False, Sureness.LIKELY
    is_torn_before = any(at in cell.torn for at in range(gap.at - 3, gap.at))
    is_torn_after = bool(cell.torn & {*after[:2]})
    if is_torn_before and is_torn_after:
        return False, Sureness.DOUBTFUL
    return True, Sureness.LIKELY


_ABBREVIATED = re.compile("[\u0e01-\u0e2e]\\.$")
"""The end of ก.ย. or พ.ศ., behind which its number stands apart."""
_NO_SPACE_BEFORE = frozenset("/)]},;:?!%”’.")
_NO_SPACE_AFTER = frozenset("/([{“‘")


def _decide_beside_others(
    cell: _DraftCell, gap: _Gap, left: str, right: str, document: DocumentSpaces
) -> tuple[bool, Sureness]:
    """Beside Latin letters, digits and punctuation."""
    if gap.width:
        torn = bool(cell.torn & {*cell.cluster_before(gap.at)}) or gap.line in cell.spaced_out
        if right in _NO_SPACE_BEFORE and torn and gap.width == 1:
            return False, Sureness.LIKELY
        return True, Sureness.CERTAIN
    said = document.says(*cell.around(gap))
    if said is not None:
        return said, Sureness.LIKELY
    if left == "." and right.isdigit() and _ABBREVIATED.search(cell.letters[: gap.at]):
        return True, Sureness.LIKELY
    if left in _NO_SPACE_AFTER or right in _NO_SPACE_BEFORE or left in ".-_@":
        return False, Sureness.LIKELY
    return right not in "-_@", Sureness.LIKELY
