"""Thai that a text layer broke, put together again; what its author spelled otherwise stays.

Letters first, where the damage is certain: marks torn from their letter, a tone before its vowel, one
mark twice, glyphs of old fonts. Then the spaces of a cell's lines, which takes the words, the line and
the rest of the document to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ita.reports.reading.thai_words import (
    FOLLOWING_VOWELS,
    LEADING_VOWELS,
    MARKS,
)


class RepairKind(StrEnum):
    """What was broken; a code of the command's JSON."""

    FONT_GLYPH = "font-glyph"  # a private-use glyph of an old font
    INVISIBLE = "invisible"  # a character without width
    SPLIT_VOWEL = "split-vowel"  # ํ and า for ำ, เ and เ for แ
    TORN_MARK = "torn-mark"  # a space before a mark
    MARK_ORDER = "mark-order"  # a tone before its vowel, or behind the next letter
    DOUBLED_MARK = "doubled-mark"  # a mark, or a letter with its marks, written twice
    SPACED_LETTERS = "spaced-letters"  # a space within a word or between words that have none
    CUT_LINE = "cut-line"  # a line that ended within a sentence


class Sureness(StrEnum):
    CERTAIN = "certain"  # what stood there is no Thai
    LIKELY = "likely"  # by the words or the rest of the line
    DOUBTFUL = "doubtful"  # one of two readings


@dataclass(frozen=True)
class Repair:
    """One repair: what stood there, and what stands there now."""

    kind: RepairKind
    before: str
    after: str
    sure: Sureness


@dataclass(frozen=True)
class MendedLine:
    """A line with its letters repaired; its spaces still stand.

    torn, reordered: offsets of marks that had a space before them, or stood in another order. apart:
    offsets of letters that had a space before them where none can be. recognised: read off a picture,
    by OCR.
    """

    text: str
    torn: frozenset[int] = frozenset()
    reordered: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    repairs: tuple[Repair, ...] = ()
    recognised: bool = False

    @property
    def is_damaged(self) -> bool:
        return bool(self.torn or self.reordered or self.apart)

    @property
    def compact(self) -> str:
        """The text without spaces, by which structure is recognised."""
        return "".join(self.text.split())

    def without(self, start: int, end: int, *repairs: Repair) -> MendedLine:
        """The line without a part of its text, and with the repairs that taking it out was.

        What its offsets say of the part is said of the character before it, where there is one.
        """

        def moved(offsets: frozenset[int]) -> frozenset[int]:
            left = (at if at < start else max(start - 1, at - end + start) for at in offsets)
            return frozenset(at for at in left if at >= 0)

        return replace(
            self,
            text=self.text[:start] + self.text[end:],
            torn=moved(self.torn),
            reordered=moved(self.reordered),
            apart=moved(self.apart),
            repairs=(*self.repairs, *repairs),
        )


_TONES = "\u0e48\u0e49\u0e4a\u0e4b"
_SILENT = "\u0e4c"
_CLOSED = "\u0e31\u0e36\u0e37"
"""Vowels that no syllable ends with."""
_VOWEL_MARKS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39"
_NIKHAHIT, _SARA_AA, _SARA_AM = "\u0e4d", "\u0e32", "\u0e33"
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_BLANKS = dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ")
FONT_GLYPHS = {
    # The block that Windows fonts without OpenType kept their shifted glyphs in, as libthai names them.
    "\uf700": "\u0e10",
    **dict(zip("\uf701\uf702\uf703\uf704", "\u0e34\u0e35\u0e36\u0e37", strict=True)),
    **dict(zip("\uf705\uf706\uf707\uf708\uf709", "\u0e48\u0e49\u0e4a\u0e4b\u0e4c", strict=True)),
    **dict(zip("\uf70a\uf70b\uf70c\uf70d\uf70e", "\u0e48\u0e49\u0e4a\u0e4b\u0e4c", strict=True)),
    "\uf70f": "\u0e0d",
    **dict(zip("\uf710\uf711\uf712", "\u0e31\u0e4d\u0e47", strict=True)),
    **dict(zip("\uf713\uf714\uf715\uf716\uf717", "\u0e48\u0e49\u0e4a\u0e4b\u0e4c", strict=True)),
    **dict(zip("\uf718\uf719\uf71a", "\u0e38\u0e39\u0e3a", strict=True)),
}
_GLYPH = re.compile("[\uf700-\uf71a]")
_UNSEEN_IN = re.compile(f"[{''.join(map(chr, _UNSEEN))}]")
_CONSONANT = re.compile("[\u0e01-\u0e2e]")
_NOT_FIRST = frozenset(MARKS + FOLLOWING_VOWELS)


def _is_thai(character: str) -> bool:
    return "\u0e01" <= character <= "\u0e4e" and character != "\u0e3f"


@dataclass
class _Letters:
    """A line while its letters are put together."""

    out: list[str] = field(default_factory=list)
    torn: set[int] = field(default_factory=set)
    reordered: set[int] = field(default_factory=set)
    apart: set[int] = field(default_factory=set)
    repairs: list[Repair] = field(default_factory=list)

    def note(self, kind: RepairKind, before: str, after: str) -> None:
        self.repairs.append(Repair(kind, before, after, Sureness.CERTAIN))

    def drop_spaces(self) -> str:
        """Take the spaces at the end off; what they were."""
        count = 0
        while self.out and self.out[-1] == " ":
            self.out.pop()
            count += 1
        return " " * count

    def add_spaces(self, spaces: str) -> None:
        self.out.extend(spaces)

    @property
    def last(self) -> str:
        return self.out[-1] if self.out else ""

    def marks(self) -> str:
        """The marks of the last letter."""
        end = len(self.out)
        while end and self.out[end - 1] in MARKS:
            end -= 1
        return "".join(self.out[end:])


def mend_letters(text: str) -> MendedLine:
    """Put the letters of one line together. Blanks become plain spaces, their number stays."""
    line = _Letters()
    if _GLYPH.search(text):
        for glyph in _GLYPH.findall(text):
            line.note(RepairKind.FONT_GLYPH, glyph, FONT_GLYPHS[glyph])
        text = _GLYPH.sub(lambda found: FONT_GLYPHS[found[0]], text)
    for unseen in _UNSEEN_IN.findall(text):
        line.note(RepairKind.INVISIBLE, unseen, "")
    for character in text.translate(_UNSEEN).translate(_BLANKS):
        if character in _NOT_FIRST:
            _add_follower(line, character)
        elif "\u0e01" <= character <= "\u0e2e" or character in LEADING_VOWELS:
            _add_letter(line, character)
        else:
            line.out.append(character)
    return MendedLine(
        "".join(line.out),
        frozenset(line.torn),
        frozenset(line.reordered),
        frozenset(line.apart),
        tuple(line.repairs),
    )


def _add_letter(line: _Letters, letter: str) -> None:
    """A consonant or a leading vowel; of two เ one แ, and nothing stands between a vowel and its
    consonant."""
    spaces = line.drop_spaces()
    if letter == "เ" and line.last == "เ":
        line.note(RepairKind.SPLIT_VOWEL, f"เ{spaces}เ", "แ")
        line.out[-1] = "แ"
        return
    if spaces and line.last and line.last in LEADING_VOWELS and _CONSONANT.match(letter):
        line.note(RepairKind.SPACED_LETTERS, f"{line.last}{spaces}{letter}", f"{line.last}{letter}")
        line.apart.add(len(line.out))
    else:
        line.add_spaces(spaces)
    line.out.append(letter)


def _add_follower(line: _Letters, mark: str) -> None:
    """A mark or a vowel that stands behind its consonant."""
    spaces = line.drop_spaces()
    base = line.last
    if not _is_thai(base or " "):
        line.add_spaces(spaces)
        line.out.append(mark)
        return
    marks = line.marks()
    if mark == _SARA_AA and _NIKHAHIT in marks:
        at = len(line.out) - len(marks) + marks.index(_NIKHAHIT)
        line.note(RepairKind.SPLIT_VOWEL, f"{marks}{spaces}{mark}", _SARA_AM)
        del line.out[at]
        line.out.append(_SARA_AM)
        return
    if (mark in MARKS and mark in marks) or (mark == _SARA_AM and base == _SARA_AM):
        line.note(RepairKind.DOUBLED_MARK, f"{base}{spaces}{mark}", base)
        return
    if spaces:
        kind = RepairKind.TORN_MARK if mark in MARKS else RepairKind.SPACED_LETTERS
        line.note(kind, f"{base}{spaces}{mark}", f"{base}{mark}")
    if mark in _VOWEL_MARKS and marks and (marks[-1] in _TONES or marks[-1] == _SILENT):
        line.note(RepairKind.MARK_ORDER, f"{marks}{mark}", f"{marks[:-1]}{mark}{marks[-1]}")
        line.reordered |= {len(line.out) - 1, len(line.out)}
        line.out.insert(len(line.out) - 1, mark)
    elif mark in _TONES and base in "ะาำ" and not _has_tone_before(line.out):
        line.note(RepairKind.MARK_ORDER, f"{base}{mark}", f"{mark}{base}")
        line.reordered |= {len(line.out) - 1, len(line.out)}
        line.out.insert(len(line.out) - 1, mark)
    elif mark in _TONES and line.out[-2:-1] and line.out[-2] in _CLOSED and _CONSONANT.match(base):
        # The consonant ends the syllable, so the tone is of the one before it: ทั่ว drawn as ทัว่.
        line.note(RepairKind.MARK_ORDER, f"{base}{mark}", f"{mark}{base}")
        line.out.insert(len(line.out) - 1, mark)
        line.reordered |= {len(line.out) - 2, len(line.out) - 1}
    else:
        line.out.append(mark)
    if spaces:
        (line.torn if mark in MARKS else line.apart).add(len(line.out) - 1)


def _has_tone_before(out: list[str]) -> bool:
    """Whether the letter of the last vowel has a tone already."""
    return len(out) > 1 and out[-2] in _TONES
