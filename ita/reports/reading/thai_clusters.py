"""Letters that whole fonts broke: drawn twice with their marks, or with the mark behind the next letter.

Such text can be Thai by its letters alone (ที่ที่ stands in many a sentence), so words decide, and
what the rest of the document shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ita.reports.reading.thai_repair import MendedLine, Repair, RepairKind, Sureness
from ita.reports.reading.thai_words import MARKS, cut_words

_RUN = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e]+")
_DOUBLED = re.compile(rf"([\u0e01-\u0e2e][{MARKS}]+)\1")
_TWO_MARKS = re.compile(rf"[\u0e01-\u0e2e][{MARKS}]{{2}}")
_MOVED = re.compile(
    rf"(?<=[\u0e01-\u0e2e\u0e34-\u0e39])([\u0e01-\u0e2e])([\u0e47-\u0e4c])(?![{MARKS}])"
)
_TALL = rf"[\u0e1b\u0e1d\u0e1f][{MARKS}]+"
_TALL_APART = re.compile(rf"({_TALL}) (?=[\u0e01-\u0e2e\u0e40-\u0e44])")
_TALL_TOGETHER = re.compile(rf"{_TALL}(?=[\u0e01-\u0e2e\u0e40-\u0e44])")
"""ป, ฝ and ฟ with a mark, which fonts draw moved to the left: some programs see a gap behind it."""
_MIN_APART, _APART_SHARE = 3, 4
_MIN_DOUBLED = 5
_MIN_SHARE = 0.15
"""Of letters with two marks: each that is drawn twice is two of them."""
_MIN_MOVED = 3
_CONTEXT = 24
"""Letters on each side by which words are known."""


@dataclass(frozen=True)
class FontDamage:
    """What the document's fonts did. doubles: letters with two marks are drawn twice throughout.
    moves: marks stand behind the next letter. parts: a space stands behind tall letters with marks."""

    doubles: bool = False
    moves: bool = False
    parts: bool = False


def font_damage(lines: Iterable[str]) -> FontDamage:
    """What the fonts of a document did, from its lines."""
    doubled = two_marks = moved = apart = together = 0
    for line in lines:
        apart += len(_TALL_APART.findall(line))
        together += len(_TALL_TOGETHER.findall(line))
        text = "".join(line.split())
        two_marks += len(_TWO_MARKS.findall(text))
        doubled += sum(len(found[1]) > 2 for found in _DOUBLED.finditer(text))
        if moved < _MIN_MOVED:
            moved += sum(_is_moved(text, found) for found in _MOVED.finditer(text))
    doubles = doubled >= _MIN_DOUBLED and doubled >= two_marks * _MIN_SHARE
    parts = apart >= _MIN_APART and apart >= together * _APART_SHARE
    return FontDamage(doubles, moved >= _MIN_MOVED, parts)


def mend_clusters(line: MendedLine, damage: FontDamage) -> MendedLine:
    """Take letters that were drawn twice once, and put marks back to the letter before."""
    if damage.parts:
        for found in reversed([*_TALL_APART.finditer(line.text)]):
            line = _brought_together(line, found)
    for found in reversed([*_DOUBLED.finditer(line.text)]):
        everywhere = damage.doubles and len(found[1]) > 2
        if everywhere or _is_doubled(line.text, found):
            line = _without(line, found, Sureness.CERTAIN if everywhere else Sureness.LIKELY)
    if damage.moves:
        for found in _MOVED.finditer(line.text):
            if _is_moved(line.text, found):
                line = _moved_back(line, found)
    return line


def _brought_together(line: MendedLine, found: re.Match[str]) -> MendedLine:
    """The line without the space behind a tall letter."""
    before, after = found[1], line.text[found.end()]
    return line.without(
        found.end() - 1,
        found.end(),
        Repair(RepairKind.SPACED_LETTERS, f"{before} {after}", f"{before}{after}", Sureness.LIKELY),
    )


def _unknown(text: str) -> int:
    return sum(cut_words(run).unknown for run in _RUN.findall(text))


def _around(text: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands on both sides, without the spaces that damage left between letters."""
    before = text[max(0, found.start() - _CONTEXT) : found.start()]
    return before.replace(" ", ""), text[found.end() : found.end() + _CONTEXT].replace(" ", "")


def _is_doubled(text: str, found: re.Match[str]) -> bool:
    before, after = _around(text, found)
    return _unknown(f"{before}{found[1]}{after}") < _unknown(f"{before}{found[0]}{after}")


def _is_moved(text: str, found: re.Match[str]) -> bool:
    before, after = _around(text, found)
    there = _unknown(f"{before}{found[0]}{after}")
    return there > 0 and _unknown(f"{before}{found[2]}{found[1]}{after}") < there


def _without(line: MendedLine, found: re.Match[str], sure: Sureness) -> MendedLine:
    """The line without the second of two equal clusters."""
    return line.without(
        found.end(1), found.end(), Repair(RepairKind.DOUBLED_MARK, found[0], found[1], sure)
    )


def _moved_back(line: MendedLine, found: re.Match[str]) -> MendedLine:
    letter, mark = found[1], found[2]
    before = line.text[found.start() - 1]
    return replace(
        line,
        text=f"{line.text[: found.start()]}{mark}{letter}{line.text[found.end() :]}",
        repairs=(
            *line.repairs,
            Repair(
                RepairKind.MARK_ORDER,
                f"{before}{letter}{mark}",
                f"{before}{mark}{letter}",
                Sureness.LIKELY,
            ),
        ),
    )
